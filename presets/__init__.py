"""Preset problems, one TOML file each, and the data sets they read."""
