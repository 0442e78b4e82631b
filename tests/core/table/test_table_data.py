from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.table.planner import plan_table
from nn_tui.core.table.sentences import assumptions
from nn_tui.core.table.table_data import table_data
from nn_tui.core.table.values import TableData, TableOptions, TableWarning, TextTable
from tests.core.table._tables import text_table

NONE = TableOptions()
TABLE = text_table(
    "age sex alone day fare class",
    [
        (22, "male", "no", "1.1.1970", 7.5, "low"),
        ("", "female", "yes", "3.1.1970", 71.5, "high"),
        (26, "", "?", "2.1.1970", 8.5, "mid"),
        (35, "female", "no", "5.1.1970", "", "low"),
        (35, "female", "no", "4.1.1970", 1.5, ""),
    ],
)


def data(
    table: TextTable = TABLE, target: str | None = None, test: TextTable | None = None, **options: object
) -> TableData:
    plan = plan_table(table, replace(NONE, **options), target)  # type: ignore[arg-type]
    return table_data(table, plan, test)


def test_the_rows_with_a_target_become_numbers_and_codes() -> None:
    found = data(keep=("day",))
    assert [column.name for column in found.plan.inputs] == ["age", "sex", "alone", "day", "fare"]
    np.testing.assert_array_equal(
        found.numbers,
        [[22, 0, 0, 7.5], [np.nan, 1, 2, 71.5], [26, np.nan, 1, 8.5], [35, 0, 4, np.nan]],
    )
    np.testing.assert_array_equal(found.codes, [[1], [0], [-1], [0]])
    np.testing.assert_array_equal(found.y, [1, 0, 2, 1])
    assert (found.classes, found.left_out.tolist(), found.test_rows) == (("high", "low", "mid"), [5], 0)
    assert not found.numbers.flags.writeable and not found.codes.flags.writeable and not found.y.flags.writeable


def test_number_classes_are_in_ascending_order() -> None:
    table = text_table("x y", [(0.5, 10), (1.5, 9), (2.5, 10), (3.5, -1)])
    found = data(table, target_kind="classes")
    assert found.classes == ("-1", "9", "10")
    assert found.y.tolist() == [2, 1, 2, 0]
    assert data(table, target_kind="numbers").y.tolist() == [10, 9, 10, -1]


def test_numbers_that_are_categories_have_codes() -> None:
    table = text_table("code x y", [(3, 1.5, 2.5), (10, 2.5, 1.5), ("", 0.5, 7.5), (3, 0.5, 7.5)])
    found = data(table, categories=("code",))
    assert found.codes[:, 0].tolist() == [0, 1, -1, 0]
    assert found.numbers.tolist() == [[1.5], [2.5], [0.5], [0.5]]


def test_a_boolean_may_be_written_in_several_ways() -> None:
    table = text_table("x flag y", [(0.5, "Yes", 1.5), (0.6, "NO", 2.5), (0.7, "yes", 3.5), (0.8, "no", 4.5)])
    assert data(table).numbers[:, 1].tolist() == [1, 0, 1, 0]


def test_the_second_class_of_a_boolean_target_is_the_one_that_means_yes() -> None:
    for texts, classes in (("ja nein", ("nein", "ja")), ("+ -", ("-", "+")), ("Yes no YES No", ("no", "Yes"))):
        words = texts.split() * 2
        found = data(text_table("x y", [(index * 0.5, word) for index, word in enumerate(words)]))
        assert found.classes == classes
        assert found.y.tolist() == [float(word.casefold() in ("ja", "+", "yes")) for word in words]


def test_rows_with_missing_inputs_can_be_left_out() -> None:
    found = data(missing="drop", target="fare", drop=("class",))
    assert (found.numbers.tolist(), found.y.tolist()) == ([[22, 0], [35, 0]], [7.5, 1.5])
    assert (found.rows_left_out, found.left_out.tolist()) == (3, [2, 3, 4])
    assert TableWarning("missing_dropped", other="2", count=2) in found.plan.warnings


def test_missing_inputs_can_be_refused() -> None:
    with pytest.raises(InputError) as caught:
        data(missing="refuse")
    assert (caught.value.code, caught.value.path) == ("missing", ("data", "missing"))
    assert caught.value.fields["name"] == '"age"' and caught.value.fields["row"] == 2
    assert caught.value.line == 0
    age = replace(TABLE.columns[0], missing_line=9)
    with pytest.raises(InputError) as caught:
        data(replace(TABLE, columns=(age, *TABLE.columns[1:])), missing="refuse")
    assert caught.value.line == 9
    complete = data(missing="refuse", drop=("age", "sex", "alone", "fare"), target="class", keep=("day",))
    assert complete.plan.missing == "refuse"


def test_a_table_that_has_nothing_left_is_refused() -> None:
    table = text_table("a b y", [("", 1.5, 0), (2.5, "", 1), ("", 0.5, 1)])
    with pytest.raises(InputError) as caught:
        data(table, missing="drop")
    assert (caught.value.code, caught.value.path) == ("missing", ("data", "missing"))
    table = text_table("a y", [("", 0), (2.5, 1), (0.5, 1)])
    with pytest.raises(InputError) as caught:
        data(table, missing="drop")
    assert (caught.value.code, caught.value.path) == ("wrong_shape", ("data", "target"))


