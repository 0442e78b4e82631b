"""The arrays that a person's program computed in a pass, named and laid out like ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.practice.order import pass_order
from nn_tui.core.refs import Quantity, QuantityKey, Ref
from nn_tui.core.spec import Array
from nn_tui.core.translation import message
from nn_tui.core.watching.arrays import GivenArray
from nn_tui.core.watching.given import GivenPass
from nn_tui.core.watching.structure import WatchedNetwork

_QUANTITIES: Mapping[str, Quantity] = {"z": "z", "a": "a", "dz": "dz", "da": "da", "dw": "dw", "db": "db"}


@dataclass(frozen=True, slots=True, eq=False)
class PassArray:
    """An array of a person's program that a pass of ours has, too.

    Attributes:
        given: The array as it was given.
        ref: The address of its first number.
    """

    given: GivenArray
    ref: Ref

    @property
    def meaning(self) -> str:
        """Its name in files: ``dw1``."""
        return "loss" if self.ref.quantity == "loss" else f"{self.ref.quantity}{self.ref.layer + 1}"

    def ours(self, engine: Engine, trace: Trace) -> Array:
        """Return our array."""
        if self.ref.quantity == "loss":
            return np.array(trace.loss)
        return quantity(engine, trace, self.ref.key, self.ref.layer)

    def values(self, structure: WatchedNetwork, trace: Trace) -> Array | None:
        """Return the numbers laid out like ours; None if the shape does not fit."""
        values, layer, layout = self.given.values, self.ref.layer, structure.layout
        units, inputs = layout.sizes[layer + 1], layout.sizes[layer]
        match self.ref.quantity:
            case "loss":
                return values.reshape(())
            case "dw":
                values = layout.weights(layer, values)
                return values if values.shape == (units, inputs) else None
            case "db":
                return values.reshape(units) if values.size == units and max(values.shape, default=1) == units else None
        wanted = (trace.n, units)
        if values.ndim == 2 and not layout.are_samples_rows:
            values = values.T
        if values.shape == wanted:
            return values
        if values.size == trace.n * units and 1 in wanted:
            return values.reshape(wanted)
        return values.T if values.ndim == 2 and values.T.shape == wanted else None

    def index_text(self, structure: WatchedNetwork, trace: Trace, index: tuple[int, ...]) -> str:
        """Return a number of ours by its place in the array of the person, as Python writes it: ``dW1[0, 2]``."""
        shape = self.given.values.shape
        places = replace(
            self, given=replace(self.given, values=np.arange(float(self.given.values.size)).reshape(shape))
        )
        numbers = places.values(structure, trace)
        if numbers is None or not shape:
            return self.given.name
        place = np.unravel_index(int(numbers[index]), shape)
        return f"{self.given.name}[{', '.join(str(int(number)) for number in place)}]"


def pass_arrays(given: GivenPass, structure: WatchedNetwork) -> tuple[PassArray, ...]:
    """Return the arrays of a person's pass in the order in which a pass computes them; the loss is one of them.

    Raises:
        InputError: There are gradients of another number of arrays than the network has.
    """
    count = len(structure.activations)
    found: dict[str, PassArray] = {}
    for meaning, array in given.named.items():
        name = meaning.rstrip("0123456789")
        layer = int(meaning[len(name) :] or 0) - 1
        if name in _QUANTITIES and 0 <= layer < count:
            found[meaning] = PassArray(array, QuantityKey(_QUANTITIES[name]).at(layer))
    for meaning, arrays in given.lists.items():
        quantity_name: Quantity = "z" if meaning == "z" else "a"
        of_layers = arrays[1:] if len(arrays) == count + 1 else arrays
        if len(of_layers) == count:
            for layer, array in enumerate(of_layers):
                named = GivenArray(f"{meaning}{layer + 1}", array.values, array.epsilon)
                found.setdefault(f"{meaning}{layer + 1}", PassArray(named, QuantityKey(quantity_name).at(layer)))
    for each in _unnamed_gradients(given, structure):
        found.setdefault(each.meaning, each)
    if given.loss is not None:
        found["loss"] = PassArray(GivenArray("loss", np.array(given.loss)), Ref("loss"))
    return tuple(sorted(found.values(), key=lambda each: pass_order(each.ref)))


def _unnamed_gradients(given: GivenPass, structure: WatchedNetwork) -> list[PassArray]:
    gradients, count = given.gradients, len(structure.activations)
    if not gradients:
        return []
    layers = given.readings[structure.layout.reading]
    biases = [layer for layer in range(count) if layers[layer][1] is not None]
    weights = [("dw", layer) for layer in range(count)]
    bias_places = [("db", layer) for layer in biases]
    pairs = [
        place
        for layer in range(count)
        for place in (("dw", layer), ("db", layer))
        if place[0] == "dw" or layer in biases
    ]
    orders = [
        order
        for order in (pairs, weights + bias_places, bias_places + weights, weights)
        if len(order) == len(gradients)
    ]
    if not orders:
        problem = message(
            "{count} arrays do not fit {layers} layers; give a gradient for each weight matrix and for each bias, in "
            "their order, or a dictionary with names such as dW1.",
            count=len(gradients),
            layers=count,
        )
        raise InputError("wrong_shape", problem, path=("gradients",))

    def misfits(order: list[tuple[str, int]]) -> tuple[int, int]:
        """Return how many arrays have another shape than what they belong to, and how many another size."""
        places = zip(order, gradients, strict=True)
        pairs = [(layers[layer][0 if name == "dw" else 1], array) for (name, layer), array in places]
        own = [(given.values, array.values) for given, array in pairs if given is not None]
        return sum(a.shape != b.shape for a, b in own), sum(a.size != b.size for a, b in own)

    best = min(orders, key=misfits)
    letters = {"dw": "dW", "db": "db"}
    return [
        PassArray(
            GivenArray(f"{letters[name]}{layer + 1}", array.values, array.epsilon),
            QuantityKey(_QUANTITIES[name]).at(layer),
        )
        for (name, layer), array in zip(best, gradients, strict=True)
    ]
