"""Weights and biases for a network, found among arrays by their names and shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from nn_tui.core.data.scaling import SCALING
from nn_tui.core.errors import InputError
from nn_tui.core.files.array_file import AnyArray
from nn_tui.core.nn.arrays import Sizes
from nn_tui.core.spec import Array
from nn_tui.core.text import printable, quote, sizes_text, truncate
from nn_tui.core.translation import Message, all_of, message, message_plural
from nn_tui.core.weights.names import ParameterName, in_order, parse_name

_MAX_NAMES = 5  # names of arrays in a sentence
_MAX_ORDERED = 8  # layers whose order is found by their shapes


@dataclass(frozen=True, slots=True, eq=False)
class NamedWeights:
    """The arrays of one layer.

    Attributes:
        layer: The part of the names that tells the layer.
        name: The name of the weights.
        array: The weights as the file has them.
        rows_are_units: Whether the names say that a row has the weights of a unit; None if they do not.
        bias_name: The name of the bias; "" if there is none.
        bias: The bias as the file has it; None if there is none.
    """

    layer: str
    name: str
    array: AnyArray
    rows_are_units: bool | None
    bias_name: str = ""
    bias: AnyArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The parameters of a network.

    Attributes:
        weights: W (units, inputs) of each layer.
        biases: b (units,) of each layer.
        notes: What was assumed or left out, as sentences.
    """

    weights: list[Array]
    biases: list[Array]
    notes: list[Message] = field(default_factory=list)


def match_weights(arrays: Mapping[str, AnyArray], sizes: Sizes) -> Weights:
    """Return the weights and biases of a network.

    Args:
        arrays: Arrays by name: ``w1`` and ``b1``, ``0.weight`` and ``0.bias``, ``W1`` and ``b1`` and so on. W or Wᵀ is
            recognised by the shape. Other arrays are left out.
        sizes: The units of each layer, the inputs first.

    Raises:
        InputError: A layer has no weights, a shape does not fit, or something is no finite number.
    """
    layers, others = _layers(arrays)
    if not layers:
        layers, others = _layers_by_position(arrays, sizes), []
    if not layers:
        raise _no_weights_error(list(arrays))
    layers, is_order_assumed = _in_order_of_shapes(layers, sizes)
    _check_shapes(layers, sizes)
    weights, notes = _oriented(layers, sizes)
    if is_order_assumed:
        names = _names([layer.name for layer in layers])
        notes.append(message("The order of the layers was taken from the file: {names}.", names=names))
    missing = [number for number, layer in enumerate(layers, start=1) if layer.bias is None]
    if missing:
        notes.append(
            message_plural(
                "It has no bias for layer {layers}: the bias is 0.",
                "It has no biases for layers {layers}: these are 0.",
                len(missing),
                layers=all_of(missing),
            )
        )
    if others := [name for name in others if name not in SCALING]:  # of an export, beside its weights
        notes.append(message("Left out, because they are neither weights nor biases: {names}.", names=_names(others)))
    biases = [
        np.zeros(units) if layer.bias is None else _numbers(layer.bias_name, layer.bias).reshape(units)
        for layer, units in zip(layers, sizes[1:], strict=True)
    ]
    return Weights(weights, biases, notes)


def _layers(arrays: Mapping[str, AnyArray]) -> tuple[list[NamedWeights], list[str]]:
    """Return the arrays of each layer, in order, and the names of all others."""
    found: dict[str, dict[str, tuple[str, ParameterName]]] = {}
    others = []
    for name in arrays:
        parsed = parse_name(name)
        if parsed is None:
            others.append(name)
            continue
        layer = found.setdefault(parsed.layer, {})
        if parsed.kind in layer:
            problem = message(
                "{name} and {other} name the same array of a layer; leave one of them out.",
                name=quote(layer[parsed.kind][0]), other=quote(name),
            )  # fmt: skip
            raise InputError("duplicate", problem, value=name)
        layer[parsed.kind] = name, parsed
    layers = []
    for key in in_order(key for key, layer in found.items() if "w" in layer):
        name, parsed = found[key]["w"]
        bias_name = found[key]["b"][0] if "b" in found[key] else ""
        bias = arrays[bias_name] if bias_name else None
        layers.append(NamedWeights(key, name, arrays[name], parsed.rows_are_units, bias_name, bias))
    others += [layer["b"][0] for layer in found.values() if "w" not in layer]
    return layers, others


