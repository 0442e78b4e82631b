"""CSV files that are read strictly: UTF-8 text, commas, a header, and a number in each column but the target's.

The rules are strict, because a value that is read wrongly teaches nonsense. Every error names file, line and column.
Text from the file appears in a message only as a short Python literal, so that its control characters never reach a
terminal.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path

import numpy as np

from nn_tui.core.data.csv_header import (
    MISSING_MARKS,
    NO_HEADER,
    NOT_FINITE,
    NUMBER,
    Header,
    is_value,
    read_header,
)
from nn_tui.core.errors import InputError
from nn_tui.core.spec import Array
from nn_tui.core.table.file_errors import line_error, literal, shown_path
from nn_tui.core.table.names import is_numbering
from nn_tui.core.table.source import read_file
from nn_tui.core.table.values import MAX_BYTES, MAX_CLASSES, Layout, TableColumn, TableData, TablePlan
from nn_tui.core.text import closest_names
from nn_tui.core.translation import Message, message, message_plural

STRICT_LAYOUT = Layout(encoding="utf-8", separator=",", decimal=".", header=True)
_PIXEL = re.compile(r"pixel_([0-9]{1,4})_([0-9]{1,4})")


def read_strict_csv(path: Path, target: str, target_is_class: bool = False, *, max_bytes: int = MAX_BYTES) -> TableData:
    """Read a CSV file whose rules leave nothing to choose.

    Args:
        path: The file.
        target: The column to predict; all others are inputs.
        target_is_class: Whether numbers in the target column are classes, in ascending order. Text always is, in
            alphabetical order.
        max_bytes: The largest size that is read.

    Raises:
        InputError: For anything wrong with the file.
    """
    file = shown_path(path)
    rows = _rows(file, _read_text(path, max_bytes))
    header = read_header(file, rows)
    names = header.names
    if target not in names:
        problem = message("{file} has no column {name}.", file=file, name=literal(target))
        nearest = tuple(closest_names(target, names, cutoff=0.0))
        raise InputError("not_found", problem, path=("data", "target"), value=target, suggestions=nearest)
    target_column = names.index(target)
    values, labels, lines = array("d"), list[str](), array("q")
    for line, row in rows:
        if len(row) != len(names):
            problem = message_plural(
                "this line has {count} value, but the header has {columns} columns.",
                "this line has {count} values, but the header has {columns} columns.",
                len(row),
                columns=len(names),
            )
            raise line_error("wrong_shape", file, line, problem)
        for column, cell in enumerate(row):
            if column == target_column:
                label = cell.strip()
                if label.casefold() in MISSING_MARKS:
                    raise header.cell_error("missing", line, column, _missing_value(label), label)
                labels.append(label)
            else:
                values.append(_parse_number(header, line, column, cell))
        lines.append(line)
    input_names = (*names[:target_column], *names[target_column + 1 :])
    if target in labels and all(map(is_value, input_names)) and not is_numbering(input_names):
        # The first line is a sample: its last cell is a class that other samples have too.
        raise line_error("missing", file, 1, NO_HEADER)
    if not lines:
        problem = message("it has a header but no rows; add one line for each sample.")
        raise InputError("missing", problem, file=file)
    points = np.array(values, dtype=np.float64).reshape(len(lines), len(input_names))
    y, classes = _encode_target(header, target_column, labels, lines, target_is_class)
    plan = strict_plan(names, target, classes, _image_shape(input_names))
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


def _missing_value(cell: str) -> Message:
    if cell:
        return message("the value is missing ({cell}); fill it in or leave the row out.", cell=literal(cell))
    return message("the cell is empty; fill it in or leave the row out.")


def _read_text(path: Path, max_bytes: int) -> str:
    """Return the text of the file without its byte order mark; check everything that concerns the whole file."""
    data, file = read_file(path, max_bytes), shown_path(path)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise line_error("unreadable", file, 1, message("the text is UTF-16; save it as UTF-8."))
    if (nul := data.find(0)) >= 0:
        problem = message("there is a NUL byte, so this is not a text file; save it as CSV.")
        raise line_error("unreadable", file, _line_at(data, nul), problem)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # error.object lacks the byte order mark, but that contains no line end.
        byte = f"0x{error.object[error.start]:02x}"
        problem = message("byte {byte} is not UTF-8 text; save the file as UTF-8.", byte=byte)
        raise line_error("unreadable", file, _line_at(error.object, error.start), problem) from None


def _line_at(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:position])) + 1


def _rows(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            problem = message("the quotes or the length of this row are wrong ({reason}).", reason=str(error))
            raise line_error("syntax", file, line, problem) from None
        if row is None:
            return
        if len(row) > 1 or any(cell.strip() for cell in row):
            yield line, row


def _parse_number(header: Header, line: int, column: int, cell: str) -> float:
    # float() alone would also accept "1_000", "nan" and digits of other scripts.
    text = cell.strip()
    if NUMBER.fullmatch(text):
        value = float(text)
        if isfinite(value):
            return value
        problem = message("{cell} is too large for a 64-bit number.", cell=literal(text))
        raise header.cell_error("out_of_range", line, column, problem, text)
    if text.casefold() in MISSING_MARKS:
        raise header.cell_error("missing", line, column, _missing_value(text), text)
    if NOT_FINITE.fullmatch(text):
        problem = message("{cell} is not a finite number.", cell=literal(text))
        raise header.cell_error("not_finite", line, column, problem, text)
    problem = message("{cell} is not a number; inputs must be numbers, such as -1.5.", cell=literal(text))
    raise header.cell_error("wrong_type", line, column, problem, text)


def _encode_target(
    header: Header, column: int, labels: list[str], lines: array[int], target_is_class: bool
) -> tuple[Array, tuple[str, ...]]:
    """Return the target column as numbers and no classes, or as class indexes and the names of the classes."""
    not_number = next((row for row, label in enumerate(labels) if not NUMBER.fullmatch(label)), None)
    if not_number is None:
        numbers = [_parse_number(header, line, column, label) for line, label in zip(lines, labels, strict=True)]
        y = np.array(numbers, dtype=np.float64)
        if not target_is_class:
            return y, ()
        y, classes = _number_classes(y)
    else:
        text, line = labels[not_number], lines[not_number]
        if NOT_FINITE.fullmatch(text):
            problem = message("{cell} is not a finite number.", cell=literal(text))
            raise header.cell_error("not_finite", line, column, problem, text)
        if not target_is_class and any(NUMBER.fullmatch(label) for label in labels):
            problem = message(
                "{cell} is not a number, but other rows have numbers; "
                "correct it, or set classes = true if these are class names.",
                cell=literal(text),
            )
            raise header.cell_error("wrong_type", line, column, problem, text)
        classes = tuple(sorted(set(labels)))
        indexes = {name: index for index, name in enumerate(classes)}
        y = np.array([indexes[label] for label in labels], dtype=np.float64)
    if len(classes) < 2:
        problem = message("all rows have the class {name}; two classes are needed.", name=literal(classes[0]))
        raise header.cell_error("wrong_shape", lines[0], column, problem)
    if len(classes) > MAX_CLASSES:
        problem = message("{count:,} classes are too many; use {max:,} at most.", count=len(classes), max=MAX_CLASSES)
        raise header.cell_error("too_large", lines[0], column, problem)
    return y, classes


def _number_classes(numbers: Array) -> tuple[Array, tuple[str, ...]]:
    """Return the class index of each number, (n,), and the names of the classes in ascending order."""
    kinds, indexes = np.unique(numbers, return_inverse=True)
    names = tuple(str(int(kind)) if kind.is_integer() else repr(kind) for kind in kinds.tolist())
    return indexes.astype(np.float64), names


def _image_shape(names: Sequence[str]) -> tuple[int, int] | None:
    """Return (height, width) if the names are ``pixel_0_0``, ``pixel_0_1``, … of a grid of at least 2 × 2."""
    last = _PIXEL.fullmatch(names[-1])
    if not last:
        return None
    height, width = int(last[1]) + 1, int(last[2]) + 1
    if min(height, width) < 2 or height * width != len(names):
        return None
    grid = (f"pixel_{row}_{column}" for row in range(height) for column in range(width))
    return (height, width) if all(a == b for a, b in zip(grid, names, strict=True)) else None
