"""The terminal: driver, capabilities and signals."""
