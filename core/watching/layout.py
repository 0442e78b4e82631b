"""How a person's arrays lie: rows or columns of W for the units, rows or columns of the inputs for the samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.spec import Array
from nn_tui.core.translation import message
from nn_tui.core.watching.arrays import GivenArray, shape_text
from nn_tui.core.watching.given import Layers


@dataclass(frozen=True, slots=True)
class ArrayLayout:
    """A way to read the arrays as a network.

    Attributes:
        reading: The index of the reading of the weights.
        sizes: The units of each layer, the inputs first.
        are_units_rows: For each layer, whether the rows of W are its units.
        are_samples_rows: Whether the rows of the inputs are the samples.
        are_labels: Whether the targets are the numbers of classes.
    """

    reading: int
    sizes: tuple[int, ...]
    are_units_rows: tuple[bool, ...]
    are_samples_rows: bool
    are_labels: bool

    def inputs(self, x: GivenArray) -> Array:
        """Return the inputs as (samples, inputs)."""
        values = x.values
        if values.ndim > 2:
            return values.reshape(len(values), -1)
        if values.ndim < 2:
            return values.reshape(-1, self.sizes[0])
        return values if self.are_samples_rows else values.T

    def targets(self, y: GivenArray, samples: int) -> Array:
        """Return the targets as (samples, outputs); classes as one 1 in a row of zeros."""
        values, outputs = y.values, self.sizes[-1]
        if values.ndim > 2:
            values = values.reshape(len(values), -1)
        if self.are_labels:
            rows = np.zeros((samples, outputs))
            rows[np.arange(samples), values.reshape(-1).astype(np.intp)] = 1.0
            return rows
        if values.ndim == 2 and not self.are_samples_rows and min(values.shape) > 1:
            return values.T
        return values.reshape(samples, outputs)

    def weights(self, layer: int, values: Array) -> Array:
        """Return an array that lies like W of a layer as (units, inputs)."""
        if values.ndim < 2:  # the weights of one unit
            return values.reshape(1, -1) if self.are_units_rows[layer] else values.reshape(-1, 1)
        return values if self.are_units_rows[layer] else values.T


def layouts(readings: tuple[Layers, ...], x: GivenArray, y: GivenArray | None, *, is_module: bool) -> list[ArrayLayout]:
    """Return the ways to read the arrays as a network, the most usual one first.

    Args:
        readings: The ways to read the weights as layers.
        x: The inputs.
        y: The targets; None if they are not known.
        is_module: Whether the weights are those of a module of PyTorch, whose units are rows.

    Raises:
        InputError: The shapes fit no network.
    """
    found = [
        layout
        for reading, layers in enumerate(readings)
        for layout in _layouts(reading, layers, x, y)
        if not is_module or (layout.are_samples_rows and all(layout.are_units_rows))
    ]
    if not found:
        raise _error(readings, x, y)

    def oddness(layout: ArrayLayout) -> tuple[bool, bool, int, bool, bool]:
        """Return how unusual a layout is: such as with mixed orientations, or x·W for columns of samples."""
        has_vectors = any(w.values.ndim < 2 for w, _ in readings[layout.reading][1:])
        first_bias = readings[layout.reading][0][1]
        rows = layout.are_units_rows
        has_row_bias = first_bias is not None and first_bias.values.shape[:1] == (1,) and first_bias.values.ndim == 2
        usual = (not layout.are_samples_rows) or (is_module or not has_row_bias)
        return has_vectors, layout.are_labels, layout.reading, len(set(rows)) > 1, rows[0] != usual

    return sorted(found, key=oddness)


def _layouts(reading: int, layers: Layers, x: GivenArray, y: GivenArray | None) -> Iterator[ArrayLayout]:
    for are_samples_rows, inputs, samples in _input_layouts(x, layers):
        for sizes, rows in _chains(layers, inputs):
            are_labels = None if y is None else _target_kind(y, samples, sizes[-1], are_samples_rows)
            if y is None or are_labels is not None:
                yield ArrayLayout(reading, sizes, rows, are_samples_rows, bool(are_labels))


def _input_layouts(x: GivenArray, layers: Layers) -> Iterator[tuple[bool, int, int]]:
    """Yield whether samples are rows, the number of inputs, and that of samples."""
    shape = x.values.shape
    if len(shape) > 2:
        yield True, int(np.prod(shape[1:])), shape[0]
    elif len(shape) == 2:
        yield True, shape[1], shape[0]
        yield False, shape[0], shape[1]
    else:
        yield True, x.values.size, 1
        if x.values.size > 1 and (1 in layers[0][0].values.shape or layers[0][0].values.size == 1):
            yield True, 1, x.values.size


def _chains(layers: Layers, inputs: int) -> Iterator[tuple[tuple[int, ...], tuple[bool, ...]]]:
    """Yield the sizes and orientations with which each layer takes what the layer before gives."""
    if not layers:
        yield (inputs,), ()
        return
    (w, b), rest = layers[0], layers[1:]
    shape = w.values.shape if w.values.ndim == 2 else (1, w.values.size) if w.values.ndim < 2 else ()
    if len(shape) != 2:
        return
    for is_rows, (units, columns) in ((True, shape), (False, shape[::-1])):
        if columns == inputs and (b is None or b.values.size == units):
            for sizes, rows in _chains(rest, units):
                yield (inputs, *sizes), (is_rows, *rows)


def _target_kind(y: GivenArray, samples: int, outputs: int, are_samples_rows: bool) -> bool | None:
    """Return whether the targets are labels; None if they do not fit."""
    values = y.values.reshape(len(y.values), -1) if y.values.ndim > 2 else y.values
    wanted = (samples, outputs) if are_samples_rows else (outputs, samples)
    if values.shape == wanted or (values.size == samples * outputs and 1 in (samples, outputs) and values.ndim < 3):
        return False
    is_line = values.size == samples and max(values.shape, default=1) == samples
    if is_line and outputs > 1 and np.array_equal(values, np.floor(values)):
        return True if values.min() >= 0 and values.max() < outputs else None
    return None


def _error(readings: tuple[Layers, ...], x: GivenArray, y: GivenArray | None) -> InputError:
    """Return the error about the first array that does not fit."""
    layers = readings[0]
    for reading in readings:
        if any(True for _, inputs, _ in _input_layouts(x, reading) for _ in _chains(reading, inputs)):
            layers = reading
            break
    for given, _ in layers:
        if given.values.ndim > 2:
            problem = message(
                "{name} has the shape {shape}; only networks of dense layers can be watched, whose weights have rows "
                "and columns.",
                name=given.name,
                shape=given.shape_text,
            )
            return InputError("wrong_shape", problem, path=("weights",))
    for count in range(1, len(layers) + 1):
        if any(True for _, inputs, _ in _input_layouts(x, layers) for _ in _chains(layers[:count], inputs)):
            continue
        return _layer_error(layers, count - 1, x)
    sizes = next(sizes for _, inputs, _ in _input_layouts(x, layers) for sizes, _ in _chains(layers, inputs))
    samples = sorted({samples for _, inputs, samples in _input_layouts(x, layers) if inputs == sizes[0]})[0]
    problem = message(
        "its shape is {shape}; for {samples} samples and {outputs} outputs it must be {wanted}, or the number of the "
        "class of each sample.",
        shape="" if y is None else y.shape_text,
        samples=samples,
        outputs=sizes[-1],
        wanted=shape_text((samples, sizes[-1])),
    )
    return InputError("wrong_shape", problem, path=("targets",))


def _layer_error(layers: Layers, index: int, x: GivenArray) -> InputError:
    given, bias = layers[index]
    bare = (*layers[:index], (given, None))
    if any(True for _, inputs, _ in _input_layouts(x, layers) for _ in _chains(bare, inputs)) and bias is not None:
        problem = message(
            "{name} has the shape {shape}, and {weights} is {other}; a bias has one number for each unit.",
            name=bias.name,
            shape=bias.shape_text,
            weights=given.name,
            other=given.shape_text,
        )
        return InputError("wrong_shape", problem, path=("weights",))
    if index == 0:
        problem = message(
            "{name} is {shape}, and inputs is {other}; a side of {name} must be the number of inputs.",
            name=given.name,
            shape=given.shape_text,
            other=x.shape_text,
        )
        return InputError("wrong_shape", problem, path=("weights",))
    problem = message(
        "{name} is {shape}, and {before} is {other}; {name} must have a side for the units of {before}.",
        name=given.name,
        shape=given.shape_text,
        before=layers[index - 1][0].name,
        other=layers[index - 1][0].shape_text,
    )
    return InputError("wrong_shape", problem, path=("weights",))
