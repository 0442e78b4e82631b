"""The arrays of a program by the names of its variables: in its text if they are small, in a file beside it if not."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from nn_tui.core.program.source import Lines, array_source, code
from nn_tui.core.program.values import AnyArray

MAX_TEXT = 8000  # characters of arrays that belong together
_SHORTEST = 5  # characters of a number in a list


@dataclass(frozen=True, slots=True, eq=False)
class ArrayGroup:
    """Arrays of a program.

    Attributes:
        arrays: The arrays by name.
        lines: The assignment of each one by name.
        stored: Those that are in the file of the program.
    """

    arrays: Mapping[str, AnyArray]
    lines: Mapping[str, Lines]
    stored: Mapping[str, AnyArray] = field(default_factory=dict)


def array_group(
    arrays: Mapping[str, AnyArray], tensors: Container[str] = (), max_numbers: int = MAX_TEXT // _SHORTEST
) -> ArrayGroup:
    """Write arrays into the text if they are small together, else into the file, and return the lines that assign them.

    Args:
        arrays: The arrays by name.
        tensors: The names of those that are tensors of PyTorch in the program.
        max_numbers: The most numbers that they may have together in the text.
    """
    if sum(array.size for array in arrays.values()) <= max_numbers:
        calls = {name: "torch.tensor" if name in tensors else "np.array" for name in arrays}
        lines = {name: array_source(name, array, calls[name]) for name, array in arrays.items()}
        if text_length(*lines.values()) <= MAX_TEXT:
            return ArrayGroup(arrays, lines)
    sources = {name: f'arrays["{name}"]' for name in arrays}
    sources |= {name: f"torch.tensor({source})" for name, source in sources.items() if name in tensors}
    return ArrayGroup(arrays, {name: code(f"{name} = {source}") for name, source in sources.items()}, arrays)


def merged(*groups: ArrayGroup) -> ArrayGroup:
    """Return the arrays of groups as one."""
    return ArrayGroup(
        {name: array for group in groups for name, array in group.arrays.items()},
        {name: lines for group in groups for name, lines in group.lines.items()},
        {name: array for group in groups for name, array in group.stored.items()},
    )


def text_length(*parts: Lines) -> int:
    """Return the number of characters in lines."""
    return sum(len(line.text) for part in parts for line in part)
