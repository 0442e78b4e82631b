"""The sections of a program for NumPy."""

from __future__ import annotations

from nn_tui.core.program.arrays import ArrayGroup
from nn_tui.core.program.numpy_layers import backward_section, network_section
from nn_tui.core.program.numpy_loss import loss_section
from nn_tui.core.program.numpy_optimizer import optimizer_count, optimizer_section, update_source
from nn_tui.core.program.parameters import parameters_section
from nn_tui.core.program.predict import predict_section
from nn_tui.core.program.source import INDENT, blocks, code, function
from nn_tui.core.program.training import batch_lines, has_batches, has_penalty
from nn_tui.core.program.values import CodeSection
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.translation import message, tr


def numpy_sections(checkpoint: Checkpoint, data: ArrayGroup, parameters: ArrayGroup) -> tuple[CodeSection, ...]:
    """Return the sections between the data and the command line.

    Args:
        checkpoint: The network.
        data: The arrays of its data, from :func:`~nn_tui.core.program.data.data_group`.
        parameters: Its arrays, from :func:`~nn_tui.core.program.parameters.parameter_group`.
    """
    experiment = checkpoint.experiment
    return (
        parameters_section(checkpoint, parameters),
        network_section(experiment),
        loss_section(experiment),
        backward_section(experiment),
        optimizer_section(checkpoint),
        _training_section(checkpoint),
        predict_section(experiment, data, "numpy", _prediction(checkpoint)),
    )


def _prediction(checkpoint: Checkpoint) -> str:
    if checkpoint.experiment.training.loss == "perceptron":
        return "(forward({x}, parameters)[-1] >= 0).astype(float)"
    return "forward({x}, parameters)[-1]"


def _training_section(checkpoint: Checkpoint) -> CodeSection:
    experiment = checkpoint.experiment
    x, y, batch = "x_train", "y_train", []
    if has_batches(experiment):
        x, y = "x", "y"
        batch = [f"{2 * INDENT}batch = batch_rows(n)", f"{2 * INDENT}x, y = x_train[batch], y_train[batch]"]
    penalty = ", parameters" if has_penalty(experiment.training) else ""
    is_nadam = bool(checkpoint.state.scalars)
    body = [
        f"    global parameters, {'product, ' if is_nadam else ''}updates_done",
        "    for n in range(updates_done + 1, updates_done + updates + 1):",
        *batch,
        f"        values = forward({x}, parameters)",
        f"        loss = compute_loss({y}, values{penalty})",
        f"        gradients = backward({x}, {y}, parameters, values)",
        *([f"{2 * INDENT}product = product * momentum_of({optimizer_count(checkpoint)})"] if is_nadam else []),
        f"        parameters = {update_source(checkpoint)}",
        '        print(f"update {n} loss {loss}")',
        "        updates_done = n",
    ]
    text = tr("Go on with the training, and print the loss of each update.")
    lines = blocks(
        batch_lines(experiment),
        code(f"updates_done = {checkpoint.updates}"),
        function("train(updates)", text, "\n".join(body)),
    )
    return CodeSection("training", message("The training"), lines)
