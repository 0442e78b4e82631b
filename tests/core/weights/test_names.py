"""Tests of the names of weights and biases in files of other programs."""

from __future__ import annotations

import pytest

from nn_tui.core.weights.names import in_order, parse_name

NAMES = {
    ("w", "1", None): ["w1", "W1", "w_1", "W[1]", "w(1)", "weights1", "weight_1", "Weights[1]", "1.w"],
    ("b", "1", None): ["b1", "B1", "b_1", "b[1]", "bias1", "biases_1"],
    ("w", "", None): ["w", "W", "weights"],
    ("w", "hidden", None): ["hidden_weights", "W_hidden", "weights.hidden", "hidden.w"],
    ("b", "out", None): ["b_out", "out_bias"],
    ("w", "0", True): ["0.weight"],
    ("b", "model.fc1", True): ["model.fc1.bias"],
    ("w", "layers.0.linear", True): ["layers.0.linear.weight"],
    ("w", "dense_1", False): ["dense_1/kernel", "dense_1/kernel:0"],
    ("b", "dense_1", None): ["dense_1/bias:0"],
    ("w", "0", False): ["coefs_0"],
    ("b", "0", None): ["intercepts_0"],
    ("w", "", False): ["coefs_", "kernel"],
}


@pytest.mark.parametrize("meaning", NAMES, ids=str)
def test_names_of_parameters(meaning: tuple[str, str, bool | None]) -> None:
    for name in NAMES[meaning]:
        parsed = parse_name(name)
        assert parsed is not None, name
        assert (parsed.kind, parsed.layer, parsed.rows_are_units) == meaning, name


@pytest.mark.parametrize(
    "name", ["dw1", "dW1", "db1", "x", "y", "z1", "a1", "loss", "", "1.running_mean", "bngain", "vw1"]
)
def test_names_of_other_arrays(name: str) -> None:
    assert parse_name(name) is None


def test_the_order_of_layers() -> None:
    assert in_order(["10", "2", "0"]) == ["0", "2", "10"]
    assert in_order(["net.fc2", "net.fc10", "net.fc1"]) == ["net.fc1", "net.fc2", "net.fc10"]
    assert in_order(["out", "hidden"]) == ["out", "hidden"]
