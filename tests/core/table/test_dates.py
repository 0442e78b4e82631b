from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.table.dates import are_dates, date_order, to_days

JANUARY_3_2022 = 18995.0


@pytest.mark.parametrize(
    "text",
    [
        "2022-01-03",
        "2022/1/3",
        "2022.01.03",
        "2022. 1. 3.",
        "20220103T000000",
        "2022-01-03T00:00:00Z",
        "2022-01-03 00:00:00+09:00",
        "03.01.22",
        "3. Januar 2022",
        "3 January 2022",
        "3-Jan-22",
        "Jan 3, 2022",
        "Mon, 03 Jan 2022 00:00:00 GMT",
        "Montag, 3. Januar 2022",
        "2022년 1월 3일",
        "2022-01-03(월)",
        "2022年1月3日",
    ],
)
def test_a_date_is_read_in_many_forms(text: str) -> None:
    assert to_days(text) == JANUARY_3_2022


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2022-01", JANUARY_3_2022 - 2),
        ("Januar 2022", JANUARY_3_2022 - 2),
        ("2022년 1월", JANUARY_3_2022 - 2),
        ("2022Q1", JANUARY_3_2022 - 2),
        ("2022-01-03 오후 6:00", JANUARY_3_2022 + 0.75),
        ("2022-01-03 12:00 am", JANUARY_3_2022),
        ("06:00", 0.25),
        ("18.00.00", 0.75),
    ],
)
def test_months_quarters_and_times_are_dates(text: str, days: float) -> None:
    assert to_days(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "40-49",
        "0-2",
        "1.5",
        "10.50",
        "third",
        "march",
        "c123",
        "192.168.1.10",
        "2019-20",
        "13.45.2020",
        "31.02.2020",
        "",
    ],
)
def test_other_texts_are_no_dates(text: str) -> None:
    assert to_days(text) is None
    assert not are_dates([text])


def test_the_order_of_day_and_month_is_that_in_which_all_dates_are_valid() -> None:
    assert date_order(["01/03/2022", "12/31/2022"]) == "mdy"
    assert date_order(["01/03/2022", "31/12/2022"]) == "dmy"
    assert date_order(["01/13/2022", "13/01/2022"]) is None
    assert date_order(["01/03/2022"]) == "mdy"
    assert date_order(["01.03.2022"]) == "dmy"


@given(st.dates(date(1700, 1, 1), date(2200, 1, 1)))
def test_each_day_has_its_number(day: date) -> None:
    days = (day - date(1970, 1, 1)) / timedelta(days=1)
    assert to_days(day.isoformat()) == to_days(f"{day.day}.{day.month}.{day.year}") == days


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_none(text: str) -> None:
    days = to_days(text)
    assert days is None or abs(days) < 4e6
