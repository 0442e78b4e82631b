"""Loss functions: the loss of each output, its derivative, the reduction over a batch, and the weight penalty.

The loss of a batch is Σ terms · scale. ``terms`` has the shape (batch, outputs) and holds one number for each output of
each sample; :func:`scale` is 1 for the sum over the batch and 1/N or 1/(N·K) for the mean. As in
:mod:`nn_tui.core.nn.activations`, functions write their results to the last arguments.

Definitions are those of PyTorch. Like PyTorch's losses for logits, the two cross-entropies start backpropagation at
∂L/∂z, and they use z where a has lost digits: the logarithm of an a that is rounded to 0 would be −∞.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy import absolute, add, copyto, divide, exp, log, log1p, maximum, multiply, negative, sign, subtract

from nn_tui.core.expression.equations import sum_over, to_symbols
from nn_tui.core.expression.nodes import Node, Symbol
from nn_tui.core.nn import formulas
from nn_tui.core.nn.constants import HALF, ONE, TWO, ZERO
from nn_tui.core.nn.symbols import Y_HAT, symbol
from nn_tui.core.spec import Array, Reduction

SMALLEST_NORMAL = float(np.finfo(np.float64).smallest_normal)
HUBER_DELTA = 1.0  # delta of torch.nn.HuberLoss


def output(z: Array, a: Array) -> Array:
    """Return the prediction of most networks: the output a."""
    return a


def step(z: Array, a: Array) -> Array:
    """Return the prediction of a perceptron: 1 where z ≥ 0, else 0; NaN stays NaN."""
    return np.where(np.isnan(z), np.nan, (z >= 0.0).astype(np.float64))


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss function.

    Attributes:
        name: The name in presets and on the screen.
        evaluate: ``evaluate(z, a, y, terms, gradient)`` writes the loss of each output of each sample, not yet scaled,
            and its derivative with respect to ``acts_on``.
        acts_on: The variable by which ``gradient`` is the derivative, and where backpropagation starts: "a" for
            ∂L/∂a, "z" for ∂L/∂z of a loss that is computed from the logits.
        term: ``term(ŷ, y)`` is the expression of one output's term; of z and y if ``formula_of`` is "z".
        term_gradient: The expression of its derivative with respect to that variable, of the same two.
        formula_of: The quantity in ``term``; "a" is that of the last layer, the prediction ŷ.
        term_of_logits: ``term_of_logits(logits, unit, y)`` is the expression of the same term for the z of all outputs.
            It keeps the digits where a is rounded to 0 or 1. None if ``term`` keeps them.
        per_output: Whether the mean divides by the number of outputs, too.
        outputs: The output activations that are allowed with the loss; None for all.
        chain_gradient: ``chain_gradient(z, a, y, out)`` writes the derivative of the terms with respect to a, if the
            loss acts on z. The pass does not need it; an explanation by the chain rule does.
        logits: The inverse of the output activation: the z that give the probabilities (batch, outputs). None if the
            loss has no such inverse.
        prediction: ``prediction(z, a)`` is what the network predicts.
        is_mistake_driven: Whether samples with the right prediction add nothing, as in the perceptron rule.
        targets: The allowed targets: any numbers, numbers from 0 to 1, 0 and 1 alone, or rows of numbers from 0
            to 1 that add up to 1.
        ignores_zero_targets: Whether an output with the target 0 adds nothing to the loss.
        kinks: The values of ŷ − y (of z if ``formula_of`` is "z") where the first or the second derivative of the terms
            jumps. A gradient check by finite differences is not exact near them.
    """

    name: str
    evaluate: Callable[[Array, Array, Array, Array, Array], None]
    term: Callable[[Node, Node], Node]
    term_gradient: Callable[[Node, Node], Node]
    acts_on: Literal["a", "z"] = "a"
    formula_of: Literal["a", "z"] = "a"
    term_of_logits: Callable[[Sequence[Node], int, Node], Node] | None = None
    per_output: bool = False
    outputs: tuple[str, ...] | None = None
    chain_gradient: Callable[[Array, Array, Array, Array], None] | None = None
    logits: Callable[[Array], Array] | None = None
    prediction: Callable[[Array, Array], Array] = output
    is_mistake_driven: bool = False
    targets: Literal["any", "probabilities", "binary", "distribution"] = "any"
    ignores_zero_targets: bool = False
    kinks: tuple[float, ...] = ()

    @property
    def variable(self) -> Symbol:
        """The symbol of what ``term`` is computed from, beside the target: ŷ, or z."""
        return Symbol("z") if self.formula_of == "z" else Y_HAT

    @property
    def formula(self) -> Node:
        """The loss of one sample, in symbols."""
        return sum_over("k", to_symbols(self.term(replace(self.variable, subscript="k"), symbol("yₖ"))))

    def terms(self, z: Array, a: Array, y: Array) -> Array:
        """Return the loss of each output of each sample, not yet scaled."""
        terms, gradient = np.empty_like(a), np.empty_like(a)
        self.evaluate(z, a, y, terms, gradient)
        return terms

    def gradient(self, z: Array, a: Array, y: Array) -> Array:
        """Return the derivative of the terms by ``acts_on``."""
        terms, gradient = np.empty_like(a), np.empty_like(a)
        self.evaluate(z, a, y, terms, gradient)
        return gradient


