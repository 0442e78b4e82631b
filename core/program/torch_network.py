"""The network as ``nn.Sequential``, with its weights and biases, for a program that uses PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tui.core.engine.steps import Operation
from nn_tui.core.program.formulas import forward_formulas
from nn_tui.core.program.parameters import slot_letters
from nn_tui.core.program.source import INDENT, blocks, comment
from nn_tui.core.program.torch_loss import ACTIVATIONS_INSIDE
from nn_tui.core.program.values import CodeLine, CodeSection
from nn_tui.core.refs import QuantityKey
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import message, tr

MODULES = {
    "identity": "nn.Identity()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU()",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "mish": "nn.Mish()",
    "softplus": "nn.Softplus()",
    "softmax": "nn.Softmax(dim=1)",
}
"""The module of each activation."""


def network_section(checkpoint: Checkpoint) -> CodeSection:
    """Return the section that makes the ``model`` and gives it its weights and biases."""
    experiment = checkpoint.experiment
    lines = blocks(_model_lines(experiment), _loading_lines(checkpoint))
    return CodeSection("network", message("The network"), lines, forward_formulas(experiment))


def can_learn(experiment: Experiment) -> bool:
    """Return whether updates change anything, and not all parameters are frozen."""
    return any(layer.train_weights or layer.train_bias for layer in experiment.layers)


def _model_lines(experiment: Experiment) -> Iterator[CodeLine]:
    """Yield the model, one module a line: the module ``2·layer`` has the weights and the bias of a layer."""
    *_, last = experiment.layers
    has_logits = experiment.training.loss in ACTIVATIONS_INSIDE
    yield CodeLine("model = nn.Sequential(")
    for index, layer in enumerate(experiment.layers):
        has_activation = layer is not last or not (has_logits or layer.activation == "identity")
        is_linear = layer is last and layer.activation == "identity"  # its output is z itself
        operations: tuple[tuple[Operation, int], ...] = (("z", index), ("a", index)) if is_linear else (("z", index),)
        linear = f"{INDENT}nn.Linear({experiment.sizes[index]}, {layer.units}),"
        yield CodeLine(linear, operations, QuantityKey("z"), index)
        if has_activation:
            module = f"{INDENT}{MODULES[layer.activation]},"
            yield CodeLine(module, (("a", index),), QuantityKey("a"), index)
    yield CodeLine(")")


def has_state(checkpoint: Checkpoint) -> bool:
    """Return whether the optimiser has a state that the program loads; before its first update it has none."""
    return checkpoint.state.steps > 0 and bool(slot_letters(checkpoint)) and can_learn(checkpoint.experiment)


def _loading_lines(checkpoint: Checkpoint) -> Iterator[CodeLine]:
    """Yield what gives the model its weights and biases, ``w1``, ``b1`` and so on, and freezes what does not learn."""
    experiment = checkpoint.experiment
    text = tr("Load the weights and biases. For layers of another size, leave this out.")
    if has_state(checkpoint):
        text = tr(
            "Load the weights and biases. For layers of another size, leave this out, and the state of the optimiser "
            "below too."
        )
    yield from comment(text)
    yield CodeLine("model.load_state_dict(")
    yield CodeLine(f"{INDENT}{{")
    for index in range(len(experiment.layers)):
        for letter, name in (("w", "weight"), ("b", "bias")):
            yield CodeLine(f'{INDENT * 2}"{2 * index}.{name}": {letter}{index + 1},')
    yield CodeLine(f"{INDENT}}}")
    yield CodeLine(")")
    frozen = tr("frozen: the updates leave it as it is")
    for index, layer in enumerate(experiment.layers):
        if not layer.train_weights:
            yield CodeLine(f"model[{2 * index}].weight.requires_grad = False  # {frozen}")
        if not layer.train_bias:
            yield CodeLine(f"model[{2 * index}].bias.requires_grad = False  # {frozen}")
