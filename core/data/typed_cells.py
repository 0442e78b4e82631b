"""A row of cells as a person types it: ``1, 0.5, "a, b"``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from nn_tui.core.table.values import RawValue
from nn_tui.core.text import NUMBER

_SIGNS = str.maketrans("−–", "--")
_MAX_EXACT = 10  # characters of a number that is written with all its digits
_NEEDS_QUOTES = re.compile(r'[,;"\t]|^\s|\s$|^$')


class TypedCell(NamedTuple):
    """A cell of a typed row, and the part of the row from ``start`` to ``end`` where it is written."""

    text: str
    start: int
    end: int


def parse_number(text: str) -> float | None:
    """Return the number that a cell writes; None for anything else, also for NaN and infinities."""
    text = text.strip().translate(_SIGNS)
    return float(text) if NUMBER.fullmatch(text) else None


def typed_cells(text: str, count: int) -> tuple[TypedCell, ...]:
    """Split a row into its cells.

    Cells have commas between them; semicolons if there is one outside of quotes, so that a number may have a decimal
    comma. Numbers may also have tabs or spaces between them.

    Args:
        text: The row.
        count: The number of inputs. A single one may be written with a decimal comma.
    """
    spans = _spans(text, ";")
    if len(spans) == 1 and count > 1:
        spans = _spans(text, ",")
    if len(spans) == 1 and count > 1:
        spans = _spans(text, "\t")
    if len(spans) == 1:
        words = [(word.start(), word.end()) for word in re.finditer(r"\S+", text)]
        spans = words if len(words) > 1 and all(parse_number(text[a:b]) is not None for a, b in words) else spans
    return tuple(TypedCell(_unquote(text[start:end]), start, end) for start, end in spans)


def _spans(text: str, separator: str) -> list[tuple[int, int]]:
    """Return the parts of a text between the separators that are outside of quotes."""
    spans, start, is_quoted = [], 0, False
    for index, char in enumerate(text):
        if char == '"' and (is_quoted or text[index - 1] == '"' or _is_cell_start(text[:index])):
            is_quoted = not is_quoted
        elif char == separator and not is_quoted:
            spans.append((start, index))
            start = index + 1
    return [*spans, (start, len(text))]


def _is_cell_start(before: str) -> bool:
    """Return whether the next character is the first one of a cell, whatever stands between cells."""
    return before.rstrip(" ")[-1:] in ("", ",", ";", "\t")


def _unquote(text: str) -> str:
    text = text.strip()
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].replace('""', '"') if is_quoted else text


def join_cells(cells: Sequence[RawValue], decimal: str = ".") -> str:
    """Write cells as a row that :func:`typed_cells` splits into the same cells again.

    Numbers have at most six significant digits, unless all their digits are about as short.

    Args:
        cells: The cells.
        decimal: The decimal mark. With a comma, the cells have semicolons between them.
    """
    separator = "; " if decimal == "," else ", "
    return separator.join(_write_cell(cell, decimal) for cell in cells)


def _write_cell(cell: RawValue, decimal: str) -> str:
    text = cell_text(cell, decimal)
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if isinstance(cell, str) and _NEEDS_QUOTES.search(text) else text


def cell_text(cell: RawValue, decimal: str = ".") -> str:
    """Return a single cell as a person types it; a number as in :func:`join_cells`."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    exact, short = repr(cell).removesuffix(".0"), f"{cell:.6g}"
    return (exact if len(exact) <= _MAX_EXACT else short).replace(".", decimal)
