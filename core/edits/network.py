"""Live changes of the network: one weight or bias, activations, freezing, units, layers, initial values.

Parameters that survive a change of shape keep their values, and their optimiser state with them. New ones
are drawn by their layer's initialisation, from a stream of their own for each edit of a run, so that a new
unit is no twin of one drawn before; their optimiser state is 0 while the step count goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nn_tui.core.edits.common import (
    a_count,
    a_number,
    an_init_option,
    changed,
    check_fit,
    empty_state,
    must_differ,
    one_of,
    shown,
    standing,
    the_layer,
)
from nn_tui.core.engine.trace import State, join
from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS, SAME_FOR_ALL, initial_parameters, is_drawn
from nn_tui.core.preset.validate import MOST_LAYERS, MOST_UNITS
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, LayerSpec

NEW = -1  # in place of an old unit's number: this one is new


def set_parameter(run: Run, at: int, ref: Ref, value: float) -> Run:
    """One weight (key "w") or bias ("b"); nothing else changes, the optimiser's state included."""
    experiment, state = standing(run, at)
    layer = the_layer(experiment, ref.layer)
    inputs, units = experiment.sizes[layer], experiment.sizes[layer + 1]
    if ref.key not in ("w", "b"):
        raise InputError(f"{ref.symbol} is computed; what can be set is a weight, a bias, an input or a target.")
    weight = ref.key == "w"
    place = f"{ref.unit + 1},{ref.input + 1}" if weight else f"{ref.unit + 1}"
    name = f"{ref.key}{layer + 1}[{place}]"
    if not 0 <= ref.unit < units or not 0 <= ref.input < inputs:
        raise InputError(f"there is no {name}: layer {layer + 1} has {units} units of {inputs} inputs.")
    value = a_number(name, value)
    column = ref.input if weight else inputs
    must_differ(name, float(state.joined[layer][ref.unit, column]), value)
    new = State(state.array.copy(), experiment.sizes, state.array.shape[1])
    new.steps = state.steps
    new.joined[layer][ref.unit, column] = value
    return changed(run, at, experiment, f"{name} = {shown(value)}", new)


def set_activation(run: Run, at: int, layer: int, name: str) -> Run:
    """The activation of ``layer`` (from 0); softmax in the output layer only, and it must suit the loss."""
    experiment, _ = standing(run, at)
    old = experiment.layers[the_layer(experiment, layer)].activation
    one_of("activation", name, ACTIVATIONS, "an activation")
    must_differ(f"activation {layer + 1}", old, name)
    new = _with_spec(experiment, layer, replace(experiment.layers[layer], activation=name))
    return changed(run, at, new, f"activation {layer + 1} {old} → {name}")


def set_trained(run: Run, at: int, key: Literal["w", "b"], layer: int, on: bool) -> Run:
    """Freeze (``on`` False) or unfreeze the weights ("w") or the bias ("b") of ``layer``."""
    experiment, _ = standing(run, at)
    spec = experiment.layers[the_layer(experiment, layer)]
    name = f"{key}{layer + 1}"
    if (spec.train_weights if key == "w" else spec.train_bias) == on:
        raise InputError(f"{name} is {'trained' if on else 'frozen'} already.")
    new = replace(spec, train_weights=on) if key == "w" else replace(spec, train_bias=on)
    return changed(run, at, _with_spec(experiment, layer, new), f"{'unfreeze' if on else 'freeze'} {name}")


def set_units(run: Run, at: int, layer: int, units: int) -> Run:
    """``units`` units in hidden ``layer``: new ones are added at its end, surplus ones leave from there."""
    experiment, _ = standing(run, at)
    old = experiment.layers[the_layer(experiment, layer)].units
    units = a_count(f"units {layer + 1}", units, least=1, most=MOST_UNITS)
    must_differ(f"units {layer + 1}", old, units)
    sources = [unit if unit < old else NEW for unit in range(units)]
    return _resized(run, at, layer, sources)


