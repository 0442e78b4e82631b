"""The loss of a program for NumPy, and the derivative with which the backward pass starts."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tui.core.program.formulas import loss_formulas
from nn_tui.core.program.source import INDENT, Lines, blocks, code, comment, docstring, function, number_source
from nn_tui.core.program.values import CodeLine, CodeSection
from nn_tui.core.refs import QuantityKey
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import message, tr


@dataclass(frozen=True, slots=True)
class LossSource:
    """The source of a loss; ``{z}`` and ``{a}`` stand for the arrays of the last layer.

    Attributes:
        terms: The expression of the loss of each output of each sample.
        gradient: The expression of its derivative.
        per_output: Whether the mean divides by the number of outputs, too.
        acts_on: What the derivative is a derivative by: da or dz.
        helper: A function that ``terms`` calls, in ``_HELPERS``.
    """

    terms: str
    gradient: str
    per_output: bool = False
    acts_on: str = "da"
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
    "half_squared_error": LossSource("({a} - y) ** 2 / 2", "({a} - y)"),
    "mean_squared_error": LossSource("({a} - y) ** 2", "2 * ({a} - y)", per_output=True),
    "mean_absolute_error": LossSource("np.abs({a} - y)", "np.sign({a} - y)", per_output=True),
    "huber": LossSource("huber({a} - y)", "np.clip({a} - y, -1, 1)", per_output=True, helper="huber(d)"),
    "binary_cross_entropy": LossSource(
        "np.maximum({z}, 0) - y * {z} + np.log1p(np.exp(-np.abs({z})))",
        "({a} - y)",
        per_output=True,
        acts_on="dz",
    ),
    "cross_entropy": LossSource("-y * log_softmax({z})", "({a} - y)", acts_on="dz", helper="log_softmax(z)"),
    "perceptron": LossSource("(({z} >= 0) - y) * {z}", "(({z} >= 0) - y)", acts_on="dz"),
}


def loss_section(experiment: Experiment) -> CodeSection:
    """Return the section with the function ``compute_loss``."""
    training, number = experiment.training, len(experiment.layers)
    loss, has_penalty = LOSS_SOURCES[training.loss], bool(training.l1 or training.l2)
    z, a = f"z{number}", f"a{number}"
    terms = loss.terms.format(z=z, a=a)
    reduced, text = "terms.sum()", tr("the sum over the batch")
    if training.reduction == "mean":
        reduced, text = "terms.sum() / len(y)", tr("the sum, divided by the number of rows: the mean over the batch")
        if loss.per_output:
            reduced, text = "terms.mean()", tr("the mean over all outputs of the batch")
    lines = [
        *code(f"def compute_loss(y, values{', parameters' if has_penalty else ''}):"),
        *docstring(tr("Return the loss of a batch.")),
        *code(f"{INDENT}*_, {f'{z}, _' if '{z}' in loss.terms else a} = values"),
        *comment(str(_TEXTS[training.loss]), INDENT),
        *code(f"{INDENT}terms = {terms}"),
        *(_penalty(experiment) if has_penalty else ()),
        *comment(text, INDENT),
        CodeLine(
            f"{INDENT}loss = {reduced}{' + penalty' if has_penalty else ''}", (("loss", -1),), QuantityKey("loss"), -1
        ),
        *code(f"{INDENT}return float(loss)"),
    ]
    helper: Lines = ()
    if loss.helper:
        about, body = _HELPERS[loss.helper]
        helper = function(loss.helper, str(about), body)
    factors = (("l1", training.l1), ("l2", training.l2))
    settings = [f"{name} = {number_source(value)}" for name, value in factors if value]
    head = (*comment(tr("The factors of the penalty on large weights")), *code("\n".join(settings))) if settings else ()
    return CodeSection("loss", message("The loss"), blocks(head, helper, lines), loss_formulas(experiment))


_TEXTS = {
    "half_squared_error": message("half the squared error of each output"),
    "mean_squared_error": message("the squared error of each output"),
    "mean_absolute_error": message("the absolute error of each output"),
    "huber": message("the Huber loss of each output: the squared error where it is small, else the absolute error"),
    "binary_cross_entropy": message("-y log(a) - (1 - y) log(1 - a) for a = sigmoid(z), without the logarithm of 0"),
    "cross_entropy": message("-y log(a) for a = softmax(z)"),
    "perceptron": message("0 for an output that is right, |z| for one that is wrong"),
}


def _penalty(experiment: Experiment) -> Lines:
    training, lines = experiment.training, [f"{INDENT}weights = parameters[::2]"]
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
    loss = LOSS_SOURCES[training.loss]
    source = loss.gradient.format(z=f"z{number}", a=f"a{number}")
    if training.reduction == "mean":
        source += " / y.size" if loss.per_output else " / len(y)"
    elif source.startswith("(") and source.endswith(")"):
        source = source[1:-1]
    layer = number - 1
    if loss.acts_on == "dz":
        return CodeLine(f"{INDENT}dz{number} = {source}", (("da", layer), ("dz", layer)), QuantityKey("dz"), layer)
    return CodeLine(f"{INDENT}da{number} = {source}", (("da", layer),), QuantityKey("da"), layer)
