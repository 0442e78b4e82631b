"""Checks of a whole preset: sizes, shapes and combinations, before and after the data are loaded."""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.targets import coding_of
from nn_tui.core.errors import ErrorCode, InputError, KeyPath
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.spec import Array, Expect, Experiment, LayerSpec, Preset, TrainingSpec
from nn_tui.core.translation import Message, message, message_plural

MAX_LAYERS = 64
MAX_UNITS = 100_000
MAX_PARAMETERS = 20_000_000
MAX_ACTIVATIONS = 20_000_000  # units × rows of a batch; a trace has about five arrays of so many float64, 160 MB each
_SUM_TOLERANCE = 1e-6


def check_preset(preset: Preset) -> None:
    """Check everything that does not depend on the data.

    Raises:
        InputError: For the first mistake.
    """
    _check_layers(preset.layers, _input_count(preset))
    _check_training(preset.layers, preset.training)
    if preset.expect:
        _check_expect(preset.expect)


def check_experiment(experiment: Experiment) -> None:
    """Check that layers, loss and data fit together; every edit of one of them needs this check.

    Raises:
        InputError: For the first mistake.
    """
    data, layers, training = experiment.data, experiment.layers, experiment.training
    rows, inputs = data.x.shape
    _check_layers(layers, inputs)
    _check_training(layers, training)
    if layers[-1].units != data.y.shape[1]:
        path = ("layers", len(layers) - 1, "units")
        raise InputError("wrong_shape", _units_problem(experiment), path=path, value=layers[-1].units)
    batch = min(training.batch_size or rows, rows)
    if batch * sum(experiment.sizes) > MAX_ACTIVATIONS:
        problem = message(
            "{rows} rows through {units} units are more than the {max:,} numbers that a pass may have; "
            "use smaller batches or layers.",
            rows=batch,
            units=sum(experiment.sizes),
            max=MAX_ACTIVATIONS,
        )
        raise _error("too_large", ("training", "batch_size"), training.batch_size, problem)
    for part, targets in (("training", data.y), ("test", data.y_test)):
        _check_targets(training.loss, targets, part)


def _error(code: ErrorCode, path: KeyPath, value: object, problem: Message) -> InputError:
    return InputError(code, problem, path=path, value=value)


def _units_problem(experiment: Experiment) -> Message:
    """Return the sentence about an output layer whose number of units does not fit the targets."""
    data, units = experiment.data, experiment.layers[-1].units
    if experiment.preset.data.inputs is not None or not data.classes:
        return message_plural(
            "{units} does not fit the data, which has {count} target column.",
            "{units} does not fit the data, which has {count} target columns.",
            data.y.shape[1],
            units=units,
        )
    if len(data.classes) == 2:
        return message("{units} does not fit the data, whose 2 classes take 1 unit or 2 units.", units=units)
    return message(
        "{units} does not fit the data, whose {classes} classes take {classes} units.",
        units=units,
        classes=len(data.classes),
    )


def _check_expect(expect: Expect) -> None:
    """Raise InputError for expectations that no run can meet."""
    low, high = expect.loss_above, expect.loss_below
    lowest, highest = expect.accuracy_at_least, expect.accuracy_at_most
    if expect.diverges and any(value is not None for value in (low, high, lowest, highest)):
        problem = message("a run that diverges has no loss or accuracy to expect.")
        raise _error("conflict", ("expect", "diverges"), True, problem)
    if high is not None and high <= 0.0:
        problem = message("no loss is below 0; write a number more than 0.")
        raise _error("out_of_range", ("expect", "loss_below"), high, problem)
    if low is not None and high is not None and low >= high:
        problem = message(
            "no loss is above {low:g} and below {high:g}; loss_above must be the smaller one.", low=low, high=high
        )
        raise _error("conflict", ("expect", "loss_above"), low, problem)
    if lowest is not None and highest is not None and lowest > highest:
        problem = message(
            "no accuracy is at least {low:g} and at most {high:g}; accuracy_at_least must be the smaller one.",
            low=lowest,
            high=highest,
        )
        raise _error("conflict", ("expect", "accuracy_at_least"), lowest, problem)


def _input_count(preset: Preset) -> int | None:
    """Return the number of inputs if the preset alone tells it."""
    if preset.data.features:
        return len(preset.data.features)
    return len(preset.data.inputs[0]) if preset.data.inputs else None


