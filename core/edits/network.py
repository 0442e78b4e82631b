"""Live changes of the network: one weight or bias, activations, freezing and initial values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

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
from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.fields import check_choice, check_float, check_int
from nn_tui.core.limits import MAX_SEED, check_initializer_option
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS, has_random_weights
from nn_tui.core.preset.validate import check_experiment
from nn_tui.core.ref_parser import typed_name
from nn_tui.core.refs import Ref
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, Matrix
from nn_tui.core.translation import Message, message, message_plural


def set_parameter(run: Run, update: int, ref: Ref, value: float) -> Run:
    """Set one weight or bias; the optimiser's state stays."""
    experiment, state = at_update(run, update)
    layer = check_layer(experiment, ref.layer)
    inputs, units = experiment.sizes[layer], experiment.sizes[layer + 1]
    if not ref.is_parameter:
        problem = message(
            "{text} is computed; only a weight, a bias, an input or a target can be set.", text=ref.symbol
        )
        raise InputError("computed", problem, value=ref)
    weight = ref.is_weight
    if not 0 <= ref.unit < units or not 0 <= ref.input < inputs:
        problem = message(
            "there is no {name}; layer {layer} has {units} units of {inputs} inputs.",
            name=typed_name(ref, with_sample=False),
            layer=layer + 1,
            units=units,
            inputs=inputs,
        )
        raise InputError("not_found", problem, value=ref)
    path: KeyPath = ("layers", layer, "weights", ref.unit, ref.input) if weight else ("layers", layer, "bias", ref.unit)
    value = check_float(value, path)
    column = ref.input if weight else inputs
    old = float(state.augmented[layer][ref.unit, column])
    require_change(path, old, value)
    new_state = state.copy()
    new_state.augmented[layer][ref.unit, column] = value
    address = Ref(ref.quantity, layer, ref.unit, ref.input)
    change = Change("number", ref=address, old=old if math.isfinite(old) else None, new=value)
    return apply_change(run, update, experiment, change, new_state)


def set_array(run: Run, update: int, ref: Ref, rows: Matrix) -> Run:
    """Set all weights or all biases of a layer; the optimiser's state stays.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        ref: The address of any of these weights or biases.
        rows: The weights (units, inputs); the biases in one row or one column. If the layer has one input, its weights
            may be in one row, too.
    """
    experiment, state = at_update(run, update)
    layer = check_layer(experiment, ref.layer)
    inputs, units = experiment.sizes[layer], experiment.sizes[layer + 1]
    columns = inputs if ref.is_weight else 1
    values = np.asarray(rows)
    if columns == 1 and values.shape == (1, units):
        values = values.T
    path = (f"{ref.quantity}{layer + 1}",)
    if values.shape != (units, columns):
        raise InputError("wrong_shape", _shape_problem(ref, values.shape, inputs, units), path=path, value=rows)
    first = Ref(ref.quantity, layer)
    if values.size == 1:
        return set_parameter(run, update, first, float(values[0, 0]))
    new_state = state.copy()
    target = new_state.augmented[layer][:, :inputs] if ref.is_weight else new_state.augmented[layer][:, inputs:]
    if np.array_equal(target, values):
        raise InputError("unchanged", message("these are the current values."), path=path, value=rows)
    target[...] = values
    return apply_change(run, update, experiment, Change("numbers", ref=first, new=values.size), new_state)


def _shape_problem(ref: Ref, shape: tuple[int, ...], inputs: int, units: int) -> Message:
    """Return the sentence about a matrix or vector of the wrong shape."""
    layer = ref.layer + 1
    if not ref.is_weight:
        return message_plural(
            "layer {layer} has {count} unit; write {count} number.",
            "layer {layer} has {count} units; write {count} numbers.",
            units,
            layer=layer,
        )
    if shape == (inputs, units):
        return message(
            "these rows look transposed: a row has the weights into one unit, so layer {layer} takes {units} rows of "
            "{inputs}.",
            layer=layer,
            units=units,
            inputs=inputs,
        )
    return message_plural(
        "layer {layer} has {count} unit; write one row, with a weight for each input ({inputs}).",
        "layer {layer} has {count} units; write {count} rows, each with a weight for each input ({inputs}).",
        units,
        layer=layer,
        inputs=inputs,
    )


