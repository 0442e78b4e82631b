"""The session on screen, one frozen value, and the functions that change it."""
