from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.table.planner import plan_table
from nn_tui.core.table.reader import read_table
from nn_tui.core.table.values import TableOptions, TableWarning, TextTable
from nn_tui.core.table.warning_sentences import warning_text
from tests.core.table._tables import text_table

ROWS = 30


def warnings(table: TextTable, target: str | None = None, **options: object) -> tuple[TableWarning, ...]:
    return plan_table(table, TableOptions(**options), target).warnings  # type: ignore[arg-type]


def kinds(table: TextTable, target: str | None = None) -> list[str]:
    return [warning.kind for warning in warnings(table, target)]


def test_nothing_is_to_be_known_about_a_simple_table() -> None:
    assert warnings(text_table("x y", [(row * 0.5, row * 1.5) for row in range(ROWS)])) == ()


def test_missing_values_are_told_by_column() -> None:
    table = text_table("age sex y", [("", "m", 1.5), (2.5, "", ""), (3.5, "", 2.5), ("", "f", 3.5)])
    assert warnings(table) == (
        TableWarning("target_missing", "y", count=1),
        TableWarning("missing_filled", "age", "number", 2),
        TableWarning("missing_filled", "sex", "category", 1),
    )
    assert warnings(table, missing="drop") == (TableWarning("target_missing", "y", count=1),)


def test_another_column_that_is_named_like_a_target_is_told() -> None:
    table = text_table("survived x alone", [(row % 3 % 2, row * 0.5, ("no", "yes")[row % 2]) for row in range(ROWS)])
    assert warnings(table) == (TableWarning("target_name", "alone", "survived"),)
    assert warnings(table, "alone") == ()


def test_classes_of_one_row_and_many_classes_are_told() -> None:
    cells = [(row * 0.5, f"class {min(row // 2, 21)}") for row in range(120)]
    assert warnings(text_table("x y", [*cells, (1.0, "odd"), (2.0, "rare")])) == (
        TableWarning("many_classes", "y", count=24),
        TableWarning("small_class", "y", "odd", 2),
    )


def test_what_a_reader_found_out_is_told() -> None:
    table = text_table("x y", [(row * 0.5, row * 1.5) for row in range(ROWS)])
    first, second = table.columns
    table = replace(
        table,
        columns=(
            replace(first, exception_count=1, exception="abc", exception_line=7),
            replace(second, written_name="x"),
        ),
        short_rows=2,
        short_line=5,
        is_decimal_doubtful=True,
    )
    assert warnings(table) == (
        TableWarning("short_rows", other="5", count=2),
        TableWarning("decimal", other="."),
        TableWarning("not_a_number", "x", "abc", 7),
        TableWarning("renamed", "y", "x"),
    )


def test_a_number_with_another_unit_is_not_called_no_number() -> None:
    table = text_table(["x", "w", "y"], [("$1", 2.5, 0), ("€2", 3.5, 1), ("$3", 1.5, 0), ("$4", 2, 1)])
    first, *others = table.columns
    found = warnings(
        replace(table, columns=(replace(first, exception_count=1, exception="€2", exception_line=3), *others))
    )
    assert TableWarning("not_a_number", "x", "€2", 3, text="unit") in found
    assert '"€2" in line 3 has another unit' in str(
        warning_text(TableWarning("not_a_number", "x", "€2", 3, text="unit"))
    )


