"""CSV files: UTF-8, a header row, one target column, every other column a number.

The rules are strict, because a value read wrongly teaches nonsense: every refusal names file, line and
column. Text from the file reaches a message only as a shortened Python literal, so that control
characters in it never reach a terminal.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import NoReturn

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.fields import closest_names
from nn_tui.core.spec import Array
from nn_tui.core.text import shorten_path

MAX_BYTES = 64 * 2**20
MAX_COLUMNS = 10_000
MAX_CLASSES = 1_000
LEAST_COUNT = 4  # numbers in a first line 0,1,2,… that are a count of the columns and not by chance a sample

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_MISSING = frozenset({"", "na", "n/a", "nan", "null"})
_NO_NAMES = "values, where the header must name the columns; add a first line with a name for each, like x1,x2,y"
_PIXEL = re.compile(r"pixel_([0-9]{1,4})_([0-9]{1,4})")


@dataclass(frozen=True, slots=True, eq=False)
class CsvTable:
    """What a file holds: ``points`` (n, inputs) and, per row, a value or a class number ``y`` (n,).

    ``classes`` is empty for regression. ``image_shape`` is (height, width) where the input columns are
    exactly ``pixel_0_0``, ``pixel_0_1``, … row by row over a grid of at least 2×2.
    """

    points: Array
    y: Array
    input_names: tuple[str, ...]
    target_name: str
    classes: tuple[str, ...]
    image_shape: tuple[int, int] | None


def csv_columns(path: Path) -> tuple[str, ...]:
    """The column names of a CSV file, checked as :func:`read_csv` checks them; raises InputError."""
    return _header(path, _rows(path, _text(path, "")))


def read_csv(path: Path, target: str, target_is_class: bool = False, *, where: str = "") -> CsvTable:
    """Read ``path``, with ``target`` as the column to predict and all others as inputs.

    A text target becomes classes in sorted order; a numeric one is regression unless ``target_is_class``,
    and then its classes are sorted as numbers. ``where`` names the preset, for errors in its keys. Raises
    InputError for whatever is wrong with the file, its size (limit 64 MiB) included.
    """
    rows = _rows(path, _text(path, where))
    names = _header(path, rows)
    if target not in names:
        near = closest_names(target, names, cutoff=0.0)
        at = f"{where}: data.target: " if where else ""
        raise InputError(
            f"{at}{shown_path(path)}, line 1, has no column {shown(target)}; "
            f"the nearest is {shown(near[0])} (of {len(names)} columns)."
        )
    column = names.index(target)
    values, labels, lines = array("d"), list[str](), array("q")
    for line, row in rows:
        if len(row) != len(names):
            kind = "value" if len(row) == 1 else "values"
            _fail(path, line, f"{len(row)} {kind} where the header has {len(names)} columns")
        for index, cell in enumerate(row):
            if index == column:
                label = cell.strip()
                if label.casefold() in _MISSING:
                    _cell_fail(path, line, index, names, _missing(label))
                labels.append(label)
            else:
                values.append(_number(path, line, index, names, cell))
        lines.append(line)
    others = (*names[:column], *names[column + 1 :])
    if target in labels and all(map(_is_value, others)) and not _is_count(others):
        _fail(path, 1, _NO_NAMES)  # the class of the first sample, which is the class of others too
    if not lines:
        raise InputError(f"{shown_path(path)} has a header but no rows; add one line per sample.")
    points = np.array(values, dtype=np.float64).reshape(len(lines), len(others))
    y, classes = _target(path, names, column, labels, lines, target_is_class)
    return CsvTable(points, y, others, target, classes, _image_shape(others))


def shown(text: str) -> str:
    """``text`` from a file as a Python literal of at most 40 characters of it, safe to print."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def shown_path(path: Path) -> str:
    """The end of a path to put into a message: as it is if it is printable, else as a Python literal."""
    text = str(path)
    return shorten_path(text if text.isprintable() else repr(text))


def _fail(path: Path, line: int, message: str) -> NoReturn:
    raise InputError(f"{shown_path(path)}, line {line}: {message}.")


def _cell_fail(path: Path, line: int, index: int, names: Sequence[str], message: str) -> NoReturn:
    raise InputError(f"{shown_path(path)}, line {line}, column {index + 1} ({shown(names[index])}): {message}.")


def _missing(cell: str) -> str:
    what = f"the value is missing ({shown(cell)})" if cell else "the cell is empty"
    return f"{what}; fill it in or leave the row out"


def _text(path: Path, where: str) -> str:
    """The file's text without its byte order mark, after the checks that concern the file as a whole."""
    at = f"{where}: data.csv: " if where else ""
    name = shown_path(path)
    try:
        if path.is_dir():
            raise InputError(f"{at}{name} is a folder; give a CSV file.")
        if not path.exists():
            looked = shown_path(path.parent.absolute())
            start = "; a path in a preset starts at the preset's folder" if where else ""
            raise InputError(f"{at}there is no file {shown_path(Path(path.name))} in {looked}{start}.")
        if not path.is_file():
            raise InputError(f"{at}{name} is not a regular file; give a CSV file.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{at}{name} cannot be read: {error.strerror or 'input/output error'}.") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{at}{name} is larger than {MAX_BYTES // 2**20} MiB; use a part of it.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        _fail(path, 1, "the text is UTF-16; save it as UTF-8")
    if (nul := data.find(0)) >= 0:
        _fail(path, _line_at(data, nul), "there is a NUL byte, so this is not a text file; save it as CSV")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The position counts from after the byte order mark, which is on line 1 and has no line end.
        line = _line_at(error.object, error.start)
        bad = error.object[error.start]
        _fail(path, line, f"byte 0x{bad:02x} is not UTF-8 text; save the file as UTF-8")


def _line_at(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:position])) + 1


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of the line where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            _fail(path, line, f"the quotes or the length of this row are wrong ({error})")
        if row is None:
            return
        if len(row) > 1 or any(cell.strip() for cell in row):
            yield line, row