def _layers_by_position(arrays: Mapping[str, AnyArray], sizes: Sizes) -> list[NamedWeights]:
    """Return the layers of arrays without names, as ``numpy.savez(path, w1, b1, w2, b2)`` writes them."""
    if not all(name.startswith("arr_") for name in arrays):
        return []
    names, count = in_order(arrays), len(sizes) - 1
    if len(names) == count:
        return [NamedWeights(name, name, arrays[name], None) for name in names]
    if len(names) != 2 * count:
        return []
    in_turn, in_halves = (
        [NamedWeights(w, w, arrays[w], None, b, arrays[b]) for w, b in zip(weights, biases, strict=True)]
        for weights, biases in ((names[::2], names[1::2]), (names[:count], names[count:]))
    )
    shapes = list(pairwise(sizes))
    return in_halves if _all_fit(in_halves, shapes) and not _all_fit(in_turn, shapes) else in_turn


def _check_shapes(layers: Sequence[NamedWeights], sizes: Sizes) -> None:
    """Raise InputError unless there are arrays for each layer, and their shapes fit."""
    if len(layers) != len(sizes) - 1:
        problem = message_plural(
            "it has the weights of {count} layer ({names}), but the network {sizes} has {layers}.",
            "it has the weights of {count} layers ({names}), but the network {sizes} has {layers}.",
            len(layers), names=_names([layer.name for layer in layers]), sizes=sizes_text(sizes), layers=len(sizes) - 1,
        )  # fmt: skip
        raise InputError("wrong_shape", problem, value=len(layers))
    for number, (layer, (inputs, units)) in enumerate(zip(layers, pairwise(sizes), strict=True), start=1):
        if not _fits(layer.array, inputs, units):
            raise _shape_error(layer.name, layer.array, number, (units, inputs), sizes)
        if layer.bias is not None and not (layer.bias.size == units and units in (*layer.bias.shape, 1)):
            raise _shape_error(layer.bias_name, layer.bias, number, (units,), sizes)


def _in_order_of_shapes(layers: list[NamedWeights], sizes: Sizes) -> tuple[list[NamedWeights], bool]:
    """Return the layers in an order that fits their shapes, if their names tell none; and whether others fit, too."""
    shapes = list(pairwise(sizes))
    are_numbered = all(any(char.isdigit() for char in layer.layer) for layer in layers)
    if are_numbered or not 1 < len(layers) == len(shapes):
        return layers, False
    if len(layers) > _MAX_ORDERED:
        return layers, True
    orders = _orders(tuple(layers), shapes)
    first, second = next(orders, None), next(orders, None)
    if first is None:
        return layers, False
    return list(first), second is not None


def _orders(layers: tuple[NamedWeights, ...], shapes: Sequence[tuple[int, int]]) -> Iterator[tuple[NamedWeights, ...]]:
    """Yield the orders of the layers in which all shapes fit."""
    if not shapes:
        yield ()
        return
    for index, layer in enumerate(layers):
        if _fits(layer.array, *shapes[0]):
            for rest in _orders((*layers[:index], *layers[index + 1 :]), shapes[1:]):
                yield (layer, *rest)


def _all_fit(layers: Sequence[NamedWeights], shapes: Sequence[tuple[int, int]]) -> bool:
    return all(_fits(layer.array, *shape) for layer, shape in zip(layers, shapes, strict=True))


def _fits(array: AnyArray, inputs: int, units: int) -> bool:
    """Return whether an array may be W (units, inputs), Wᵀ, or the vector of a layer with one unit or one input."""
    if array.ndim < 2:
        return array.size == inputs * units and 1 in (inputs, units)
    return array.shape in ((units, inputs), (inputs, units))


