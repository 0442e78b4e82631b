"""The header line of a CSV file, and errors with the file, the line and the column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from nn_tui.core.errors import ErrorCode, InputError
from nn_tui.core.table.file_errors import literal, shown_path
from nn_tui.core.table.values import MAX_COLUMNS
from nn_tui.core.translation import Message, message

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
MISSING_MARKS = frozenset({"", "na", "n/a", "nan", "null"})
NO_HEADER = message(
    "this line has values, but the header must name the columns; "
    "add a first line with a name for each column, such as x1,x2,y."
)
_MIN_NUMBERED_COLUMNS = 4  # a header 0,1,2,… of this length numbers its columns; a shorter one may be a sample


@dataclass(frozen=True, slots=True)
class Header:
    """The column names of the file ``path``."""

    path: Path
    names: tuple[str, ...]

    def cell_error(
        self, code: ErrorCode, line: int, column: int, problem: Message, value: str | None = None
    ) -> InputError:
        """Return an error about one cell; the caller raises it. The path of the error is the name of the column."""
        return InputError(
            code,
            problem,
            path=(self.names[column],),
            value=value,
            file=shown_path(self.path),
            line=line,
            column=column + 1,
        )


def read_header(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Header:
    """Read the first of ``rows``, which are (line, cells), as the header.

    Raises:
        InputError: If there is no header, or a name is missing or comes twice.
    """
    line, row = next(rows, (0, []))
    if not row:
        problem = message("it is empty; a data file has a header line and one line for each sample.")
        raise InputError("missing", problem, file=shown_path(path))
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
        raise line_error("wrong_shape", path, line, problem)
    if len(names) > MAX_COLUMNS:
        problem = message("{count:,} columns are too many; use {max:,} at most.", count=len(names), max=MAX_COLUMNS)
        raise line_error("too_large", path, line, problem)
    if _is_sample(names):
        raise line_error("missing", path, line, NO_HEADER)
    header = Header(path, names)
    first: dict[str, int] = {}
    for column, name in enumerate(names):
        if not name:
            problem = message("the column has no name; name it or remove it.")
            raise InputError("missing", problem, file=shown_path(path), line=line, column=column + 1)
        if name in first:
            problem = message("column {other} has this name too; rename one.", other=first[name] + 1)
            raise header.cell_error("duplicate", line, column, problem, name)
        first[name] = column
    return header


def is_value(name: str) -> bool:
    """Return whether a column name is a number or a mark for a missing one."""
    return bool(NUMBER.fullmatch(name) or NOT_FINITE.fullmatch(name)) or name.casefold() in MISSING_MARKS


def is_numbering(names: Sequence[str]) -> bool:
    """Return whether names are 0, 1, 2, … or 1, 2, 3, …, as some programs number columns without names."""
    return len(names) >= _MIN_NUMBERED_COLUMNS and any(
        all(name == str(start + index) for index, name in enumerate(names)) for start in (0, 1)
    )


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


def line_error(code: ErrorCode, path: Path, line: int, problem: Message) -> InputError:
    """Return an error about one line; the caller raises it."""
    return InputError(code, problem, file=shown_path(path), line=line)
