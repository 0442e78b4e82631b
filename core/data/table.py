"""CSV files: UTF-8 text with a header line, one target column, and numbers in every other column.

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
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

import numpy as np

from nn_tui.core.data.csv_header import (
    MISSING_MARKS,
    NO_HEADER,
    NOT_FINITE,
    NUMBER,
    Header,
    is_numbering,
    is_value,
    line_error,
    literal,
    read_header,
    shown_path,
)
from nn_tui.core.errors import InputError
from nn_tui.core.fields import closest_names
from nn_tui.core.spec import Array

MAX_BYTES = 64 * 2**20
MAX_CLASSES = 1_000
_PIXEL = re.compile(r"pixel_([0-9]{1,4})_([0-9]{1,4})")


@dataclass(frozen=True, slots=True, eq=False)
class CsvTable:
    """The content of a CSV file.

    Attributes:
        points: The input columns, (n, inputs).
        y: The target column, (n,): numbers, or the index of each row's class in ``classes``.
        input_names: The names of the input columns.
        target_name: The name of the target column.
        classes: The names of the classes; empty for regression.
        image_shape: (height, width) if the input columns are exactly ``pixel_0_0``, ``pixel_0_1``, … row by row of a
            grid of at least 2 × 2; else None.
    """

    points: Array
    y: Array
    input_names: tuple[str, ...]
    target_name: str
    classes: tuple[str, ...]
    image_shape: tuple[int, int] | None

    def with_number_classes(self) -> CsvTable:
        """Return the table of a regression with the different target numbers as classes, in ascending order."""
        y, classes = _number_classes(self.y)
        return replace(self, y=y, classes=classes)


def read_csv(
    path: Path,
    target: str | None = None,
    target_is_class: bool = False,
    *,
    file: str = "",
    max_bytes: int = MAX_BYTES,
) -> CsvTable:
    """Read a CSV file.

    Args:
        path: The file.
        target: The column to predict; all others are inputs. None for the last column.
        target_is_class: Whether numbers in the target column are classes, in ascending order. Text always is, in
            alphabetical order.
        file: The preset's file, for errors in its keys.
        max_bytes: The largest size that is read.

    Raises:
        InputError: For anything wrong with the file.
    """
    rows = _rows(path, _read_text(path, file, max_bytes))
    header = read_header(path, rows)
    names = header.names
    if target is None:
        target = names[-1]
    if target not in names:
        nearest = closest_names(target, names, cutoff=0.0)[0]
        prefix = f"{file}: data.target: " if file else ""
        raise InputError(
            f"{prefix}{shown_path(path)}, line 1, has no column {literal(target)}; "
            f"the nearest is {literal(nearest)} (of {len(names)} columns)."
        )
    target_column = names.index(target)
    values, labels, lines = array("d"), list[str](), array("q")
    for line, row in rows:
        if len(row) != len(names):
            noun = "value" if len(row) == 1 else "values"
            raise line_error(path, line, f"{len(row)} {noun} where the header has {len(names)} columns")
        for column, cell in enumerate(row):
            if column == target_column:
                label = cell.strip()
                if label.casefold() in MISSING_MARKS:
                    raise header.cell_error(line, column, _missing_message(label))
                labels.append(label)
            else:
                values.append(_parse_number(header, line, column, cell))
        lines.append(line)
    input_names = (*names[:target_column], *names[target_column + 1 :])
    if target in labels and all(map(is_value, input_names)) and not is_numbering(input_names):
        # The first line is a sample: its last cell is a class that other samples have too.
        raise line_error(path, 1, NO_HEADER)
    if not lines:
        raise InputError(f"{shown_path(path)} has a header but no rows; add one line per sample.")
    points = np.array(values, dtype=np.float64).reshape(len(lines), len(input_names))
    y, classes = _encode_target(header, target_column, labels, lines, target_is_class)
    return CsvTable(points, y, input_names, target, classes, _image_shape(input_names))


def _missing_message(cell: str) -> str:
    problem = f"the value is missing ({literal(cell)})" if cell else "the cell is empty"
    return f"{problem}; fill it in or leave the row out"


def _read_text(path: Path, file: str, max_bytes: int) -> str:
    """Return the text of the file without its byte order mark; check everything that concerns the whole file."""
    prefix = f"{file}: data.csv: " if file else ""
    name = shown_path(path)
    try:
        if path.is_dir():
            raise InputError(f"{prefix}{name} is a folder; give a CSV file.")
        if not path.exists():
            folder = shown_path(path.parent.absolute())
            hint = "; a path in a preset starts at the preset's folder" if file else ""
            raise InputError(f"{prefix}there is no file {shown_path(Path(path.name))} in {folder}{hint}.")
        if not path.is_file():
            raise InputError(f"{prefix}{name} is not a regular file; give a CSV file.")
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        raise InputError(f"{prefix}{name} cannot be read: {error.strerror or 'input/output error'}.") from None
    if len(data) > max_bytes:
        raise InputError(f"{prefix}{name} is larger than {max_bytes // 2**20} MiB; use a part of it.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise line_error(path, 1, "the text is UTF-16; save it as UTF-8")
    if (nul := data.find(0)) >= 0:
        message = "there is a NUL byte, so this is not a text file; save it as CSV"
        raise line_error(path, _line_at(data, nul), message)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # error.object lacks the byte order mark, but that contains no line end.
        byte = error.object[error.start]
        message = f"byte 0x{byte:02x} is not UTF-8 text; save the file as UTF-8"
        raise line_error(path, _line_at(error.object, error.start), message) from None


def _line_at(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:position])) + 1


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            message = f"the quotes or the length of this row are wrong ({error})"
            raise line_error(path, line, message) from None
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
        raise header.cell_error(line, column, f"{literal(text)} is too large for a 64-bit number")
    if text.casefold() in MISSING_MARKS:
        raise header.cell_error(line, column, _missing_message(text))
    if NOT_FINITE.fullmatch(text):
        raise header.cell_error(line, column, f"{literal(text)} is not a finite number")
    raise header.cell_error(line, column, f"{literal(text)} is not a number; inputs must be numbers like -1.5")


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
            raise header.cell_error(line, column, f"{literal(text)} is not a finite number")
        if not target_is_class and any(NUMBER.fullmatch(label) for label in labels):
            message = (
                f"{literal(text)} is not a number, but other rows have numbers; "
                "mend it, or set classes = true if these are class names"
            )
            raise header.cell_error(line, column, message)
        classes = tuple(sorted(set(labels)))
        indexes = {name: index for index, name in enumerate(classes)}
        y = np.array([indexes[label] for label in labels], dtype=np.float64)
    if len(classes) < 2:
        message = f"every row is of one class, {literal(classes[0])}; two are needed"
        raise header.cell_error(lines[0], column, message)
    if len(classes) > MAX_CLASSES:
        message = f"{len(classes):,} classes are too many; use {MAX_CLASSES:,} at most"
        raise header.cell_error(lines[0], column, message)
    return y, classes


def _number_classes(numbers: Array) -> tuple[Array, tuple[str, ...]]:
    """Return the class index of each number, (n,), and the names of the classes in ascending order."""
    kinds, indexes = np.unique(numbers, return_inverse=True)
    names = tuple(str(int(kind)) if kind.is_integer() else repr(kind) for kind in kinds.tolist())
    return indexes.astype(np.float64), names


def _image_shape(names: Sequence[str]) -> tuple[int, int] | None:
    last = _PIXEL.fullmatch(names[-1])
    if not last:
        return None
    height, width = int(last[1]) + 1, int(last[2]) + 1
    if min(height, width) < 2 or height * width != len(names):
        return None
    grid = (f"pixel_{row}_{column}" for row in range(height) for column in range(width))
    return (height, width) if all(a == b for a, b in zip(grid, names, strict=True)) else None
