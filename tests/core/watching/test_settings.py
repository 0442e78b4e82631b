"""What a person says about the network, in the spellings of several libraries."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.spec import OptimizerSpec
from nn_tui.core.watching.settings import WatchSettings, read_settings
from tests.core.watching._programs import sigmoid


def settings(activations: object = None, loss: object = None, optimizer: object = None) -> WatchSettings:
    return read_settings(activations, loss, optimizer, None, None, 0.0, 0.0)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (["tanh", "sigmoid"], ("tanh", "sigmoid")),
        ("ReLU", ("relu",)),
        ("leaky-relu", ("leaky_relu",)),
        (["Tanh", "linear"], ("tanh", "identity")),
        ([np.tanh, sigmoid], ("tanh", "sigmoid")),
        (None, ()),
    ],
)
def test_activations(value: object, names: tuple[str, ...]) -> None:
    assert settings(value).hints.activations == names


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("mse", "mean_squared_error"), ("MSE loss", "mean_squared_error"), ("BCE", "binary_cross_entropy"),
        ("binary cross-entropy", "binary_cross_entropy"), ("cross_entropy", "cross_entropy"),
        ("categorical_crossentropy", "cross_entropy"), ("half_squared_error", "half_squared_error"),
    ],
)  # fmt: skip
def test_losses(value: object, name: str) -> None:
    assert settings(loss=value).hints.loss == name


def test_a_loss_may_include_the_activation_of_the_output() -> None:
    assert settings(["relu", "identity"], "cross_entropy").hints.activations == ("relu", "softmax")


def test_optimisers() -> None:
    assert settings(optimizer="adam").optimizer == OptimizerSpec("adam")
    momentum = settings(optimizer={"name": "momentum", "momentum": 0.8}).optimizer
    assert momentum is not None and momentum.options == (("momentum", 0.8),)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"activations": ["tahn"]}, 'activations: "tahn" is not an activation; use one of identity'),
        ({"loss": "cross_entrop"}, 'loss: "cross_entrop" is not a loss'),
        ({"optimizer": "adma"}, 'optimizer: "adma" is not an optimiser'),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        settings(**arguments)
    assert str(caught.value).startswith(sentence.partition(";")[0]) and "Did you mean" in str(caught.value)


def test_numbers_out_of_range_are_refused() -> None:
    with pytest.raises(InputError, match="learning_rate"):
        read_settings(None, None, None, -1.0, None, 0.0, 0.0)
    with pytest.raises(InputError, match="reduction"):
        read_settings(None, None, None, None, "average", 0.0, 0.0)
