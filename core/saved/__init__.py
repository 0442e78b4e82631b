"""Reads and writes saved sessions."""
