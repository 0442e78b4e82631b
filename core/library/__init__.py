"""The library: a network as one object that Python programs and notebooks use."""
