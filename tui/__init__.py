"""The terminal app: it shows what the engine computed, and computes nothing itself."""
