r"""What the sections of a program compute, as formulas in LaTeX for a notebook, without dollar signs.

A matrix has the capital letter of its array in the program: ``w1`` is W₁, ``dz1`` is ∂L/∂Z₁; a batch has a row for each
sample. :mod:`~nn_tui.core.program.introductions` defines the symbols in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from nn_tui.core.explain.render_latex import node_latex
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.expression.equations import to_symbols
from nn_tui.core.expression.nodes import Node, Symbol
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.spec import Experiment, TrainingSpec

_NUMBER = number_text(None)
_Formulas = Callable[[tuple[str, ...], TrainingSpec], Iterator[str]]  # of the activations of the layers


def math_source(node: Node) -> str:
    """Return an expression as LaTeX for a formula; words are in boxes, and a definition stands apart."""
    text = node_latex(node, _NUMBER).replace(r"\textgreater{}", ">").replace(r"\textless{}", "<")
    text = re.sub(r"\\mathrm\{(tanh|ln|max|min|cos|sin)\}", r"\\\1 ", text)
    text = re.sub(r"\\mathrm\{(sign|clip|step)\}", r"\\operatorname{\1}", text)
    text = text.replace(r"\frac{-\eta \cdot ", r"-\eta \cdot \frac{")
    text = re.sub(r", (\w) = ", r", \\quad \1 = ", text)
    parts = text.split("$")  # words, formula, words, …
    return "".join(part if index % 2 else part and rf"\text{{{part}}}" for index, part in enumerate(parts))


def forward_formulas(experiment: Experiment) -> tuple[str, ...]:
    """Return the formulas of z and a of each layer."""
    return _formulas(_forward, experiment)


def loss_formulas(experiment: Experiment) -> tuple[str, ...]:
    """Return the formulas of the loss of a batch, and of one sample."""
    return _formulas(_loss, experiment)


def backward_formulas(experiment: Experiment) -> tuple[str, ...]:
    """Return the formulas of the gradients of each layer, the last one first."""
    return _formulas(_backward, experiment)


def optimizer_formulas(experiment: Experiment) -> tuple[str, ...]:
    """Return the rule of the optimiser for a parameter w with the gradient g, and the schedule of the learning rate."""
    return _formulas(_optimizer, experiment)


def _formulas(formulas: _Formulas, experiment: Experiment) -> tuple[str, ...]:
    return _cached(formulas, tuple(layer.activation for layer in experiment.layers), experiment.training)


@lru_cache(maxsize=16)
def _cached(formulas: _Formulas, activations: tuple[str, ...], training: TrainingSpec) -> tuple[str, ...]:
    """Return formulas; a view shows the same ones with every pass."""
    return tuple(formulas(activations, training))


def _forward(activations: tuple[str, ...], training: TrainingSpec) -> Iterator[str]:
    inputs = "X"
    for number, activation in enumerate(activations, 1):
        yield rf"Z_{{{number}}} = {inputs}\, W_{{{number}}}^\top + b_{{{number}}}"
        if activation == "softmax":
            exponent = rf"e^{{Z_{{{number},n%s}}}}"
            yield rf"A_{{{number},nk}} = \frac{{{exponent % 'k'}}}{{\sum_j {exponent % 'j'}}}"
        else:
            letters = Symbol("Z", subscript=str(number))
            yield f"A_{{{number}}} = {_by_number(math_source(ACTIVATIONS[activation].formula(letters)))}"
        inputs = f"A_{{{number}}}"


def _by_number(text: str) -> str:
    """Return a formula of matrices in which products of two of them are marked as products number by number."""
    return re.sub(r"(?<![0-9])\s*\\cdot", r" \\odot", text)


def _loss(activations: tuple[str, ...], training: TrainingSpec) -> Iterator[str]:
    loss, last = LOSSES[training.loss], len(activations)
    scale = r"\frac{1}{N K}" if loss.per_output else r"\frac{1}{N}"
    penalty = ""
    if training.l1:
        penalty += r" + \lambda_1 \sum |w|"
    if training.l2:
        penalty += r" + \frac{\lambda_2}{2} \sum w^2"
    yield rf"L = {scale if training.reduction == 'mean' else ''} \sum_n L_n{penalty}".replace("  ", " ")
    text = re.sub(r"(?<!sum )_\{k\}", "_{nk}", math_source(loss.formula))
    text = text.replace(r"\hat{y}", r"\hat{Y}").replace("y_{nk}", "Y_{nk}").replace("z_{nk}", f"Z_{{{last},nk}}")
    yield f"L_n = {text}"
    z = f"Z_{{{last},nk}}"
    if training.loss == "cross_entropy":  # what the program computes, because e^z could overflow
        yield rf"\ln \hat{{Y}}_{{nk}} = {z} - \ln \sum_j e^{{Z_{{{last},nj}}}}"
    elif training.loss == "binary_cross_entropy":
        yield rf"L_n = \sum_k \left(\max(0, {z}) - Y_{{nk}} \cdot {z} + \ln(1 + e^{{-|{z}|}})\right)"


def _backward(activations: tuple[str, ...], training: TrainingSpec) -> Iterator[str]:
    last = len(activations)
    for number in range(last, 0, -1):
        z, a, w, b = (_derivative(f"{letter}_{{{number}}}") for letter in "ZAWb")
        activation = ACTIVATIONS[activations[number - 1]]
        acts_on_z = number == last and LOSSES[training.loss].acts_on == "z"
        if number == last:
            yield f"{z if acts_on_z else a} = {_start(last, training)}"
        if acts_on_z:
            pass  # the loss and the last activation are differentiated together
        elif activation.name == "identity":
            yield f"{z} = {a}"
        elif activation.slope is None:
            unit = rf"\left({a}\right)_{{n%s}}"
            sum_ = rf"\sum_j A_{{{number},nj}} {unit % 'j'}"
            yield rf"\left({z}\right)_{{nk}} = A_{{{number},nk}} \left({unit % 'k'} - {sum_}\right)"
        else:
            slope = activation.slope_formula(Symbol("Z", subscript=str(number)), Symbol("A", subscript=str(number)))
            yield rf"{z} = {a} \odot \left({_by_number(math_source(to_symbols(slope)))}\right)"
        inputs = f"A_{{{number - 1}}}" if number > 1 else "X"
        penalty = rf" + \lambda_1 \operatorname{{sign}}(W_{{{number}}})" if training.l1 else ""
        penalty += rf" + \lambda_2 W_{{{number}}}" if training.l2 else ""
        yield rf"{w} = \left({z}\right)^\top {inputs}{penalty}"
        yield rf"{b} = \sum_n \left({z}\right)_n"
        if number > 1:
            yield rf"{_derivative(f'A_{{{number - 1}}}')} = {z}\, W_{{{number}}}"


def _optimizer(activations: tuple[str, ...], training: TrainingSpec) -> Iterator[str]:
    spec, schedule = training.optimizer, training.schedule
    for rule in OPTIMIZERS[spec.name](dict(spec.options)).formulas().values():
        yield " = ".join(math_source(side) for side in rule.sides)
    yield r"w' = w + \Delta w, \quad g = \frac{\partial L}{\partial w}"
    if not schedule.is_constant:
        yield rf"\eta = {math_source(SCHEDULES[schedule.name].formula)}"


def _derivative(variable: str) -> str:
    return rf"\frac{{\partial L}}{{\partial {variable}}}"


def _start(number: int, training: TrainingSpec) -> str:
    """Return the derivative with which the backward pass starts: by a or z of the last layer."""
    loss = LOSSES[training.loss]
    error = f"A_{{{number}}} - Y"  # also of the cross-entropies, by z
    if loss.formula_of == "z" or loss.acts_on == "a":
        error = math_source(loss.term_gradient(Symbol(loss.formula_of.upper(), subscript=str(number)), Symbol("Y")))
    if training.reduction == "sum":
        return error
    return rf"\frac{{{error}}}{{{'N K' if loss.per_output else 'N'}}}"
