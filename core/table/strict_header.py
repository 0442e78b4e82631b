"""The header of a CSV file that is read by fixed rules: each column has a name of its own, and none is a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from nn_tui.core.errors import InputError
from nn_tui.core.table.file_errors import cell_error, line_error, literal
from nn_tui.core.table.names import is_numbering
from nn_tui.core.table.values import MAX_COLUMNS
from nn_tui.core.text import NOT_FINITE, NUMBER
from nn_tui.core.translation import message

_MISSING_MARKS = frozenset({"", "na", "n/a", "nan", "null"})


def read_names(rows: Iterator[tuple[int, list[str]]], file: str) -> tuple[str, ...]:
    """Return the names of the columns from the first of ``rows``, which are (line, cells).

    Raises:
        InputError: If there is no header, or a name is missing or comes twice.
    """
    line, row = next(rows, (0, []))
    if not row:
        problem = message("it is empty; a data file has a header line and one line for each sample.")
        raise InputError("missing", problem, file=file)
    names = tuple(cell.strip() for cell in row)
    if len(names) < 2:
        separator = next((mark for mark in (";", "\t", "|") if mark in names[0]), "")
        problem = message("the only column is {name}, but an input and a target are needed.", name=literal(names[0]))
        if separator:
            problem = message(
                "the only column is {name}, but an input and a target are needed; "
                "separate columns by commas, not {separator}.",
                name=literal(names[0]),
                separator=repr(separator),
            )
        raise line_error("wrong_shape", file, line, problem)
    if len(names) > MAX_COLUMNS:
        problem = message("{count:,} columns are too many; use {max:,} at most.", count=len(names), max=MAX_COLUMNS)
        raise line_error("too_large", file, line, problem)
    if _is_sample(names):
        raise no_header(file, line)
    first: dict[str, int] = {}
    for column, name in enumerate(names, start=1):
        if not name:
            problem = message("the column has no name; name it or remove it.")
            raise InputError("missing", problem, file=file, line=line, column=column)
        if name in first:
            problem = message("column {other} has this name too; rename one.", other=first[name])
            raise cell_error("duplicate", file, line, column, name, problem, name)
        first[name] = column
    return names


def no_header(file: str, line: int) -> InputError:
    """Return the error about a first line with values; the caller raises it."""
    problem = message(
        "this line has values, but the header must name the columns; "
        "add a first line with a name for each column, such as x1,x2,y."
    )
    return line_error("missing", file, line, problem)


def are_values(names: Sequence[str]) -> bool:
    """Return whether column names are rather the values of a sample, such as ``5.1``, than numbers of the columns."""
    return all(map(_is_value, names)) and not is_numbering(names)


def is_missing_mark(cell: str) -> bool:
    """Return whether a cell without spaces around it has no value. Other marks than these may be names of classes."""
    return cell.casefold() in _MISSING_MARKS


def _is_value(name: str) -> bool:
    return bool(NUMBER.fullmatch(name) or NOT_FINITE.fullmatch(name)) or is_missing_mark(name)


def _is_sample(names: Sequence[str]) -> bool:
    """Return whether a first line has the values of a sample: only numbers, or numbers and one word.

    Beside a word, numbers in ascending or descending order may be names, such as years or wavelengths.
    """
    values = [name for name in names if _is_value(name)]
    numbers = [float(name) for name in values if NUMBER.fullmatch(name)]
    if len(values) < len(names) - 1 or not numbers or is_numbering(values):
        return False
    ascending = all(one < other for one, other in pairwise(numbers))
    descending = all(one > other for one, other in pairwise(numbers))
    in_order = len(numbers) == len(values) and (ascending or descending)
    return len(values) == len(names) or not in_order
