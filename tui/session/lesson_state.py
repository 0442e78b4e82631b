"""The state of a lesson, a part of the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nn_tui.core.lesson.lesson import Lesson, LessonStep, Question
from nn_tui.core.run.run import Run
from nn_tui.tui.session.practice_state import Outcome

ANSWER_LETTERS = "ABCD"
"""The letters of the answers to choose from: a number is never taken for one of them."""


@dataclass(frozen=True, slots=True)
class LessonTexts:
    """The texts of a step, with the numbers of its state.

    Attributes:
        say: The text.
        answers: The answers to choose from; none for another question.
        reasons: What is shown after each of them was chosen.
        hint: The hint; "" if there is none.
        solved: What is shown after the question; "" if there is nothing to show, and of a task until it is done.
    """

    say: str
    answers: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    hint: str = ""
    solved: str = ""


@dataclass(frozen=True, slots=True)
class StepPlace:
    """The place in a run that a step gives.

    Attributes:
        run: The run.
        update: The number of the pass.
        cursor: The cursor in it.
        updates: The number of updates that the parameters have had there.
    """

    run: Run
    update: int
    cursor: int
    updates: int


@dataclass(frozen=True, slots=True)
class LessonState:
    """A step of a lesson that is on screen.

    Attributes:
        lesson: The lesson.
        index: The index of the step.
        texts: Its texts.
        given: The place that it gives; None if that is in no run of the session.
        outcomes: How the questions of the lesson ended, by the index of their step.
        outcome: How the question of this step ended since the step was opened; None while it is open.
        chosen: The wrong answers that were chosen, by their index; the last one is the latest.
        shows_hint: Whether the hint is shown.
        shows_solution: Whether the solution is shown.
        is_typing: Whether keys go to the line for the letter of an answer.
        is_at_end: Whether the summary at the end of the lesson is shown.
    """

    lesson: Lesson
    index: int
    texts: LessonTexts
    given: StepPlace | None
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    outcome: Outcome | None = None
    chosen: tuple[int, ...] = ()
    shows_hint: bool = False
    shows_solution: bool = False
    is_typing: bool = False
    is_at_end: bool = False

    @property
    def step(self) -> LessonStep:
        """The step."""
        return self.lesson.steps[self.index]

    @property
    def question(self) -> Question | None:
        """The question of the step while it is open; None if it has none, or if it is answered."""
        return None if self.is_at_end or self.outcome is not None else self.step.question

    @property
    def question_number(self) -> int:
        """The number of questions up to this step."""
        return sum(step.question is not None for step in self.lesson.steps[: self.index + 1])

    @property
    def open_steps(self) -> list[int]:
        """The indices of the steps whose question has not been answered."""
        return [index for index in self.lesson.asking_steps if index not in self.outcomes]

    def count(self, outcome: Outcome) -> int:
        """Return the number of questions that ended in one way."""
        return sum(each == outcome for each in self.outcomes.values())
