"""The one exception that means: the user's input is wrong, and here is the sentence that says how."""


class InputError(ValueError):
    """Bad input; ``str(error)`` is one sentence that says what is wrong, where, and what would be right."""
