"""Tests of what is said of numbers that no network gives, or another one than the person named."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.watching.watch import watch
from tests.core.watching._programs import sigmoid, steps


@pytest.mark.parametrize(("activations", "loss"), [(None, "mse"), (["relu", "sigmoid"], None)])
@pytest.mark.parametrize("with_loss", [True, False])
def test_names_that_do_not_fit_are_told_beside_those_that_do(
    activations: list[str] | None, loss: str | None, with_loss: bool
) -> None:
    run = watch(activations, loss, quiet=True)
    for step in steps(2):
        run.step(step.weights, step.gradients, step.x, step.y, step.cache, loss=step.loss if with_loss else None)
    line = (
        "update 1: the numbers are all those of tanh and sigmoid and binary_cross_entropy (mean), and not of the names "
        "that watch was given."
    )
    assert line in run.report().splitlines()


def test_a_first_call_that_fits_no_network_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    run = watch()
    first, second = steps(2, "bias left out")
    run.step(first.weights, first.gradients, first.x, first.y)
    said = capsys.readouterr().out
    assert said == "One update, and no network that nn-tui knows gives its numbers; the next one may tell more.\n"
    assert run.report() == said.strip()
    run.step(second.weights, second.gradients, second.x, second.y)
    (line,) = capsys.readouterr().out.splitlines()
    assert (
        line.startswith("update 2: no network that nn-tui knows gives any of these numbers;") and run.report() == line
    )


def test_targets_that_are_broadcast_against_the_outputs_are_named() -> None:
    rng = np.random.default_rng(1)
    x, y, w, b = rng.normal(size=(6, 2)), rng.normal(size=6), rng.normal(size=(2, 1)), np.zeros((1, 1))
    run = watch(quiet=True)
    for _ in range(2):
        error = x @ w + b - y  # 6 × 6
        delta = 2.0 * error.sum(axis=1, keepdims=True) / error.size
        gradients = {"dW1": x.T @ delta, "db1": delta.sum(axis=0, keepdims=True)}
        run.step({"W1": w, "b1": b}, gradients, x, y, loss=(error**2).mean())
        w, b = w - 0.1 * gradients["dW1"], b - 0.1 * gradients["db1"]
    assert run.report() == (
        "update 1: the targets have the shape (6,) and the outputs (6, 1), so the loss compares each output with every "
        "target; give the targets the shape of the outputs, such as y.reshape(-1, 1)."
    )


def test_numbers_of_no_network_without_a_loss_ask_for_the_loss() -> None:
    rng = np.random.default_rng(1)
    x, y, w1, w2 = (rng.normal(size=shape) for shape in ((6, 2), (6, 1), (2, 3), (3, 1)))
    run = watch(quiet=True)
    for _ in range(2):
        a2 = sigmoid(sigmoid(x @ w1) @ w2)
        run.step({"W1": w1, "W2": w2}, {"dW1": np.cos(w1), "dW2": np.cos(w2) * a2.mean()}, x, y)
        w1, w2 = w1 - 0.1 * np.cos(w1), w2
    assert "give the loss or the cache, too, as in step(..., loss=cost)" in run.report()


def test_more_activations_than_layers_are_refused() -> None:
    run = watch(["tanh", "sigmoid", "relu"], quiet=True)
    step = next(steps(1))
    with pytest.raises(InputError, match="activations: 3 names do not fit 2 layers of weights"):
        run.step(step.weights, step.gradients, step.x, step.y)
