"""Live changes of a run: their syntax, their checks and their effect."""
