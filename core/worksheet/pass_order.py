"""The arrays of a pass in the order in which they are computed, and the addresses of their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.refs import BY_SAMPLE, Quantity, QuantityKey, QuantityLike, Ref, to_key

BLANK_PHASES = ("forward", "backward", "update")
"""The phases whose numbers a sheet can ask for; the loss belongs to the forward pass."""
ArrayKey = tuple[QuantityKey, int]
_W_AFTER, _B_AFTER = QuantityKey("w", after=True), QuantityKey("b", after=True)


def array_keys(engine: Engine) -> list[tuple[str, QuantityKey, int]]:
    """Return the phase, the key and the layer of each array that a pass computes, in the order of the pass."""
    layers = range(len(engine.sizes) - 1)
    of_forward: tuple[QuantityLike, ...] = ("z", "a", "slope")
    of_backward: tuple[QuantityLike, ...] = ("da", "dz", "dw", "db", "dx")
    forward: list[tuple[QuantityLike, int]] = [(name, layer) for layer in layers for name in of_forward]
    forward += [("term", 0), ("loss", 0)]
    backward: list[tuple[QuantityLike, int]] = [(name, layer) for layer in reversed(layers) for name in of_backward]
    of_state: tuple[Quantity, ...] = ("state_w", "state_b")
    states = [QuantityKey(name, slot, after=True) for slot in engine.optimizer.slots for name in of_state]
    keys: tuple[QuantityLike, ...] = (*states, "step_w", "step_b", _W_AFTER, _B_AFTER)
    update: list[tuple[QuantityLike, int]] = [(key, layer) for layer in layers for key in keys]
    parts = zip(BLANK_PHASES, (forward, backward, update), strict=True)
    return [(phase, to_key(key), layer) for phase, arrays in parts for key, layer in arrays]


def array_refs(engine: Engine, trace: Trace, key: QuantityKey, layer: int) -> list[Ref]:
    """Return the addresses of the numbers of one array, sample by sample."""
    if key.quantity == "loss":
        return [key.at(0)]
    if key.quantity in ("term", "y"):
        units = trace.y.shape[1]
    elif key.quantity in ("x", "dx"):
        units = engine.sizes[layer]
    else:
        units = engine.sizes[layer + 1]
    samples = trace.n if key.quantity in BY_SAMPLE else 1
    inputs = engine.sizes[layer] if key.is_weight else 1
    return [
        key.at(layer, unit, input, sample)
        for sample, unit, input in product(range(samples), range(units), range(inputs))
    ]


def refs_of_phase(engine: Engine, trace: Trace, phase: str) -> list[Ref]:
    """Return the addresses of the numbers that a person computes by hand in a phase.

    They are z, a and the loss; ∂L/∂a, δ, dW and db; and W′ and b′, unless they are frozen.
    """
    refs: list[Ref] = []
    for name, key, layer in array_keys(engine):
        if name == phase and _is_computed_by_hand(engine, trace, key, layer):
            refs += array_refs(engine, trace, key, layer)
    return [ref for ref in refs if ref.quantity != "term" or _contributes(engine, trace, ref)]


def _is_computed_by_hand(engine: Engine, trace: Trace, key: QuantityKey, layer: int) -> bool:
    if key.after and key.quantity in ("w", "b"):
        spec = engine.experiment.layers[layer]
        return spec.train_weights if key.quantity == "w" else spec.train_bias
    if key.quantity == "term":
        return trace.terms.size > 1
    if key.quantity == "da":  # δ of a fused output does not use ∂L/∂a
        return layer < len(trace.z) - 1 or engine.loss.acts_on == "a"
    return key.quantity in ("z", "a", "loss", "dz", "dw", "db")


def _contributes(engine: Engine, trace: Trace, ref: Ref) -> bool:
    """Return whether a term of the loss is not 0 by definition, as −y·ln ŷ is for y = 0."""
    return not engine.loss.ignores_zero_targets or bool(trace.y[ref.sample, ref.unit])


def in_pass_order(engine: Engine, refs: set[Ref]) -> Iterator[tuple[str, ArrayKey, list[Ref]]]:
    """Yield addresses array by array in the order of the pass, with the phase, the key and the layer of the array."""
    by_array: dict[ArrayKey, list[Ref]] = {}
    for ref in refs:
        by_array.setdefault((ref.key, ref.layer), []).append(ref)
    for phase, key, layer in array_keys(engine):
        if (key, layer) in by_array:
            found = by_array[key, layer]
            yield phase, (key, layer), sorted(found, key=lambda ref: (ref.sample, ref.unit, ref.input))


def without_sample(ref: Ref) -> Ref:
    """Return the address of a number with sample 0 if it has no value for each sample."""
    return ref if ref.quantity in BY_SAMPLE else replace(ref, sample=0)
