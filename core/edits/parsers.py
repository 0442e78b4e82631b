"""The parsers of live changes: each turns the parts of a typed line into a change.

Each takes the named groups of its pattern, "" for a group that is missing, and the selected row of the data, from 0. It
raises InputError if a group is not valid; the change that it returns raises InputError if it does not fit the run.
"""

from __future__ import annotations

from typing import Literal

from nn_tui.core.data.generators import GENERATORS
from nn_tui.core.edits import data as edits_data
from nn_tui.core.edits import network as edits_network
from nn_tui.core.edits import shape as edits_shape
from nn_tui.core.edits import table as edits_table
from nn_tui.core.edits import training as edits_training
from nn_tui.core.edits.common import EditFunction
from nn_tui.core.edits.numbered_names import parse_name, parse_numbered
from nn_tui.core.edits.words import (
    INTEGER,
    to_float,
    to_int,
    to_layer,
    to_options,
    to_rows,
    to_switch,
    value_error,
)
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.preset import typed_numbers
from nn_tui.core.run.run import Run
from nn_tui.core.text import quote, split_words, to_name
from nn_tui.core.translation import message

Groups = dict[str, str]  # the pattern's named groups; "" for a group that is missing

_ROWS_EXAMPLE = "data = 0 1 -> 1; 1 1 -> 0"
_SCHEDULE_OPTIONS = {option.lower(): option for schedule in SCHEDULES.values() for option in schedule.options}


def parse_number(groups: Groups, row: int) -> EditFunction:
    """Parse one weight, bias, input or target."""
    name = groups["address"].replace(" ", "")
    value = to_float(name, groups["value"])

    def change(run: Run, update: int) -> Run:
        sizes = run.segment(update).experiment.sizes
        ref = parse_name(name, sizes, row)
        if ref.quantity == "x":
            return edits_data.set_input(run, update, row, ref.unit, value)
        if ref.quantity == "y":
            return edits_data.set_target(run, update, row, ref.unit, value)
        units, inputs = sizes[ref.layer + 1], sizes[ref.layer]
        if ref.is_weight and units * inputs > 1 and "," not in name:
            problem = message(
                "layer {layer} has {count} weights; name one, up to {last}.",
                layer=ref.layer + 1,
                count=units * inputs,
                last=f"w{ref.layer + 1}[{units},{inputs}]",
            )
            raise InputError("syntax", problem, path=(name,), value=name)
        return edits_network.set_parameter(run, update, ref, value)

    return change


def parse_array(groups: Groups, row: int) -> EditFunction:
    """Parse all weights or biases of a layer."""
    name = groups["address"]
    is_weight = name.startswith("w")
    kind, example = message("rows of numbers"), "[[0.2, 0.4], [-0.3, 0.1]]"
    if not is_weight:
        kind, example = message("numbers"), "-0.4 0.2"
    rows = to_rows(name, groups["value"], kind, example)

    def change(run: Run, update: int) -> Run:
        sizes = run.segment(update).experiment.sizes
        ref = parse_name(name, sizes, row)
        try:
            return edits_network.set_array(run, update, ref, rows)
        except InputError as error:
            if error.code == "wrong_shape" and len(rows) == len(rows[0]) == 1:  # it may be one number of that name
                numbered = parse_numbered(name, sizes)
                error.value, error.suggestions = name, (numbered,) if numbered else ()
            raise

    return change


def parse_sample(groups: Groups, row: int) -> EditFunction:
    """Parse all inputs or all targets of the selected sample."""
    name = groups["letter"]
    rows = to_rows(name, groups["value"], message("numbers"), "1 0 1")
    if len(rows) > 1:
        problem = message("this is one sample, so write one row; all samples are {example}.", example=_ROWS_EXAMPLE)
        raise InputError("wrong_shape", problem, path=(name,), value=groups["value"])
    set_numbers = edits_table.set_inputs if name == "x" else edits_table.set_targets
    return lambda run, update: set_numbers(run, update, row, rows[0])


def parse_eta(groups: Groups, row: int) -> EditFunction:
    """Parse the learning rate."""
    value = to_float("eta", groups["value"])
    return lambda run, update: edits_training.set_learning_rate(run, update, value)


