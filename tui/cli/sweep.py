"""The command sweep: train with all combinations of some settings and seeds."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter

from nn_tui.core.errors import InputError
from nn_tui.core.preset.from_network import with_seed
from nn_tui.core.preset.warnings import experiment_warnings
from nn_tui.core.run.length import TrainingLength
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.sweep.grid import Combination, Setting, combinations, parse_seeds, parse_setting
from nn_tui.core.sweep.processes import ProcessEnded
from nn_tui.core.sweep.row import SweepRow
from nn_tui.core.sweep.rows import sweep_rows
from nn_tui.core.sweep.writers import csv_header, csv_line, csv_text, row_json
from nn_tui.core.text import format_duration, shown_path
from nn_tui.core.translation import Message, message, tr, tr_plural
from nn_tui.tui.cli.output import STANDARD_OUTPUT, check_csv_file, print_json, print_line, print_note
from nn_tui.tui.cli.progress import ProgressLine, make_progress_line
from nn_tui.tui.cli.start import open_start, print_assumptions, start_with_notes
from nn_tui.tui.cli.sweep_table import header_line, row_line, sweep_columns
from nn_tui.tui.cli.sweep_text import error_lines, options_text, summary_lines
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.saved.files import write_file
from nn_tui.tui.terminal.termination import termination

_GUESS_AFTER = 1.0  # seconds before the first guess of the time left
_WRITE_EVERY = 10.0  # seconds between two versions of the file


def sweep(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui sweep``. A signal ends it after the rows that are complete.

    The command fails if a combination is not valid, but it trains the others.
    """
    if args.seeds is not None and args.seed is not None:
        raise UsageError(tr("--seeds names all seeds; leave out --seed"))
    axes, seeds = [parse_setting(text) for text in args.set or ()], _seeds(args)
    grid = combinations(axes, seeds)
    length = TrainingLength(args.updates) if args.epochs is None else TrainingLength(args.epochs, "epochs")
    path = _output_path(args)
    experiment = open_start(args.preset, args, settings)
    print_assumptions(experiment, args, settings, counts_warnings=True)
    start, notes = _first_start(experiment, grid, args.weights)
    for warning in (*notes, *experiment_warnings(start.experiment, is_seed_given=len(seeds) > 0)):
        print_note(warning, settings)
    is_table = not args.json and args.csv != STANDARD_OUTPUT and sys.stdout.isatty()
    print_row = _table_printer(axes, seeds, start, settings) if is_table else _line_printer(args, settings)
    line = make_progress_line(settings)
    results = sweep_rows(
        experiment, grid, length, weights=args.weights, jobs=args.jobs,
        should_stop=lambda: termination.number != 0, progress=_progress(line, len(grid)),
    )  # fmt: skip
    with termination.deferred(second_interrupts=True):
        rows, problems = _print_rows(results, print_row, line, path)
        for text in summary_lines(rows, axes, start, _width(settings)) if is_table and rows else ():
            print_line(text, settings)
        sys.stdout.flush()
        if path is not None and rows:
            write_file(path, csv_text(rows).encode())
            print_note(tr("Wrote {file}.", file=shown_path(path)), settings, prefix="")
        if len(rows) < len(grid):
            stopped = tr_plural(
                "stopped after {done:,} of {count:,} combination",
                "stopped after {done:,} of {count:,} combinations", len(grid), done=len(rows),
            )  # fmt: skip
            print_note(stopped, settings)
        problems = [*error_lines(rows), *problems]
        for text in problems:
            print_error(text, FAILED)
    return FAILED if problems else 0


