"""Checks of a whole preset: sizes, shapes and combinations, before and after the data are loaded."""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.targets import coding_of
from nn_tui.core.fields import input_error
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.spec import Array, Expect, Experiment, LayerSpec, Preset, TrainingSpec
from nn_tui.core.text import pluralize

MAX_LAYERS = 64
MAX_UNITS = 100_000
MAX_PARAMETERS = 20_000_000
MAX_ACTIVATIONS = 20_000_000  # units × rows of a batch; a trace has about five arrays of so many float64, 160 MB each
_SUM_TOLERANCE = 1e-6


def check_preset(preset: Preset, file: str) -> None:
    """Check everything that does not depend on the data; ``file`` is the name of the file, for messages.

    Raises:
        InputError: For the first mistake.
    """
    inputs = _input_count(preset)
    _check_layers(preset.layers, inputs, file)
    _check_training(preset.layers, preset.training, file)
    if preset.expect:
        _check_expect(preset.expect, file)


def check_experiment(experiment: Experiment, file: str) -> None:
    """Check that layers, loss and data fit together; every edit of one of them needs this check.

    Raises:
        InputError: For the first mistake.
    """
    data, layers, training = experiment.data, experiment.layers, experiment.training
    rows, inputs = data.x.shape
    _check_layers(layers, inputs, file)
    _check_training(layers, training, file)
    if layers[-1].units != data.y.shape[1]:
        if experiment.preset.data.inputs is not None or not data.classes:
            takes = f"which has {pluralize(data.y.shape[1], 'target column')}"
        else:
            takes = f"whose {len(data.classes)} classes take {'1 unit or ' if len(data.classes) == 2 else ''}"
            takes += pluralize(len(data.classes), "unit")
        raise input_error(
            file,
            f"layers[{len(layers) - 1}].units",
            f"{layers[-1].units} does not fit the data, {takes}",
        )
    batch = min(training.batch_size or rows, rows)
    if batch * sum(experiment.sizes) > MAX_ACTIVATIONS:
        raise input_error(
            file,
            "training.batch_size",
            f"{batch} rows through {sum(experiment.sizes)} units are more than "
            f"the {MAX_ACTIVATIONS:,} numbers a pass may hold; use smaller batches or layers",
        )
    for part, targets in (("training", data.y), ("test", data.y_test)):
        _check_targets(training.loss, targets, part, file)


def _check_expect(expect: Expect, file: str) -> None:
    """Raise InputError for expectations that no run can meet."""
    low, high = expect.loss_above, expect.loss_below
    lowest, highest = expect.accuracy_at_least, expect.accuracy_at_most
    if expect.diverges and any(value is not None for value in (low, high, lowest, highest)):
        raise input_error(file, "expect.diverges", "a run that diverges has no loss or accuracy to expect")
    if high is not None and high <= 0.0:
        raise input_error(file, "expect.loss_below", "no loss is below 0; write a number more than 0")
    if low is not None and high is not None and low >= high:
        raise input_error(
            file, "expect.loss_above", f"no loss is above {low:g} and below {high:g}; loss_above is the smaller one"
        )
    if lowest is not None and highest is not None and lowest > highest:
        raise input_error(
            file,
            "expect.accuracy_at_least",
            f"no accuracy is {lowest:g} or more and {highest:g} or less; accuracy_at_least is the smaller one",
        )


def _input_count(preset: Preset) -> int | None:
    """Return the number of inputs if the preset alone tells it."""
    if preset.data.features:
        return len(preset.data.features)
    return len(preset.data.inputs[0]) if preset.data.inputs else None


def _check_layers(layers: tuple[LayerSpec, ...], inputs: int | None, file: str) -> None:
    previous_units = inputs
    for index, layer in enumerate(layers):
        path = f"layers[{index}]"
        if layer.activation == "softmax" and index < len(layers) - 1:
            raise input_error(
                file,
                f"{path}.activation",
                '"softmax" belongs in the output layer alone; a hidden layer may use relu, tanh or sigmoid',
            )
        if layer.weights is not None:
            shape = (len(layer.weights), len(layer.weights[0]))
            columns = shape[1] if previous_units is None else previous_units
            if shape != (layer.units, columns):
                source = "input" if index == 0 else f"unit of layers[{index - 1}]"
                raise input_error(
                    file,
                    f"{path}.weights",
                    f"{shape[0]} × {shape[1]} does not fit; it must be {layer.units} × {columns}, "
                    f"a row for each unit and a column for each {source}",
                )
        if layer.bias is not None and len(layer.bias) != layer.units:
            raise input_error(
                file,
                f"{path}.bias",
                f"{pluralize(len(layer.bias), 'number')} for {pluralize(layer.units, 'unit')}; "
                "it must have one for each unit",
            )
        options = {**INITIALIZERS[layer.init].options, **dict(layer.init_options)}
        if layer.init == "uniform" and options["low"] > options["high"]:
            raise input_error(
                file,
                f"{path}.init_low",
                f"{options['low']:g} is above init_high, {options['high']:g}; low is the smaller of the two",
            )
        previous_units = layer.units
    total = parameter_count((inputs or 1, *(layer.units for layer in layers)))
    if total > MAX_PARAMETERS:
        raise input_error(
            file,
            "layers",
            f"{total:,} parameters are more than the {MAX_PARAMETERS:,} that a network may have here; use fewer units",
        )


def _check_training(layers: tuple[LayerSpec, ...], training: TrainingSpec, file: str) -> None:
    allowed = LOSSES[training.loss].outputs
    activation = layers[-1].activation
    if allowed is not None and activation not in allowed:
        fitting = [name for name, loss in LOSSES.items() if loss.outputs and activation in loss.outputs]
        alternatives = " or ".join([*fitting, "half_squared_error"])
        raise input_error(
            file,
            "training.loss",
            f'"{training.loss}" needs {" or ".join(allowed)} in the output layer, not '
            f'"{activation}"; change layers[{len(layers) - 1}].activation, or the loss to {alternatives}',
        )


def _check_targets(loss: str, targets: Array, part: str, file: str) -> None:
    """Raise InputError if the ``targets`` (n, outputs) of one part of the data do not suit the loss."""
    allowed = LOSSES[loss].targets
    if allowed == "distribution":
        wrong = (np.abs(targets.sum(axis=1) - 1.0) > _SUM_TOLERANCE) | (targets < 0.0).any(axis=1)
        rule = "each row must be probabilities that sum to 1"
    elif allowed == "probabilities":
        wrong = ((targets < 0.0) | (targets > 1.0)).any(axis=1)
        rule = "each target must be from 0 to 1"
    elif allowed == "binary":
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
            file,
            "training.loss",
            f'"{loss}" does not fit the targets ({shown}{more}) of {part} sample {row + 1}; {rule}',
        )
