"""The actions of the keys: stepping, running, editing, changing the view, and opening dialogs."""
