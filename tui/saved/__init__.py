"""Saves sessions and restores them."""
