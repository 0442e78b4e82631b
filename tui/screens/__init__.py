"""The modal screens: pick a preset, ask for a number, inspect a value, read the help."""
