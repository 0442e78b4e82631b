"""A step of a lesson in its state, as the checks of a lesson see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from nn_tui.core.errors import ErrorCode, InputError, KeyPath
from nn_tui.core.lesson.lesson import Lesson, LessonStep
from nn_tui.core.lesson.located import named_problem
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.lesson.state import StepState
from nn_tui.core.lesson.text import fill
from nn_tui.core.translation import Message


@dataclass(frozen=True, slots=True, eq=False)
class CheckedStep:
    """A step in its state.

    Attributes:
        lesson: The lesson.
        index: The index of the step.
        state: Its state.
        known_keys: The names of the keys of the app; empty if they are not checked.
    """

    lesson: Lesson
    index: int
    state: StepState
    known_keys: Collection[str] = ()

    @property
    def step(self) -> LessonStep:
        """The step."""
        return self.lesson.steps[self.index]

    @property
    def at(self) -> PassCursor:
        """The cursor in the pass of the step."""
        return self.state.at

    def problem(self, code: ErrorCode, problem: Message, *path: str | int, value: object = None) -> InputError:
        """Return a problem of a key of the step.

        Args:
            code: The kind of problem.
            problem: What is wrong and what would be right.
            path: The path of the key in the step.
            value: The wrong value.
        """
        full: KeyPath = ("steps", self.index, *path)
        return InputError(code, problem, path=full, value=value, file=self.lesson.file)

    def problem_of(self, error: InputError, *path: str | int) -> InputError:
        """Return an error as a problem of a key of the step."""
        return self.problem(error.code, named_problem(error), *path, value=error.value)

    def filled(self, text: str, *, must_be_known: bool = True) -> str:
        """Return a text with its numbers; the text itself if they do not exist, which another check says."""
        try:
            return fill(text, self.at, must_be_known=must_be_known)
        except InputError:
            return text


Check = Callable[[CheckedStep], Iterator[InputError]]
"""A check of one step: it yields what is wrong with it."""
