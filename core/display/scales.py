"""The colour scale of each quantity of a layer, which is the same in every view and figure.

The kind of scale depends on the quantity, the activation and whether the data set has negative targets, never on the
values of the pass. Its limit depends on the pass: where the quantity has no bounds of its own, the largest magnitude of
the pass has full colour.
A weight and a bias of a layer share a scale, and so do their gradients, steps and optimiser states, so that a single
bias can be compared with the weights. Targets share the scale of the predictions.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from nn_tui.core.display.number_scale import ColorScale, NumberScale
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import extent, extent_of, quantity
from nn_tui.core.engine.trace import Trace
from nn_tui.core.refs import NONNEGATIVE_SLOTS, Quantity, QuantityKey, QuantityLike, to_key
from nn_tui.core.spec import Dataset

_NONNEGATIVE: tuple[Quantity, ...] = ("term", "loss")
_WITH_BIASES: dict[Quantity, tuple[Quantity, Quantity]] = {
    quantity: pair
    for pair in (("w", "b"), ("dw", "db"), ("step_w", "step_b"), ("state_w", "state_b"))
    for quantity in pair
}


class Part(NamedTuple):
    """A part of a layer: the indices of its units, and those of their inputs."""

    units: list[int]
    inputs: list[int]


def quantity_scale(
    engine: Engine, trace: Trace, key: QuantityLike, layer: int, part: Part | None = None
) -> NumberScale:
    """Return the scale of a quantity of a layer (from 0) in a pass.

    Args:
        engine: The engine of the pass.
        trace: The pass.
        key: The quantity.
        layer: Its layer.
        part: The part of the layer whose numbers set the limit, where no others are shown; None for all of it.

    Raises:
        KeyError: The pass has no such quantity.
    """
    key = to_key(key)
    return NumberScale(scale_kind(engine, key, layer), scale_limit(engine, trace, key, layer, part))


def scale_kind(engine: Engine, key: QuantityLike, layer: int) -> ColorScale:
    """Return "sequential" if neither the quantity nor the targets on its scale can be negative, else "diverging"."""
    key, data = to_key(key), engine.experiment.data
    if key.quantity == "a":
        has_targets = layer == len(engine.sizes) - 2 and not engine.loss.is_mistake_driven
        is_nonnegative = engine.activations[layer].low == 0.0 and not (has_targets and _has_negative_targets(data))
    elif key.quantity == "y":
        # A perceptron's unit shows z, and its prediction and its target are 0 or 1.
        is_nonnegative = engine.loss.is_mistake_driven or engine.activations[-1].low == 0.0
        is_nonnegative = is_nonnegative and not _has_negative_targets(data)
    elif key.quantity == "x":
        is_nonnegative = data.image_shape is not None and not np.any(data.x_mean)
    elif key.quantity == "slope":
        is_nonnegative = engine.activations[layer].is_increasing
    else:
        is_nonnegative = key.quantity in _NONNEGATIVE or key.slot in NONNEGATIVE_SLOTS
    return "sequential" if is_nonnegative else "diverging"


def scale_limit(engine: Engine, trace: Trace, key: QuantityKey, layer: int, part: Part | None = None) -> float:
    """Return the magnitude with full colour in one pass; arguments as for :func:`quantity_scale`."""
    data = engine.experiment.data
    name, last = key.quantity, len(engine.sizes) - 2
    if name == "x":
        return data_extent(data, "x")
    if name == "y" and engine.loss.is_mistake_driven:
        return data_extent(data, "y")
    if name in ("a", "y"):
        layer = last if name == "y" else layer
        activation = engine.activations[layer]
        is_bounded = activation.low is not None and activation.high is not None
        largest = 1.0 if is_bounded else _largest(engine, trace, "a", layer, part)
        return max(largest, data_extent(data, "y")) if layer == last and not engine.loss.is_mistake_driven else largest
    if name == "slope":
        return engine.activations[layer].max_slope
    if name in ("term", "loss"):
        largest = extent(engine, trace, "term", last)[0]
        return max(largest, trace.loss) if np.isfinite(trace.loss) else largest
    if name == "dx":  # ∂L/∂x of a layer is ∂L/∂a of the layer before
        return _largest(engine, trace, "da" if layer else "dx", layer - 1 if layer else 0, part)
    moments = (False, True) if name in ("w", "b") or key.is_optimizer_state else (False,)
    keys = [QuantityKey(each, key.slot, after) for each in _WITH_BIASES.get(name, (name,)) for after in moments]
    return max(_largest(engine, trace, each, layer, part) for each in keys)


def _largest(engine: Engine, trace: Trace, key: QuantityLike, layer: int, part: Part | None) -> float:
    """Return the largest finite magnitude of a quantity, or of a part of it."""
    if part is None:
        return extent(engine, trace, key, layer)[0]
    values = quantity(engine, trace, key, layer)
    shown = values[np.ix_(part.units, part.inputs)] if to_key(key).is_weight else values[..., part.units]
    return extent_of(shown)[0]


@lru_cache(maxsize=8)
def data_extent(data: Dataset, part: str) -> float:
    """Return the largest magnitude among the inputs or the targets of the training part."""
    return extent_of(getattr(data, part))[0]


@lru_cache(maxsize=8)
def _has_negative_targets(data: Dataset) -> bool:
    return bool(np.any(data.y < 0.0) or np.any(data.y_test < 0.0))
