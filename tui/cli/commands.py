"""The commands list, train, trace and check. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from rich.cells import cell_len, set_cell_size

from nn_tui.core.analysis.gradcheck import TOLERANCE, gradient_check
from nn_tui.core.errors import InputError
from nn_tui.core.explain.trace_json import json_number, trace_json
from nn_tui.core.explain.worksheet import worksheet
from nn_tui.core.limits import MAX_UPDATES
from nn_tui.core.preset.description import describe_experiment
from nn_tui.core.preset.loader import open_experiment, shipped_presets, user_presets
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.text import ascii_text, one_line, plain_number, pluralize, wrap_lines
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.terminal.termination import termination

_PAGE_WIDTH = 96
_REPORT_EVERY = 0.2  # seconds between two updates of the progress line; also about the time of one chunk of training


def _print(text: str, settings: Settings) -> None:
    """Print text. What the encoding of stdout lacks is replaced by ASCII, or else escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
        is_encodable = True
    except UnicodeEncodeError:
        is_encodable = False
    if settings.ascii or not is_encodable:
        text = ascii_text(text)
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def _print_json(value: dict[str, Any]) -> None:
    # ASCII with \u escapes works in every encoding; json_number has made NaN a string.
    print(json.dumps(value, allow_nan=False))


def _open_experiment(args: argparse.Namespace, settings: Settings) -> Experiment:
    return open_experiment(args.preset, settings.seed)


