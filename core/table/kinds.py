"""The kind of each column: number, boolean, category, date, identifier, constant or text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.table.dates import are_dates
from nn_tui.core.table.names import is_axis_name, is_id_name, target_rank, words
from nn_tui.core.table.values import Kind, Reason, TextColumn, TextTable

MAX_CATEGORIES = 20  # at most so many different texts are one-hot encoded without being asked for
MIN_COUNTED_ROWS = 10  # a column with another name than an identifier's counts rows only from so many rows on
_MIN_ROWS_PER_ID = 0.9  # identifiers may come twice in at most a tenth of the rows
_MAX_MISSING_IDS = 0.1
_MIN_FLAG_SHARE = 0.05  # one value and so many gaps are a yes and a no
_MIN_NAMES, _MIN_NAME_SHARE = 5, 0.6  # so many different texts, and in more than so many of the rows, are names
_DATE_SAMPLE = 200
_MAX_EXACT = 2.0**53  # larger whole numbers lose digits
_BOOLEANS = (  # the texts for 0 and 1
    ("false", "true"),
    ("f", "t"),
    ("no", "yes"),
    ("n", "y"),
    ("off", "on"),
    ("b", "m"),  # benign and malignant
    ("benign", "malignant"),
    ("neg", "pos"),
    ("negative", "positive"),
    ("nein", "ja"),
    ("falsch", "wahr"),
    ("non", "oui"),
    ("no", "si"),
    ("no", "sí"),
    ("faux", "vrai"),
    ("falso", "vero"),
    ("falso", "verdadero"),
    ("falso", "verdadeiro"),
    ("não", "sim"),
    ("nee", "ja"),
    ("nej", "ja"),
    ("nei", "ja"),
    ("onwaar", "waar"),
    ("nie", "tak"),
    ("ne", "ano"),
    ("nem", "igen"),
    ("hayır", "evet"),
    ("нет", "да"),
    ("ложь", "истина"),
    ("いいえ", "はい"),
    ("なし", "あり"),
    ("偽", "真"),
    ("陰性", "陽性"),
    ("否", "是"),
    ("无", "有"),
    ("假", "真"),
    ("阴性", "阳性"),
    ("아니오", "예"),
    ("아니요", "예"),
    ("아니요", "네"),
    ("거짓", "참"),
    ("무", "유"),
    ("없음", "있음"),
    ("-", "+"),
    ("음성", "양성"),
)
_EPOCH_MS = (9e11, 2.2e12)  # milliseconds since 1970 in the years 1998 to 2039
_TIMESTAMP_WORDS = frozenset(("timestamp", "unixtime", "unix"))


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What the values and the name of a column say about it.

    Attributes:
        kind: The kind of its values.
        missing: The number of rows without a value.
        distinct: The number of different values.
        reason: Why it is not an input unless a person asks for it; empty for an input.
    """

    kind: Kind
    missing: int
    distinct: int
    reason: Reason = ""


@np.errstate(all="ignore")  # differences of huge numbers overflow
def table_facts(table: TextTable) -> tuple[ColumnFacts, ...]:
    """Return the facts about each column of a table; they depend on no option."""
    return tuple(
        _text_facts(column) if column.numbers is None else _number_facts(table, place, column.numbers)
        for place, column in enumerate(table.columns)
    )


