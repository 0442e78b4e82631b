"""Training loops as students write them, each with a mistake if asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nn_tui.core.spec import Array

RATE = 0.5
Arrays = dict[str, Array]


@dataclass(frozen=True)
class Step:
    """What a program has before an update."""

    weights: Arrays
    gradients: Arrays
    cache: Arrays
    x: Array
    y: Array
    loss: float


def sigmoid(z: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-z))


def planar(samples: int = 5) -> tuple[Array, Array, Arrays]:
    """Return inputs and targets with the samples in columns, and weights of a 2-4-1 network."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(2, samples))
    y = (x[:1] * x[1:] > 0.0).astype(np.float64)
    weights = {
        "W1": rng.normal(size=(4, 2)), "b1": rng.normal(size=(4, 1)),
        "W2": rng.normal(size=(1, 4)), "b2": rng.normal(size=(1, 1)),
    }  # fmt: skip
    return x, y, weights


def backward(x: Array, y: Array, p: Arrays, mistake: str = "") -> Step:
    """Return a step of a network with tanh and sigmoid, as an introductory course writes it, with a mistake."""
    count = 1 if mistake == "mean left out" else x.shape[1] ** 2 if mistake == "mean twice" else x.shape[1]
    z1 = p["W1"] @ x + (0.0 if mistake == "bias left out" else p["b1"])
    a1 = np.tanh(z1)
    z2 = p["W2"] @ a1 + p["b2"]
    a2 = sigmoid(z2)
    loss = float(-(y * np.log(a2) + (1.0 - y) * np.log(1.0 - a2)).mean())
    dz2 = y - a2 if mistake == "sign" else a2 - y
    dz2 = dz2 * a2 * (1.0 - a2) if mistake == "squared error" else dz2
    dw2, db2 = dz2 @ a1.T / count, dz2.sum(axis=1, keepdims=True) / count
    w2 = p["W2"] - RATE * dw2 if mistake == "updated weights" else p["W2"]
    slopes: dict[str, float | Array] = {
        "slope left out": 1.0,
        "slope of a": 1.0 - np.tanh(a1) ** 2,
        "slope of z": 1.0 - z1**2,
        "slope of sigmoid": a1 * (1.0 - a1),
    }
    slope = slopes.get(mistake, 1.0 - a1**2)
    dz1: Array = w2.T @ dz2 * slope
    dw1, db1 = dz1 @ x.T / count, dz1.sum(axis=1, keepdims=True) / count
    if mistake == "bias not summed":
        db1 = dz1 / count
    if mistake == "transposed":
        dw1 = dw1.T
    gradients = {"dW1": dw1, "db1": db1, "dW2": dw2, "db2": db2}
    return Step(dict(p), gradients, {"Z1": z1, "A1": a1, "Z2": z2, "A2": a2}, x, y, loss)


def descend(p: Arrays, gradients: Arrays) -> Arrays:
    return {name: value - RATE * gradients[f"d{name}"] for name, value in p.items()}


def steps(
    count: int,
    mistake: str = "",
    update: Callable[[Arrays, Arrays], Arrays] = descend,
    samples: int = 5,
) -> Iterator[Step]:
    """Yield the steps of a training loop."""
    x, y, weights = planar(samples)
    for _ in range(count):
        step = backward(x, y, weights, mistake)
        yield step
        fixed = backward(x, y, weights) if mistake in ("bias not summed", "transposed") else step
        weights = update(weights, fixed.gradients)
