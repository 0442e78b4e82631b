"""Numbers that went wrong: the first quantity of a pass that is not finite, found and named."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from nn_tui.core.spec import Array
from nn_tui.core.trace import Trace

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
    """The first non-finite number: pass ``update``, quantity ``key``, ``layer`` from 1 (0: the loss), value."""

    update: int
    key: str
    layer: int
    value: float

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        where = f" of layer {self.layer}" if self.layer else ""
        value = "NaN" if self.value != self.value else ("+∞" if self.value > 0 else "−∞")
        return f"update {self.update}: {NAMES[self.key]}{where} became {value}"


def first_nonfinite(trace: Trace) -> Finding | None:
    """The first quantity of the pass, in the order of computation, that holds NaN or an infinity."""
    count = len(trace.z)

    def check(key: str, layer: int, array: Array) -> Finding | None:
        bad = ~np.isfinite(array)
        return Finding(trace.update, key, layer + 1, float(array[bad][0])) if bad.any() else None

    for layer in range(count):
        found = check("z", layer, trace.z[layer]) or check("a", layer, trace.a[layer])
        if found:
            return found
    if not isfinite(trace.loss):
        return Finding(trace.update, "loss", 0, trace.loss)
    for layer in range(count - 1, -1, -1):
        for key in ("da", "dz", "dw", "db"):
            found = check(key, layer, getattr(trace, key)[layer])
            if found:
                return found
    sizes = (trace.x.shape[1], *(len(b) for b in trace.db))
    for slot in range(len(trace.after.rows) - 1):
        for layer, parts in enumerate(zip(*trace.after.slot(slot, sizes), strict=True)):
            for part in parts:
                found = check("state", layer, part)
                if found:
                    return found
    for layer in range(count):
        found = check("w", layer, trace.after.weights[layer]) or check("b", layer, trace.after.biases[layer])
        if found:
            return found
    return None
