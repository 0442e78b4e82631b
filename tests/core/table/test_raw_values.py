"""Tests of the values of a table as a person knows them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.table.encode import encode_inputs, encode_values, fill_values, typed_values
from nn_tui.core.table.planner import plan_table
from nn_tui.core.table.raw_values import decode_inputs, raw_rows, table_values
from nn_tui.core.table.table_data import table_data
from nn_tui.core.table.values import TableData, TableOptions, TextTable
from tests.core.table._tables import text_table

NAMES = "age sex fare deck alone day survived"
ROWS: Sequence[Sequence[object]] = [
    (22, "male", 7.5, "", "no", "3.1.1970", 0),
    ("", "female", 71.5, "C", "yes", "4.1.1970", 1),
    (26, "female", 8.5, "", "yes", "", 1),
    (36, "male", 53.5, "E", "", "5.1.1970 12:30", 0),
]


def data(table: TextTable, target: str | None = None, **options: object) -> TableData:
    return table_data(table, plan_table(table, TableOptions(**options), target))  # type: ignore[arg-type]


PEOPLE = data(text_table(NAMES, ROWS), keep=("day",))
FILL = fill_values(PEOPLE, np.ones(4, dtype=np.bool_))


def test_inputs_are_decoded_to_the_values_of_the_file() -> None:
    numbers, codes = decode_inputs(PEOPLE, encode_inputs(PEOPLE, FILL))
    np.testing.assert_array_equal(numbers, PEOPLE.numbers)
    np.testing.assert_array_equal(codes, PEOPLE.codes)
    assert raw_rows(PEOPLE, numbers, codes) == (
        (22.0, "male", 7.5, None, "no", "1970-01-03"),
        (None, "female", 71.5, "C", "yes", "1970-01-04"),
        (26.0, "female", 8.5, None, "yes", None),
        (36.0, "male", 53.5, "E", None, "1970-01-05 12:30:00"),
    )


def test_raw_values_are_typed_back_to_the_same_inputs() -> None:
    cells = [
        ["" if value is None else str(value) for value in row] for row in raw_rows(PEOPLE, PEOPLE.numbers, PEOPLE.codes)
    ]
    typed = encode_values(PEOPLE, FILL, *typed_values(PEOPLE, cells))
    np.testing.assert_allclose(typed, encode_inputs(PEOPLE, FILL), rtol=1e-12)


def test_a_value_between_the_two_of_a_boolean_stays_a_number() -> None:
    x = encode_inputs(PEOPLE, FILL)[:1].copy()
    x[0, 8] = 0.25
    assert raw_rows(PEOPLE, *decode_inputs(PEOPLE, x))[0][4] == 0.25


def test_another_table_has_the_inputs_by_name_in_any_order() -> None:
    order = [3, 5, 0, 4, 2, 1]  # without the target
    names = [NAMES.split()[index] for index in order]
    other = text_table(["more", *names], [["x", *(row[index] for index in order)] for row in ROWS])
    numbers, codes = table_values(PEOPLE, other)
    np.testing.assert_array_equal(numbers, PEOPLE.numbers)
    np.testing.assert_array_equal(codes, PEOPLE.codes)


def test_a_table_without_a_header_may_have_the_inputs_in_their_order() -> None:
    trained = data(text_table(["1", "2", "3"], [(0, 1.5, 2.5), (1, 2.5, 1.5)], header=False), "1")
    other = text_table(["1", "2"], [(7.5, 8.5)], header=False)
    assert table_values(trained, other)[0].tolist() == [[7.5, 8.5]]


def test_numbers_that_are_categories_or_booleans_are_found() -> None:
    rows = [(3, "yes", 1.5), (1, "no", 2.5), (3, "no", 0.5)]
    trained = data(text_table("class flag y", rows), categories=("class",))
    numbers, codes = table_values(trained, text_table("class flag", [(3, 1), ("", 0), (1, 1)]))
    assert codes[:, 0].tolist() == [1, -1, 0] and numbers[:, 0].tolist() == [1, 0, 1]
    assert raw_rows(trained, numbers, codes) == ((3.0, "yes"), (None, "no"), (1.0, "yes"))
    cells = [("3.0", "yes"), ("", "no"), ("1", "yes")]
    assert all(map(np.array_equal, typed_values(trained, cells), (numbers, codes)))


@pytest.mark.parametrize(
    ("names", "rows", "said"),
    [
        ("age sex fare deck alon day", [row[:6] for row in ROWS], 'there is no column "alone"; .* mean "alon"'),
        ("sex fare deck alone day", [row[1:6] for row in ROWS], 'there is no column "age"'),
        ("a b", [(1, 2)], "6 columns are missing, the first of them"),
        ("sex alone day age", [("male", "no", "3.1.1970", 1)], 'no columns "fare" and "deck"'),
    ],
)
def test_missing_columns_are_named(names: str, rows: Sequence[Sequence[object]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        table_values(PEOPLE, text_table(names, rows))


def test_a_value_of_another_kind_is_named_with_the_nearest_category() -> None:
    rows = [(22, "mle", 7.5, "", "no", "")]
    with pytest.raises(InputError, match=r'people\.csv: sex: "mle" is not one of its values\.') as caught:
        table_values(PEOPLE, text_table("age sex fare deck alone day", rows))
    assert "male" in caught.value.suggestions
    with pytest.raises(InputError, match='"old" is not a number'):
        table_values(PEOPLE, text_table("age sex fare deck alone day", [("old", "male", 7.5, "", "no", "")]))


CELLS = st.one_of(st.just(""), st.integers(-5, 5), st.floats(-1e300, 1e300, allow_nan=False))
WORDS = st.sampled_from(["", "red", "green", "blue", "missing"])


@given(st.lists(st.tuples(CELLS, WORDS, st.sampled_from(["", "yes", "no"])), min_size=4, max_size=20))
def test_any_table_is_decoded_and_read_again_to_the_same_values(cells: list[tuple[object, str, str]]) -> None:
    table = text_table("x color flag z y", [(*row, index * 0.5, index % 2) for index, row in enumerate(cells)])
    found = data(table, "y")
    x = encode_inputs(found, fill_values(found, np.arange(len(cells)) % 2 == 0))
    for numbers, codes in (decode_inputs(found, x), table_values(found, table)):
        np.testing.assert_array_equal(numbers, found.numbers)
        np.testing.assert_array_equal(codes, found.codes)
