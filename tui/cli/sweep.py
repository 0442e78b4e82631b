"""The command sweep: train with all combinations of some settings and seeds."""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter

from nn_tui.core.errors import InputError
from nn_tui.core.preset.warnings import experiment_warnings
from nn_tui.core.run.length import TrainingLength
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.sweep.grid import Combination, Setting, combinations, parse_seeds, parse_setting
from nn_tui.core.sweep.processes import ProcessEnded
from nn_tui.core.sweep.row import SweepRow, start_of
from nn_tui.core.sweep.rows import sweep_rows
from nn_tui.core.sweep.summary import final_loss, has_comparable_losses, lowest, summarize_seeds
from nn_tui.core.sweep.writers import csv_header, csv_line, csv_text, row_json
from nn_tui.core.text import format_duration, plain_number, quote, shown_path
from nn_tui.core.translation import message, tr, tr_plural
from nn_tui.tui.cli.output import STANDARD_OUTPUT, print_line, print_note
from nn_tui.tui.cli.progress import make_progress_line
from nn_tui.tui.cli.start import open_start, print_assumptions
from nn_tui.tui.cli.sweep_table import header_line, row_line, seeds_columns, sweep_columns
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.saved.files import check_writable, is_same_file, write_file
from nn_tui.tui.terminal.termination import termination

_GUESS_AFTER = 1.0  # seconds before the first guess of the time left
_WRITE_EVERY = 10.0  # seconds between two versions of the file


