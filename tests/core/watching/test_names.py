"""The names that people give their arrays."""

from __future__ import annotations

import pytest

from nn_tui.core.watching.names import known_names


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("W1", "w1"), ("w_2", "w2"), ("weights1", "w1"), ("Theta1", "w1"), ("b2", "b2"), ("bias_1", "b1"),
        ("dW1", "dw1"), ("db_2", "db2"), ("grad_W1", "dw1"), ("W1_grad", "dw1"), ("nabla_w1", "dw1"), ("dZ2", "dz2"),
        ("delta1", "dz1"), ("Z1", "z1"), ("A2", "a2"), ("h1", "a1"), ("dA1", "da1"), ("X", "x"), ("x_train", "x"),
        ("Y", "y"), ("targets", "y"), ("cost", "loss"), ("loss", "loss"), ("learning_rate", "eta"), ("lr", "eta"),
    ],
)  # fmt: skip
def test_known_names(name: str, meaning: str) -> None:
    assert known_names([name, "W1", "b1"])[name] == meaning


@pytest.mark.parametrize("name", ["epoch", "i", "W", "b", "wait1", "model", "accuracy", "W1x", "1", ""])
def test_other_names(name: str) -> None:
    assert name not in known_names([name, "W1"])


def test_layers_may_be_counted_from_0() -> None:
    assert known_names(["W0", "b0", "dW1", "W1"]) == {"W0": "w1", "b0": "b1", "dW1": "dw2", "W1": "w2"}


def test_a0_is_the_input() -> None:
    assert known_names(["W1", "A0", "A1"]) == {"W1": "w1", "A1": "a1", "A0": "x"}


def test_names_without_a_number_are_those_of_one_layer() -> None:
    assert known_names(["w", "b", "dw", "X"]) == {"w": "w1", "b": "b1", "dw": "dw1", "X": "x"}
    assert known_names(["W1", "w", "b", "X"]) == {"W1": "w1", "X": "x"}
