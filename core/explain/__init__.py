"""Explains where each number of a pass comes from, and prints whole passes."""
