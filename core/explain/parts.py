"""Helpers of all explanations: numbers by address, addresses of neighbours, and the words of a reduction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import input_gradient, quantity, step_at
from nn_tui.core.engine.trace import Trace
from nn_tui.core.expression.equations import definition
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.nodes import Derivative, Node, Num, Product, Symbol, Words, literal
from nn_tui.core.nn.formulas import MAGNITUDES, SQUARES, penalty
from nn_tui.core.nn.symbols import Y_HAT
from nn_tui.core.refs import BY_SAMPLE, Quantity, Ref
from nn_tui.core.translation import Message, message, message_plural

SLOPE = Derivative(Symbol("a"), Symbol("z"))
GIVEN: tuple[Quantity, ...] = ("x", "y", "w", "b", "state_w", "state_b")
"""The quantities that are known from the start of a pass, unless they are values after the update."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a pass, of which some may still be to come.

    Attributes:
        engine: The engine that ran the pass.
        trace: The pass.
        is_known: Returns whether the number at an address has been computed; None if all have.
    """

    engine: Engine
    trace: Trace
    is_known: Callable[[Ref], bool] | None = None

    def has(self, ref: Ref) -> bool:
        """Return whether the number at ``ref`` has been computed."""
        return self.is_known is None or self.is_known(ref)

    def at(self, ref: Ref, value: float | None = None) -> Num:
        """Return the number at ``ref`` together with its address.

        Args:
            ref: The address.
            value: The number, if the caller has read it already.
        """
        if not self.has(ref):
            return Num(None, ref, prediction_symbol(self.engine, ref))
        value = value_of(self.engine, self.trace, ref) if value is None else value
        is_given = ref.quantity in GIVEN and not ref.after
        is_class = ref.quantity == "y" and self.engine.loss.is_mistake_driven
        return Num(value, ref, prediction_symbol(self.engine, ref), is_given, is_exact=is_class)

    def number_known_with(self, ref: Ref, value: float, symbol: Node) -> Num:
        """Return a number that has no address; it is known as soon as the number at ``ref`` is."""
        return Num(value if self.has(ref) else None, symbol=symbol)


def value_of(engine: Engine, trace: Trace, ref: Ref) -> float:
    """Return the number at an address.

    Raises:
        IndexError, KeyError: The network has no such address.
    """
    if ref.quantity == "loss":
        return trace.loss
    if ref.quantity == "dx":
        return float(input_gradient(trace, ref.layer, ref.sample)[ref.unit])
    if ref.key.is_step:
        return step_at(engine, trace, ref.layer, ref.indices)
    array = quantity(engine, trace, ref.key, ref.layer)
    if ref.quantity in BY_SAMPLE:
        return float(array[ref.sample, ref.unit])
    return float(array[ref.unit, ref.input]) if ref.is_weight else float(array[ref.unit])


def prediction_symbol(engine: Engine, ref: Ref) -> Symbol | None:
    """Return ŷ with the index of the output if the number at ``ref`` is a prediction, an a of the last layer."""
    is_prediction = ref.quantity == "a" and ref.layer == len(engine.sizes) - 2 and engine.loss.formula_of == "a"
    return replace(Y_HAT, indices=(str(ref.unit + 1),)) if is_prediction else None


def input_ref(layer: int, unit: int, sample: int) -> Ref:
    """Return the address of input ``unit`` of ``layer``: an x for the first layer, else an a of the layer before."""
    return Ref("a", layer - 1, unit, 0, sample) if layer else Ref("x", 0, unit, 0, sample)


def same_unit(ref: Ref, quantity: Quantity) -> Ref:
    """Return the address of another quantity of the same unit and sample."""
    return Ref(quantity, ref.layer, ref.unit, 0, ref.sample)


def sample_label(sample: int) -> Words:
    """Return the label of the line of a sample."""
    return Words(message("sample {sample}:", sample=sample + 1))


def name_label(name: str) -> Words:
    """Return the label of a line that shows the rule with this name."""
    return Words(message("{name}:", name=name))


def mean_message(engine: Engine, trace: Trace) -> Message:
    """Describe the mean that reduces the batch, with its factor."""
    factor = fraction(trace.scale)
    if engine.loss.per_output and engine.sizes[-1] > 1:
        return message("times {factor}: the mean over the batch and its outputs", factor=factor)
    return message("times {factor}: the mean over the batch", factor=factor)


def mean_remark(engine: Engine, trace: Trace) -> Line:
    """Return the line that says where the factor of the mean in a formula comes from."""
    return Line("remark", Words(mean_message(engine, trace)))


def penalty_line(numbers: Numbers) -> Line:
    """Return the line that computes the penalty on the weights; l1 or l2 must not be 0."""
    engine, trace = numbers.engine, numbers.trace
    training = engine.experiment.training
    count = sum(inputs * units for inputs, units in pairwise(engine.sizes))
    magnitudes = Num(_sum_of_weights(trace, 1) if training.l1 else None, symbol=MAGNITUDES)
    squares = Num(_sum_of_weights(trace, 2) if training.l2 else None, symbol=SQUARES)
    result = numbers.number_known_with(Ref("loss"), trace.penalty, Words(message("penalty")))
    body = penalty(magnitudes, squares, training.l1, training.l2)
    note = Words(message_plural("{count:,} weight, no biases", "{count:,} weights, no biases", count))
    return Line("penalty", definition(result, body), note=note)


def _sum_of_weights(trace: Trace, power: int) -> float:
    """Return Σ|w| (``power`` 1) or Σw² (2) before the update, computed once while the trace is held."""
    cached = trace.weight_sums.get(power)
    if cached is None:  # another thread may clear the cache at any moment
        function = np.abs if power == 1 else np.square
        cached = sum(float(function(weights).sum()) for weights in trace.before.weights)
        trace.weight_sums[power] = cached
    return cached


def scaled(node: Node, scale: float) -> Node:
    """Return the factor of the mean times a node, or the node alone if the factor is 1."""
    return node if scale == 1.0 else Product((fraction(scale), node))


def fraction(scale: float) -> Node:
    """Return a factor, as 1/4 if it is one divided by a whole number."""
    is_fraction = scale and abs(1 / scale - round(1 / scale)) < 1e-9
    return literal(1) / literal(round(1 / scale)) if is_fraction else literal(scale)
