"""How good a network is on a set of samples: the data loss and, where answers are classes, the accuracy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine import Engine
from nn_tui.core.losses import scale, step
from nn_tui.core.spec import Array
from nn_tui.core.trace import Activity, State, with_ones

CHUNK = 4096  # rows at once, so that a large set needs no large buffers


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
    activity = Activity(engine.sizes, len(x), with_ones(x))
    with np.errstate(all="ignore"):
        engine.forward(state, activity)
        answer = step(activity.z[-1]) if engine.loss.name == "perceptron" else activity.a[-1]
    return activity.z, activity.a, answer


def evaluate(engine: Engine, state: State, x: Array, y: Array) -> Metrics | None:
    """Loss and accuracy over all rows of ``x`` (n, inputs), ``y`` (n, outputs); None where there are none."""
    rows, columns = y.shape
    if rows == 0:
        return None
    total = 0.0
    mistakes: int | None = 0
    with np.errstate(all="ignore"):
        for start in range(0, rows, CHUNK):
            part_y = y[start : start + CHUNK]
            zs, activations, answer = run_forward(engine, state, x[start : start + CHUNK])
            terms = np.empty_like(activations[-1])
            engine.loss.terms(zs[-1], activations[-1], part_y, terms)
            total += float(terms.sum())
            wrong = wrong_rows(answer, part_y) if is_classification(y) else None
            mistakes = None if wrong is None or mistakes is None else mistakes + int(wrong.sum())
    loss = total * scale(engine.loss, engine.experiment.training.reduction, rows, columns)
    return Metrics(loss, None if mistakes is None else 1.0 - mistakes / rows, mistakes)


def is_classification(y: Array) -> bool:
    """Whether targets are classes: every entry 0 or 1, or −1 or 1."""
    return bool(np.isin(y, (0.0, 1.0)).all() or np.isin(y, (-1.0, 1.0)).all())


def wrong_rows(answer: Array, y: Array) -> NDArray[np.bool_]:
    """Which rows are classified wrongly: by the largest output for one-hot targets, else by the halfway mark.

    A row with a NaN in its answer is wrong.
    """
    bad = np.isnan(answer).any(axis=1)
    if y.shape[1] > 1 and (y.sum(axis=1) == 1.0).all() and (y >= 0.0).all():
        wrong: NDArray[np.bool_] = answer.argmax(axis=1) != y.argmax(axis=1)
        return bad | wrong
    middle = 0.0 if (y < 0.0).any() else 0.5
    wrong = ((answer >= middle) != (y >= middle)).any(axis=1)
    return bad | wrong
