"""Tests of the checks of the columns of a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.diagnosis.diagnose import diagnose_start
from nn_tui.core.diagnosis.trial import try_remedy
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from tests.core.diagnosis._presets import findings_at

TITANIC = Path(__file__).parents[1] / "table" / "files" / "titanic-seaborn.csv"


def titanic(*dropped: str) -> Run:
    """Return a run that learns who survived."""
    return Run.start(open_experiment(str(TITANIC), changes={"target": "survived", "drop": list(dropped)}))


@pytest.mark.parametrize("update", [0, 1, 300])
def test_an_input_with_the_values_of_the_target_comes_first_even_where_all_is_solved(update: int) -> None:
    first = findings_at(titanic(), update)[0]
    assert first.kind == "target_in_inputs"
    assert str(first.symptom) == 'The input "alive" has the values of the target "survived" under another name.'
    assert 'Leave this column out, unless it is known for new rows before the target is: --drop "alive"' in first.text


def test_it_is_known_before_the_training_and_gone_without_the_column() -> None:
    assert "target_in_inputs" in [finding.kind for finding in diagnose_start(titanic().segments[0])]
    assert "target_in_inputs" not in [finding.kind for finding in diagnose_start(titanic("alive").segments[0])]


def test_overfitting_names_the_lowest_test_loss_and_its_update_however_long_the_run_is() -> None:
    short, run = titanic("alive"), titanic("alive")
    short.goto(300)
    lowest = min((each.test_loss or 0.0, each.update) for each in short.evaluations)
    assert lowest[1] > 0
    (finding,) = findings_at(run, 40_062)
    start = f"The lowest recorded test loss, {lowest[0]:.4g}, was at update {lowest[1]}. Since then the test loss has "
    assert str(finding.symptom).startswith(start)
    assert str(finding.advice).startswith(f"Stop at that update: t {lowest[1]} goes there.")


def test_a_change_is_no_better_than_a_run_that_stops_at_its_lowest_test_loss() -> None:
    run = titanic("alive")
    finding = findings_at(run, 5000)[0]
    trial = try_remedy(run, finding, finding.remedies[0], 5000)
    assert trial.is_lower and trial.best is not None
    assert trial.best.figures.loss < trial.with_change.loss < trial.without.loss
    assert not trial.is_better and trial.was_better_before
