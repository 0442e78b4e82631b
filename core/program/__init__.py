"""The network and its training as a program that people read and run, for NumPy and for PyTorch."""
