"""Tests of the checks of frozen parameters and of penalties."""

from __future__ import annotations

import pytest

from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.trial import try_remedy
from nn_tui.core.run.run import Run
from tests.core.diagnosis._presets import findings_at, kinds
from tests.core.diagnosis._problems import preset, start_text, two_classes


def first_finding(run: Run, update: int = 400) -> Finding:
    return findings_at(run, update)[0]


def test_all_that_is_frozen_is_named_and_trained() -> None:
    layers = "3 tanh train_weights=false train_bias=false, 1 sigmoid"
    run = start_text(preset("circles samples=100", layers, "binary_cross_entropy adam 0.05"))
    finding = first_finding(run)
    assert (finding.kind, finding.layer, finding.remedies) == ("frozen", 0, ("unfreeze w1; unfreeze b1",))
    assert str(finding.symptom).startswith("w1 and b1 are frozen, and the loss hardly falls; if they were trained, ")
    one = start_text(preset("sine samples=60", "8 tanh, 1 identity init=zeros train_weights=false", "huber adam 0.02"))
    assert str(first_finding(one).symptom).startswith("w2 is frozen, and the loss hardly falls; if it were trained, ")


def test_frozen_weights_that_do_no_harm_are_no_problem() -> None:
    layers = "24 relu init=he_uniform train_weights=false, 1 sigmoid"
    run = start_text(preset("circles samples=100", layers, "binary_cross_entropy adam 0.05"))
    assert [kinds(findings_at(run, update)) for update in (50, 300, 600)] == [(), (), ()]


def with_decay(decay: float) -> Run:
    text = preset("circles samples=100", "8 tanh, 1 sigmoid", "binary_cross_entropy adamw 0.02")
    return start_text(f"{text}\nweight_decay = {decay}")


def test_a_weight_decay_that_undoes_every_step_is_a_penalty_that_is_too_strong() -> None:
    run = with_decay(20.0)
    finding = first_finding(run)
    assert (finding.kind, finding.remedies) == ("penalty_high", ("weight_decay = 0.2", "weight_decay = 0"))
    assert "without weight_decay = 20 the data loss would" in str(finding.symptom)
    trial = try_remedy(run, finding, finding.remedies[0], 400)
    assert trial.is_better and trial.is_removed
    assert kinds(findings_at(with_decay(0.01), 400)) == ()


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_a_weak_penalty_is_not_blamed(penalty: str) -> None:
    """Two tanh units cannot draw a closed curve, with or without the penalty."""
    run = start_text(preset(two_classes(60, 2), "2 tanh, 1 sigmoid", f"binary_cross_entropy sgd 1.0 {penalty}=0.0001"))
    assert "penalty_high" not in kinds(findings_at(run, 2000))
