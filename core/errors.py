"""The exception for invalid input."""


class InputError(ValueError):
    """Invalid input from a user; ``str(error)`` is one sentence that says what is wrong, where, and what is valid."""
