"""Tests of the words of a Python program."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.tui.draw.python_tokens import Word, WordKind, python_words

PROGRAM = ("def forward(x):  # a pass", '    """Return a.', "", '    And z."""', "    return f(x, 'a')")


def test_each_word_has_its_kind() -> None:
    def_line, first, empty, second, last = python_words(PROGRAM)
    assert def_line == (
        Word("def", "keyword"), Word(" ", "plain"), Word("forward", "definition"), Word("(x):  ", "plain"),
        Word("# a pass", "comment"),
    )  # fmt: skip
    assert first == (Word("    ", "plain"), Word('"""Return a.', "string"))
    assert empty == ()
    assert second == (Word('    And z."""', "string"),), "a string of several lines"
    assert last[1:] == (Word("return", "keyword"), Word(" f(x, ", "plain"), Word("'a'", "string"), Word(")", "plain"))


def kinds(text: str) -> dict[str, WordKind]:
    return {word.text: word.kind for word in python_words((text,))[0]}


@pytest.mark.parametrize("text", ["a = (1", "'open", "  def", "a = 1 $ 2", "f'{a!r} {b}'"])
def test_any_text_is_returned_whole(text: str) -> None:
    assert "".join(kinds(text)) == text


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12), max_size=4))
def test_the_words_of_a_line_are_the_line(lines: list[str]) -> None:
    assert ["".join(word.text for word in words) for words in python_words(tuple(lines))] == lines