def _print_rows(
    results: Generator[SweepRow, None, None],
    print_row: Callable[[SweepRow, bool], None],
    line: ProgressLine,
    path: Path | None,
) -> tuple[list[SweepRow], list[str]]:
    """Print each row as soon as it is trained, and write the rows so far to a file from time to time.

    Args:
        results: The rows; they are closed at the end.
        print_row: Prints a row; its second argument tells whether the row is the first one.
        line: The line of progress, which is cleared before each row and at the end.
        path: The file; None for none.

    Returns:
        The rows, and a sentence if a process was ended from outside.
    """
    rows, problems, written_at = list[SweepRow](), list[str](), perf_counter()
    try:
        with closing(results):
            for row in results:
                line(None)
                print_row(row, not rows)
                sys.stdout.flush()
                rows.append(row)
                if path is not None and perf_counter() - written_at > _WRITE_EVERY:
                    write_file(path, csv_text(rows).encode())
                    written_at = perf_counter()
    except ProcessEnded:
        problems.append(
            tr("a process of the sweep was ended from outside, perhaps because memory was short; use --jobs 1")
        )
    line(None)
    return rows, problems


def _seeds(args: argparse.Namespace) -> tuple[int, ...]:
    if args.seeds is not None:
        return parse_seeds(args.seeds)
    return () if args.seed is None else (args.seed,)


def _output_path(args: argparse.Namespace) -> Path | None:
    """Return the file to write; raise an error if it is known that it cannot be written."""
    if args.csv in (None, STANDARD_OUTPUT):
        return None
    return check_csv_file("--csv", args.csv, args.preset)


def _table_printer(
    axes: Sequence[Setting], seeds: Sequence[int], start: Run, settings: Settings
) -> Callable[[SweepRow, bool], None]:
    """Return a function that prints a row of the table, the first one below the titles of the columns."""
    columns = sweep_columns(axes, seeds, start, _width(settings))

    def print_row(row: SweepRow, is_first: bool) -> None:
        if is_first:
            print_line(header_line(columns, _width(settings)), settings)
        print_line(row_line(columns, row, _width(settings)), settings)

    return print_row


def _line_printer(args: argparse.Namespace, settings: Settings) -> Callable[[SweepRow, bool], None]:
    """Return a function that prints a row as JSON or CSV, or nothing if CSV goes to a file."""

    def print_row(row: SweepRow, is_first: bool) -> None:
        if args.json:
            print_json(row_json(row))
        elif args.csv in (None, STANDARD_OUTPUT):
            if is_first:
                print_line(csv_header(row).rstrip("\n"), settings)
            print_line(csv_line(row).rstrip("\n"), settings)

    return print_row


def _width(settings: Settings) -> int:
    """Return the cells of a line of the table; the mark of a line that is cut is longer in ASCII."""
    return shutil.get_terminal_size().columns - (2 if settings.ascii else 0)


def _first_start(
    experiment: Experiment, grid: Sequence[Combination], weights: Path | None
) -> tuple[Run, list[Message]]:
    """Return the start of the first combination that is valid, and what was assumed about the weights.

    Raises:
        InputError: If none is valid.
    """
    problem = None
    for combination in grid:
        try:
            seeded = experiment if combination.seed is None else with_seed(experiment, combination.seed)
            return start_with_notes(seeded, combination.changes, weights)
        except InputError as error:
            problem = problem or message(
                "no combination is valid: {options}: {problem}", options=options_text(combination), problem=str(error)
            )
    assert problem is not None
    if len(grid[0].settings) > 1:
        problem = message("{problem} Settings take effect in the order in which they are given.", problem=problem)
    raise InputError("conflict", problem)


def _progress(line: ProgressLine, count: int) -> Callable[[float], None]:
    """Return a function that shows how many of ``count`` combinations are trained, and guesses the time left."""
    started = perf_counter()

    def show(done: float) -> None:
        seconds = perf_counter() - started
        if seconds < _GUESS_AFTER:
            line(lambda dot: tr("{done:,} of {count:,} combinations", done=int(done), count=count))
            return
        left = format_duration(seconds / max(done, 1e-9) * (count - done))
        line(
            lambda dot: tr(
                "{done:,} of {count:,} combinations {dot} {left} left",
                done=int(done), count=count, dot=dot, left=left,
            )
        )  # fmt: skip

    return show
