from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from nn_tui.core.table.planner import plan_table
from nn_tui.core.table.sentences import assumptions, kind_name, layout_text, reason_text
from nn_tui.core.table.table_data import table_data
from nn_tui.core.table.values import Kind, Layout, Reason, TableColumn, TableOptions, TableWarning, WarningKind
from nn_tui.core.table.warning_sentences import warning_text
from tests.core.table._tables import LAYOUT, text_table


def test_how_a_file_was_read() -> None:
    assert str(layout_text(LAYOUT)) == "Read as UTF-8 text separated by commas, with a header."
    layout = Layout("cp949", ";", ",", header=False, skipped_lines=1)
    assert str(layout_text(layout)) == (
        "Read as CP949 text separated by semicolons, without a header, with decimal commas and without 1 line that is "
        "not part of the table."
    )


def test_what_was_assumed_is_one_sentence_each() -> None:
    rows = [(row, f"p{row}", "", ("m", "")[row % 2], row * 0.5) for row in range(1, 21)]
    rows[3] = (4, "p4", "", "f", "")  # type: ignore[assignment]
    table = text_table("Id name cabin sex y", rows)
    data = table_data(table, plan_table(table, TableOptions(), None))
    assert [str(sentence) for sentence in assumptions(data)] == [
        "Read as UTF-8 text separated by commas, with a header.",
        'The target is "y", a number.',
        'Ignored: "Id" (identifier), "name" (identifier) and "cabin" (constant).',
        "10 missing texts are a category of their own.",
    ]


def test_many_ignored_columns_are_counted() -> None:
    names = [*(f"c{index}" for index in range(8)), "x", "y"]
    table = text_table(names, [[*[1] * 8, row * 0.5, row * 1.5] for row in range(9)])
    data = table_data(table, plan_table(table, TableOptions(), None))
    assert str(assumptions(data)[2]).endswith('"c4" (constant) and 3 more.')


@pytest.mark.parametrize("reason", get_args(Reason))
@pytest.mark.parametrize("kind", get_args(Kind))
def test_each_reason_and_each_kind_has_a_sentence(kind: Kind, reason: Reason) -> None:
    text = str(reason_text(TableColumn("x", "input", kind, distinct=21, reason=reason, categories=("no", "yes"))))
    assert text.endswith(".") and "{" not in text
    assert str(kind_name(kind))


def test_an_input_says_what_it_becomes() -> None:
    boolean = TableColumn("alone", "input", "boolean", categories=("no", "yes"))
    assert str(reason_text(boolean)) == '"yes" is 1 and "no" is 0.'
    category = replace(boolean, kind="category", categories=("a", "b", "c"))
    assert str(reason_text(category)) == "Each of its 3 values is an input that is 0 or 1."
    single = replace(category, categories=("a",))
    assert str(reason_text(single)) == "Its only value is an input that is 1 if the row has it, and else 0."


@pytest.mark.parametrize("kind", get_args(WarningKind))
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("other", ["classes", "\x1b[31mred\n", ","])
def test_each_warning_has_a_sentence_without_control_characters(kind: WarningKind, count: int, other: str) -> None:
    text = str(warning_text(TableWarning(kind, "\x1b[2J", other if kind != "short_rows" else "7", count)))
    assert text.endswith(".") and text.isprintable()


def test_missing_values_of_a_yes_or_no_column_are_no_missing_numbers() -> None:
    table = text_table("smokes x y", [(("yes", "no", "?")[row % 3], row * 0.5, row * 1.5) for row in range(18)])
    data = table_data(table, plan_table(table, TableOptions(), None))
    assert str(assumptions(data)[2]) == (
        "6 missing values become the mean of the training rows, and one more input of each such column marks them."
    )


def test_rows_that_are_left_out_are_said_with_those_that_remain() -> None:
    assert str(warning_text(TableWarning("missing_dropped", other="14", count=105))) == (
        "105 rows with missing inputs are left out; 14 rows remain."
    )
