"""The table of keys, the keymap, Korean input and the queue of typed keys."""
