"""Tests of the checks of the data: what is reported, and where the limits are."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.diagnosis.diagnose import diagnose_start
from nn_tui.core.diagnosis.finding import Finding
from tests.core.diagnosis._problems import house_prices, preset, regression, start_text, table, two_classes


def kinds(text: str) -> list[str]:
    """Return the kinds that are found at the start."""
    return [finding.kind for finding in findings(text)]


def findings(text: str) -> list[Finding]:
    """Return what is found at the start."""
    return list(diagnose_start(start_text(text).segments[0]))


def outputs(y: list[float], activation: str) -> str:
    x = np.linspace(-1.0, 1.0, len(y))[:, None]
    return preset(table(x, np.array(y)[:, None]), f"4 tanh, 1 {activation}", "half_squared_error sgd 0.1")


@pytest.mark.parametrize(
    ("y", "activation", "is_found"),
    [
        ([0.0, 1.0, 0.2, 0.9], "sigmoid", False), ([0.0, 1.5, 0.2, 0.9], "sigmoid", True),
        ([-1.0, 1.0, 0.5, 0.1], "tanh", False), ([1.0, 2.0, 3.0, 4.0], "tanh", True),
        ([0.0, 5.0, 2.0, 1.0], "relu", False), ([-3.0, 5.0, 2.0, 1.0], "relu", True),
        ([-9.0, 5.0, 2.0, 1.0], "identity", False), ([0.0, 1.0, 1.001, 0.2], "sigmoid", False),
    ],
)  # fmt: skip
def test_targets_outside_of_the_range_of_the_output(y: list[float], activation: str, is_found: bool) -> None:
    assert ("target_out_of_range" in kinds(outputs(y, activation))) == is_found


def test_the_finding_counts_the_rows_and_names_the_first_one() -> None:
    finding = diagnose_start(start_text(outputs([0.5, 1.5, 0.2, -0.9], "sigmoid")).segments[0])[0]
    assert "go from -0.9 to 1.5, but sigmoid gives only 0 to 1: 2 of 4 training rows" in str(finding.symptom)
    assert (finding.layer, finding.units, finding.is_output, finding.refs[0].sample) == (1, (0,), True, 1)


@pytest.mark.parametrize(("scale", "is_found"), [(0.001, True), (0.1, False), (1.0, False), (8.0, False), (12.0, True)])
def test_inputs_far_from_the_size_1(scale: float, is_found: bool) -> None:
    for layers in ("6 tanh, 1 sigmoid", "6 relu init=he_uniform, 1 sigmoid", "6 sigmoid, 1 sigmoid"):
        text = preset(two_classes(60, 2, scale), layers, "binary_cross_entropy adam 0.01")
        assert ("inputs_unscaled" in kinds(text)) == is_found


def test_standardised_inputs_are_never_unscaled() -> None:
    data = two_classes(60, 2, 100.0) + "\nstandardize = true"
    assert kinds(preset(data, "6 tanh, 1 sigmoid", "binary_cross_entropy adam 0.01")) == []


@pytest.mark.parametrize(("scale", "is_found"), [(1.0, False), (100.0, True)])
def test_targets_far_from_the_size_1(scale: float, is_found: bool) -> None:
    for loss in ("mean_squared_error", "mean_absolute_error", "huber"):
        text = preset(regression(60, 2, target_scale=scale), "6 tanh, 1 identity", f"{loss} sgd 0.01")
        assert ("targets_unscaled" in kinds(text)) == is_found
    linear = preset(regression(60, 2, target_scale=scale), "1 identity", "mean_squared_error sgd 0.01")
    assert "targets_unscaled" not in kinds(linear)


def test_standardising_is_the_first_change_for_targets_that_are_unscaled() -> None:
    for activation, first in (("identity", "standardize_target = on"), ("relu", "b2 = 200")):
        layers = f"6 tanh, 1 {activation}"
        found = findings(
            preset(regression(60, 2, target_scale=100.0, offset=200.0), layers, "mean_squared_error sgd 0.01")
        )
        (finding,) = (each for each in found if each.kind == "targets_unscaled")
        assert finding.remedies[0] == first, activation  # half of the standardised targets are below the output's range
        assert ("standardize_target" in " ".join(finding.remedies)) == (activation == "identity")
        assert ("mean 0 and standard deviation 1" in str(finding.advice)) == (activation == "identity")


def test_standardised_targets_are_never_unscaled() -> None:
    data = regression(60, 2, target_scale=100.0) + "\nstandardize_target = true"
    assert "targets_unscaled" not in kinds(preset(data, "6 tanh, 1 identity", "mean_squared_error sgd 0.01"))


def test_large_inputs_and_targets_are_standardised_together() -> None:
    found = findings(preset(house_prices(60), "8 relu init=he_uniform, 1 identity", "mean_squared_error sgd 0.01"))
    assert found[0].kind == "inputs_unscaled" and found[0].remedies == ("standardize = on; standardize_target = on",)


def test_a_single_row_has_no_constant_target() -> None:
    one = preset("inputs = [[0.5, 1.0]]\ntargets = [[1.0]]", "1 sigmoid", "half_squared_error sgd 0.5")
    assert "constant_target" not in kinds(one)


@pytest.mark.parametrize("layers", ["1 sigmoid", "4 tanh, 1 sigmoid"])
def test_constant_inputs_are_found_only_if_no_column_varies_and_the_targets_do(layers: str) -> None:
    def found(x: str, y: str) -> bool:
        text = preset(f"inputs = {x}\ntargets = {y}", layers, "half_squared_error sgd 0.5")
        return "constant_inputs" in kinds(text)

    assert found("[[1, 2], [1, 2], [1, 2]]", "[[0], [1], [0]]")
    assert not found("[[1, 2], [1, 2], [1, 3]]", "[[0], [1], [0]]")
    assert not found("[[1, 2], [1, 2]]", "[[1], [1]]")


def test_conflicting_rows_are_named_with_what_can_be_right_and_the_change_keeps_the_commonest() -> None:
    text = preset(
        "inputs = [[0, 0], [0, 1], [0, 0], [1, 1], [0, 0]]\ntargets = [[1], [1], [0], [0], [0]]",
        "3 tanh, 1 sigmoid",
        "half_squared_error sgd 0.5",
    )
    (finding,) = diagnose_start(start_text(text).segments[0])
    assert "Rows 1, 3 and 5 have the same inputs" in str(finding.symptom)
    assert "no network gets more than 4 of 5 rows right" in str(finding.symptom)
    assert finding.remedies == ("data = 0 0 -> 0; 0 1 -> 1; 1 1 -> 0",)


def test_rows_that_are_repeated_or_numbers_with_noise_do_not_conflict() -> None:
    repeated = "inputs = [[0], [1], [0], [1]]\ntargets = [[0], [1], [0], [1]]"
    assert kinds(preset(repeated, "1 sigmoid", "half_squared_error sgd 0.5")) == []
    noisy = "inputs = [[0], [1], [0], [1]]\ntargets = [[0.1], [0.9], [0.2], [1.1]]"
    assert kinds(preset(noisy, "1 identity", "mean_squared_error sgd 0.1")) == []
