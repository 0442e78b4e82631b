"""Changes of a run: their grammar, their validation and their effect."""
