"""Numbers that are not finite: a quick check of each pass, and the first such number by name."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from nn_tui.core.engine.trace import Trace
from nn_tui.core.spec import Array, Experiment

HUGE = 1e4  # inputs and targets from which no usual learning rate is small enough
PULL = 2.0  # η·l2 beyond which the penalty alone makes weights grow
NAMES = {
    "z": "z",
    "a": "a",
    "loss": "the loss",
    "da": "da",
    "dz": "δ",
    "dw": "dW",
    "db": "db",
    "state": "the optimiser's state",
    "w": "W′",
    "b": "b′",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The first number of a run that is not finite.

    Attributes:
        update: The number of the pass.
        key: The quantity.
        layer: The layer, from 1; 0 for the loss.
        value: The number.
    """

    update: int
    key: str
    layer: int
    value: float

    @property
    def sentence(self) -> str:
        """Return a sentence that names the number."""
        where = f" of layer {self.layer}" if self.layer else ""
        value = "NaN" if self.value != self.value else ("+∞" if self.value > 0 else "−∞")
        return f"update {self.update}: {NAMES[self.key]}{where} became {value}"


@dataclass(frozen=True, slots=True)
class Remedy:
    """The reason why numbers overflow, as a sentence, and a remedy, as the end of one: ``a smaller η``."""

    cause: str
    helps: str


_OVERSHOT = Remedy(
    "Most often the learning rate is too large: every step overshoots further, until numbers overflow.", "a smaller η"
)


def remedy(experiment: Experiment) -> Remedy:
    """Return the likely reason why numbers overflow: huge data, a huge penalty, or else the learning rate."""
    data, training = experiment.data, experiment.training
    for name, array in (("input", data.x), ("target", data.y)):
        most = float(np.abs(array).max(initial=0.0))
        if not most < HUGE:
            text = f"The largest {name}, {most:.2g}, is huge, and what is computed from it overflows."
            return Remedy(text, f"smaller {name}s")
    for name, factor in (("l2", training.l2), ("l1", training.l1)):
        if training.optimizer.learning_rate * factor > PULL:
            text = f"The penalty {name} = {factor:g} pulls every weight past zero to the other side."
            return Remedy(text, f"a smaller {name}")
    return _OVERSHOT


def squares_are_finite(trace: Trace) -> bool:
    """Return whether the loss and the sums of all squared numbers of the pass are finite; then all numbers are.

    The reverse is not true: the square of a large finite number may overflow.
    """
    return (
        isfinite(trace.loss)
        and isfinite(trace.finite_check.dot(trace.finite_check))
        and isfinite(trace.after.flat.dot(trace.after.flat))
    )


def is_finite(trace: Trace) -> bool:
    """Return whether every number of the pass is finite, also those of the optimiser."""
    return trace.known_finite or first_nonfinite(trace) is None


def first_nonfinite(trace: Trace) -> Finding | None:
    """Return the first number of the pass, in the order of computation, that is NaN or infinite."""
    count = len(trace.z)

    def check(key: str, layer: int, array: Array) -> Finding | None:
        bad = ~np.isfinite(array)
        return Finding(trace.update, key, layer + 1, float(array[bad][0])) if bad.any() else None

    for layer in range(count):
        finding = check("z", layer, trace.z[layer]) or check("a", layer, trace.a[layer])
        if finding:
            return finding
    if not isfinite(trace.loss):
        return Finding(trace.update, "loss", 0, trace.loss)
    for layer in range(count - 1, -1, -1):
        for key in ("da", "dz", "dw", "db"):
            finding = check(key, layer, getattr(trace, key)[layer])
            if finding:
                return finding
    for slot in range(len(trace.after.array) - 1):
        for layer, parts in enumerate(zip(*trace.after.slot(slot), strict=True)):
            for part in parts:
                finding = check("state", layer, part)
                if finding:
                    return finding
    for layer in range(count):
        finding = check("w", layer, trace.after.weights[layer]) or check("b", layer, trace.after.biases[layer])
        if finding:
            return finding
    return None
