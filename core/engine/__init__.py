"""Runs one forward, backward and update pass and records it as a trace."""