def half_squared_error(z: Array, a: Array, y: Array, terms: Array, gradient: Array) -> None:
    """½·(ŷ − y)²; derivative ŷ − y."""
    subtract(a, y, gradient)
    multiply(gradient, gradient, terms)
    multiply(terms, HALF, terms)


def mean_squared_error(z: Array, a: Array, y: Array, terms: Array, gradient: Array) -> None:
    """(ŷ − y)²; derivative 2·(ŷ − y)."""
    subtract(a, y, gradient)
    multiply(gradient, gradient, terms)
    multiply(gradient, TWO, gradient)


def mean_absolute_error(z: Array, a: Array, y: Array, terms: Array, gradient: Array) -> None:
    """|ŷ − y|; derivative the sign of ŷ − y."""
    subtract(a, y, gradient)
    absolute(gradient, terms)
    sign(gradient, gradient)


def huber(z: Array, a: Array, y: Array, terms: Array, gradient: Array) -> None:
    """½·d² where |d| < 1, else |d| − ½; d = ŷ − y. The derivative is d, clipped to ±1.

    With c, the clipped d, both parts are c·d − ½·c².
    """
    subtract(a, y, terms)
    np.clip(terms, -HUBER_DELTA, HUBER_DELTA, gradient)
    multiply(gradient, terms - HALF * gradient, terms)


def binary_cross_entropy(z: Array, a: Array, y: Array, terms: Array, gradient: Array) -> None:
    """−y·ln ŷ − (1 − y)·ln(1 − ŷ) with ŷ = 1/(1 + e^−z), which is max(z, 0) − z·y + ln(1 + e^−|z|).

    The second form avoids ln 0, and it keeps its digits when the prediction is confident and right.
    The derivative with respect to z is ŷ − y: σ′(z) cancels the denominator of the derivative with respect to ŷ.
    """
    absolute(z, terms)
    negative(terms, terms)
    exp(terms, terms)
    log1p(terms, terms)
    add(maximum(z, ZERO) - z * y, terms, terms)
    subtract(a, y, gradient)


def binary_cross_entropy_chain(z: Array, a: Array, y: Array, out: Array) -> None:
    """(1 − y)/(1 − ŷ) − y/ŷ.

    A part whose target is 0 is 0, also where ŷ is rounded to 0 or 1 and the part would be 0/0.
    """
    one_minus_y, ratio = ONE - y, ONE - a
    divide(one_minus_y, ratio, out)
    copyto(out, 0.0, where=one_minus_y == 0.0)
    divide(y, a, ratio)
    copyto(ratio, 0.0, where=y == 0.0)
    subtract(out, ratio, out)


def cross_entropy(z: Array, a: Array, y: Array, terms: Array, gradient: Array) -> None:
    """−y·ln ŷ with ŷ = softmax(z); derivative with respect to z: ŷ − y, if the targets add up to 1.

    Where some ŷ is so small that it has lost its digits, ln ŷₖ = zₖ − ln Σⱼ e^zⱼ is computed from z, with the largest
    z of the row subtracted from every z, which keeps e^z from overflowing.
    """
    a_t = a.T
    log(a, terms)
    if not a_t.item(a_t.argmin()) >= SMALLEST_NORMAL:  # also if some a is NaN, which argmin takes for the smallest
        shifted = z - z.max(axis=-1, keepdims=True)
        log_a = shifted - log(exp(shifted).sum(axis=-1, keepdims=True))
        loses_digits = a.min(axis=(-2, -1), keepdims=True) < SMALLEST_NORMAL  # one for each network
        copyto(terms, log_a, where=loses_digits)
    multiply(terms, y, terms)
    negative(terms, terms)
    subtract(a, y, gradient)


