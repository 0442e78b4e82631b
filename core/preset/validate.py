"""Does it fit together: limits, shapes and combinations, before and after the data are loaded."""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.dataset import load
from nn_tui.core.data.targets import coding_of
from nn_tui.core.engine.trace import parameter_count
from nn_tui.core.fields import input_error
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.spec import Array, Expect, Experiment, LayerSpec, Preset, TrainingSpec
from nn_tui.core.text import pluralize, quote

MOST_LAYERS = 64
MOST_UNITS = 100_000
MOST_PARAMETERS = 20_000_000
# One trace holds about five arrays of this many float64: 160 MB each.
MOST_ACTIVATIONS = 20_000_000
_SUM_TOLERANCE = 1e-6


def check_preset(preset: Preset, where: str) -> None:
    """Raise InputError for what is wrong whatever the data turn out to be; ``where`` names the file."""
    inputs = _known_inputs(preset)
    _check_layers(preset.layers, inputs, where)
    _check_training(preset.layers, preset.training, where)
    if preset.expect:
        _check_expect(preset.expect, where)


def load_experiment(preset: Preset, seed: int | None = None) -> Experiment:
    """The preset with its data loaded and checked against its layers; ``seed`` replaces the preset's.

    Raises InputError for bad data and for layers or a loss that do not fit the data.
    """
    where = f"{preset.id}.toml"
    chosen = preset.seed if seed is None else seed
    if not 0 <= chosen <= MAX_SEED:
        raise input_error(where, "seed", f"{quote(chosen)} is not between 0 and {MAX_SEED}")
    check_preset(preset, where)
    data = load(preset.data, chosen, preset.folder, where=where, outputs=preset.layers[-1].units)
    experiment = Experiment(preset, data, preset.layers, preset.training, chosen, chosen)
    check_experiment(experiment, where)
    return experiment


def check_experiment(experiment: Experiment, where: str) -> None:
    """Raise InputError when layers, loss and data do not fit together; call it after editing any of them."""
    data, layers, training = experiment.data, experiment.layers, experiment.training
    rows, inputs = data.x.shape
    _check_layers(layers, inputs, where)
    _check_training(layers, training, where)
    if layers[-1].units != data.y.shape[1]:
        if experiment.preset.data.inputs is not None or not data.classes:
            takes = f"which has {pluralize(data.y.shape[1], 'target column')}"
        else:
            takes = f"whose {len(data.classes)} classes take {'1 unit or ' if len(data.classes) == 2 else ''}"
            takes += pluralize(len(data.classes), "unit")
        raise input_error(
            where,
            f"layers[{len(layers) - 1}].units",
            f"{layers[-1].units} does not fit the data, {takes}",
        )
    batch = min(training.batch_size or rows, rows)
    if batch * sum(experiment.sizes) > MOST_ACTIVATIONS:
        raise input_error(
            where,
            "training.batch_size",
            f"{batch} rows through {sum(experiment.sizes)} units are more than "
            f"the {MOST_ACTIVATIONS:,} numbers a pass may hold; use smaller batches or layers",
        )
    for part, targets in (("training", data.y), ("test", data.y_test)):
        _check_targets(training.loss, targets, part, where)


def _check_expect(expect: Expect, where: str) -> None:
    """What no run can keep: a loss or an accuracy where there is none, or an empty range of them."""
    low, high = expect.loss_above, expect.loss_below
    least, most = expect.accuracy_at_least, expect.accuracy_at_most
    if expect.diverges and any(claim is not None for claim in (low, high, least, most)):
        raise input_error(where, "expect.diverges", "a run that diverges has no loss or accuracy to expect")
    if high is not None and high <= 0.0:
        raise input_error(where, "expect.loss_below", "no loss is below 0; write a number more than 0")
    if low is not None and high is not None and low >= high:
        raise input_error(
            where, "expect.loss_above", f"no loss is above {low:g} and below {high:g}; loss_above is the smaller one"
        )
    if least is not None and most is not None and least > most:
        raise input_error(
            where,
            "expect.accuracy_at_least",
            f"no accuracy is {least:g} or more and {most:g} or less; accuracy_at_least is the smaller one",
        )


