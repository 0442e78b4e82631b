from __future__ import annotations

from collections.abc import Sequence

import pytest

from nn_tui.core.table.planner import plan_table
from nn_tui.core.table.values import TableOptions, TablePlan
from tests.core.table._tables import text_table

ROWS = 40


def plan(names: str, cells: Sequence[Sequence[object]], header: bool = True, **options: object) -> TablePlan:
    """Return the plan of a table of columns."""
    table = text_table(names, list(zip(*cells, strict=True)), header=header)
    return plan_table(table, TableOptions(**options), None)  # type: ignore[arg-type]


HEIGHTS = [1.5 + (row * 7) % 11 / 10 for row in range(ROWS)]
WEIGHTS = [50.5 + (row * 5) % 13 for row in range(ROWS)]
NAMES = [f"car {row}" for row in range(ROWS)]
MANY_NAMES = [f"car {row % 30}" for row in range(ROWS)]
KINDS = [("a", "b", "c")[row % 3] for row in range(ROWS)]
DATES = [f"{row % 28 + 1}.1.2022" for row in range(ROWS)]


@pytest.mark.parametrize(
    ("names", "cells", "target", "reason"),
    [
        ("height weight", (HEIGHTS, WEIGHTS), "weight", "last"),
        ("class height", (KINDS, HEIGHTS), "height", "last"),
        ("mpg weight name", (HEIGHTS, WEIGHTS, NAMES), "mpg", "named_like_target"),
        ("height weight name", (HEIGHTS, WEIGHTS, MANY_NAMES), "weight", "only_candidate"),
        ("price label weight name", (WEIGHTS, KINDS, HEIGHTS, NAMES), "label", "named_like_target"),
        ("height weight Id", (HEIGHTS, WEIGHTS, list(range(ROWS))), "weight", "only_candidate"),
        ("height weight one", (HEIGHTS, WEIGHTS, [1] * ROWS), "weight", "only_candidate"),
        ("height weight none", (HEIGHTS, WEIGHTS, [""] * ROWS), "weight", "only_candidate"),
        ("height weight day", (HEIGHTS, WEIGHTS, DATES), "weight", "only_candidate"),
        ("height weight rare", (HEIGHTS, WEIGHTS, [""] * 30 + KINDS[:10]), "weight", "only_candidate"),
        ("one height name", ([1] * ROWS, HEIGHTS, NAMES), "height", "only_candidate"),
    ],
)
def test_the_last_column_is_the_target_unless_it_is_doubtful(
    names: str, cells: Sequence[Sequence[object]], target: str, reason: str
) -> None:
    if target == "height":
        names, cells = f"size {names}", (WEIGHTS, *cells)
    found = plan(names, cells).target
    assert (found.name, found.reason) == (target, reason)


def test_a_text_of_very_many_values_is_not_chosen_however_often_each_comes() -> None:
    for count, target in ((30, "name"), (101, "weight")):
        rows = range(count * 6)
        cells = ([row % 7 + 0.5 for row in rows], [row % 11 + 0.5 for row in rows], [f"n{row % count}" for row in rows])
        assert plan("height weight name", cells).target.name == target


def test_a_column_that_is_used_otherwise_is_not_chosen() -> None:
    assert plan("size height weight", (WEIGHTS, HEIGHTS, WEIGHTS), drop=("weight",)).target.name == "height"
    assert plan("size height weight", (WEIGHTS, HEIGHTS, WEIGHTS), keep=("weight",)).target.name == "height"


def test_a_table_of_pixels_without_names_has_its_label_first() -> None:
    digits = [row % 10 for row in range(ROWS)]
    pixels = [[(row * 31 + column * 17) % 256 for row in range(ROWS)] for column in range(62)]
    names = " ".join(str(place) for place in range(1, 66))
    found = plan(names, (digits, *pixels, [0] * ROWS, [0] * ROWS), header=False)
    assert (found.target.name, found.target_kind, found.image_shape) == ("1", "classes", (8, 8))
    last = plan(names, ([0] * ROWS, [0] * ROWS, *pixels, digits), header=False)
    assert (last.target.name, last.target_kind, last.image_shape) == ("65", "classes", (8, 8))


@pytest.mark.parametrize(
    ("values", "kind", "is_told"),
    [
        ([0, 1], "classes", False),
        ([-1, 1], "classes", False),
        ([1, 2], "classes", True),
        ([0, 1, 2], "classes", True),
        (range(10), "classes", True),
        ([3, 4, 5, 6, 7, 8], "classes", True),
        (range(11), "numbers", False),
        ([10, 20, 30], "numbers", True),
        ([-1, 0, 1], "numbers", True),
        ([0.5, 1.0], "numbers", False),
        (range(100, 140), "numbers", False),
    ],
)
def test_few_digits_are_classes_and_other_numbers_are_quantities(
    values: Sequence[float], kind: str, is_told: bool
) -> None:
    cells = [values[row % len(values)] for row in range(ROWS)]
    found = plan("height count", (HEIGHTS, cells))
    assert found.target_kind == kind
    assert any(warning.kind == "target_kind" for warning in found.warnings) == is_told
    for asked in ("classes", "numbers"):
        switched = plan("height count", (HEIGHTS, cells), target_kind=asked)
        assert switched.target_kind == asked
        assert not any(warning.kind == "target_kind" for warning in switched.warnings)


def test_digits_of_which_none_comes_twice_are_quantities() -> None:
    digits = plan("x y", ([1, 2, 3, 4], [2, 4, 6, 8]))
    assert digits.target_kind == "numbers"
    assert [warning.kind for warning in digits.warnings] == ["target_kind"]
    assert plan("x y", ([1, 2, 3, 4], [20, 40, 60, 80])).warnings == ()
    assert plan("x y", ([0.1, 0.2], [0, 1])).target_kind == "classes"
