"""Sums up marks: how each student did, which steps were hard, and the mistakes that were made most often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nn_tui.core.marking.marks import Mark, MarkVerdict

Outcome = MarkVerdict | Literal["at once", "later"]


@dataclass(frozen=True, slots=True)
class MistakeCount:
    """How often a mistake was made, and by how many students."""

    kind: str
    answers: int
    students: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The marks of a class.

    Attributes:
        students: How the questions of each student ended, in the order of the marks.
        steps: The same for each kind of step, such as ``dw``.
        mistakes: The mistakes, the most frequent first.
        unexplained: The number of wrong answers that no listed mistake gives.
        too_few_digits: The number of answers that are the right number with too few digits.
        repeated: The first mark of each question of a sheet that was answered several times, and how often.
    """

    students: Mapping[str, Counter[Outcome]]
    steps: Mapping[str, Counter[Outcome]]
    mistakes: tuple[MistakeCount, ...]
    unexplained: int
    too_few_digits: int
    repeated: tuple[tuple[Mark, int], ...] = ()


def summarize(marks: Iterable[Mark]) -> Summary:
    """Sum up the marks of a sheet; of several answers to one question the last counts."""
    questions = _group(marks, lambda mark: (mark.student, mark.quantity), is_closed=lambda mark: False)
    counted = [question[-1] for question in questions]
    repeated = tuple((question[0], len(question)) for question in questions if len(question) > 1)
    return _summary([(mark, mark.verdict) for mark in counted], counted, repeated)


def summarize_practice(marks: Iterable[Mark]) -> Summary:
    """Sum up the marks of practice: a question ends with a right answer, or when its number is shown.

    All answers count for the mistakes, also those that were followed by a right one.
    """
    every = list(marks)
    # The same number of another pass or exercise has another value.
    questions = _group(
        every,
        lambda mark: (mark.student, mark.quantity, repr(mark.expected)),
        is_closed=lambda mark: mark.verdict in ("right", "revealed"),
    )
    return _summary([(question[0], _outcome(question)) for question in questions], every)


def _group(
    marks: Iterable[Mark], key: Callable[[Mark], Hashable], is_closed: Callable[[Mark], bool]
) -> list[list[Mark]]:
    """Return the marks of each question in their order; after a mark that closes it, the question is a new one."""
    questions: list[list[Mark]] = []
    still_open: dict[Hashable, list[Mark]] = {}
    for mark in marks:
        question = still_open.get(key(mark))
        if question is None:
            question = still_open[key(mark)] = []
            questions.append(question)
        question.append(mark)
        if is_closed(mark):
            del still_open[key(mark)]
    return questions


def _outcome(question: Sequence[Mark]) -> Outcome:
    """Return how a question of practice ended: the last mark, and whether it is the first."""
    last = question[-1]
    if last.verdict != "right":
        return last.verdict
    return "later" if len(question) > 1 or last.hints else "at once"


def _summary(
    outcomes: Iterable[tuple[Mark, Outcome]], answers: Iterable[Mark], repeated: tuple[tuple[Mark, int], ...] = ()
) -> Summary:
    students: dict[str, Counter[Outcome]] = {}
    steps: dict[str, Counter[Outcome]] = {}
    for mark, outcome in outcomes:
        students.setdefault(mark.student, Counter())[outcome] += 1
        steps.setdefault(step_of(mark.quantity), Counter())[outcome] += 1
    makers: dict[str, list[str]] = {}
    unexplained = too_few_digits = 0
    for mark in answers:
        if mark.mistake is not None:
            makers.setdefault(mark.mistake, []).append(mark.student)
        elif mark.has_too_few_digits:
            too_few_digits += 1
        elif mark.verdict == "wrong":
            unexplained += 1
    counts = [MistakeCount(kind, len(names), len(set(names))) for kind, names in makers.items()]
    ordered = tuple(sorted(counts, key=lambda count: (-count.answers, count.kind)))
    return Summary(students, steps, ordered, unexplained, too_few_digits, repeated)


def step_of(quantity: str) -> str:
    """Return the kind of step of a quantity: ``dw`` for ``dw1[2,1]``, ``w'`` for ``w'1[1,1]``."""
    letters = quantity.partition("[")[0].partition("@")[0]
    return letters.rstrip("0123456789") or letters
