"""A network that a person typed into a form: the fields, and the preset that they describe.

The preset is made by the parser of preset files, so a form and a file are checked alike. The data are used as they are
typed: nothing is standardised, split or set aside for testing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.preset.parser import parse_preset_table
from nn_tui.core.preset.typed_numbers import parse_number, parse_rows, parse_samples
from nn_tui.core.spec import DEFAULT_INIT, Experiment, Matrix
from nn_tui.core.text import quote, split_words, to_name, without_subscripts
from nn_tui.core.translation import all_of, message, message_plural, tr

FORM_ID = "new-network"  # of the preset
_PARAMETER = re.compile(r"([wb])\s*([0-9]{1,6})\s*=", re.IGNORECASE)
_EXAMPLE = "w1 = [[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]]"


@dataclass(frozen=True, slots=True)
class NetworkForm:
    """The fields of the form, as they were typed.

    Attributes:
        sizes: The inputs, the units of each layer and the outputs: ``3-2-1``.
        activations: One name for all layers, or one for each.
        parameters: The weights and biases that are given; without any, the name of an initialisation or nothing.
        data: A row for each sample: ``1 0 1 -> 1``.
        loss: The name of the loss.
        optimizer: The name of the optimiser, η, and options such as ``momentum=0.9``.
    """

    sizes: str = "2-2-1"
    activations: str = "sigmoid"
    parameters: str = ""
    data: str = "0 0 -> 0\n0 1 -> 1\n1 0 -> 1\n1 1 -> 0"
    loss: str = "half_squared_error"
    optimizer: str = "sgd 0.5"


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(NetworkForm))


def form_experiment(form: NetworkForm) -> Experiment:
    """Return the start of the network that a form describes.

    Raises:
        InputError: For anything wrong with a field; :func:`field_of` tells which one.
    """
    sizes = _parse_sizes(form.sizes)
    with locate_errors(path=("data",)):
        inputs, targets = parse_samples(form.data, sizes[0], sizes[-1])
    _check_samples(inputs, targets, sizes)
    init, given = _parse_parameters(form.parameters, sizes)
    layers: list[object] = [
        {"units": units, "activation": activation, **init, **parameters}
        for units, activation, parameters in zip(
            sizes[1:], _parse_activations(form.activations, len(sizes) - 1), given, strict=True
        )
    ]
    table: dict[str, object] = {
        "title": tr("New network"),
        "summary": _summary(given, init),
        "data": {"inputs": _lists(inputs), "targets": _lists(targets)},
        "layers": layers,
        "training": {"loss": to_name(form.loss), "optimizer": _parse_optimizer(form.optimizer)},
    }
    preset = parse_preset_table(table, id=FORM_ID)
    return load_experiment(preset)


def field_of(error: InputError) -> str:
    """Return the name of the field that an error of :func:`form_experiment` is about."""
    match error.path:
        case ("layers", int(), "activation"):
            return "activations"
        case ("layers", int(), "units") | ("layers",):
            return "sizes"
        case ("training", "optimizer", *_):
            return "optimizer"
        case ("training", *_):
            return "loss"
        case (str(name), *_) if name in FIELDS:
            return name
    return "parameters"


def _parse_sizes(text: str) -> tuple[int, ...]:
    words = re.split(r"\s*(?:->|→|[-–—−,;:x×/ ])\s*", text.strip().lower())
    if len(words) < 2 or not all(re.fullmatch(r"[0-9]{1,6}", word) and int(word) for word in words):
        problem = message(
            "{text} is not a list of sizes; write the inputs, the units of each layer and the outputs, such as 3-2-1.",
            text=quote(text),
        )
        raise InputError("syntax", problem, path=("sizes",), value=text)
    return tuple(map(int, words))


def _parse_activations(text: str, count: int) -> list[str]:
    names = [to_name(name) for name in re.split(r"[\s,;]+", text.strip()) if name]
    if len(names) == 1:
        return names * count
    if len(names) != count:
        problem = message("the network has one layer; write one name, such as sigmoid.")
        if count > 1:
            problem = message(
                "write one name for all layers, or {count} names, one for each layer, such as {example}.",
                count=count,
                example=" ".join(["relu"] * (count - 1) + ["sigmoid"]),
            )
        raise InputError("wrong_shape", problem, path=("activations",), value=text)
    return names


def _check_samples(inputs: Matrix, targets: Matrix, sizes: tuple[int, ...]) -> None:
    if len(inputs[0]) != sizes[0]:
        problem = message_plural(
            "a row has {count} input, but the sizes begin with {size}.",
            "a row has {count} inputs, but the sizes begin with {size}.",
            len(inputs[0]),
            size=sizes[0],
        )
        raise InputError("wrong_shape", problem, path=("data",))
    if len(targets[0]) != sizes[-1]:
        problem = message_plural(
            "a row has {count} target, but the sizes end with {size}.",
            "a row has {count} targets, but the sizes end with {size}.",
            len(targets[0]),
            size=sizes[-1],
        )
        raise InputError("wrong_shape", problem, path=("data",))


def _parse_parameters(text: str, sizes: tuple[int, ...]) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Return the initialisation of all layers, and the weights and biases that are given for each layer."""
    text = without_subscripts(text).replace("−", "-")
    matches = list(_PARAMETER.finditer(text))
    init = _parse_init(text[: matches[0].start()] if matches else text)
    given: list[dict[str, object]] = [{} for _ in sizes[1:]]
    ends = [*(match.start() for match in matches[1:]), len(text)]
    for match, end in zip(matches, ends, strict=False):
        name, layer = f"{match[1].lower()}{match[2]}", int(match[2])
        if not 1 <= layer < len(sizes):
            problem = message(
                "the number after w or b is the layer, from 1 to {last}; write all its weights together.",
                last=len(sizes) - 1,
            )
            raise InputError("not_found", problem, path=(name,), value=name)
        with locate_errors(path=(name,)):
            rows = parse_rows(text[match.end() : end].strip().strip(";,"))
        key = "weights" if match[1] in "wW" else "bias"
        if key in given[layer - 1]:
            raise InputError(
                "duplicate", message("it is written twice; write it once."), path=(f"{name[0]}{layer}",), value=name
            )
        if key == "weights":
            is_column = sizes[layer - 1] == 1 and len(rows) == 1
            given[layer - 1][key] = _lists(tuple(zip(*rows, strict=True)) if is_column else rows)
        else:
            given[layer - 1][key] = [value for row in rows for value in row]
    return init, given