def cross_entropy_chain(z: Array, a: Array, y: Array, out: Array) -> None:
    """−y / ŷ; 0 where the target is 0, also where ŷ is rounded to 0."""
    divide(y, a, out)
    negative(out, out)
    copyto(out, 0.0, where=y == 0.0)


def perceptron(z: Array, a: Array, y: Array, terms: Array, gradient: Array) -> None:
    """(step(z) − y)·z: 0 for a right prediction, |z| for a wrong one.

    The derivative is step(z) − y, the perceptron rule: it treats the step as a constant.
    """
    subtract(step(z, a), y, gradient)
    multiply(gradient, z, terms)


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss(
            "half_squared_error",
            half_squared_error,
            formulas.half_squared_error,
            formulas.half_squared_error_gradient,
        ),
        Loss(
            "mean_squared_error",
            mean_squared_error,
            formulas.mean_squared_error,
            formulas.mean_squared_error_gradient,
            per_output=True,
        ),
        Loss(
            "mean_absolute_error",
            mean_absolute_error,
            formulas.mean_absolute_error,
            formulas.mean_absolute_error_gradient,
            per_output=True,
            kinks=(0.0,),
        ),
        Loss(
            "huber",
            huber,
            formulas.huber,
            formulas.huber_gradient,
            per_output=True,
            kinks=(-HUBER_DELTA, HUBER_DELTA),
        ),
        Loss(
            "binary_cross_entropy",
            binary_cross_entropy,
            formulas.binary_cross_entropy,
            formulas.binary_cross_entropy_gradient,
            acts_on="z",
            term_of_logits=formulas.binary_cross_entropy_of_logits,
            per_output=True,
            outputs=("sigmoid",),
            chain_gradient=binary_cross_entropy_chain,
            logits=lambda p: log(p / (ONE - p)),
            targets="probabilities",
        ),
        Loss(
            "cross_entropy",
            cross_entropy,
            formulas.cross_entropy,
            formulas.cross_entropy_gradient,
            acts_on="z",
            term_of_logits=formulas.cross_entropy_of_logits,
            outputs=("softmax",),
            chain_gradient=cross_entropy_chain,
            logits=np.log,
            targets="distribution",
            ignores_zero_targets=True,
        ),
        Loss(
            "perceptron",
            perceptron,
            formulas.perceptron,
            formulas.perceptron_gradient,
            acts_on="z",
            formula_of="z",
            outputs=("identity",),
            prediction=step,
            is_mistake_driven=True,
            targets="binary",
            kinks=(0.0,),
        ),
    )
}


def scale(loss: Loss, reduction: Reduction, rows: int, outputs: int) -> float:
    """Return the factor of every term: 1 for the sum over the batch, 1/N or 1/(N·K) for the mean.

    Args:
        loss: The loss function.
        reduction: ``"sum"`` or ``"mean"``.
        rows: N, the number of samples in the batch.
        outputs: K, the number of outputs.
    """
    if reduction == "sum":
        return 1.0
    return 1.0 / (rows * outputs if loss.per_output else rows)


def penalty(weights: Sequence[Array], l1: float, l2: float) -> float:
    """Return the penalty on the weights of all layers, l1·Σ|w| + ½·l2·Σw²; of a stack the sum over its networks.

    It leaves out the biases.
    """
    return float(_penalty(weights, l1, l2, None))


def penalties(weights: Sequence[Array], l1: float, l2: float) -> Array:
    """Return the penalty of each network of a stack, (networks,); the weights are (networks, units, inputs)."""
    each: Array = np.zeros(len(weights[0])) + _penalty(weights, l1, l2, (-2, -1))
    return each


def _penalty(weights: Sequence[Array], l1: float, l2: float, axes: tuple[int, int] | None) -> Array | float:
    """Return the penalty as a sum over some axes of the weights; None sums over all of them."""
    total: Array | float = 0.0
    for layer in weights:
        if l1:
            total += l1 * np.abs(layer).sum(axes)
        if l2:
            total += 0.5 * l2 * np.square(layer).sum(axes)
    return total


def add_penalty_gradient(weights: Array, l1: float, l2: float, dw: Array) -> None:
    """Add the derivative of the penalty, l1·sign(w) + l2·w, to the gradient of one layer's weights (units, inputs)."""
    if l1:
        dw += l1 * sign(weights)
    if l2:
        dw += l2 * weights
