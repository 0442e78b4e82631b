"""The forms of text that change a run: for each kind of change an example, a line of help, and its reading."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from nn_tui.core.data.table import NUMBER
from nn_tui.core.edits import data as edits_data
from nn_tui.core.edits import network as edits_network
from nn_tui.core.edits import training as edits_training
from nn_tui.core.edits.common import Change
from nn_tui.core.errors import InputError
from nn_tui.core.fields import quoted
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.refs import parse_ref
from nn_tui.core.run.run import Run

# int() alone would also take 1_0 and digits of other scripts.
WHOLE = re.compile(r"[+-]?[0-9]+")

Parts = dict[str, str]  # the pattern's named groups, "" where absent


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of change: a working ``example``, one line of ``help``, and how its text is read.

    ``pattern`` matches the whole text in lower case; ``read`` turns its named groups and the selected data
    row (from 0) into the change, and raises InputError for text that names none.
    """

    name: str
    example: str
    help: str
    pattern: str
    read: Callable[[Parts, int], Change]


OPTIONS = tuple(dict.fromkeys(option for each in OPTIMIZERS.values() for option in each.defaults))


def _float(name: str, text: str) -> float:
    # What is a number but not a finite one is refused further on, by that name.
    if not NUMBER.fullmatch(text) and text.lower().lstrip("+-") not in ("nan", "inf", "infinity"):
        raise _refused(name, text, "a number", "0.5")
    return float(text)


def _int(name: str, text: str, kind: str = "a whole number", example: str = "6") -> int:
    if not WHOLE.fullmatch(text):
        raise _refused(name, text, kind, example)
    return int(text)


def _refused(name: str, text: str, kind: str, example: str) -> InputError:
    if not text:
        return InputError(f"{name}: the new value is missing; write {kind}, as in {name} = {example}.")
    return InputError(f"{name}: {quoted(text)} is not {kind}; write for example {name} = {example}.")


def _layer(name: str, text: str, example: str) -> int:
    if not text:
        raise InputError(f"{name}: say in which layer, as in {example}.")
    return int(text) - 1


def _word(text: str) -> str:
    return text.replace("-", "_").replace(" ", "_")


# Reading forms, in the order of EDITS


def _place(parts: Parts, row: int) -> Change:
    name = parts["place"].replace(" ", "")
    value = _float(name, parts["value"])

    def change(run: Run, at: int) -> Run:
        sizes = run.segment(at).experiment.sizes
        ref = parse_ref(name, sizes, row)
        if ref.key == "x":
            return edits_data.set_input(run, at, row, ref.unit, value)
        if ref.key == "y":
            return edits_data.set_target(run, at, row, ref.unit, value)
        units, inputs = sizes[ref.layer + 1], sizes[ref.layer]
        weight = ref.key == "w"
        count = units * inputs if weight else units
        if count > 1 and not re.search(r"\[[0-9]+,[0-9]+\]" if weight else r"\[[0-9]+\]", name):
            what, last = ("weights", f"{units},{inputs}") if weight else ("biases", f"{units}")
            layer = ref.layer + 1
            raise InputError(f"{name}: layer {layer} has {count} {what}; name one, up to {ref.key}{layer}[{last}].")
        return edits_network.set_parameter(run, at, ref, value)

    return change


def _eta(parts: Parts, row: int) -> Change:
    value = _float("eta", parts["value"])
    return lambda run, at: edits_training.set_learning_rate(run, at, value)


def _optimizer(parts: Parts, row: int) -> Change:
    name, _, rate = parts["value"].partition(" ")
    value = _float("eta", rate) if rate else None
    return lambda run, at: edits_training.set_optimizer(run, at, name, value)


def _option(parts: Parts, row: int) -> Change:
    name = _word(parts["name"])
    value = _float(name, parts["value"])
    return lambda run, at: edits_training.set_option(run, at, name, value)


def _loss(parts: Parts, row: int) -> Change:
    return lambda run, at: edits_training.set_loss(run, at, _word(parts["value"]))


def _activation(parts: Parts, row: int) -> Change:
    layer = _layer("activation", parts["layer"], "activation 1 = relu")
    return lambda run, at: edits_network.set_activation(run, at, layer, _word(parts["value"]))


def _batch(parts: Parts, row: int) -> Change:
    text = parts["value"]
    size = None if text == "full" else _int("batch", text, "a whole number or full", "16")
    return lambda run, at: edits_training.set_batch_size(run, at, size)


