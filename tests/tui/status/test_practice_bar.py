"""The question above the answer line."""

from __future__ import annotations

from nn_tui.core.practice.names import Level
from nn_tui.tui.session import stepping
from nn_tui.tui.session.practice import practise, start_practice
from nn_tui.tui.session.session import Move, Session, new_session
from nn_tui.tui.status import practice_bar
from tests._app import DARK, experiment


def asked(preset: str, level: Level, move: Move) -> Session:
    """Return a session with the first question of a move from the start of a preset."""
    return practise(move)(start_practice(new_session(experiment(preset)), level, 4))


def text_of(session: Session, width: int = 120) -> str:
    """Return the line that is drawn."""
    return practice_bar.draw(session, DARK, width, 1)[0].text.strip()


def test_a_number_of_a_sample_is_named_with_it_if_the_batch_has_several() -> None:
    of_batch, of_one = asked("xor", "formula", stepping.next_stop), asked("mazur", "formula", stepping.next_stop)
    assert text_of(of_batch).startswith("Question 1: z₁[1] of sample ")
    assert text_of(of_one) == "Question 1: z₁[1] = ?   weighted sum z, to 4 significant digits"
    assert text_of(of_one, 30) == "Question 1: z₁[1] = ?"


def test_a_parameter_has_no_sample() -> None:
    after_backward = stepping.backward(stepping.forward(new_session(experiment("xor"))))
    session = practise(stepping.update)(start_practice(after_backward, "formula", 4))
    assert text_of(session) == "Question 1: w′₂[1,1] = ?   parameter after the update, to 4 significant digits"


def test_both_numbers_of_a_comparison_are_named() -> None:
    session = asked("mazur", "compare", stepping.next_stop)
    assert text_of(session) == "Question 1: is z₁[1] larger (>) or smaller (<) than z₁[2]?"
    assert text_of(session, 30) == "z₁[1] > or < z₁[2]?"


def test_a_sign_is_asked_for_with_what_the_number_is() -> None:
    session = asked("mazur", "sign", stepping.next_stop)
    assert text_of(session) == "Question 1: is z₁[1] (weighted sum z) above or below 0? (+ or −)"
