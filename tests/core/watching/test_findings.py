"""Tests of what is said of a pass: definitions that are no mistakes, and numbers that are not finite."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.spec import Array
from nn_tui.core.watching.watch import Watch, watch
from tests.core.watching._programs import sigmoid, steps


def several_outputs(outputs: int, samples: int, loss: str, gradient_factor: float = 1.0, count: int = 3) -> list[str]:
    """Return the log of a program whose loss is the sum over the outputs and the mean over the samples."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(4, samples))
    y = np.eye(outputs)[rng.integers(0, outputs, samples)].T
    w, b = [rng.normal(size=(5, 4)), rng.normal(size=(outputs, 5))], [np.zeros((5, 1)), np.zeros((outputs, 1))]
    run = watch(quiet=True)
    for _ in range(count):
        a1 = sigmoid(w[0] @ x + b[0])
        z2 = w[1] @ a1 + b[1]
        a2 = sigmoid(z2) if loss == "cross-entropy" else z2
        if loss == "cross-entropy":
            cost, delta = -np.sum(y * np.log(a2) + (1 - y) * np.log(1 - a2)) / samples, (a2 - y) / samples
        else:
            cost, delta = np.sum((a2 - y) ** 2) / samples, 2.0 * (a2 - y) / samples
        delta = delta * gradient_factor
        below = w[1].T @ delta * a1 * (1.0 - a1)
        dw, db = [below @ x.T, delta @ a1.T], [below.sum(1, keepdims=True), delta.sum(1, keepdims=True)]
        run.step(list(zip(w, b, strict=True)), list(zip(dw, db, strict=True)), x, y, loss=cost)
        w = [own - 0.1 * change for own, change in zip(w, dw, strict=True)]
        b = [own - 0.1 * change for own, change in zip(b, db, strict=True)]
    return run.report().splitlines()


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
def test_a_loss_that_is_the_sum_over_the_outputs_is_no_mistake(loss: str) -> None:
    report = several_outputs(3, 10, loss)
    assert report[1] == (
        "update 1: loss, dW2, db2, dW1 and db1 are 3 times ours; there are 3 outputs. Your loss is the sum over the "
        "outputs, ours (PyTorch's) their mean: that is no mistake."
    )
    assert report[-1].startswith("updates 1 to 3: the same factor, else equal to 1")


def test_as_many_outputs_as_samples_leave_both_causes_open() -> None:
    report = several_outputs(4, 4, "cross-entropy")
    assert "that is no mistake. Or the mean over the batch is left out." in report[1]


def test_gradients_of_the_sum_over_the_outputs_beside_a_loss_that_is_their_mean_are_named_by_the_outputs() -> None:
    report = several_outputs(3, 10, "cross-entropy", 1.0 / 3.0)
    assert "loss is 3 times ours; there are 3 outputs: the mean over the outputs is left out." in report[1]


@pytest.mark.parametrize(
    ("factors", "sentence"),
    [
        ((5.0, 1.0), "are 0.2 times ours; N = 5: the loss is a sum over the batch, and these gradients are means."),
        ((1.0, 5.0 / 4.0), "are 1.25 times ours; N = 5: they are divided by N − 1 in place of N."),
    ],
)
def test_another_mean_is_named(factors: tuple[float, float], sentence: str) -> None:
    of_loss, of_gradients = factors
    run = watch(quiet=True)
    for step in steps(1):
        gradients = {name: of_gradients * values for name, values in step.gradients.items()}
        run.step(step.weights, gradients, step.x, step.y, loss=of_loss * step.loss)
    assert run.report().splitlines()[1].endswith(sentence)


def test_sums_over_the_batch_without_a_loss_are_said_to_be_sums() -> None:
    run = watch(quiet=True)
    for step in steps(2, "mean left out"):
        run.step(step.weights, step.gradients, step.x, step.y)
    line = "update 1: the gradients are sums over the batch; if you mean the mean, divide them by N = 5."
    assert run.report().splitlines()[3] == line


