"""Reads files of people and of other programs: text, and arrays."""
