"""Reads a CSV file by fixed rules: UTF-8, commas, a header, and a number in each column but that of the target.

A preset whose ``[data]`` has none of the keys for tables is read so. Nothing is guessed, because a value that is read
wrongly teaches nonsense: a comment, a unit, a missing value or a line of another length is an error with its file, line
and column.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.errors import ErrorCode, InputError
from nn_tui.core.table.cells import plain_numbers
from nn_tui.core.table.dialect import Dialect, Records
from nn_tui.core.table.file_errors import cell_error, check_row_count, line_error, literal, shown_path
from nn_tui.core.table.kinds import number_texts
from nn_tui.core.table.pixels import image_shape
from nn_tui.core.table.source import read_file
from nn_tui.core.table.strict_header import are_values, is_missing_mark, no_header, read_names
from nn_tui.core.table.text_encoding import check_utf8
from nn_tui.core.table.values import MAX_BYTES, MAX_CLASSES, MAX_ROWS, Layout, TableColumn, TableData, TablePlan
from nn_tui.core.text import NOT_FINITE, NUMBER, closest_names
from nn_tui.core.translation import Message, message, message_plural

STRICT_LAYOUT = Layout(encoding="utf-8", separator=",", decimal=".", header=True)
_DIALECT = Dialect(STRICT_LAYOUT.separator, comment=(), skips_spaces=False)
_PIECE_CELLS = 16_384  # are parsed at once

_Array = NDArray[np.float64]
_Line = tuple[int, list[str]]  # the number of a line, and its cells


def read_strict_csv(
    path: Path, target: str, target_is_class: bool = False, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS
) -> TableData:
    """Read a CSV file by rules that leave nothing to choose.

    Args:
        path: The file.
        target: The column to predict; all others are inputs.
        target_is_class: Whether numbers in the target column are classes, in ascending order. Text always is, in
            alphabetical order.
        max_bytes: The largest size that is read.
        max_rows: How many rows are read at most.

    Raises:
        InputError: For anything wrong with the file.
    """
    file = shown_path(path)
    data = read_file(path, max_bytes)
    check_utf8(data, file)
    rows = iter(Records(io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline=""), _DIALECT, file))
    names = read_names(rows, file)
    if target not in names:
        problem = message("{file} has no column {name}.", file=file, name=literal(target))
        nearest = tuple(closest_names(target, names, cutoff=0.0))
        raise InputError("not_found", problem, path=("data", "target"), value=target, suggestions=nearest)
    header = _Header(file, names, names.index(target))
    lines, labels, numbers = array("q"), list[str](), list[_Array]()
    for piece in _pieces(rows, header):
        numbers.append(_input_numbers(piece, header))
        labels += [row[header.target].strip() for _, row in piece]
        lines.extend(line for line, _ in piece)
        check_row_count(len(lines), max_rows, file)
    if target in labels and are_values(header.inputs):
        raise no_header(file, 1)  # the first line is a sample: its target is a class that other samples have too
    if not lines:
        problem = message("it has a header but no rows; add one line for each row.")
        raise InputError("missing", problem, file=file)
    y, classes = _encode_target(header, labels, lines, target_is_class)
    points = np.concatenate(numbers).reshape(len(lines), len(header.inputs))
    plan = strict_plan(names, target, classes, _pixel_shape(header.inputs))
    return TableData(STRICT_LAYOUT, plan, points, np.zeros((len(lines), 0)), y, classes)


def strict_plan(
    names: Sequence[str], target: str, classes: Sequence[str], image_shape: tuple[int, int] | None
) -> TablePlan:
    """Return the plan of a table of numbers without a gap.

    Args:
        names: The names of all columns in the order of the file.
        target: The name of the target; all other columns are inputs.
        classes: The names of the classes; empty for numbers.
        image_shape: (height, width) if the inputs are the pixels of an image.
    """
    planned = TableColumn(target, "target", "category" if classes else "number", reason="asked")
    columns = (planned if name == target else TableColumn(name, "input", "number") for name in names)
    return TablePlan(tuple(columns), "classes" if classes else "numbers", missing="refuse", image_shape=image_shape)


@dataclass(frozen=True, slots=True)
class _Header:
    """The names of the columns, and the position of the target."""

    file: str
    names: tuple[str, ...]
    target: int

    @property
    def inputs(self) -> tuple[str, ...]:
        return (*self.names[: self.target], *self.names[self.target + 1 :])

    def error(self, code: ErrorCode, line: int, place: int, problem: Message, cell: str | None = None) -> InputError:
        """Return an error about a cell of the column at a position from 0; the caller raises it."""
        return cell_error(code, self.file, line, place + 1, self.names[place], problem, cell)


def _pieces(rows: Iterator[_Line], header: _Header) -> Iterator[list[_Line]]:
    """Yield the rows, some at once. The rows before one that is wrong come before its error."""
    width, piece = len(header.names), list[_Line]()
    size = max(1, _PIECE_CELLS // width)
    try:
        for line, row in rows:
            if len(row) != width:
                problem = message_plural(
                    "this line has {count} value, but the header has {columns} columns.",
                    "this line has {count} values, but the header has {columns} columns.",
                    len(row),
                    columns=width,
                )
                raise line_error("wrong_shape", header.file, line, problem)
            piece.append((line, row))
            if len(piece) == size:
                yield piece
                piece = []
    except InputError:
        yield piece
        raise
    yield piece


def _input_numbers(piece: Sequence[_Line], header: _Header) -> _Array:
    """Return the inputs of some rows, one row after the other.

    Raises:
        InputError: For the first cell that is no number, and for a target that is missing.
    """
    target = header.target
    cells = [cell for _, row in piece for cell in (*row[:target], *row[target + 1 :])]
    values = plain_numbers(cells, ".")
    has_targets = not any(is_missing_mark(row[target].strip()) for _, row in piece)
    if values is not None and has_targets and not np.isnan(values).any():
        return values
    parsed = array("d")
    for line, row in piece:
        for place, cell in enumerate(row):
            if place != target:
                parsed.append(_parse_number(header, line, place, cell.strip()))
            elif is_missing_mark(cell.strip()):
                raise header.error("missing", line, place, _missing_value(cell.strip()), cell.strip())
    return np.array(parsed, dtype=np.float64)


def _parse_number(header: _Header, line: int, place: int, cell: str) -> float:
    code: ErrorCode = "wrong_type"
    if NUMBER.fullmatch(cell):
        value = float(cell)
        if isfinite(value):
            return value
        code, problem = "out_of_range", message("{cell} is too large for a 64-bit number.", cell=literal(cell))
    elif is_missing_mark(cell):
        code, problem = "missing", _missing_value(cell)
    elif NOT_FINITE.fullmatch(cell):
        code, problem = "not_finite", message("{cell} is not a finite number.", cell=literal(cell))
    else:
        problem = message("{cell} is not a number; inputs must be numbers, such as -1.5.", cell=literal(cell))
    raise header.error(code, line, place, problem, cell)


def _missing_value(cell: str) -> Message:
    if cell:
        return message("the value is missing ({cell}); fill it in or leave the row out.", cell=literal(cell))
    return message("the cell is empty; fill it in or leave the row out.")


def _encode_target(
    header: _Header, labels: Sequence[str], lines: Sequence[int], target_is_class: bool
) -> tuple[_Array, tuple[str, ...]]:
    """Return the target as numbers and no classes, or as indexes of classes and their names."""
    place = header.target
    other = next((row for row, label in enumerate(labels) if not NUMBER.fullmatch(label)), None)
    if other is None:
        numbers = (_parse_number(header, line, place, label) for line, label in zip(lines, labels, strict=True))
        y = np.array(list(numbers), dtype=np.float64)
        if not target_is_class:
            return y, ()
        classes = number_texts(y)
        y = np.unique(y, return_inverse=True)[1].astype(np.float64)
    else:
        text, line = labels[other], lines[other]
        if NOT_FINITE.fullmatch(text):
            problem = message("{cell} is not a finite number.", cell=literal(text))
            raise header.error("not_finite", line, place, problem, text)
        if not target_is_class and any(NUMBER.fullmatch(label) for label in labels):
            problem = message(
                "{cell} is not a number, but other rows have numbers; "
                "correct it, or set classes = true if these are class names.",
                cell=literal(text),
            )
            raise header.error("wrong_type", line, place, problem, text)
        classes = tuple(sorted(set(labels)))
        indexes = {name: index for index, name in enumerate(classes)}
        y = np.array([indexes[label] for label in labels], dtype=np.float64)
    if len(classes) < 2:
        problem = message("all rows have the class {name}; two classes are needed.", name=literal(classes[0]))
        raise header.error("wrong_shape", lines[0], place, problem)
    if len(classes) > MAX_CLASSES:
        problem = message("{count:,} classes are too many; use {max:,} at most.", count=len(classes), max=MAX_CLASSES)
        raise header.error("too_large", lines[0], place, problem)
    return y, classes


def _pixel_shape(names: Sequence[str]) -> tuple[int, int] | None:
    """Return (height, width) if the names are exactly ``pixel_0_0``, ``pixel_0_1``, … row by row."""
    shape = image_shape(names)
    if shape is None:
        return None
    grid = [f"pixel_{row}_{column}" for row in range(shape[0]) for column in range(shape[1])]
    return shape if grid == list(names) else None
