"""Thin widgets around the drawing functions."""
