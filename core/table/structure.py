"""The parts of a text with a table: lines before it, the header, a line of units, and the rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import is_missing, parse_number
from nn_tui.core.table.dialect import COMMENTS, Record, usual_width
from nn_tui.core.table.file_errors import line_error
from nn_tui.core.table.header import (
    cell_columns,
    has_header,
    is_count_line,
    is_number,
    is_numeric,
    is_unit_line,
    joined_names,
    start_after_titles,
    trimmed,
)
from nn_tui.core.table.values import MAX_COLUMNS
from nn_tui.core.translation import message, message_plural

_MAX_NAME = 30  # characters of a name in a header that is too short
_BRACKETS = re.compile(r"\[.*\]|\(.*\)")  # around a unit
_ATTRIBUTE = re.compile(r"@attribute\s+('[^']*'|\"[^\"]*\"|\S+)\s+\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Structure:
    """Where the parts of a table are.

    Attributes:
        width: The number of columns.
        names: The cells of the header; None without one.
        first_line: The line of the first row.
        skipped: The number of lines before the table that are not blank, and of a line of units.
        comment: Texts with which a line between two rows begins that is no row.
    """

    width: int
    names: tuple[str, ...] | None
    first_line: int
    skipped: int
    comment: tuple[str, ...] = COMMENTS


def find_structure(records: Sequence[Record], asked_header: bool | None, file: str, separator: str = ",") -> Structure:
    """Return the structure of a table from its first records.

    Args:
        records: The records of the first lines, comments included.
        asked_header: Whether there is a header, if a person said so.
        file: The name of the file, for messages.
        separator: The text between two cells.

    Raises:
        InputError: If there is no row, if there are too many columns, or if the header is too short.
    """
    records, comment = _without_rows_as_comments(records)
    plain = [record for record in records if not record.mark]
    if not plain:
        problem = message("it is empty; a table has one line for each row.")
        raise InputError("missing", problem, file=file)
    width = _table_width(plain, file)
    records = _with_marked_rows(records, plain, width)
    plain = [record for record in records if not record.mark]
    if width > MAX_COLUMNS:
        problem = message("{count:,} columns are too many; use {max:,} at most.", count=width, max=MAX_COLUMNS)
        raise line_error("too_large", file, plain[0].line, problem)
    start = next(index for index, record in enumerate(plain) if len(trimmed(record.cells, width)) == width)
    start = start_after_titles(plain, start, width)
    names: tuple[str, ...] | None = None
    body = start
    commented = None
    if asked_header is not False:
        commented = _commented_header(records, plain[start], width)
        if commented and (commented[0] in COMMENTS or not has_header(plain[start:], width)):
            names = commented
    if start and names is None and asked_header is not False:
        names = _short_header(plain[start - 1], plain[start:], width)
        start -= names is not None
    if start and names is None and asked_header is None and separator != " ":
        _check_short_header(plain[start - 1], plain[start:], width, file)
    if names is None:
        first = plain[start]
        after = (index for index in range(start + 1, len(plain)) if len(trimmed(plain[index].cells, width)) == width)
        if is_count_line(first.cells, width) and (following := next(after, None)) is not None:
            start, first = following, plain[following]
        body = start
        if asked_header or (asked_header is None and has_header(plain[start:], width)):
            names, body = tuple(trimmed(first.cells, width)), start + 1
    header_lines = int(names is not None)
    if names is not None and len(plain) > body + 1 and is_unit_line(plain[body:], width):
        joined = joined_names(names, plain[body].cells)
        names, header_lines, body = joined or names, header_lines + (joined is not None), body + 1
    if body >= len(plain):
        problem = message("it has a header but no rows; add one line for each row.")
        raise InputError("missing", problem, file=file)
    before = [record.mark for record in records if record.line < plain[body].line]
    skipped = len(before) - header_lines
    return Structure(width, names, plain[body].line, skipped, tuple(mark for mark in comment if mark in {"#", *before}))


def arff_names(lines: Sequence[str]) -> tuple[tuple[str, ...], int] | None:
    """Return the names of a table in Weka's format ARFF, and the index of its first row; None for others."""
    end = next((index for index, line in enumerate(lines) if line.strip().lower() == "@data"), None)
    if end is None:
        return None
    matches = (_ATTRIBUTE.match(line.strip()) for line in lines[:end])
    names = tuple(match[1].strip("'\"") for match in matches if match)
    return (names, end + 1) if names else None


def column_names(written: Sequence[str] | None, width: int) -> list[tuple[str, bool, str]]:
    """Return for each column its name, whether the header names it, and the name in the header if that was changed.

    A column without a name is named by its place. The second ``a`` becomes ``a.1``, as in pandas.
    """
    cells = [cell.strip() for cell in (written or ())]
    cells += [""] * (width - len(cells))
    taken = {cell for cell in cells if cell}
    seen, count = set[str](), dict[str, int]()
    columns = []
    for place, cell in enumerate(cells, start=1):
        name = wanted = cell or str(place)
        while name in seen or (name in taken and name != cell):
            count[wanted] = count.get(wanted, 0) + 1
            name = f"{wanted}.{count[wanted]}"
        seen.add(name)
        columns.append((name, bool(cell), cell if cell and name != cell else ""))
    return columns


