"""The line of the practice mode in which a person types an answer."""

from __future__ import annotations

from textual import events
from textual.screen import Screen

from nn_tui.core.translation import tr
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.session.practice_pass import is_pass_over
from nn_tui.tui.session.practice_state import OpenQuestion
from nn_tui.tui.session.session import Session
from nn_tui.tui.widgets.question_line import QuestionLine

_BEGINS_ANSWER = frozenset("0123456789.+-−–<>")


class AnswerLine(QuestionLine, can_focus=False):
    """A line for a number, a sign or a comparison.

    Between two questions the line stays empty. ``enter`` asks the next question, and so does the first character of its
    answer, so that it is never taken for a key of the screen. All other keys are the screen's. ``?`` always opens
    the help: no answer has it.
    """

    question: OpenQuestion | None = None  # the question for which the line is shown

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key is typed into the line."""
        if self.question is None:
            return character in _BEGINS_ANSWER
        return character != "?" and super().check_consume_key(key, character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key of the line acts; between two questions, only ``enter`` and ``escape`` do."""
        is_here = self.question is not None or action == "submit" or "practice_leave_line" in parameters
        return super().check_action(action, parameters) if is_here else False

    async def on_key(self, event: events.Key) -> None:
        """Ask the next question before the first character of its answer is typed, and leave ``?`` to the screen."""
        if event.character == "?":
            event.prevent_default()
        elif self.question is None and event.is_printable:
            if event.character in _BEGINS_ANSWER:
                await self.run_action("screen.do('next_stop')")
            if self.question is None:
                event.prevent_default()  # the line gets no text

    async def on_paste(self, event: events.Paste) -> None:
        """Ask the next question before its answer is pasted."""
        if self.question is None:
            await self.run_action("screen.do('next_stop')")
        if self.question is None:
            event.prevent_default()


def _placeholder(session: Session) -> str:
    """Return what the empty line says."""
    if is_pass_over(session):
        return tr("Press enter to go on")
    if session.practice is not None and session.practice.question is None and not session.practice.results:
        return tr("Press enter to begin")
    if session.practice is not None and session.practice.question is None:
        return tr("Press enter for the next question, or type its answer")
    return tr("Type your answer here")


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
    is_asking = practice is not None and (question is not None or practice.is_typing) and not session.is_presented
    if screen.has_class("-asking") != is_asking:
        screen.set_class(is_asking, "-asking")
    is_new = question is not None and (line.question is None or question.ref != line.question.ref)
    if is_asking:
        line.placeholder = to_display(_placeholder(session), screen.app.has_class("-ascii"))
    if is_new or question is None:
        line.value = ""
    line.question = question
    line.can_focus = is_asking
    is_typing = practice is not None and practice.is_typing and is_asking
    line.take_keys(screen, is_typing)
    return session
