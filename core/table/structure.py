"""The parts of a text with a table: lines before it, the header, a line of units, and the rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import is_missing, parse_number
from nn_tui.core.table.dialect import COMMENTS, Record, usual_width
from nn_tui.core.table.file_errors import line_error
from nn_tui.core.table.names import is_numbering
from nn_tui.core.table.values import MAX_COLUMNS
from nn_tui.core.translation import message, message_plural

_MIN_ROWS, _MAX_CELLS = 5, 5_000  # the rows that are looked at for the header
_NUMERIC_SHARE = 0.8  # of the values in the first rows of a column of numbers
_VALUE = re.compile(
    r"[0-9]{1,4}[-./년 ]+[0-9]{1,2}[-./월 ]+[0-9]{1,4}일?(?:[T ].*)?|[0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?"
    "|true|false|yes|no|t|f",
    re.IGNORECASE,
)
_RULE = re.compile(r":?-{3,}:?")  # the line below the header in Markdown
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


def find_structure(records: Sequence[Record], asked_header: bool | None, file: str) -> Structure:
    """Return the structure of a table from its first records.

    Args:
        records: The records of the first lines, comments included.
        asked_header: Whether there is a header, if a person said so.
        file: The name of the file, for messages.

    Raises:
        InputError: If there is no row, or too many columns.
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
    start = next(index for index, record in enumerate(plain) if len(_trimmed(record.cells, width)) == width)
    names: tuple[str, ...] | None = None
    body = start
    commented = None
    if asked_header is not False:
        commented = _commented_header(records, plain[start], width)
        if commented and (commented[0] in COMMENTS or not _has_header(plain[start:], width)):
            names = commented
    if start and names is None and asked_header is not False:
        names = _short_header(plain[start - 1], plain[start:], width)
        start -= names is not None
    if names is None:
        first = plain[start]
        after = (index for index in range(start + 1, len(plain)) if len(_trimmed(plain[index].cells, width)) == width)
        if _is_count_line(first.cells, width) and (following := next(after, None)) is not None:
            start, first = following, plain[following]
        body = start
        if asked_header or (asked_header is None and _has_header(plain[start:], width)):
            names, body = tuple(_trimmed(first.cells, width)), start + 1
    if names is not None and len(plain) > body + 1 and _is_unit_line(plain[body:], width):
        body += 1
    if body >= len(plain):
        problem = message("it has a header but no rows; add one line for each row.")
        raise InputError("missing", problem, file=file)
    skipped = sum(record.line < plain[body].line for record in records) - (names is not None)
    before = {record.mark for record in records if record.line < plain[body].line}
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


def _trimmed(cells: Sequence[str], width: int) -> list[str]:
    """Return cells without empty ones behind the last column."""
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return list(cells[:end])


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
    texts = [cell.strip() for cell in _trimmed(cells, width)]
    if len(texts) != width or width < 2:
        return False
    numbers = {place: _is_number(texts[place]) for place in numeric}
    if not all(is_number or is_missing(texts[place]) for place, is_number in numbers.items()):
        return False
    return any(numbers.values()) or not (needs_number or re.match(r"(?:[#%]|//)\s", texts[0] + " "))


def _with_marked_rows(records: Sequence[Record], plain: Sequence[Record], width: int) -> list[Record]:
    """Take the mark off lines that begin like comments but are rows."""
    numeric = [place for place, column in enumerate(_columns(plain[1:], width)) if _is_numeric(column)]
    first = plain[0].line
    return [
        replace(record, mark="")
        if record.mark and is_marked_row(record.cells, width, numeric, needs_number=record.line < first)
        else record
        for record in records
    ]


def _table_width(plain: Sequence[Record], file: str) -> int:
    """Return the number of columns: that of most rows, or of the header if some rows are as long as it."""
    width = usual_width(plain)
    first = next((record for record in plain if len(record.cells) > 1), plain[0])
    cells = _trimmed(first.cells, width)
    if len(cells) <= width or first.line != plain[0].line or _is_count_line(cells, width):
        return width
    others = max((len(record.cells) for record in plain[1:]), default=0)
    if others >= len(cells):
        return len(cells)
    if len(plain) > 2 and len(plain[1].cells) == width and _has_header(plain[1:], width):
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
    if len(record.cells) != width - 1 or (width == 2 and " " in record.cells[0].strip()) or _has_header(rows, width):
        return None
    if any(_is_number(cell.strip()) or not cell.strip() for cell in record.cells):
        return None
    is_last_empty = all(not row.cells[-1].strip() for row in rows if len(row.cells) == width)
    return (*record.cells, "") if is_last_empty else ("", *record.cells)


