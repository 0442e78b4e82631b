"""The state of the practice mode, a part of the session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from nn_tui.core.engine.steps import Operation
from nn_tui.core.practice.names import Level, Topic
from nn_tui.core.practice.rounding import DEFAULT_DIGITS
from nn_tui.core.practice.slips import Kind
from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message, message

LEVEL_NAMES: dict[Level, Message] = {
    "sign": message("Sign: is the number positive or negative?"),
    "compare": message("Comparison: which of two numbers is larger?"),
    "formula": message("Number: compute it, with the formula on the screen"),
    "number": message("Number without help: find the formula, too"),
}
Outcome = Literal["at once", "later", "revealed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A number that is asked for before the screen shows it.

    Attributes:
        ref: Its address.
        target: The cursor to which the session goes with the answer.
        other: What the number is compared with; None at other levels.
        tries: The wrong answers so far.
        hints: The hints so far.
        mistake: The mistake that gives the last wrong answer; None if none does.
    """

    ref: Ref
    target: int
    other: Ref | None = None
    tries: int = 0
    hints: int = 0
    mistake: Kind | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """A generated exercise: the arguments of ``generate``."""

    topic: Topic
    seed: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """How a question about a number of an operation ended."""

    operation: Operation
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice mode.

    Attributes:
        level: What is asked.
        digits: The significant digits of numbers and answers.
        question: The open question; None between two stops.
        is_typing: Whether the answer line has the keys; also between two questions, until the person leaves it.
        results: How the questions so far ended.
        pass_start: How many of the results are older than the pass or exercise on screen.
        exercise: The exercise on screen; None for another preset.
    """

    level: Level = "formula"
    digits: int = DEFAULT_DIGITS
    question: OpenQuestion | None = None
    is_typing: bool = False
    results: tuple[Result, ...] = ()
    pass_start: int = 0
    exercise: Exercise | None = None

    @property
    def is_between_questions(self) -> bool:
        """Whether the answer line has the keys and waits for the next question."""
        return self.is_typing and self.question is None

    @property
    def is_begun(self) -> bool:
        """Whether a question was answered, or a first answer or hint was given."""
        return bool(self.results) or (self.question is not None and self.question.tries + self.question.hints > 0)

    def count(self, outcome: Outcome) -> int:
        """Return the number of questions that ended in one way."""
        return sum(result.outcome == outcome for result in self.results)