def _without_rows_as_comments(records: Sequence[Record]) -> tuple[list[Record], tuple[str, ...]]:
    """Take the mark off rows that begin like comments, such as ``#1``, if most rows begin so."""
    comment = list(COMMENTS)
    for mark in COMMENTS:
        marked = [record for record in records if record.mark == mark and len(record.cells) > 1]
        if len(marked) > len(records) / 2:
            comment.remove(mark)
            records = [replace(record, mark="") if record.mark == mark else record for record in records]
    return list(records), tuple(comment)


def is_marked_row(cells: Sequence[str], width: int, numeric: Collection[int], *, needs_number: bool) -> bool:
    """Return whether a line that begins like a comment, such as ``#ff0000,2.5,up``, has the cells of a row.

    Args:
        cells: Its cells.
        width: The number of columns.
        numeric: The places of the columns of numbers.
        needs_number: Whether one of the cells must be a number; otherwise no space behind the mark is enough.
    """
    texts = [cell.strip() for cell in trimmed(cells, width)]
    if len(texts) != width or width < 2:
        return False
    numbers = {place: is_number(texts[place]) for place in numeric}
    if not all(is_number or is_missing(texts[place]) for place, is_number in numbers.items()):
        return False
    return any(numbers.values()) or not (needs_number or re.match(r"(?:[#%]|//)\s", texts[0] + " "))


def _with_marked_rows(records: Sequence[Record], plain: Sequence[Record], width: int) -> list[Record]:
    """Take the mark off lines that begin like comments but are rows."""
    numeric = [place for place, column in enumerate(cell_columns(plain[1:], width)) if is_numeric(column)]
    first = plain[0].line
    return [
        replace(record, mark="")
        if record.mark in COMMENTS and is_marked_row(record.cells, width, numeric, needs_number=record.line < first)
        else record
        for record in records
    ]


def _table_width(plain: Sequence[Record], file: str) -> int:
    """Return the number of columns: that of most rows, or of the header if some rows are as long as it."""
    width = usual_width(plain)
    first = next((record for record in plain if len(record.cells) > 1), plain[0])
    cells = trimmed(first.cells, width)
    if len(cells) <= width or first.line != plain[0].line or is_count_line(cells, width):
        return width
    others = max((len(record.cells) for record in plain[1:]), default=0)
    if others >= len(cells):
        return len(cells)
    if len(plain) > 2 and len(plain[1].cells) == width and has_header(plain[1:], width):
        return width
    problem = message_plural(
        "the header has {names} columns, but the rows have {count} cell.",
        "the header has {names} columns, but the rows have {count} cells.",
        width,
        names=len(cells),
    )
    raise line_error("wrong_shape", file, first.line, problem)


def _short_header(record: Record, rows: Sequence[Record], width: int) -> tuple[str, ...] | None:
    """Return the names in a line with one cell less than the rows have; None if it is no header.

    It lacks a name for the row names of R in the first column, or the comma at the end of each row.
    """
    if len(record.cells) != width - 1 or (width == 2 and " " in record.cells[0].strip()) or has_header(rows, width):
        return None
    if any(is_number(cell.strip()) or not cell.strip() for cell in record.cells):
        return None
    regular = [row.cells for row in rows if len(row.cells) == width]
    is_last_empty = all(not cells[-1].strip() for cells in regular)
    if not is_last_empty and len({cells[0] for cells in regular}) < len(regular):
        return None  # the names of rows differ
    return (*record.cells, "") if is_last_empty else ("", *record.cells)


def _check_short_header(record: Record, rows: Sequence[Record], width: int, file: str) -> None:
    """Raise an error if a line right before the rows, which have no header, has names for some of the columns."""
    cells = [cell.strip() for cell in record.cells]
    if not 1 < len(cells) < width or len(set(cells)) < len(cells) or has_header(rows, width):
        return
    if any(is_number(cell) or not 0 < len(cell) <= _MAX_NAME for cell in cells):
        return
    problem = message(
        "the header has {names} names, but the rows have {count} cells; correct it, or put cells that contain the "
        "separator in quotes.",
        names=len(cells),
        count=width,
    )
    raise line_error("wrong_shape", file, record.line, problem)


def _commented_header(records: Sequence[Record], first: Record, width: int) -> tuple[str, ...] | None:
    """Return the names in a comment right before the first row, as numpy.savetxt writes them."""
    before = [record for record in records if record.line < first.line]
    names = _commented_cells(before[-1], width) if before else None
    if names and len(before) > 1 and all(_BRACKETS.fullmatch(name) or parse_number(f"1{name}", ".") for name in names):
        return _commented_cells(before[-2], width) or names  # the last line has the units
    return names


def _commented_cells(record: Record, width: int) -> tuple[str, ...] | None:
    """Return the names in a comment; between them may be two spaces or more, whatever is between the cells of rows."""
    if record.mark not in ("#", "%"):
        return None
    cells = [cell.strip() for cell in record.cells]
    if len(cells) == 1:
        cells = re.split(r" {2,}|\t+", cells[0])
        cells = cells if len(cells[0]) > 1 else [" ".join(cells[:2]), *cells[2:]]
    if len(cells) == width and len(cells[0]) == 1:
        return tuple(cells)
    cells = cells[1:] if len(cells[0]) == 1 else [cells[0][1:].strip(), *cells[1:]]
    if len(cells) != width or any(not cell or parse_number(cell, ".") for cell in cells):
        return None
    return tuple(cells)
