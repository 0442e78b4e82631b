"""The line of the practice mode in which a person types an answer."""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import Input

from nn_tui.core.translation import tr
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.session.practice_state import OpenQuestion
from nn_tui.tui.session.session import Session


class AnswerLine(Input, can_focus=False):
    """A line for an answer. Its keys are those of an input, besides one for a hint, one to reveal, and one to leave."""

    BINDINGS = [
        ("tab", "screen.do('practice_hint')", "Hint"),
        ("ctrl+r", "screen.do('practice_reveal')", "Reveal"),
        ("escape", "screen.do('practice_leave_line')", "Leave the line"),
    ]

    question: OpenQuestion | None = None  # the question for which the line is shown


def show_answer_line(screen: Screen[None], session: Session) -> Session:
    """Show the line while a question is open and give it the keys, or take them back; an empty line for a new question.

    Args:
        screen: The screen that has the line.
        session: The session.

    Returns:
        The session.
    """
    line, practice = screen.query_one(AnswerLine), session.practice
    question = None if practice is None else practice.question
    is_asking = question is not None
    if screen.has_class("-asking") != is_asking:
        screen.set_class(is_asking, "-asking")
    is_new = question is not None and (line.question is None or question.ref != line.question.ref)
    if is_new:
        line.placeholder = to_display(tr("Type your answer here"), screen.app.has_class("-ascii"))
    if is_new or not is_asking:
        line.value = ""
    line.question = question
    line.can_focus = is_asking
    is_typing = practice is not None and practice.is_typing and is_asking
    if is_typing and screen.focused is not line:
        screen.set_focus(line)
    elif not is_typing and screen.focused is line:
        screen.set_focus(None)
    return session
