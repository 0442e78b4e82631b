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
_OPTIMIZERS: Mapping[str, tuple[str, tuple[str, ...]]] = {  # the name of ours, and its options besides β₁ and β₂
    "SGD": ("sgd", ()), "Adam": ("adam", ("eps",)), "AdamW": ("adamw", ("eps", "weight_decay")),
    "NAdam": ("nadam", ("eps", "momentum_decay")), "Adagrad": ("adagrad", ("eps",)),
    "RMSprop": ("rmsprop", ("alpha", "eps")),
}  # fmt: skip
_OTHER_OPTIONS = (  # options of optimisers that ours do not have; momentum is one of SGD alone
    "weight_decay", "dampening", "centered", "amsgrad", "lr_decay", "initial_accumulator_value", "maximize", "momentum",
)  # fmt: skip
_FIXED_OPTIONS: Mapping[str, Mapping[str, object]] = {  # of activations and losses: the only values that ours have
    "LeakyReLU": {"negative_slope": 0.01}, "ELU": {"alpha": 1.0}, "GELU": {"approximate": "none"},
    "Softplus": {"beta": 1.0, "threshold": 20.0},
    "HuberLoss": {"delta": 1.0}, "SmoothL1Loss": {"beta": 1.0}, "BCELoss": {"weight": None},
    "BCEWithLogitsLoss": {"weight": None, "pos_weight": None},
    "CrossEntropyLoss": {"weight": None, "label_smoothing": 0.0},
}  # fmt: skip
_LAYERS = "torch.nn.modules."  # the Python modules of PyTorch's layers begin with this
_WITHOUT_LAYERS = tuple(f"{_LAYERS}{name}" for name in ("module", "container", "flatten", "loss"))


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
        InputError: It has a layer that is not dense, or an activation with options that ours do not have.
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
        elif kind in _ACTIVATIONS:
            _check_options(part, "weights")
            if found and not found[-1]:
                found[-1] = _ACTIVATIONS[kind]
        elif _is_other_layer(part):
            problem = message(
                "the module has a layer {kind}; only networks of dense layers (Linear) can be watched.",
                kind=truncate(printable(kind)),
            )
            raise InputError("not_available", problem, path=("weights",))
    is_sequential = type(module).__name__ == "Sequential"
    # After the last layer, the loss may include the activation.
    return (*(name or "identity" for name in found[:-1]), *found[-1:]) if is_sequential else None


def _is_other_layer(part: Any) -> bool:
    """Return whether a part of a module is a layer of PyTorch that ours do not have."""
    kind, file = type(part).__name__, type(part).__module__
    if not file.startswith(_LAYERS) or file in _WITHOUT_LAYERS or kind == "LogSoftmax":
        return False
    return not (file == f"{_LAYERS}dropout" and (not part.training or part.p == 0.0))


def _check_options(value: object, argument: str) -> None:
    """Raise InputError if an activation or a loss of PyTorch has an option with which ours computes other numbers."""
    kind = type(value).__name__
    for option, expected in _FIXED_OPTIONS.get(kind, {}).items():
        found = getattr(value, option, expected)
        if found is not expected and (expected is None or found != expected):
            problem = message(
                "{kind} can only be watched with {option}={value}.", kind=kind, option=option, value=repr(expected)
            )
            raise InputError("not_available", problem, path=(argument,))


@dataclass(frozen=True, slots=True)
class LossFacts:
    """What a loss object of PyTorch computes: the loss, its reduction, and the activation that it includes."""

    name: str
    reduction: Reduction
    activation: str


def loss_facts(value: object) -> LossFacts | None:
    """Return what a loss object computes; None if it is none that is known.

    Raises:
        InputError: It has an option that our losses do not have.
    """
    known = _LOSSES.get(type(value).__name__)
    if known is None:
        return None
    _check_options(value, "loss")
    return LossFacts(known[0], "sum" if getattr(value, "reduction", "mean") == "sum" else "mean", known[1])


def optimizer_facts(value: Any) -> OptimizerSpec | None:
    """Return what an optimiser of PyTorch does; None if it is none.

    Raises:
        InputError: It has an option that our optimisers do not have.
    """
    groups = getattr(value, "param_groups", None)
    if not groups:
        return None
    kind, group = truncate(printable(type(value).__name__)), groups[0]
    if kind not in _OPTIMIZERS:
        problem = message(
            "{kind} cannot be watched; leave out optimizer: the gradients are checked all the same.", kind=kind
        )
        raise InputError("not_available", problem, path=("optimizer",))
    name, own = _OPTIMIZERS[kind]
    if kind == "SGD" and group.get("momentum"):
        name, own = "nesterov" if group.get("nesterov") else "momentum", ("momentum",)
    other = next((option for option in _OTHER_OPTIONS if group.get(option) and option not in own), None)
    if other is not None:
        problem = message(
            "{kind} cannot be watched with {option}; leave out optimizer: the gradients are checked all the same.",
            kind=kind,
            option=other,
        )
        raise InputError("not_available", problem, path=("optimizer",))
    if any(each.get(option) != group.get(option) for each in groups for option in ("lr", "betas", *own)):
        problem = message(
            "its groups of parameters have different options; leave out optimizer: the gradients are checked all the "
            "same."
        )
        raise InputError("not_available", problem, path=("optimizer",))
    options = {option: float(group[option]) for option in own if option in group}
    if "betas" in group:
        options |= {"beta1": float(group["betas"][0]), "beta2": float(group["betas"][1])}
    return OptimizerSpec(name, float(group["lr"]), tuple(options.items()))
