"""How good a network is on a set of samples: the data loss and, where answers are classes, the accuracy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.arrays import ForwardArrays, append_ones
from nn_tui.core.nn.losses import penalty, scale
from nn_tui.core.run.curves import Sample
from nn_tui.core.spec import Array

ROWS = 4096  # evaluated at once at most, and
NUMBERS = 4_000_000  # z and a of this many units by rows, so that a large set or a wide net needs no large buffers


@dataclass(frozen=True, slots=True)
class Metrics:
    """Mean or summed data loss (the training's own reduction, penalty left out), accuracy 0..1 or None."""

    loss: float
    accuracy: float | None
    mistakes: int | None


def outputs(engine: Engine, state: State, x: Array) -> Array:
    """What the network answers for the rows ``x`` (n, inputs): (n, outputs); step(z) for a perceptron."""
    return run_forward(engine, state, x)[2]


def run_forward(engine: Engine, state: State, x: Array) -> tuple[list[Array], list[Array], Array]:
    """z and a of every layer for the rows ``x``, each (n, units), and the answer (n, outputs)."""
    arrays = ForwardArrays(engine.sizes, append_ones(x))
    with np.errstate(all="ignore"):
        engine.forward(state, arrays)
        answer = engine.loss.prediction(arrays.z[-1], arrays.a[-1])
    return arrays.z, arrays.a, answer


def evaluate(engine: Engine, state: State, x: Array, y: Array) -> Metrics | None:
    """Loss and accuracy over all rows of ``x`` (n, inputs), ``y`` (n, outputs); None where there are none."""
    rows, columns = y.shape
    if rows == 0:
        return None
    total = 0.0
    mistakes = 0
    chunk = max(1, min(ROWS, NUMBERS // sum(engine.sizes)))
    with np.errstate(all="ignore"):
        for start in range(0, rows, chunk):
            part_y = y[start : start + chunk]
            zs, activations, answer = run_forward(engine, state, x[start : start + chunk])
            total += float(engine.loss.terms(zs[-1], activations[-1], part_y).sum())
            mistakes += int(wrong_rows(answer, part_y, engine.coding).sum())
    loss = total * scale(engine.loss, engine.experiment.training.reduction, rows, columns)
    if engine.coding == "numbers":
        return Metrics(loss, None, None)
    return Metrics(loss, (rows - mistakes) / rows, mistakes)


def loss_of_mean(engine: Engine, y: Array) -> float | None:
    """The data loss of always answering the mean of the targets ``y`` (n, outputs); None for a perceptron."""
    if engine.loss.is_mistake_driven:
        return None
    with np.errstate(all="ignore"):
        mean = np.broadcast_to(y.mean(axis=0), y.shape).copy()
        before = mean
        if engine.loss.logits is not None:  # a class without rows would need an infinite z
            before = engine.loss.logits(np.clip(mean, 1e-12, 1 - 1e-12))
        terms = engine.loss.terms(before, mean, y)
        total = float(terms.sum() * scale(engine.loss, engine.experiment.training.reduction, *y.shape))
    return total if np.isfinite(total) and total > 1e-12 else None


def sample_of(engine: Engine, state: State, trace: Trace | None) -> Sample:
    """The whole-set figures of ``state``, with the norms and ratios of the pass that led there (None: the start)."""
    data, training = engine.experiment.data, engine.experiment.training
    train = evaluate(engine, state, data.x, data.y)
    test = evaluate(engine, state, data.x_test, data.y_test)
    norms: tuple[float, ...] = ()
    ratios: tuple[float, ...] = ()
    with np.errstate(all="ignore"):
        if trace is not None:
            norms = tuple(float(np.linalg.norm(dw)) for dw in trace.dw)
            ratios = tuple(
                float(np.linalg.norm(new - old) / np.linalg.norm(old))
                for old, new in zip(trace.before.weights, trace.after.weights, strict=True)
            )
        spent = penalty(state.weights, training.l1, training.l2)
    return Sample(
        update=0 if trace is None else trace.update,
        train_loss=train.loss if train else float("nan"),
        test_loss=test.loss if test else None,
        train_accuracy=train.accuracy if train else None,
        test_accuracy=test.accuracy if test else None,
        gradient_norms=norms,
        update_ratios=ratios,
        penalty=spent,
    )
