"""What each key does: moves, and functions of the screen for commands and dialogs."""
