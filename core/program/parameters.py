"""The section of a program with the weights and biases, and the arrays of the optimiser's state."""

from __future__ import annotations

from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.program.arrays import ArrayGroup, array_group
from nn_tui.core.program.source import (
    Lines,
    array_source,
    blocks,
    code,
    comment,
    list_source,
    number_source,
    with_key,
)
from nn_tui.core.program.values import AnyArray, CodeSection, Framework
from nn_tui.core.refs import STATE_LETTERS
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import message, tr, tr_plural

_MAX_NUMBERS = 100  # weights, biases and numbers of the optimiser's state that may stand in the text


def parameter_names(layers: int, before: str = "", after: str = "") -> list[str]:
    """Return the names of the parameters in order: ``w1``, ``b1``, ``w2`` …

    Args:
        layers: The number of layers.
        before: Text before each name, such as ``d`` for the gradients.
        after: Text behind each name.
    """
    return [f"{before}{letter}{number}{after}" for number in range(1, layers + 1) for letter in "wb"]


def slot_letters(checkpoint: Checkpoint) -> list[str]:
    """Return the letters of the arrays in the optimiser's state: ``m`` and ``v`` for Adam."""
    slots = OPTIMIZERS[checkpoint.experiment.training.optimizer.name].slots
    return [STATE_LETTERS[slot] for slot in slots]


def parameter_group(checkpoint: Checkpoint, framework: Framework) -> ArrayGroup:
    """Return weights, biases and the arrays of the optimiser's state by name: ``w1``, ``b1``, …, ``v_w1``, …"""
    state = checkpoint.state
    arrays: dict[str, AnyArray] = {}
    for number, (weights, bias) in enumerate(zip(state.weights, state.biases, strict=True), 1):
        arrays |= {f"w{number}": weights, f"b{number}": bias}
    for index, letter in enumerate(slot_letters(checkpoint) if state.steps else ()):
        for number, (weights, bias) in enumerate(zip(*state.slot(index), strict=True), 1):
            arrays |= {f"{letter}_w{number}": weights, f"{letter}_b{number}": bias}
    return array_group(arrays, tuple(arrays) if framework == "pytorch" else (), _MAX_NUMBERS)


def parameter_lines(checkpoint: Checkpoint, group: ArrayGroup) -> Lines:
    """Return the assignments of weights and biases, from :func:`parameter_group`."""
    text = tr_plural(
        "Weights (units, inputs) and biases (units,) after {count:,} update.",
        "Weights (units, inputs) and biases (units,) after {count:,} updates.",
        checkpoint.updates,
    )
    if not checkpoint.updates:
        text = tr("Weights (units, inputs) and biases (units,) before the first update.")
    lines = list(comment(text))
    for layer in range(len(checkpoint.experiment.layers)):
        lines += with_key(group.lines[f"w{layer + 1}"], "w", layer)
        lines += with_key(group.lines[f"b{layer + 1}"], "b", layer)
    return tuple(lines)


def state_lines(checkpoint: Checkpoint, group: ArrayGroup, framework: Framework) -> Lines:
    """Return the assignment of the arrays of the optimiser's state: a dictionary for each kind, by parameter.

    Args:
        checkpoint: The network.
        group: Its arrays, from :func:`parameter_group`.
        framework: What the program computes with.
    """
    names, letters = parameter_names(len(checkpoint.experiment.layers)), slot_letters(checkpoint)
    lines = [*comment(state_text(checkpoint.experiment))]
    if not checkpoint.state.steps or group.stored:
        lines += list_source([f'"{name}"' for name in names], "names = ")
    if not checkpoint.state.steps:
        pairs = "for name, w in zip(names, parameters)"
        return (*lines, *code("\n".join(f"{letter} = {{name: np.zeros_like(w) {pairs}}}" for letter in letters)))
    for letter in letters:
        if group.stored:
            value = f'arrays[f"{letter}_{{name}}"]'
            value = f"torch.tensor({value})" if framework == "pytorch" else value
            lines += code(f"{letter} = {{name: {value} for name in names}}")
            continue
        lines += code(f"{letter} = {{}}")
        call = "torch.tensor" if framework == "pytorch" else "np.array"
        for name in names:
            lines += array_source(f'{letter}["{name}"]', group.arrays[f"{letter}_{name}"], call)
    return tuple(lines)


_ADAM_TEXT = message(
    "The state of the optimiser, for each parameter: m is the running average of its gradient g, v that of g**2."
)
_STATE_TEXTS = {
    **dict.fromkeys(
        ("momentum", "nesterov"),
        message("The state of the optimiser, for each parameter: its velocity v, which adds up its gradients."),
    ),
    "adagrad": message("The state of the optimiser, for each parameter: s is the sum of g**2 for its gradient g."),
    "rmsprop": message(
        "The state of the optimiser, for each parameter: s is the running average of g**2 for its gradient g."
    ),
    **dict.fromkeys(("adam", "adamw", "nadam"), _ADAM_TEXT),
}


def state_text(experiment: Experiment) -> str:
    """Return what the arrays of the optimiser's state are; "" if it has none."""
    return str(_STATE_TEXTS.get(experiment.training.optimizer.name, ""))


def counts_updates(experiment: Experiment) -> bool:
    """Return whether the rule of the optimiser has the number of the update."""
    return experiment.training.optimizer.name in ("adam", "adamw", "nadam")


def parameters_section(checkpoint: Checkpoint, group: ArrayGroup) -> CodeSection:
    """Return the section of a program for NumPy: ``parameters``, and the arrays of the optimiser's state."""
    names = parameter_names(len(checkpoint.experiment.layers))
    lines = (*parameter_lines(checkpoint, group), *list_source(names, "parameters = "))
    if not slot_letters(checkpoint):
        return CodeSection("parameters", message("Weights and biases"), lines)
    state = list(state_lines(checkpoint, group, "numpy"))
    if checkpoint.state.scalars:
        state += comment(tr("The product of the momentum of all updates so far"))
        state += code(f"product = {number_source(checkpoint.state.scalars[0])}")
    title = message("Weights and biases, and the state of the optimiser")
    return CodeSection("parameters", title, blocks(lines, state))
