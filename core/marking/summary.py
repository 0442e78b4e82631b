"""Sums up marks: how each student did, which steps were hard, and the mistakes that were made most often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nn_tui.core.marking.marks import Mark
from nn_tui.core.practice.marking import Verdict


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
        students: The number of answers of each student by verdict, in the order of the marks.
        steps: The same for each kind of step, such as ``dw``.
        mistakes: The mistakes, the most frequent first.
        unexplained: The number of wrong answers that no listed mistake gives.
    """

    students: Mapping[str, Counter[Verdict]]
    steps: Mapping[str, Counter[Verdict]]
    mistakes: tuple[MistakeCount, ...]
    unexplained: int


def summarize(marks: Iterable[Mark]) -> Summary:
    """Sum up marks."""
    students: dict[str, Counter[Verdict]] = {}
    steps: dict[str, Counter[Verdict]] = {}
    makers: dict[str, list[str]] = {}
    unexplained = 0
    for mark in marks:
        students.setdefault(mark.student, Counter())[mark.verdict] += 1
        steps.setdefault(step_of(mark.quantity), Counter())[mark.verdict] += 1
        if mark.mistake is not None:
            makers.setdefault(mark.mistake, []).append(mark.student)
        elif mark.verdict == "wrong":
            unexplained += 1
    counts = [MistakeCount(kind, len(names), len(set(names))) for kind, names in makers.items()]
    ordered = tuple(sorted(counts, key=lambda count: (-count.answers, count.kind)))
    return Summary(students, steps, ordered, unexplained)


def step_of(quantity: str) -> str:
    """Return the kind of step of a quantity: ``dw`` for ``dw1[2,1]``, ``w'`` for ``w'1[1,1]``."""
    letters = quantity.partition("[")[0].partition("@")[0]
    return letters.rstrip("0123456789") or letters
