"""Data sets: tables, generators, features and targets."""