def _parse_init(text: str) -> dict[str, object]:
    name, *options = split_words(text.strip().strip(";,")) or [""]
    if not name:
        return {}
    if not re.fullmatch(r"[a-zA-Z_-]+", name):
        problem = message(
            "{text} is not an initialisation; write one of {names}, or weights such as {example}.",
            text=quote(text.strip()),
            names=", ".join(INITIALIZERS),
            example=_EXAMPLE,
        )
        raise InputError("syntax", problem, path=("parameters",), value=text)
    return {"init": to_name(name), **{f"init_{key}": value for key, value in _options(options, "parameters")}}


def _parse_optimizer(text: str) -> dict[str, object]:
    name, *words = split_words(text) or [""]
    rates = [word for word in words if "=" not in word]
    rate = parse_number(rates[0]) if rates else None
    if len(rates) != 1 or rate is None:
        problem = message("write the optimiser and its learning rate, such as sgd 0.5 or adam 0.01.")
        raise InputError("syntax", problem, path=("optimizer",), value=text)
    options = [word for word in words if "=" in word]
    return {"name": to_name(name), "learning_rate": rate, **dict(_options(options, "optimizer"))}


def _options(words: list[str], field: str) -> list[tuple[str, float]]:
    """Return the names and values of options such as ``momentum=0.9``."""
    options = []
    for word in words:
        key, _, text = word.partition("=")
        value = parse_number(text)
        if value is None:
            problem = message("{text} is not an option; write for example std=0.1.", text=quote(word))
            raise InputError("syntax", problem, path=(field,), value=word)
        options.append((key, value))
    return options


def _summary(given: list[dict[str, object]], init: Mapping[str, object]) -> str:
    """Return a sentence on the parameters that were not typed; the data are never changed."""
    name: Any = init.get("init", DEFAULT_INIT)
    draws_biases = name in INITIALIZERS and INITIALIZERS[name].draws_biases
    drawn = [f"w{layer}" for layer, parameters in enumerate(given, 1) if "weights" not in parameters]
    biases: list[str] = []
    for layer, parameters in enumerate(given, 1):
        if "bias" not in parameters:  # biases beside weights that are given are 0
            (drawn if draws_biases and "weights" not in parameters else biases).append(f"b{layer}")
    if drawn and biases:
        return tr(
            "Not given: {weights}, drawn by {init}, and {biases}, which start at 0. The data are used as typed.",
            weights=all_of(drawn), init=name, biases=all_of(biases),
        )  # fmt: skip
    if drawn:
        names = all_of(drawn)
        return tr("Not given: {weights}, drawn by {init}. The data are used as typed.", weights=names, init=name)
    if biases:
        return tr("Not given: {biases}, which start at 0. The data are used as typed.", biases=all_of(biases))
    return tr("The data, weights and biases are used as typed.")


def _lists(rows: Matrix) -> list[list[float]]:
    return [list(row) for row in rows]
