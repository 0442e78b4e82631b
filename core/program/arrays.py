"""The arrays of a program by the names of its variables: in its text if they are small, in a file beside it if not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nn_tui.core.program.source import Lines, array_source, code
from nn_tui.core.spec import Array

MAX_TEXT = 8000  # characters of arrays that belong together
_SHORTEST = 5  # characters of a number in a list


@dataclass(frozen=True, slots=True, eq=False)
class ArrayGroup:
    """Arrays that stand in the text of a program together, or in its file together.

    Attributes:
        arrays: The arrays by name.
        lines: The assignment of each one by name.
        is_stored: Whether they are in the file.
    """

    arrays: Mapping[str, Array]
    lines: Mapping[str, Lines]
    is_stored: bool


def array_group(arrays: Mapping[str, Array]) -> ArrayGroup:
    """Return the assignments of arrays; those of large arrays read the variable ``arrays`` of the program."""
    if sum(array.size for array in arrays.values()) * _SHORTEST <= MAX_TEXT:
        lines = {name: array_source(name, array) for name, array in arrays.items()}
        if sum(len(line.text) for source in lines.values() for line in source) <= MAX_TEXT:
            return ArrayGroup(arrays, lines, is_stored=False)
    lines = {name: code(f'{name} = arrays["{name}"]') for name in arrays}
    return ArrayGroup(arrays, lines, is_stored=True)
