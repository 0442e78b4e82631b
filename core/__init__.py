"""The network, its passes and its history, with no terminal anywhere: NumPy and the standard library only.

Nothing is imported here, so that asking for the version costs nothing.
"""

__version__ = "0.1.0"
