"""Arithmetic with the numbers of a run, as the texts and conditions of lessons write it: ``(loss - 0.1) / 2``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.text import quote
from nn_tui.core.translation import message

FUNCTIONS: Mapping[str, Callable[[float], float]] = {"abs": np.abs, "exp": np.exp, "ln": np.log, "sqrt": np.sqrt}
MAX_LENGTH = 100
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?(?![\w\[]))
    | (?P<name>(?:∂[LA]/∂)?[^\W\d][\w′'’]*\s*(?:\[[^\]]*\])?[′'’]?(?:\s*@\s*[0-9]+)?)
    | (?P<sign>[-+*/()])
    )\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_SIGNS = str.maketrans("−–×·", "--**")

Numbers = Callable[[str], float]
"""Returns a number of the run by its name."""
_Part = Callable[[Numbers], float]


@dataclass(frozen=True, slots=True)
class Formula:
    """An arithmetic expression.

    Attributes:
        text: The expression as it was written.
        names: The names of numbers in it.
    """

    text: str
    names: tuple[str, ...]
    _evaluate: _Part = field(compare=False, repr=False)

    def value(self, numbers: Numbers) -> float:
        """Return its value; a division by 0, or the logarithm of such a number, is infinite or NaN.

        Args:
            numbers: Returns a number by its name.
        """
        with np.errstate(all="ignore"):
            return float(self._evaluate(numbers))


def parse_formula(text: str) -> Formula:
    """Parse an expression of names and numbers with ``+ - * /``, brackets, and the functions abs, exp, ln and sqrt.

    Raises:
        InputError: It is not such an expression.
    """
    shown = " ".join(text.split())
    if len(text) > MAX_LENGTH:
        raise InputError("too_large", message("a formula has at most {max} characters.", max=MAX_LENGTH), value=text)
    parser = _Parser(normalize("NFC", text).translate(_SIGNS))
    evaluate = parser.sum()
    if evaluate is None or parser.tokens:
        problem = message(
            "{text} is neither the name of a number nor a formula; write for example loss, z1[2] or (w1[1,1] + 1) / 2.",
            text=quote(shown),
        )
        raise InputError("syntax", problem, value=shown)
    return Formula(shown, tuple(dict.fromkeys(parser.names)), evaluate)


class _Parser:
    """A parser that reads its tokens from the left; each method returns None if there is no such expression.

    Attributes:
        tokens: The tokens that are left, in reverse: the kind and the text of each.
        names: The names that were read.
    """

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.names: list[str] = []
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                self.tokens.append(("unknown", text[position]))
                break
            self.tokens.append((str(match.lastgroup), match[str(match.lastgroup)].strip()))
            position = match.end()
        self.tokens.reverse()

    def sum(self) -> _Part | None:
        """Read terms with ``+`` and ``-`` between them."""
        left = self._product()
        while left is not None and (sign := self._take("+", "-")):
            right = self._product()
            left = None if right is None else _plus(left, right) if sign == "+" else _plus(left, _minus(right))
        return left

    def _product(self) -> _Part | None:
        left = self._factor()
        while left is not None and (sign := self._take("*", "/")):
            right = self._factor()
            left = None if right is None else _times(left, right) if sign == "*" else _over(left, right)
        return left

    def _factor(self) -> _Part | None:
        if sign := self._take("+", "-"):
            operand = self._factor()
            return operand if operand is None or sign == "+" else _minus(operand)
        if self._take("("):
            inner = self.sum()
            return inner if self._take(")") else None
        kind, text = self.tokens.pop() if self.tokens else ("", "")
        if kind == "number":
            return _constant(float(text))
        if kind != "name":
            return None
        if text.lower() in FUNCTIONS and self._take("("):
            inner = self.sum()
            return _applied(text.lower(), inner) if inner is not None and self._take(")") else None
        self.names.append(text)
        return lambda numbers: numbers(text)

    def _take(self, *signs: str) -> str:
        """Take the next token if it is one of these signs; otherwise return ""."""
        if self.tokens and self.tokens[-1][0] == "sign" and self.tokens[-1][1] in signs:
            return self.tokens.pop()[1]
        return ""


def _constant(value: float) -> _Part:
    return lambda numbers: value


def _minus(part: _Part) -> _Part:
    return lambda numbers: -part(numbers)


def _plus(left: _Part, right: _Part) -> _Part:
    return lambda numbers: left(numbers) + right(numbers)


def _times(left: _Part, right: _Part) -> _Part:
    return lambda numbers: left(numbers) * right(numbers)


def _over(left: _Part, right: _Part) -> _Part:
    return lambda numbers: float(np.divide(left(numbers), right(numbers)))


def _applied(name: str, part: _Part) -> _Part:
    return lambda numbers: float(FUNCTIONS[name](part(numbers)))
