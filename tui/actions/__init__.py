"""What the keys do, by kind: stepping and looking, running, and the screens that open on top."""
