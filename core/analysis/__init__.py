"""Analyses of a run: health, gradient check, loss landscape, and many seeds."""
