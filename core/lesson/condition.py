"""Conditions on a run, such as ``loss < 0.05 and updates <= 100``, and the numbers that they and texts may name."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.run_figures import PassCursor, figure
from nn_tui.core.preset.typed_numbers import not_finite_problem, parse_number
from nn_tui.core.text import quote
from nn_tui.core.translation import message

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "≠": "!=", "−": "-"})
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_COMPARISON = re.compile(r"(?P<left>[^<>=!]+)(?P<operator>[<>]=?|==|!=)(?P<right>[^<>=!]+)")
MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class NumberComparison:
    """A comparison of a number of a run with a constant or with another number of the run.

    Attributes:
        name: The name of the number.
        operator: One of ``OPERATORS``.
        other: The constant, or the name of the other number.
    """

    name: str
    operator: str
    other: float | str

    def holds(self, at: PassCursor) -> bool:
        """Return whether it holds; NaN compares as different from every number.

        Raises:
            InputError: The network has no such number, or it is not computed at the cursor.
        """
        other = figure(self.other, at) if isinstance(self.other, str) else self.other
        return OPERATORS[self.operator](figure(self.name, at), other)


@dataclass(frozen=True, slots=True)
class Condition:
    """Comparisons that must all hold.

    Attributes:
        text: The condition as it was written.
        comparisons: The comparisons.
    """

    text: str
    comparisons: tuple[NumberComparison, ...]

    def holds(self, at: PassCursor) -> bool:
        """Return whether all comparisons hold at a cursor in a pass.

        Raises:
            InputError: The network has no such number, or it is not computed at the cursor.
        """
        results = [comparison.holds(at) for comparison in self.comparisons]  # every name must exist
        return all(results)


def parse_condition(text: str) -> Condition:
    """Parse a condition: comparisons such as ``accuracy >= 0.9``, joined by ``and``.

    On the left of a comparison is the name of a number, on the right a constant or the name of another number. The
    names are those of :func:`~nn_tui.core.lesson.run_figures.figure`; whether the network has them shows when the
    condition is evaluated.

    Raises:
        InputError: It is not a condition.
    """
    if len(text) > MAX_LENGTH:
        raise InputError("too_large", message("a condition has at most {max} characters.", max=MAX_LENGTH), value=text)
    parts = _AND.split(text.translate(_SIGNS).strip())
    return Condition(" ".join(text.split()), tuple(map(_parse_comparison, parts)))


def _parse_comparison(text: str) -> NumberComparison:
    match = _COMPARISON.fullmatch(text)
    left, right = (match["left"].strip(), match["right"].strip()) if match else ("", "")
    number = parse_number(right)
    if match is None or not left or not right or (number is None and right[0] in "0123456789.+-"):
        problem = message(
            "{text} is not a comparison; write for example loss < 0.05, or accuracy >= 0.9 and updates <= 100.",
            text=quote(text),
        )
        raise InputError("syntax", problem, value=text)
    if parse_number(left) is not None:
        problem = message("write the name before the number: loss < 0.05, not 0.05 > loss.")
        raise InputError("syntax", problem, value=text)
    if number is not None and not isfinite(number):
        raise InputError("not_finite", not_finite_problem(right), value=text)
    return NumberComparison(left, match["operator"], right if number is None else number)
