"""Dates and times as people write them: recognising them, and turning them into days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Literal

DateOrder = Literal["dmy", "mdy"]

_MONTHS = (
    "jan january januar jänner janvier enero gennaio",
    "feb february februar février febrero febbraio",
    "mar march mär mrz märz maerz mars marzo",
    "apr april avril abril aprile",
    "may mai mayo maggio",
    "jun june juni juin junio giugno",
    "jul july juli juillet julio luglio",
    "aug august août agosto",
    "sep sept september septembre septiembre settembre",
    "oct october okt oktober octobre octubre ottobre",
    "nov november novembre noviembre",
    "dec december dez dezember décembre diciembre dicembre",
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTH_NUMBERS, key=len, reverse=True))})\.?"
_WEEKDAY = (
    r"(?:(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|rsday|urday|sday)?"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so|[월화수목금토일](?:요일)?)"
)
_YEAR, _ANY_YEAR, _TWO = r"(?P<year>[0-9]{4})", r"'?(?P<year>[0-9]{4}|[0-9]{2})", "[0-9]{1,2}"
_DAY = rf"(?P<day>{_TWO})(?:st|nd|rd|th|\.)?"
_DATES = (
    rf"{_YEAR}(?P<mark>[-/.]| ?\. ?)(?P<month_number>{_TWO})(?P=mark)(?P<day>{_TWO})\.?",
    rf"{_YEAR}[년年] ?(?P<month_number>{_TWO})[월月](?: ?(?P<day>{_TWO})[일日])?",
    r"(?P<year>1[6-9][0-9]{2}|2[01][0-9]{2})(?P<month_number>[0-9]{2})(?P<day>[0-9]{2})",
    rf"(?P<first>{_TWO})(?P<mark>[-/.]|\. )(?P<second>{_TWO})(?P=mark){_ANY_YEAR}\.?",
    rf"{_YEAR}[-/](?P<month_number>{_TWO})",
    rf"(?P<month_number>{_TWO})[-/.]{_YEAR}",
    rf"{_YEAR}[- ]?(?:q|년 ?)(?P<quarter>[1-4])(?:분기)?",
    rf"q(?P<quarter>[1-4])[-/ ]?{_YEAR}",
    rf"{_DAY}[-/ ]? ?{_MONTH}[-/, ]+{_ANY_YEAR}",
    rf"{_MONTH}[- ]{_DAY},? {_YEAR}",
    rf"{_YEAR}[-/ ]{_MONTH}(?:[-/ ](?P<day>{_TWO}))?",
    rf"{_MONTH}[-/, ]+{_ANY_YEAR}",
)
_TIME = (
    r"(?:(?P<before>오전|오후) ?)?(?P<hour>[0-9]{1,2})(?:[:h]|시 ?|\.(?=[0-9]{2}\.))(?P<minute>[0-9]{2})분?"
    r"(?:(?:[:.]| )?(?P<second_of_minute>[0-9]{2})초?(?:[.,][0-9]{1,9})?)? ?(?P<after>am|pm|a\.m\.|p\.m\.)?"
    r" ?(?:uhr|z|utc|gmt)?(?: ?[+-][0-9]{2}:?[0-9]{2})?"
)
_COMPACT_TIME = r"(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second_of_minute>[0-9]{2})z?"
_SECONDS_PER_DAY = 86_400
_MAX_LENGTH = 60


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of dates and times; compiling them takes longer than opening a preset."""
    dates = (
        rf"(?:{_WEEKDAY}[.,]? ?)?{day}(?: ?\(?{_WEEKDAY}\)?)?(?:,? |t|, )?(?(year)(?:{time})?)"
        for time in (_TIME, _COMPACT_TIME)
        for day in _DATES
    )
    return tuple(map(re.compile, (*dates, _TIME)))


def are_dates(texts: Sequence[str]) -> bool:
    """Return whether all texts are dates, times, or dates with times, in one of the orders of day and month."""
    return bool(texts) and date_order(texts) is not None


def date_order(texts: Sequence[str]) -> DateOrder | None:
    """Return the order of day and month in which all texts are valid dates; None if there is none.

    Where both orders are valid, day and month are read in the usual order for the mark between them: the month first
    with slashes, else the day first.
    """
    orders: tuple[DateOrder, DateOrder] = ("mdy", "dmy") if texts and "/" in texts[0] else ("dmy", "mdy")
    return next((order for order in orders if all(to_days(text, order) is not None for text in texts)), None)


def to_days(text: str, order: DateOrder = "dmy") -> float | None:
    """Return a date as days since 1 January 1970, or a time of day as a part of a day.

    Args:
        text: The date, such as ``2022-01-03``, ``3. Januar 2022``, ``2022년 1월 3일`` or ``1/3/22 10:30 pm``.
        order: The order of day and month in a date such as ``01/03/2022``.

    Returns:
        The days; None if the text is not a date.
    """
    text = " ".join(text.casefold().split())
    if len(text) > _MAX_LENGTH or not any(letter.isdigit() for letter in text):
        return None
    for pattern in _patterns():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        try:
            return (_day_number(parts, order) if parts.get("year") else 0) + _part_of_day(parts)
        except ValueError:  # such as 18.00.00, which is a time and no date
            continue
    return None


def _day_number(parts: dict[str, str | None], order: DateOrder) -> int:
    year = int(parts["year"] or "")
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 70 else 1900
    if parts.get("first"):
        first, second = int(parts["first"] or ""), int(parts["second"] or "")
        day, month = (first, second) if order == "dmy" else (second, first)
    else:
        day = int(parts.get("day") or 1)
        if parts.get("quarter"):
            month = 3 * int(parts["quarter"] or "") - 2
        elif parts.get("month"):
            month = _MONTH_NUMBERS[parts["month"] or ""]
        else:
            month = int(parts["month_number"] or "")
    return date(year, month, day).toordinal() - date(1970, 1, 1).toordinal()


def _part_of_day(parts: dict[str, str | None]) -> float:
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second_of_minute"))
    half = (parts.get("before") or parts.get("after") or "").replace(".", "")
    if half in ("pm", "오후") and hour < 12:
        hour += 12
    elif half in ("am", "오전") and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError("not a time")
    return (3600 * hour + 60 * minute + second) / _SECONDS_PER_DAY
