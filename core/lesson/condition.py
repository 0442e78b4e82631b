"""Conditions on a run, such as ``loss < 0.05 and updates <= 100``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.formula import Formula, parse_formula
from nn_tui.core.lesson.run_figures import FIGURES, PassCursor, figure
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
_SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "≠": "!="})
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_COMPARISON = re.compile(r"(?P<left>[^<>=!]+)(?P<operator>[<>]=?|==|!=)(?P<right>[^<>=!]+)")
_ONE_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class NumberComparison:
    """A comparison of two formulas.

    Attributes:
        left: The formula on the left.
        operator: One of ``OPERATORS``.
        right: The formula on the right.
    """

    left: Formula
    operator: str
    right: Formula

    def values(self, at: PassCursor) -> tuple[float, float]:
        """Return the values of both sides at a cursor in a pass.

        Raises:
            InputError: The network has no such number, or it is not computed at the cursor.
        """
        left, right = (formula.value(lambda name: figure(name, at)) for formula in (self.left, self.right))
        return left, right

    def holds(self, at: PassCursor) -> bool:
        """Return whether it holds; NaN differs from every number. The errors are those of :meth:`values`."""
        return OPERATORS[self.operator](*self.values(at))


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

    Both sides of a comparison are formulas (:mod:`~nn_tui.core.lesson.formula`) with the names of
    :func:`~nn_tui.core.lesson.run_figures.figure`. Whether the network has them shows when the condition is evaluated.

    Raises:
        InputError: It is not a condition.
    """
    if len(text) > MAX_LENGTH:
        raise InputError("too_large", message("a condition has at most {max} characters.", max=MAX_LENGTH), value=text)
    parts = _AND.split(text.translate(_SIGNS).strip())
    return Condition(" ".join(text.split()), tuple(map(_parse_comparison, parts)))


def _parse_comparison(text: str) -> NumberComparison:
    match = _COMPARISON.fullmatch(text)
    if match is None and _COMPARISON.fullmatch(_ONE_EQUALS.sub("==", text)):
        problem = message("{text} is not a comparison; write == to compare.", text=quote(text))
        raise InputError("syntax", problem, value=text)
    if match is None:
        raise _no_comparison(text)
    left, right = _parse_side(match["left"]), _parse_side(match["right"])
    if not (left.names or right.names):
        raise _no_comparison(text)
    return NumberComparison(left, match["operator"], right)


def _parse_side(text: str) -> Formula:
    try:
        return parse_formula(text)
    except InputError:
        name = "_".join(text.lower().split())
        if name in FIGURES and name != text.strip().lower():
            problem = message("{name} is not the name of a number.", name=quote(text.strip()))
            raise InputError("syntax", problem, value=text, suggestions=(name,)) from None
        raise


def _no_comparison(text: str) -> InputError:
    problem = message(
        "{text} is not a comparison; write for example loss < 0.05, or accuracy >= 0.9 and updates <= 100.",
        text=quote(text),
    )
    return InputError("syntax", problem, value=text)