@pytest.mark.parametrize(
    ("one", "target", "is_same"),
    [
        (lambda row: ("no", "yes")[row % 2], lambda row: row % 2, True),
        (lambda row: "abc"[row % 3], lambda row: ("red", "green", "blue")[row % 3], True),
        (lambda row: round(row**1.5 * 1_350), lambda row: row**1.5, True),  # another currency
        (lambda row: 2.0**row, lambda row: row**1.5, True),  # the logarithm
        (lambda row: "ab"[row % 2], lambda row: ("red", "green", "blue")[row % 3], False),
        (lambda row: "abc"[row % 3], lambda row: row % 3 // 2, False),
        (lambda row: (row * 7) % 11, lambda row: row**1.5, False),
        (lambda row: row + (row * 7) % 11, lambda row: row + 0.5, False),
        (lambda row: f"name {row}", lambda row: row**1.5, False),
    ],
)
def test_an_input_with_the_values_of_the_target_is_told(one, target, is_same: bool) -> None:  # type: ignore[no-untyped-def]
    table = text_table("other x target", [((row * 5) % 7 + 0.5, one(row), target(row)) for row in range(1, ROWS + 1)])
    assert kinds(table, "target").count("same_as_target") == is_same


def test_a_straight_line_through_the_only_input_is_what_is_to_be_learnt() -> None:
    assert kinds(text_table("x y", [(row * 0.5, 1000 + row) for row in range(ROWS)])) == []


def same_inputs(table: TextTable) -> list[TableWarning]:
    return [warning for warning in warnings(table, "y") if warning.kind == "same_as_input"]


def test_inputs_that_say_the_same_are_told() -> None:
    rows = [
        (
            row % 3 + 1,
            ("First", "Second", "Third")[row % 3],
            row**1.5,
            round(row**1.5 * 0.4536, 9),
            (row * 7) % 11,
            row % 4,
        )
        for row in range(1, ROWS + 1)
    ]
    found = same_inputs(text_table("pclass class pounds kilograms other y", rows))
    assert found == [
        TableWarning("same_as_input", "class", "pclass", 1),
        TableWarning("same_as_input", "kilograms", "pounds", 1),
    ]
    many = text_table("a b c d e f y", [(*[row % 3] * 6, row % 4) for row in range(ROWS)])
    assert same_inputs(many) == [TableWarning("same_as_input", "b", "a", 5)]


def test_a_column_that_is_mostly_missing_is_told() -> None:
    table = text_table("deck x y", [("AB"[row % 2] if row < 14 else "", row * 0.5, row * 1.5) for row in range(ROWS)])
    assert TableWarning("mostly_missing", "deck", "30", 16) in warnings(table)
    table = text_table("deck x y", [("AB"[row % 2] if row < 15 else "", row * 0.5, row * 1.5) for row in range(ROWS)])
    assert "mostly_missing" not in kinds(table), "half of it is there"


@pytest.mark.parametrize(
    ("name", "cell", "is_time"),
    [
        ("when", lambda row: f"2021-03-{row + 1:02}", True),
        ("model_year", lambda row: 70 + row // 3, True),
        ("Year", lambda row: 2020 - row, True),
        ("year", lambda row: 2000 + (row * 7) % 11, False),
        ("YearsExperience", lambda row: 1.1 + row // 2, False),
        ("rooms", lambda row: row // 4, False),
    ],
)
def test_rows_in_the_order_of_a_time_are_told(name: str, cell, is_time: bool) -> None:  # type: ignore[no-untyped-def]
    table = text_table(f"x {name} y", [((row * 5) % 7 + 0.5, cell(row), (row * 7) % 23 + 0.5) for row in range(ROWS)])
    assert (TableWarning("time_order", name) in warnings(table)) == is_time


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (lambda row: 5, 'The last column "c" has the same value in every row, so "b" is the target.'),
        (lambda row: "", 'The last column "c" has no values, so "b" is the target.'),
        (lambda row: f"note {row}", 'The last column "c" has 30 different texts, so "b" is the target.'),
        (lambda row: f"2021-03-{row + 1:02}", 'The last column "c" has dates or times, so "b" is the target.'),
        (lambda row: row, 'The last column "c" looks like an identifier, so "b" is the target.'),
        (
            lambda row: row % 2 if row < 9 else "",
            'The last column "c" has a value in only 9 rows, so "b" is the target.',
        ),
    ],
)
def test_a_last_column_that_is_not_the_target_is_told(last, sentence: str) -> None:  # type: ignore[no-untyped-def]
    table = text_table("a b c", [((row * 5) % 7 + 0.5, row**1.5, last(row)) for row in range(ROWS)])
    assert [str(warning_text(each)) for each in warnings(table) if each.kind == "last_column"] == [sentence]
    assert "last_column" not in [each.kind for each in warnings(table, drop=("c",))], "a person knows it"
    assert "last_column" not in kinds(table, "b"), "a person chose it"


@pytest.mark.parametrize(
    ("first", "header", "found"),
    [
        (lambda row: row % 3 + 1, False, [TableWarning("class_first", "4", "1", 3)]),
        (lambda row: "MB"[row % 2], False, [TableWarning("class_first", "4", "1", 2)]),
        (lambda row: 842_302 + row * 37, False, [TableWarning("maybe_identifier", "1")]),
        (lambda row: row % 3 + 1, True, []),
        (lambda row: (3, 7)[row % 2], False, []),
        (lambda row: row * 0.5, False, []),
    ],
)
def test_a_class_or_an_identifier_in_the_first_column_without_a_name_is_told(first, header: bool, found) -> None:  # type: ignore[no-untyped-def]
    rows = [(first(row), (row * 5) % 17 + 0.5, (row * 7) % 19 + 0.5, row**1.5) for row in range(ROWS)]
    table = text_table("1 2 3 4", rows, header=header)
    kinds = ("class_first", "maybe_identifier")
    assert [each for each in warnings(table) if each.kind in kinds] == found


@pytest.mark.parametrize(
    ("texts", "similar"),
    [
        (("Setosa", "setosa", "virginica"), ("Setosa", "setosa")),
        ((">50K", ">50K.", "<=50K"), (">50K", ">50K.")),
        (("new york", "New-York", "x"), ("new york", "New-York")),
        (("1", "0", "TRUE"), ("1", "TRUE")),
        (("A", "A-", "A+"), None),
        (("1-2", "12", "3"), None),
        (("Yes", "yes", "no"), None),  # the words of a boolean are alike
    ],
)
def test_classes_that_may_be_one_are_told(texts: tuple[str, ...], similar: tuple[str, str] | None) -> None:
    table = text_table("x y", [(row * 0.5, texts[row % len(texts)]) for row in range(ROWS)])
    found = [(each.other, each.text) for each in warnings(table) if each.kind == "similar_texts"]
    assert found == ([similar] if similar else [])


def test_the_mark_of_a_missing_class_is_named() -> None:
    rows = [f"{row}.5,{('None', 'mild', 'severe')[row % 3]}" for row in range(ROWS)]
    table = read_table("\n".join(("x,y", *rows, "")).encode())
    assert warnings(table) == (TableWarning("target_missing", "y", "None", 10),)
    assert '"None" in "y" means no value' in str(warning_text(warnings(table)[0]))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("x;y\n" + "1.234;5.678\n" * 9 + "2.345;6.789\n", "The points in the numbers are taken as decimal points"),
        ("x;y\n" + "1,234;5,678\n" * 9 + "2,345;6,789\n", "The commas in the numbers are taken as decimal commas"),
    ],
)
def test_the_doubtful_mark_is_one_that_the_file_has(content: str, sentence: str) -> None:
    found = [str(warning_text(each)) for each in warnings(read_table(content.encode())) if each.kind == "decimal"]
    assert [text.partition(";")[0] for text in found] == [sentence]


def test_a_coordinate_is_not_called_a_target() -> None:
    rows = [((row * 5) % 7, (row * 3) % 8, row**1.5) for row in range(ROWS)]
    assert "target_name" not in kinds(text_table("X Y area", rows))
    assert "target_name" in kinds(text_table("a Y area", rows))


@pytest.mark.parametrize(("last", "is_total"), [("Total", True), ("Summe:", True), ("평균", True), ("c", False)])
def test_a_last_row_of_totals_is_told(last: str, is_total: bool) -> None:
    rows = [("ab"[row % 2], row * 0.5, row * 1.5) for row in range(ROWS)]
    found = warnings(text_table("item x y", [*rows, (last, 217.5, 652.5)]))
    assert (TableWarning("total_row", other=last) in found) == is_total


def test_a_guessed_encoding_is_told() -> None:
    table = text_table("x y", [(row * 0.5, row * 1.5) for row in range(ROWS)])
    guessed = replace(table, layout=replace(table.layout, encoding="cp949"))
    assert warnings(guessed) == (TableWarning("encoding", other="cp949"),)
    assert warnings(guessed, encoding="cp949") == ()