def parse_optimizer(groups: Groups, row: int) -> EditFunction:
    """Parse another optimiser, with its learning rate if a number follows its name."""
    name, _, rate = groups["value"].partition(" ")
    if not name:
        raise value_error("optimizer", "", message("an optimiser"), "adam")
    value = typed_numbers.parse_number(rate) if rate else None
    if rate and value is None:
        problem = message(
            "only one number, the learning rate, may follow the name; write for example {example}.",
            example=f"optimizer = {name} 0.01",
        )
        raise InputError("syntax", problem, path=("optimizer",), value=rate)
    return lambda run, update: edits_training.set_optimizer(run, update, name, value)


def parse_option(groups: Groups, row: int) -> EditFunction:
    """Parse an option of the optimiser."""
    name = to_name(groups["name"])
    value = to_float(name, groups["value"])
    return lambda run, update: edits_training.set_option(run, update, name, value)


def parse_schedule(groups: Groups, row: int) -> EditFunction:
    """Parse the schedule of the learning rate."""
    if not groups["value"]:
        raise value_error("schedule", "", message("a schedule"), "cosine T_max=500")
    name, *rest = split_words(groups["value"])
    options: dict[str, object] = {"name": to_name(name)}
    for key, text in to_options("schedule", rest, "schedule = cosine T_max=500"):
        option = _SCHEDULE_OPTIONS.get(key, key)
        value: object = int(text) if INTEGER.fullmatch(text) else text
        options[option] = value if option == "per" or isinstance(value, int) else to_float(option, text)
    return lambda run, update: edits_training.set_schedule(run, update, options)


def parse_warmup(groups: Groups, row: int) -> EditFunction:
    """Parse the warm-up of the learning rate."""
    text, *rest = split_words(groups["value"]) or [""]
    updates, factor = to_int("warmup", text, example="20"), None
    for key, value in to_options("warmup", rest, "warmup = 20 start_factor=0.1"):
        if key != "start_factor":
            problem = message("there is no option {option}; it takes start_factor.", option=quote(key))
            raise InputError("unknown_key", problem, path=("warmup",), value=key)
        factor = to_float(key, value)
    return lambda run, update: edits_training.set_warmup(run, update, updates, factor)


def parse_loss(groups: Groups, row: int) -> EditFunction:
    """Parse another loss."""
    return lambda run, update: edits_training.set_loss(run, update, to_name(groups["value"]))


def parse_activation(groups: Groups, row: int) -> EditFunction:
    """Parse the activation of a layer."""
    layer = to_layer("activation", groups["layer"], "activation 1 = relu")
    return lambda run, update: edits_network.set_activation(run, update, layer, to_name(groups["value"]))


def parse_batch(groups: Groups, row: int) -> EditFunction:
    """Parse the batch size."""
    text = groups["value"]
    size = None if text == "full" else to_int("batch", text, message("a whole number or full"), "16")
    return lambda run, update: edits_training.set_batch_size(run, update, size)


def parse_shuffle(groups: Groups, row: int) -> EditFunction:
    """Parse whether the rows are shuffled."""
    on = to_switch("shuffle", groups["value"], "off")
    return lambda run, update: edits_training.set_shuffle(run, update, on)


def parse_standardize(groups: Groups, row: int) -> EditFunction:
    """Parse whether the inputs are standardised."""
    on = to_switch("standardize", groups["value"], "on")
    return lambda run, update: edits_data.set_standardize(run, update, on)


def parse_standardize_target(groups: Groups, row: int) -> EditFunction:
    """Parse whether the targets are standardised."""
    on = to_switch("standardize_target", groups["value"], "on")
    return lambda run, update: edits_data.set_standardize_target(run, update, on)


def parse_reduction(groups: Groups, row: int) -> EditFunction:
    """Parse the reduction over the batch."""
    return lambda run, update: edits_training.set_reduction(run, update, groups["value"])


def parse_penalty(groups: Groups, row: int) -> EditFunction:
    """Parse the factor of a penalty."""
    name: Literal["l1", "l2"] = "l1" if groups["name"] == "l1" else "l2"
    value = to_float(name, groups["value"])
    return lambda run, update: edits_training.set_penalty(run, update, name, value)


def parse_noise(groups: Groups, row: int) -> EditFunction:
    """Parse the noise of generated data."""
    value = to_float("noise", groups["value"])
    return lambda run, update: edits_data.set_noise(run, update, value)


