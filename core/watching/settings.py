"""What a person says about the network that is watched: names of activations, loss and optimiser, in many spellings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nn_tui.core.fields import check_choice, check_float
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.parser import parse_training
from nn_tui.core.spec import OptimizerSpec, Reduction
from nn_tui.core.translation import message
from nn_tui.core.watching.modules import loss_facts, optimizer_facts
from nn_tui.core.watching.structure import Hints

_ACTIVATIONS: Mapping[str, str] = {
    "linear": "identity", "none": "identity", "logistic": "sigmoid", "sigm": "sigmoid", "hyperbolictangent": "tanh",
    "leakyrelu": "leaky_relu", "swish": "silu",
}  # fmt: skip
_LOSSES: Mapping[str, str] = {
    "mse": "mean_squared_error", "mae": "mean_absolute_error", "l1loss": "mean_absolute_error",
    "bce": "binary_cross_entropy", "binarycrossentropy": "binary_cross_entropy", "logloss": "binary_cross_entropy",
    "ce": "cross_entropy", "crossentropy": "cross_entropy", "categoricalcrossentropy": "cross_entropy",
    "nll": "cross_entropy", "halfmse": "half_squared_error",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """What a person said.

    Attributes:
        hints: The activations, the loss and its reduction.
        optimizer: The optimiser; None to find it out.
        learning_rate: η; None to find it out.
        source: The optimiser of PyTorch, whose learning rate may change; None without one.
    """

    hints: Hints
    optimizer: OptimizerSpec | None
    learning_rate: float | None
    source: Any = None

    def rate(self) -> float | None:
        """Return the learning rate of now; None if it is not known."""
        if self.source is not None:
            return float(self.source.param_groups[0]["lr"])
        return self.learning_rate


def read_settings(
    activations: object,
    loss: object,
    optimizer: object,
    learning_rate: object,
    reduction: object,
    l1: object,
    l2: object,
) -> WatchSettings:
    """Return what a person said; the arguments are those of ``watch``.

    Raises:
        InputError: A name is unknown, or a number is out of range.
    """
    facts = loss_facts(loss)
    chosen: Reduction | None = None if facts is None else facts.reduction
    if reduction is not None:
        name = check_choice(reduction, ("reduction",), ("mean", "sum"), message("a reduction"))
        chosen = "sum" if name == "sum" else "mean"
    names = _activations(activations)
    loss_name = facts.name if facts is not None else _choice(loss, "loss", _LOSSES, LOSSES)
    own = "softmax" if loss_name == "cross_entropy" else "sigmoid" if loss_name == "binary_cross_entropy" else ""
    if own and names and names[-1] == "identity":  # the loss includes the activation, as in PyTorch
        names = (*names[:-1], own)
    spec = optimizer_facts(optimizer)
    rate = None if learning_rate is None else check_float(learning_rate, ("learning_rate",), above=0)
    penalties = [check_float(value, (key,), min_=0) for key, value in (("l1", l1), ("l2", l2))]
    hints = Hints(names, loss_name, chosen, *penalties)
    if spec is not None:
        return WatchSettings(hints, spec, spec.learning_rate, optimizer)
    return WatchSettings(hints, _optimizer(optimizer), rate)


def _activations(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(_choice(each, "activations", _ACTIVATIONS, ACTIVATIONS) for each in values)


def _choice(value: object, argument: str, others: Mapping[str, str], names: Mapping[str, object]) -> str:
    """Return the name of ours for a name, a function or an object of PyTorch."""
    if value is None:
        return ""
    name = value if isinstance(value, str) else str(getattr(value, "__name__", type(value).__name__))
    plain = re.sub(r"[\s_\-]", "", name).lower()
    same = {name.replace("_", ""): name for name in names}
    found = same.get(plain) or others.get(plain) or others.get(plain.removesuffix("loss")) or name
    kind = message("a loss") if argument == "loss" else message("an activation")
    return check_choice(found, (argument,), names, kind)


def _optimizer(value: object) -> OptimizerSpec | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        table: dict[str, object] = {"training": {"loss": "half_squared_error", "optimizer": dict(value)}}
        return parse_training(table).optimizer
    return OptimizerSpec(check_choice(value, ("optimizer",), OPTIMIZERS, message("an optimiser")))
