"""What the keys do that is more than one move of the session: commands of the screen, and dialogs."""
