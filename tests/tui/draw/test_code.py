"""Tests of the drawing of a program: marks, numbers, notes, and the lines of a window."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.steps import PHASES
from nn_tui.tui.draw.code import CodeRow, draw_code, scroll_to
from nn_tui.tui.draw.palette import Palette, get_palette
from nn_tui.tui.draw.python_tokens import python_words
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, SIZE, assert_size, cells, lines

CODE = ("def forward(x):", "    z1 = x @ w1.T + b1", "    a1 = σ(z1)  # the slope is a * (1 - a)")
WORDS = python_words(CODE)


def rows(palette: Palette) -> list[CodeRow]:
    notes = ((("a = 0.5", palette.style("text")),), (("0.5", palette.style("text")),))
    return [
        CodeRow(9, WORDS[0]),
        CodeRow(10, WORDS[1], "forward", is_done=True, notes=((("(4, 4)", palette.style("dim")),),)),
        CodeRow(11, WORDS[2], "forward", is_current=True, is_selected=True, notes=notes),
    ]


def test_a_line_has_its_mark_its_number_and_its_note() -> None:
    assert lines(draw_code(rows(DARK), 120, DARK, 44)) == [
        "    9 def forward(x):                       ",
        "✓  10     z1 = x @ w1.T + b1          (4, 4)",
        "▸  11     a1 = σ(z1)  # the slope …  a = 0.5",
    ]
    assert lines(draw_code(rows(ASCII), 120, ASCII, 44))[1:] == [
        "+  10     z1 = x @ w1.T + b1          (4, 4)",
        ">  11     a1 = sigma(z1)  # the sl~  a = 0.5",
    ]


def test_the_current_line_has_the_colour_of_its_phase_and_the_selected_one_is_reversed() -> None:
    light = get_palette("light")
    (first, done, _), selected = rows(light), light.style("selected")
    current = CodeRow(1, WORDS[1], "backward", is_current=True)
    drawn = cells(draw_code([first, done, current, rows(light)[2]], 20, light, 60))
    assert drawn[0, 1] == ("✓", light.style("forward"))
    assert drawn[9, 1] == ("z", light.style("text")) and drawn[9, 2] == ("z", light.style("backward"))
    assert drawn[8, 3][1] != selected and drawn[9, 3] == ("a", selected), "the code, not its indentation"
    assert drawn[5, 0] == ("d", light.style("title")), "a keyword"


@given(palette=ANY_PALETTE, **SIZE)
def test_it_fills_any_width(palette: Palette, width: int, height: int) -> None:
    drawn = draw_code((rows(palette) * height)[:height], 120, palette, width)
    assert_size(drawn, palette, width, height)


def test_a_window_moves_only_as_far_as_it_must() -> None:
    assert scroll_to(20, 22, 16, 10, 100) == 16
    assert scroll_to(20, 22, 12, 10, 100) == 16, "with three lines below"
    assert scroll_to(18, 18, 16, 10, 100) == 15, "with three lines above"
    assert scroll_to(60, 62, 16, 10, 100) == 56, "the middle, if that is far away"
    assert scroll_to(0, 0, 50, 10, 100) == 0 and scroll_to(99, 99, 0, 10, 100) == 90
    assert scroll_to(10, 40, 0, 10, 100) == 31, "of too many lines the last ones"


def test_a_note_leaves_out_its_name_before_the_code_is_cut() -> None:
    row = rows(DARK)[2]
    assert lines(draw_code([row], 120, DARK, 40))[0].endswith("a1 = σ(z1)  # the sl…  a = 0.5")
    assert lines(draw_code([row], 120, DARK, 32))[0].endswith("a1 = σ(z1)  …  a = 0.5")
    assert lines(draw_code([row], 120, DARK, 31))[0].endswith("a1 = σ(z1)  # t…  0.5")


@given(
    first=st.integers(0, 99), length=st.integers(1, 40), top=st.integers(0, 99), height=st.integers(1, 60),
    count=st.integers(1, 100),
)  # fmt: skip
def test_the_window_has_the_lines(first: int, length: int, top: int, height: int, count: int) -> None:
    first = min(first, count - 1)
    last = min(first + length, count) - 1
    top = scroll_to(first, last, top, height, count)
    assert 0 <= top <= max(0, count - height)
    assert top <= last < top + height
    assert top <= first or last - first >= height


def test_every_phase_has_a_style() -> None:
    words = WORDS[1]
    drawn = draw_code([CodeRow(1, words, phase, is_current=True) for phase in PHASES], 4, DARK, 40)
    assert len({segment.style for strip in drawn for segment in strip if "z1" in segment.text}) == len(PHASES)
