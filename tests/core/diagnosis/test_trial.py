"""Tests of trials: the remedies of the shipped presets, and the figures of a trial."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.diagnosis.trial import (
    MAX_TRIAL_UPDATES,
    TRIAL_UPDATES,
    compare_runs,
    trial_runs,
    trial_updates,
    try_remedy,
)
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.run.metrics import predict
from tests.core.diagnosis._presets import TROUBLED, findings_at, start
from tests.core.diagnosis._problems import line_data, preset, start_text


@pytest.mark.parametrize("name", TROUBLED)
def test_the_first_remedy_of_a_preset_that_goes_wrong_helps(name: str) -> None:
    run, end = start(find_preset(name)), max(TROUBLED[name])
    finding = findings_at(run, end)[0]
    trial = try_remedy(run, finding, finding.remedies[0], end)
    assert trial.is_better and trial.updates == max(end, TRIAL_UPDATES)


@pytest.mark.parametrize("name", TROUBLED)
def test_every_remedy_fits_and_the_first_one_of_every_finding_helps(name: str) -> None:
    for update in TROUBLED[name]:
        run = start(find_preset(name))
        for finding in findings_at(run, update):
            assert all(apply_edit(change, run, 0) is not run for change in finding.remedies)
            assert try_remedy(run, finding, finding.remedies[0], update).helps, (update, finding.kind)


def test_the_figures_are_those_of_both_runs() -> None:
    run = start(find_preset("too-slow"))
    (finding,) = findings_at(run, 100)
    trial = try_remedy(run, finding, "eta = 0.1", 100)
    assert (trial.updates, trial.trained, trial.on_test) == (300, 300, False)
    data = run.experiment.data
    for change, figures in ((None, trial.without), ("eta = 0.1", trial.with_change)):
        other = start(find_preset("too-slow"))
        other = other if change is None else apply_edit(change, other, 0)
        other.goto(300)
        errors = np.square(predict(other.engine, other.state, data.x) - data.y)
        assert figures.loss == pytest.approx(errors.mean(), rel=1e-12)
        assert figures.score == pytest.approx(1.0 - errors.sum() / np.square(data.y - data.y.mean()).sum(), rel=1e-12)
    assert trial.is_better and trial.is_removed and trial.helps and not trial.is_worse
    assert run.reached == 100  # the run itself stays as it is


def test_a_change_that_does_harm_is_called_worse() -> None:
    run = start(find_preset("too-slow"))
    (finding,) = findings_at(run, 100)
    trial = try_remedy(run, finding, "eta = 1e-9", 100)
    assert not trial.is_better and not trial.is_removed and not trial.helps
    diverged = try_remedy(run, finding, "eta = 5", 100)
    assert diverged.with_change.loss == float("inf") and diverged.is_worse


def test_a_trial_after_an_edit_starts_from_it() -> None:
    run = start(find_preset("plane"))
    run.goto(2)
    slow = apply_edit("eta = 1e-7", run, 2)
    finding = findings_at(slow, 250)[0]
    trial = try_remedy(slow, finding, finding.remedies[0], 250)
    assert (trial.updates, trial.trained) == (302, 300)
    assert trial.run.segments[-1].start == 2


def test_the_updates_of_a_trial_have_a_limit() -> None:
    run = start_text(preset(line_data(20, 1.0), "1 identity", "mean_squared_error sgd 0.1"))
    run.goto(MAX_TRIAL_UPDATES + 1)
    assert trial_updates(run, MAX_TRIAL_UPDATES + 1) == (0, MAX_TRIAL_UPDATES)
    assert trial_updates(run, 0) == (0, TRIAL_UPDATES)


def test_overfitting_is_compared_on_the_test_rows() -> None:
    run = start(find_preset("overfitting"))
    finding = findings_at(run, 500)[0]
    trial = try_remedy(run, finding, finding.remedies[0], 500)
    assert trial.on_test
    data = run.experiment.data
    errors = np.square(predict(run.engine, run.state_after(500), data.x_test) - data.y_test)
    assert trial.without.loss == pytest.approx(errors.mean(), rel=1e-12)


def test_a_trial_can_be_stopped_and_a_wrong_change_is_an_error() -> None:
    run = start(find_preset("too-slow"))
    (finding,) = findings_at(run, 0)
    assert compare_runs(trial_runs(run, finding, finding.remedies[0], 0), lambda: True) is None
    with pytest.raises(InputError):
        try_remedy(run, finding, "units 7 = 2", 0)
