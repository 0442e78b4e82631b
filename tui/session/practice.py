"""The moves of the practice mode: a stop asks for its number, and an answer takes the session to the stop."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from math import isfinite

from nn_tui.core.engine.computed import operation_of
from nn_tui.core.explain.explain import value_of
from nn_tui.core.practice.hints import hints
from nn_tui.core.practice.names import Level
from nn_tui.core.practice.rounding import DEFAULT_DIGITS, answer_text
from nn_tui.core.practice.tolerance import tolerance
from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message, message
from nn_tui.tui.session.asked_number import choose_number
from nn_tui.tui.session.practice_state import LEVEL_NAMES, Exercise, OpenQuestion, Outcome, Practice, Result
from nn_tui.tui.session.session import Move, Session, clamp_ref, with_message
from nn_tui.tui.session.stepping import move_to


def start_practice(session: Session, level: Level, digits: int, exercise: Exercise | None = None) -> Session:
    """Return the session in the practice mode before its next question; results so far stay if the level is changed."""
    old = session.practice or Practice()
    practice = replace(old, level=level, digits=digits, question=None, is_typing=True, exercise=exercise)
    zoom = session.zoom if session.zoom == "unit" else "operation"
    text = message("{level}. `enter` asks the first question, `esc` leaves.", level=LEVEL_NAMES[level])
    return replace(session, practice=practice, zoom=zoom, notes=False, message=text)


def end_practice(session: Session) -> Session:
    """Return the session outside of the practice mode."""
    return replace(session, practice=None, message=message("Practice is over. `Q` begins it again."))


def practise(move: Move) -> Move:
    """Return a move that asks for the number of a stop ahead instead of showing it.

    While a question is open, the move leads back to its answer line.
    """

    def practised(session: Session) -> Session:
        practice = session.practice
        if practice is None:
            return move(session)
        if practice.question is not None:
            return return_to_line(session)
        before = session
        while True:
            is_made = session.run.is_last_made
            after = move(session)
            if not _is_ahead(session, after):
                return after
            if (asked := _ask(session, after, is_made)) is not None:
                return count_from_here(asked) if _begins_pass(before, asked) else asked
            if after.cursor >= after.pass_steps.end:
                return with_message(
                    after, message("This pass has no more numbers to ask for. `␣` begins the next pass.")
                )
            session = after  # a stop without a number that is worth asking for

    return practised


def _begins_pass(before: Session, after: Session) -> bool:
    """Return whether a move began at the start of the pass of ``after``, or in another pass."""
    return before.cursor == 0 or before.trace.update != after.trace.update


def count_from_here(session: Session) -> Session:
    """Return the session with a pass or exercise that has no results yet."""
    assert session.practice is not None
    return replace(session, practice=replace(session.practice, pass_start=len(session.practice.results)))


def _is_ahead(before: Session, after: Session) -> bool:
    """Return whether a move went on in the run."""
    is_later = (after.trace.update, after.cursor) > (before.trace.update, before.cursor)
    return after.run is before.run and is_later


def with_valid_question(session: Session) -> Session:
    """Return a session from a file with the keys in the answer line.

    Its question stays open only if the pass on screen has that number to come.
    """
    if session.practice is None:
        return session
    practice = replace(session.practice, is_typing=True)
    session = replace(session, practice=practice)
    if practice.question is None:
        return session
    question = practice.question
    refs = (question.ref,) if question.other is None else (question.ref, question.other)
    is_ahead = session.cursor < question.target <= session.pass_steps.end
    with suppress(LookupError, ValueError):  # the network has no such number
        exists = all(clamp_ref(session, ref) == ref and isfinite(_value(session, ref)) for ref in refs)
        if is_ahead and exists and not session.is_known(question.ref):
            return session
    return replace(session, practice=replace(practice, question=None))


def _value(session: Session, ref: Ref) -> float:
    return value_of(session.engine, session.trace, ref)


def return_to_line(session: Session) -> Session:
    """Return the session with the keys in the answer line, and the number of the question selected."""
    practice = session.practice
    if practice is None or practice.question is None:
        return session
    if session.is_presented:
        return _shown_to_class(session)
    text = message("Answer first, or press `tab` for a hint and `ctrl+r` to see the number.")
    shown = replace(session, ref=practice.question.ref, practice=replace(practice, is_typing=True))
    return with_message(shown, text)


def _shown_to_class(session: Session) -> Session:
    """Return the session with the hidden number shown, in the mode for a projector."""
    shown = finish_question(session, "revealed")
    if shown.lesson is None:
        shown = replace(shown, practice=Practice())
    return with_message(shown, "")


def leave_line(session: Session) -> Session:
    """Return the session with the keys of the screen; an open question stays open."""
    if session.practice is None:
        return session
    if session.practice.question is None:
        text = message(
            "All keys are those of the screen again: `␣` asks the next question, `esc` leaves practice."
        ).or_shorter(message("`␣` asks the next question, `esc` leaves practice."))
    else:
        text = message("The question stays open: `␣` returns to it, `esc` leaves practice.")
    return replace(session, practice=replace(session.practice, is_typing=False), message=text)


def _ask(before: Session, after: Session, is_made: bool) -> Session | None:
    """Return the session with the question for the stop at ``after``; None if it has no number to ask for."""
    is_same_pass = after.trace.update == before.trace.update
    start = before.cursor if is_same_pass else 0
    operation = operation_of(after.ref.key)
    place = None if operation is None else after.pass_steps.find(operation, after.ref.layer)
    if after.practice is None or place is None or not place.start < after.cursor or place.end <= start:
        return None
    found = choose_number(after, after.practice, place, start)
    if found is None:
        return None
    ref, other = found
    if not (is_same_pass and is_made) and after.trace.update == after.run.reached:
        after.run.is_last_made = False  # the answer completes it
    question = OpenQuestion(ref, after.cursor, other)
    practice = replace(after.practice, question=question, is_typing=not after.is_presented)
    text = "" if after.is_presented else instruction(practice)
    cursor = max(place.start, start)
    return replace(after, cursor=cursor, ref=ref, notes=False, practice=practice, message=text)


def instruction(practice: Practice) -> Message:
    """Return what to type for the open question."""
    question = practice.question
    if practice.level == "sign" or (practice.level == "compare" and question is not None and question.other is None):
        return message("Type + or − and press `enter`. `tab` gives a hint, `ctrl+r` shows the number.")
    if practice.level == "compare":
        return message("Type > or < and press `enter`. `tab` gives a hint, `ctrl+r` shows the number.")
    return message(
        "Type the number, rounded to {digits} digits, and press `enter`. "
        "`tab` gives a hint, `ctrl+r` shows the number, `esc` leaves the line.",
        digits=practice.digits,
    ).or_shorter(
        message("Type the number and press `enter`. `tab` gives a hint, `ctrl+r` shows it, `esc` leaves the line.")
    )


def next_hint(session: Session) -> Session:
    """Return the session with the next hint: one part after the other is computed."""
    practice = session.practice
    if practice is None or practice.question is None:
        return session
    question = practice.question
    all_hints = hints(
        session.engine, session.trace, question.ref, practice.digits, has_formula=practice.level != "number"
    )
    if question.hints >= len(all_hints):
        return with_message(session, message("There are no more hints: `ctrl+r` shows the number."))
    text = message(
        "Hint {number} of {count}: {hint}",
        number=question.hints + 1,
        count=len(all_hints),
        hint=all_hints[question.hints],
    )
    changed = replace(practice, question=replace(question, hints=question.hints + 1))
    return replace(session, practice=changed, message=text)


def value_text(session: Session, ref: Ref) -> str:
    """Return a number with the digits of the answers."""
    digits = session.practice.digits if session.practice else DEFAULT_DIGITS
    return answer_text(_value(session, ref), digits).replace("-", "−")


def tolerance_text(session: Session, ref: Ref) -> str:
    """Return how far from a number an answer may be."""
    digits = session.practice.digits if session.practice else DEFAULT_DIGITS
    return answer_text(tolerance(session.engine, session.trace, ref, digits), 2)


def finish_question(session: Session, outcome: Outcome) -> Session:
    """Return the session at the stop of the question, with the number selected and the outcome counted."""
    practice = session.practice
    assert practice is not None and practice.question is not None
    question = practice.question
    operation = operation_of(question.ref.key)
    assert operation is not None
    results = (*practice.results, Result(operation, outcome))
    done = replace(session, practice=replace(practice, question=None, is_typing=True, results=results))
    return replace(move_to(done, session.trace.update, question.target, session.cursor), ref=question.ref)
