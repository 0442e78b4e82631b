"""One call of a watched program, and the pass that was checked with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.marking.program import compare_arrays
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.practice.slips import Kind
from nn_tui.core.spec import Array
from nn_tui.core.watching.findings import PassCheck
from nn_tui.core.watching.given import GivenPass, Layers
from nn_tui.core.watching.layout import ArrayLayout
from nn_tui.core.watching.pass_arrays import PassArray
from nn_tui.core.watching.structure import WatchedNetwork


@dataclass(frozen=True, slots=True, eq=False)
class WatchedCall:
    """One call: what was given, its weights, as a vector, too, its arrays, and η if it is known."""

    given: GivenPass
    layers: Layers
    parameters: Array
    arrays: tuple[PassArray, ...]
    learning_rate: float | None

    @property
    def epsilon(self) -> float:
        """The relative precision of the weights."""
        return max(w.epsilon for w, _ in self.layers)


@dataclass(frozen=True, slots=True, eq=False)
class WatchedPass:
    """A pass that was checked: our pass, what was found, and the gradients of the program, as a vector, too."""

    engine: Engine
    trace: Trace
    check: PassCheck
    gradients: Mapping[str, Array]
    gradient: Array


def mistake_of_update(checked: WatchedPass, after: WatchedCall, layout: ArrayLayout) -> Kind | None:
    """Return the mistake in a first update by Adam, or by an optimiser like it; None if none is known.

    Args:
        checked: The pass before the update, run with the optimiser that the person named.
        after: The call after it.
        layout: How the arrays lie.
    """
    engine = checked.engine
    if "beta2" not in engine.optimizer.options or checked.check.text is not None:
        return None
    weights = layout.weights(0, after.layers[0][0].values)
    with np.errstate(all="ignore"):
        found = compare_arrays(engine, checked.trace, {"w1'": weights}, max_marked=4)
    return next((kind for kind in found.mistakes if MISTAKES[kind].factor in ("correction", "sign", "η")), None)


def gradients_of(call: WatchedCall, structure: WatchedNetwork, trace: Trace) -> dict[str, Array]:
    """Return the arrays of a call whose shape fits, by their names in files."""
    values = {each.meaning: each.values(structure, trace) for each in call.arrays}
    return {meaning: array for meaning, array in values.items() if array is not None}


def names_without_gradient(checked: WatchedPass, names: Sequence[tuple[str, str]]) -> set[str]:
    """Return the weights and biases whose gradients have shapes that do not fit."""
    shapes = {meaning for meaning in checked.check.wrong if meaning not in checked.gradients}
    weights = {name for layer, (name, _) in enumerate(names, 1) if f"dw{layer}" in shapes}
    return weights | {name for layer, (_, name) in enumerate(names, 1) if f"db{layer}" in shapes}
