"""The header line of a CSV file, and errors with the file, the line and the column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nn_tui.core.errors import ErrorCode, InputError
from nn_tui.core.table.file_errors import cell_error, line_error, literal
from nn_tui.core.table.names import is_numbering
from nn_tui.core.table.values import MAX_COLUMNS
from nn_tui.core.translation import Message, message

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
MISSING_MARKS = frozenset({"", "na", "n/a", "nan", "null"})
NO_HEADER = message(
    "this line has values, but the header must name the columns; "
    "add a first line with a name for each column, such as x1,x2,y."
)


@dataclass(frozen=True, slots=True)
class Header:
    """The column names of a file."""

    file: str
    names: tuple[str, ...]

    def cell_error(
        self, code: ErrorCode, line: int, column: int, problem: Message, value: str | None = None
    ) -> InputError:
        """Return an error about one cell; the caller raises it. The path of the error is the name of the column."""
        error = cell_error(code, self.file, line, column + 1, self.names[column], problem)
        error.value = value
        return error


def read_header(file: str, rows: Iterator[tuple[int, list[str]]]) -> Header:
    """Read the first of ``rows``, which are (line, cells), as the header.

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
        raise line_error("missing", file, line, NO_HEADER)
    header = Header(file, names)
    first: dict[str, int] = {}
    for column, name in enumerate(names):
        if not name:
            problem = message("the column has no name; name it or remove it.")
            raise InputError("missing", problem, file=file, line=line, column=column + 1)
        if name in first:
            problem = message("column {other} has this name too; rename one.", other=first[name] + 1)
            raise header.cell_error("duplicate", line, column, problem, name)
        first[name] = column
    return header


def is_value(name: str) -> bool:
    """Return whether a column name is a number or a mark for a missing one."""
    return bool(NUMBER.fullmatch(name) or NOT_FINITE.fullmatch(name)) or name.casefold() in MISSING_MARKS


def _is_sample(names: Sequence[str]) -> bool:
    """Return whether a first line has the values of a sample: only numbers, or numbers and one word.

    Beside a word, numbers in ascending or descending order may be names, such as years or wavelengths.
    """
    values = [name for name in names if is_value(name)]
    if len(values) < len(names) - 1 or not any(map(NUMBER.fullmatch, values)) or is_numbering(values):
        return False
    numbers = [float(name) for name in values if NUMBER.fullmatch(name)]
    ascending = all(one < other for one, other in pairwise(numbers))
    descending = all(one > other for one, other in pairwise(numbers))
    in_order = len(numbers) == len(values) and (ascending or descending)
    return len(values) == len(names) or not in_order
