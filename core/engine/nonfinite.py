"""Numbers that are not finite: a quick check of each pass, and the first such number by name."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal

import numpy as np

from nn_tui.core.engine.trace import Trace
from nn_tui.core.spec import Array, Experiment
from nn_tui.core.translation import Message, message

HUGE = 1e4  # inputs and targets from which no usual learning rate is small enough
PULL = 2.0  # η·l2 beyond which the penalty alone makes weights grow
NAMES: dict[str, str | Message] = {
    "z": "z",
    "a": "a",
    "da": "da",
    "dz": "δ",
    "dw": "dW",
    "db": "db",
    "state": message("the optimiser's state"),
    "w": "W′",
    "b": "b′",
}
"""How the quantities of a layer are called."""


@dataclass(frozen=True, slots=True)
class NonFinite:
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
    def sentence(self) -> Message:
        """What happened, without a full stop: ``update 3: dW of layer 1 became NaN``."""
        if not self.layer:
            return message("update {update}: the loss became {value}", update=self.update, value=self._value)
        return message(
            "update {update}: {quantity} of layer {layer} became {value}",
            update=self.update, quantity=NAMES[self.key], layer=self.layer, value=self._value,
        )  # fmt: skip

    @property
    def _value(self) -> str:
        return "NaN" if self.value != self.value else ("+∞" if self.value > 0 else "−∞")


@dataclass(frozen=True, slots=True)
class Remedy:
    """The reason why numbers overflow, and a remedy.

    Attributes:
        kind: What is too large.
        cause: A sentence about the reason.
        helps: A noun phrase for what helps: ``a smaller η``.
    """

    kind: Literal["learning_rate", "data", "penalty"]
    cause: Message
    helps: Message


_OVERSHOT = Remedy(
    "learning_rate",
    message("Most often the learning rate is too large: every step overshoots further, until numbers overflow."),
    message("a smaller η"),
)


def remedy(experiment: Experiment) -> Remedy:
    """Return the likely reason why numbers overflow: huge data, a huge penalty, or else the learning rate."""
    data, training = experiment.data, experiment.training
    largest_input, largest_target = (float(np.abs(array).max(initial=0.0)) for array in (data.x, data.y))
    if not largest_input < HUGE:
        cause = message(
            "The largest input is {value:.2g}, and the numbers computed from it overflow.", value=largest_input
        )
        return Remedy("data", cause, message("smaller inputs"))
    if not largest_target < HUGE:
        cause = message(
            "The largest target is {value:.2g}, and the numbers computed from it overflow.", value=largest_target
        )
        return Remedy("data", cause, message("smaller targets"))
    for name, factor in (("l2", training.l2), ("l1", training.l1)):
        if training.optimizer.learning_rate * factor > PULL:
            cause = message(
                "The penalty {name} = {factor:g} pulls every weight past zero to the other side.",
                name=name, factor=factor,
            )  # fmt: skip
            return Remedy("penalty", cause, message("a smaller {name}", name=name))
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


def first_nonfinite(trace: Trace) -> NonFinite | None:
    """Return the first number of the pass, in the order of computation, that is NaN or infinite."""
    count = len(trace.z)

    def check(key: str, layer: int, array: Array) -> NonFinite | None:
        bad = ~np.isfinite(array)
        return NonFinite(trace.update, key, layer + 1, float(array[bad][0])) if bad.any() else None

    for layer in range(count):
        finding = check("z", layer, trace.z[layer]) or check("a", layer, trace.a[layer])
        if finding:
            return finding
    if not isfinite(trace.loss):
        return NonFinite(trace.update, "loss", 0, trace.loss)
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
