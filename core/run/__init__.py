"""A run over many updates: its timeline, caches, replay, curves and metrics."""