def parse_sample_count(groups: Groups, row: int) -> EditFunction:
    """Parse the number of generated samples."""
    count = to_int("samples", groups["value"])
    return lambda run, update: edits_data.set_samples(run, update, count)


def parse_rows_of_data(groups: Groups, row: int) -> EditFunction:
    """Parse new data, as rows of inputs and targets."""
    text = groups["value"]
    if (name := to_name(text)) in GENERATORS:
        problem = message(
            "{name} is a generator, which is chosen in a preset; here, write rows such as {example}.",
            name=quote(name),
            example=_ROWS_EXAMPLE,
        )
        raise InputError("not_available", problem, path=("data",), value=text)
    if not text or INTEGER.fullmatch(text):
        problem = message(
            "write rows such as {example}, or another seed such as {seed}.", example=_ROWS_EXAMPLE, seed="data seed = 5"
        )
        raise InputError("syntax", problem, path=("data",), value=text)

    def change(run: Run, update: int) -> Run:
        sizes = run.segment(update).experiment.sizes
        with locate_errors(path=("data",)):
            inputs, targets = typed_numbers.parse_samples(text, sizes[0], sizes[-1])
        return edits_table.set_table(run, update, inputs, targets)

    return change


def parse_inputs(groups: Groups, row: int) -> EditFunction:
    """Parse the number of inputs."""
    count = to_int("inputs", groups["value"], example="3")
    return lambda run, update: edits_table.set_input_count(run, update, count)


def parse_data_seed(groups: Groups, row: int) -> EditFunction:
    """Parse the seed of the data."""
    seed = to_int("data seed", groups["value"]) if groups["value"] else None
    return lambda run, update: edits_data.regenerate(run, update, seed)


def parse_seed(groups: Groups, row: int) -> EditFunction:
    """Parse the seed of the weights."""
    seed = to_int("seed", groups["value"]) if groups["value"] else None
    return lambda run, update: edits_network.set_seed(run, update, seed)


def parse_init(groups: Groups, row: int) -> EditFunction:
    """Parse the initialisation."""
    layer = to_layer("init", groups["layer"], "") if groups["layer"] else None
    name, *rest = split_words(groups["value"])
    options = [(key, to_float(key, text)) for key, text in to_options("init", rest, "init = normal std=0.1")]
    return lambda run, update: edits_network.set_init(run, update, name, layer, options)


def parse_units(groups: Groups, row: int) -> EditFunction:
    """Parse the number of units of a layer."""
    layer = to_layer("units", groups["layer"], "units 1 = 6")
    units = to_int(f"units {layer + 1}", groups["value"])
    return lambda run, update: edits_shape.set_units(run, update, layer, units)


def parse_add_units(groups: Groups, row: int) -> EditFunction:
    """Parse an addition of units to a layer."""
    layer, count = int(groups["layer"]) - 1, int(groups["count"] or 1)

    def change(run: Run, update: int) -> Run:
        layers = run.segment(update).experiment.layers
        present = layers[layer].units if 0 <= layer < len(layers) else 0
        return edits_shape.set_units(run, update, layer, present + count)

    return change


def parse_remove_unit(groups: Groups, row: int) -> EditFunction:
    """Parse the removal of a unit."""
    return lambda run, update: edits_shape.remove_unit(run, update, int(groups["layer"]) - 1, int(groups["unit"]) - 1)


def parse_add_layer(groups: Groups, row: int) -> EditFunction:
    """Parse the addition of a layer."""
    position, units, activation = (
        int(groups["layer"]) - 1,
        int(groups["units"]),
        to_name(groups["activation"] or "tanh"),
    )
    return lambda run, update: edits_shape.add_layer(run, update, position, units, activation)


def parse_remove_layer(groups: Groups, row: int) -> EditFunction:
    """Parse the removal of a layer."""
    return lambda run, update: edits_shape.remove_layer(run, update, int(groups["layer"]) - 1)


def parse_freeze(groups: Groups, row: int) -> EditFunction:
    """Parse whether updates change the weights or biases of a layer."""
    key: Literal["w", "b"] = "w" if groups["key"] == "w" else "b"
    layer, on = int(groups["layer"]) - 1, groups["verb"] == "unfreeze"
    return lambda run, update: edits_network.set_trainable(run, update, key, layer, on)
