"""The line in which a person types the letter of an answer in a lesson."""

from __future__ import annotations

from textual import events
from textual.screen import Screen

from nn_tui.core.lesson.lesson import Choose, Lesson
from nn_tui.core.translation import tr
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.keys.hangul import latin_keys
from nn_tui.tui.session.lesson_state import ANSWER_LETTERS
from nn_tui.tui.session.session import Session
from nn_tui.tui.widgets.question_line import QuestionLine

_CHARACTERS = frozenset(f"{ANSWER_LETTERS}{ANSWER_LETTERS.lower()}0123456789.,+-−")


class ChoiceLine(QuestionLine, can_focus=False):
    """A line for the letter of an answer.

    It takes these letters, and what numbers are written with; all other characters are keys of the screen, as usual.
    """

    shown_for: tuple[Lesson, int] | None = None  # the lesson and the step for which the line is shown

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key is typed into the line."""
        return character is not None and character in _CHARACTERS

    def on_key(self, event: events.Key) -> None:
        """Type no other characters into the line; a letter that is typed in Hangul mode counts, too."""
        typed = event.character or ""
        if not typed.isascii() and latin_keys(typed).upper() in tuple(ANSWER_LETTERS):
            event.prevent_default().stop()
            self.insert_text_at_cursor(latin_keys(typed))
        elif event.is_printable and event.character not in _CHARACTERS:
            event.prevent_default()


def show_choice_line(screen: Screen[None], session: Session) -> Session:
    """Show the line while a lesson asks to choose an answer, and give it the keys or take them back.

    Args:
        screen: The screen that has the line.
        session: The session.

    Returns:
        The session.
    """
    line, state = screen.query_one(ChoiceLine), session.lesson
    is_choosing = state is not None and isinstance(state.question, Choose) and not session.is_presented
    shown_for = (state.lesson, state.index) if state is not None and is_choosing else None
    if screen.has_class("-choosing") != is_choosing:
        screen.set_class(is_choosing, "-choosing")
    if shown_for != line.shown_for:
        line.value, line.shown_for = "", shown_for
        line.placeholder = to_display(tr("Type the letter of your answer here"), screen.app.has_class("-ascii"))
    line.can_focus = is_choosing
    is_typing = state is not None and is_choosing and state.is_typing
    line.take_keys(screen, is_typing)
    return session