def boolean_texts(texts: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the texts that mean 0 and 1 if the texts are the two words of a boolean; else None.

    If a word is written in several ways, such as ``Yes`` and ``yes``, it is the first one.
    """
    found = {text.casefold(): text for text in reversed(texts)}
    for zero, one in _BOOLEANS:
        if found.keys() == {zero, one}:
            return found[zero], found[one]
    return None


def number_texts(numbers: NDArray[np.float64]) -> tuple[str, ...]:
    """Return the different numbers of a column as texts in ascending order, such as ``1``, ``2.5``."""
    values = np.unique(numbers[~np.isnan(numbers)]).tolist()
    return tuple(str(int(value)) if value.is_integer() else repr(value) for value in values)


def coded_texts(column: TextColumn) -> tuple[tuple[str, ...], NDArray[np.signedinteger]]:
    """Return the different values of a column as texts, and the index (rows,) of each row's value among them.

    Numbers are in ascending order. The index of a missing value is −1.
    """
    if column.numbers is None:
        return column.texts, column.text_codes
    different = np.unique(column.numbers[~np.isnan(column.numbers)])
    codes = np.searchsorted(different, column.numbers)
    codes[np.isnan(column.numbers)] = -1
    return number_texts(different), codes


def _number_facts(table: TextTable, place: int, numbers: NDArray[np.float64]) -> ColumnFacts:
    column = table.columns[place]
    values = numbers[~np.isnan(numbers)]
    missing = len(numbers) - len(values)
    different = np.unique(values)
    distinct = int(different.size)
    if not distinct:
        return ColumnFacts("constant", missing, 0, "empty")
    if distinct == 1 and not _is_flag(missing, len(numbers)):
        return ColumnFacts("constant", missing, 1, "one_value")
    if not bool((different == np.round(different)).all()):
        return ColumnFacts("number", missing, distinct)
    is_epoch = different[0] >= _EPOCH_MS[0] and different[-1] < _EPOCH_MS[1]
    if column.is_code and not is_epoch and not is_axis_name(column.name):
        is_exact = different[0] > -_MAX_EXACT and different[-1] < _MAX_EXACT
        if distinct <= MAX_CATEGORIES and is_exact and not is_nearly_distinct(distinct, len(values)):
            return ColumnFacts("category", missing, distinct)
        return ColumnFacts("identifier", missing, distinct, "code")
    if _are_numeric_dates(column.name, different):
        return ColumnFacts("date", missing, distinct, "date")
    if missing <= _MAX_MISSING_IDS * len(numbers) and not column.unit and distinct > 1:
        reason = _id_reason(table, place, values, different)
        if reason:
            return ColumnFacts("identifier", missing, distinct, reason)
    return ColumnFacts("number", missing, distinct)


def _id_reason(table: TextTable, place: int, values: NDArray[np.float64], different: NDArray[np.float64]) -> Reason:
    """Return why whole numbers identify the rows; empty if they are a measurement."""
    column, rows = table.columns[place], len(values)
    steps = np.diff(values)
    if not column.is_named and table.layout.header:
        counts_again = np.mean(steps == 1.0) > _MIN_ROWS_PER_ID  # several tables with an index each, put together
        return "unnamed_index" if different.size == rows or counts_again else ""
    counts = different.size == rows and float(different[-1]) - float(different[0]) == rows - 1
    if is_id_name(column.name):
        return ("row_number" if counts else "id_name") if different.size >= _MIN_ROWS_PER_ID * rows else ""
    in_order = bool((steps == 1.0).all() or (steps == -1.0).all())
    if not in_order or different[0] not in (0.0, 1.0) or rows < MIN_COUNTED_ROWS or len(table.columns) < 3:
        return ""
    if not column.is_named:
        return "row_number"
    names = {other.name for other in table.columns}
    is_at_end = place in (0, len(table.columns) - 1)
    is_measured = is_axis_name(column.name, names) or target_rank(column.name, names) > 0
    return "row_number" if is_at_end and not is_measured else ""


def _are_numeric_dates(name: str, different: NDArray[np.float64]) -> bool:
    """Return whether all whole numbers are dates such as 20220103, or seconds since 1970 in a column of this name."""
    low, high = different[0], different[-1]
    if low >= 1e8 and high < 1e13 and _TIMESTAMP_WORDS & set(words(name)):
        return True
    if low < 17000101 or high > 22001231 or different.size < 3:
        return False
    return all(_is_date_number(int(value)) for value in different[:: 1 + different.size // _DATE_SAMPLE])


def _is_date_number(value: int) -> bool:
    try:
        date(value // 10_000, value // 100 % 100, value % 100)
    except ValueError:
        return False
    return True


def _text_facts(column: TextColumn) -> ColumnFacts:
    codes = column.text_codes
    missing, distinct = int((codes < 0).sum()), len(column.texts)
    filled = len(codes) - missing
    if not distinct:
        return ColumnFacts("constant", missing, 0, "empty")
    if distinct == 1 and not _is_flag(missing, len(codes)):
        return ColumnFacts("constant", missing, 1, "one_value")
    if boolean_texts(column.texts):
        return ColumnFacts("boolean", missing, distinct)
    sample = column.texts[:: 1 + distinct // _DATE_SAMPLE]
    if are_dates(sample) and are_dates(column.texts):
        return ColumnFacts("date", missing, distinct, "date")
    if distinct == filled and distinct > 2:
        return ColumnFacts("identifier", missing, distinct, "unique_texts")
    if distinct > MAX_CATEGORIES or is_nearly_distinct(distinct, filled):
        is_id = is_id_name(column.name) and distinct >= _MIN_ROWS_PER_ID * filled
        return ColumnFacts("identifier" if is_id else "text", missing, distinct, "id_name" if is_id else "many_texts")
    return ColumnFacts("category", missing, distinct)


def is_nearly_distinct(distinct: int, rows: int) -> bool:
    """Return whether so few rows have the same text that the texts are names rather than categories."""
    return distinct > _MIN_NAMES and distinct > _MIN_NAME_SHARE * rows


def _is_flag(missing: int, rows: int) -> bool:
    """Return whether a column with one value says yes in some rows, and no by leaving out the value in the others."""
    return missing >= _MIN_FLAG_SHARE * rows
