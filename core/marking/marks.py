"""Marks of answers, and their form as JSON, which practice writes, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import nan
from sys import float_info
from typing import Any, Literal, get_args

from nn_tui.core.errors import InputError
from nn_tui.core.explain.trace_json import json_number
from nn_tui.core.fields import parse_json_object
from nn_tui.core.practice.marking import AnswerMark, Verdict
from nn_tui.core.text import one_line
from nn_tui.core.translation import message

FORMAT = "nn-tui-marks/1"
MarkVerdict = Verdict | Literal["revealed"]
VERDICTS: tuple[MarkVerdict, ...] = (*get_args(Verdict), "revealed")


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one answer.

    Attributes:
        student: The name of the student.
        quantity: The name of the number.
        answer: The answer; NaN if there is none.
        expected: The right number.
        verdict: Whether the answer is right, agrees with an earlier wrong answer, or is wrong; in practice "revealed"
            if the number was shown before a right answer.
        mistake: The mistake that gives it; None if no listed one does.
        also: Other mistakes that give the same number.
        text: The verdict in a sentence.
        hints: The hints before the answer.
        has_too_few_digits: Whether the answer is the right number with fewer digits than asked for.
    """

    student: str
    quantity: str
    answer: float
    expected: float
    verdict: MarkVerdict
    mistake: str | None
    also: tuple[str, ...]
    text: str
    hints: int = 0
    has_too_few_digits: bool = False


def mark_of(student: str, quantity: str, answer: float, marked: AnswerMark, hints: int = 0) -> Mark:
    """Return the mark of an answer that was marked."""
    return Mark(
        student, quantity, answer, marked.expected, marked.verdict, marked.mistake, marked.also, str(marked.text),
        hints, marked.has_too_few_digits,
    )  # fmt: skip


def revealed_mark(student: str, quantity: str, expected: float) -> Mark:
    """Return the mark of a number that was shown instead of answered."""
    text = str(message("The number was shown."))
    return Mark(student, quantity, nan, expected, "revealed", None, (), text)


def marks_table(marks: Iterable[Mark], *, with_details: bool = False) -> dict[str, Any]:
    """Return marks as an object for JSON; NaN and infinities are strings, and an answer that is missing is null.

    Args:
        marks: The marks.
        with_details: Whether the marks have ``hints`` and ``has_too_few_digits``, as in the results of practice.
    """
    rows = [asdict(mark) for mark in marks]
    for row in rows:
        row |= {name: json_number(row[name]) for name in ("answer", "expected")} | {"also": list(row["also"])}
        if row["verdict"] == "revealed":
            row["answer"] = None
        if not with_details:
            del row["hints"], row["has_too_few_digits"]
    return {"format": FORMAT, "marks": rows}


def read_marks(text: str) -> list[Mark]:
    """Read marks from the text of a JSON file.

    Raises:
        InputError: The text has no marks, or a mark is not valid.
    """
    content = parse_json_object(text)
    rows = content.get("marks") if content is not None and content.get("format") == FORMAT else None
    if not isinstance(rows, list):
        problem = message('it has no marks; the format of a file with marks is "{format}".', format=FORMAT)
        raise InputError("unreadable", problem)
    return [_read_mark(row, ("marks", index)) for index, row in enumerate(rows)]


def _read_mark(row: object, path: tuple[str | int, ...]) -> Mark:
    if not isinstance(row, Mapping):
        raise InputError("wrong_type", message("it must be an object."), path=path)
    texts = {name: row.get(name, "") for name in ("student", "quantity", "text")}
    mistake, also = row.get("mistake"), row.get("also", [])
    for name, text in texts.items():
        if not isinstance(text, str):
            raise InputError("wrong_type", message("it must be a text."), path=(*path, name))
    if row.get("verdict") not in VERDICTS:
        problem = message("it must be one of {names}.", names=", ".join(VERDICTS))
        raise InputError("not_a_choice", problem, path=(*path, "verdict"))
    if not (mistake is None or isinstance(mistake, str)):
        raise InputError("wrong_type", message("it must be a text or null."), path=(*path, "mistake"))
    if not isinstance(also, list) or not all(isinstance(name, str) for name in also):
        raise InputError("wrong_type", message("it must be a list of texts."), path=(*path, "also"))
    return Mark(
        student=one_line(texts["student"]),
        quantity=one_line(texts["quantity"]),
        answer=_number(row.get("answer")),
        expected=_number(row.get("expected")),
        verdict=row["verdict"],
        mistake=mistake,
        also=tuple(also),
        text=one_line(texts["text"]),
        hints=hints if isinstance(hints := row.get("hints"), int) else 0,
        has_too_few_digits=row.get("has_too_few_digits") is True,
    )


def _number(value: object) -> float:
    """Return a number of a file; NaN for what is none, because only the verdict counts in a summary."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= float_info.max:
        return float(value)
    return nan
