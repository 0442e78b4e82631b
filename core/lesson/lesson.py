"""Lessons as values: what a lesson file says, parsed but not computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from nn_tui.core.engine.moments import Moment
from nn_tui.core.lesson.condition import Condition
from nn_tui.core.lesson.names import AskLevel, Gate, ViewName
from nn_tui.core.practice.rounding import DEFAULT_DIGITS
from nn_tui.core.spec import Preset


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for a number that the pass has not computed yet.

    Attributes:
        quantity: The name of the number, as a person types it.
        level: What is asked: its sign, or the number with or without its formula.
        digits: The significant digits of the answer.
    """

    quantity: str
    level: AskLevel = "formula"
    digits: int = DEFAULT_DIGITS


@dataclass(frozen=True, slots=True)
class LessonAnswer:
    """One of the answers to choose from.

    Attributes:
        answer: Its text; numbers are filled in.
        is_right: Whether it is the right one.
        why: What is shown after it was chosen; "" only for the right one.
    """

    answer: str
    is_right: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Choose:
    """A question with two to four answers, of which one is right."""

    answers: tuple[LessonAnswer, ...]

    @property
    def right(self) -> int:
        """The index of the right answer."""
        return [answer.is_right for answer in self.answers].index(True)


@dataclass(frozen=True, slots=True)
class Until:
    """A task that is done when a condition holds; ``within`` is the number of updates it may take, None for any."""

    condition: Condition
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Separates:
    """A task that is done when the predictions for the four pairs of 0 and 1 are those of a gate.

    Attributes:
        gate: The gate.
        within: The number of updates it may take; None for any.
    """

    gate: Gate
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """A task that is done at a moment of the run, or after it."""

    moment: Moment


Goal = Until | Separates | Reach


@dataclass(frozen=True, slots=True)
class Do:
    """A task for the real keys of the app.

    Attributes:
        goal: When it is done.
        solution: Changes at the moment of the step with which it can be done; () if training or stepping is enough.
    """

    goal: Goal
    solution: tuple[str, ...] = ()


Question = Ask | Choose | Do


@dataclass(frozen=True, slots=True)
class LessonStep:
    """One step of a lesson: a whole state of the app with a text, and perhaps a question.

    Attributes:
        say: The text; ``{NAME}`` is a number of the state.
        changes: Changes at the start of the run, after those of the lesson.
        moment: The moment of the run.
        select: The name of the selected number; "" if the step does not say.
        view: The chosen view; "" if the step does not say.
        teaches: Names of quantities, kinds of findings, and words, for :func:`~nn_tui.core.lesson.index.lessons_about`.
        keys: The names of the keys that act while the step is on screen; () for all.
        hint: The hint; "" if there is none.
        claims: Conditions that hold at the state: what the text asserts.
        question: The question or task; None for a step that only tells.
        solved: What is shown after the question is answered or the task is done; "" for nothing.
    """

    say: str
    changes: tuple[str, ...] = ()
    moment: Moment = Moment(0)
    select: str = ""
    view: ViewName | Literal[""] = ""
    teaches: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    hint: str = ""
    claims: tuple[Condition, ...] = ()
    question: Question | None = None
    solved: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """The content of a lesson file.

    Attributes:
        id: The name of the file, without its ending.
        title: The title.
        summary: One line about it.
        preset: The problem on which it works.
        steps: The steps.
        changes: Changes at the start of the run, for all steps.
        chapter: The chapter of the course; "" for a lesson that is not shipped.
        path: The file; None for text that is in no file.
    """

    id: str
    title: str
    summary: str
    preset: Preset
    steps: tuple[LessonStep, ...]
    changes: tuple[str, ...] = ()
    chapter: str = ""
    path: Path | None = field(default=None, compare=False)

    @property
    def file(self) -> str:
        """The name of the file, for messages."""
        return f"{self.id}.toml"

    @property
    def asking_steps(self) -> tuple[int, ...]:
        """The indices of the steps with a question or a task."""
        return tuple(index for index, step in enumerate(self.steps) if step.question is not None)

    @property
    def questions(self) -> int:
        """The number of steps with a question or a task."""
        return len(self.asking_steps)
