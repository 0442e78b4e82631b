"""The commands list, train and trace. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import argparse
import os
import sys

from rich.cells import cell_len, set_cell_size

from nn_tui.core.errors import locate_errors
from nn_tui.core.explain.trace_json import trace_json
from nn_tui.core.explain.worked_example import worked_example
from nn_tui.core.lesson.condition import parse_condition
from nn_tui.core.limits import MAX_UPDATES_TO_GOAL
from nn_tui.core.preset.loader import shipped_presets, user_presets
from nn_tui.core.run.length import TrainingLength
from nn_tui.core.text import ascii_text, one_line, printable, wrap_lines
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.cli.curve import check_curve_options, curve_rows
from nn_tui.tui.cli.output import STANDARD_OUTPUT, print_json, print_line, print_note, row_lines
from nn_tui.tui.cli.start import start_run
from nn_tui.tui.cli.training import (
    goal_of,
    holds_at_start,
    is_goal_reached,
    summarize,
    train_with_progress,
    training_report,
)
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.terminal.termination import termination

_PAGE_WIDTH = 96


def list_presets(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui list``: ids, titles and summaries in the order of the course, then the user's own presets."""
    if args.kept:
        return _list_saved(args, settings)
    own, notices = user_presets()
    rows = [
        (one_line(preset.id), one_line(preset.title), one_line(preset.summary)) for preset in (*shipped_presets(), *own)
    ]
    if args.json:
        print_json({"presets": [dict(zip(("id", "title", "summary"), row, strict=True)) for row in rows]})
    else:
        for line in row_lines(rows, settings):
            print_line(line, settings)
    for notice in notices:
        print_error(notice, FAILED)
    return 0


def _list_saved(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui list --kept``: the sessions that no app has open, newest first."""
    from nn_tui.tui.saved.auto_saver import AutoSaver

    sessions, notices = AutoSaver(os.environ).find_sessions()
    if args.json:
        rows = [
            {
                "preset": saved.preset,
                "title": saved.title,
                "document": saved.document and printable(saved.document[0].name),
                "update": saved.update,
                "reached": saved.reached,
                "kept": saved.saved_at,
            }
            for saved in sessions
        ]
        print_json({"kept": rows})
    else:
        name_width = max((cell_len(saved.preset) for saved in sessions), default=0)
        digits = max((len(f"{saved.reached:,}") for saved in sessions), default=0)
        for saved in sessions:
            name = set_cell_size(saved.preset, name_width)
            update, reached = f"{saved.update:>{digits},}", f"{saved.reached:>{digits},}"
            progress = tr("update {update} of {reached}", update=update, reached=reached)
            document = "" if saved.document is None else f"  {saved.name}"
            print_line(f"{name}  {progress}  {saved.time_text}{document}", settings)
        if sessions:
            advice = tr(
                'To resume one of these, press ctrl+p in the app and type "resume". '
                "nn-tui PRESET --resume resumes the newest session of that preset."
            )
        else:
            advice = tr("No session can be resumed.") if notices else tr("There is no kept session.")
        print_line(advice, settings)
    for notice in notices:
        print_error(notice, 0)
    return 0


def trace(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui trace``: print one pass as a worked example or as one JSON object."""
    run = start_run(args, settings)
    experiment = run.experiment
    with termination.deferred(second_interrupts=True):
        train_with_progress(run, args.updates - 1, settings)
    if run.divergence:
        if args.json:
            warning = tr(
                "pass {number:,} is not reached: training diverges at {finding}; "
                "printing the numbers that would follow",
                number=args.updates, finding=run.divergence.sentence,
            )  # fmt: skip
        else:
            warning = tr(
                "pass {number:,} is not reached: training diverges at {finding}; printing pass {last:,}",
                number=args.updates, finding=run.divergence.sentence, last=run.divergence.update,
            )  # fmt: skip
        print_note(warning, settings)
    if args.json:
        print_json(trace_json(experiment, args.updates, run))
        return 0
    text = worked_example(experiment, args.updates, args.digits, run).rstrip("\n")
    print_line(wrap_lines(ascii_text(text) if settings.ascii else text, _PAGE_WIDTH), settings)
    return 0


def _length(args: argparse.Namespace) -> TrainingLength:
    """Return the length of a training; one with a goal needs no number."""
    if args.epochs is not None:
        return TrainingLength(args.epochs, "epochs")
    if args.updates is None and args.until is None:
        raise UsageError(tr("one of --epochs, --updates and --until is required; see nn-tui train --help"))
    return TrainingLength(MAX_UPDATES_TO_GOAL if args.updates is None else args.updates)


def train(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui train``: train and print a report. A signal stops training after the current pass.

    The command fails if it has a goal (``--until``) that training does not reach.
    """
    check_curve_options(args)  # before a table is read and the network is trained, which may take long
    length = _length(args)
    run = start_run(args, settings)
    updates = length.updates_of(run)
    goal = None
    if args.until is not None:
        with locate_errors(path=("--until",)):
            condition = parse_condition(args.until)
            goal = goal_of(condition, run)
        if holds_at_start(condition, run):
            print_note(tr("the goal holds before the first update: {goal}", goal=one_line(args.until)), settings)
            updates, goal = 0, None
    evaluation_seconds = run.evaluation_seconds
    with termination.deferred(second_interrupts=True):
        with curve_rows(args, run, settings) as curve:
            seconds = train_with_progress(run, updates, settings, goal, curve.add if curve else None)
        seconds -= run.evaluation_seconds - evaluation_seconds
        report = training_report(run, seconds)
        if run.divergence:
            warning = tr("training diverged and stopped: {finding}", finding=run.divergence.sentence)
            print_note(warning, settings)
        if args.json:
            print_json(report)
        elif args.curve != STANDARD_OUTPUT:
            print_line(summarize(report), settings)
        elif not settings.quiet:
            print_line(summarize(report), settings, sys.stderr)
        sys.stdout.flush()
        if goal is not None and not termination.number and not is_goal_reached(goal, run):
            missed = tr_plural(
                "the goal was not reached within {count:,} update: {goal}",
                "the goal was not reached within {count:,} updates: {goal}",
                run.position,
                goal=one_line(args.until),
            )
            return print_error(missed, FAILED)
    return 0