def test_a_second_file_has_the_test_rows() -> None:
    train = text_table("x sex y", [(0.5, "m", "a"), (1.5, "f", "b"), (2.5, "m", "a")])
    test = text_table("y extra sex x", [("b", 1, "f", 9.5), ("", 1, "m", 8.5), ("c", 1, "other", 7.5)])
    found = data(train, test=test)
    assert found.numbers[:, 0].tolist() == [0.5, 1.5, 2.5, 9.5, 7.5]
    assert found.codes[:, 0].tolist() == [1, 0, 1, 0, -1]
    assert (found.y.tolist(), found.classes) == ([0, 1, 0, 1, 2], ("a", "b", "c"))
    assert (found.test_rows, found.left_out.tolist()) == (2, [5])
    assert TableWarning("test_classes", "y", "c", 1) in found.plan.warnings
    assert TableWarning("test_categories", "sex", "other", 1) in found.plan.warnings


def test_a_class_of_the_test_file_may_be_written_otherwise() -> None:
    train = text_table("x y", [(row * 0.5, ("<=50K", ">50K")[row % 2]) for row in range(6)])
    test = text_table("x y", [(row * 0.5, (">50K.", "<=50K.", "other")[row % 3]) for row in range(6)])
    found = data(train, test=test)
    assert found.classes == ("<=50K", ">50K", "other")
    assert found.y.tolist()[6:] == [1, 0, 2] * 2
    assert TableWarning("matched_classes", "y", ">50K", 2, text=">50K.") in found.plan.warnings


def test_only_rows_with_a_target_are_filled_in() -> None:
    table = text_table("a b y", [("", "p", ""), ("", "q", 2.5), (1.5, "", ""), (2.5, "q", 4.5), (3.5, "p", 5.5)])
    filled = [warning for warning in data(table).plan.warnings if warning.kind == "missing_filled"]
    assert filled == [TableWarning("missing_filled", "a", "number", 1)]
    assert not any("texts" in str(sentence) for sentence in assumptions(data(table)))
    test = text_table("a b y", [("", "p", ""), ("", "", 1.5)])
    filled = [warning for warning in data(table, test=test).plan.warnings if warning.kind == "missing_filled"]
    assert [(each.column, each.count) for each in filled] == [("a", 2), ("b", 1)]


def test_missing_inputs_of_the_test_rows_are_told() -> None:
    train = text_table("a b y", [(1.5, "p", "u"), ("", "q", "v"), (2.5, "p", "u"), (3.5, "q", "v")])
    test = text_table("a b y", [("", "", "u"), (1.5, "new", "v"), (2.5, "q", "v")])
    warnings = data(train, test=test).plan.warnings
    assert TableWarning("missing_filled", "a", "number", 2) in warnings
    assert TableWarning("missing_filled", "b", "category", 1) in warnings
    found = data(train, test=test, missing="drop")
    assert (len(found.y), found.test_rows, found.left_out.tolist()) == (4, 1, [2, 5, 6])
    assert TableWarning("missing_dropped", other="4", count=3) in found.plan.warnings


def test_an_error_about_a_second_file_names_it() -> None:
    train = text_table("a y", [(1.5, "u"), (2.5, "v"), (3.5, "u")])
    test = replace(text_table("a y", [("few", "u"), ("many", "v")]), file="test.csv")
    with pytest.raises(InputError) as caught:
        data(train, test=test)
    assert caught.value.file == "test.csv"


@pytest.mark.parametrize(
    ("test", "code"),
    [
        (text_table("X flag y", [(0.5, "yes", 1.5)]), "not_found"),
        (text_table("x flag z", [(0.5, "yes", 1.5)]), "not_found"),
        (text_table("x flag y", [("many", "yes", 1.5)]), "wrong_type"),
        (text_table("x flag y", [(0.5, "maybe", 1.5)]), "wrong_type"),
        (text_table("x flag y", [(0.5, "yes", "much")]), "wrong_type"),
        (text_table("x flag y", [(0.5, "yes", "")]), "missing"),
    ],
)
def test_a_second_file_that_does_not_fit_is_refused(test: TextTable, code: str) -> None:
    train = text_table("x flag y", [(0.5, "yes", 1.5), (1.5, "no", 2.5), (2.5, "no", 3.5)])
    with pytest.raises(InputError) as caught:
        data(train, test=test)
    assert (caught.value.code, caught.value.path) == (code, ("data", "test_csv"))


def test_many_rows_that_are_the_same_are_counted() -> None:
    rows = [(row * 0.5, "ab"[row % 2], row * 1.5) for row in range(40)]

    def repeated(rows: list[tuple[float, str, float]], test: TextTable | None = None) -> list[TableWarning]:
        warnings = data(text_table("x group y", rows), test=test).plan.warnings
        return [warning for warning in warnings if warning.kind == "repeated_rows"]

    assert repeated(rows) == []
    assert repeated([*rows, *rows[:6], *rows[:2]]) == [TableWarning("repeated_rows", count=8)]
    assert repeated([*rows, rows[0]]) == [], "a few are usual"
    assert repeated([*rows, *((x, group, y + 1.0) for x, group, y in rows)]) == [], "the targets differ"
    assert repeated([*rows, *rows[:8]], text_table("x group y", rows)) == [], "no row is drawn at random"
