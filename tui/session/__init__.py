"""The session on screen, which is one frozen value, and the functions that return a changed one."""
