"""Training for a command: the progress on stderr, and the report at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

import numpy as np

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.diagnosis.finding import KINDS, findings_json
from nn_tui.core.diagnosis.result import training_result
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.trace_json import json_number
from nn_tui.core.lesson.condition import Condition
from nn_tui.core.lesson.goal import GoalCheck, condition_check, is_met
from nn_tui.core.lesson.lesson import Until
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.run.run import Run
from nn_tui.core.text import format_duration, one_line, plain_number
from nn_tui.core.translation import any_of, message_plural, tr
from nn_tui.tui.cli.progress import make_progress_line
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.terminal.termination import termination

_CHUNK_SECONDS = 0.2  # about the time of one chunk of training


def goal_of(condition: Condition, run: Run) -> GoalCheck:
    """Return the goal of a training that ends when a condition holds.

    Args:
        condition: The condition.
        run: The run that is trained, at its start.

    Raises:
        InputError: The network or the data does not have a number that the condition names.
    """
    with np.errstate(all="ignore"):
        trace = run.engine.run(run.state, 1)  # the run records no pass before it is trained
        condition.holds(PassCursor.at_end(run.engine, trace))
    run.release(trace)
    return condition_check(condition, run)


def holds_at_start(condition: Condition, run: Run) -> bool:
    """Return whether a condition holds before the first update; a number that a pass computes is not known there."""
    with np.errstate(all="ignore"):
        trace = run.engine.run(run.state, 1)
        holds = is_met(Until(condition), PassCursor(run.engine, trace, 0))
    run.release(trace)
    return holds


def is_goal_reached(goal: GoalCheck, run: Run) -> bool:
    """Return whether training has reached its goal with the last pass."""
    if run.position == 0:
        return False
    trace = run.trace(run.position)
    is_reached = goal(trace)
    run.release(trace)
    return is_reached


def train_with_progress(
    run: Run,
    updates: int,
    settings: Settings,
    goal: GoalCheck | None = None,
    record: Callable[[Trace], None] | None = None,
) -> float:
    """Train in chunks of about ``_CHUNK_SECONDS`` seconds.

    Args:
        run: The run.
        updates: The last update.
        settings: The settings, for the line of progress.
        goal: Training ends after the first pass that reaches it; None to train to the last update.
        record: Called with each pass; None if no pass is recorded.

    Returns:
        The seconds spent with training and with the evaluations of the run.
    """
    progress = _make_progress(settings)
    seconds, checking, chunk, is_reached = 0.0, 0.0, 1, False

    def check(trace: Trace) -> bool:
        nonlocal is_reached, checking
        start = perf_counter()
        is_reached = goal is not None and goal(trace)
        if record is not None:
            record(trace)
        checking += perf_counter() - start
        return False  # the trace is not held

    def should_stop() -> bool:
        return is_reached or termination.number != 0

    publish = check if goal or record else None
    while run.position < updates and not should_stop() and not run.divergence:
        start = perf_counter()
        run.train(min(chunk, updates - run.position), should_stop=should_stop, publish=publish)
        elapsed = perf_counter() - start
        seconds += elapsed
        chunk = max(1, min(4 * chunk, int(chunk * _CHUNK_SECONDS / max(elapsed, 1e-9))))
        progress(run.position, updates, seconds)
    progress(None, updates, seconds)
    return seconds - checking


def _make_progress(settings: Settings) -> Callable[[int | None, int, float], None]:
    """Return a function that shows the progress of a training in a line on stderr.

    Its arguments are the updates so far, the number of all updates, and the seconds so far. None instead of the first
    one clears the line.
    """
    line = make_progress_line(settings)

    def show(position: int | None, updates: int, seconds: float) -> None:
        if position is None:
            line(None)
        else:
            rate = position / max(seconds, 1e-9)
            left = format_duration((updates - position) / max(rate, 1e-9))
            line(
                lambda dot: tr(
                    "update {position:,} of {updates:,} {dot} {rate:,.0f} updates/s {dot} {left} left",
                    position=position, updates=updates, dot=dot, rate=rate, left=left,
                )
            )  # fmt: skip

    return show


def training_report(run: Run, seconds: float) -> dict[str, Any]:
    """Return the result as one JSON object: losses and metrics over the whole sets, None if there are none."""
    experiment, result = run.experiment, training_result(run)
    updates, train, test = result.updates, result.train, result.test
    return {
        "preset": experiment.preset.id,
        "seed": experiment.seed,
        "updates": updates,
        "epochs": updates // run.engine.batches_per_epoch,
        "train_loss": json_number(train.loss) if train else None,
        "test_loss": json_number(test.loss) if test else None,
        "train_accuracy": train.accuracy if train else None,
        "test_accuracy": test.accuracy if test else None,
        "train_r2": _number_or_none(train.r2) if train else None,
        "test_r2": _number_or_none(test.r2) if test else None,
        "train_rmse": _number_or_none(train.rmse) if train else None,
        "test_rmse": _number_or_none(test.rmse) if test else None,
        "standardized_target": has_standardized_targets(experiment.data),
        "seconds": seconds,
        "updates_per_second": updates / seconds if updates and seconds > 0.0 else None,
        "diverged": result.diverged,
        "findings": findings_json(result.findings),
    }


def _number_or_none(value: float | None) -> float | str | None:
    return None if value is None else json_number(value)


def summarize(report: dict[str, Any]) -> str:
    """Return the report as text: a line on the run, and one for each part of the data."""
    preset, seconds, rate = one_line(report["preset"]), report["seconds"], report["updates_per_second"]
    updates = message_plural("{count:,} update", "{count:,} updates", report["updates"])
    epochs = message_plural("{count:,} whole epoch", "{count:,} whole epochs", report["epochs"])
    if rate is None:
        lines = [
            tr(
                "{preset}: {updates}, {epochs}, {seconds:.2f} s",
                preset=preset, updates=updates, epochs=epochs, seconds=seconds,
            )
        ]  # fmt: skip
    else:
        lines = [
            tr(
                "{preset}: {updates}, {epochs}, {seconds:.2f} s, {rate:,.0f} updates/s",
                preset=preset, updates=updates, epochs=epochs, seconds=seconds, rate=rate,
            )
        ]  # fmt: skip
    for label, part in ((tr("train loss"), "train"), (tr("test  loss"), "test")):
        loss, accuracy = report[f"{part}_loss"], report[f"{part}_accuracy"]
        r2, rmse = report[f"{part}_r2"], report[f"{part}_rmse"]
        if loss is None:
            continue
        number = plain_number(float(loss))
        if accuracy is not None:
            lines.append(tr("{label} {loss}, accuracy {accuracy:.4g} %", label=label, loss=number,
                            accuracy=100 * accuracy))  # fmt: skip
        elif r2 is not None:
            lines.append(tr("{label} {loss}, R² {r2:.4f}, RMSE {rmse}", label=label, loss=number,
                            r2=float(r2), rmse=plain_number(float(rmse))))  # fmt: skip
        else:
            lines.append(tr("{label} {loss}, RMSE {rmse}", label=label, loss=number, rmse=plain_number(float(rmse))))
    if report["standardized_target"]:
        lines.append(tr("The loss is that of the standardised targets; RMSE is in the units of the data."))
    if report["diverged"]:
        lines.append(tr("diverged: training stopped at the first number that is not finite"))
    lines += findings_text(report["findings"])
    return "\n".join(lines)


def findings_text(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for each finding of a report, with what to try."""
    lines = []
    for finding in findings:
        problem, text, changes = KINDS[finding["kind"]], finding["text"], finding["remedies"]
        if changes:
            lines.append(tr("{problem}: {text} Try: {changes}.", problem=problem, text=text, changes=any_of(changes)))
        else:
            lines.append(tr("{problem}: {text}", problem=problem, text=text))
    return lines
