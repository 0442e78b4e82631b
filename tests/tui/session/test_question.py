"""What the arithmetic shows of an open question: a sentence, and its formula with one question mark."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.lesson.loader import load_lesson
from nn_tui.core.practice.names import Level
from nn_tui.tui.session import stepping
from nn_tui.tui.session.practice import finish_question, practise, start_practice
from nn_tui.tui.session.question import as_question, question_text
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views.arithmetic import draw, title
from tests._app import DARK, experiment
from tests.tui._lessons import session_at

TEXTS: dict[Level, str] = {
    "sign": "You are asked for z₁[1]. All numbers that you need are in its formula.",
    "compare": ("Compare z₁[1] with z₁[2]. This is the formula of z₁[1]; for the other, press `esc` and select it."),
    "formula": "You are asked for z₁[1]. All numbers that you need are in its formula.",
    "number": (
        "You are asked for z₁[1]. Find its formula yourself; `tab` shows it. "
        "To look at the numbers, press `esc`: then `d` shows more digits, and `␣` returns."
    ),
}


@pytest.mark.parametrize("level", TEXTS)
def test_the_sentence_says_where_the_numbers_are(level: Level) -> None:
    start = start_practice(new_session(experiment("mazur")), level, 4)
    assert question_text(start) == ""
    assert question_text(practise(stepping.next_stop)(start)) == TEXTS[level]


def test_the_formula_has_as_many_digits_as_the_answer_at_every_number_of_digits() -> None:
    start = replace(start_practice(new_session(experiment("mazur")), "formula", 4), digits=2)
    session = practise(stepping.next_stop)(start)
    while session.ref.symbol != "a₂[1]":
        session = practise(stepping.next_stop)(finish_question(session, "at once"))
    assert "sigmoid(1.1059)" in "\n".join(strip.text for strip in draw(session, DARK, 100, 12))
    assert "≈ 4 digits" in title(session, DARK)
    answered = finish_question(session, "at once")
    assert "sigmoid(1.11)" in "\n".join(strip.text for strip in draw(answered, DARK, 100, 12))
    assert "≈ 2 digits" in title(answered, DARK)


def asked_lines(session: Session) -> list[str]:
    """Return the lines of the arithmetic for the open question."""
    explanation = explain(session.engine, session.trace, session.ref, session.is_known)
    return [line_text(line, 4) for line in as_question(explanation, session).all_lines]


@pytest.mark.parametrize("preset", ["neuron", "mazur", "xor", "iris", "features", "and", "ravine-momentum"])
def test_only_the_number_that_is_asked_for_has_a_question_mark(preset: str) -> None:
    session = practise(stepping.next_stop)(start_practice(new_session(experiment(preset)), "formula", 4))
    symbols = []
    while session.practice and session.practice.question is not None:
        symbols.append(session.ref.symbol)
        assert "; ".join(asked_lines(session)).count("?") == 1, symbols[-1]
        session = finish_question(session, "at once")
        if session.cursor < session.pass_steps.end:
            session = practise(stepping.next_stop)(session)
    assert len(symbols) > 1


def test_the_slope_at_an_activation_is_left_out_while_it_is_asked_for() -> None:
    session = practise(stepping.next_stop)(start_practice(new_session(experiment("mazur")), "formula", 4))
    session = practise(stepping.next_stop)(finish_question(session, "at once"))
    assert asked_lines(session)[1:] == ["sigmoid(0.3775) = ?"]
    answered = finish_question(session, "at once")
    assert asked_lines(answered)[2] == "slope there: ∂a/∂z = a·(1 − a) = 0.2413"


def question_about_the_loss(preset: str) -> Session:
    """Return the session with the question at the end of the forward pass."""
    session = start_practice(new_session(experiment(preset)), "formula", 4)
    return practise(stepping.forward)(session)


def test_the_loss_of_a_small_batch_has_a_line_for_each_sample() -> None:
    session = question_about_the_loss("xor")
    assert session.ref.symbol == "L"
    lines = [line for line in asked_lines(session) if line.startswith("sample") and "½" in line]
    trace = session.trace
    assert len(lines) == trace.n == 4
    for n, line in enumerate(lines):
        assert line.startswith(f"sample {n + 1}: L[1] = ½ × ({trace.a[-1][n, 0]:.4g}"), line


def test_the_loss_of_a_large_batch_is_not_asked_for() -> None:
    session = question_about_the_loss("iris")
    assert session.practice is not None and session.practice.question is None


def test_the_sign_of_what_cannot_be_negative_is_not_asked_for() -> None:
    session = practise(stepping.next_stop)(start_practice(new_session(experiment("mazur")), "sign", 4))
    symbols = []
    while session.practice and session.practice.question is not None:
        symbols.append(session.ref.symbol)
        session = finish_question(session, "at once")
        if session.cursor < session.pass_steps.end:
            session = practise(stepping.next_stop)(session)
    assert symbols[:4] == ["z₁[1]", "z₂[1]", "∂L/∂a₂[1]", "δ₂[1]"], "a sigmoid and a loss are never negative"


def test_a_number_that_cannot_be_negative_is_not_compared_with_0() -> None:
    session = practise(stepping.next_stop)(start_practice(new_session(experiment("mazur")), "compare", 4))
    compared = {}
    while session.practice and session.practice.question is not None:
        compared[session.ref.symbol] = session.practice.question.other
        session = finish_question(session, "at once")
        if session.cursor < session.pass_steps.end:
            session = practise(stepping.next_stop)(session)
    assert "L" not in compared and "a₁[1]" in compared and "δ₂[1]" in compared


def test_the_sentence_names_the_numbers_that_are_still_to_come() -> None:
    text = question_text(session_at(load_lesson("hidden-layer"), 1))
    assert text.startswith("You are asked for a₁[1]. Compute z₁[1] first, which is in its formula: ")
    text = question_text(session_at(load_lesson("cross-entropy"), 6))
    assert text == "You are asked for δ₁[1]. All numbers that you need are in its formula."


def test_all_terms_are_shown_if_there_is_room() -> None:
    session = session_at(load_lesson("squared-error"), 3)
    tall, small = ("\n".join(line.text for line in draw(session, DARK, 78, height)) for height in (12, 8))
    assert "2 more terms" in small and "more terms" not in tall
    assert "sample 3: 1/3 × L[1]" in tall and "L = sum = ?" in tall
