"""The syntax of live changes: for each kind of change an example, a line of help, a pattern and a parser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from nn_tui.core.edits import data as edits_data
from nn_tui.core.edits import network as edits_network
from nn_tui.core.edits import shape as edits_shape
from nn_tui.core.edits import training as edits_training
from nn_tui.core.edits.common import EditFunction
from nn_tui.core.edits.numbered_names import parse_name
from nn_tui.core.edits.words import (
    INTEGER,
    split_words,
    to_float,
    to_int,
    to_layer,
    to_name,
    to_options,
    to_switch,
    value_error,
)
from nn_tui.core.errors import InputError
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.run.run import Run
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message

Groups = dict[str, str]  # the pattern's named groups; "" for a group that is missing


@dataclass(frozen=True, slots=True)
class EditSyntax:
    """The syntax of one kind of change.

    Attributes:
        name: The kind of change.
        example: A text that works.
        help: One line of help, without a full stop.
        pattern: A regular expression that matches the whole text in lower case.
        parse: Turns the pattern's named groups and the selected data row (from 0) into a change. Raises InputError if
            a group is not valid.
    """

    name: str
    example: str
    help: Message
    pattern: str
    parse: Callable[[Groups, int], EditFunction]


_SCHEDULE_OPTIONS = {option.lower(): option for schedule in SCHEDULES.values() for option in schedule.options}
OPTIONS = tuple(dict.fromkeys(option for optimizer in OPTIMIZERS.values() for option in optimizer.defaults))


# Parsers, in the order of EDITS


def _parse_number(groups: Groups, row: int) -> EditFunction:
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
        weight = ref.is_weight
        count = units * inputs if weight else units
        if count > 1 and not re.search(r"\[[0-9]+,[0-9]+\]" if weight else r"\[[0-9]+\]", name):
            layer = ref.layer + 1
            problem = message(
                "layer {layer} has {count} biases; name one, up to {last}.",
                layer=layer,
                count=count,
                last=f"b{layer}[{units}]",
            )
            if weight:
                problem = message(
                    "layer {layer} has {count} weights; name one, up to {last}.",
                    layer=layer,
                    count=count,
                    last=f"w{layer}[{units},{inputs}]",
                )
            raise InputError("syntax", problem, path=(name,), value=name)
        return edits_network.set_parameter(run, update, ref, value)

    return change


def _parse_eta(groups: Groups, row: int) -> EditFunction:
    value = to_float("eta", groups["value"])
    return lambda run, update: edits_training.set_learning_rate(run, update, value)


def _parse_optimizer(groups: Groups, row: int) -> EditFunction:
    name, _, rate = groups["value"].partition(" ")
    value = to_float("eta", rate) if rate else None
    return lambda run, update: edits_training.set_optimizer(run, update, name, value)


def _parse_option(groups: Groups, row: int) -> EditFunction:
    name = to_name(groups["name"])
    value = to_float(name, groups["value"])
    return lambda run, update: edits_training.set_option(run, update, name, value)


def _parse_schedule(groups: Groups, row: int) -> EditFunction:
    if not groups["value"]:
        raise value_error("schedule", "", message("a schedule"), "cosine T_max=500")
    name, *rest = split_words(groups["value"])
    options: dict[str, object] = {"name": to_name(name)}
    for key, text in to_options("schedule", rest, "schedule = cosine T_max=500"):
        option = _SCHEDULE_OPTIONS.get(key, key)
        value: object = int(text) if INTEGER.fullmatch(text) else text
        options[option] = value if option == "per" or isinstance(value, int) else to_float(option, text)
    return lambda run, update: edits_training.set_schedule(run, update, options)


def _parse_warmup(groups: Groups, row: int) -> EditFunction:
    text, *rest = split_words(groups["value"]) or [""]
    updates, factor = to_int("warmup", text, example="20"), None
    for key, value in to_options("warmup", rest, "warmup = 20 start_factor=0.1"):
        if key != "start_factor":
            problem = message("there is no option {option}; it takes start_factor.", option=quote(key))
            raise InputError("unknown_key", problem, path=("warmup",), value=key)
        factor = to_float(key, value)
    return lambda run, update: edits_training.set_warmup(run, update, updates, factor)


def _parse_loss(groups: Groups, row: int) -> EditFunction:
    return lambda run, update: edits_training.set_loss(run, update, to_name(groups["value"]))


def _parse_activation(groups: Groups, row: int) -> EditFunction:
    layer = to_layer("activation", groups["layer"], "activation 1 = relu")
    return lambda run, update: edits_network.set_activation(run, update, layer, to_name(groups["value"]))


def _parse_batch(groups: Groups, row: int) -> EditFunction:
    text = groups["value"]
    size = None if text == "full" else to_int("batch", text, message("a whole number or full"), "16")
    return lambda run, update: edits_training.set_batch_size(run, update, size)


def _parse_shuffle(groups: Groups, row: int) -> EditFunction:
    on = to_switch("shuffle", groups["value"], "off")
    return lambda run, update: edits_training.set_shuffle(run, update, on)


def _parse_standardize(groups: Groups, row: int) -> EditFunction:
    on = to_switch("standardize", groups["value"], "on")
    return lambda run, update: edits_data.set_standardize(run, update, on)


def _parse_reduction(groups: Groups, row: int) -> EditFunction:
    return lambda run, update: edits_training.set_reduction(run, update, groups["value"])


def _parse_penalty(groups: Groups, row: int) -> EditFunction:
    name: Literal["l1", "l2"] = "l1" if groups["name"] == "l1" else "l2"
    value = to_float(name, groups["value"])
    return lambda run, update: edits_training.set_penalty(run, update, name, value)


def _parse_noise(groups: Groups, row: int) -> EditFunction:
    value = to_float("noise", groups["value"])
    return lambda run, update: edits_data.set_noise(run, update, value)


def _parse_samples(groups: Groups, row: int) -> EditFunction:
    count = to_int("samples", groups["value"])
    return lambda run, update: edits_data.set_samples(run, update, count)


def _parse_data_seed(groups: Groups, row: int) -> EditFunction:
    seed = to_int("data seed", groups["value"]) if groups["value"] else None
    return lambda run, update: edits_data.regenerate(run, update, seed)


def _parse_seed(groups: Groups, row: int) -> EditFunction:
    seed = to_int("seed", groups["value"]) if groups["value"] else None
    return lambda run, update: edits_network.set_seed(run, update, seed)


def _parse_init(groups: Groups, row: int) -> EditFunction:
    layer = to_layer("init", groups["layer"], "") if groups["layer"] else None
    name, *rest = split_words(groups["value"])
    options = [(key, to_float(key, text)) for key, text in to_options("init", rest, "init = normal std=0.1")]
    return lambda run, update: edits_network.set_init(run, update, name, layer, options)


def _parse_units(groups: Groups, row: int) -> EditFunction:
    layer = to_layer("units", groups["layer"], "units 1 = 6")
    units = to_int(f"units {layer + 1}", groups["value"])
    return lambda run, update: edits_shape.set_units(run, update, layer, units)


def _parse_add_units(groups: Groups, row: int) -> EditFunction:
    layer, count = int(groups["layer"]) - 1, int(groups["count"] or 1)

    def change(run: Run, update: int) -> Run:
        layers = run.segment(update).experiment.layers
        present = layers[layer].units if 0 <= layer < len(layers) else 0
        return edits_shape.set_units(run, update, layer, present + count)

    return change


def _parse_remove_unit(groups: Groups, row: int) -> EditFunction:
    return lambda run, update: edits_shape.remove_unit(run, update, int(groups["layer"]) - 1, int(groups["unit"]) - 1)


def _parse_add_layer(groups: Groups, row: int) -> EditFunction:
    position, units, activation = (
        int(groups["layer"]) - 1,
        int(groups["units"]),
        to_name(groups["activation"] or "tanh"),
    )
    return lambda run, update: edits_shape.add_layer(run, update, position, units, activation)


def _parse_remove_layer(groups: Groups, row: int) -> EditFunction:
    return lambda run, update: edits_shape.remove_layer(run, update, int(groups["layer"]) - 1)


def _parse_freeze(groups: Groups, row: int) -> EditFunction:
    key: Literal["w", "b"] = "w" if groups["key"] == "w" else "b"
    layer, on = int(groups["layer"]) - 1, groups["verb"] == "unfreeze"
    return lambda run, update: edits_network.set_trainable(run, update, key, layer, on)


_VALUE = r"(?:\s*=\s*|\s+|$)(?P<value>.*)"  # "= 0.1", " 0.1", or nothing: the parser then asks for a value
_IN_LAYER = r"(?:(?:of|in|from|to)\s+)?(?:layer\s+)?(?P<layer>[0-9]{1,6})"
_LAYER_NUMBER = r"\s*(?P<layer>[0-9]{1,6})?"

EDITS: dict[str, EditSyntax] = {
    syntax.name: syntax
    for syntax in (
        EditSyntax("weight", "w1[2,1] = 0.3", message("a weight: layer 1, unit 2, input 1"),
            r"(?P<address>w[0-9]+\s*(?:\[[^\]]*\])?)" + _VALUE, _parse_number),
        EditSyntax("bias", "b1[2] = 0", message("a bias: layer 1, unit 2"),
            r"(?P<address>b[0-9]+\s*(?:\[[^\]]*\])?)" + _VALUE, _parse_number),
        EditSyntax("input", "x2 = 0.5", message("one input of the selected sample"),
            r"(?P<address>x\s*(?:[0-9]+|\[[^\]]*\]))" + _VALUE, _parse_number),
        EditSyntax("target", "y1 = 1", message("one target of the selected sample"),
            r"(?P<address>y\s*(?:[0-9]+|\[[^\]]*\]))" + _VALUE, _parse_number),
        EditSyntax("learning rate", "eta = 0.1", message("the learning rate η"),
            r"(?:eta|lr|learning[ _-]?rate)" + _VALUE, _parse_eta),
        EditSyntax("optimizer", "optimizer = adam", message("another optimiser; a number after its name is η"),
            r"(?:optimi[sz]er|opt)" + _VALUE, _parse_optimizer),
        EditSyntax("optimiser option", "momentum = 0.8",
            message("an option of the optimiser: {options}", options=", ".join(OPTIONS)),
            rf"(?P<name>{'|'.join(OPTIONS).replace('_', '[ _-]')})" + _VALUE, _parse_option),
        EditSyntax("schedule", "schedule = cosine T_max=50",
            message("the schedule of η, from its start: {schedules}; per=epoch counts epochs",
                    schedules=", ".join(SCHEDULES)),
            r"schedule" + _VALUE, _parse_schedule),
        EditSyntax("warm-up", "warmup = 20",
            message("η rises linearly within 20 updates; also start_factor=0.1; 0 for no warm-up"),
            r"warm[ _-]?up" + _VALUE, _parse_warmup),
        EditSyntax("loss", "loss = mean_squared_error", message("another loss"),
            r"loss" + _VALUE, _parse_loss),
        EditSyntax("activation", "activation 1 = relu", message("the activation of layer 1"),
            r"act(?:ivation)?" + _LAYER_NUMBER + _VALUE, _parse_activation),
        EditSyntax("batch size", "batch = 2", message("rows per pass; full for all rows"),
            r"batch(?:[ _-]?size)?" + _VALUE, _parse_batch),
        EditSyntax("shuffle", "shuffle = off", message("a new order of the rows in each epoch, or not"),
            r"shuffle" + _VALUE, _parse_shuffle),
        EditSyntax("reduction", "reduction = sum", message("mean or sum over the batch"),
            r"reduction" + _VALUE, _parse_reduction),
        EditSyntax("l1", "l1 = 0.001", message("the penalty l1·Σ|w|"),
            r"(?P<name>l1)" + _VALUE, _parse_penalty),
        EditSyntax("l2", "l2 = 0.01", message("the penalty ½·l2·Σw²"),
            r"(?P<name>l2)" + _VALUE, _parse_penalty),
        EditSyntax("noise", "noise = 0.2", message("the noise of generated data"),
            r"noise" + _VALUE, _parse_noise),
        EditSyntax("samples", "samples = 300", message("the number of generated samples"),
            r"samples" + _VALUE, _parse_samples),
        EditSyntax("standardize", "standardize = on", message("scale the inputs to mean 0 and deviation 1, or not"),
            r"standardi[sz]e" + _VALUE, _parse_standardize),
        EditSyntax("data", "data seed = 5",
            message("draw the data again from a seed; without a number, from the next seed"),
            r"(?:data seed|regenerate(?: data)?|data)" + _VALUE, _parse_data_seed),
        EditSyntax("seed", "seed = 5",
            message("draw all initial weights again from a seed; without a number, from the next seed"),
            r"seed" + _VALUE, _parse_seed),
        EditSyntax("initialisation", "init = he_normal",
            message("draw all layers again, or one of them: init 1 = normal std=0.1"),
            r"init(?:iali[sz]ation)?" + _LAYER_NUMBER + r"\s*(?:=|\s)\s*(?P<value>\S.*)", _parse_init),
        EditSyntax("units", "units 1 = 6",
            message("the number of units of layer 1; the other units keep their weights"),
            r"units?" + _LAYER_NUMBER + _VALUE, _parse_units),
        EditSyntax("add units", "add 2 units to layer 1", message("add units at the end of a layer"),
            r"add\s+(?:(?P<count>[0-9]{1,6})\s+)?units?\s+" + _IN_LAYER, _parse_add_units),
        EditSyntax("remove unit", "remove unit 2 of layer 1", message("remove one unit of a layer"),
            r"remove\s+unit\s+(?P<unit>[0-9]{1,6})\s+" + _IN_LAYER, _parse_remove_unit),
        EditSyntax("add layer", "add layer 2 4 relu", message("add a hidden layer with 4 units as layer 2"),
            r"add\s+layer\s+(?P<layer>[0-9]{1,6})\s+(?P<units>[0-9]{1,9})(?:\s+(?P<activation>.*))?", _parse_add_layer),
        EditSyntax("remove layer", "remove layer 1", message("remove a hidden layer"),
            r"remove\s+layer\s+(?P<layer>[0-9]{1,6})", _parse_remove_layer),
        EditSyntax("freeze", "freeze w1", message("updates do not change the weights of layer 1; b1 for its bias"),
            r"(?P<verb>freeze)\s+(?P<key>[wb])(?P<layer>[0-9]{1,6})", _parse_freeze),
        EditSyntax("unfreeze", "unfreeze w1", message("updates change them again"),
            r"(?P<verb>unfreeze)\s+(?P<key>[wb])(?P<layer>[0-9]{1,6})", _parse_freeze),
    )
}  # fmt: skip
