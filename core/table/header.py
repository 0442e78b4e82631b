"""Which of the first rows of a table has names or units, and which is a title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from nn_tui.core.table.cells import is_missing, is_no_number, parse_number
from nn_tui.core.table.dialect import Record
from nn_tui.core.table.names import is_numbering

_MIN_ROWS, _MAX_CELLS = 5, 5_000  # the rows that are looked at for the header
_NUMERIC_SHARE = 0.8  # of the values in the first rows of a column of numbers
_YEARS = range(1900, 2101)
_MIN_NUMBER_NAMES = 3  # columns whose names are years, or count them above numbers with decimals
_VALUE = re.compile(
    r"[0-9]{1,4}[-./년 ]+[0-9]{1,2}[-./월 ]+[0-9]{1,4}일?(?:[T ].*)?|[0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?", re.IGNORECASE
)
_TRUTH = frozenset(("true", "false", "yes", "no", "t", "f"))
_NOT_IN_UNITS = ("<", ">", "≤", "≥", "~", "≈", "±")  # but in values
_RULE = re.compile(r":?-{3,}:?")  # the line below the header in Markdown


def trimmed(cells: Sequence[str], width: int) -> list[str]:
    """Return cells without empty ones behind the last column."""
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return list(cells[:end])


def is_count_line(cells: Sequence[str], width: int) -> bool:
    """Return whether a line is the first one of a file of scikit-learn: counts of rows and inputs, and class names."""
    texts = [cell.strip() for cell in cells]
    return (
        len(texts) > 2
        and texts[0].isdecimal()
        and texts[1].isdecimal()
        and int(texts[1][:9]) == width - 1
        and not any(parse_number(text, ".") for text in texts[2:])
    )


def cell_columns(rows: Sequence[Record], width: int) -> list[list[str]]:
    """Return some of the cells of each column that have a value."""
    some = rows[: max(_MIN_ROWS, _MAX_CELLS // width)]
    regular = [row.cells for row in some if len(row.cells) >= width]
    return [[cell for row in regular if not is_no_number(cell := row[column].strip())] for column in range(width)]


def is_number(cell: str) -> bool:
    """Return whether a cell is a number with a decimal point or a decimal comma."""
    return bool(parse_number(cell, ".") or parse_number(cell, ","))


def is_numeric(values: Sequence[str]) -> bool:
    """Return whether nearly all values are numbers."""
    return bool(values) and sum(map(is_number, values)) >= _NUMERIC_SHARE * len(values)


def has_header(plain: Sequence[Record], width: int) -> bool:
    """Return whether the first of the records names the columns of the others.

    A text above numbers or dates is a name. A text that other rows have too is a value. A line of numbers has names
    only if they count the columns, or are in order beside a word, such as years.
    """
    first = [cell.strip() for cell in trimmed(plain[0].cells, width)]
    if len(plain) == 1:
        return not any(map(is_number, first))
    names = values = words = 0
    numbers = [cell for cell in first if is_number(cell)]
    for cell, column in zip(first, cell_columns(plain[1:], width), strict=False):
        if is_missing(cell) or is_number(cell) or not column:
            continue
        if _is_value(cell) and not (cell.casefold() in _TRUTH and is_numeric(column)):
            values += 1
        elif is_numeric(column) or all(map(_is_value, column)):
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
    if len(numbers) == len(first):
        return _are_all_names(first, plain[1:], width)
    return len(numbers) < len(first) and not any(map(is_missing, first)) and _are_numbers_names(numbers, plain, first)


def _is_value(cell: str) -> bool:
    return cell.casefold() in _TRUTH or bool(_VALUE.fullmatch(cell))


def _are_all_names(first: Sequence[str], rows: Sequence[Record], width: int) -> bool:
    """Return whether a line of numbers has years above other numbers, or counts columns of numbers with decimals."""
    if len(first) < _MIN_NUMBER_NAMES or not all(map(str.isdecimal, first)):
        return False
    columns = cell_columns(rows, width)
    below = [cell for column in columns for cell in column]
    if all(int(cell[:9]) in _YEARS for cell in first) and _is_sorted([float(cell) for cell in first]):
        return bool(below) and not any(cell.isdecimal() and int(cell[:9]) in _YEARS for cell in below)
    is_counted = any(list(first) == [str(start + place) for place in range(width)] for start in (0, 1))
    decimals = [sum(not cell.isdecimal() for cell in column) for column in columns]
    return is_counted and all(
        column and count >= _NUMERIC_SHARE * len(column) for count, column in zip(decimals, columns, strict=True)
    )


def start_after_titles(plain: Sequence[Record], start: int, width: int) -> int:
    """Return the index of the first record that is neither blank nor a title with empty cells behind it.

    A title is a text above a line of names.
    """
    place = blank = start
    while width > 1 and place < len(plain) - 1:
        filled = [cell for cell in map(str.strip, plain[place].cells) if cell]
        if len(filled) > 1 or (filled and (is_number(filled[0]) or is_missing(filled[0]))):
            break
        place += 1
        blank = blank + 1 if not filled and blank == place - 1 else blank
    names = [cell.strip() for cell in trimmed(plain[place].cells, width)]
    if not any(names):
        return start
    if place > blank and len(names) == width and all(names) and has_header(plain[place:], width):
        return place
    return blank


def joined_names(names: Sequence[str], below: Sequence[str]) -> tuple[str, ...] | None:
    """Return the names in two lines, the first of which names groups of columns; None if it names each column.

    ``Petal,,Species`` above ``length,width,`` becomes ``Petal length``, ``Petal width`` and ``Species``.
    """
    groups, lower = [name.strip() for name in names], [cell.strip() for cell in below]
    gaps = [place for place, name in enumerate(groups) if place and not name]
    if not gaps or not groups[0] or len(lower) != len(groups) or not all(lower[place] for place in gaps):
        return None
    for place in gaps:
        groups[place] = groups[place - 1]
    return tuple(f"{group} {name}".strip() for group, name in zip(groups, lower, strict=True))


def _are_numbers_names(numbers: Sequence[str], plain: Sequence[Record], first: Sequence[str]) -> bool:
    """Return whether numbers beside a word are years, or are in order where those of the next row are not."""
    parsed = [float(number.value) if (number := parse_number(cell, ".")) else 0.0 for cell in numbers]
    if len(parsed) < 2 or not _is_sorted(parsed):
        return False
    if all(value.is_integer() and 1500 <= value <= 2200 for value in parsed):
        return True
    places = [place for place, cell in enumerate(first) if is_number(cell)]
    second = plain[1].cells
    cells = [second[place].strip() for place in places if place < len(second)]
    below = [number.value for cell in cells if (number := parse_number(cell, "."))]
    return len(parsed) > 2 and not _is_sorted(below)


def _is_sorted(values: Sequence[float]) -> bool:
    return all(a < b for a, b in pairwise(values)) or all(a > b for a, b in pairwise(values))


def is_unit_line(rows: Sequence[Record], width: int) -> bool:
    """Return whether the first of the rows has a short text, such as a unit, above each column of numbers."""
    first = [cell.strip() for cell in rows[0].cells]
    if len(first) != width or len(rows) < 2:
        return False
    if all(_RULE.fullmatch(cell) for cell in first if cell) and any(first):
        return True
    if len(rows) < 3:
        return False
    columns = cell_columns(rows[1:], width)
    numeric = [(cell, column) for cell, column in zip(first, columns, strict=True) if is_numeric(column)]
    if any(cell in column or cell.startswith(_NOT_IN_UNITS) for cell, column in numeric):
        return False
    above = [cell for cell, _ in numeric]
    return (
        any(above)
        and all(not is_number(cell) and len(cell) <= 20 for cell in above)
        and not all(map(is_no_number, above))
    )
