"""Tests of SVG as text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from nn_tui.core.figure import svg


def test_text_is_escaped_and_loses_what_xml_cannot_contain() -> None:
    made = svg.text(1.0, 2.5, '<b>&"\x00\ud800\ufffe"</b>', fill="#000000")
    assert ElementTree.fromstring(made).text == '<b>&""</b>'


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (-0.001, "0"), (2.345678, "2.35"), (1e300, "1000000")])
def test_a_coordinate_has_few_digits(value: float, text: str) -> None:
    assert svg.number(value) == text


def test_a_coordinate_must_be_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        svg.number(float("nan"))


def test_a_long_name_keeps_its_start_and_its_end_on_one_line() -> None:
    short = svg.shorten("petal length\nof the flower in cm", 100)
    assert short.startswith("petal") and short.endswith("cm") and "…" in short
    assert svg.text_width(short) <= 100
    assert svg.shorten("x₁", 100) == "x₁"


def test_a_sentence_is_broken_between_words() -> None:
    lines = svg.wrap("a sentence of some words", 60)
    assert " ".join(lines) == "a sentence of some words"
    assert len(lines) > 1 and all(svg.text_width(line) <= 60 for line in lines[:-1])


def test_a_path_leaves_out_points_that_do_not_move() -> None:
    assert svg.path_data([(0, 0), (0.01, 0.02), (5, 5)], is_closed=True) == "M0 0L5 5Z"


def test_no_word_stands_alone_in_the_last_line_of_a_sentence() -> None:
    words = "W is the matrix before update 3, with which all of this is computed; W′ is the one after it."
    for width in range(150, 700, 25):
        lines = svg.wrap(words, width)
        assert " ".join(lines) == words and all(svg.text_width(line) <= width for line in lines)
        assert len(lines) == 1 or len(lines[-1].split()) > 1
