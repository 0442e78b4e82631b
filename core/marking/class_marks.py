"""Marks the answers of a class to a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.marking.answers import AnswerRow, with_decimal_point
from nn_tui.core.marking.marks import Mark, mark_of
from nn_tui.core.practice.answer import parse_answer
from nn_tui.core.practice.marking import is_right, mark
from nn_tui.core.practice.tolerance import tolerance
from nn_tui.core.ref_parser import parse_ref, quantity_name
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.text import quote
from nn_tui.core.translation import message
from nn_tui.core.worksheet.pass_order import without_sample
from nn_tui.core.worksheet.sheet_file import SheetFile


@dataclass(frozen=True, slots=True)
class _ReadAnswer:
    """An answer that was read."""

    student: str
    ref: Ref
    answer: float


def mark_answers(sheet: SheetFile, rows: Sequence[AnswerRow], run: Run) -> tuple[list[Mark], list[InputError]]:
    """Mark the answers to a sheet.

    A wrong answer of a student is taken into account in the marks of the numbers that follow from it; of several
    answers to one question this is the last.

    Args:
        sheet: The sheet.
        rows: The rows of the file of answers.
        run: A run of the sheet's experiment.

    Returns:
        The marks in the order of the rows, and an error for each row that cannot be read.

    Raises:
        InputError: Training diverges before the pass of the sheet, or the sheet asks for a number that it has not.
    """
    run.goto(sheet.update - 1)
    if run.divergence:
        problem = message(
            "training diverges in pass {number:,}, before that of the sheet.", number=run.divergence.update
        )
        raise InputError("diverged", problem, path=("update",))
    previous = run.trace(sheet.update - 1) if sheet.update > 1 else None
    engine, trace = run.engine, run.trace(sheet.update)
    asked = _asked(sheet, engine, trace)
    read, problems = _read(rows, engine, trace, asked)
    tolerances = {ref: tolerance(engine, trace, ref, sheet.digits) for ref in {each.ref for each in read}}
    wrong: dict[str, dict[Ref, float]] = {}
    for each in read:
        wrong.setdefault(each.student, {}).pop(each.ref, None)
        if not is_right(each.answer, value_of(engine, trace, each.ref), tolerances[each.ref]):
            wrong[each.student][each.ref] = each.answer
    marks = []
    for each in read:
        earlier = wrong.get(each.student, {})
        marked = mark(engine, trace, each.ref, each.answer, sheet.digits, earlier, previous)
        marks.append(mark_of(each.student, quantity_name(each.ref), each.answer, marked))
    return marks, problems


def _asked(sheet: SheetFile, engine: Engine, trace: Trace) -> set[Ref]:
    """Return the addresses of the numbers that a sheet asks for."""
    return {_parse_quantity(name, engine, trace) for name in sheet.quantities}


def _parse_quantity(name: str, engine: Engine, trace: Trace) -> Ref:
    return without_sample(parse_ref(name, engine.sizes, slots=engine.optimizer.slots, batch_size=trace.n))


def _read(
    rows: Iterable[AnswerRow], engine: Engine, trace: Trace, asked: set[Ref]
) -> tuple[list[_ReadAnswer], list[InputError]]:
    """Return the answers that can be read, and an error with its line for each row that cannot."""
    read, problems = [], []
    for row in rows:
        try:
            ref = _parse_quantity(row.quantity, engine, trace)
            if ref not in asked:
                raise InputError("not_found", message("the sheet does not ask for this number."), path=(row.quantity,))
            if not row.answer:
                problem = message("{student} has left this number empty.", student=quote(row.student))
                raise InputError("missing", problem, path=(row.quantity,))
            read.append(_ReadAnswer(row.student, ref, parse_answer(with_decimal_point(row.answer))))
        except InputError as error:
            error.line = row.line
            problems.append(error)
    return read, problems
