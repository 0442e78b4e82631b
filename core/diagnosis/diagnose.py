"""Diagnose a run: name problems with their layer or unit, their likely cause and changes that help.

:func:`diagnose` looks at a pass and at the evaluations before it. The checks are functions that return findings; they
stand in two lists, causes before symptoms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from nn_tui.core.analysis.cycles import find_period
from nn_tui.core.diagnosis import (
    data_checks,
    first_update_checks,
    frozen_checks,
    line_checks,
    progress_checks,
    schedule_checks,
    step_checks,
    table_checks,
    unit_checks,
)
from nn_tui.core.diagnosis.facts import Facts
from nn_tui.core.diagnosis.finding import KINDS, Finding, Kind
from nn_tui.core.diagnosis.observation import Observation, observe, observe_start
from nn_tui.core.engine.nonfinite import first_nonfinite, is_finite
from nn_tui.core.engine.trace import Trace
from nn_tui.core.run.replay import Segment
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message

DATA_CHECKS: tuple[Callable[[Facts], list[Finding]], ...] = (
    data_checks.check_constant_target,
    data_checks.check_constant_inputs,
    data_checks.check_conflicting_rows,
    data_checks.check_target_range,
    data_checks.check_input_scale,
    data_checks.check_target_scale,
    data_checks.check_sum_reduction,
    line_checks.check_line,
    line_checks.check_zero_row,
)
"""Checks of what is known before the training: the data, the layers and the settings."""

UNIT_CHECKS: tuple[Callable[[Observation], list[Finding]], ...] = (
    unit_checks.check_symmetric,
    unit_checks.check_dead,
    unit_checks.check_saturated,
    unit_checks.check_exploding,
    unit_checks.check_vanishing,
)
"""Checks of the weights at hand, at the start or later."""

RUN_CHECKS: tuple[Callable[[Observation], list[Finding]], ...] = (
    frozen_checks.check_frozen,
    frozen_checks.check_penalty,
    first_update_checks.check_first_updates,
    step_checks.check_learning_rate_high,
    step_checks.check_growing_gradient,
    step_checks.check_update_size,
    progress_checks.check_flat,
    progress_checks.check_cycle,
    schedule_checks.check_schedule,
)
"""Checks of what a run has shown."""

_STANDSTILLS: tuple[Kind, ...] = ("learning_rate_low", "local_minimum", "plateau")
_ORDER = {kind: rank for rank, kind in enumerate(KINDS)}


def diagnose(run: Run, trace: Trace, updates_done: int, facts: Facts | None = None) -> tuple[Finding, ...]:
    """Return the findings of a run, causes before symptoms and the most likely first.

    A run that has solved its problem has none but ``overfitting`` and ``target_in_inputs``; see ``SOLVED_SCORE``. It
    does not change the run, but it may compute passes with the engine, so no thread may be training the run.

    Args:
        run: The run.
        trace: The pass before or after which the run is.
        updates_done: The number of updates done: ``trace.update`` after the pass, one less before its update.
        facts: The facts of the segment of the pass, if they are known.
    """
    facts = Facts(run.segment(trace.update - 1)) if facts is None else facts
    return (*table_checks.check_target_in_inputs(facts), *_diagnose_learning(run, trace, updates_done, facts))


def _diagnose_learning(run: Run, trace: Trace, updates_done: int, facts: Facts) -> tuple[Finding, ...]:
    """Return the findings about how a run learns."""
    with np.errstate(all="ignore"):
        divergence = run.divergence
        if divergence is None or divergence.update > trace.update:
            divergence = first_nonfinite(trace)
        if divergence is not None or not is_finite(trace):
            exploding = unit_checks.check_exploding(observe_start(facts, trace))
            diverged = step_checks.diverged_finding(divergence, facts)
            return _sorted([*_data_findings(facts), *exploding, diverged])
        seen = observe(run, trace, updates_done, facts)
        if seen.is_solved:
            return tuple(progress_checks.check_overfitting(seen))
        period = find_period(run, updates_done, seen.state)
        if period is not None:
            seen = observe(run, trace, updates_done, facts, period)
        findings = _findings((*UNIT_CHECKS, *RUN_CHECKS), seen)
        return _sorted([*_data_findings(facts), *findings, *progress_checks.check_overfitting(seen)])


def diagnose_start(segment: Segment) -> tuple[Finding, ...]:
    """Return the findings that are known before the training of a part of a run, with its first weights."""
    facts = Facts(segment)
    with np.errstate(all="ignore"):
        trace = facts.engine.run(facts.state, segment.start + 1)
        seen = observe_start(facts, trace)
        findings = [] if seen.is_solved else [*_data_findings(facts), *_findings(UNIT_CHECKS, seen)]
        facts.engine.release(trace)
        return (*table_checks.check_target_in_inputs(facts), *_sorted(findings))


def diagnose_position(run: Run) -> tuple[Finding, ...]:
    """Return the findings of a run where it is now; no thread may be training it."""
    segment = run.segment(run.position)
    if run.position == segment.start:
        return diagnose_start(segment)
    trace = run.trace(run.position)
    findings = diagnose(run, trace, run.position)
    run.release(trace)
    return findings


def _findings(checks: Sequence[Callable[[Observation], list[Finding]]], seen: Observation) -> list[Finding]:
    return [finding for check in checks for finding in check(seen)]


def _data_findings(facts: Facts) -> list[Finding]:
    return [finding for check in DATA_CHECKS for finding in check(facts)]


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return the findings in the order of their kinds, those that stop the learning first.

    Several layers may have dead or saturated units; of the other kinds the last one found says most.
    """
    unique = {(f.kind, f.layer if f.units else None): f for f in findings}
    ordered = sorted(unique.values(), key=lambda f: (f.severity != "bad", _ORDER[f.kind], f.layer or 0))
    first, others = ordered[:1], ordered[1:]
    return (*first, *(_as_second(first[0], finding) for finding in others if not _is_result(first[0], finding)))


def _is_result(first: Finding, finding: Finding) -> bool:
    """Return whether a finding is left out, because it follows from the first one and tells nothing new.

    Dead and saturated units stay: they tell where the problem has done its harm.
    """
    stops_learning = first.severity == "bad" or first.kind in _STANDSTILLS
    return stops_learning and finding.emerged and not finding.units


def _as_second(first: Finding, finding: Finding) -> Finding:
    """Return a finding that follows another one: its changes help only once the first problem is solved."""
    if finding.kind == "overfitting" or first.severity != "bad":
        return finding
    useful = [change for change in finding.remedies if not _names_of(change) & set(first.useless)]
    changes = tuple(dict.fromkeys((first.remedies[0], *useful)))
    if len(useful) < len(finding.remedies):
        advice = message("Solve this problem first: {problem}.", problem=first.name)
        return replace(finding, remedies=changes, advice=advice)
    return replace(finding, remedies=changes)


def _names_of(change: str) -> set[str]:
    """Return the first words of the parts of a change: ``add`` and ``eta`` of ``add layer 1 8 tanh; eta = 0.1``."""
    return {part.split(maxsplit=1)[0] for part in change.split(";")}
