from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nn_tui.core.table.pixels import find_pixels, image_shape
from nn_tui.core.table.values import TextColumn
from tests.core.table._tables import text_table

GRID = [f"{row}x{column}" for row in range(1, 9) for column in range(1, 9)]


def columns(names: Sequence[str], high: int = 255) -> tuple[TextColumn, ...]:
    rng = np.random.default_rng(0)
    return tuple(TextColumn(name, rng.integers(0, high + 1, 12).astype(float)) for name in names)


def label(name: str = "label") -> TextColumn:
    return TextColumn(name, np.arange(12.0) % 10)


@pytest.mark.parametrize(
    "names",
    [
        [f"pixel{index}" for index in range(784)],
        [f"pixel_{index // 8}_{index % 8}" for index in range(64)],
        [f"p{index}" for index in range(64)],
        [str(index) for index in range(64)],
        GRID,
    ],
)
def test_like_named_numbers_beside_a_label_are_pixels(names: list[str]) -> None:
    assert find_pixels((label(), *columns(names))) == tuple(range(1, len(names) + 1))
    assert find_pixels((*columns(names), label("digit"))) == tuple(range(len(names)))


def test_in_a_table_without_names_the_label_is_no_pixel() -> None:
    names = [str(place) for place in range(1, 66)]
    first = (label("1"), *columns(names[1:]))
    assert find_pixels(first) == tuple(range(1, 65))
    assert find_pixels((*columns(names[:-1]), label("65"))) == tuple(range(64))


def test_measurements_are_no_pixels() -> None:
    names = [f"V{index}" for index in range(1, 65)]
    rng = np.random.default_rng(0)
    assert find_pixels(tuple(TextColumn(name, rng.normal(0, 50, 12)) for name in names)) == ()
    assert find_pixels(columns(names[:60])) == ()
    assert find_pixels(columns(["sepal length", "sepal width", "petal length", "petal width"])) == ()


@pytest.mark.parametrize(
    ("names", "shape"),
    [
        ([f"pixel{index}" for index in range(9)], (3, 3)),
        ([f"pixel_{index // 3}_{index % 3}" for index in range(6)], (2, 3)),
        (GRID, (8, 8)),
        ([f"pixel{index}" for index in range(8)], None),
        ([f"pixel{index}" for index in (0, 1, 3, 2)], None),
        ([f"pixel_{index % 3}_{index // 3}" for index in range(6)], None),
        (["a", "b", "c", "d"], None),
        ([], None),
    ],
)
def test_the_shape_follows_from_names_in_order(names: list[str], shape: tuple[int, int] | None) -> None:
    assert image_shape(names) == shape


def test_numbered_columns_of_texts_are_no_pixels() -> None:
    table = text_table([str(place) for place in range(1, 65)], [["a"] * 64, ["b"] * 64], header=False)
    assert find_pixels(table.columns) == ()