def list_presets(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui list``: ids, titles and summaries in the order of the course, then the user's own presets."""
    if args.kept:
        return _list_saved(args, settings)
    own, notices = user_presets()
    rows = [
        (one_line(preset.id), one_line(preset.title), one_line(preset.summary)) for preset in (*shipped_presets(), *own)
    ]
    if args.json:
        _print_json({"presets": [dict(zip(("id", "title", "summary"), row, strict=True)) for row in rows]})
    else:
        widths = [max((cell_len(row[column]) for row in rows), default=0) for column in range(2)]
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        for id, title, summary in rows:
            line = f"{set_cell_size(id, widths[0])}  {set_cell_size(title, widths[1])}  {summary}"
            if width is not None and cell_len(line) > width:
                line = (
                    f"{set_cell_size(line, max(width - 1, 0))}…" if not settings.ascii else set_cell_size(line, width)
                )
            _print(line, settings)
    for notice in notices:
        print_error(notice, FAILED)
    return 0


def _list_saved(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui list --kept``: preset, update, length of the run and time of each session that no app has open."""
    from nn_tui.tui.saved.auto_saver import AutoSaver

    sessions, notices = AutoSaver(os.environ).find_sessions()
    if args.json:
        rows = [
            {
                "preset": saved.preset,
                "title": saved.title,
                "update": saved.update,
                "reached": saved.reached,
                "kept": saved.saved_at,
            }
            for saved in sessions
        ]
        _print_json({"kept": rows})
    else:
        name_width = max((cell_len(saved.preset) for saved in sessions), default=0)
        digits = max((len(f"{saved.reached:,}") for saved in sessions), default=0)
        for saved in sessions:
            name = set_cell_size(saved.preset, name_width)
            progress = f"update {saved.update:>{digits},} of {saved.reached:>{digits},}"
            _print(f"{name}  {progress}  {saved.time_text}", settings)
        other = (
            'To resume one of these, press ctrl+p in the app and type "resume". '
            "nn-tui PRESET --resume resumes the newest session of that preset."
        )
        none = "No session can be resumed." if notices else "There is no saved session."
        _print(other if sessions else none, settings)
    for notice in notices:
        print_error(notice, 0)
    return 0


def trace(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui trace``: print one pass as a worked example or as one JSON object."""
    experiment = _open_experiment(args, settings)
    run = Run.start(experiment)
    with termination.deferred(second_interrupts=True):
        _train(run, args.updates - 1, settings)
    if run.divergence:
        shown = "the numbers that would follow" if args.json else f"pass {run.divergence.update:,}"
        warning = (
            f"pass {args.updates:,} is not reached: training diverges at {run.divergence.sentence}; printing {shown}"
        )
        print_error(ascii_text(warning) if settings.ascii else warning, 0)
    if args.json:
        _print_json(trace_json(experiment, args.updates, run))
        return 0
    text = worksheet(experiment, args.updates, args.digits, run).rstrip("\n")
    _print(wrap_lines(ascii_text(text) if settings.ascii else text, _PAGE_WIDTH), settings)
    return 0


def check(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui check``: load a preset, which validates it, and compare its gradients to finite differences."""
    experiment = _open_experiment(args, settings)
    run = Run.start(experiment)
    result = gradient_check(run.engine, run.trace(1))
    sizes = "-".join(map(str, experiment.sizes))
    _print(f"{one_line(experiment.preset.id)}: valid, {sizes}, {pluralize(result.parameters, 'parameter')}.", settings)
    for line in describe_experiment(experiment):
        _print(one_line(line), settings)
    worst = result.worst
    if worst is None:
        comparison = "every parameter is at a kink, so there is nothing to compare"
    else:
        comparison = (
            f"worst relative error {worst.error:.1e} at {worst.name}: "
            f"backward {plain_number(worst.analytic, 9)}, differences {plain_number(worst.numeric, 9)}"
        )
    _print(f"Gradient check {'passed' if result.passed else 'failed'}: {comparison}.", settings)
    kinks = f"{result.kinks:,} skipped at kinks, where the loss has no single slope"
    compared = len(result.checks) - result.kinks
    _print(f"{compared:,} of {result.parameters:,} parameters compared; {kinks}.", settings)
    if result.passed or worst is None:
        return 0
    return print_error(
        f"the gradient of {worst.name} has a relative error of {worst.error:.1e}, more than {TOLERANCE:g}", FAILED
    )


def train(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui train``: train and print a report. A signal stops training after the current pass."""
    experiment = _open_experiment(args, settings)
    run = Run.start(experiment)
    batches = run.engine.batches_per_epoch
    updates = args.updates if args.epochs is None else args.epochs * batches
    if updates > MAX_UPDATES:
        raise InputError(
            f"--epochs {args.epochs:,} means {updates:,} updates, more than the limit of {MAX_UPDATES:,}: "
            f"use at most {MAX_UPDATES // batches:,} epochs"
        )
    evaluation_seconds = run.evaluation_seconds
    with termination.deferred(second_interrupts=True):
        seconds = _train(run, updates, settings)
        seconds -= run.evaluation_seconds - evaluation_seconds
        report = _report(run, seconds)
        if run.divergence:
            warning = f"training diverged and stopped: {run.divergence.sentence}"
            print_error(ascii_text(warning) if settings.ascii else warning, 0)
        if args.json:
            _print_json(report)
        else:
            _print(_summary(report), settings)
        sys.stdout.flush()
    return 0


def _train(run: Run, updates: int, settings: Settings) -> float:
    """Train in chunks of about ``_REPORT_EVERY`` seconds; return the seconds spent, with the evaluations."""
    progress = _make_progress(settings)
    seconds, chunk = 0.0, 1
    while run.position < updates and not termination.number and not run.divergence:
        start = perf_counter()
        run.train(min(chunk, updates - run.position), should_stop=lambda: termination.number != 0)
        elapsed = perf_counter() - start
        seconds += elapsed
        chunk = max(1, min(4 * chunk, int(chunk * _REPORT_EVERY / max(elapsed, 1e-9))))
        progress(run.position, updates, seconds)
    progress(None, updates, seconds)
    return seconds


def _make_progress(settings: Settings) -> Callable[[int | None, int, float], None]:
    """Return a function that overwrites a line of progress on stderr; it does nothing without a terminal.

    Its arguments are the updates so far, the number of all updates, and the seconds so far. None instead of the first
    one clears the line.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        return lambda position, updates, seconds: None
    width, next_at = 0, 0.0
    dot = "-" if settings.ascii or (sys.stderr.encoding or "").lower() not in ("utf-8", "utf8") else "·"

    def show(position: int | None, updates: int, seconds: float) -> None:
        nonlocal width, next_at
        if position is None:
            print(f"\r{' ' * width}\r" if width else "", end="", file=sys.stderr, flush=True)
        elif seconds >= next_at:
            rate = position / max(seconds, 1e-9)
            left = _format_duration((updates - position) / max(rate, 1e-9))
            line = f"update {position:,} of {updates:,} {dot} {rate:,.0f} updates/s {dot} {left} left"
            line = line[: max(0, shutil.get_terminal_size().columns - 1)]
            print(f"\r{line.ljust(width)}", end="", file=sys.stderr, flush=True)
            width, next_at = max(width, len(line)), seconds + _REPORT_EVERY

    return show


def _format_duration(seconds: float) -> str:
    rounded = round(min(seconds, 1e9))
    hours, minutes = divmod(rounded // 60, 60)
    return f"{hours}:{minutes:02}:{rounded % 60:02}" if hours else f"{minutes}:{rounded % 60:02}"


def _report(run: Run, seconds: float) -> dict[str, Any]:
    """Return the result as one JSON object: losses and accuracies over the whole sets, None if there are none."""
    experiment, updates = run.experiment, run.position
    data = experiment.data
    train = evaluate(run.engine, run.state, data.x, data.y)
    test = evaluate(run.engine, run.state, data.x_test, data.y_test)
    return {
        "preset": experiment.preset.id,
        "seed": experiment.seed,
        "updates": updates,
        "epochs": updates // run.engine.batches_per_epoch,
        "train_loss": json_number(train.loss) if train else None,
        "test_loss": json_number(test.loss) if test else None,
        "train_accuracy": train.accuracy if train else None,
        "test_accuracy": test.accuracy if test else None,
        "seconds": seconds,
        "updates_per_second": updates / seconds if updates and seconds > 0.0 else None,
        "diverged": run.divergence is not None,
    }


def _summary(report: dict[str, Any]) -> str:
    rate = report["updates_per_second"]
    speed = "" if rate is None else f", {rate:,.0f} updates/s"
    lines = [
        f"{one_line(report['preset'])}: {pluralize(report['updates'], 'update')}, "
        f"{pluralize(report['epochs'], 'whole epoch')}, {report['seconds']:.2f} s{speed}"
    ]
    for part in ("train", "test"):
        loss, accuracy = report[f"{part}_loss"], report[f"{part}_accuracy"]
        if loss is not None:
            accuracy_text = "" if accuracy is None else f", accuracy {100 * accuracy:.4g} %"
            lines.append(f"{part:<5} loss {plain_number(float(loss))}{accuracy_text}")
    if report["diverged"]:
        lines.append("diverged: training stopped at the first number that is not finite")
    return "\n".join(lines)


COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], int]] = {
    "list": list_presets,
    "train": train,
    "trace": trace,
    "check": check,
}
