"""What the objects of PyTorch say about a network, its loss and its optimiser; PyTorch is not imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nn_tui.core.errors import InputError
from nn_tui.core.spec import OptimizerSpec, Reduction
from nn_tui.core.text import printable, truncate
from nn_tui.core.translation import message

_ACTIVATIONS: Mapping[str, str] = {
    "Identity": "identity", "Sigmoid": "sigmoid", "Tanh": "tanh", "ReLU": "relu", "LeakyReLU": "leaky_relu",
    "ELU": "elu", "GELU": "gelu", "SiLU": "silu", "Mish": "mish", "Softplus": "softplus", "Softmax": "softmax",
}  # fmt: skip
_LOSSES: Mapping[str, tuple[str, str]] = {  # the name of ours, and the activation that it includes
    "MSELoss": ("mean_squared_error", ""), "L1Loss": ("mean_absolute_error", ""), "HuberLoss": ("huber", ""),
    "SmoothL1Loss": ("huber", ""), "BCELoss": ("binary_cross_entropy", ""),
    "BCEWithLogitsLoss": ("binary_cross_entropy", "sigmoid"), "CrossEntropyLoss": ("cross_entropy", "softmax"),
}  # fmt: skip
_OPTIMIZERS: Mapping[str, tuple[str, Mapping[str, str]]] = {  # the name of ours, and its options by theirs
    "SGD": ("sgd", {}), "Adam": ("adam", {"eps": "eps"}), "NAdam": ("nadam", {"eps": "eps"}),
    "AdamW": ("adamw", {"eps": "eps", "weight_decay": "weight_decay"}), "Adagrad": ("adagrad", {"eps": "eps"}),
    "RMSprop": ("rmsprop", {"alpha": "alpha", "eps": "eps"}),
}  # fmt: skip
_UNKNOWN = ("weight_decay", "dampening", "centered", "amsgrad", "lr_decay", "initial_accumulator_value", "maximize")


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """What a module of PyTorch is made of.

    Attributes:
        parameters: Its parameters by name, in order.
        gradients: Their gradients by the same names; of parameters that have one.
        frozen: The names of the parameters that need no gradient.
        activations: The activation after each dense layer, "" where no module says it; None if nothing is known,
            because the class has a ``forward`` of its own.
    """

    parameters: Mapping[str, Any]
    gradients: Mapping[str, Any]
    frozen: frozenset[str]
    activations: tuple[str, ...] | None


def module_facts(value: Any) -> ModuleFacts | None:
    """Return what a module is made of; None if the value is no module.

    Raises:
        InputError: It has a layer that is not dense.
    """
    if not callable(getattr(value, "named_parameters", None)):
        return None
    parameters = dict(value.named_parameters())
    return ModuleFacts(
        parameters,
        {name: parameter.grad for name, parameter in parameters.items() if parameter.grad is not None},
        frozenset(name for name, parameter in parameters.items() if not parameter.requires_grad),
        _activations(value),
    )


def _activations(module: Any) -> tuple[str, ...] | None:
    found: list[str] = []
    for part in module.modules():
        kind = type(part).__name__
        if kind == "Linear":
            found.append("")
        elif kind in _ACTIVATIONS and found and not found[-1]:
            found[-1] = _ACTIVATIONS[kind]
        elif kind.startswith(("Conv", "BatchNorm", "LayerNorm", "RNN", "LSTM", "GRU", "Embedding", "Transformer")):
            problem = message(
                "the module has a layer {kind}; only networks of dense layers (Linear) can be watched.",
                kind=truncate(printable(kind)),
            )
            raise InputError("not_available", problem, path=("weights",))
    is_sequential = type(module).__name__ == "Sequential"
    # After the last layer, the loss may include the activation.
    return (*(name or "identity" for name in found[:-1]), *found[-1:]) if is_sequential else None


@dataclass(frozen=True, slots=True)
class LossFacts:
    """What a loss object of PyTorch computes: the loss, its reduction, and the activation that it includes."""

    name: str
    reduction: Reduction
    activation: str


def loss_facts(value: object) -> LossFacts | None:
    """Return what a loss object computes; None if it is none that is known."""
    known = _LOSSES.get(type(value).__name__)
    if known is None:
        return None
    return LossFacts(known[0], "sum" if getattr(value, "reduction", "mean") == "sum" else "mean", known[1])


def optimizer_facts(value: Any) -> OptimizerSpec | None:
    """Return what an optimiser of PyTorch does; None if it is none.

    Raises:
        InputError: It has an option that our optimisers do not have.
    """
    groups = getattr(value, "param_groups", None)
    if not groups:
        return None
    kind, group = type(value).__name__, groups[0]
    other = next((name for name in _UNKNOWN if group.get(name) and not (kind == "AdamW" and name in _OWN)), None)
    if kind not in _OPTIMIZERS or other is not None or (kind == "RMSprop" and group.get("momentum")):
        problem = message(
            "the optimiser {name} is none that can be watched with these options; leave out optimizer, and the "
            "updates are not checked.",
            name=truncate(printable(kind)),
        )
        raise InputError("not_available", problem, path=("optimizer",))
    name, options = _OPTIMIZERS[kind]
    chosen = {ours: float(group[theirs]) for theirs, ours in options.items() if theirs in group}
    if "betas" in group:
        chosen |= {"beta1": float(group["betas"][0]), "beta2": float(group["betas"][1])}
    if kind == "NAdam":
        chosen["momentum_decay"] = float(group["momentum_decay"])
    if kind == "SGD" and group.get("momentum"):
        name, chosen = "nesterov" if group.get("nesterov") else "momentum", {"momentum": float(group["momentum"])}
    return OptimizerSpec(name, float(group["lr"]), tuple(chosen.items()))


_OWN = ("weight_decay",)
