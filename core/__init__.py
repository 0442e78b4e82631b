"""The network, its passes and the history of a run; needs NumPy and the standard library, but no terminal.

This module imports nothing, so that reading the version is fast.
"""

__version__ = "0.1.0"
