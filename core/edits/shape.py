"""Live changes of the network's shape: units and layers are added or removed.

Parameters that survive a change of shape keep their values and their optimiser state. New parameters are drawn by the
initialisation of their layer. Each edit of a run draws from its own random streams, so a new unit never equals one
drawn before. The optimiser state of new parameters is 0; the step count continues.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from nn_tui.core.edits.common import (
    apply_change,
    at_update,
    check_layer,
    draw_parameters,
    empty_state,
    replace_layer,
    require_change,
)
from nn_tui.core.errors import InputError
from nn_tui.core.fields import check_choice, check_int
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.arrays import split_parameters
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.preset.validate import MAX_LAYERS, MAX_UNITS, check_experiment
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, LayerSpec
from nn_tui.core.translation import message, message_plural

NEW = -1  # stands for a new unit or input where others have their old index


def set_units(run: Run, update: int, layer: int, units: int) -> Run:
    """Set the number of units of hidden ``layer`` (from 0) by adding or removing units at its end."""
    experiment, _ = at_update(run, update)
    old = experiment.layers[check_layer(experiment, layer)].units
    path = ("layers", layer, "units")
    units = check_int(units, path, min_=1, max_=MAX_UNITS)
    require_change(path, old, units)
    change = Change("units", layer=layer, old=old, new=units)
    return _resize_layer(run, update, layer, _indices(units, old), change)


def remove_unit(run: Run, update: int, layer: int, unit: int) -> Run:
    """Remove ``unit`` from hidden ``layer`` (both from 0)."""
    experiment, _ = at_update(run, update)
    old = experiment.layers[check_layer(experiment, layer)].units
    if not 0 <= unit < old:
        problem = message_plural(
            "there is no unit {unit}; this layer has only unit 1.",
            "there is no unit {unit}; this layer has units 1 to {count}.",
            old,
            unit=unit + 1,
        )
        raise InputError("not_found", problem, path=("layers", layer), value=unit)
    if old == 1:
        problem = message("this is the only unit of the layer; remove the layer instead.")
        raise InputError("not_available", problem, path=("layers", layer), value=unit)
    remaining = [other for other in range(old) if other != unit]
    return _resize_layer(run, update, layer, remaining, Change("remove_unit", layer=layer, unit=unit))


def add_layer(run: Run, update: int, position: int, units: int, activation: str = "tanh") -> Run:
    """Insert a hidden layer as layer ``position`` (from 0); that layer and all after it move up.

    The new layer takes the initialisation of the layer that it pushes up, or xavier_uniform if that initialisation
    gives all units the same weights, because they would stay equal. The weights of the layer above are drawn anew if
    their shape changes. All biases stay.
    """
    experiment, _ = at_update(run, update)
    count = len(experiment.layers)
    if not 0 <= position < count:
        problem = message("the output layer stays last, so a new layer has a number from 1 to {count}.", count=count)
        if count == 1:
            problem = message("the output layer stays last, so a new layer has the number 1.")
        raise InputError("not_found", problem, path=("layers", position), value=position)
    if count == MAX_LAYERS:
        problem = message("a network has at most {max} layers; remove one first.", max=MAX_LAYERS)
        raise InputError("too_large", problem, path=("layers",))
    units = check_int(units, ("layers", position, "units"), min_=1, max_=MAX_UNITS)
    check_choice(activation, ("layers", position, "activation"), ACTIVATIONS, message("an activation"))
    following = experiment.layers[position]
    added = LayerSpec(units, activation)
    if INITIALIZERS[following.init].is_random:
        added = replace(added, init=following.init, init_options=following.init_options)
    old_layers: list[int | None] = [*range(position), None, *range(position, count)]
    layers = [*experiment.layers[:position], added, *experiment.layers[position:]]
    change = Change("add_layer", activation, position, new=units)
    return _restack(run, update, replace(experiment, layers=tuple(layers)), old_layers, change)


def remove_layer(run: Run, update: int, layer: int) -> Run:
    """Remove hidden ``layer`` (from 0); the weights of the next layer are drawn anew if their shape changes."""
    experiment, _ = at_update(run, update)
    count = len(experiment.layers)
    if check_layer(experiment, layer) == count - 1:
        problem = message("the output layer cannot be removed; remove a hidden layer.")
        if count == 1:
            problem = message("the output layer cannot be removed; a network needs one.")
        raise InputError("not_available", problem, path=("layers", layer))
    remaining = [index for index in range(count) if index != layer]
    layers = tuple(experiment.layers[index] for index in remaining)
    return _restack(run, update, replace(experiment, layers=layers), remaining, Change("remove_layer", layer=layer))


@dataclass(frozen=True, slots=True)
class _LayerSource:
    """The origin of a layer's parameters in the old network.

    Attributes:
        layer: The old layer.
        units: For each new unit the index of an old unit, or ``NEW``.
        inputs: For each new input the index of an old input, or ``NEW``.
    """

    layer: int
    units: Sequence[int]
    inputs: Sequence[int]


def _resize_layer(run: Run, update: int, layer: int, sources: Sequence[int], change: Change) -> Run:
    """Rebuild hidden ``layer`` with one unit per entry of ``sources``: the index of an old unit, or ``NEW``."""
    experiment, _ = at_update(run, update)
    old = experiment.layers[layer]
    new = replace_layer(experiment, layer, replace(old, units=len(sources), weights=None, bias=None))
    layer_sources: list[_LayerSource | None] = []
    for index, (inputs, spec) in enumerate(zip(experiment.sizes, experiment.layers, strict=False)):
        rows = sources if index == layer else range(spec.units)
        columns = sources if index == layer + 1 else range(inputs)
        layer_sources.append(_LayerSource(index, rows, columns))
    if layer + 1 < len(new.layers):
        new = replace_layer(new, layer + 1, replace(new.layers[layer + 1], weights=None))
    return _transfer(run, update, new, layer_sources, change)


def fit_to_data(run: Run, update: int, new: Experiment, change: Change) -> Run:
    """Return the run that continues with other data; the first and the last layer fit its inputs and targets.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        new: The experiment with the new data and the old layers.
        change: What is changed.
    """
    old, _ = at_update(run, update)
    inputs, outputs = new.data.x.shape[1], new.data.y.shape[1]
    if (inputs, outputs) == (old.sizes[0], old.sizes[-1]):
        return apply_change(run, update, new, change)
    last = len(new.layers) - 1
    if inputs != old.sizes[0]:
        new = replace_layer(new, 0, replace(new.layers[0], weights=None))
    if outputs != old.sizes[-1]:
        new = replace_layer(new, last, replace(new.layers[last], units=outputs, weights=None, bias=None))
    sources = [
        _LayerSource(index, _indices(units, old.sizes[index + 1]), _indices(count, old.sizes[index]))
        for index, (count, units) in enumerate(pairwise(new.sizes))
    ]
    return _transfer(run, update, new, sources, change)


def _indices(count: int, old: int) -> list[int]:
    """Return the indices of the units or inputs of a layer that gets ``count`` of them, or ``NEW``."""
    return [index if index < old else NEW for index in range(count)]


def _restack(run: Run, update: int, new: Experiment, old_layers: Sequence[int | None], change: Change) -> Run:
    """Rebuild the network with added or removed layers.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        new: The experiment with the new layers.
        old_layers: For each new layer the index of an old layer, or None for an added one. The weights of a layer with
            another number of inputs are drawn anew.
        change: What is changed.
    """
    old = run.segment(update).experiment
    sources: list[_LayerSource | None] = []
    for index, layer in enumerate(old_layers):
        if layer is None:
            sources.append(None)
            continue
        inputs = new.sizes[index]
        same = inputs == old.sizes[layer]
        if not same:
            new = replace_layer(new, index, replace(new.layers[index], weights=None))
        columns = range(inputs) if same else [NEW] * inputs
        sources.append(_LayerSource(layer, range(old.layers[layer].units), columns))
    return _transfer(run, update, new, sources, change)


def _transfer(run: Run, update: int, new: Experiment, sources: Sequence[_LayerSource | None], change: Change) -> Run:
    """Draw the state of ``new``, copy all parameters that survive into it, and return the run that continues with it.

    ``sources`` has one entry per new layer; None is a layer without an old one.
    """
    old, state = at_update(run, update)
    check_experiment(new)  # before so many numbers are drawn
    new_state = empty_state(new)
    new_state.steps, new_state.scalars = state.steps, state.scalars
    edits = sum(segment.start <= update for segment in run.segments)
    draw_parameters(new_state, new, range(len(new.layers)), edits)
    for row, old_row in zip(new_state.array, state.array, strict=True):
        before, after = split_parameters(old_row, old.sizes), split_parameters(row, new.sizes)
        for index, source in enumerate(sources):
            if source is None:
                continue
            units = np.asarray(source.units)
            inputs = np.asarray([*source.inputs, old.sizes[source.layer]])  # the bias is the last column
            rows, columns = np.flatnonzero(units != NEW), np.flatnonzero(inputs != NEW)
            after[index][np.ix_(rows, columns)] = before[source.layer][np.ix_(units[rows], inputs[columns])]
    return apply_change(run, update, new, change, new_state)
