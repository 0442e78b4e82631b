"""Findings: what is wrong with a run, why, and which change helps."""
