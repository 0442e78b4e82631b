"""From a session to lines: each view picks what it shows of the pass and hands it to the drawing functions."""
