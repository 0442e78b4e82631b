"""Task sheets: a pass on paper with blanks, its key, and the marking of answers."""
