"""The sentence above the formula of an open question."""

from __future__ import annotations

import pytest

from nn_tui.tui.session import stepping
from nn_tui.tui.session.practice import practise, start_practice
from nn_tui.tui.session.practice_state import Level
from nn_tui.tui.session.question import question_text
from nn_tui.tui.session.session import new_session
from tests._app import experiment

TEXTS: dict[Level, str] = {
    "sign": "You are asked for z₁[1]. All numbers that you need are in its formula.",
    "compare": ("Compare z₁[1] with z₁[2]. This is the formula of z₁[1]; for the other, press `esc` and select it."),
    "formula": "You are asked for z₁[1]. All numbers that you need are in its formula.",
    "number": "You are asked for z₁[1]. Find its formula yourself; `tab` shows it.",
}


@pytest.mark.parametrize("level", TEXTS)
def test_the_sentence_says_where_the_numbers_are(level: Level) -> None:
    start = start_practice(new_session(experiment("mazur")), level, 4)
    assert question_text(start) == ""
    assert question_text(practise(stepping.next_stop)(start)) == TEXTS[level]
