"""The paragraphs of a lesson's panel: what the step says, its question, and what became of the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nn_tui.core.lesson.lesson import Choose, Do
from nn_tui.core.translation import all_of, tr, tr_plural
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.session.lesson_progress import lesson_after
from nn_tui.tui.session.lesson_state import ANSWER_LETTERS, LessonState
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.lesson_goals import goal_text


@dataclass(frozen=True, slots=True)
class LessonParagraph:
    """A paragraph.

    Attributes:
        text: The text, with keys and code in backquotes.
        style: The name of its style.
        prefix: The text before its first line; the other lines are indented by as many cells.
        continues: Whether it stands directly below the paragraph before.
    """

    text: str
    style: str = "text"
    prefix: str = ""
    continues: bool = False


def paragraphs(session: Session, glyphs: Glyphs) -> Iterator[LessonParagraph]:
    """Yield the paragraphs of the lesson on screen."""
    state = session.lesson
    if state is None:
        return
    if state.is_at_end:
        yield from _summary(state)
        return
    yield LessonParagraph(state.texts.say)
    yield from _question(state, session, glyphs)
    if state.shows_hint and state.outcome is None:
        yield LessonParagraph(tr("Hint: {hint}", hint=state.texts.hint), "dim")
    yield from _result(state)


def _question(state: LessonState, session: Session, glyphs: Glyphs) -> Iterator[LessonParagraph]:
    question = state.step.question
    if isinstance(question, Choose):
        for index, text in enumerate(state.texts.answers):
            is_right = state.outcome is not None and index == question.right
            style = "good" if is_right else "dim" if state.outcome is not None or index in state.chosen else "text"
            mark = glyphs.check if is_right else glyphs.fail if index in state.chosen else " "
            yield LessonParagraph(text, style, f"{mark} {ANSWER_LETTERS[index]}  ", continues=bool(index))
    elif isinstance(question, Do):
        is_done = state.outcome not in (None, "revealed")  # a task that was given up is not done
        mark = glyphs.done if is_done else glyphs.todo
        yield LessonParagraph(str(goal_text(question, session)), "good" if is_done else "title", f"{mark} ")
        if state.shows_solution and question.solution:
            changes = "; ".join(question.solution)  # one text that `e` takes
            yield LessonParagraph(tr("One solution: press `e` and type `{changes}`.", changes=changes))
        elif state.shows_solution:
            yield LessonParagraph(tr("Stepping or training alone does it."))


def _result(state: LessonState) -> Iterator[LessonParagraph]:
    """Yield the reason for the last wrong answer, or what is shown after the question."""
    question, reasons = state.step.question, state.texts.reasons
    if state.outcome is None:
        if state.chosen and reasons[state.chosen[-1]]:
            text = tr(
                "Not {letter}. {reason}", letter=ANSWER_LETTERS[state.chosen[-1]], reason=reasons[state.chosen[-1]]
            )
            yield LessonParagraph(text, "warn")
        return
    if isinstance(question, Choose) and reasons[question.right]:
        yield LessonParagraph(reasons[question.right])
    if state.texts.solved:
        yield LessonParagraph(state.texts.solved)


def _summary(state: LessonState) -> Iterator[LessonParagraph]:
    """Yield how the questions ended and what comes next."""
    yield LessonParagraph(tr("This was the last step. Your answers:"))
    rows = (
        (state.count("at once"), tr("right at once")),
        (state.count("later"), tr("right later, or with a hint")),
        (state.count("revealed"), tr("shown to you")),
        (len(state.open_steps), tr("not answered")),
    )
    for number, (count, text) in enumerate(rows):
        if count or not number:
            yield LessonParagraph(text, "text", f"{count:>3}  ", continues=bool(number))
    if state.open_steps:
        text = tr_plural(
            "Step {steps} is not answered yet: `pgup` goes back.",
            "Steps {steps} are not answered yet: `pgup` goes back.",
            len(state.open_steps),
            steps=all_of([str(index + 1) for index in state.open_steps]),
        )
        yield LessonParagraph(text, "warn")
    following = lesson_after(state.lesson)
    if following is not None:
        yield LessonParagraph(tr("`pgdn` opens the next lesson: {title}.", title=following.title))
    elif state.lesson.chapter:
        yield LessonParagraph(tr("This was the last lesson. `o` lists all lessons and presets."))
    else:
        yield LessonParagraph(tr("`o` lists all lessons and presets."))