def _oriented(layers: Sequence[NamedWeights], sizes: Sizes) -> tuple[list[Array], list[Message]]:
    """Return W (units, inputs) of each layer, and sentences about arrays that were transposed or may be W or Wᵀ."""
    shapes = list(pairwise(sizes))
    known = {
        layer.array.shape == (units, inputs)
        for layer, (inputs, units) in zip(layers, shapes, strict=True)
        if inputs != units and layer.array.ndim == 2
    }
    biases = {layer.bias.shape for layer in layers if layer.bias is not None and layer.bias.ndim == 2}
    if is_known := len(known) == 1:
        default = known == {True}
    else:  # x @ W + b has biases as rows, and W @ x + b has them as columns
        default = not (biases and all(shape[0] == 1 for shape in biases) and any(shape != (1, 1) for shape in biases))
    matrices, assumed, transposed = [], [], []
    for layer, (inputs, units) in zip(layers, shapes, strict=True):
        array = _numbers(layer.name, layer.array)
        if inputs != units or array.ndim < 2:
            rows_are_units = array.shape != (inputs, units)
        elif layer.rows_are_units is not None and not is_known:
            rows_are_units = layer.rows_are_units
        else:
            rows_are_units = default
            if layer.rows_are_units != default and not np.array_equal(array, array.T):
                assumed.append(layer.name)
        if not rows_are_units and layer.rows_are_units is not False and min(inputs, units) > 1 and inputs != units:
            transposed.append(layer.name)
        matrix = (array if rows_are_units else array.T).reshape(units, inputs)
        matrices.append(np.ascontiguousarray(matrix))
    notes = []
    if assumed:
        reason = message("Nothing in the file tells which; transpose it there if the other is right.")
        if is_known:
            reason = message("The other layers have it so.")
        elif not default:
            reason = message("The shape of the biases tells it.")
        notes.append(message("{first} {second}", first=_assumption(assumed, default), second=reason))
    if transposed:
        notes.append(
            message_plural(
                "{names} has a column for each unit, so it was transposed.",
                "{names} have a column for each unit, so they were transposed.",
                len(transposed),
                names=_names(transposed),
            )
        )
    return matrices, notes


def _assumption(names: Sequence[str], rows_are_units: bool) -> Message:
    """Say what was assumed of square arrays."""
    if rows_are_units:
        return message_plural(
            "{names} is square: a row was taken for the weights of a unit.",
            "{names} are square: a row was taken for the weights of a unit.",
            len(names), names=_names(names),
        )  # fmt: skip
    return message_plural(
        "{names} is square: a column was taken for the weights of a unit.",
        "{names} are square: a column was taken for the weights of a unit.",
        len(names), names=_names(names),
    )  # fmt: skip


def _numbers(name: str, array: AnyArray) -> Array:
    """Return an array as finite float64, or raise InputError."""
    if array.dtype.kind not in "fiub":
        raise InputError("wrong_type", message("it must be an array of numbers."), path=(name,))
    numbers = array.astype(np.float64)
    if not np.isfinite(numbers).all():
        raise InputError("not_finite", message("it has numbers that are not finite."), path=(name,))
    return numbers


def _no_weights_error(names: Sequence[str]) -> InputError:
    """Return the error for arrays of which none has the name of weights."""
    if not names:
        return InputError("missing", message("it has no arrays."))
    problem = message(
        "no name in it is that of weights, such as w1, W1, 0.weight or fc1.weight; it has {names}.",
        names=_names(names),
    )
    return InputError("not_found", problem)


def _shape_error(name: str, array: AnyArray, layer: int, shape: Sizes, sizes: Sizes) -> InputError:
    """Return the error for an array of a layer (from 1) that does not have the shape."""
    found, network = tuple(array.shape), sizes_text(sizes)
    if len(shape) == 2 and shape[0] != shape[1]:
        problem = message(
            "its shape is {found}, but layer {layer} of the network {sizes} needs {expected}, or {transposed}.",
            found=found, layer=layer, sizes=network, expected=shape, transposed=shape[::-1],
        )  # fmt: skip
    else:
        problem = message(
            "its shape is {found}, but layer {layer} of the network {sizes} needs {expected}.",
            found=found, layer=layer, sizes=network, expected=shape,
        )  # fmt: skip
    return InputError("wrong_shape", problem, path=(name,), value=found)


def _names(names: Sequence[str]) -> object:
    """Return names for a sentence; of many, the first ones."""
    return all_of([printable(truncate(name)) for name in names], _MAX_NAMES)