def sweep(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui sweep``. A signal ends it after the rows that are complete.

    It fails if a combination is not valid; the others are trained all the same.
    """
    if args.seeds is not None and args.seed is not None:
        raise UsageError(tr("--seeds names all seeds; leave out --seed"))
    axes = [parse_setting(text) for text in args.set or ()]
    seeds = () if args.seeds is None else parse_seeds(args.seeds)
    grid = combinations(axes, seeds)
    length = TrainingLength(args.updates) if args.epochs is None else TrainingLength(args.epochs, "epochs")
    path = None if args.csv in (None, STANDARD_OUTPUT) else Path(args.csv)
    if path is not None:
        check_writable(path)
        if is_same_file(path, Path(args.preset)):
            raise UsageError(tr("--csv would replace {name}, which is what is trained; choose another name",
                                name=quote(path.name)))  # fmt: skip
    experiment = open_start(args.preset, args, settings)
    print_assumptions(experiment, args, settings, counts_warnings=True)
    start = _first_start(experiment, grid, args.weights)
    for warning in experiment_warnings(start.experiment, is_seed_given=args.seed is not None or len(seeds) > 0):
        print_note(warning, settings)
    is_table = not args.json and args.csv != STANDARD_OUTPUT and sys.stdout.isatty()
    rows: list[SweepRow] = []
    columns = sweep_columns(axes, seeds, start)

    def print_row(row: SweepRow) -> None:
        if is_table:
            width = _width(settings)
            if not rows:
                print_line(header_line(columns, width), settings)
            print_line(row_line(columns, row, width), settings)
        elif args.json:
            print(json.dumps(row_json(row), allow_nan=False))
        elif path is None:
            if not rows:
                print_line(csv_header(row).rstrip("\n"), settings)
            print_line(csv_line(row).rstrip("\n"), settings)
        sys.stdout.flush()

    with termination.deferred(second_interrupts=True):
        problem = _train(experiment, grid, length, args, settings, rows, print_row, path)
        if is_table and rows:
            for line in _summary(rows, axes, start, _width(settings)):
                print_line(line, settings)
            sys.stdout.flush()
        if path is not None and rows:
            write_file(path, csv_text(rows).encode())
            print_note(tr("Wrote {file}.", file=shown_path(path)), settings, prefix="")
        if len(rows) < len(grid):
            print_error(
                tr_plural("stopped after {done:,} of {count:,} combination",
                          "stopped after {done:,} of {count:,} combinations", len(grid), done=len(rows)), 0
            )  # fmt: skip
        for text in (*_errors(rows), *problem):
            print_error(text, FAILED)
    return FAILED if problem or any(row.error for row in rows) else 0


def _width(settings: Settings) -> int:
    """Return the cells of a line of the table; the mark of a line that is cut is longer in ASCII."""
    return shutil.get_terminal_size().columns - (2 if settings.ascii else 0)


def _first_start(experiment: Experiment, grid: Sequence[Combination], weights: Path | None) -> Run:
    """Return the start of the first combination that is valid.

    Raises:
        InputError: If none is valid.
    """
    problem = None
    for combination in grid:
        try:
            return start_of(experiment, combination, weights)
        except InputError as error:
            problem = problem or message(
                "no combination is valid: {options}: {problem}", options=_options(combination), problem=str(error)
            )
    assert problem is not None
    raise InputError("conflict", problem)


def _train(
    experiment: Experiment,
    grid: Sequence[Combination],
    length: TrainingLength,
    args: argparse.Namespace,
    settings: Settings,
    rows: list[SweepRow],
    print_row: Callable[[SweepRow], None],
    path: Path | None,
) -> tuple[str, ...]:
    """Train the combinations, and add their rows to ``rows``; return what went wrong."""
    line, started, written_at = make_progress_line(settings), perf_counter(), perf_counter()

    def show_progress(done: float) -> None:
        seconds, count = perf_counter() - started, len(grid)
        if seconds < _GUESS_AFTER:
            line(lambda dot: tr("{done:,} of {count:,} combinations", done=int(done), count=count))
        else:
            left = format_duration(seconds / max(done, 1e-9) * (count - done))
            line(
                lambda dot: tr(
                    "{done:,} of {count:,} combinations {dot} {left} left",
                    done=int(done), count=count, dot=dot, left=left,
                )
            )  # fmt: skip

    results = sweep_rows(
        experiment, grid, length, weights=args.weights, jobs=args.jobs,
        should_stop=lambda: termination.number != 0, progress=show_progress,
    )  # fmt: skip
    try:
        with closing(results):
            for row in results:
                line(None)
                print_row(row)
                rows.append(row)
                if path is not None and perf_counter() - written_at > _WRITE_EVERY:
                    write_file(path, csv_text(rows).encode())
                    written_at = perf_counter()
    except ProcessEnded:
        return (tr("a process of the sweep was ended from outside, perhaps because memory was short; use --jobs 1"),)
    finally:
        line(None)
    return ()


def _errors(rows: Sequence[SweepRow]) -> list[str]:
    """Return a sentence for each reason why combinations are not valid."""
    by_reason: dict[str, list[SweepRow]] = {}
    for row in rows:
        if row.error:
            by_reason.setdefault(row.error, []).append(row)
    return [
        tr_plural(
            "this combination is not valid: {options}: {problem}",
            "{count:,} combinations are not valid, such as {options}: {problem}",
            len(wrong), options=_options(wrong[0].combination), problem=reason,
        )
        for reason, wrong in by_reason.items()
    ]  # fmt: skip


def _options(combination: Combination) -> str:
    """Return the options of ``nn-tui train`` that give the same run."""
    words = [word for change in combination.changes for word in ("--set", change)]
    if combination.seed is not None:
        words += ["--seed", str(combination.seed)]
    return shlex.join(words)


def _summary(rows: Sequence[SweepRow], settings: Sequence[Setting], start: Run, width: int) -> list[str]:
    """Return the lines below the table: the results of each combination over its seeds, and which one is the best."""
    has_test, are_comparable = (
        len(start.experiment.data.x_test) > 0,
        has_comparable_losses([r.combination for r in rows]),
    )
    if any(row.combination.seed != rows[0].combination.seed for row in rows):
        summaries = summarize_seeds(rows)
        columns = seeds_columns(settings, start, has_diverged=any(summary.diverged for summary in summaries))
        title = tr("Test loss over the seeds:") if has_test else tr("Train loss over the seeds:")
        lines = ["", title, header_line(columns, width), *(row_line(columns, summary, width) for summary in summaries)]
        best = lowest(summaries, lambda summary: summary.mean_loss)
        if len(summaries) < 2 or best is None or best.mean_loss is None or not are_comparable:
            return lines
        loss, options = plain_number(best.mean_loss), _options(best.combination)
        if has_test:
            return [*lines, tr("The lowest mean test loss is {loss}: {options}", loss=loss, options=options)]
        return [*lines, tr("The lowest mean train loss is {loss}: {options}", loss=loss, options=options)]
    row = lowest(rows, final_loss)
    if len(rows) < 2 or row is None or not are_comparable:
        return []
    loss, options = plain_number(final_loss(row) or 0.0), _options(row.combination)
    if has_test:
        return [tr("The lowest test loss is {loss}: {options}", loss=loss, options=options)]
    return [tr("The lowest train loss is {loss}: {options}", loss=loss, options=options)]
