"""Marking: the answers of a class to a sheet, the arrays of a person's own program, and results of practice."""
