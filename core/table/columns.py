"""Builds the columns of a table from pieces of their cells, as numbers or as texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf, nan

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.table.cells import (
    decimal_of,
    is_infinite,
    is_missing,
    is_no_number,
    is_year,
    normal_number,
    parse_number,
    plain_numbers,
)
from nn_tui.core.table.values import Decimal

_LONG_CODE = 12  # digits; money of so many digits is hardly written with the same number of them in each row
_CODE = re.compile(r"0[0-9]{2,}|\+[0-9]{8,}|[0-9]{16,}")  # one such cell is enough
_CODES = re.compile(r"[0-9]{2,}[eE][0-9]{2,}")  # a name in hexadecimal digits, if all cells are like it
_TEXT_SHARE = 0.5  # of the values in the first rows that are no numbers, for a column that is read as texts at once


class NumberColumn:
    """A column that is read as numbers, and what speaks against it.

    Args:
        decimal: The decimal mark.
        max_memo: For how many different cells the number is stored, if they are not plain numbers.

    Attributes:
        decimal: The decimal mark.
        others: The cells that are no numbers: how often they occur.
        other: The first of them and its line.
        infinite: The first infinite number and its line.
        units: How many numbers other than 0 stand beside each unit; the empty text for none.
        missing_line: The line of the first row without a value; 0 without one.
        missing_mark: The text of that cell.
    """

    def __init__(self, decimal: Decimal, max_memo: int) -> None:
        self.others = 0
        self.other = ("", 0)
        self.infinite = ("", 0)
        self.units: Counter[str] = Counter()
        self.missing_line = 0
        self.missing_mark = ""
        self._words = 0  # such as "unknown"
        self._word = ("", 0)
        self._marks: Counter[str] = Counter()
        self._first_of_mark: dict[str, tuple[str, int]] = {}
        self._first_of_unit: dict[str, tuple[str, int]] = {}
        self.decimal = decimal
        self._pieces: list[NDArray[np.float64]] = []
        self._memo: dict[str, tuple[float, str, bool, str]] = {}
        self._max_memo = max_memo

    def add(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        """Add the cells of some rows, with the lines of the rows."""
        values = plain_numbers(cells, self.decimal)
        if values is None:
            values = self._add_slowly(cells, lines)
        elif len(values):
            self.units[""] += int(np.count_nonzero(values))
            if not self._first_of_unit.get(""):
                self._first_of_unit[""] = (cells[0], lines[0])
            if not self.missing_line and (gaps := np.isnan(values)).any():
                first = int(gaps.argmax())
                self.missing_line, self.missing_mark = lines[first], cells[first].strip()
        self._pieces.append(values)

    def _add_slowly(self, cells: Sequence[str], lines: Sequence[int]) -> NDArray[np.float64]:
        values = np.empty(len(cells))
        for index, cell in enumerate(cells):
            known = self._memo.get(cell)
            if known is None:
                known = self._parse(cell.strip())
                if len(self._memo) < self._max_memo:
                    self._memo[cell] = known
            value, unit, is_number, mark = known
            values[index] = value
            if mark:
                self._marks[mark] += 1
                self._first_of_mark.setdefault(mark, (cell.strip(), lines[index]))
            if not is_number:
                text = cell.strip()
                if is_no_number(text):
                    if not self.missing_line:
                        self.missing_line, self.missing_mark = lines[index], text
                    if not is_missing(text):
                        self._words += 1
                        self._word = self._word if self._words > 1 else (text, lines[index])
                    continue
                self.others += 1
                if not self.other[1]:
                    self.other = (cell.strip(), lines[index])
            elif isinf(value):
                values[index] = nan
                if not self.infinite[1]:
                    self.infinite = (cell.strip(), lines[index])
            elif value:
                self.units[unit] += 1
                if unit not in self._first_of_unit:
                    self._first_of_unit[unit] = (cell.strip(), lines[index])
        return values

    def _parse(self, cell: str) -> tuple[float, str, bool, str]:
        if is_no_number(cell):
            return nan, "", False, ""
        if is_infinite(cell):
            return float("inf"), "", True, ""
        number = parse_number(cell, self.decimal)
        return (number.value, number.unit, True, number.mark) if number else (nan, "", False, "")

    @property
    def values(self) -> NDArray[np.float64]:
        """The numbers (rows,), NaN where there is none. If all are years in brackets, they are not negative."""
        if len(self._pieces) > 1:
            self._pieces = [np.concatenate(self._pieces)]
        values = self._pieces[0] if self._pieces else np.empty(0)
        if self._marks["("]:
            numbers = values[~np.isnan(values)]
            if len(numbers) == self._marks["("] and all(map(is_year, (-numbers).tolist())):
                return -values
        return values

    def _grades(self) -> tuple[int, tuple[str, int]] | None:
        """Return how many grades such as ``1-`` there are, and the first, if a minus behind numbers is no sign."""
        count = self._marks["-"]
        if not count:
            return None
        numbers = self.values[~np.isnan(self.values)]
        are_small = bool(((np.abs(numbers) < 10) & (numbers == np.round(numbers))).all())
        return (count, self._first_of_mark["-"]) if are_small or count == len(numbers) else None

    @property
    def unit(self) -> str:
        """The text beside most numbers, such as ``$``."""
        return max(self.units, key=lambda unit: self.units[unit], default="")

    @property
    def exceptions(self) -> tuple[int, str, int]:
        """How many values are no numbers or have another unit than most, the first of them, and its line."""
        unit = self.unit
        count, first = self.others, [self.other] if self.others else []
        if grades := self._grades():
            count += grades[0]
            first.append(grades[1])
        if self._words and not self.number_count:
            count += self._words
            first.append(self._word)
        for other, number in self.units.items():
            if other != unit and number:
                count += number
                first.append(self._first_of_unit[other])
        text, line = min(first, key=lambda place: place[1], default=("", 0))
        return count, text, line

    @property
    def number_count(self) -> int:
        """How many values are numbers."""
        return int(np.count_nonzero(~np.isnan(self.values)))


class CategoryColumn:
    """A column that is read as texts."""

    def __init__(self) -> None:
        self.missing_line = 0
        self.missing_mark = ""
        self._index: dict[str, int] = {}
        self._pieces: list[NDArray[np.int32]] = []

    def add(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        """Add the cells of some rows, with the lines of the rows."""
        codes, index = np.empty(len(cells), dtype=np.int32), self._index
        for row, cell in enumerate(cells):
            text = cell.strip()
            code = index.get(text)
            if code is None:
                code = index[text] = -1 if is_missing(text) and text != "-" else len(index)
            codes[row] = code
            if (code < 0 or text == "-") and not self.missing_line:
                self.missing_line, self.missing_mark = lines[row], text
        self._pieces.append(codes)

    @property
    def text_count(self) -> int:
        """How many different texts there are so far."""
        return len(self._index)

    @property
    def codes_and_texts(self) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        """The index of each row's text, -1 where it is missing, and the texts in the order of their first row."""
        codes = np.concatenate(self._pieces) if self._pieces else np.empty(0, dtype=np.int32)
        used, texts = list(self._index.values()), list(self._index)
        kept = [(code, text) for code, text in zip(used, texts, strict=True) if code >= 0]
        if {text for _, text in kept} != {"+", "-"}:  # beside + alone, - is a value
            kept = [(code, text) for code, text in kept if text != "-"]
        new_codes = np.full(len(texts) + 1, -1, dtype=np.int32)  # the last one is that of -1
        for new, (code, _) in enumerate(kept):
            new_codes[code] = new
        return new_codes[codes], tuple(text for _, text in kept)


