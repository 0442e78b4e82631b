"""Watches a person's own training loop: runs each of its passes again, and says where the numbers differ."""
