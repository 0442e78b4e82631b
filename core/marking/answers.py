"""The answers of a class: a CSV file with the columns student, quantity and answer."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nn_tui.core.errors import InputError
from nn_tui.core.text import one_line, printable, quote, truncate
from nn_tui.core.translation import message

COLUMNS = ("student", "quantity", "answer")
MAX_ROWS = 100_000
_BEFORE_COMMA, _AFTER_COMMA = re.compile(r"\s*[-+−–]?[0-9]+\s*"), re.compile(r"[0-9]+(?:[eE][-+−–]?[0-9]+)?\s*")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of the file, as it was typed.

    Attributes:
        line: The line of the file, from 1.
        student: The name of the student.
        quantity: The name of the number.
        answer: The answer.
    """

    line: int
    student: str
    quantity: str
    answer: str


def read_answers(text: str) -> list[AnswerRow]:
    """Read the rows of a file of answers.

    Commas, semicolons or tabs separate the cells. The columns are in any order, and other columns are not used. The
    comma in a name such as ``dw1[2,1]`` needs no quotation marks, and neither does a decimal comma in the last column.

    Raises:
        InputError: The file has no rows, or its first line does not name the columns.
    """
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else "\t" if "\t" in first else ","
    rows = _rows(text, delimiter)
    line, header = next(rows, (1, []))
    names = [cell.strip().casefold() for cell in header]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        problem = message(
            "the first line must name the columns student,quantity,answer; {name} is missing.", name=quote(missing[0])
        )
        raise InputError("missing", problem, line=line)
    places = [names.index(name) for name in COLUMNS]
    found = []
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if places[2] == len(names) - 1:
            row = _merge_decimals(row, places[2])
        student, quantity, answer = (row[place].strip() if place < len(row) else "" for place in places)
        found.append(AnswerRow(line, one_line(student), quantity, answer))
        if len(found) > MAX_ROWS:
            raise InputError("too_large", message("it has more than {max:,} rows.", max=MAX_ROWS), line=line)
    if not found:
        raise InputError("missing", message("it has a header but no rows; add one line for each answer."))
    return found


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each line and its cells; a comma inside of brackets separates no cells."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            problem = message("the line cannot be read: {reason}.", reason=truncate(printable(str(error))))
            raise InputError("syntax", problem, line=reader.line_num) from None
        if row is None:
            return
        yield reader.line_num, _merge_names(row, delimiter)


def _merge_names(cells: Sequence[str], delimiter: str) -> list[str]:
    merged: list[str] = []
    for cell in cells:
        if merged and merged[-1].count("[") > merged[-1].count("]"):
            merged[-1] += delimiter + cell
        else:
            merged.append(cell)
    return merged


def _merge_decimals(cells: Sequence[str], last: int) -> list[str]:
    """Return the cells of a row in which a decimal comma, typed without quotation marks, ends no cell."""
    whole, decimals = cells[last : last + 1], cells[last + 1 : last + 2]
    if whole and decimals and _BEFORE_COMMA.fullmatch(whole[0]) and _AFTER_COMMA.fullmatch(decimals[0]):
        return [*cells[:last], f"{whole[0]},{decimals[0]}", *cells[last + 2 :]]
    return list(cells)


def with_decimal_point(answer: str) -> str:
    """Return an answer with a point in place of its decimal comma."""
    whole, comma, decimals = answer.partition(",")
    is_decimal = comma and _BEFORE_COMMA.fullmatch(whole) and _AFTER_COMMA.fullmatch(decimals)
    return f"{whole}.{decimals}" if is_decimal else answer
