"""Lessons: steps through a run with short texts, questions and tasks, as TOML files."""
