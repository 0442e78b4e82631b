"""Tests of calls with an argument that does not exist."""

from __future__ import annotations

import inspect

import pytest

from nn_tui.core import Network

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


def test_a_checked_function_keeps_its_signature() -> None:
    assert list(inspect.signature(Network).parameters)[:3] == ["sizes", "x", "y"]