def remove_unit(run: Run, at: int, layer: int, unit: int) -> Run:
    """Hidden ``layer`` without ``unit`` (both from 0)."""
    experiment, _ = standing(run, at)
    old = experiment.layers[the_layer(experiment, layer)].units
    if not 0 <= unit < old:
        raise InputError(f"there is no unit {unit + 1} in layer {layer + 1}, which has units 1 to {old}.")
    if old == 1:
        raise InputError(f"layer {layer + 1} has one unit and needs it; remove the layer instead.")
    kept = [each for each in range(old) if each != unit]
    return _resized(run, at, layer, kept, f"−unit {unit + 1} of layer {layer + 1}")


def add_layer(run: Run, at: int, position: int, units: int, activation: str = "tanh") -> Run:
    """A hidden layer that becomes layer ``position`` (from 0); the one there, and those after it, move up.

    It is drawn by the initialisation of the layer it pushes up (by xavier_uniform where that one gives all units
    the same: they would stay equal), whose own weights are drawn anew where their shape changes; every bias stays.
    """
    experiment, _ = standing(run, at)
    count = len(experiment.layers)
    if not 0 <= position < count:
        where = "1" if count == 1 else f"1 to {count}"
        raise InputError(
            f"there is no place {position + 1} for a layer: the output layer stays last, so choose {where}."
        )
    if count == MOST_LAYERS:
        raise InputError(f"a network has at most {MOST_LAYERS} layers; remove one first.")
    units = a_count("units", units, least=1, most=MOST_UNITS)
    one_of("activation", activation, ACTIVATIONS, "an activation")
    follows = experiment.layers[position]
    added = LayerSpec(units, activation)
    if follows.init not in SAME_FOR_ALL:
        added = replace(added, init=follows.init, init_options=follows.init_options)
    sources: list[int | None] = [*range(position), None, *range(position, count)]
    layers = [*experiment.layers[:position], added, *experiment.layers[position:]]
    label = f"+layer {position + 1}: {units} {activation}"
    return _restacked(run, at, replace(experiment, layers=tuple(layers)), sources, label)


def remove_layer(run: Run, at: int, layer: int) -> Run:
    """The network without hidden ``layer``; the next one's weights are drawn anew where their shape changes."""
    experiment, _ = standing(run, at)
    count = len(experiment.layers)
    if the_layer(experiment, layer) == count - 1:
        other = "a network needs one" if count == 1 else "remove a hidden one"
        raise InputError(f"layer {layer + 1} is the output layer, which stays; {other}.")
    sources = [index for index in range(count) if index != layer]
    layers = tuple(experiment.layers[index] for index in sources)
    return _restacked(run, at, replace(experiment, layers=layers), sources, f"−layer {layer + 1}")


def set_init(run: Run, at: int, name: str, layer: int | None = None, options: Sequence[tuple[str, float]] = ()) -> Run:
    """Draw ``layer`` (None: all) anew by another initialisation; the optimiser's state of what is drawn is 0.

    All layers: exactly the start that a preset with this initialisation would have, no step made.
    """
    experiment, state = standing(run, at)
    initializer = INITIALIZERS[one_of("init", name, INITIALIZERS, "an initialisation")]
    for key, value in options:
        if key not in initializer.options:
            takes = ", ".join(initializer.options) or "no options"
            raise InputError(f"init: {name} has no option {key}, it takes {takes}.")
        an_init_option(key, value)
    drawn = range(len(experiment.layers)) if layer is None else (the_layer(experiment, layer),)
    layers = list(experiment.layers)
    for index in drawn:
        layers[index] = replace(layers[index], init=name, init_options=tuple(options), weights=None, bias=None)
    new = replace(experiment, layers=tuple(layers))
    check_fit(new)  # the options, before they are used
    fresh = empty_state(new)
    if layer is not None:
        fresh.array[...] = state.array
        fresh.steps = state.steps
    _draw(fresh, new, drawn)
    place = "" if layer is None else f" {layer + 1}"
    said = "".join(f" {key}={shown(value)}" for key, value in options)
    return changed(run, at, new, f"init{place} = {name}{said}", fresh)


def set_seed(run: Run, at: int, seed: int | None = None) -> Run:
    """All initial weights drawn anew from ``seed`` (default: the next one), no step made; the data stay."""
    experiment, _ = standing(run, at)
    require_drawn(experiment)
    seed = a_count("seed", experiment.init_seed + 1 if seed is None else seed, least=0, most=MAX_SEED)
    new = replace(experiment, init_seed=seed)
    fresh = empty_state(new)
    _draw(fresh, new, range(len(new.layers)))
    return changed(run, at, new, f"seed {seed}", fresh)


