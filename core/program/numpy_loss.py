"""The loss of a program for NumPy, and the derivative with which the backward pass starts."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.program.formulas import loss_formulas
from nn_tui.core.program.source import INDENT, Lines, blocks, code, comment, docstring, function
from nn_tui.core.program.training import has_penalty, penalty_factors
from nn_tui.core.program.values import CodeLine, CodeSection
from nn_tui.core.refs import QuantityKey
from nn_tui.core.spec import Experiment, TrainingSpec
from nn_tui.core.translation import Message, message, tr


@dataclass(frozen=True, slots=True)
class LossSource:
    """The source of a loss; ``{z}`` and ``{a}`` stand for the arrays of the last layer.

    Attributes:
        text: What ``terms`` is, for a comment.
        terms: The expression of the loss of each output of each sample.
        gradient: The expression of its derivative by what the loss acts on: a or z.
        helper: The head of a function that ``terms`` calls, in ``_HELPERS``.
    """

    text: Message
    terms: str
    gradient: str
    helper: str = ""


_LOG_SOFTMAX = """\
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
"""
_HUBER = """\
    c = np.clip(d, -1, 1)
    return c * (d - c / 2)
"""
_HELPERS = {
    "huber(d)": (message("Return d**2 / 2 for d between -1 and 1, else abs(d) - 1 / 2."), _HUBER),
    "log_softmax(z)": (message("Return log(softmax(z)) without the logarithm of 0."), _LOG_SOFTMAX),
}
LOSS_SOURCES = {
    "half_squared_error": LossSource(
        message("half the squared error of each output"), "({a} - y) ** 2 / 2", "({a} - y)"
    ),
    "mean_squared_error": LossSource(message("the squared error of each output"), "({a} - y) ** 2", "2 * ({a} - y)"),
    "mean_absolute_error": LossSource(
        message("the absolute error of each output"), "np.abs({a} - y)", "np.sign({a} - y)"
    ),
    "huber": LossSource(
        message("the Huber loss of each output: the squared error where it is small, else the absolute error"),
        "huber({a} - y)",
        "np.clip({a} - y, -1, 1)",
        "huber(d)",
    ),
    "binary_cross_entropy": LossSource(
        message("-y log(a) - (1 - y) log(1 - a) for a = sigmoid(z), without the logarithm of 0"),
        "np.maximum({z}, 0) - y * {z} + np.log1p(np.exp(-np.abs({z})))",
        "({a} - y)",
    ),
    "cross_entropy": LossSource(
        message("-y log(a) for a = softmax(z)"), "-y * log_softmax({z})", "({a} - y)", "log_softmax(z)"
    ),
    "perceptron": LossSource(
        message("0 for an output that is right, |z| for one that is wrong"),
        "(({z} >= 0) - y) * {z}",
        "(({z} >= 0) - y)",
    ),
}


def loss_section(experiment: Experiment) -> CodeSection:
    """Return the section with the function ``compute_loss``."""
    training, number = experiment.training, len(experiment.layers)
    loss, penalty = LOSS_SOURCES[training.loss], _penalty_lines(training)
    z, a = f"z{number}", f"a{number}"
    terms = loss.terms.format(z=z, a=a)
    reduced, text = "terms.sum()", tr("the sum over the batch")
    if training.reduction == "mean":
        reduced, text = "terms.sum() / len(y)", tr("the sum, divided by the number of rows: the mean over the batch")
        if LOSSES[training.loss].per_output:
            reduced, text = "terms.mean()", tr("the mean over all outputs of the batch")
    lines = [
        *code(f"def compute_loss(y, values{', parameters' if penalty else ''}):"),
        *docstring(tr("Return the loss of a batch.")),
        *code(f"{INDENT}{f'{z} = values[-2]' if '{z}' in loss.terms else f'{a} = values[-1]'}"),
        *comment(str(loss.text), INDENT),
        *code(f"{INDENT}terms = {terms}"),
        *penalty,
        *comment(text, INDENT),
        CodeLine(
            f"{INDENT}loss = {reduced}{' + penalty' if penalty else ''}", (("loss", -1),), QuantityKey("loss"), -1
        ),
        *code(f"{INDENT}return float(loss)"),
    ]
    helper: Lines = ()
    if loss.helper:
        about, body = _HELPERS[loss.helper]
        helper = function(loss.helper, str(about), body)
    return CodeSection(
        "loss", message("The loss"), blocks(penalty_factors(training), helper, lines), loss_formulas(experiment)
    )


def _penalty_lines(training: TrainingSpec) -> Lines:
    """Return the lines that compute ``penalty``; nothing if the training has none."""
    if not has_penalty(training):
        return ()
    lines = [f"{INDENT}weights = parameters[::2]"]
    if training.l1:
        lines.append(f"{INDENT}penalty = l1 * sum(np.abs(w).sum() for w in weights)")
    if training.l2:
        before = "penalty + " if training.l1 else ""
        lines.append(f"{INDENT}penalty = {before}l2 / 2 * sum((w**2).sum() for w in weights)")
    text = tr("the penalty on large weights")
    return (*comment(text, INDENT), *code("\n".join(lines)))


def start_line(experiment: Experiment) -> CodeLine:
    """Return the line with which the backward pass starts: da or dz of the last layer."""
    training, number = experiment.training, len(experiment.layers)
    loss = LOSSES[training.loss]
    source = LOSS_SOURCES[training.loss].gradient.format(z=f"z{number}", a=f"a{number}")
    if training.reduction == "mean":
        source += " / y.size" if loss.per_output else " / len(y)"
    elif source.startswith("(") and source.endswith(")"):
        source = source[1:-1]
    layer = number - 1
    if loss.acts_on == "z":
        return CodeLine(f"{INDENT}dz{number} = {source}", (("da", layer), ("dz", layer)), QuantityKey("dz"), layer)
    return CodeLine(f"{INDENT}da{number} = {source}", (("da", layer),), QuantityKey("da"), layer)
