"""The command mark: the answers of a class, the arrays of a program, or a folder of results."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.cells import cell_len

from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.files.text_file import read_text
from nn_tui.core.marking.answers import read_answers
from nn_tui.core.marking.class_marks import mark_answers
from nn_tui.core.marking.marks import Mark, MarkVerdict, marks_table
from nn_tui.core.marking.program import ArrayComparison, Comparison, compare_arrays, comparison_table, read_arrays
from nn_tui.core.marking.results import read_results
from nn_tui.core.marking.summary import MistakeCount, Outcome, Summary, summarize, summarize_practice
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.ref_parser import quantity_name
from nn_tui.core.run.run import Run
from nn_tui.core.text import ascii_text, one_line, plain_number, shown_path, truncate
from nn_tui.core.translation import Message, message, message_plural, tr
from nn_tui.core.worksheet.sheet_file import read_sheet
from nn_tui.tui.cli.output import print_json, print_line
from nn_tui.tui.cli.start import start_run
from nn_tui.tui.cli.training import train_with_progress
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.terminal.termination import termination

_DIGITS = 6
_MAX_MISTAKES = 10


def mark_command(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui mark``: what is marked follows from the kinds of the two files."""
    if args.mine is None:
        return _mark_folder(args, settings)
    if Path(args.mine).suffix.lower() in (".npz", ".json"):
        return _mark_program(args, settings)
    return _mark_class(args, settings)


def _mark_class(args: argparse.Namespace, settings: Settings) -> int:
    """Mark the answers of a class to a sheet."""
    if Path(args.preset).suffix.lower() != ".json":
        raise UsageError(
            tr(
                "answers are marked with their sheet: nn-tui mark SHEET.json {answers}",
                answers=shown_path(Path(args.mine)),
            )
        )
    path = Path(args.preset)
    with locate_errors(file=shown_path(path)):
        sheet = read_sheet(read_text(path), path.stem)
    answers = Path(args.mine)
    with locate_errors(file=shown_path(answers)):
        rows = read_answers(read_text(answers))
    run = Run.start(sheet.experiment)
    with termination.deferred(second_interrupts=True):
        train_with_progress(run, sheet.update - 1, settings)
    with locate_errors(file=shown_path(path)):
        marks, problems = mark_answers(sheet, rows, run)
    for problem in problems:
        problem.file = shown_path(answers)
    return _print_marks(marks, problems, args, settings, with_rows=True)


def _mark_folder(args: argparse.Namespace, settings: Settings) -> int:
    """Sum up the results of a class in a folder."""
    folder = Path(args.preset)
    if not folder.is_dir():
        raise UsageError(
            tr(
                "{name} is not a folder of results; write nn-tui mark SHEET.json ANSWERS.csv, "
                "nn-tui mark PRESET MINE.npz or nn-tui mark FOLDER",
                name=shown_path(folder),
            )
        )
    marks, problems = read_results(folder)
    return _print_marks(marks, problems, args, settings, with_rows=False)


def _mark_program(args: argparse.Namespace, settings: Settings) -> int:
    """Compare the arrays of a program with those of a pass."""
    path = Path(args.mine)
    arrays = read_arrays(path)
    run = start_run(args, settings)
    with termination.deferred(second_interrupts=True):
        train_with_progress(run, args.updates - 1, settings)
    if run.divergence:
        problem = tr("training diverges in pass {number:,}; choose an earlier pass.", number=run.divergence.update)
        return print_error(problem, FAILED)
    previous = run.trace(args.updates - 1) if args.updates > 1 else None
    trace = run.trace(args.updates)
    with locate_errors(file=shown_path(path)):
        comparison = compare_arrays(run.engine, trace, arrays, previous)
    if args.json:
        print_json(comparison_table(comparison))
    else:
        for line in _comparison_lines(comparison):
            print_line(str(line), settings)
    return 0


def _comparison_lines(comparison: Comparison) -> list[Message]:
    lines = [_array_message(array) for array in comparison.arrays]
    first = comparison.first_difference
    if first is None:
        lines.append(message("All arrays agree with the pass."))
    elif first.ref is not None:
        place = message(
            "The first difference: {quantity} is {answer}, but the pass gives {expected}.",
            quantity=quantity_name(first.ref),
            answer=plain_number(first.value, _DIGITS),
            expected=plain_number(first.expected, _DIGITS),
        )
        lines.append(place)
        if comparison.mistakes:
            first_kind, *others = comparison.mistakes
            lines += [MISTAKES[first_kind].text, *(message("Or: {text}", text=MISTAKES[kind].text) for kind in others)]
        else:
            lines.append(message("No usual mistake gives these numbers."))
    for name in comparison.unknown:
        lines.append(message("{name}: not compared, because the pass has no such array", name=_short(name)))
    return lines