def logistic(rate: float, count: int, scale: float = 1.0, broken_at: int = 0) -> Watch:
    """Return the watch over one layer with the sigmoid; its gradients are NaN from one update on."""
    x, y = np.array([[0.0, 1.0, 2.0, 3.0]]), np.array([[0.0, 0.0, 1.0, 0.0]])
    w, b = np.array([[1.0]]), np.array([[0.0]])
    run = watch(quiet=True)
    for update in range(1, count + 1):
        a = sigmoid(w @ x + b)
        with np.errstate(all="ignore"):
            loss = -np.sum(y * np.log(a) + (1.0 - y) * np.log(1.0 - a)) / 4
        delta: Array = (a - y) * scale / 4
        if broken_at and update >= broken_at:
            delta = delta * np.nan
        gradients = {"dW1": delta @ x.T, "db1": delta.sum(axis=1, keepdims=True)}
        run.step({"W1": w, "b1": b}, gradients, x, y, loss=loss)
        w, b = w - rate * gradients["dW1"], b - rate * gradients["db1"]
    return run


def test_a_loss_that_loses_its_digits_near_saturation_is_no_mistake() -> None:
    x, y, w = np.array([[1.0, 2.0]]), np.array([[0.0, 0.0]]), np.array([[17.1]])
    a = sigmoid(w @ x)
    loss = float(-np.log(1.0 - a).mean())
    run = watch(quiet=True)
    run.step({"W1": w, "b1": np.zeros((1, 1))}, {"dW1": (a - y) @ x.T / 2}, x, y, {"Z1": w @ x, "A1": a}, loss=loss)
    assert run.report().splitlines()[1].startswith("update 1: equal to ")


def test_saturation_does_not_replace_the_mistake_that_was_named() -> None:
    report = logistic(40.0, 8, scale=4.0).report()
    assert "N = 4: the mean over the batch is left out." in report
    assert report.splitlines()[-1] == "updates 1 to 8: the same difference."


@pytest.mark.parametrize("broken_at", [1, 3])
def test_gradients_that_are_not_finite_are_named_in_the_update_that_has_them(broken_at: int) -> None:
    report = logistic(0.5, 6, broken_at=broken_at).report().splitlines()
    line = next(line for line in report if "not finite" in line)
    assert line.startswith(f"update {broken_at}: dW1 and db1 have numbers that are not finite, but the weights are fin")
    assert "diverged" not in "\n".join(report)
    assert report[-1] == f"updates {broken_at + 1} to 6: numbers that are not finite."


def test_the_last_line_names_updates_that_are_wrong() -> None:
    run = watch(quiet=True)
    for step in steps(6, update=lambda p, g: {name: w + 0.5 * g[f"d{name}"] for name, w in p.items()}):
        run.step(step.weights, step.gradients, step.x, step.y, loss=step.loss)
    assert run.report().splitlines()[-1].endswith("the updates of the weights differ since update 1.")


@pytest.mark.parametrize(
    ("l2", "in_program", "sentence"),
    [
        (0.0, 0.01, "dW2 is ours + 0.01·W, as with a penalty on the weights; give watch(l2=0.01), if it is meant."),
        (0.01, 0.0, "dW2 lacks the penalty 0.01·W."),
    ],
)
def test_a_penalty_that_only_one_side_has_is_named(l2: float, in_program: float, sentence: str) -> None:
    run = watch(l2=l2, quiet=True)
    for step in steps(1):
        weights = {name: w for name, w in step.weights.items() if name.startswith("W")}
        gradients = {name: values + in_program * weights.get(name[1:], 0.0) for name, values in step.gradients.items()}
        run.step(step.weights, gradients, step.x, step.y, step.cache)
    assert run.report().splitlines()[1] == f"update 1: {sentence}"


def test_gradients_of_0_are_said_to_get_nowhere() -> None:
    run = watch(quiet=True)
    for step in steps(1):
        gradients = {name: (0.0 if name.endswith("1") else 1.0) * values for name, values in step.gradients.items()}
        run.step(step.weights, gradients, step.x, step.y, loss=step.loss)
    assert "dW1 and db1 are 0: no gradient gets there; look for a factor 0" in run.report()


def test_gradients_of_another_loss_are_named() -> None:
    run = watch(quiet=True)
    for step in steps(3, "squared error"):
        run.step(step.weights, step.gradients, step.x, step.y, loss=step.loss)
    assert run.report().splitlines()[1] == (
        "update 1: dW2, db2, dW1 and db1 are the gradients of half_squared_error (mean); the loss is "
        "binary_cross_entropy."
    )
