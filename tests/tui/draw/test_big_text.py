"""Tests of numbers in large characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.display.number_text import fmt
from nn_tui.tui.draw.big_text import big_lines
from nn_tui.tui.draw.glyphs import ASCII, UNICODE


def test_a_number_in_both_sizes() -> None:
    assert big_lines("−1.5", 80, 5, UNICODE) == [
        "          ██        ██████",
        "        ████        ██    ",
        "██████    ██        ██████",
        "          ██            ██",
        "        ██████  ██  ██████",
    ]
    assert big_lines("−1.5", 80, 4, UNICODE) == ["    ▄█    █▀▀", "▀▀▀  █    ▀▀█", "    ▀▀▀ ▀ ▀▀▀"]
    assert big_lines("−1.5", 80, 5, ASCII)[2] == "######    ##        ######"
    assert big_lines("−1.5", 12, 5, UNICODE) == ["−1.5"], "without room it is text"


@given(value=st.floats(), digits=st.sampled_from([2, 4, 6, None]), width=st.integers(1, 200), height=st.integers(1, 9))
def test_every_number_of_the_screen_has_its_characters(
    value: float, digits: int | None, width: int, height: int
) -> None:
    for glyphs in (ASCII, UNICODE):
        text = fmt(value, digits, sign=False, glyphs=glyphs).strip()
        lines = big_lines(text, width, height, glyphs)
        assert lines == [text] or ({len(line) for line in lines} == {len(lines[0])} and len(lines[0]) <= width)
        assert len(lines) <= height
        assert len(big_lines(text, 500, 5, glyphs)) == 5
