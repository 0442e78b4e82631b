from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.table.encode import (
    encode_inputs,
    encode_values,
    fill_values,
    input_names,
    standardized_columns,
    typed_values,
)
from nn_tui.core.table.planner import plan_table
from nn_tui.core.table.table_data import table_data
from nn_tui.core.table.values import TableColumn, TableData, TableOptions, TablePlan, TextTable
from tests.core.table._tables import LAYOUT, text_table


def data(table: TextTable, target: str | None = None, **options: object) -> TableData:
    return table_data(table, plan_table(table, TableOptions(**options), target))  # type: ignore[arg-type]


TITANIC = data(
    text_table(
        "age sex fare deck alone survived",
        [
            (22, "male", 7.5, "", "no", 0),
            ("", "female", 71.5, "C", "yes", 1),
            (26, "female", 8.5, "", "yes", 1),
            (36, "male", 53.5, "E", "", 0),
        ],
    )
)
TRAIN = np.array([True, True, False, True])


def test_each_column_becomes_inputs_in_the_order_of_the_file() -> None:
    fill = fill_values(TITANIC, TRAIN)
    assert input_names(TITANIC) == (
        "age",
        "age missing",
        "sex=female",
        "sex=male",
        "fare",
        "deck=C",
        "deck=E",
        "deck=missing",
        "alone",
        "alone missing",
    )
    np.testing.assert_array_equal(fill, [29.0, (7.5 + 71.5 + 53.5) / 3, 0.5])
    np.testing.assert_array_equal(
        encode_inputs(TITANIC, fill),
        [
            [22, 0, 0, 1, 7.5, 0, 0, 1, 0, 0],
            [29, 1, 1, 0, 71.5, 1, 0, 0, 1, 0],
            [26, 0, 1, 0, 8.5, 0, 0, 1, 1, 0],
            [36, 0, 0, 1, 53.5, 0, 1, 0, 0.5, 1],
        ],
    )
    assert standardized_columns(TITANIC).nonzero()[0].tolist() == [0, 4]


def test_numbers_without_gaps_are_used_as_they_are() -> None:
    table = data(text_table("a b y", [(1.5, 2.5, 1.5), (2.5, 1.5, 3.5)]))
    assert encode_inputs(table, fill_values(table, np.array([True, True]))) is table.numbers


def test_two_inputs_never_have_the_same_name() -> None:
    table = data(text_table(["a", "a missing", "y"], [("", 2.5, 1.5), (2.5, 1.5, 3.5)]))
    assert input_names(table) == ("a", "a missing", "a missing (2)")


def test_the_fill_of_huge_numbers_and_of_columns_without_a_training_value_is_finite() -> None:
    table = data(text_table("a b y", [(1.7e308, "", 1.5), (1.7e308, "", 3.5), ("", 2.5, 2.5), (1.6e308, 3.5, 4.5)]))
    fill = fill_values(table, np.array([True, True, False, False]))
    assert fill.tolist() == [1.7e308, 0.0]


def test_typed_cells_are_encoded_like_the_rows_of_the_table() -> None:
    fill = fill_values(TITANIC, TRAIN)
    rows = [
        ("22", " male", "7.5", "", "no"),
        ("?", "Female", "71.5", "C", "YES"),
        ("26.0", "female", "8.5", "NA", "1"),
        ("36", "male", "5.35e1", "E", "-"),
    ]
    np.testing.assert_array_equal(
        encode_values(TITANIC, fill, *typed_values(TITANIC, rows)), encode_inputs(TITANIC, fill)
    )


def test_typed_dates_units_and_decimal_commas_are_read() -> None:
    names = ("day", "price", "y")
    table = text_table(names, [("3.1.1970", 1.5, 2.5), ("5.1.1970", 3.5, 1.5), ("6.1.1970", 3.0, 3.5)])
    table = replace(
        table,
        layout=replace(table.layout, decimal=","),
        columns=(table.columns[0], replace(table.columns[1], unit="€"), table.columns[2]),
    )
    found = data(table, keep=("day",))
    rows = encode_values(
        found, np.zeros(2), *typed_values(found, [("4. Januar 1970", "€ 1.234,5"), ("5.1.1970", "2,5€")])
    )
    assert rows.tolist() == [[3.0, 1234.5], [4.0, 2.5]]


@pytest.mark.parametrize(
    ("cells", "code", "suggestions"),
    [
        (("22", "mal", "7.5", "C", "no"), "not_found", ("male",)),
        (("22", "male", "7.5", "c3", "no"), "not_found", ("C",)),
        (("old", "male", "7.5", "C", "no"), "wrong_type", ()),
        (("inf", "male", "7.5", "C", "no"), "wrong_type", ()),
        (("22", "male", "7.5"), "wrong_shape", ()),
    ],
)
def test_typed_cells_that_do_not_fit_are_refused(
    cells: tuple[str, ...], code: str, suggestions: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as caught:
        typed_values(TITANIC, [cells])
    assert caught.value.code == code
    assert set(suggestions) <= set(caught.value.suggestions)


def test_a_value_like_no_other_gets_the_values_that_there_are() -> None:
    with pytest.raises(InputError) as caught:
        typed_values(TITANIC, [("22", "male", "7.5", "C", "maybe")])
    assert caught.value.sentence == '"maybe" is not one of its values, such as "no" or "yes".'


def test_more_inputs_than_memory_may_hold_are_refused() -> None:
    rows = 500_000
    code = TableColumn("code", "input", "category", categories=tuple(map(str, range(81))))
    target = TableColumn("y", "target", "number")
    plan = TablePlan((code, target), "numbers")
    table = TableData(LAYOUT, plan, np.zeros((rows, 0)), np.zeros((rows, 1)), np.zeros(rows))
    with pytest.raises(InputError) as caught:
        encode_inputs(table, np.zeros(0))
    assert (caught.value.code, caught.value.fields["inputs"]) == ("too_large", 81)


CELLS = st.one_of(st.just(""), st.integers(-5, 5), st.floats(-1e300, 1e300, allow_nan=False))
WORDS = st.sampled_from(["", "red", "green", "blue", "missing"])


@given(st.lists(st.tuples(CELLS, WORDS, st.sampled_from(["", "yes", "no"])), min_size=4, max_size=20))
def test_any_table_is_encoded_to_finite_numbers_and_its_cells_to_the_same_bits(
    cells: list[tuple[object, str, str]],
) -> None:
    names = ("x", "color", "flag", "z", "y")
    rows = [(*row, index * 0.5, index % 2) for index, row in enumerate(cells)]
    table = data(text_table(names, rows), "y")
    fill = fill_values(table, np.arange(len(rows)) % 2 == 0)
    x = encode_inputs(table, fill)
    assert x.shape == (len(rows), len(input_names(table))) == (len(rows), len(standardized_columns(table)))
    assert np.isfinite(x).all()
    used = [names.index(column.name) for column in table.plan.inputs]
    typed = [[str(row[index]) for index in used] for row in rows]
    np.testing.assert_array_equal(encode_values(table, fill, *typed_values(table, typed)), x)
