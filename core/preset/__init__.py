"""Preset files: finds, parses and validates them."""
