"""Explanations: the computation of every number of a pass, its history, and whole passes as text or JSON."""
