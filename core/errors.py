"""Errors of invalid input. They carry what is wrong, where, and the value; the text is made when they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from nn_tui.core.text import printable, truncate
from nn_tui.core.translation import Message, any_of, tr

ErrorCode = Literal[
    "cancelled",  # a person stopped it
    "computed",  # a number that follows from others and cannot be set
    "conflict",  # values that are valid alone and not together
    "damaged",  # a document that was changed or cut
    "diverged",  # the run has numbers that are not finite
    "duplicate",  # a name that occurs twice
    "invalid_value",  # a value of a document that the program does not write
    "missing",
    "not_a_choice",  # not one of the valid names
    "not_available",  # a change that has no meaning for this data or network
    "not_finite",
    "not_installed",  # a Python package that only some formats need
    "not_found",  # no such file, column, layer, unit, sample or number
    "other_version",  # a document of another version of the program
    "out_of_range",
    "overflow",  # finite values from which infinite ones are computed
    "syntax",
    "too_large",
    "unchanged",  # a change to the value that is in force already
    "unknown_key",
    "unreadable",  # a file that cannot be opened or is not of the right kind
    "wrong_shape",
    "wrong_type",
]
KeyPath = tuple[
    str | int, ...
]  # keys and positions from 0: ("layers", 1, "units") is the key units of the second layer


def os_error_reason(error: OSError) -> str:
    """Return the operating system's reason of an error, for the middle of a sentence."""
    return (error.strerror or tr("input/output error")).lower()


class InputError(ValueError):
    """Invalid input from a user. ``str(error)`` is one sentence that says where and what is wrong, and what is valid.

    Args:
        code: The kind of error.
        problem: What is wrong and what is valid, as one sentence without the place.
        path: The place in a preset, such as ``("layers", 1, "units")``.
        value: The wrong value; None if there is none.
        suggestions: Valid names that are similar to the wrong one, the best first.
        file: The name of the file; "" if the input is not in a file.
        line: The line in the file; 0 if it is not known.
        column: The column in the line; 0 if it is not known. In a CSV file it counts cells.

    Attributes:
        code, problem, path, value, suggestions, file, line, column: The arguments.
    """

    def __init__(
        self,
        code: ErrorCode,
        problem: Message,
        *,
        path: KeyPath = (),
        value: object = None,
        suggestions: tuple[str, ...] = (),
        file: str = "",
        line: int = 0,
        column: int = 0,
    ) -> None:
        super().__init__(code, path)
        self.code = code
        self.problem = problem
        self.path = path
        self.value = value
        self.suggestions = suggestions
        self.file = file
        self.line = line
        self.column = column

    @property
    def fields(self) -> Mapping[str, object]:
        """The values in the sentence, by name."""
        return self.problem.fields

    @property
    def sentence(self) -> str:
        """What is wrong and what is valid, without the place."""
        if not self.suggestions:
            return str(self.problem)
        names = any_of([f'"{printable(truncate(name))}"' for name in self.suggestions])
        return tr("{problem} Did you mean {names}?", problem=self.problem, names=names)

    @property
    def sentence_with_line(self) -> str:
        """The sentence after the line in the file, for a place that names the file itself."""
        return ": ".join(part for part in (self._line_text, self.sentence) if part)

    @property
    def _line_text(self) -> str:
        if self.line and self.column:
            return tr("line {line}, column {column}", line=self.line, column=self.column)
        return tr("line {line}", line=self.line) if self.line else ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self._line_text, path_text(self.path), self.sentence) if part)


def path_text(path: KeyPath) -> str:
    """Return a path as a TOML file writes it: ``layers[1].units``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{printable(truncate(part))}" for part in path)
    return text.removeprefix(".")


@contextmanager
def locate_errors(*, file: str = "", path: KeyPath = ()) -> Iterator[None]:
    """Add a place to each InputError of the block that does not name one.

    Args:
        file: The name of the file that was read; added to errors without a file.
        path: The key that was read; added to errors with neither a path nor a file.
    """
    try:
        yield
    except InputError as error:
        if not error.path and not error.file:
            error.path = path
        error.file = error.file or file
        raise
