"""The section of a program with the weights and biases, and the arrays of the optimiser's state."""

from __future__ import annotations

import numpy as np

from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.program.arrays import ArrayGroup, array_group
from nn_tui.core.program.source import Lines, code, comment, list_source
from nn_tui.core.program.values import CodeSection
from nn_tui.core.refs import STATE_LETTERS
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Array
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
    arrays: dict[str, Array] = {}
    for number, (weights, bias) in enumerate(zip(state.weights, state.biases, strict=True), 1):
        arrays |= {f"w{number}": np.ascontiguousarray(weights), f"b{number}": np.ascontiguousarray(bias)}
    for index, letter in enumerate(slot_letters(checkpoint)):
        for number, (weights, bias) in enumerate(zip(*state.slot(index), strict=True), 1):
            arrays |= {
                f"{letter}_w{number}": np.ascontiguousarray(weights),
                f"{letter}_b{number}": np.ascontiguousarray(bias),
            }
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
    names = parameter_names(len(checkpoint.experiment.layers))
    return (*comment(text), *(line for name in names for line in group.lines[name]))


def state_lines(checkpoint: Checkpoint, group: ArrayGroup) -> Lines:
    """Return the assignments of the arrays of the optimiser's state, from :func:`parameter_group`."""
    names = parameter_names(len(checkpoint.experiment.layers))
    lines: list[Lines] = []
    for letter in slot_letters(checkpoint):
        for name in names:
            slot = f"{letter}_{name}"
            is_new = not group.is_stored and not group.arrays[slot].any()
            lines.append(code(f"{slot} = np.zeros_like({name})") if is_new else group.lines[slot])
    return tuple(line for source in lines for line in source)


def parameters_section(checkpoint: Checkpoint, group: ArrayGroup) -> CodeSection:
    """Return the section of a program for NumPy: it assigns ``parameters``, a list in the order of the layers."""
    names = parameter_names(len(checkpoint.experiment.layers))
    lines = (*parameter_lines(checkpoint, group), *list_source(names, "parameters = "))
    return CodeSection("parameters", message("Weights and biases"), lines)
