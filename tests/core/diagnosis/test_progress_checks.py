"""Tests of the checks of a run that no longer gets better."""

from __future__ import annotations

import pytest

from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.trial import try_remedy
from nn_tui.core.run.run import Run
from tests.core.diagnosis._presets import findings_at
from tests.core.diagnosis._problems import preset, start_text, two_classes


def stuck(layers: str, training: str = "binary_cross_entropy sgd 1.0") -> tuple[Run, Finding]:
    """Return a run of two classes that is stuck, and its finding."""
    run = start_text(preset(two_classes(60, 2), layers, training))
    (finding,) = findings_at(run, 2000)
    return run, finding


def test_biases_that_are_frozen_at_0_are_trained_before_a_minimum_is_left_in_another_way() -> None:
    run, finding = stuck("4 tanh train_bias=false, 1 sigmoid")
    assert (finding.kind, finding.remedies[0]) == ("local_minimum", "unfreeze b1")
    assert finding.remedies.count("unfreeze b1") == 1
    assert str(finding.advice).startswith("Train the biases that are frozen at 0, ")
    trial = try_remedy(run, finding, finding.remedies[0], 2000)
    assert trial.is_better and trial.is_removed


def test_biases_that_are_frozen_at_another_number_are_trained_last() -> None:
    _, finding = stuck("4 tanh bias=[0.01,0.0,0.0,0.0] train_bias=false, 1 sigmoid")
    assert (finding.kind, finding.remedies[-1]) == ("local_minimum", "unfreeze b1")
    assert str(finding.advice).startswith("Start from other weights, ")


@pytest.mark.parametrize(
    ("layers", "training", "sentence"),
    [
        ("4 tanh train_bias=false, 1 sigmoid", "half_squared_error sgd 0.5", "is nearly 0 (its norm is 0.00"),
        ("4 tanh train_bias=false, 1 sigmoid", "binary_cross_entropy sgd 1.0", "is not 0 (its norm is 0."),
        ("2 tanh, 1 sigmoid", "binary_cross_entropy sgd 1.0", "is not small (its norm is 0."),
    ],
)
def test_a_gradient_is_called_small_only_if_it_is(layers: str, training: str, sentence: str) -> None:
    _, finding = stuck(layers, training)
    assert f"The gradient of the whole training set {sentence}" in str(finding.cause)