def set_activation(run: Run, update: int, layer: int, name: str) -> Run:
    """Set the activation of ``layer`` (from 0).

    Only the output layer may have softmax, and the output's activation must suit the loss.
    """
    experiment, _ = at_update(run, update)
    old = experiment.layers[check_layer(experiment, layer)].activation
    path = ("layers", layer, "activation")
    check_choice(name, path, ACTIVATIONS, message("an activation"))
    require_change(path, old, name)
    new = replace_layer(experiment, layer, replace(experiment.layers[layer], activation=name))
    return apply_change(run, update, new, Change("setting", "activation", layer, old=old, new=name))


def set_trainable(run: Run, update: int, key: Literal["w", "b"], layer: int, on: bool) -> Run:
    """Freeze (``on`` False) or unfreeze the weights ("w") or the bias ("b") of ``layer``."""
    experiment, _ = at_update(run, update)
    spec = experiment.layers[check_layer(experiment, layer)]
    name = f"{key}{layer + 1}"
    if (spec.train_weights if key == "w" else spec.train_bias) == on:
        problem = (
            message("{name} is trained already.", name=name) if on else message("{name} is frozen already.", name=name)
        )
        raise InputError("unchanged", problem, value=name)
    new = replace(spec, train_weights=on) if key == "w" else replace(spec, train_bias=on)
    change = Change("unfreeze" if on else "freeze", key, layer)
    return apply_change(run, update, replace_layer(experiment, layer, new), change)


def set_init(
    run: Run, update: int, name: str, layer: int | None = None, options: Sequence[tuple[str, float]] = ()
) -> Run:
    """Draw one layer or all layers anew by another initialisation; their optimiser state becomes 0.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        name: The name of the initialisation.
        layer: A layer, from 0. None means all layers: the state is then exactly the start of a preset with this
            initialisation, with no step made.
        options: Names and values of the options of the initialisation.
    """
    experiment, state = at_update(run, update)
    indices = range(len(experiment.layers)) if layer is None else (check_layer(experiment, layer),)
    where: KeyPath = () if layer is None else ("layers", layer)
    path = (*where, "init")
    initializer = INITIALIZERS[check_choice(name, path, INITIALIZERS, message("an initialisation"))]
    for key, value in options:
        if key not in initializer.options:
            problem = message("{init} has no option {option}; it takes no options.", init=name, option=key)
            if initializer.options:
                problem = message(
                    "{init} has no option {option}; it takes {choices}.",
                    init=name,
                    option=key,
                    choices=", ".join(initializer.options),
                )
            raise InputError("unknown_key", problem, path=path, value=key)
        check_initializer_option(key, value, (*where, f"init_{key}"))
    layers = list(experiment.layers)
    for index in indices:
        layers[index] = replace(layers[index], init=name, init_options=tuple(options), weights=None, bias=None)
    new = replace(experiment, layers=tuple(layers))
    check_experiment(new)  # before the options are used
    new_state = empty_state(new)
    if layer is not None:
        new_state.array[...] = state.array
        new_state.steps, new_state.scalars = state.steps, state.scalars
    draw_parameters(new_state, new, indices)
    change = Change("init", name, layer, options=tuple(options))
    return apply_change(run, update, new, change, new_state)


def set_seed(run: Run, update: int, seed: int | None = None) -> Run:
    """Draw all initial weights anew from ``seed`` (None: the next seed), with no step made; the data stay."""
    experiment, _ = at_update(run, update)
    require_random_weights(experiment)
    seed = check_int(experiment.init_seed + 1 if seed is None else seed, ("seed",), min_=0, max_=MAX_SEED)
    new = replace(experiment, init_seed=seed)
    new_state = empty_state(new)
    draw_parameters(new_state, new, range(len(new.layers)))
    return apply_change(run, update, new, Change("seed", old=experiment.init_seed, new=seed), new_state)


def require_random_weights(experiment: Experiment) -> None:
    """Raise InputError if no weight is drawn at random, because another seed would change nothing."""
    if not has_random_weights(experiment.layers):
        problem = message("no weight of this network is random; choose an init such as xavier_uniform first.")
        raise InputError("not_available", problem, path=("seed",))
