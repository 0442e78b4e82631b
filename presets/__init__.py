"""Preset problems, one TOML file each, and the data sets they read."""

from __future__ import annotations

# The ids of the shipped presets in the order of the course; a file's name is its id.
COURSE: tuple[str, ...] = ()
