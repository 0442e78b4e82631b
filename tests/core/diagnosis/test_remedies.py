"""Tests of the changes that are proposed."""

from __future__ import annotations

import pytest

from nn_tui.core.diagnosis import remedies
from nn_tui.core.diagnosis.facts import Facts
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.run.run import Run
from tests.core.diagnosis._presets import start
from tests.core.diagnosis._problems import preset, regression, start_text


def facts(run: Run) -> Facts:
    return Facts(run.segments[0])


@pytest.mark.parametrize(
    ("value", "rounded"), [(0.0237, 0.02), (0.099, 0.09), (1.0, 1.0), (345.0, 300.0), (0.3, 0.3), (1e-7, 1e-7)]
)
def test_a_number_is_rounded_down_to_one_digit(value: float, rounded: float) -> None:
    assert remedies.one_digit(value) == rounded


def test_a_lower_eta_is_half_of_what_the_curvature_allows() -> None:
    run = start(find_preset("too-fast"))
    assert 1.0 / facts(run).curvature == pytest.approx(0.492, abs=0.001)  # 2/λ would be the limit
    assert remedies.lower_eta(facts(run)) == "eta = 0.4"
    # Adam's steps do not depend on the curvature, so a tenth is proposed.
    adam = start_text(preset("xor", "4 tanh, 1 sigmoid", "half_squared_error adam 2.0"))
    assert remedies.lower_eta(facts(adam)) == "eta = 0.2"


def test_a_sum_over_the_rows_and_momentum_lower_the_eta_that_is_safe() -> None:
    data = regression(50, 2)
    mean, summed, momentum = (
        facts(start_text(preset(data, "1 identity", f"half_squared_error {rest}")))
        for rest in ("sgd 100", "sgd 100 reduction=sum", "momentum 100")
    )
    assert (mean.step_factor, summed.step_factor) == (1.0, 50.0)
    assert momentum.step_factor == pytest.approx(10.0)
    etas = [float(remedies.lower_eta(each).split()[-1]) for each in (mean, summed, momentum)]
    assert etas[0] > 5 * etas[2] > 5 * etas[1]


def test_other_weights_are_proposed_only_if_weights_are_drawn() -> None:
    assert remedies.next_seed(facts(start(find_preset("xor")))) == ("seed = 2",)
    assert remedies.next_seed(facts(start(find_preset("mazur")))) == ()


def test_the_biases_of_the_output_are_unfrozen_first() -> None:
    assert remedies.unfreeze_biases(facts(start(find_preset("mazur")))) == ("unfreeze b2", "unfreeze b1")


@pytest.mark.parametrize(
    ("target", "layers", "loss", "change"),
    [
        ("[1.0]", "1 sigmoid", "binary_cross_entropy", "y1 = 0"),
        ("[0.5]", "1 sigmoid", "binary_cross_entropy", "y1 = 0"),
        ("[3.5]", "1 identity", "mean_squared_error", "y1 = -3.5"),
        ("[1.0, 0.0]", "2 softmax", "cross_entropy", "y = 0 1"),
        ("[0.5, 0.5]", "2 softmax", "cross_entropy", "y = 1 0"),
        ("[1.0, 1.0]", "2 sigmoid", "half_squared_error", "y1 = 0"),
    ],
)
def test_another_target_is_one_that_the_loss_allows(target: str, layers: str, loss: str, change: str) -> None:
    run = start_text(preset(f"inputs = [[1.0], [2.0]]\ntargets = [{target}, {target}]", layers, f"{loss} sgd 0.1"))
    assert remedies.other_target(facts(run)) == change
    assert apply_edit(change, run, 0).experiment.data.y[0].tolist() != run.experiment.data.y[0].tolist()


def test_of_lower_etas_the_one_whose_first_updates_end_lowest_is_proposed() -> None:
    run = start_text(preset("circles samples=100", "4 * 10 tanh, 1 sigmoid", "binary_cross_entropy adam 30"))
    seen = facts(run)
    losses = {rate: replay.loss for rate in (3.0, 0.3, 0.03) if (replay := seen.first_updates(rate)) is not None}
    assert min(losses, key=lambda rate: losses[rate]) == 0.03
    assert remedies.lower_eta(seen) == "eta = 0.03"


@pytest.mark.parametrize(
    ("layers", "change"),
    [
        ("1 sigmoid", "add layer 1 8 tanh"),
        ("4 tanh, 1 sigmoid", "units 1 = 10"),
        ("16 tanh, 1 tanh, 16 tanh, 1 sigmoid", "units 2 = 4"),
        ("3 tanh, 3 tanh, 1 sigmoid", "units 1 = 8"),
    ],
)
def test_the_smallest_hidden_layer_is_made_larger(layers: str, change: str) -> None:
    assert remedies.more_units(facts(start_text(preset("xor", layers, "half_squared_error sgd 0.5")))) == change


def test_tiny_weights_are_drawn_again_as_the_activations_need_them() -> None:
    for layers, is_tiny, change in (
        ("6 relu init=normal init_std=0.001, 1 sigmoid", True, "init = he_uniform"),
        ("6 tanh init=normal init_std=0.001, 1 sigmoid", True, "init = xavier_uniform"),
        ("6 tanh, 1 sigmoid init=zeros", False, "init = xavier_uniform"),
    ):
        seen = facts(start_text(preset("xor", layers, "half_squared_error sgd 0.5")))
        assert (remedies.has_tiny_weights(seen), remedies.usual_weights(seen)) == (is_tiny, change)
