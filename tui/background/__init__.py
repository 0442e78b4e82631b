"""What goes on after a key press: training, the run compared with, analysis when no key is pressed, saving."""
