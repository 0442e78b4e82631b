"""The experiment of a network that a program makes: data, layers and training from the arguments of a call."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.library.arguments import argument_errors, arrays, named_options, plain, text, whole_number
from nn_tui.core.library.columns import numbers_in, to_array
from nn_tui.core.library.network_text import UNTITLED
from nn_tui.core.library.samples import Data, data_of, warn_of_rows_left_out
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.preset.parser import parse_layers, parse_training
from nn_tui.core.spec import Array, Experiment, LayerSpec, Preset, to_matrix
from nn_tui.core.text import quote
from nn_tui.core.translation import message, message_plural

_DEFAULT_LOSSES = {"sigmoid": "binary_cross_entropy", "softmax": "cross_entropy"}


def build_experiment(
    sizes: Sequence[int],
    x: object,
    y: object,
    *,
    activation: str | Sequence[str],
    output_activation: str | None,
    init: str,
    weights: Sequence[object] | None,
    biases: Sequence[object] | None,
    training: Mapping[str, object],
    options: Mapping[str, object],
    seed: int,
    title: str,
) -> Experiment:
    """Return the experiment of a network that a program makes.

    The arguments are those of :class:`~nn_tui.core.library.network.Network`, but for two groups of them.

    Args:
        training: The arguments about the training by name.
        options: The arguments about what happens to the data by name.

    Raises:
        InputError: For names, numbers and shapes that are not valid; its path begins with the argument.
        TypeError: For arguments of another kind.
    """
    with argument_errors():
        units = _check_sizes(sizes)
        _check_softmax(units[-1], output_activation, training["loss"])
        data = data_of(x, y, units[-1], _given(options))
        loss = None if training["loss"] is None else text(training["loss"], "loss")
        names = _activations(len(units) - 1, activation, output_activation, loss, data.coding)
        tables = [
            {"units": count, "activation": name, "init": plain(init)}
            for count, name in zip(units[1:], names, strict=True)
        ]
        layers = _with_parameters(parse_layers({"layers": tables}), units[0], weights, biases)
        table = _training_table(training) | {"loss": loss or _default_loss(names[-1], data.coding)}
        preset = Preset(
            id=UNTITLED,
            title=text(title, "title") or UNTITLED,
            summary="",
            data=data.spec,
            layers=layers,
            training=parse_training({"training": table}),
            seed=whole_number(seed, "seed"),
        )
        _check_inputs(units, data)
        experiment = load_experiment(preset, table=data.table)
        warn_of_rows_left_out(experiment.data)
        if data.names and len(data.names) == experiment.data.x.shape[1]:
            experiment = replace(experiment, data=replace(experiment.data, input_names=data.names))
        if experiment.sizes[0] != units[0]:
            raise _size_error(units[0], experiment.sizes[0], is_encoded=data.table is not None)
        return experiment


def _given(options: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments that are not None, as values of Python."""
    return {key: plain(value) for key, value in options.items() if value is not None}


def _training_table(training: Mapping[str, object]) -> dict[str, object]:
    """Return the table ``[training]`` of a preset for the arguments about the training."""
    table = _given(training)
    optimizer = named_options(training["optimizer"], "optimizer")
    if "learning_rate" in table:
        optimizer["learning_rate"] = table.pop("learning_rate")
    if "schedule" in table:
        table["schedule"] = named_options(training["schedule"], "schedule")
    return table | {"optimizer": optimizer}


def _check_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    """Return the sizes as whole numbers, or raise InputError."""
    try:
        units = tuple(operator.index(size) for size in sizes)
    except TypeError:
        units = ()
    if len(units) < 2 or min(units) < 1:
        problem = message("give the units of each layer, the inputs first, such as [2, 4, 1].")
        raise InputError("wrong_shape", problem, path=("sizes",), value=list(units))
    return units


def _check_softmax(outputs: int, activation: object, loss: object) -> None:
    """Raise InputError for classes that exclude each other, and a single output."""
    for name, value, needed in (("output_activation", activation, "softmax"), ("loss", loss, "cross_entropy")):
        if outputs == 1 and isinstance(value, str) and value == needed:
            problem = message(
                "{value} needs an output for each class, so two classes take 2 outputs; "
                "a single output takes sigmoid and binary_cross_entropy.",
                value=quote(needed),
            )
            raise InputError("wrong_shape", problem, path=(name,), value=value)


