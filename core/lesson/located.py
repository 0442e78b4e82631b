"""The places of errors in a lesson."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message


@contextmanager
def located(path: KeyPath, file: str = "") -> Iterator[None]:
    """Give each InputError of the block that names no file a path in a lesson, in place of the one that it has."""
    try:
        yield
    except InputError as error:
        if not error.file:
            error.problem = named_problem(error)
            error.path, error.file = path, file
        raise


def named_problem(error: InputError) -> Message:
    """Return the problem of an error; if the path is the name of a number, the sentence has the name instead."""
    if not error.path or error.path != (error.value,):
        return error.problem
    return message("{name} does not exist: {problem}", name=quote(error.value), problem=error.problem)
