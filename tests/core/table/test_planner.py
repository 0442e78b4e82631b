from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.table.kinds import table_facts
from nn_tui.core.table.planner import plan_table, resolved_options
from nn_tui.core.table.reader import read_table
from nn_tui.core.table.table_data import table_data
from nn_tui.core.table.values import TableColumn, TableOptions, TablePlan, TextTable
from tests.core.table._tables import text_table

NONE = TableOptions()
# A passenger list in miniature: a row number, a name, a constant, a date, an empty column and three inputs.
PEOPLE = text_table(
    "Id name port day cabin sex age alone survived",
    [
        (
            row,
            f"person {row}",
            "S",
            f"2022-01-{row:02}",
            "",
            ("male", "female")[row % 2],
            (row * 7) % 19 + 0.5,
            ("yes", "no")[row % 3 == 0],
            row % 2,
        )
        for row in range(1, 31)
    ],
)


def plan(table: TextTable = PEOPLE, target: str | None = None, **options: object) -> TablePlan:
    return plan_table(table, replace(NONE, **options), target)  # type: ignore[arg-type]


def column(found: TablePlan, name: str) -> TableColumn:
    return next(column for column in found.columns if column.name == name)


def roles(found: TablePlan) -> dict[str, str]:
    return {column.name: column.role for column in found.columns}


def test_each_column_gets_a_role_and_a_reason() -> None:
    found = plan()
    assert [(column.name, column.role, column.kind, column.reason) for column in found.columns] == [
        ("Id", "ignored", "identifier", "row_number"),
        ("name", "ignored", "identifier", "unique_texts"),
        ("port", "ignored", "constant", "one_value"),
        ("day", "ignored", "date", "date"),
        ("cabin", "ignored", "constant", "empty"),
        ("sex", "input", "category", ""),
        ("age", "input", "number", ""),
        ("alone", "input", "boolean", ""),
        ("survived", "target", "number", "last"),
    ]
    assert column(found, "sex").categories == ("female", "male")
    assert column(found, "alone").categories == ("no", "yes")
    assert (found.target_kind, found.missing, found.image_shape) == ("classes", "mean", None)


def test_what_is_kept_is_an_input() -> None:
    found = plan(keep=("Id", "name", "port", "day"))
    assert [(column.name, column.kind) for column in found.inputs] == [
        ("Id", "number"),
        ("name", "category"),
        ("port", "category"),
        ("day", "date"),
        ("sex", "category"),
        ("age", "number"),
        ("alone", "boolean"),
    ]
    assert all(column(found, name).reason == "asked" for name in ("Id", "name", "port", "day"))
    assert [warning.column for warning in found.warnings if warning.kind == "constant_input"] == ["port"]


def test_what_is_dropped_is_ignored() -> None:
    found = plan(drop=("sex", "Id"))
    assert (roles(found)["sex"], column(found, "sex").reason) == ("ignored", "asked")
    assert column(found, "Id").reason == "asked"


def test_numbers_can_be_categories() -> None:
    found = plan(text_table("code x y", [(3, 1.5, 2.5), (10, 2.5, 1.5), (3, 0.5, 7.5)]), categories=("code",))
    assert (column(found, "code").kind, column(found, "code").categories) == ("category", ("3", "10"))


def test_any_column_can_be_the_target() -> None:
    found = plan(target="sex")
    assert (found.target.name, found.target.kind, found.target.reason) == ("sex", "category", "asked")
    assert found.target_kind == "classes"
    assert roles(found)["survived"] == "input"
    assert plan(target="age").target_kind == "numbers"
    assert plan(target="day").target_kind == "classes"  # a date that a person asks for has a class for each text
    assert plan(target="age", target_kind="classes").target_kind == "classes"


