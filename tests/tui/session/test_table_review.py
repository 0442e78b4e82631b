"""Tests of the choices for a table: roles, kinds, missing values, the test part, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.table.reader import read_table
from nn_tui.core.table.values import Layout
from nn_tui.tui.background.table_opener import TableOpener, with_shared_columns
from nn_tui.tui.session.table_reading import SEPARATORS, other_decimal, other_header, other_separators, read_with
from nn_tui.tui.session.table_review import (
    TableReview,
    choose_input,
    choose_target,
    ignore,
    next_kind,
    next_missing,
    next_role,
    next_test_share,
    review_table,
    try_review,
)
from tests.core.table._tables import text_table

TABLES = Path(__file__).parents[2] / "core" / "table" / "files"
PEOPLE = text_table(
    "id height smokes town name weight",
    [(row, 150 + row % 7, ("yes", "no")[row % 2], "ABC"[row % 3], f"name {row}", 50.5 + row) for row in range(1, 31)],
)
REVIEW = review_table(PEOPLE)
OPENER = TableOpener(Path("people.csv"))
LAYOUT = Layout("utf-8", ",", ".", True)
LETTERS = {"input": "i", "target": "t", "ignored": "-"}


def roles(review: TableReview) -> str:
    """Return a letter for the role of each column."""
    return "".join(LETTERS[column.role] for column in review.plan.columns)


def chosen(review: TableReview, *choices: tuple[Callable[[TableReview, range], TableReview], str]) -> TableReview:
    """Return the review after some choices, each with the name of a column."""
    names = [column.name for column in review.plan.columns]
    for choice, name in choices:
        review = choice(review, review.groups[review.line_of(names.index(name))])
    return review


@pytest.mark.parametrize(
    "choices",
    [(), ((choose_target, "town"),), ((choose_target, "height"), (ignore, "smokes")), ((choose_target, "smokes"),)],
)
def test_what_the_review_says_is_what_is_opened(
    choices: tuple[tuple[Callable[[TableReview, range], TableReview], str], ...],
) -> None:
    review = chosen(REVIEW, *choices)
    experiment = OPENER.build((PEOPLE, None), review.changes)
    assert experiment.preset.data.target == review.plan.target.name
    assert experiment.layers == review.layers and experiment.sizes[0] == review.inputs
    assert len(experiment.data.x_test) == review.test_rows
    assert len(experiment.data.x) == len(review.data.y) - review.test_rows
    sizes = experiment.sizes
    assert review.parameters == sum((sizes[k] + 1) * sizes[k + 1] for k in range(len(sizes) - 1))


def test_roles_change_by_the_fewest_choices() -> None:
    assert roles(REVIEW) == "-iii-t" and REVIEW.changes == {}
    review = chosen(REVIEW, (choose_target, "town"))
    assert roles(review) == "-iit-i" and review.changes == {"target": "town"}
    review = chosen(review, (ignore, "height"), (choose_input, "id"))
    assert roles(review) == "i-it-i"
    assert review.changes == {"target": "town", "drop": ["height"], "keep": ["id"]}
    review = chosen(review, (next_role, "height"), (next_role, "id"))
    assert roles(review) == "-iit-i" and review.changes == {"target": "town"}


def test_an_ignored_column_can_become_the_target() -> None:
    review = chosen(REVIEW, (ignore, "height"), (choose_target, "height"))
    assert roles(review) == "-tii-i" and review.changes == {"target": "height"}


def test_kinds_change() -> None:
    review = chosen(REVIEW, (next_kind, "height"))
    assert [column.kind for column in review.plan.inputs] == ["category", "boolean", "category"]
    assert review.inputs == REVIEW.inputs + 6, "seven heights"
    assert chosen(review, (next_kind, "height")).changes == {}
    review = chosen(REVIEW, (choose_target, "height"), (next_kind, "height"))
    assert review.plan.target_kind == "classes" and len(review.data.classes) == 7
    assert chosen(review, (next_kind, "height")).plan.target_kind == "numbers"
    assert chosen(REVIEW, (next_kind, "smokes")).inputs == REVIEW.inputs + 1


@pytest.mark.parametrize(
    ("choice", "name", "problem"),
    [
        (ignore, "weight", '"weight" is the target; make another column the target first.'),
        (next_role, "weight", '"weight" is the target; make another column the target first.'),
        (next_kind, "town", '"town" has texts, so it is a category and cannot be a number.'),
    ],
)
def test_a_choice_that_is_not_possible_says_why(
    choice: Callable[[TableReview, range], TableReview], name: str, problem: str
) -> None:
    with pytest.raises(InputError) as raised:
        chosen(REVIEW, (choice, name))
    assert raised.value.sentence == problem


def test_the_test_part_and_missing_values_go_round() -> None:
    review, shares = REVIEW, []
    for _ in range(5):
        review = next_test_share(review)
        shares.append((review.test_share, review.test_rows))
    assert shares == [(0.5, 15), (0.0, 0), (0.1, 3), (0.2, 6), (0.3, 9)]
    table = text_table("a b y", [("?", 1, 2), (3, 1.5, 4), (5, 2, 6), (7, 9, 8)])
    review = review_table(table)
    assert (review.plan.missing, len(review.data.y)) == ("mean", 4)
    review = next_missing(review)
    assert (review.plan.missing, len(review.data.y)) == ("drop", 3)
    assert next_missing(review).plan.missing == "mean", "refuse is not possible here"
    assert next_test_share(review).test_rows == 1, "a tenth of three rows is none"


def test_another_target_is_proposed_if_there_is_none() -> None:
    changes = {"target": "b"}
    table = text_table("a b c", [(1, 5, "x"), (2, 5, "y"), (4, 5, "x")])
    review, problem = try_review((table, None), changes)
    assert roles(review) == "i-t"
    assert problem is not None and problem.value == "b"
    table = text_table("a b", [(1, 5), (1, 5)])
    with pytest.raises(InputError, match="b"):
        try_review((table, None), changes)


def test_a_review_shares_the_numbers_of_the_network() -> None:
    experiment = OPENER.build((PEOPLE, None), {})
    data = experiment.data.table
    assert data is not None
    shared = with_shared_columns(PEOPLE, data)
    heights = shared.columns[1].numbers
    assert heights is not None and np.shares_memory(heights, data.numbers)
    review = review_table(shared, data=data)
    assert review.data is data and roles(review) == roles(REVIEW) and review.inputs == REVIEW.inputs
    choices = ((choose_target, "town"), (ignore, "height"))
    assert chosen(review, *choices).changes == chosen(REVIEW, *choices).changes


def test_pixels_are_one_line() -> None:
    review = review_table(read_table(TABLES / "mnist-label-first.csv"))
    assert review.groups == (range(1), range(1, 785)) and review.plan.image_shape == (28, 28)
    assert review.line_of(783) == 1
    for choice, problem in (
        (choose_target, "a pixel cannot be"),
        (next_kind, "pixels are numbers"),
        (ignore, "leave one in"),
    ):
        with pytest.raises(InputError, match=problem):
            choice(review, review.groups[1])


def test_other_ways_of_reading() -> None:
    assert other_header({"target": "a"}, LAYOUT, {}) == {"header": False}, "columns have other names then"
    assert other_header({}, LAYOUT, {"header": False}) == {"header": True}, "after an attempt that failed"
    found = other_separators({"missing": "drop"}, LAYOUT, {})
    assert found == [{"missing": "drop", "separator": separator} for separator in (";", "\t", "|", " ")]
    assert [each["separator"] for each in other_separators({}, LAYOUT, {"separator": "|"})] == [" ", ",", ";", "\t"]
    assert [each["separator"] for each in other_separators({}, None, {})] == list(SEPARATORS)
    assert other_decimal({"target": "a"}, LAYOUT, {}) == {"target": "a", "decimal": ","}
    assert read_with({"decimal": ","}, "separator", ",") == {"separator": ","}


def test_a_choice_that_equals_what_was_read_is_none() -> None:
    chosen_and_back = (
        ((choose_target, "height"), (choose_target, "weight")),
        ((choose_target, "weight"),),
        ((ignore, "height"), (choose_input, "height")),
        ((next_kind, "weight"), (next_kind, "weight")),
        ((choose_input, "id"), (ignore, "id")),
    )
    for choices in chosen_and_back:
        review = chosen(REVIEW, *choices)
        assert review.changes == {} and review.plan.warnings == REVIEW.plan.warnings
    review = REVIEW
    for _ in range(5):
        review = next_test_share(review)
    assert review.changes == {}
    table = text_table("a b y", [("?", 1, 2), (3, 1.5, 4), (5, 2, 6), (7, 9, 8)])
    assert next_missing(next_missing(review_table(table))).changes == {}
