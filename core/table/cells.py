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
_NO_NUMBERS = frozenset(  # words for no value in a column of numbers; in a column of texts they are texts
    re.split(
        r"\|",
        "*|**|:|missing|unknown|not available|not applicable|not known|no data|nodata|no value|undefined|blank|empty|"
        "tbd|tba|n.d.|nd|n.v.|n.k.|n. a.|k. a.|k.a|ka|keine angabe|keine angaben|unbekannt|fehlt|inconnu|manquant|"
        "non disponible|desconocido|sin datos|s/d|sconosciuto|onbekend|brak|brak danych|нет данных|н/д|없음|미상|모름|"
        "해당없음|해당 없음|무응답|不明|欠損|無回答|未知|无|暂无|缺失",
    )
)
_EXPONENT = (
    r"(?:[eE](?P<exponent>[+-]?[0-9]+)|[dD](?P<fortran>[+-][0-9]+)|\s*[×x*·]\s*10\s*(?:\^|\*\*)(?P<power>[+-]?[0-9]+))?"
)
_SPACES = " \u00a0\u2009\u202f"
_GROUPED = {  # thousands marks between groups of three digits
    ".": r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]*)?|"  # as in India: 12,34,567
    rf"[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?:\.[0-9]*)?|[1-9][0-9]{{0,2}}(?:['’{_SPACES}][0-9]{{3}})+(?:\.[0-9]*)?",
    ",": rf"[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+(?:,[0-9]*)?|[1-9][0-9]{{0,2}}(?:['’{_SPACES}][0-9]{{3}})+(?:,[0-9]*)?",
}
_PLAIN = {
    ".": r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+",
    ",": r"[0-9]+(?:,[0-9]*)?|,[0-9]+",
}
_CURRENCIES = r"$€£¥₩₹₽₺₫฿¢₪₦₱元円원\\"  # the won is a backslash in CP949
_CODES = (
    "USD|EUR|GBP|KRW|JPY|CNY|CHF|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|RUB|TRY|"
    r"US\$|R\$|C\$|A\$|Rs\.?|kr\.?|zł|Fr\.?"
)
_UNITS = (
    "%|‰|°C|°F|℃|℉|°|[mck]?m|[µμ]m|nm|[mk]?g|t|lbs?|oz|ft|in|yd|mi|m[²³23]|cm[²³23]|km[²³2]|㎡|[mcd]?l|L|"
    "[µμm]?s|sec|min|h|hrs?|"
    "[kM]?Hz|GHz|[kM]?W|kWh|hp|PS|V|mV|A|mA|[kKMGT]B|MiB|GiB|mph|km/h|m/s|mpg|cc|bpm|mmHg|kcal|cal|kJ|J|N|Pa|hPa|kPa|"
    "years?|yrs?|days?|months?|만원|천원|명|개|건|회|대|세|살|년|월|일|시간|분|초|점|위|층|평"
)
_NUMBER = {
    mark: re.compile(
        rf"(?P<open>\()?(?P<sign>[+-])?\s*(?P<before>[{_CURRENCIES}]|{_CODES})?\s*(?P<sign2>[+-])?\s*"
        rf"(?P<digits>{_GROUPED[mark]}|{_PLAIN[mark]}){_EXPONENT}\s*(?P<sign3>-)?\s*"
        rf"(?P<after>[{_CURRENCIES}]|{_CODES}|{_UNITS})?(?P<close>\))?"
    )
    for mark in (".", ",")
}
_QUICK = {mark: re.compile(rf"[+-]?[0-9]+(?:{re.escape(mark)}[0-9]+)?") for mark in (".", ",")}
_WRITTEN_MARKS = frozenset({"NA", "N/A", "?", "-", "null", "NULL", "None", "nan", "NaN", ".", "#N/A", "--"})
_DIGITS = "".join(chr(zero + digit) for zero in (0xFF10, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50) for digit in range(10))
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_OTHER_SIGNS = str.maketrans(
    "−–‐‑‒﹣－＋．，٫٪％￦￥＄￡" + _DIGITS, "-------+.,.%%₩¥$£" + 6 * "0123456789", _INVISIBLE + "٬"
)
_KOREAN = re.compile(r"(?P<hundred_millions>[0-9.,]+) ?억 ?(?:(?P<ten_thousands>[0-9.,]+) ?만)? ?원?")
_NO_CENTS = re.compile(r"(?<=[0-9])[.,][-—]{1,2}(?=[^0-9]*$)")  # 3.- and 98,-- are prices
_OTHER_CENTS = {".": re.compile("[0-9],[-–—]"), ",": re.compile(r"[0-9]\.[-–—]")}
_YEARS = 1500, 2200
_DASH = re.compile(rf"[{_CURRENCIES}] *[-–]|[-–] *[{_CURRENCIES}]")  # how spreadsheets write no amount
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_MAX_MARK = 14  # characters of a mark of a missing value
_MAX_LENGTH = 400  # of a number with a unit or thousands marks; the longest plain one has fewer digits that count
_GROUP_MARKS = str.maketrans("", "", f"'’{_SPACES}")


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that is a number, the text beside it, such as ``$`` or ``%``, and a doubtful mark of its sign.

    ``mark`` is ``-`` for a minus behind the number, and ``(`` for brackets around it.
    """

    value: float
    unit: str = ""
    mark: str = ""


def is_missing(cell: str) -> bool:
    """Return whether a cell without spaces around it has no value."""
    if not cell or len(cell) > _MAX_MARK:
        return not cell
    if cell[0] == "#":
        return bool(SPREADSHEET_ERROR.fullmatch(cell))
    return cell.casefold() in MISSING_MARKS or bool(_DASH.fullmatch(cell))


def is_no_number(cell: str) -> bool:
    """Return whether a cell of a column of numbers has no value, perhaps in words such as ``unknown``."""
    return is_missing(cell) or (len(cell) <= _MAX_MARK and cell.casefold() in _NO_NUMBERS)


def is_year(value: float) -> bool:
    """Return whether a number may be a year."""
    return _YEARS[0] <= value <= _YEARS[1] and value.is_integer()


def normal_number(cell: str) -> str:
    """Return a cell with ASCII digits and signs, without invisible characters and Excel's ``="3.5"`` around it."""
    if not cell.isascii():
        cell = cell.translate(_OTHER_SIGNS).strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 3:
        cell = cell[2:-1].strip()
    return _NO_CENTS.sub("", cell) if cell and not cell[-1].isdigit() else cell


def is_infinite(cell: str) -> bool:
    """Return whether a cell is written as an infinite number."""
    return bool(_INFINITE.fullmatch(cell))


def parse_number(cell: str, decimal: Decimal) -> Number | None:
    """Return a cell without spaces around it as a number; None if it is none.

    Thousands marks, signs of currencies, percent signs, common units, negative numbers in brackets and a minus behind
    the number are understood, and so are prices such as ``3.-``. A number too large for 64 bits is infinite.
    """
    if _QUICK[decimal].fullmatch(cell):
        return Number(float(cell.replace(",", ".")))
    if len(cell) > _MAX_LENGTH:
        return None
    written, cell = cell, normal_number(cell)
    if cell != written and decimal in cell and _OTHER_CENTS[decimal].search(written):
        return None  # 1.234,- has no decimal point
    if "억" in cell and (match := _KOREAN.fullmatch(cell)):
        millions, thousands = (parse_number(match[group] or "0", decimal) for group in (1, 2))
        return Number(10_000 * millions.value + thousands.value, "만원") if millions and thousands else None
    match = _NUMBER[decimal].fullmatch(cell)
    if not match or bool(match["open"]) != bool(match["close"]):
        return None
    before, after = match["before"] or "", match["after"] or ""
    signs = [sign for sign in (match["sign"], match["sign2"], match["sign3"], match["open"]) if sign]
    if len(signs) > 1 or (before and after):
        return None
    digits = match["digits"].translate(_GROUP_MARKS)
    digits = digits.replace(",", "") if decimal == "." else digits.replace(".", "").replace(",", ".")
    value = float(f"{digits}e{match['exponent'] or match['fortran'] or match['power'] or '0'}")
    mark = match["open"] or match["sign3"] or ""
    return Number(-value if signs and signs[0] != "+" else value, before or after, mark)


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
