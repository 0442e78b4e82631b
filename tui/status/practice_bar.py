"""The line above the answer: the question of the practice mode."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.engine.computed import operation_of
from nn_tui.core.engine.steps import Operation
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import first_fitting, make_strip, to_display
from nn_tui.tui.session.practice_pass import is_pass_over, pass_summary
from nn_tui.tui.session.practice_state import OpenQuestion, Practice
from nn_tui.tui.session.question import number_name
from nn_tui.tui.session.session import Session

NAMES: Mapping[Operation, Message] = {
    "z": message("weighted sum z"),
    "a": message("activation a"),
    "loss": message("loss"),
    "da": message("derivative ∂L/∂a"),
    "dz": message("δ = ∂L/∂z"),
    "dw": message("gradient of a weight"),
    "db": message("gradient of a bias"),
    "update": message("parameter after the update"),
}
"""What the numbers of an operation are, in words."""


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the question, which says in words what is asked for if there is room."""
    practice = session.practice
    if practice is None:
        return [make_strip([], width, palette.style("text"))] * height
    sentences = _between(session, practice)
    if practice.question is not None:
        sentences = _questions(session, practice, practice.question)
    texts = [to_display(text, palette.glyphs.is_ascii) for text in sentences]
    text = first_fitting((f" {each}" for each in texts), width) or f" {texts[-1]}"
    strip = make_strip([Segment(text, palette.style("title"))], width, palette.style("text"))
    return [strip, *[make_strip([], width, palette.style("text"))] * (height - 1)]


def _between(session: Session, practice: Practice) -> list[str]:
    """Return how the pass or exercise went if it is over, else the number of the next question."""
    if is_pass_over(session):
        return [str(form) for form in pass_summary(session).forms]
    return [tr("Next: question {number}", number=len(practice.results) + 1)]


def _questions(session: Session, practice: Practice, question: OpenQuestion) -> list[str]:
    """Return the question in words, the longest form first."""
    number, ref = len(practice.results) + 1, question.ref
    if session.lesson is not None:
        number = session.lesson.question_number
    operation = operation_of(ref.key)
    name = NAMES[operation] if operation is not None else ref.symbol
    asked = number_name(session, ref)
    if practice.level == "sign" or (practice.level == "compare" and question.other is None):
        return [
            tr(
                "Question {number}: is {asked} ({name}) above or below 0? (+ or −)",
                number=number, asked=asked, name=name,
            ),
            tr("Question {number}: is {symbol} above or below 0? (+ or −)", number=number, symbol=ref.symbol),
        ]  # fmt: skip
    if practice.level == "compare" and question.other is not None:
        other = number_name(session, question.other)
        return [
            tr(
                "Question {number}: is {asked} larger (>) or smaller (<) than {other}?",
                number=number, asked=asked, other=other,
            ),
            tr("{asked} > or < {other}?", asked=asked, other=other),
        ]  # fmt: skip
    return [
        tr(
            "Question {number}: {asked} = ?   {name}, to {digits} significant digits",
            number=number, asked=asked, name=name, digits=practice.digits,
        ),
        tr("Question {number}: {symbol} = ?", number=number, symbol=ref.symbol),
    ]  # fmt: skip
