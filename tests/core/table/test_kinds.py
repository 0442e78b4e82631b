from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.table.kinds import ColumnFacts, boolean_texts, number_texts, table_facts
from tests.core.table._tables import text_table

ROWS = 30


def facts(name: str, cells: list[object], place: int = 0, header: bool = True) -> ColumnFacts:
    """Return the facts about a column at a place among three others."""
    others: list[list[object]] = [[0.5 + (index * 7) % 11 for index in range(len(cells))] for _ in range(3)]
    columns = [*others[:place], cells, *others[place:]]
    names = [*["a", "b", "c"][:place], name, *["a", "b", "c"][place:]]
    return table_facts(text_table(names, list(zip(*columns, strict=True)), header=header))[place]


COUNT = list(range(1, ROWS + 1))
SHUFFLED = np.random.default_rng(0).permutation(COUNT).tolist()


@pytest.mark.parametrize(
    ("name", "cells", "place", "reason"),
    [
        ("Id", COUNT, 0, "row_number"),
        ("Id", COUNT, 2, "row_number"),
        ("PassengerId", [number + 891 for number in COUNT], 1, "row_number"),
        ("index", SHUFFLED, 3, "row_number"),
        ("id", [number * 37 + 842_302 for number in SHUFFLED], 0, "id_name"),
        ("crab", COUNT, 0, "row_number"),
        ("Id", [*COUNT[:-1], ""], 0, "row_number"),  # with a blank row
        ("rank", COUNT[::-1], 0, "row_number"),
        ("rank", [number - 1 for number in COUNT], 3, "row_number"),
        ("", [number - 1 for number in COUNT], 0, "unnamed_index"),
        ("", [number * 3 for number in SHUFFLED], 0, "unnamed_index"),
        ("", [*range(15), *range(15)], 0, "unnamed_index"),
        ("X", COUNT, 0, "row_number"),
    ],
)
def test_a_number_that_names_its_row_is_an_identifier(name: str, cells: list[object], place: int, reason: str) -> None:
    found = facts(name, cells, place)
    assert (found.kind, found.reason) == ("identifier", reason)


@pytest.mark.parametrize(
    ("name", "cells", "place"),
    [
        ("x", [number / 10 for number in range(ROWS)], 0),  # a sorted measurement
        ("YearsExperience", sorted(number * 0.3 for number in COUNT), 0),
        ("year", [1950 + number for number in COUNT], 0),
        ("t", COUNT, 0),
        ("x", COUNT, 0),
        ("price", COUNT, 3),  # named like a target
        ("width", COUNT, 1),  # neither named like an identifier nor at an end
        ("crab", SHUFFLED, 0),  # not in order
        ("crab", [number * 2 for number in COUNT], 0),
        ("store_id", [number % 5 for number in COUNT], 0),
        ("height", COUNT[:5], 0),  # few rows may be in order by chance
        ("flag", [number % 2 for number in COUNT], 0),
    ],
)
def test_a_measurement_is_no_identifier(name: str, cells: list[object], place: int) -> None:
    found = facts(name, cells, place)
    assert (found.kind, found.reason) == ("number", "")


def test_a_count_in_a_file_without_a_header_is_an_identifier_and_a_measurement_is_not() -> None:
    assert facts("1", list(COUNT), 0, header=False).kind == "identifier"
    assert facts("2", list(COUNT), 1, header=False).kind == "identifier"
    assert facts("1", [number * 7 for number in COUNT], 0, header=False).kind == "number"


def test_the_time_of_a_series_of_two_columns_is_an_input() -> None:
    table = text_table("step value", [(step, step * 0.5) for step in range(ROWS)])
    assert table_facts(table)[0].kind == "number"


@pytest.mark.parametrize(
    ("cells", "kind", "reason"),
    [
        ([f"car {number}" for number in COUNT], "identifier", "unique_texts"),
        ([f"car {number // 2}" for number in COUNT] * 2, "category", ""),
        ([f"car {number % 21}" for number in range(90)], "text", "many_texts"),
        ([f"car {number % 20}" for number in range(90)], "category", ""),
        ([f"car {number}" for number in range(16)] + ["car 1"] * 4, "text", "many_texts"),
        (["red", "red", "blue", "green"], "category", ""),
        (["TRUE", "FALSE", "TRUE"], "boolean", ""),
        (["yes", "no", "?"], "boolean", ""),
        (["M", "B", "B"], "boolean", ""),
        (["예", "아니오", "예"], "boolean", ""),
        (["male", "female", "male"], "category", ""),
        (["2022-01-03", "2022-01-04", "2022-01-04"], "date", "date"),
        ([20220103, 20220104, 20220105], "date", "date"),
        (["Southampton"] * 5, "constant", "one_value"),
        ([108] * 5, "constant", "one_value"),
        (["x", "", "x", "", "x"], "category", ""),  # a value or none: yes or no
        ([1, "", 1, "", 1], "number", ""),
        ([1] * 99 + [""], "constant", "one_value"),
        (["", "", ""], "constant", "empty"),
    ],
)
def test_the_kind_follows_from_the_values(cells: list[object], kind: str, reason: str) -> None:
    found = facts("name", cells, 1)
    assert (found.kind, found.reason) == (kind, reason)


def test_missing_and_different_values_are_counted() -> None:
    assert (facts("age", [3, "", 4, 3]).missing, facts("age", [3, "", 4, 3]).distinct) == (1, 2)
    assert (facts("sex", ["m", "", "f", "m"]).missing, facts("sex", ["m", "", "f", "m"]).distinct) == (1, 2)


def test_the_second_text_of_a_boolean_is_1() -> None:
    assert boolean_texts(("Yes", "No")) == ("No", "Yes")
    assert boolean_texts(("M", "B")) == ("B", "M")
    assert boolean_texts(("ja", "nein")) == ("nein", "ja")
    assert boolean_texts(("예", "아니오")) == ("아니오", "예")
    for words in ("FAUX VRAI", "falso vero", "нет да", "いいえ はい", "否 是", "nie tak", "Nee Ja"):
        zero, one = words.split()
        assert boolean_texts((one, zero)) == (zero, one)
    assert boolean_texts(("male", "female")) is None
    assert boolean_texts(("yes",)) is None


def test_numbers_are_written_without_a_fraction_of_0() -> None:
    assert number_texts(np.array([2.5, 1.0, np.nan, 1.0, -3.0])) == ("-3", "1", "2.5")