@pytest.mark.parametrize(
    ("options", "target", "code", "path", "suggestions"),
    [
        ({"drop": ("Sex ",)}, None, "not_found", "drop", ("sex",)),
        ({"keep": ("nam",)}, None, "not_found", "keep", ("name",)),
        ({"categories": ("agee",)}, None, "not_found", "categories", ("age",)),
        ({}, "surviv", "not_found", "target", ("survived",)),
        ({"drop": ("sex",), "keep": ("sex",)}, None, "conflict", "keep", ()),
        ({"drop": ("sex",), "categories": ("sex",)}, None, "conflict", "categories", ()),
        ({"drop": ("sex",)}, "sex", "conflict", "drop", ()),
        ({"keep": ("sex",)}, "sex", "conflict", "keep", ()),
        ({"keep": ("cabin",)}, None, "missing", "keep", ()),
        ({}, "port", "wrong_shape", "target", ()),
        ({}, "cabin", "missing", "target", ()),
        ({"target_kind": "numbers"}, "sex", "wrong_type", "target_kind", ()),
        ({"drop": ("Id", "name", "port", "day", "cabin", "sex", "age", "alone")}, "survived", "missing", "drop", ()),
    ],
)
def test_what_cannot_be_is_refused(
    options: dict[str, object], target: str | None, code: str, path: str, suggestions: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as caught:
        plan(PEOPLE, target, **options)
    assert (caught.value.code, caught.value.path) == (code, ("data", path))
    assert caught.value.suggestions[: len(suggestions)] == suggestions


def test_too_many_texts_to_keep_or_to_be_classes_are_refused() -> None:
    table = text_table("name x y", [(f"a{row}", row * 0.5, row % 2) for row in range(1_001)])
    for options, target in (({"keep": ("name",)}, None), ({}, "name")):
        with pytest.raises(InputError) as caught:
            plan(table, target, **options)
        assert caught.value.code == "too_large"


def test_a_column_that_is_the_only_input_is_used_although_it_counts_the_rows() -> None:
    rows = [(row, f"a{row}", row * 1.5) for row in range(1, 31)]
    found = plan(text_table("Id name y", rows))
    assert [(column.name, column.kind, column.reason) for column in found.inputs] == [("Id", "number", "only_input")]
    dates = plan(text_table("day y", [(f"{row}.1.2022", row * 1.5) for row in range(1, 31)]))
    assert [(column.name, column.kind, column.reason) for column in dates.inputs] == [("day", "date", "only_input")]


def test_a_table_without_an_input_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        plan(text_table("name y", [(f"a{row}", row * 1.5) for row in range(30)]))
    assert (caught.value.code, caught.value.path) == ("missing", ("data", "keep"))
    with pytest.raises(InputError) as caught:
        plan(text_table("y", [(1,), (2,)]))
    assert caught.value.code == "wrong_shape"


def test_the_text_that_leaves_no_input_is_named() -> None:
    table = text_table("x y", [("abc" if row == 17 else row * 1.5, row + 0.5) for row in range(30)])
    column = replace(table.columns[0], exception_count=1, exception="abc", exception_line=19)
    with pytest.raises(InputError) as caught:
        plan(replace(table, columns=(column, table.columns[1])))
    assert str(caught.value).endswith('because "abc" in line 19 is not a number; correct it.')


def test_constant_pixels_are_inputs() -> None:
    names = ["label", *(f"pixel{index}" for index in range(64))]
    table = text_table(names, [[row % 3, *[0] * 63, 200 + row] for row in range(9)])
    found = plan(table)
    assert (found.target.name, found.target_kind) == ("label", "classes")
    assert (len(found.inputs), found.image_shape) == (64, (8, 8))
    assert [(warning.kind, warning.count) for warning in found.warnings if warning.kind == "constant_input"] == [
        ("constant_input", 63)
    ]
    assert plan(table, drop=("pixel5",)).image_shape is None


@pytest.mark.parametrize(
    ("options", "target"),
    [
        ({}, None),
        ({"keep": ("Id", "day"), "drop": ("sex",), "missing": "drop"}, "age"),
        ({"categories": ("survived",)}, "alone"),
    ],
)
def test_the_same_plan_follows_from_what_was_resolved(options: dict[str, object], target: str | None) -> None:
    asked = replace(NONE, **options)  # type: ignore[arg-type]
    found = plan_table(PEOPLE, asked, target)
    resolved = resolved_options(PEOPLE, found, asked)
    again = plan_table(PEOPLE, resolved, found.target.name)
    same = [(column.name, column.role, column.kind, column.categories) for column in found.columns]
    assert [(column.name, column.role, column.kind, column.categories) for column in again.columns] == same
    assert (again.target_kind, again.missing) == (found.target_kind, found.missing)
    assert resolved_options(PEOPLE, again, resolved) == resolved
    layout = PEOPLE.layout
    assert (resolved.encoding, resolved.separator, resolved.decimal, resolved.header) == (
        layout.encoding,
        layout.separator,
        layout.decimal,
        layout.header,
    )


def test_facts_that_are_there_already_give_the_same_plan() -> None:
    assert plan_table(PEOPLE, NONE, "age", facts=table_facts(PEOPLE)) == plan(target="age")


CELLS = st.one_of(
    st.just(""),
    st.integers(-3, 12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["yes", "no", "red", "blue", "1.1.2022"]),
)
NAMES = st.sampled_from(["Id", "", "x", "t", "pixel0", "pixel1", "class", "Unnamed: 0", "나이", "a\nb", "label"])


@given(st.data())
def test_any_table_has_a_plan_or_is_refused_in_one_sentence(data: st.DataObject) -> None:
    names = data.draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    rows = data.draw(st.lists(st.tuples(*[CELLS for _ in names]), min_size=1, max_size=25))
    table = text_table(names, rows)
    used = [column.name for column in table.columns]
    chosen = st.lists(st.sampled_from([*used, "other"]), max_size=2).map(tuple)
    options = TableOptions(
        drop=data.draw(chosen),
        keep=data.draw(chosen),
        categories=data.draw(chosen),
        target_kind=data.draw(st.sampled_from([None, "classes", "numbers"])),
        missing=data.draw(st.sampled_from([None, "mean", "drop", "refuse"])),
    )
    target = data.draw(st.sampled_from([None, *used]))
    try:
        found = plan_table(table, options, target)
        rows_of_it = table_data(table, found)
    except InputError as error:
        assert str(error).isprintable()
        return
    assert [column.name for column in found.columns] == used
    assert found.inputs and found.target.role == "target"
    assert np.isfinite(rows_of_it.y).all()
    resolved = resolved_options(table, found, options)
    again = plan_table(table, resolved, found.target.name)
    assert [(column.role, column.kind, column.categories) for column in again.columns] == [
        (column.role, column.kind, column.categories) for column in found.columns
    ]


def read(rows: list[str], names: str = "code,size,grade") -> TextTable:
    """Return the table of a file, whose other columns are a number and a class."""
    lines = [f"{cell},{(row * 7) % 19}.5,{'ab'[row % 2]}" for row, cell in enumerate(rows)]
    return read_table("\n".join((names, *lines, "")).encode())


@pytest.mark.parametrize(
    ("cell", "role", "kind"),
    [
        (lambda row: f"{(row * 977) % 20_000:05}", "ignored", "identifier"),
        (lambda row: f"{row % 4:03}", "input", "category"),
        (lambda row: f"+4917{1_620_034 + row * 37}", "ignored", "identifier"),
        (lambda row: str(4968967084956299 + row * 1_000_003), "ignored", "identifier"),
        (lambda row: str(9007199254740993 + row), "ignored", "identifier"),  # some are the same float
        (lambda row: f"{13 + row}e{75 - row}", "ignored", "identifier"),
        (lambda row: str(1_700_000_000_000 + row * 60_000), "input", "number"),  # milliseconds since 1970
        (lambda row: f"{row % 12 + 1:02}", "input", "number"),  # a month
        (lambda row: f"{row % 12 + 1}e5", "input", "number"),
        (lambda row: f"0{row % 7}.5", "input", "number"),
        (lambda row: str(10**row), "input", "number"),
    ],
)
def test_numbers_that_are_written_like_codes_are_no_quantities(cell, role: str, kind: str) -> None:  # type: ignore[no-untyped-def]
    table = read([cell(row) for row in range(40)] if cell(2) != "100" else [cell(row) for row in range(14)])
    found = plan(table)
    assert (column(found, "code").role, column(found, "code").kind) == (role, kind)
    resolved = resolved_options(table, found, NONE)
    assert column(plan_table(table, resolved, "grade"), "code").kind == kind
    assert column(plan(table, keep=("code",)), "code").kind == "number", "a person knows better"


@pytest.mark.parametrize(
    ("names", "cells", "path", "sentence"),
    [
        ("a,t", lambda row: f"{row}.5,5", "target", 'the last column "t" has the same value in every row'),
        ("a,t", lambda row: f"{row}.5,", "target", 'the last column "t" has no values'),
        ("a,t", lambda row: f"{row}.5,k{row}", "target", '"k0" in the last column "t" is not a number'),
        ("w,t", lambda row: f"{row + 1} {('kg', 'g')[row % 2]},{row % 2}", "", '"1 kg" and "2 g"'),
        ("w,t", lambda row: f"{row + 1}.4Q,{row % 2}", "keep", '"1.4Q" in "w" is not a number'),
        ("w,t", lambda row: f"5,{row % 2}", "", 'because "w" has no second value'),
        ("v,w,t", lambda row: f"5,,{row % 2}", "", "none but the target has different values"),
    ],
)
def test_the_cause_that_leaves_no_input_is_said(names: str, cells, path: str, sentence: str) -> None:  # type: ignore[no-untyped-def]
    table = read_table("\n".join((names, *map(cells, range(30)), "")).encode())
    with pytest.raises(InputError, match=sentence) as caught:
        plan(table)
    assert caught.value.path == (("data", path) if path else ())


def test_one_row_is_too_few() -> None:
    with pytest.raises(InputError, match="only one row"):
        plan(text_table("a b", [(1.5, "x")]))