def _switch(name: str, text: str, example: str) -> bool:
    if text not in ("on", "true", "yes", "off", "false", "no"):
        raise _refused(name, text, "on or off", example)
    return text in ("on", "true", "yes")


def _shuffle(parts: Parts, row: int) -> Change:
    on = _switch("shuffle", parts["value"], "off")
    return lambda run, at: edits_training.set_shuffle(run, at, on)


def _standardize(parts: Parts, row: int) -> Change:
    on = _switch("standardize", parts["value"], "on")
    return lambda run, at: edits_data.set_standardize(run, at, on)


def _reduction(parts: Parts, row: int) -> Change:
    return lambda run, at: edits_training.set_reduction(run, at, parts["value"])


def _penalty(parts: Parts, row: int) -> Change:
    name: Literal["l1", "l2"] = "l1" if parts["name"] == "l1" else "l2"
    value = _float(name, parts["value"])
    return lambda run, at: edits_training.set_penalty(run, at, name, value)


def _noise(parts: Parts, row: int) -> Change:
    value = _float("noise", parts["value"])
    return lambda run, at: edits_data.set_noise(run, at, value)


def _samples(parts: Parts, row: int) -> Change:
    count = _int("samples", parts["value"])
    return lambda run, at: edits_data.set_samples(run, at, count)


def _data_seed(parts: Parts, row: int) -> Change:
    seed = _int("data seed", parts["value"]) if parts["value"] else None
    return lambda run, at: edits_data.regenerate(run, at, seed)


def _seed(parts: Parts, row: int) -> Change:
    seed = _int("seed", parts["value"]) if parts["value"] else None
    return lambda run, at: edits_network.set_seed(run, at, seed)


def _init(parts: Parts, row: int) -> Change:
    layer = _layer("init", parts["layer"], "") if parts["layer"] else None
    name, *rest = re.sub(r"\s*=\s*", "=", parts["value"]).split()
    options = []
    for each in rest:
        key, equals, value = each.partition("=")
        if not equals:
            raise InputError(f"init: {quoted(each)} is no option; write for example init = normal std=0.1.")
        options.append((key, _float(key, value)))
    return lambda run, at: edits_network.set_init(run, at, name, layer, options)


def _units(parts: Parts, row: int) -> Change:
    layer = _layer("units", parts["layer"], "units 1 = 6")
    units = _int(f"units {layer + 1}", parts["value"])
    return lambda run, at: edits_network.set_units(run, at, layer, units)


def _add_units(parts: Parts, row: int) -> Change:
    layer, count = int(parts["layer"]) - 1, int(parts["count"] or 1)

    def change(run: Run, at: int) -> Run:
        layers = run.segment(at).experiment.layers
        return edits_network.set_units(run, at, layer, count + (layers[layer].units if 0 <= layer < len(layers) else 0))

    return change


def _remove_unit(parts: Parts, row: int) -> Change:
    return lambda run, at: edits_network.remove_unit(run, at, int(parts["layer"]) - 1, int(parts["unit"]) - 1)


def _add_layer(parts: Parts, row: int) -> Change:
    position, units, activation = int(parts["layer"]) - 1, int(parts["units"]), _word(parts["activation"] or "tanh")
    return lambda run, at: edits_network.add_layer(run, at, position, units, activation)


def _remove_layer(parts: Parts, row: int) -> Change:
    return lambda run, at: edits_network.remove_layer(run, at, int(parts["layer"]) - 1)


def _freeze(parts: Parts, row: int) -> Change:
    key: Literal["w", "b"] = "w" if parts["key"] == "w" else "b"
    layer, on = int(parts["layer"]) - 1, parts["verb"] == "unfreeze"
    return lambda run, at: edits_network.set_trained(run, at, key, layer, on)


_TO = r"(?:\s*=\s*|\s+|$)(?P<value>.*)"  # "= 0.1", " 0.1", or nothing, which is then asked for
_IN = r"(?:(?:of|in|from|to)\s+)?(?:layer\s+)?(?P<layer>[0-9]{1,6})"
_OF = r"\s*(?P<layer>[0-9]{1,6})?"

