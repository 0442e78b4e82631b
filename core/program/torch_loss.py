"""The loss function and the penalty of a program that uses PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tui.core.program.formulas import loss_formulas
from nn_tui.core.program.source import INDENT, blocks, code, docstring
from nn_tui.core.program.training import has_penalty, penalty_factors
from nn_tui.core.program.values import CodeLine, CodeSection
from nn_tui.core.refs import QuantityKey
from nn_tui.core.spec import Experiment, TrainingSpec
from nn_tui.core.translation import message, tr

_MODULES = {
    "mean_squared_error": "MSELoss",
    "mean_absolute_error": "L1Loss",
    "huber": "HuberLoss",
    "binary_cross_entropy": "BCEWithLogitsLoss",
    "cross_entropy": "CrossEntropyLoss",
}
_FUNCTIONS = {  # those that PyTorch lacks: the sum over the batch
    "half_squared_error": "((output - target) ** 2).sum() / 2",
    "perceptron": "(((output >= 0).double() - target) * output).sum()",
}
ACTIVATIONS_INSIDE = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}
"""The activation of the last layer that a loss function of PyTorch includes: its model ends with the logits z."""


def loss_section(experiment: Experiment) -> CodeSection:
    """Return the section with ``loss_function(output, target)``, and ``penalty()`` if the training has one."""
    lines = blocks(_loss_lines(experiment), _penalty_lines(experiment.training))
    return CodeSection("loss", message("The loss"), lines, loss_formulas(experiment))


def _loss_lines(experiment: Experiment) -> Iterator[CodeLine]:
    training = experiment.training
    if training.loss in _FUNCTIONS:
        yield CodeLine("def loss_function(output, target):")
        yield from docstring(_loss_text(training))
        mean = " / len(target)" if training.reduction == "mean" else ""
        yield CodeLine(f"{INDENT}return {_FUNCTIONS[training.loss]}{mean}")
        return
    reduction = "" if training.reduction == "mean" else 'reduction="sum"'
    text = f"loss_function = nn.{_MODULES[training.loss]}({reduction})"
    if training.loss in ACTIVATIONS_INSIDE:
        note = tr("takes the logits z: it includes the {activation}", activation=ACTIVATIONS_INSIDE[training.loss])
        last = len(experiment.layers) - 1
        yield CodeLine(f"{text}  # {note}", (("a", last),), QuantityKey("a"), last)
    else:
        yield CodeLine(text)


def _loss_text(training: TrainingSpec) -> str:
    if training.loss == "perceptron":
        return tr("Return the loss of a perceptron: 0 for a right prediction, |z| for a wrong one.")
    if training.reduction == "mean":
        return tr("Return half the squared error of a sample, as the mean over the batch.")
    return tr("Return half the squared error, as the sum over the batch.")


def _penalty_lines(training: TrainingSpec) -> Iterator[CodeLine]:
    if not has_penalty(training):
        return
    yield from penalty_factors(training)
    terms = ["l1 * w.abs().sum()"] if training.l1 else []
    terms += ["l2 / 2 * (w**2).sum()"] if training.l2 else []
    yield from code("\n\ndef penalty():")
    yield from docstring(tr("Return the penalty on large weights; biases have none."))
    yield CodeLine(f"{INDENT}weights = [layer.weight for layer in model if isinstance(layer, nn.Linear)]")
    yield CodeLine(f"{INDENT}return sum({' + '.join(terms)} for w in weights)")
