"""The command check: what was read from a preset or a table, its gradients, and what will go wrong."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from nn_tui.core.analysis.gradcheck import TOLERANCE, GradientCheck, gradient_check
from nn_tui.core.diagnosis.diagnose import diagnose_start
from nn_tui.core.diagnosis.finding import findings_json
from nn_tui.core.explain.trace_json import json_number
from nn_tui.core.lesson.loader import is_lesson
from nn_tui.core.preset.description import describe_experiment
from nn_tui.core.spec import Experiment
from nn_tui.core.text import one_line, plain_number
from nn_tui.core.translation import Message, message, tr, tr_plural
from nn_tui.tui.cli.lesson_check import check_lesson
from nn_tui.tui.cli.output import print_json, print_line
from nn_tui.tui.cli.start import opens_table, start_run, start_warnings
from nn_tui.tui.cli.table_report import assumption_lines, table_json, table_lines, warnings_json
from nn_tui.tui.cli.training import findings_text
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.exit import FAILED, print_error

FORMAT = "nn-tui-check/1"
_TASKS = {0: "regression", 2: "binary"}  # by the number of classes; any other number is "classes"


def check(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui check``: load a preset, which validates it, compare its gradients, and name what will go wrong.

    For a lesson, print everything that is wrong with it.
    """
    if is_lesson(args.preset):
        return check_lesson(args, settings)
    run = start_run(args, settings, says_assumptions=False)
    experiment = run.experiment
    findings = findings_json(diagnose_start(run.segments[-1]))
    result = gradient_check(run.engine, run.trace(1))
    if args.json:
        print_json(check_report(experiment, result, findings, start_warnings(args, run)))
    else:
        _print_check(experiment, result, findings, args, settings)
    worst = result.worst
    if result.passed or worst is None:
        return 0
    problem = tr(
        "the gradient of {name} has a relative error of {error:.1e}, more than {tolerance:g}",
        name=worst.name, error=worst.error, tolerance=TOLERANCE,
    )  # fmt: skip
    return print_error(problem, FAILED)


def check_report(
    experiment: Experiment, result: GradientCheck, findings: list[dict[str, Any]], warnings: Sequence[Message] = ()
) -> dict[str, Any]:
    """Return what ``nn-tui check --json`` prints.

    Args:
        experiment: The experiment.
        result: The gradient check at its start.
        findings: The findings of the diagnosis at its start.
        warnings: What is valid and probably not meant, besides the warnings about the table.
    """
    data = experiment.data
    compared = len(result.checks) - result.kinks
    largest = None if result.worst is None else json_number(result.worst.error)
    return {
        "format": FORMAT,
        "id": experiment.preset.id,
        "preset": experiment.preset.id,
        "valid": True,
        "table": None if data.table is None else table_json(data.table),
        "inputs": list(data.input_names),
        "outputs": list(data.output_names),
        "classes": list(data.classes),
        "task": _TASKS.get(len(data.classes), "classes"),
        "train_rows": len(data.x),
        "test_rows": len(data.x_test),
        "sizes": list(experiment.sizes),
        "parameters": result.parameters,
        "warnings": warnings_json(data.table, warnings),
        "gradient_check": {
            "passed": result.passed,
            "compared": compared,
            "kinks": result.kinks,
            "largest_error": largest,
            "at": None if result.worst is None else result.worst.name,
            "tolerance": TOLERANCE,
        },
        "compared": compared,
        "largest_error": largest,
        "passed": result.passed,
        "findings": findings,
    }


def _print_check(
    experiment: Experiment,
    result: GradientCheck,
    findings: list[dict[str, Any]],
    args: argparse.Namespace,
    settings: Settings,
) -> None:
    sizes = "-".join(map(str, experiment.sizes))
    valid = tr_plural(
        "{preset}: valid, {sizes}, {count:,} parameter.",
        "{preset}: valid, {sizes}, {count:,} parameters.",
        result.parameters,
        preset=one_line(experiment.preset.id),
        sizes=sizes,
    )
    print_line(valid, settings)
    # A table that is read strictly leaves nothing to say: all columns but the target are numbers and inputs.
    table = experiment.data.table
    if table is not None and experiment.preset.data.options is not None:
        sentences = assumption_lines(experiment, table, is_first_network=opens_table(args))
        for line in table_lines(table, sentences, settings):
            print_line(line, settings)
    for line in describe_experiment(experiment):
        print_line(one_line(line), settings)
    for line in findings_text(findings):
        print_line(one_line(line), settings)
    print_line(_comparison(result), settings)
    counts = tr(
        "{compared:,} of {total:,} parameters compared; "
        "{kinks:,} skipped at kinks, where the loss has no single slope.",
        compared=len(result.checks) - result.kinks,
        total=result.parameters,
        kinks=result.kinks,
    )
    print_line(counts, settings)


def _comparison(result: GradientCheck) -> str:
    """Return the sentence on the largest error of a gradient check."""
    worst = result.worst
    if worst is None:
        return tr("Gradient check passed: every parameter is at a kink, so there is nothing to compare.")
    text = message(
        "worst relative error {error:.1e} at {name}: backward {analytic}, differences {numeric}",
        error=worst.error,
        name=worst.name,
        analytic=plain_number(worst.analytic, 9),
        numeric=plain_number(worst.numeric, 9),
    )
    if result.passed:
        return tr("Gradient check passed: {comparison}.", comparison=text)
    return tr("Gradient check failed: {comparison}.", comparison=text)
