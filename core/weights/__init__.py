"""Weights from files of other programs: whose names and shapes they have, and a network that starts from them."""