def _commented_header(records: Sequence[Record], first: Record, width: int) -> tuple[str, ...] | None:
    """Return the names in a comment right before the first row, as numpy.savetxt writes them."""
    before = [record for record in records if record.line < first.line]
    if not before or before[-1].mark not in ("#", "%"):
        return None
    cells = [cell.strip() for cell in before[-1].cells]
    if len(cells) == width and len(cells[0]) == 1:
        return tuple(cells)
    cells = cells[1:] if len(cells[0]) == 1 else [cells[0][1:].strip(), *cells[1:]]
    if len(cells) != width or any(not cell or parse_number(cell, ".") for cell in cells):
        return None
    return tuple(cells)


def _is_count_line(cells: Sequence[str], width: int) -> bool:
    """Return whether a line is the first one of a file of scikit-learn: counts of rows and inputs, and class names."""
    texts = [cell.strip() for cell in cells]
    return (
        len(texts) > 2
        and texts[0].isdecimal()
        and texts[1].isdecimal()
        and int(texts[1][:9]) == width - 1
        and not any(parse_number(text, ".") for text in texts[2:])
    )


def _columns(rows: Sequence[Record], width: int) -> list[list[str]]:
    """Return some of the cells of each column that have a value."""
    some = rows[: max(_MIN_ROWS, _MAX_CELLS // width)]
    regular = [row.cells for row in some if len(row.cells) >= width]
    return [[cell for row in regular if not is_missing(cell := row[column].strip())] for column in range(width)]


def _is_number(cell: str) -> bool:
    return bool(parse_number(cell, ".") or parse_number(cell, ","))


def _is_numeric(values: Sequence[str]) -> bool:
    return bool(values) and sum(map(_is_number, values)) >= _NUMERIC_SHARE * len(values)


def _has_header(plain: Sequence[Record], width: int) -> bool:
    """Return whether the first of the records names the columns of the others.

    A text above numbers or dates is a name. A text that other rows have too is a value. A line of numbers has names
    only if they count the columns, or are in order beside a word, such as years.
    """
    first = [cell.strip() for cell in _trimmed(plain[0].cells, width)]
    if len(plain) == 1:
        return not any(map(_is_number, first))
    names = values = words = 0
    numbers = [cell for cell in first if _is_number(cell)]
    for cell, column in zip(first, _columns(plain[1:], width), strict=False):
        if is_missing(cell) or _is_number(cell) or not column:
            continue
        if _VALUE.fullmatch(cell):
            values += 1
        elif _is_numeric(column) or all(_VALUE.fullmatch(value) for value in column):
            names += 1
        elif cell in column:
            values += 1
        elif len(column) > 4 and len(set(column)) <= len(column) / 2:
            words += 1  # a text above a few other texts that occur again and again
    if names or values:
        return names > values or (names == values and not numbers) or is_numbering(numbers)
    if not numbers or words:
        return True
    if is_numbering(numbers) and len(numbers) >= len(first) - 1:
        return True
    return len(numbers) < len(first) and not any(map(is_missing, first)) and _are_numbers_names(numbers, plain, first)


def _are_numbers_names(numbers: Sequence[str], plain: Sequence[Record], first: Sequence[str]) -> bool:
    """Return whether numbers beside a word are years, or are in order where those of the next row are not."""
    parsed = [float(number.value) if (number := parse_number(cell, ".")) else 0.0 for cell in numbers]
    if len(parsed) < 2 or not _is_sorted(parsed):
        return False
    if all(value.is_integer() and 1500 <= value <= 2200 for value in parsed):
        return True
    places = [place for place, cell in enumerate(first) if _is_number(cell)]
    second = plain[1].cells
    cells = [second[place].strip() for place in places if place < len(second)]
    below = [number.value for cell in cells if (number := parse_number(cell, "."))]
    return len(parsed) > 2 and not _is_sorted(below)


def _is_sorted(values: Sequence[float]) -> bool:
    return all(a < b for a, b in pairwise(values)) or all(a > b for a, b in pairwise(values))


def _is_unit_line(rows: Sequence[Record], width: int) -> bool:
    """Return whether the first of the rows has a short text, such as a unit, above each column of numbers."""
    first = [cell.strip() for cell in rows[0].cells]
    if len(first) != width or len(rows) < 2:
        return False
    if all(_RULE.fullmatch(cell) for cell in first if cell) and any(first):
        return True
    if len(rows) < 3:
        return False
    numeric = [_is_numeric(column) for column in _columns(rows[1:], width)]
    above = [cell for cell, is_numeric in zip(first, numeric, strict=True) if is_numeric]
    return (
        any(above)
        and all(not _is_number(cell) and len(cell) <= 20 for cell in above)
        and not all(map(is_missing, above))
    )
