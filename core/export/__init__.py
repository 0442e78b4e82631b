"""Writes a network to files for other programs, one writer for each format."""
