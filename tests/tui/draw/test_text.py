"""Tests of text in terminal cells: exact widths for wide characters, and no character that controls the terminal."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.tui.draw.text import crop, fit, make_strip, sanitize, text_strip, to_display, wrap
from tests.tui.draw._drawing import DARK


@given(st.text(), st.integers(0, 20), st.booleans())
def test_fit_takes_exactly_its_cells(text: str, width: int, right: bool) -> None:
    clean = sanitize(text)
    assert cell_len(fit(clean, width, right=right)) == width
    assert cell_len(crop(clean, width)) <= width
    assert text_strip(clean, width, DARK.style("text")).cell_length == width


def test_fit_says_that_it_cut() -> None:
    assert fit("한국어 이름", 6) == "한국… "
    assert fit("weights", 5, ellipsis="...") == "we..."
    assert fit("weights", 2, ellipsis="...") == "we"
    assert fit("b", 3, right=True) == "  b"


def test_strip_cuts_and_pads() -> None:
    style = DARK.style("text")
    line = text_strip("abc", 3, style)
    assert make_strip(line, 2, style).text == "ab"
    assert make_strip(line, 5, style).text == "abc  "


@given(st.text())
def test_sanitized_text_has_no_character_that_controls_the_terminal(text: str) -> None:
    clean = sanitize(text)
    assert len(clean) == len(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", clean)
    assert sanitize(clean) == clean


def test_sanitize_examples() -> None:
    assert sanitize("a\x1b[31mb\tc\u202ed") == "a?[31mb c?d"
    assert sanitize("꽃 ŷ é") == "꽃 ŷ é"


@given(st.text(), st.booleans())
def test_displayed_text_is_printable_and_in_ascii_where_asked(text: str, ascii_only: bool) -> None:
    shown = to_display(text, ascii_only)
    assert sanitize(shown) == shown
    assert shown.isascii() or not ascii_only


def test_to_display_spells_signs_in_ascii_drops_accents_and_composes_letters() -> None:
    assert to_display("η ½ ␣ x₁₂ −1 é 한", True) == "eta 1/2 space x12 -1 e ?"
    assert to_display("e\u0301 η\x1b", False) == "é η?"


@given(st.text(), st.integers(-1, 30), st.integers(0, 6))
def test_wrapped_lines_fit_and_lose_no_word(text: str, width: int, indent: int) -> None:
    clean = sanitize(text)
    lines = wrap(clean, width, indent=" " * indent)
    assert "".join("".join(lines).split()) == "".join(clean.split())
    if width >= 2:  # a wide character has no place in one cell
        assert all(cell_len(line) <= width for line in lines)


def test_korean_is_wrapped_by_its_cells() -> None:
    assert wrap("가나다 라마 abc", 8) == ["가나다", "라마 abc"]
    assert wrap("가나다라마", 4) == ["가나", "다라", "마"]
    assert wrap("one two", 5, indent="  ") == ["  one", "  two"]
    assert wrap("one two", 3, indent="  ") == ["one", "two"]
    assert wrap("", 5) == [""]