def _array_message(array: ArrayComparison) -> Message:
    name = _short(array.name)
    if array.verdict == "different":
        return message("{name}: different", name=name)
    if array.verdict == "equal" and array.is_transposed:
        return message("{name}: equal, with rows and columns exchanged", name=name)
    if array.verdict == "equal":
        return message("{name}: equal", name=name)
    if array.is_transposed:
        return message_plural(
            "{name}: equal to {count} digit, with rows and columns exchanged",
            "{name}: equal to {count} digits, with rows and columns exchanged",
            array.digits,
            name=name,
        )
    return message_plural("{name}: equal to {count} digit", "{name}: equal to {count} digits", array.digits, name=name)


def _print_marks(
    marks: Sequence[Mark],
    problems: Iterable[InputError],
    args: argparse.Namespace,
    settings: Settings,
    *,
    with_rows: bool,
) -> int:
    """Print marks as JSON, or as tables for a person; then what could not be read, on stderr."""
    if args.json:
        print_json(marks_table(marks))
    elif marks:
        if with_rows:
            _print_table(_mark_rows(marks), settings)
            print_line("", settings)
        summary = summarize(marks) if with_rows else summarize_practice(marks)
        columns = _sheet_columns() if with_rows else _practice_columns()
        _print_table(_count_rows(tr("student"), summary.students, columns), settings)
        if not with_rows:
            print_line("", settings)
            _print_table(_count_rows(tr("step"), summary.steps, columns), settings)
        print_line("", settings)
        for line in (*_repeated_lines(summary), *_mistake_lines(summary)):
            print_line(str(line), settings)
    sys.stdout.flush()
    for problem in problems:
        print_error(ascii_text(str(problem)) if settings.ascii else str(problem), 0)
    return 0 if marks else FAILED


def _mark_rows(marks: Sequence[Mark]) -> list[tuple[str, ...]]:
    header = (tr("student"), tr("quantity"), tr("answer"), tr("expected"), tr("mark"), tr("what was done"))
    rows = [
        (
            _short(mark.student),
            mark.quantity,
            plain_number(mark.answer, _DIGITS),
            plain_number(mark.expected, _DIGITS),
            _verdict_text(mark.verdict),
            "" if mark.verdict == "right" else mark.text,
        )
        for mark in marks
    ]
    return [header, *rows]


def _verdict_text(verdict: MarkVerdict) -> str:
    if verdict == "right":
        return tr("right")
    return tr("follows") if verdict == "follows" else tr("wrong")


def _sheet_columns() -> dict[Outcome, str]:
    return {"right": tr("right"), "follows": tr("follows"), "wrong": tr("wrong")}


def _practice_columns() -> dict[Outcome, str]:
    return {
        "at once": tr("right at once"),
        "later": tr("right later"),
        "follows": tr("follows"),
        "revealed": tr("revealed"),
        "wrong": tr("wrong"),
    }


def _count_rows(
    title: str, counts: Mapping[str, Counter[Outcome]], columns: Mapping[Outcome, str]
) -> list[tuple[str, ...]]:
    rows = [
        (_short(name), *(str(count[outcome]) for outcome in columns), str(count.total()))
        for name, count in counts.items()
    ]
    return [(title, *columns.values(), tr("numbers")), *rows]


def _repeated_lines(summary: Summary) -> list[Message]:
    """Return a sentence for each question that was answered several times."""
    return [
        message(
            "{student} answered {quantity} {count:,} times: the last answer counts.",
            student=_short(mark.student),
            quantity=mark.quantity,
            count=count,
        )
        for mark, count in summary.repeated
    ]


def _mistake_lines(summary: Summary) -> list[Message]:
    """Return the sentences about the most frequent mistakes."""
    if not summary.mistakes and not summary.unexplained and not summary.too_few_digits:
        return [message("No wrong answers.")]
    lines = [message("The most frequent mistakes:")] if summary.mistakes else []
    lines += [_mistake_message(count) for count in summary.mistakes[:_MAX_MISTAKES]]
    if summary.too_few_digits:
        lines.append(
            message_plural(
                "{count:,} answer is right, but has too few digits.",
                "{count:,} answers are right, but have too few digits.",
                summary.too_few_digits,
            )
        )
    if summary.unexplained:
        lines.append(
            message_plural(
                "{count:,} wrong answer comes from no usual mistake.",
                "{count:,} wrong answers come from no usual mistake.",
                summary.unexplained,
            )
        )
    return lines


def _mistake_message(count: MistakeCount) -> Message:
    known = next((mistake for kind, mistake in MISTAKES.items() if kind == count.kind), None)
    students = message_plural("{count:,} student", "{count:,} students", count.students)
    return message_plural(
        "  {kind}: {count:,} answer of {students}. {text}",
        "  {kind}: {count:,} answers of {students}. {text}",
        count.answers,
        kind=count.kind,
        students=students,
        text=known.text if known else "",
    )


def _short(text: str) -> str:
    return truncate(one_line(text))


def _print_table(rows: Sequence[Sequence[str]], settings: Settings) -> None:
    """Print rows in columns; the last column is as wide as it is."""
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [f"{cell}{' ' * (width - cell_len(cell))}" for cell, width in zip(row, widths, strict=True)]
        print_line("  ".join(cells).rstrip(), settings)
