"""Tests of the positions of numbers in the layer panel: at a point, next to another one, and scrolled into view."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.refs import Quantity
from nn_tui.tui.draw.glyphs import UNICODE
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Band, Cell, MatrixBlock, layout_bands
from nn_tui.tui.draw.matrix_navigation import (
    adjacent_cell,
    cell_at,
    cell_in_window,
    first_cell,
    scroll_lines,
    scroll_to_cell,
)
from tests.tui.draw._drawing import DARK
from tests.tui.draw._matrix import WEIGHTS, big_layout, block_key, cell, locate_cell, matrix_block, small_layout


@given(
    rows=st.integers(1, 900),
    cols=st.integers(1, 900),
    digits=st.sampled_from([2, 4, 6, None]),
    data=st.data(),
)
def test_hit_is_the_inverse_of_locate(rows: int, cols: int, digits: int | None, data: st.DataObject) -> None:
    shapes: dict[Quantity, tuple[int, int]] = {
        "w": (rows, cols), "b": (rows, 1), "dw": (rows, cols), "db": (rows, 1)
    }  # fmt: skip
    blocks = {name: MatrixBlock(block_key(name), name, None, shape, columns="x") for name, shape in shapes.items()}
    bands = [Band((blocks["w"], blocks["b"]), "h"), Band((blocks["dw"], blocks["db"]), "h")]
    layout = layout_bands(bands, digits, glyphs=UNICODE)
    name = data.draw(st.sampled_from(sorted(shapes)))
    drawn = cell(name, data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, shapes[name][1] - 1)))
    place = locate_cell(layout, drawn)
    assert place is not None
    x, y, width = place
    assert x >= 0 and x + width <= layout.width and y < layout.height
    assert {cell_at(layout, x + k, y) for k in range(width)} == {drawn}

    height, start = data.draw(st.integers(5, 30)), data.draw(st.integers(0, layout.height))
    _, top = scroll_to_cell(layout, drawn, 0, start, height)
    assert cell_in_window(layout, 0, top, height, (x, y - top)) == drawn
    assert cell_in_window(layout, 0, top, height, (x + width - 1, y - top)) == drawn


@given(
    columns=st.integers(1, 900),
    visible=st.integers(1, 12),
    start=st.integers(0, 900),
    digits=st.sampled_from([2, 4, 6, None]),
    data=st.data(),
)
def test_the_columns_of_a_wide_block_scroll_and_its_neighbours_stay(
    columns: int, visible: int, start: int, digits: int | None, data: st.DataObject
) -> None:
    wide = MatrixBlock(block_key("w"), "W", None, (3, columns), columns="x", max_columns=visible)
    layout = layout_bands([Band((wide, MatrixBlock(block_key("b"), "b", None, (3, 1))), "h")], digits, glyphs=UNICODE)
    assert layout.max_column == max(0, columns - visible)
    selected = cell("w", data.draw(st.integers(0, 2)), data.draw(st.integers(0, columns - 1)))
    column, _ = scroll_to_cell(layout, selected, min(start, layout.max_column), 0, 5)
    assert 0 <= column <= layout.max_column
    place = locate_cell(layout, selected, column)
    assert place is not None
    x, y, width = place
    assert x + width < layout.width - layout.pitch, "left of the next block"
    assert {cell_at(layout, x + k, y, column) for k in range(width)} == {selected}
    bias = locate_cell(layout, cell("b", 0, 0), column)
    assert bias == locate_cell(layout, cell("b", 0, 0)) and bias is not None
    assert bias[0] == layout.gutter + min(columns, visible) * layout.pitch + 1
    shown = [locate_cell(layout, cell("w", 0, k), column) for k in range(columns)]
    assert sum(each is not None for each in shown) == min(columns, visible)


@given(
    sizes=st.lists(st.integers(1, 7), min_size=1, max_size=6),
    height=st.integers(3, 14),
    start=st.integers(0, 60),
    data=st.data(),
)
def test_the_window_never_has_a_header_without_rows_and_the_selected_block_whole(
    sizes: list[int], height: int, start: int, data: st.DataObject
) -> None:
    bands = [
        Band((MatrixBlock(block_key("w", k), f"T{k}", np.ones((size, 2)), (size, 2), columns="x"),), "h")
        for k, size in enumerate(sizes)
    ]
    layout = layout_bands(bands, 2, glyphs=UNICODE)
    number = data.draw(st.integers(0, len(sizes) - 1))
    selected = Cell(block_key("w", number), data.draw(st.integers(0, sizes[number] - 1)), 0)
    _, top = scroll_to_cell(layout, selected, 0, start, height)
    top = scroll_lines(layout, top, height, 0)
    drawn = [strip.text.strip() for strip in draw_matrix(layout, DARK, 0, top, 40, height, selected)]
    for index, line in enumerate(drawn):
        if line.startswith("T"):
            assert index + 2 < height and drawn[index + 2].startswith("h"), (top, drawn)
    own = next((k for k, line in enumerate(drawn) if line.startswith(f"T{number}")), None)
    if sizes[number] + 2 <= height:
        assert own is not None
        assert all(line.startswith("h") for line in drawn[own + 2 : own + 2 + sizes[number]])
        assert drawn[0].startswith("T"), "it begins with a whole block"


def test_labels_headers_and_gaps_have_no_cell() -> None:
    layout = small_layout()
    for point in ((0, 2), (5, 0), (5, 1), (17, 2), (5, 5), (99, 2), (5, 99)):
        assert cell_at(layout, *point) is None
    assert cell_at(layout, 3, 2) == cell("w", 0, 0)
    assert cell_at(layout, 18, 4) == cell("b", 2, 0)
    assert cell_in_window(layout, 0, 0, 20, (1, 2)) is None
    assert cell_in_window(big_layout(), 0, 50, 20, (5, 1)) is None


def test_unknown_cells_have_no_place() -> None:
    for unknown in (cell("z", 0, 0), cell("w", 3, 0), cell("w", 0, -1)):
        assert locate_cell(small_layout(), unknown) is None


def test_arrows_cross_the_edges_of_blocks() -> None:
    layout = small_layout()
    assert adjacent_cell(layout, cell("w", 1, 1), 0, 1) == cell("b", 1, 0)
    assert adjacent_cell(layout, cell("b", 1, 0), 0, -1) == cell("w", 1, 1)
    assert adjacent_cell(layout, cell("w", 0, 0), 0, -1) == cell("w", 0, 0)
    assert adjacent_cell(layout, cell("b", 0, 0), 0, 1) == cell("b", 0, 0)
    assert adjacent_cell(layout, cell("w", 2, 1), 1, 0) == cell("dw", 0, 1)
    assert adjacent_cell(layout, cell("db", 0, 0), -1, 0) == cell("b", 2, 0)
    assert adjacent_cell(layout, cell("w", 0, 0), -1, 0) == cell("w", 0, 0)
    assert adjacent_cell(layout, cell("z", 0, 0), 1, 0) == first_cell(layout) == cell("w", 0, 0)


def test_up_and_down_go_to_the_block_in_the_same_columns() -> None:
    """A band of one vector lies between two matrices: only their first column has it above or below."""
    vector, wide = WEIGHTS[:, :1], np.hstack([WEIGHTS, WEIGHTS])
    bands = [
        Band((matrix_block("step_w", "ΔW", wide),), "h"),
        Band((matrix_block("step_b", "Δb", vector),), "h"),
        Band((matrix_block("dw", "dW", wide), matrix_block("db", "db", vector)), "h"),
    ]
    layout = layout_bands(bands, 2, glyphs=UNICODE)
    assert adjacent_cell(layout, cell("dw", 0, 2), -1, 0) == cell("step_w", 2, 2)
    assert adjacent_cell(layout, cell("step_w", 2, 2), 1, 0) == cell("dw", 0, 2)
    assert adjacent_cell(layout, cell("dw", 0, 0), -1, 0) == cell("step_b", 2, 0)
    assert adjacent_cell(layout, cell("db", 0, 0), -1, 0) == cell("step_b", 2, 0), "nothing is above: the nearest one"
