"""Explanations as data: expressions, equations, and the lines around them."""
