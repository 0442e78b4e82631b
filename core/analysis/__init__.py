"""Analyses of a run: health, gradient check, loss landscape, comparison of seeds."""
