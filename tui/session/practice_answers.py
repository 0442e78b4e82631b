"""Marks what a person types in the answer line."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.marking.marks import Mark, mark_of, revealed_mark
from nn_tui.core.practice.answer import parse_answer
from nn_tui.core.practice.marking import AnswerMark, mark
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.ref_parser import quantity_name
from nn_tui.core.refs import Quantity
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message
from nn_tui.tui.session.practice import finish_question
from nn_tui.tui.session.practice_pass import next_message, revealed_message, right_message
from nn_tui.tui.session.practice_state import OpenQuestion, Practice
from nn_tui.tui.session.session import Session, with_message

_FROM_GRADIENT: tuple[Quantity, ...] = ("dw", "db")
_SIGNS = {"+": 1.0, "-": -1.0, "−": -1.0, "–": -1.0}
_ORDERS = {">": 1.0, "<": -1.0}


def answer(session: Session, text: str) -> Session:
    """Return the session after an answer: at the stop if it is right, otherwise with what is wrong."""
    practice = session.practice
    if practice is None or practice.question is None:
        return session
    question = practice.question
    try:
        found = _marked(session, practice, question, text)
    except InputError as error:
        return with_message(session, error.sentence)
    if found.verdict == "right":
        is_first = not question.tries and not question.hints
        done = finish_question(session, "at once" if is_first else "later")
        return with_message(done, right_message(done, question.ref, next_message(done)))
    wrong = replace(question, tries=question.tries + 1, mistake=found.mistake)
    return replace(session, practice=replace(practice, question=wrong), message=_wrong_message(found))


def reveal(session: Session) -> Session:
    """Return the session with the number of the question shown."""
    practice = session.practice
    if practice is None or practice.question is None:
        return session
    done = finish_question(session, "revealed")
    return with_message(done, revealed_message(done, practice.question.ref, next_message(done)))


def mark_of_answer(session: Session, text: str, student: str) -> Mark | None:
    """Return the mark of an answer for the results of a student; None if the text is no answer.

    Of a sign or a comparison the answer is 1 or −1.
    """
    practice = session.practice
    if practice is None or practice.question is None:
        return None
    try:
        found = _marked(session, practice, practice.question, text)
    except InputError:
        return None
    choice = {**_SIGNS, **_ORDERS}.get(text.strip())
    number = parse_answer(text) if choice is None else choice
    return mark_of(student, quantity_name(practice.question.ref), number, found, practice.question.hints)


def mark_of_reveal(session: Session, student: str) -> Mark | None:
    """Return the mark of the open question if its number is shown, for the results of a student; None without one."""
    if session.practice is None or session.practice.question is None:
        return None
    ref = session.practice.question.ref
    return revealed_mark(student, quantity_name(ref), value_of(session.engine, session.trace, ref))


def _marked(session: Session, practice: Practice, question: OpenQuestion, text: str) -> AnswerMark:
    """Return the mark of an answer.

    Raises:
        InputError: The text is no answer at this level.
    """
    value = value_of(session.engine, session.trace, question.ref)
    if practice.level == "sign" or (practice.level == "compare" and question.other is None):
        if text.strip() not in _SIGNS:
            problem = message(
                "Type + if the number is above 0, − if it is below, not {text}.", text=quote(text.strip())
            )
            raise InputError("syntax", problem, value=text)
        return _choice_mark(_SIGNS[text.strip()] * value > 0.0, message("It has the other sign."), value)
    if practice.level == "compare":
        assert question.other is not None
        if text.strip() not in _ORDERS:
            problem = message(
                "Type > if the first number is larger, < if it is smaller, not {text}.", text=quote(text.strip())
            )
            raise InputError("syntax", problem, value=text)
        other = value_of(session.engine, session.trace, question.other)
        return _choice_mark(_ORDERS[text.strip()] * (value - other) > 0.0, message("It is the other way round."), value)
    number = parse_answer(text)
    found = mark(session.engine, session.trace, question.ref, number, practice.digits, sees_numbers=True)
    reads_gradient = question.ref.key.is_from_update or question.ref.quantity in _FROM_GRADIENT
    if found.verdict == "wrong" and found.mistake is None and reads_gradient and session.trace.update > 1:
        previous = _previous_trace(session)
        found = mark(
            session.engine, session.trace, question.ref, number, practice.digits, previous=previous, sees_numbers=True
        )
        session.run.release(previous)
    return found


def _previous_trace(session: Session) -> Trace:
    """Return the pass before, held; the run stays where it is."""
    run, update = session.run, session.trace.update
    previous = run.trace(update - 1)
    run.release(run.trace(update))
    return previous


def _choice_mark(is_right: bool, wrong: Message, value: float) -> AnswerMark:
    if is_right:
        return AnswerMark("right", None, (), message("Right."), value, 0.0)
    return AnswerMark("wrong", None, (), wrong, value, 0.0)


def _wrong_message(found: AnswerMark) -> Message:
    """Return what is wrong, with all mistakes that give the number."""
    text = found.text
    for kind in () if found.has_too_few_digits else found.also:
        text = message("{mistake} Or: {other}", mistake=text, other=MISTAKES[kind].text)
    return message("Not yet. {mistake} Try again; `tab` gives a hint.", mistake=text).or_shorter(
        message("Not yet. {mistake}", mistake=found.text).or_shorter(found.text)
    )
