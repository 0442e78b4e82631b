"""Tests of arguments and attributes that do not exist."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from nn_tui.core import Network, watch

X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("activaton", "Did you mean 'activation'?"),
        ("optimiser", "Did you mean 'optimizer'?"),
        ("standardise", "Did you mean 'standardize'?"),
        ("lr", "Did you mean 'learning_rate'?"),
        ("momentum", 'write optimizer={"name": "momentum", "momentum": 0.9}'),
        ("random_state", "write seed=0"),
        ("zzz", "its arguments are sizes, x, y, activation"),
    ],
)
def test_an_argument_that_does_not_exist_gets_the_nearest_one(name: str, advice: str) -> None:
    with pytest.raises(TypeError) as caught:
        Network([2, 1], X, Y, **{name: 1})  # type: ignore[arg-type]
    assert str(caught.value).startswith(f"Network() has no argument '{name}'") and advice in str(caught.value)


def test_the_methods_name_the_nearest_argument_too() -> None:
    with pytest.raises(TypeError, match=r"^train\(\) has no argument 'epoch'. Did you mean 'epochs'\?$"):
        Network([2, 1], X, Y).train(epoch=5)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"^open\(\) has no argument 'weight'. Did you mean 'weights'\?$"):
        Network.open("xor", weight="a.npz")
    with pytest.raises(TypeError, match=r"^open\(\) has no argument 'tarrget'. Did you mean 'target'\?$"):
        Network.open({"a": [1, 2], "b": [0, 1]}, tarrget="b")


def test_a_watch_names_the_nearest_argument_too() -> None:
    with pytest.raises(TypeError, match=r"^watch\(\) has no argument 'optimiser'. Did you mean 'optimizer'\?$"):
        watch(optimiser="sgd")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"^step\(\) has no argument 'lr'. Did you mean 'learning_rate'\?$"):
        watch().step([], lr=1)  # type: ignore[call-arg]


def test_a_checked_function_keeps_its_signature() -> None:
    assert list(inspect.signature(Network).parameters)[:3] == ["sizes", "x", "y"]


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda net: net.fit, "Network has no attribute 'fit'; write train(epochs=100)"),
        (lambda net: net.coefs_, "Network has no attribute 'coefs_'; write weights"),
        (lambda net: net.wieghts, "Network has no attribute 'wieghts'. Did you mean 'weights'?"),
        (lambda net: net.trace().dW, "Pass has no attribute 'dW'; write dw"),
        (lambda net: net._nothing, "Network has no attribute '_nothing'"),
    ],
)
def test_an_attribute_that_does_not_exist_gets_the_right_one(read: Callable[[Any], object], said: str) -> None:
    with pytest.raises(AttributeError) as caught:
        read(Network([2, 1], X, Y))
    assert str(caught.value) == said


def test_what_is_written_instead_exists() -> None:
    net = Network([2, 1], X, Y).train(2)
    for name in ("load", "fit", "state_dict"):
        assert not hasattr(net, name)
    for advice in ("losses[-1]", "evaluate().loss", "experiment.layers[-1].activation", "trace().dw"):
        assert eval(f"net.{advice}", {"net": net}) is not None
