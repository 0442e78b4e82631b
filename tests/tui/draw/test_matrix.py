"""Tests of the layer panel as text: exact, aligned, limited to the visible part, and with mouse positions."""

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

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.tui.draw.glyphs import UNICODE
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Band, Cell, MatrixBlock, layout_bands
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from tests.tui.draw._drawing import DARK, lines
from tests.tui.draw._matrix import WEIGHTS, big_layout, block_key, cell, small_layout

SIGNED = NumberScale("diverging", 1.0)


def _style_at(line: Strip, column: int) -> Style:
    style = next(iter(line.crop(column, column + 1))).style
    assert style is not None
    return style


def test_exact_text() -> None:
    assert lines(draw_matrix(small_layout(known=1), DARK, 0, 0, 28, 11)) == [
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
    strips = draw_matrix(small_layout(known=0), DARK, 0, 6, 28, 5)
    assert not re.search(r"[+−]\d|nan", "".join(lines(strips)[1:]))
    assert _style_at(strips[0], 4) == DARK.style("dim")
    assert _style_at(draw_matrix(small_layout(), DARK, 0, 0, 28, 3)[0], 4) == DARK.style("title")


def test_the_number_stands_on_its_color() -> None:
    strips = draw_matrix(small_layout(), DARK, 0, 0, 28, 5)
    assert _style_at(strips[2], 5) == DARK.diverging(0.25)
    assert _style_at(strips[2], 12) == DARK.diverging(-0.625)
    assert _style_at(strips[4], 14) == DARK.diverging(float("nan"))


@pytest.mark.parametrize("name", PALETTES)
def test_the_selected_cell_is_framed_in_every_palette(name: str) -> None:
    palette = get_palette(name)
    plain = draw_matrix(small_layout(), palette, 0, 0, 28, 5)
    strips = draw_matrix(small_layout(), palette, 0, 0, 28, 5, cell("w", 1, 1))
    assert strips[3].text == "h₂    0.00▐+12.00▌   0.00   "
    frame = {_style_at(strips[3], strips[3].text.index(sign)) for sign in "▐▌"}
    selected, text = palette.style("selected"), palette.style("text")
    if palette.has_color:
        assert _style_at(strips[3], 12) == _style_at(plain[3], 12) + Style(bold=True), "the number keeps its colour"
        assert frame == {Style(color=selected.bgcolor, bgcolor=text.bgcolor) if selected.bgcolor else text}
    else:
        assert _style_at(strips[3], 12) == selected and frame == {palette.style("text")}
    assert [a.text for a, b in zip(strips, plain, strict=True) if a.text != b.text] == [strips[3].text]


def test_the_selection_lights_its_labels() -> None:
    strips = draw_matrix(small_layout(), DARK, 0, 0, 28, 5, cell("w", 1, 0))
    assert _style_at(strips[3], 0) == _style_at(strips[1], 7) == DARK.style("title")
    assert _style_at(strips[2], 0) == _style_at(strips[1], 14) == DARK.style("dim")


def test_a_mark_points_at_its_cell_and_keeps_its_color() -> None:
    line = draw_matrix(small_layout(), DARK, 0, 0, 28, 5, marks={cell("w", 0, 0): "backward"})[2]
    assert line.text == "h₁ ▸ +0.50  −1.25   +0.50   "
    assert _style_at(line, 3) == DARK.style("backward")
    assert _style_at(line, 6).bgcolor == DARK.diverging(0.25).bgcolor
    assert _style_at(line, 6).bold and not _style_at(line, 6).underline


def test_no_number_is_cut_at_the_right_edge_nor_its_color_alone() -> None:
    layout = big_layout(8, 30, visible=5)
    whole = {text for line in lines(draw_matrix(layout, DARK, 0, 0, 80, 10)[2:]) for text in line.split()}
    for width in range(20, 80):
        for selected in (None, cell("w", 2, 1), cell("b", 0, 0)):
            for line in draw_matrix(layout, DARK, 0, 0, width, 10, selected)[2:]:
                assert set(re.sub("[▐▌]", " ", line.text).split()) <= whole
                assert line.cell_length == width
        for line in draw_matrix(layout, DARK, 0, 0, width, 10)[2:]:
            blank = [segment.style for segment in line if not segment.text.strip()]
            assert all(style and style.bgcolor == DARK.style("text").bgcolor for style in blank), width


def test_a_wide_block_shows_whole_columns_and_the_next_block_stays() -> None:
    layout = big_layout(3, 30, visible=3)
    shown = [lines(draw_matrix(layout, DARK, column, 0, 50, 5)) for column in (0, 10, 99)]
    assert [each[1].split() for each in shown] == [["x₁", "x₂", "x₃"], ["x₁₁", "x₁₂", "x₁₃"], ["x₂₈", "x₂₉", "x₃₀"]]
    assert len({each[0] for each in shown}) == 1, "the titles stay"
    assert len({each[2][-20:] for each in shown}) == 1, "b stays"
    assert all(len(each[2].split()) == 1 + 3 + 1 for each in shown)


@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_frame_of_a_selection_does_not_touch_the_next_number(ascii_only: bool) -> None:
    palette = get_palette("dark", ascii=ascii_only)
    values = np.array([[0.7081, -12.1454, 150.25]])
    layout = layout_bands([Band((MatrixBlock(block_key("w"), "W", values, (1, 3)),))], 4, glyphs=palette.glyphs)
    for column in range(3):
        line = draw_matrix(layout, palette, 0, 1, layout.width, 1, cell("w", 0, column))[0]
        plain = draw_matrix(layout, palette, 0, 1, layout.width, 1)[0]
        frames = [segment for segment in line if segment.text in ("▐", "▌", "[", "]")]
        assert len(frames) == 2
        if ascii_only:
            assert re.search(r"(^| )\[ *[-+][\d.]+\]( |$)", line.text)
        else:  # half a cell of the background separates the frame from the next number
            background = palette.style("text").bgcolor
            assert all(each.style is not None and each.style.bgcolor == background for each in frames)
        assert re.sub(r"[▐▌[\]]", " ", line.text) == plain.text, "a frame moves no digit"


def test_headers_and_labels_stay_in_view() -> None:
    strips = lines(draw_matrix(big_layout(), DARK, 99, 50, 60, 10))
    assert strips[0].split() == ["W", "512×784", "b", "512"]
    assert strips[1].split()[0] == "x₁₀₀"
    assert strips[2].startswith("h₅₁ ")
    assert lines(draw_matrix(big_layout(), DARK, 99, 0, 60, 10))[2].startswith("h₁ ")


@given(
    x=st.integers(0, 60),
    y=st.integers(0, 15),
    width=st.integers(0, 50),
    height=st.integers(0, 14),
    selected=st.none() | st.builds(cell, st.sampled_from(["w", "db"]), st.integers(0, 3), st.integers(0, 2)),
)
def test_every_line_has_the_window_width_and_styled_segments(
    x: int, y: int, width: int, height: int, selected: Cell | None
) -> None:
    strips = draw_matrix(small_layout(known=2), DARK, x, y, width, height, selected, {cell("w", 0, 1): "current"})
    assert len(strips) == height
    for line in strips:
        assert line.cell_length == cell_len(line.text) == width
        assert all(segment.style is not None for segment in line)


def test_wide_labels_keep_the_columns() -> None:
    block = MatrixBlock(block_key("w"), "W", np.ones((2, 2)), (2, 2), scale=SIGNED, columns=("꽃받침 길이", "너비"))
    layout = layout_bands([Band((block,), ("하나\x1b[2J", "아주아주아주 긴 이름"))], 4, glyphs=UNICODE)
    strips = draw_matrix(layout, DARK, 0, 0, 40, 4)
    assert {line.cell_length for line in strips} == {40}
    assert strips[2].text.startswith("하나?… ")
    assert len({line.text.count("+1.0000") for line in strips[2:]}) == 1
    starts = {cell_len(line.text[: line.text.index("+")]) for line in strips[2:]}
    assert starts == {layout.gutter + 2}


def test_cost_follows_the_window() -> None:
    small, big = (
        sum(len(line) for line in draw_matrix(layout, DARK, 40, 3, 120, 40))
        for layout in (big_layout(60, 30), big_layout(2000, 784))
    )
    assert big <= small + 45


def test_ascii_prints_ascii_alone() -> None:
    palette = get_palette("dark", ascii=True)
    block = MatrixBlock(block_key("dw"), palette.glyphs.partial + "W", WEIGHTS, (3, 2), 2, scale=SIGNED, columns="x")
    layout = layout_bands([Band((block,), "h")], 4, glyphs=palette.glyphs)
    strips = draw_matrix(layout, palette, 0, 0, 30, 6, cell("dw", 0, 1), {cell("dw", 1, 0): "current"})
    assert all(line.text.isascii() for line in strips)


def test_mono_has_no_color() -> None:
    palette = get_palette("mono")
    strips = draw_matrix(small_layout(known=2), palette, 0, 0, 40, 11, cell("w", 0, 0))
    for segment in (segment for line in strips for segment in line):
        assert segment.style is not None
        assert segment.style.color is None and segment.style.bgcolor is None


def test_values_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"block w: values \(2,\), shape \(2, 1\)"):
        layout_bands([Band((MatrixBlock(block_key("w"), "W", np.ones(2), (2, 1)),))], 2, glyphs=UNICODE)


def test_a_block_out_of_sight_is_not_read() -> None:
    read: list[str] = []

    def block(title: str) -> MatrixBlock:
        def values() -> tuple[NDArray[np.float64], NumberScale]:
            read.append(title)
            return np.ones((30, 3)), SIGNED

        return MatrixBlock(block_key("w"), title, None, (30, 3), read=values)

    layout = layout_bands([Band((block("above"),)), Band((block("in"), block("beside"))), Band((block("below"),))], 4,
                  glyphs=UNICODE)  # fmt: skip
    assert not read
    strips = draw_matrix(layout, DARK, 0, layout.bands[1].top, layout.bands[1].blocks[0].width, 10)
    assert read == ["in"] and "+1.0000" in strips[3].text


def test_a_block_that_reads_another_shape_is_refused() -> None:
    layout = layout_bands(
        [Band((MatrixBlock(block_key("w"), "W", None, (2, 3), read=lambda: (np.ones((3, 2)), SIGNED)),))],
        4,
        glyphs=UNICODE,
    )
    with pytest.raises(ValueError, match="block w: values"):
        draw_matrix(layout, DARK, 0, 0, 40, 5)
