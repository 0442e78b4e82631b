"""The cells of a table: marks of missing values, and the ways in which people write numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isinf, nan

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.table.values import Decimal

MISSING_MARKS = frozenset(
    (
        "", "?", "-", "--", "---", ".", "..", "...", "…", "–", "—", "na", "n/a", "n.a.", "nan", "-nan", "<na>", "null",
        "none", "nil", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "(null)", "\\n", "k.a.", "결측",
    )
)  # fmt: skip
SPREADSHEET_ERROR = re.compile(  # in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and others
    r"#(?:N/A(?: N/A)?|NA|NV|N/D|N/B|N/P|Н/Д|SAKNAS|UEBERLAUF|ÜBERLAUF|OGILTIGT)(?![\w])!?"
    r"|#[¡¿]?[^\W\d_]{2,11}(?:/0)?[!?]",
    re.IGNORECASE,
)
_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
_SPACES = " \u00a0\u2009\u202f"
_GROUPED = {  # thousands marks between groups of three digits
    ".": rf"[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?:\.[0-9]*)?|[1-9][0-9]{{0,2}}(?:['’{_SPACES}][0-9]{{3}})+(?:\.[0-9]*)?",
    ",": rf"[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+(?:,[0-9]*)?|[1-9][0-9]{{0,2}}(?:['’{_SPACES}][0-9]{{3}})+(?:,[0-9]*)?",
}
_PLAIN = {
    ".": rf"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+){_EXPONENT}",
    ",": rf"(?:[0-9]+(?:,[0-9]*)?|,[0-9]+){_EXPONENT}",
}
_CURRENCIES = "$€£¥₩₹₽₺₫฿¢₪₦₱元円원"
_CODES = (
    "USD|EUR|GBP|KRW|JPY|CNY|CHF|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|RUB|TRY|"
    r"US\$|R\$|C\$|A\$|Rs\.?|kr\.?|zł|Fr\.?"
)
_UNITS = (
    "%|‰|°C|°F|℃|℉|°|[mck]?m|[µμ]m|nm|[mk]?g|t|lbs?|oz|ft|in|yd|mi|m[²³23]|cm[²³23]|km[²³2]|㎡|[mcd]?l|L|"
    "[µμm]?s|sec|min|h|hrs?|"
    "[kM]?Hz|GHz|[kM]?W|kWh|hp|PS|V|mV|A|mA|[kKMGT]B|MiB|GiB|mph|km/h|m/s|mpg|cc|bpm|mmHg|kcal|cal|kJ|J|N|Pa|hPa|kPa|"
    "years?|yrs?|days?|months?|만원|천원|억원|명|개|건|회|대|세|살|년|월|일|시간|분|초|점|위|층|평"
)
_NUMBER = {
    mark: re.compile(
        rf"(?P<open>\()?(?P<sign>[+-])?\s*(?P<before>[{_CURRENCIES}]|{_CODES})?\s*(?P<sign2>[+-])?\s*"
        rf"(?P<digits>{_GROUPED[mark]}|{_PLAIN[mark]})\s*(?P<sign3>-)?"
        rf"(?P<after>[{_CURRENCIES}]|{_CODES}|{_UNITS})?(?P<close>\))?"
    )
    for mark in (".", ",")
}
_QUICK = {mark: re.compile(rf"[+-]?[0-9]+(?:{re.escape(mark)}[0-9]+)?") for mark in (".", ",")}
_WRITTEN_MARKS = frozenset({"NA", "N/A", "?", "-", "null", "NULL", "None", "nan", "NaN", ".", "#N/A", "--"})
_OTHER_SIGNS = str.maketrans("−﹣－＋．，０１２３４５６７８９", "---+.,0123456789")
_DASH = re.compile(rf"[{_CURRENCIES}] *[-–]|[-–] *[{_CURRENCIES}]")  # how spreadsheets write no amount
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_MAX_MARK = 14  # characters of a mark of a missing value
_MAX_LENGTH = 400  # of a number with a unit or thousands marks; the longest plain one has fewer digits that count
_GROUP_MARKS = str.maketrans("", "", f"'’{_SPACES}")


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that is a number, and what stands beside it, such as ``$`` or ``%``."""

    value: float
    unit: str = ""


def is_missing(cell: str) -> bool:
    """Return whether a cell without spaces around it has no value."""
    if not cell or len(cell) > _MAX_MARK:
        return not cell
    if cell[0] == "#":
        return bool(SPREADSHEET_ERROR.fullmatch(cell))
    return cell.casefold() in MISSING_MARKS or bool(_DASH.fullmatch(cell))


def is_infinite(cell: str) -> bool:
    """Return whether a cell is written as an infinite number."""
    return bool(_INFINITE.fullmatch(cell))


def parse_number(cell: str, decimal: Decimal) -> Number | None:
    """Return a cell without spaces around it as a number; None if it is none.

    Thousands marks, signs of currencies, percent signs, common units, negative numbers in brackets and a minus behind
    the number are understood. A number too large for 64 bits is infinite.
    """
    if _QUICK[decimal].fullmatch(cell):
        return Number(float(cell.replace(",", ".")))
    if len(cell) > _MAX_LENGTH:
        return None
    match = _NUMBER[decimal].fullmatch(cell if cell.isascii() else cell.translate(_OTHER_SIGNS))
    if not match or bool(match["open"]) != bool(match["close"]):
        return None
    before, after = match["before"] or "", match["after"] or ""
    signs = [sign for sign in (match["sign"], match["sign2"], match["sign3"], match["open"]) if sign]
    if len(signs) > 1 or (before and after):
        return None
    digits = match["digits"].translate(_GROUP_MARKS)
    digits = digits.replace(",", "") if decimal == "." else digits.replace(".", "").replace(",", ".")
    value = float(digits)
    return Number(-value if signs and signs[0] != "+" else value, before or after)


def plain_numbers(cells: Sequence[str], decimal: Decimal) -> NDArray[np.float64] | None:
    """Return cells as numbers, NaN where they are missing; None if a cell is written otherwise than as a plain number.

    This is the quick way for most columns of most files.
    """
    values = _floats(cells, decimal)
    if values is None and not _WRITTEN_MARKS.isdisjoint(cells):
        values = _floats(["" if cell in _WRITTEN_MARKS else cell for cell in cells], decimal)
    return values


def _floats(cells: Sequence[str], decimal: Decimal) -> NDArray[np.float64] | None:
    joined = "\x1f".join(cells)
    if "_" in joined or not joined.isascii():  # float() would accept 1_000 and digits of other scripts
        return None
    if decimal == ",":
        if "." in joined:
            return None
        if "," in joined:
            cells = joined.replace(",", ".").split("\x1f")
    try:
        values = np.array([float(cell) if cell else nan for cell in cells], dtype=np.float64)
    except ValueError:
        return None
    return None if np.isinf(values).any() else values


def decimal_of(cell: str) -> tuple[bool, bool]:
    """Return whether a cell is a number with a decimal point, and whether it is one with a decimal comma."""
    point = parse_number(cell, ".")
    comma = parse_number(cell, ",") if "," in cell or "." in cell else point
    return bool(point and isfinite(point.value)), bool(comma and not isinf(comma.value))