def is_text(cells: Sequence[str], decimal: Decimal) -> bool:
    """Return whether most of the first cells of a column are texts."""
    filled = [cell for cell in map(str.strip, cells) if not is_missing(cell)]
    values = [cell for cell in filled if not is_no_number(cell)]
    others = sum(not parse_number(cell, decimal) and not is_infinite(cell) for cell in values)
    return others > _TEXT_SHARE * len(values) if values else bool(filled)


def are_codes(cells: Sequence[str]) -> bool:
    """Return whether the first cells of a column of numbers are written as codes rather than as quantities.

    Codes have zeros in front (``00420``), a plus in front of many digits (a telephone number), more digits than a
    64-bit number can tell apart, or many digits and the same number of them in each row.
    """
    values = [cell for cell in map(str.strip, cells) if not is_missing(cell)]
    if any(map(_CODE.fullmatch, values)) or (values and all(map(_CODES.fullmatch, values))):
        return True
    lengths = {len(value) for value in values if value.isdecimal()}
    is_one_length = len(lengths) == 1 and max(lengths) >= _LONG_CODE
    return len(set(values)) > 2 and is_one_length and all(value.isdecimal() for value in values)


@dataclass(frozen=True, slots=True)
class DecimalChoice:
    """The decimal mark of a file; ``is_doubtful`` if its numbers could have the other one."""

    decimal: Decimal
    is_doubtful: bool = False


def choose_decimal(columns: Sequence[Sequence[str]], separator: str) -> DecimalChoice:
    """Return the decimal mark with which the most columns are numbers.

    Args:
        columns: Cells of each column.
        separator: The separator: files with semicolons mostly have decimal commas.
    """
    points = commas = 0
    doubtful_commas = doubtful_points = False
    for cells in columns:
        texts = (cell.strip() for cell in cells if not cell.isascii() or "," in cell or "." in cell)
        texts = (text for text in texts if not is_missing(text) and not {",", "."}.isdisjoint(normal_number(text)))
        marked = set(texts)
        marks = [decimal_of(text) for text in marked]
        with_point, with_comma = sum(point for point, _ in marks), sum(comma for _, comma in marks)
        points += with_point > with_comma
        commas += with_comma > with_point and (separator != "," or any("," in text for text in marked))
        if with_point == with_comma and with_point:
            doubtful_commas |= any("," in text and "." not in text for text in marked)
            doubtful_points |= any("." in text and "," not in text for text in marked)
    if points or commas:
        return DecimalChoice("," if commas > points or (commas == points and separator == ";") else ".")
    if doubtful_commas:
        return DecimalChoice("," if separator == ";" else ".", True)
    return DecimalChoice(".", doubtful_points and separator == ";")