def require_drawn(experiment: Experiment) -> None:
    """Raise InputError when no weight is drawn at random, so that another seed would change nothing."""
    if not is_drawn(experiment.layers):
        raise InputError("seed: no weight here is drawn at random; choose an init such as xavier_uniform first.")


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a layer's numbers come from: an old layer, and per new unit and input the old one or ``NEW``."""

    layer: int
    units: Sequence[int]
    inputs: Sequence[int]


def _draw(state: State, experiment: Experiment, layers: Sequence[int], edits: int = 0) -> None:
    """Write initial parameters into ``layers`` of ``state``; ``edits`` chooses the stream, 0 the preset's own."""
    sizes = experiment.sizes
    for index in layers:
        stream = index + MOST_LAYERS * edits
        weights, bias = initial_parameters(experiment.layers[index], stream, sizes[index], experiment.init_seed)
        for row in state.array[1:]:
            join(row, sizes)[index][...] = 0.0
        state.weights[index][...] = weights
        state.biases[index][...] = bias


def _resized(run: Run, at: int, layer: int, kept: Sequence[int], label: str = "") -> Run:
    """Hidden ``layer`` with one unit per entry of ``kept``: an old unit's number or ``NEW``."""
    experiment, _ = standing(run, at)
    old = experiment.layers[layer].units
    new = _with_spec(experiment, layer, replace(experiment.layers[layer], units=len(kept), weights=None, bias=None))
    sources: list[_Source | None] = []
    for index, (inputs, spec) in enumerate(zip(experiment.sizes, experiment.layers, strict=False)):
        rows = kept if index == layer else range(spec.units)
        columns = kept if index == layer + 1 else range(inputs)
        sources.append(_Source(index, rows, columns))
    if layer + 1 < len(new.layers):
        new = _with_spec(new, layer + 1, replace(new.layers[layer + 1], weights=None))
    difference = len(kept) - old
    said = f"{difference:+d} unit{'' if abs(difference) == 1 else 's'} in layer {layer + 1}".replace("-", "−")
    return _carried(run, at, new, sources, label or said)


def _restacked(run: Run, at: int, new: Experiment, layers: Sequence[int | None], label: str) -> Run:
    """``new``, whose layers are old ones by number or None for a new one; a W of another shape is drawn."""
    old = run.segment(at).experiment
    sources: list[_Source | None] = []
    for index, source in enumerate(layers):
        if source is None:
            sources.append(None)
            continue
        inputs = new.sizes[index]
        same = inputs == old.sizes[source]
        if not same:
            new = _with_spec(new, index, replace(new.layers[index], weights=None))
        sources.append(_Source(source, range(old.layers[source].units), range(inputs) if same else [NEW] * inputs))
    return _carried(run, at, new, sources, label)


def _carried(run: Run, at: int, new: Experiment, sources: Sequence[_Source | None], label: str) -> Run:
    old, state = standing(run, at)
    check_fit(new)  # before so many numbers are drawn
    fresh = empty_state(new)
    fresh.steps = state.steps
    _draw(fresh, new, range(len(new.layers)), edits=sum(segment.start <= at for segment in run.segments))
    for row, old_row in zip(fresh.array, state.array, strict=True):
        before, after = join(old_row, old.sizes), join(row, new.sizes)
        for index, source in enumerate(sources):
            if source is None:
                continue
            units = np.asarray(source.units)
            inputs = np.asarray([*source.inputs, old.sizes[source.layer]])  # the bias is the last column
            rows, columns = np.flatnonzero(units != NEW), np.flatnonzero(inputs != NEW)
            after[index][np.ix_(rows, columns)] = before[source.layer][np.ix_(units[rows], inputs[columns])]
    return changed(run, at, new, label, fresh)


def _with_spec(experiment: Experiment, layer: int, spec: LayerSpec) -> Experiment:
    layers = (*experiment.layers[:layer], spec, *experiment.layers[layer + 1 :])
    return replace(experiment, layers=layers)
