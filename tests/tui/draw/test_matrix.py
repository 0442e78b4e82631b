"""The layer panel as text: exact, aligned, drawn for the window alone, and pointed at."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.draw.glyphs import UNICODE
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Band, Cell, MatrixBlock, MatrixLayout, layout_bands
from nn_tui.tui.draw.matrix_navigation import (
    adjacent_cell,
    cell_at,
    cell_in_window,
    first_cell,
    locate_cell,
    max_scroll_y,
    scroll_to_cell,
)
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.palette_colors import PALETTES

DARK = get_palette("dark")
WEIGHTS = np.array([[0.5, -1.25], [0.0, 12.0], [3e-7, np.nan]])


def _block(key: str, title: str, values: NDArray[np.float64], known: int | None = None) -> MatrixBlock:
    rows, cols = values.shape
    return MatrixBlock(
        key=key,
        title=title,
        values=None if known == 0 else values,
        shape=values.shape,
        known_rows=known,
        limit=2.0,
        shape_label=f"{rows}×{cols}" if cols > 1 else f"{rows}",
        columns="x" if cols > 1 else "",
    )


def _small(known: int | None = None, digits: int | None = 2) -> MatrixLayout:
    bands = [
        Band((_block("w", "W", WEIGHTS), _block("b", "b", WEIGHTS[:, :1])), "h"),
        Band((_block("dw", "dW", WEIGHTS, known), _block("db", "db", WEIGHTS[:, :1], known)), "h"),
    ]
    return layout_bands(bands, digits, glyphs=UNICODE)


def _big(rows: int = 512, cols: int = 784) -> MatrixLayout:
    values = np.random.default_rng(3).normal(size=(rows, cols))
    return layout_bands([Band((_block("w", "W", values), _block("b", "b", values[:, :1])), "h")], 4, glyphs=UNICODE)


def _text(strips: list[Strip]) -> list[str]:
    return [line.text for line in strips]


def _style_at(line: Strip, column: int) -> Style:
    style = next(iter(line.crop(column, column + 1))).style
    assert style is not None
    return style


def test_exact_text() -> None:
    assert _text(draw_matrix(_small(known=1), DARK, 0, 0, 28, 11)) == [
        "    W 3×2          b 3      ",
        "        x₁     x₂           ",
        "h₁   +0.50  −1.25   +0.50   ",
        "h₂    0.00 +12.00    0.00   ",
        "h₃  +3e-07    nan  +3e-07   ",
        "                            ",
        "    dW 3×2         db 3     ",
        "        x₁     x₂           ",
        "h₁   +0.50  −1.25   +0.50   ",
        "h₂     ·      ·       ·     ",
        "h₃     ·      ·       ·     ",
    ]


def test_not_computed_is_blank_under_a_dim_title() -> None:
    lines = draw_matrix(_small(known=0), DARK, 0, 6, 28, 5)
    assert not re.search(r"[+−]\d|nan", "".join(_text(lines)[1:]))
    assert _style_at(lines[0], 4) == DARK.style("dim")
    assert _style_at(draw_matrix(_small(), DARK, 0, 0, 28, 3)[0], 4) == DARK.style("title")


def test_the_number_stands_on_its_color() -> None:
    lines = draw_matrix(_small(), DARK, 0, 0, 28, 5)
    assert _style_at(lines[2], 5) == DARK.diverging(0.25)
    assert _style_at(lines[2], 12) == DARK.diverging(-0.625)
    assert _style_at(lines[4], 14) == DARK.diverging(float("nan"))


@pytest.mark.parametrize("name", PALETTES)
def test_the_selected_cell_shows_in_every_palette(name: str) -> None:
    chosen = get_palette(name)
    plain = draw_matrix(_small(), chosen, 0, 0, 28, 5)
    lines = draw_matrix(_small(), chosen, 0, 0, 28, 5, Cell("w", 1, 1))
    assert lines[3].text == "h₂    0.00[+12.00]   0.00   "
    assert _style_at(lines[3], 11) == chosen.style("selected")
    assert [a.text for a, b in zip(lines, plain, strict=True) if a.text != b.text] == [lines[3].text]


def test_the_selection_lights_its_labels() -> None:
    lines = draw_matrix(_small(), DARK, 0, 0, 28, 5, Cell("w", 1, 0))
    assert _style_at(lines[3], 0) == _style_at(lines[1], 7) == DARK.style("title")
    assert _style_at(lines[2], 0) == _style_at(lines[1], 14) == DARK.style("dim")


def test_a_mark_points_at_its_cell_and_keeps_its_color() -> None:
    line = draw_matrix(_small(), DARK, 0, 0, 28, 5, marks={Cell("w", 0, 0): "backward"})[2]
    assert line.text == "h₁ ▸ +0.50  −1.25   +0.50   "
    assert _style_at(line, 3) == DARK.style("backward")
    assert _style_at(line, 6).bgcolor == DARK.diverging(0.25).bgcolor
    assert _style_at(line, 6).underline and not _style_at(line, 4).underline


def test_a_cut_cell_shows_no_part_of_its_number() -> None:
    whole = {text.strip() for line in draw_matrix(_big(8, 30), DARK, 0, 2, 400, 8) for text in line.text.split()}
    for x in range(12):
        for selected in (None, Cell("w", 2, 1)):
            for line in draw_matrix(_big(8, 30), DARK, x, 2, 40, 8, selected)[2:]:
                shown = set(line.text.replace("[", " ").replace("]", " ").split())
                assert shown <= whole


def test_headers_and_labels_stay_in_view() -> None:
    lines = _text(draw_matrix(_big(), DARK, 903, 50, 60, 10))
    assert lines[0].strip() == "W 512×784"
    assert "x₁₀₂" in lines[1]
    assert lines[2].startswith("h₅₁ ")
    assert _text(draw_matrix(_big(), DARK, 903, 0, 60, 10))[2].startswith("h₁ ")


@given(
    x=st.integers(0, 60),
    y=st.integers(0, 15),
    width=st.integers(0, 50),
    height=st.integers(0, 14),
    selected=st.none() | st.builds(Cell, st.sampled_from(["w", "db"]), st.integers(0, 3), st.integers(0, 2)),
)
def test_every_line_has_the_window_width_and_styled_segments(
    x: int, y: int, width: int, height: int, selected: Cell | None
) -> None:
    lines = draw_matrix(_small(known=2), DARK, x, y, width, height, selected, {Cell("w", 0, 1): "current"})
    assert len(lines) == height
    for line in lines:
        assert line.cell_length == cell_len(line.text) == width
        assert all(segment.style is not None for segment in line)


def test_wide_labels_keep_the_columns() -> None:
    block = MatrixBlock("w", "W", np.ones((2, 2)), (2, 2), limit=1.0, columns=("꽃받침 길이", "너비"))
    plan = layout_bands([Band((block,), ("하나\x1b[2J", "아주아주아주 긴 이름"))], 4, glyphs=UNICODE)
    lines = draw_matrix(plan, DARK, 0, 0, 40, 4)
    assert {line.cell_length for line in lines} == {40}
    assert lines[2].text.startswith("하나?[2J ")
    assert len({line.text.count("+1.0000") for line in lines[2:]}) == 1
    starts = {cell_len(line.text[: line.text.index("+")]) for line in lines[2:]}
    assert starts == {plan.gutter + 2}


def test_cost_follows_the_window() -> None:
    small, big = (
        sum(len(line) for line in draw_matrix(plan, DARK, 40, 3, 120, 40)) for plan in (_big(60, 30), _big(2000, 784))
    )
    assert big <= small + 45


def test_ascii_prints_ascii_alone() -> None:
    chosen = get_palette("dark", ascii=True)
    block = MatrixBlock("dw", chosen.glyphs.partial + "W", WEIGHTS, (3, 2), 2, limit=1.0, columns="x")
    plan = layout_bands([Band((block,), "h")], 4, glyphs=chosen.glyphs)
    lines = draw_matrix(plan, chosen, 0, 0, 30, 6, Cell("dw", 0, 1), {Cell("dw", 1, 0): "current"})
    assert all(line.text.isascii() for line in lines)


def test_mono_has_no_color() -> None:
    chosen = get_palette("mono")
    lines = draw_matrix(_small(known=2), chosen, 0, 0, 40, 11, Cell("w", 0, 0))
    for segment in (segment for line in lines for segment in line):
        assert segment.style is not None
        assert segment.style.color is None and segment.style.bgcolor is None


def test_values_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"block w: values \(2,\), shape \(2, 1\)"):
        layout_bands([Band((MatrixBlock("w", "W", np.ones(2), (2, 1)),))], 2, glyphs=UNICODE)


@given(
    rows=st.integers(1, 900),
    cols=st.integers(1, 900),
    digits=st.sampled_from([2, 4, 6, None]),
    data=st.data(),
)
def test_hit_is_the_inverse_of_locate(rows: int, cols: int, digits: int | None, data: st.DataObject) -> None:
    shapes = {"w": (rows, cols), "b": (rows, 1), "dw": (rows, cols), "db": (rows, 1)}
    blocks = {key: MatrixBlock(key, key, None, shape, columns="x") for key, shape in shapes.items()}
    bands = [Band((blocks["w"], blocks["b"]), "h"), Band((blocks["dw"], blocks["db"]), "h")]
    plan = layout_bands(bands, digits, glyphs=UNICODE)
    key = data.draw(st.sampled_from(sorted(shapes)))
    cell = Cell(key, data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, shapes[key][1] - 1)))
    place = locate_cell(plan, cell)
    assert place is not None
    x, y, width = place
    assert x >= 0 and x + width <= plan.width and y < plan.height
    assert {cell_at(plan, x + k, y) for k in range(width)} == {cell}

    size = data.draw(st.tuples(st.integers(40, 90), st.integers(5, 30)))
    start = data.draw(st.tuples(st.integers(0, plan.width), st.integers(0, plan.height)))
    left, top = scroll_to_cell(plan, cell, *start, *size)
    assert cell_in_window(plan, left, top, size[1], x - left, y - top) == cell
    assert cell_in_window(plan, left, top, size[1], x + width - 1 - left, y - top) == cell
    assert x - left >= plan.gutter and x + width < left + size[0] + (digits is None)


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
        Band((MatrixBlock(f"k{k}", f"T{k}", np.ones((size, 2)), (size, 2), columns="x"),), "h")
        for k, size in enumerate(sizes)
    ]
    plan = layout_bands(bands, 2, glyphs=UNICODE)
    number = data.draw(st.integers(0, len(sizes) - 1))
    cell = Cell(f"k{number}", data.draw(st.integers(0, sizes[number] - 1)), 0)
    _, top = scroll_to_cell(plan, cell, 0, start, 40, height)
    top = max(0, min(top, max_scroll_y(plan, height)))
    drawn = [strip.text.strip() for strip in draw_matrix(plan, DARK, 0, top, 40, height, cell)]
    for index, line in enumerate(drawn):
        if line.startswith("T"):
            assert index + 2 < height and drawn[index + 2].startswith("h"), (top, drawn)
    own = next((k for k, line in enumerate(drawn) if line.startswith(f"T{number}")), None)
    if sizes[number] + 2 <= height:
        assert own is not None
        assert all(line.startswith("h") for line in drawn[own + 2 : own + 2 + sizes[number]])
        assert drawn[0].startswith("T"), "it begins with a whole block"


def test_nothing_is_hit_on_labels_headers_and_gaps() -> None:
    plan = _small()
    assert [cell_at(plan, *point) for point in ((0, 2), (5, 0), (5, 1), (17, 2), (5, 5), (99, 2), (5, 99))] == [
        None
    ] * 7
    assert cell_at(plan, 3, 2) == Cell("w", 0, 0)
    assert cell_at(plan, 18, 4) == Cell("b", 2, 0)
    assert cell_in_window(plan, 2, 0, 20, 1, 2) is None
    assert cell_in_window(_big(), 0, 50, 20, 5, 1) is None


def test_unknown_cells_have_no_place() -> None:
    assert [locate_cell(_small(), cell) for cell in (Cell("v", 0, 0), Cell("w", 3, 0), Cell("w", 0, -1))] == [None] * 3


def test_arrows_cross_the_edges_of_blocks() -> None:
    plan = _small()
    assert adjacent_cell(plan, Cell("w", 1, 1), 0, 1) == Cell("b", 1, 0)
    assert adjacent_cell(plan, Cell("b", 1, 0), 0, -1) == Cell("w", 1, 1)
    assert adjacent_cell(plan, Cell("w", 0, 0), 0, -1) == Cell("w", 0, 0)
    assert adjacent_cell(plan, Cell("b", 0, 0), 0, 1) == Cell("b", 0, 0)
    assert adjacent_cell(plan, Cell("w", 2, 1), 1, 0) == Cell("dw", 0, 1)
    assert adjacent_cell(plan, Cell("db", 0, 0), -1, 0) == Cell("b", 2, 0)
    assert adjacent_cell(plan, Cell("w", 0, 0), -1, 0) == Cell("w", 0, 0)
    assert adjacent_cell(plan, Cell("gone", 0, 0), 1, 0) == first_cell(plan) == Cell("w", 0, 0)


def test_a_block_out_of_sight_is_not_read() -> None:
    read: list[str] = []

    def block(key: str) -> MatrixBlock:
        def values() -> tuple[NDArray[np.float64], float]:
            read.append(key)
            return np.ones((30, 3)), 1.0

        return MatrixBlock(key, key, None, (30, 3), read=values)

    plan = layout_bands([Band((block("above"),)), Band((block("in"), block("beside"))), Band((block("below"),))], 4,
                  glyphs=UNICODE)  # fmt: skip
    assert not read
    strips = draw_matrix(plan, DARK, 0, plan.bands[1].top, plan.bands[1].blocks[0].width, 10)
    assert read == ["in"] and "+1.0000" in strips[3].text


def test_a_block_that_reads_another_shape_is_refused() -> None:
    plan = layout_bands(
        [Band((MatrixBlock("w", "W", None, (2, 3), read=lambda: (np.ones((3, 2)), 1.0)),))], 4, glyphs=UNICODE
    )
    with pytest.raises(ValueError, match="block w: values"):
        draw_matrix(plan, DARK, 0, 0, 40, 5)