EDITS: dict[str, Form] = {
    form.name: form
    for form in (
        Form("weight", "w1[2,1] = 0.3", "one weight: layer 1, to unit 2, from input 1",
             r"(?P<place>w[0-9]+\s*(?:\[[^\]]*\])?)" + _TO, _place),
        Form("bias", "b1[2] = 0", "one bias: layer 1, unit 2",
             r"(?P<place>b[0-9]+\s*(?:\[[^\]]*\])?)" + _TO, _place),
        Form("input", "x2 = 0.5", "one input of the selected sample",
             r"(?P<place>x\s*(?:[0-9]+|\[[^\]]*\]))" + _TO, _place),
        Form("target", "y1 = 1", "one target of the selected sample",
             r"(?P<place>y\s*(?:[0-9]+|\[[^\]]*\]))" + _TO, _place),
        Form("learning rate", "eta = 0.1", "the learning rate η", r"(?:eta|lr|learning[ _-]?rate)" + _TO, _eta),
        Form("optimizer", "optimizer = adam", "another optimiser; a number after its name is η",
             r"(?:optimi[sz]er|opt)" + _TO, _optimizer),
        Form("optimiser option", "momentum = 0.8", f"an option of the optimiser: {', '.join(OPTIONS)}",
             rf"(?P<name>{'|'.join(OPTIONS).replace('_', '[ _-]')})" + _TO, _option),
        Form("loss", "loss = mean_squared_error", "another loss", r"loss" + _TO, _loss),
        Form("activation", "activation 1 = relu", "the activation of layer 1",
             r"act(?:ivation)?" + _OF + _TO, _activation),
        Form("batch size", "batch = 2", "rows per pass; full takes all", r"batch(?:[ _-]?size)?" + _TO, _batch),
        Form("shuffle", "shuffle = off", "a fresh order of the rows in each epoch, or not", r"shuffle" + _TO, _shuffle),
        Form("reduction", "reduction = sum", "mean or sum over the batch", r"reduction" + _TO, _reduction),
        Form("l1", "l1 = 0.001", "the penalty l1·Σ|w|", r"(?P<name>l1)" + _TO, _penalty),
        Form("l2", "l2 = 0.01", "the penalty ½·l2·Σw²", r"(?P<name>l2)" + _TO, _penalty),
        Form("noise", "noise = 0.2", "the noise of generated data", r"noise" + _TO, _noise),
        Form("samples", "samples = 300", "how many samples are generated", r"samples" + _TO, _samples),
        Form("standardize", "standardize = on", "inputs brought to mean 0 and deviation 1, or as they are",
             r"standardi[sz]e" + _TO, _standardize),
        Form("data", "data seed = 5", "draw the data anew; without a number, from the next seed",
             r"(?:data seed|regenerate(?: data)?|data)" + _TO, _data_seed),
        Form("seed", "seed = 5", "draw all initial weights anew; without a number, from the next seed",
             r"seed" + _TO, _seed),
        Form("initialisation", "init = he_normal", "draw all layers anew, or one of them: init 1 = normal std=0.1",
             r"init(?:iali[sz]ation)?" + _OF + r"\s*(?:=|\s)\s*(?P<value>\S.*)", _init),
        Form("units", "units 1 = 6", "how many units layer 1 has; those that stay keep their weights",
             r"units?" + _OF + _TO, _units),
        Form("add units", "add 2 units to layer 1", "new units at the end of a layer",
             r"add\s+(?:(?P<count>[0-9]{1,6})\s+)?units?\s+" + _IN, _add_units),
        Form("remove unit", "remove unit 2 of layer 1", "take one unit out of a layer",
             r"remove\s+unit\s+(?P<unit>[0-9]{1,6})\s+" + _IN, _remove_unit),
        Form("add layer", "add layer 2 4 relu", "a hidden layer that becomes layer 2, of 4 units",
             r"add\s+layer\s+(?P<layer>[0-9]{1,6})\s+(?P<units>[0-9]{1,9})(?:\s+(?P<activation>.*))?", _add_layer),
        Form("remove layer", "remove layer 1", "take a hidden layer out",
             r"remove\s+layer\s+(?P<layer>[0-9]{1,6})", _remove_layer),
        Form("freeze", "freeze w1", "no update moves the weights of layer 1; b1 for its bias",
             r"(?P<verb>freeze)\s+(?P<key>[wb])(?P<layer>[0-9]{1,6})", _freeze),
        Form("unfreeze", "unfreeze w1", "let updates move them again",
             r"(?P<verb>unfreeze)\s+(?P<key>[wb])(?P<layer>[0-9]{1,6})", _freeze),
    )
}  # fmt: skip
