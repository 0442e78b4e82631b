"""Sweeps: train all combinations of some settings and seeds, and compare the results."""
