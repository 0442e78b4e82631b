"""Reads and writes documents, which hold sessions."""