def _known_inputs(preset: Preset) -> int | None:
    if preset.data.features:
        return len(preset.data.features)
    return len(preset.data.inputs[0]) if preset.data.inputs else None


def _check_layers(layers: tuple[LayerSpec, ...], inputs: int | None, where: str) -> None:
    before = inputs
    for index, layer in enumerate(layers):
        place = f"layers[{index}]"
        if layer.activation == "softmax" and index < len(layers) - 1:
            raise input_error(
                where,
                f"{place}.activation",
                '"softmax" belongs in the output layer alone; a hidden layer may use relu, tanh or sigmoid',
            )
        if layer.weights is not None:
            shape = (len(layer.weights), len(layer.weights[0]))
            columns = shape[1] if before is None else before
            if shape != (layer.units, columns):
                source = "input" if index == 0 else f"unit of layers[{index - 1}]"
                raise input_error(
                    where,
                    f"{place}.weights",
                    f"{shape[0]} × {shape[1]} does not fit; it must be {layer.units} × {columns}, "
                    f"a row for each unit and a column for each {source}",
                )
        if layer.bias is not None and len(layer.bias) != layer.units:
            raise input_error(
                where,
                f"{place}.bias",
                f"{pluralize(len(layer.bias), 'number')} for {pluralize(layer.units, 'unit')}; "
                "it must have one for each unit",
            )
        options = {**INITIALIZERS[layer.init].options, **dict(layer.init_options)}
        if layer.init == "uniform" and options["low"] > options["high"]:
            raise input_error(
                where,
                f"{place}.init_low",
                f"{options['low']:g} is above init_high, {options['high']:g}; low is the smaller of the two",
            )
        before = layer.units
    total = parameter_count((inputs or 1, *(layer.units for layer in layers)))
    if total > MOST_PARAMETERS:
        raise input_error(
            where,
            "layers",
            f"{total:,} parameters are more than the {MOST_PARAMETERS:,} that a network may have here; use fewer units",
        )


def _check_training(layers: tuple[LayerSpec, ...], training: TrainingSpec, where: str) -> None:
    allowed = LOSSES[training.loss].outputs
    found = layers[-1].activation
    if allowed is not None and found not in allowed:
        fitting = [name for name, loss in LOSSES.items() if loss.outputs and found in loss.outputs]
        other = " or ".join([*fitting, "half_squared_error"])
        raise input_error(
            where,
            "training.loss",
            f'"{training.loss}" needs {" or ".join(allowed)} in the output layer, not '
            f'"{found}"; change layers[{len(layers) - 1}].activation, or the loss to {other}',
        )


def _check_targets(loss: str, targets: Array, part: str, where: str) -> None:
    """``targets`` (rows, outputs) of one part of the data must suit the loss."""
    if loss == "cross_entropy":
        wrong = (np.abs(targets.sum(axis=1) - 1.0) > _SUM_TOLERANCE) | (targets < 0.0).any(axis=1)
        rule = "each row must be probabilities that sum to 1"
    elif loss == "binary_cross_entropy":
        wrong = ((targets < 0.0) | (targets > 1.0)).any(axis=1)
        rule = "each target must be from 0 to 1"
    elif loss == "perceptron":
        wrong = ((targets != 0.0) & (targets != 1.0)).any(axis=1)
        rule = "each target must be 0 or 1"
    else:
        return
    if wrong.any():
        row = int(np.argmax(wrong))
        if coding_of(targets) == "plus_minus":
            rule += "; write 0 for −1"
        shown = ", ".join(f"{value:g}" for value in targets[row, :6])
        more = ", …" if targets.shape[1] > 6 else ""
        raise input_error(
            where,
            "training.loss",
            f'"{loss}" does not fit the targets ({shown}{more}) of {part} sample {row + 1}; {rule}',
        )
