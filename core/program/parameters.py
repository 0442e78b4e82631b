"""The section of a program with the weights and biases, and the arrays of the optimiser's state."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.program.arrays import ArrayGroup, array_group
from nn_tui.core.program.source import Lines, blocks, code, comment, list_source, number_source, with_key
from nn_tui.core.program.values import AnyArray, CodeSection
from nn_tui.core.refs import STATE_LETTERS
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import message, tr, tr_plural


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


def parameter_group(checkpoint: Checkpoint) -> ArrayGroup:
    """Return weights, biases and the arrays of the optimiser's state by name: ``w1``, ``b1``, …, ``v_w1``, …"""
    state = checkpoint.state
    arrays: dict[str, AnyArray] = {}
    for number, (weights, bias) in enumerate(zip(state.weights, state.biases, strict=True), 1):
        arrays |= {f"w{number}": weights, f"b{number}": bias}
    for index, letter in enumerate(slot_letters(checkpoint)):
        for number, (weights, bias) in enumerate(zip(*state.slot(index), strict=True), 1):
            arrays |= {f"{letter}_w{number}": weights, f"{letter}_b{number}": bias}
    return array_group(arrays)


def parameter_lines(checkpoint: Checkpoint, group: ArrayGroup) -> Lines:
    """Return the assignments of weights and biases, from :func:`parameter_group`."""
    text = tr_plural(
        "Weights (units, inputs) and biases (units,) of each layer after {count:,} update.",
        "Weights (units, inputs) and biases (units,) of each layer after {count:,} updates.",
        checkpoint.updates,
    )
    if not checkpoint.updates:
        text = tr("Weights (units, inputs) and biases (units,) of each layer before the first update.")
    lines = list(comment(text))
    for layer in range(len(checkpoint.experiment.layers)):
        lines += with_key(group.lines[f"w{layer + 1}"], "w", layer)
        lines += with_key(group.lines[f"b{layer + 1}"], "b", layer)
    return tuple(lines)


def state_lines(checkpoint: Checkpoint, group: ArrayGroup, names: Sequence[str]) -> Lines:
    """Return the assignments of the arrays of the optimiser's state.

    Args:
        checkpoint: The network.
        group: Its arrays, from :func:`parameter_group`.
        names: The names of the parameters, such as ``w1``, whose arrays are assigned.
    """
    lines: list[Lines] = []
    for letter in slot_letters(checkpoint):
        for name in names:
            slot = f"{letter}_{name}"
            is_new = slot not in group.stored and not group.arrays[slot].any()
            lines.append(code(f"{slot} = np.zeros_like({name})") if is_new else group.lines[slot])
    return tuple(line for source in lines for line in source)


def counts_updates(experiment: Experiment) -> bool:
    """Return whether the rule of the optimiser has the number of the update."""
    return experiment.training.optimizer.name in ("adam", "adamw", "nadam")


def numpy_state_lines(checkpoint: Checkpoint, group: ArrayGroup) -> Lines:
    """Return the assignment of ``state``: a list for each kind of array, and the numbers beside them."""
    if not slot_letters(checkpoint):
        return ()
    names, letters = parameter_names(len(checkpoint.experiment.layers)), slot_letters(checkpoint)
    text = tr("What the optimiser remembers: arrays with a number for each parameter.")
    lists = [list_source([f"{letter}_{name}" for name in names], f"{letter} = ") for letter in letters]
    state = list(letters)
    lines = [*comment(text), *state_lines(checkpoint, group, names), *(line for source in lists for line in source)]
    if counts_updates(checkpoint.experiment):
        note = tr("the number of updates that the optimiser has made")
        lines += code(f"t = {checkpoint.state.steps}  # {note}")
        state.append("t")
    if checkpoint.state.scalars:
        note = tr("the product of the momentum of all updates")
        lines += code(f"product = {number_source(checkpoint.state.scalars[0])}  # {note}")
        state.append("product")
    return (*lines, *list_source(state, "state = ", brackets="()"))


def parameters_section(checkpoint: Checkpoint, group: ArrayGroup) -> CodeSection:
    """Return the section of a program for NumPy: it assigns ``parameters`` and ``state``."""
    names = parameter_names(len(checkpoint.experiment.layers))
    lines = (*parameter_lines(checkpoint, group), *list_source(names, "parameters = "))
    if not slot_letters(checkpoint):
        return CodeSection("parameters", message("Weights and biases"), lines)
    title = message("Weights and biases, and the state of the optimiser")
    return CodeSection("parameters", title, blocks(lines, numpy_state_lines(checkpoint, group)))
