"""The sections of a program for PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tui.core.engine.steps import BACKWARD, Operation
from nn_tui.core.program.arrays import ArrayGroup
from nn_tui.core.program.formulas import backward_formulas
from nn_tui.core.program.parameters import parameter_lines, state_lines
from nn_tui.core.program.predict import predict_section
from nn_tui.core.program.source import INDENT, Lines, blocks, code, docstring, function
from nn_tui.core.program.torch_loss import loss_section
from nn_tui.core.program.torch_network import can_learn, has_state, network_section
from nn_tui.core.program.torch_optimizer import optimizer_section
from nn_tui.core.program.training import batch_lines, has_batches, has_penalty
from nn_tui.core.program.values import CodeLine, CodeSection
from nn_tui.core.refs import QuantityKey
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import message, tr

Operations = tuple[tuple[Operation, int], ...]
_PREDICTIONS = {
    "binary_cross_entropy": "torch.sigmoid(model(x)).numpy()",
    "cross_entropy": "torch.softmax(model(x), dim=1).numpy()",
    "perceptron": "(model(x) >= 0).double().numpy()",
}
"""What is predicted for the inputs x, by the loss, if it is not the output of the model."""


def torch_sections(checkpoint: Checkpoint, data: ArrayGroup, parameters: ArrayGroup) -> tuple[CodeSection, ...]:
    """Return the sections between the data and the command line.

    Args:
        checkpoint: The network.
        data: The arrays of its data, from :func:`~nn_tui.core.program.data.data_group`.
        parameters: Its arrays, from :func:`~nn_tui.core.program.parameters.parameter_group`.
    """
    experiment = checkpoint.experiment
    return (
        _parameters_section(checkpoint, parameters),
        network_section(checkpoint),
        loss_section(experiment),
        *([optimizer_section(checkpoint)] if can_learn(experiment) else []),
        _training_section(checkpoint),
        predict_section(experiment, data, "pytorch", "compute_outputs({x})", _outputs_function(experiment)),
    )


def torch_import_lines(checkpoint: Checkpoint) -> Lines:
    """Return the imports of PyTorch."""
    lines = ["import torch", "from torch import nn"]
    if not checkpoint.experiment.training.schedule.is_constant and can_learn(checkpoint.experiment):
        lines.append("from torch.optim import lr_scheduler")
    return code("\n".join(lines))


def precision_lines() -> Lines:
    """Return what lets PyTorch compute with as many digits as NumPy and this program."""
    return code(f"torch.set_default_dtype(torch.float64)  # {tr('as many digits as NumPy has')}")


def _parameters_section(checkpoint: Checkpoint, parameters: ArrayGroup) -> CodeSection:
    weights = parameter_lines(checkpoint, parameters)
    if not has_state(checkpoint):
        return CodeSection("parameters", message("Weights and biases"), weights)
    title = message("Weights and biases, and the state of the optimiser")
    return CodeSection("parameters", title, blocks(weights, state_lines(checkpoint, parameters, "pytorch")))


def _training_section(checkpoint: Checkpoint) -> CodeSection:
    experiment = checkpoint.experiment
    train = (
        *code("def train(updates):"),
        *docstring(tr("Go on with the training, and print the loss of each update.")),
        *code("    global updates_done"),
        *code("    for n in range(updates_done + 1, updates_done + updates + 1):"),
        *_update_lines(experiment, INDENT * 2),
        *code('        print(f"update {n} loss {loss.item()}")'),
        *code("        updates_done = n"),
    )
    done = code(f"updates_done = {checkpoint.updates}")
    parts = blocks(batch_lines(experiment), done, train)
    # Autograd does what these formulas say.
    return CodeSection("training", message("The training"), parts, backward_formulas(experiment))


def _update_lines(experiment: Experiment, indent: str) -> Iterator[CodeLine]:
    """Yield update ``n``, which gives its ``loss``."""
    layers = range(len(experiment.layers))
    backward: Operations = tuple((operation, layer) for layer in reversed(layers) for operation in BACKWARD)
    update: Operations = tuple(("update", layer) for layer in layers)
    forward: Operations = tuple((operation, layer) for layer in layers for operation in ("z", "a"))
    x, y = "x_train", "y_train"
    if has_batches(experiment):
        x, y = "x_train[batch]", "y_train[batch]"
        yield CodeLine(f"{indent}batch = batch_rows(n)")
    loss = f"loss = loss_function(model({x}), {y})" + (" + penalty()" if has_penalty(experiment.training) else "")
    loss_line = CodeLine(f"{indent}{loss}", (("loss", -1),), QuantityKey("loss"), -1, runs=forward)
    if not can_learn(experiment):  # there is nothing that autograd could differentiate by
        yield loss_line
        return
    yield CodeLine(f"{indent}optimizer.zero_grad()")
    yield loss_line
    yield CodeLine(f"{indent}loss.backward()  # {tr('backward pass: the gradients')}", backward)
    yield CodeLine(f"{indent}optimizer.step()  # {tr('update of the weights and biases')}", update)
    schedule = experiment.training.schedule
    if schedule.is_constant:
        return
    if schedule.per == "epoch" and has_batches(experiment):
        yield CodeLine(f"{indent}if n % batches_per_epoch == 0:")
        indent += INDENT
    yield CodeLine(f"{indent}scheduler.step()")


def _outputs_function(experiment: Experiment) -> Lines:
    """Return the function that computes the outputs of the network, in its own units."""
    prediction = _PREDICTIONS.get(experiment.training.loss, "model(x).numpy()")
    body = f"{INDENT}with torch.no_grad():\n{INDENT * 2}return {prediction}"
    return function("compute_outputs(x)", tr("Return the outputs of the network for its inputs."), body)