def _activations(
    count: int, activation: str | Sequence[str], output: str | None, loss: object, coding: str
) -> tuple[str, ...]:
    """Return the name of the activation of each layer."""
    if isinstance(activation, str):
        names = [activation] * (count - 1)
    else:
        names = [text(name, "activation") for name in arrays(activation, "activation")]
    output = None if output is None else text(output, "output_activation")
    if len(names) == count and not isinstance(activation, str) and output is None:
        return tuple(names)
    if len(names) != count - 1:
        problem = message_plural(
            "it has {count} name; give one name for each of the {layers} layers, or one for all hidden layers.",
            "it has {count} names; give one name for each of the {layers} layers, or one for all hidden layers.",
            len(names),
            layers=count,
        )
        raise InputError("wrong_shape", problem, path=("activation",), value=names)
    return (*names, output or _default_output(loss, coding))


def _default_output(loss: object, coding: str) -> str:
    """Return the output activation that suits a loss, or the targets if the loss takes any."""
    known = LOSSES.get(str(loss))
    if known is not None and known.outputs:
        return known.outputs[0]
    return {"zero_one": "sigmoid", "one_hot": "softmax", "plus_minus": "tanh"}.get(coding, "identity")


def _default_loss(output: str, coding: str) -> str:
    """Return the loss that suits an output activation and the targets."""
    suited = _DEFAULT_LOSSES.get(output) if coding in ("zero_one", "one_hot") else None
    return suited or "mean_squared_error"


def _with_parameters(
    layers: tuple[LayerSpec, ...],
    inputs: int,
    weights: Sequence[object] | None,
    biases: Sequence[object] | None,
) -> tuple[LayerSpec, ...]:
    """Return the layers with explicit weights and biases; None leaves those of a layer to be drawn."""
    for name, given in (("weights", weights), ("biases", biases)):
        if given is not None and len(arrays(given, name)) != len(layers):
            problem = message_plural(
                "it has {count} array, but the network has {layers} layers; give one for each layer.",
                "it has {count} arrays, but the network has {layers} layers; give one for each layer.",
                len(given),
                layers=len(layers),
            )
            raise InputError("wrong_shape", problem, path=(name,))
    result = list(layers)
    for index, layer in enumerate(layers):
        matrix_given = None if weights is None or weights[index] is None else _finite(weights[index], "weights", index)
        vector_given = None if biases is None or biases[index] is None else _finite(biases[index], "biases", index)
        if matrix_given is not None and (matrix_given.ndim != 2 or not matrix_given.size):
            problem = message("it must be a matrix with a row for each unit and a column for each input.")
            raise InputError("wrong_shape", problem, path=("weights", index))
        shape = (layer.units, layers[index - 1].units if index else inputs)
        if matrix_given is not None and matrix_given.shape != shape and matrix_given.shape == shape[::-1]:
            problem = message(
                "it is {found}, a row for each input, but it needs a row for each unit; transpose it, as in W.T.",
                found=f"{shape[1]} × {shape[0]}",
            )
            raise InputError("wrong_shape", problem, path=("weights", index), value=shape[::-1])
        result[index] = replace(
            layer,
            weights=None if matrix_given is None else to_matrix(matrix_given),
            bias=None if vector_given is None else tuple(vector_given.reshape(-1).tolist()),
        )
    return tuple(result)


def _check_inputs(units: tuple[int, ...], data: Data) -> None:
    """Raise InputError if rows of numbers do not have as many inputs as the network."""
    if data.spec.inputs is not None and not data.spec.features and len(data.spec.inputs[0]) != units[0]:
        raise _size_error(units[0], len(data.spec.inputs[0]))


def _size_error(size: int, inputs: int, *, is_encoded: bool = False) -> InputError:
    problem = message_plural(
        "the first number is {size}, but the data give the network {count} input; write {count}.",
        "the first number is {size}, but the data give the network {count} inputs; write {count}.",
        inputs,
        size=size,
    )
    if is_encoded:
        problem = message("{problem} Each category is an input, and so is a mark of missing values.", problem=problem)
    return InputError("wrong_shape", problem, path=("sizes", 0), value=size)


def _finite(values: object, name: str, index: int) -> Array:
    """Return an array of finite numbers, or raise InputError."""
    numbers = numbers_in(to_array(values))
    if numbers is None:
        raise InputError("wrong_type", message("it must have numbers only."), path=(name, index))
    if not np.isfinite(numbers).all():
        raise InputError("not_finite", message("it has a number that is not finite."), path=(name, index))
    return numbers