def _check_layers(layers: tuple[LayerSpec, ...], inputs: int | None) -> None:
    columns = inputs
    for index, layer in enumerate(layers):
        if layer.activation == "softmax" and index < len(layers) - 1:
            problem = message(
                '"softmax" is for the output layer only; a hidden layer may use: {choices}.',
                choices=", ".join(name for name in ACTIVATIONS if name != "softmax"),
            )
            raise _error("conflict", ("layers", index, "activation"), layer.activation, problem)
        _check_parameters(layer, index, columns)
        columns = layer.units
    total = parameter_count((inputs or 1, *(layer.units for layer in layers)))
    if total > MAX_PARAMETERS:
        problem = message(
            "{total:,} parameters are more than the {max:,} that a network may have; use fewer units.",
            total=total,
            max=MAX_PARAMETERS,
        )
        raise _error("too_large", ("layers",), None, problem)


def _check_parameters(layer: LayerSpec, index: int, columns: int | None) -> None:
    """Check the initial parameters of one layer; ``columns`` is the number of its inputs, None if it is not known."""
    if layer.weights is not None:
        shape = (len(layer.weights), len(layer.weights[0]))
        wanted = (layer.units, shape[1] if columns is None else columns)
        if shape != wanted:
            problem = message(
                "{shape} does not fit; it must be {wanted}, a row for each unit and a column for each input.",
                shape="{} × {}".format(*shape),
                wanted="{} × {}".format(*wanted),
            )
            raise _error("wrong_shape", ("layers", index, "weights"), layer.weights, problem)
    if layer.bias is not None and len(layer.bias) != layer.units:
        problem = message_plural(
            "it has {count} number, but the layer has {units} units; write one number for each unit.",
            "it has {count} numbers, but the layer has {units} units; write one number for each unit.",
            len(layer.bias),
            units=layer.units,
        )
        if layer.units == 1:
            problem = message(
                "it has {count} numbers, but the layer has 1 unit; write one number.", count=len(layer.bias)
            )
        raise _error("wrong_shape", ("layers", index, "bias"), layer.bias, problem)
    options = {**INITIALIZERS[layer.init].options, **dict(layer.init_options)}
    if layer.init == "uniform" and options["low"] > options["high"]:
        problem = message(
            "{low:g} is above init_high, {high:g}; init_low must be the smaller one.",
            low=options["low"],
            high=options["high"],
        )
        raise _error("conflict", ("layers", index, "init_low"), options["low"], problem)


def _check_training(layers: tuple[LayerSpec, ...], training: TrainingSpec) -> None:
    allowed = LOSSES[training.loss].outputs
    activation = layers[-1].activation
    if allowed is None or activation in allowed:
        return
    fitting = [name for name, loss in LOSSES.items() if loss.outputs is None or activation in loss.outputs]
    problem = message(
        '"{loss}" needs {allowed} in layer {layer}; with "{activation}" there, use one of: {losses}.',
        loss=training.loss,
        allowed=", ".join(allowed),
        activation=activation,
        layer=len(layers),
        losses=", ".join(fitting),
    )
    raise _error("conflict", ("training", "loss"), training.loss, problem)


def _check_targets(loss: str, targets: Array, part: str) -> None:
    """Raise InputError if the ``targets`` (n, outputs) of one part of the data do not suit the loss."""
    allowed = LOSSES[loss].targets
    if allowed == "distribution":
        wrong = (np.abs(targets.sum(axis=1) - 1.0) > _SUM_TOLERANCE) | (targets < 0.0).any(axis=1)
        rule = message("Each row must have probabilities that sum to 1.")
    elif allowed == "probabilities":
        wrong = ((targets < 0.0) | (targets > 1.0)).any(axis=1)
        rule = message("Each target must be from 0 to 1.")
    elif allowed == "binary":
        wrong = ((targets != 0.0) & (targets != 1.0)).any(axis=1)
        rule = message("Each target must be 0 or 1.")
    else:
        return
    if not wrong.any():
        return
    row = int(np.argmax(wrong))
    if coding_of(targets) == "plus_minus":
        rule = {
            "probabilities": message("Each target must be from 0 to 1; write 0 for −1."),
            "binary": message("Each target must be 0 or 1; write 0 for −1."),
        }.get(allowed, rule)
    shown = ", ".join(f"{value:g}" for value in targets[row, :6])
    if targets.shape[1] > 6:
        shown += ", …"
    problem = message(
        '"{loss}" does not fit the targets ({targets}) of training sample {number}. {rule}',
        loss=loss,
        targets=shown,
        number=row + 1,
        rule=rule,
    )
    if part == "test":
        problem = message(
            '"{loss}" does not fit the targets ({targets}) of test sample {number}. {rule}',
            loss=loss,
            targets=shown,
            number=row + 1,
            rule=rule,
        )
    raise _error("conflict", ("training", "loss"), loss, problem)