def _header(path: Path, rows: Iterator[tuple[int, list[str]]]) -> tuple[str, ...]:
    line, row = next(rows, (0, []))
    if not row:
        raise InputError(f"{shown_path(path)} is empty; it needs a header line and one line per sample.")
    names = tuple(cell.strip() for cell in row)
    if len(names) < 2:
        other = next((mark for mark in (";", "\t", "|") if mark in names[0]), "")
        hint = f"; separate columns by commas, not {other!r}" if other else ""
        _fail(path, line, f"one column only, {shown(names[0])}, where an input and a target are needed{hint}")
    if len(names) > MAX_COLUMNS:
        _fail(path, line, f"{len(names):,} columns are too many; use {MAX_COLUMNS:,} at most")
    if _is_sample(names):
        _fail(path, line, _NO_NAMES)
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if not name:
            raise InputError(
                f"{shown_path(path)}, line {line}, column {index + 1}: the column has no name; name it or remove it."
            )
        if name in first:
            _cell_fail(path, line, index, names, f"column {first[name] + 1} has this name too; rename one")
        first[name] = index
    return names


def _is_value(name: str) -> bool:
    """Whether a name is a number, or what stands for one that is missing."""
    return bool(NUMBER.fullmatch(name) or _NOT_FINITE.fullmatch(name)) or name.casefold() in _MISSING


def _is_count(names: Sequence[str]) -> bool:
    """Whether names are 0, 1, 2, … or 1, 2, 3, …, which some programs write for columns without names."""
    return len(names) >= LEAST_COUNT and any(
        all(name == str(start + index) for index, name in enumerate(names)) for start in (0, 1)
    )


def _is_sample(names: Sequence[str]) -> bool:
    """Whether a first line holds the values of a sample: numbers alone, or with one word among them.

    Beside a word, numbers in order may be names, such as years and wavelengths.
    """
    values = [name for name in names if _is_value(name)]
    if len(values) < len(names) - 1 or not any(map(NUMBER.fullmatch, values)) or _is_count(values):
        return False
    numbers = [float(name) for name in values if NUMBER.fullmatch(name)]
    up = [one < other for one, other in pairwise(numbers)]
    down = [one > other for one, other in pairwise(numbers)]
    in_order = len(numbers) == len(values) and (all(up) or all(down))
    return len(values) == len(names) or not in_order


def _number(path: Path, line: int, index: int, names: Sequence[str], cell: str) -> float:
    # float() alone would also take "1_000", "nan" and digits of other scripts.
    text = cell.strip()
    if NUMBER.fullmatch(text):
        value = float(text)
        if isfinite(value):
            return value
        _cell_fail(path, line, index, names, f"{shown(text)} is too large for a 64-bit number")
    if text.casefold() in _MISSING:
        _cell_fail(path, line, index, names, _missing(text))
    if _NOT_FINITE.fullmatch(text):
        _cell_fail(path, line, index, names, f"{shown(text)} is not a finite number")
    _cell_fail(path, line, index, names, f"{shown(text)} is not a number; inputs must be numbers like -1.5")


def _target(
    path: Path, names: Sequence[str], column: int, labels: list[str], lines: array[int], as_class: bool
) -> tuple[Array, tuple[str, ...]]:
    """The target column as values with no classes, or as class numbers with their names."""
    unnumbered = next((row for row, label in enumerate(labels) if not NUMBER.fullmatch(label)), None)
    if unnumbered is None:
        numbers = [_number(path, line, column, names, label) for line, label in zip(lines, labels, strict=True)]
        if not as_class:
            return np.array(numbers, dtype=np.float64), ()
        kinds = sorted(set(numbers))
        order = {kind: position for position, kind in enumerate(kinds)}
        found = tuple(str(int(kind)) if kind.is_integer() else repr(kind) for kind in kinds)
        y = np.array([order[number] for number in numbers], dtype=np.float64)
    else:
        text = labels[unnumbered]
        if _NOT_FINITE.fullmatch(text):
            _cell_fail(path, lines[unnumbered], column, names, f"{shown(text)} is not a finite number")
        if not as_class and any(NUMBER.fullmatch(label) for label in labels):
            _cell_fail(
                path,
                lines[unnumbered],
                column,
                names,
                f"{shown(text)} is not a number, but other rows have numbers; "
                "mend it, or set classes = true if these are class names",
            )
        found = tuple(sorted(set(labels)))
        places = {name: position for position, name in enumerate(found)}
        y = np.array([places[label] for label in labels], dtype=np.float64)
    if len(found) < 2:
        only = shown(found[0])
        _cell_fail(path, lines[0], column, names, f"every row is of one class, {only}; two are needed")
    if len(found) > MAX_CLASSES:
        _cell_fail(path, lines[0], column, names, f"{len(found):,} classes are too many; use {MAX_CLASSES:,} at most")
    return y, found


def _image_shape(names: Sequence[str]) -> tuple[int, int] | None:
    last = _PIXEL.fullmatch(names[-1])
    if not last:
        return None
    height, width = int(last[1]) + 1, int(last[2]) + 1
    if min(height, width) < 2 or height * width != len(names):
        return None
    grid = (f"pixel_{row}_{column}" for row in range(height) for column in range(width))
    return (height, width) if all(a == b for a, b in zip(grid, names, strict=True)) else None
