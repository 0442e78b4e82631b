"""Numbers, vectors and matrices as people write them: ``1/3``, ``-0.4 0.2``, ``[[0.1, 0.2], [0.3, 0.4]]``."""

from __future__ import annotations

import math
import re

from nn_tui.core.errors import InputError
from nn_tui.core.spec import Matrix
from nn_tui.core.text import NOT_FINITE, NUMBER, quote
from nn_tui.core.translation import Message, message, message_plural

_FRACTION = re.compile(rf"({NUMBER.pattern})(?:\s*/\s*({NUMBER.pattern}))?")
_SIGNS = str.maketrans("−–({)}", "--[[]]")
_TOKEN = re.compile(r"[\[\];]|[^\s,;\[\]]+")


def parse_number(text: str) -> float | None:
    """Return a number or a fraction such as ``1/3``; None for anything else. NaN and infinities are numbers."""
    text = text.strip().translate(_SIGNS)
    if NOT_FINITE.fullmatch(text):
        return float(text)
    match = _FRACTION.fullmatch(text)
    if match is None:
        return None
    numerator, denominator = float(match[1]), float(match[2] or 1)
    return numerator / denominator if denominator else None


def join_lines(text: str) -> str:
    """Return lines as one: the rows of a matrix with ``;`` between them, unless brackets mark the rows."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    has_brackets = "[" in text or "(" in text
    return (" " if has_brackets else "; ").join(lines)


def parse_rows(text: str) -> Matrix:
    """Return the rows of a matrix, all of one length. A vector is a matrix with one row.

    Rows are in brackets, or have ``;`` or a line break between them. Numbers have spaces or commas between them.

    Raises:
        InputError: For text without a number, what is not a finite number, wrong brackets and rows of different length.
    """
    rows: list[tuple[float, ...]] = []
    row: list[float] = []
    depth = 0
    for token in _TOKEN.findall(re.sub(r"\s*/\s*", "/", join_lines(text).translate(_SIGNS))):
        if token not in ("[", "]", ";"):
            row.append(_finite(token))
            continue
        depth += {"[": 1, "]": -1}.get(token, 0)
        if depth < 0 or (token == "[" and row):
            raise InputError("syntax", message("the brackets in {text} do not match.", text=quote(text)), value=text)
        if row:
            rows.append(tuple(row))
            row = []
    if depth:
        raise InputError("syntax", message("a closing bracket is missing in {text}.", text=quote(text)), value=text)
    if row:
        rows.append(tuple(row))
    if not rows:
        raise InputError("missing", message("the numbers are missing."), value=text)
    for number, other in enumerate(rows, 1):
        if len(other) != len(rows[0]):
            problem = message_plural(
                "row {number} has {count} number, but row 1 has {first}.",
                "row {number} has {count} numbers, but row 1 has {first}.",
                len(other),
                number=number,
                first=len(rows[0]),
            )
            raise InputError("wrong_shape", problem, value=text)
    return tuple(rows)


def parse_samples(text: str, inputs: int | None, outputs: int | None) -> tuple[Matrix, Matrix]:
    """Return the inputs and the targets of samples, one sample in a row: ``1 0 1 -> 1``.

    Args:
        text: The rows, with ``;`` or a line break between them, and ``->`` between inputs and targets. The arrow may be
            left out if a row has as many numbers as the network has inputs and outputs.
        inputs: The number of inputs of the network; None if it is not known.
        outputs: The number of outputs; None if it is not known.

    Raises:
        InputError: For text that is no such row, and for rows of different length.
    """
    lines = [line for line in re.split(r"[;\n]", text.replace("→", "->")) if line.strip()]
    if not lines:
        raise InputError("missing", message("write a row for each sample, such as {example}.", example="1 0 1 -> 1"))
    rows = [_parse_sample(line, inputs, outputs) for line in lines]
    for number, (x, y) in enumerate(rows, 1):
        for part, first in ((x, rows[0][0]), (y, rows[0][1])):
            if len(part) != len(first):
                problem = message(
                    "row {number} has {inputs} -> {targets} numbers, but row 1 has {first} -> {first_targets}.",
                    number=number,
                    inputs=len(x),
                    targets=len(y),
                    first=len(rows[0][0]),
                    first_targets=len(rows[0][1]),
                )
                raise InputError("wrong_shape", problem, value=lines[number - 1].strip())
    return tuple(x for x, _ in rows), tuple(y for _, y in rows)


def _parse_sample(line: str, inputs: int | None, outputs: int | None) -> tuple[tuple[float, ...], tuple[float, ...]]:
    parts = [parse_rows(part) if part.strip() else () for part in re.split(r"->|=>|:|\|", line)]
    if all(len(rows) == 1 for rows in parts):
        numbers = [row for (row,) in parts]
        if len(numbers) == 2:
            return numbers[0], numbers[1]
        if inputs and outputs and [len(row) for row in numbers] == [inputs + outputs]:
            return numbers[0][:inputs], numbers[0][inputs:]
    problem = message(
        "{row} is not a sample; write its inputs, -> and its targets, such as {example}.",
        row=quote(line.strip()),
        example="1 0 1 -> 1",
    )
    raise InputError("syntax", problem, value=line.strip())


def _finite(text: str) -> float:
    number = parse_number(text)
    if number is None:
        raise InputError("wrong_type", message("{value} is not a number.", value=quote(text)), value=text)
    if not math.isfinite(number):
        raise InputError("not_finite", not_finite_problem(text), value=text)
    return number


def not_finite_problem(text: str) -> Message:
    """Return the sentence about a number that is NaN, infinite, or too large for the computer."""
    if NOT_FINITE.fullmatch(text.strip()):
        return message("{value} is not a finite number.", value=quote(text))
    return message("{value} is too large; the largest number is about 1.8e308.", value=quote(text))
