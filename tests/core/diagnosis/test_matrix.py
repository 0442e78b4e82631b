"""The matrix of the diagnosis: the right cause comes first, its remedy helps, and a healthy run has no finding.

``make diagnosis`` looks at every setting and at 50 random healthy runs; the tests here are a part of that.
"""

from __future__ import annotations

import os
from collections import Counter

import numpy as np
import pytest

from nn_tui.core.diagnosis.facts import Facts
from nn_tui.core.diagnosis.finding import KINDS
from nn_tui.core.diagnosis.observation import observe
from nn_tui.core.diagnosis.trial import try_remedy
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.run.run import Run
from tests.core.diagnosis._presets import findings_at, kinds
from tests.core.diagnosis._problems import random_problem, start_text
from tests.core.diagnosis._settings import SETTINGS, Setting

RUN_ALL = bool(os.environ.get("NN_TUI_DIAGNOSIS"))
SYMPTOMS = ("cycle", "update_large")  # kinds that only follow another one
OF_TABLES = ("target_in_inputs",)  # kinds that need a table: test_table_checks.py
QUICK = tuple({setting.kind: setting for setting in SETTINGS if setting.update <= 2000}.values())  # one for each kind
HEALTHY_RUNS, HEALTHY_UPDATES = (50, 1500) if RUN_ALL else (3, 500)
MAX_PROBLEMS = 100  # random ones that are looked at for as many healthy runs


def test_every_kind_has_three_settings_of_different_size_and_loss() -> None:
    counts = Counter(setting.kind for setting in SETTINGS)
    assert {kind: counts[kind] for kind in KINDS if kind not in SYMPTOMS + OF_TABLES and counts[kind] < 3} == {}
    assert not set(counts) & set(SYMPTOMS)
    assert len({setting.text for setting in SETTINGS}) == len(SETTINGS)


@pytest.mark.parametrize(
    "setting", SETTINGS if RUN_ALL else QUICK, ids=lambda setting: f"{setting.kind}-{setting.name}"
)
def test_the_cause_is_found_first_and_its_first_remedy_helps(setting: Setting) -> None:
    run = setting.start()
    findings = findings_at(run, setting.update)
    assert kinds(findings)[:1] == (setting.kind,)
    trial = try_remedy(run, findings[0], findings[0].remedies[0], setting.update)
    assert trial.helps
    if setting.kind not in ("constant_target", "constant_inputs", "conflicting_rows"):  # other data is another problem
        assert trial.is_lower, (trial.change, trial.without, trial.with_change)


@pytest.mark.parametrize("setting", SETTINGS if RUN_ALL else QUICK[::3], ids=lambda s: f"{s.kind}-{s.name}")
def test_every_change_fits_and_the_first_one_of_every_finding_helps(setting: Setting) -> None:
    for update in sorted({0, 50, min(300, setting.update), setting.update}):
        run = setting.start()
        for finding in findings_at(run, update):
            assert all(apply_edit(change, run, 0) is not run for change in finding.remedies)
            assert try_remedy(run, finding, finding.remedies[0], update).helps, (update, finding.kind)


def test_random_runs_that_learn_have_no_finding_at_any_hundredth_update() -> None:
    healthy, found = 0, {}
    for seed in range(MAX_PROBLEMS):
        run = start_text(random_problem(seed))
        for update in range(0, HEALTHY_UPDATES + 1, 100):
            if findings := findings_at(run, update):
                found[seed, update] = kinds(findings)
        if _is_solved(run):
            healthy += 1
        else:
            found = {place: value for place, value in found.items() if place[0] != seed}
        if healthy == HEALTHY_RUNS:
            break
    assert healthy == HEALTHY_RUNS
    assert found == {}


def _is_solved(run: Run) -> bool:
    if run.divergence is not None:
        return False
    trace = run.trace(run.position)
    with np.errstate(all="ignore"):
        solved = observe(run, trace, run.position, Facts(run.segments[0])).is_solved
    run.release(trace)
    return solved
