"""How far from the exact number an answer may be: as far as careful work with the printed numbers can lead.

Each number from which an answer is computed is printed with D significant digits, so it may be wrong by half a unit in
the last of them. A number with no more digits is exact. Interval arithmetic takes these errors through the computation,
and the answer itself may be rounded, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import optimizer_of
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.explain.loss import EDGE
from nn_tui.core.explain.parts import input_ref, same_unit
from nn_tui.core.expression.nodes import Node, Num, Sum, Symbol, literal
from nn_tui.core.nn.formulas import jacobian_entry, softmax_of_logits
from nn_tui.core.practice.interval import (
    Interval,
    function_interval,
    hull,
    node_interval,
    point,
    printed_interval,
    symbol_name,
)
from nn_tui.core.practice.rounding import DEFAULT_DIGITS, half_unit
from nn_tui.core.refs import STATE_LETTERS, Quantity, QuantityKey, Ref


def tolerance(engine: Engine, trace: Trace, ref: Ref, digits: int = DEFAULT_DIGITS) -> float:
    """Return how far an answer may be from the exact number at ``ref``.

    Args:
        engine: The engine that ran the pass.
        trace: The pass.
        ref: The address of the number.
        digits: The significant digits with which numbers are printed.
    """
    value = value_of(engine, trace, ref)
    if not isfinite(value):
        return 0.0
    with np.errstate(all="ignore"):
        distance = reachable(engine, trace, ref, digits).distance_to(value)
    # A little more, so that the rounding of binary numbers decides nothing.
    return (1.0 + 1e-9) * ((distance if isfinite(distance) else 0.0) + half_unit(value, digits))


def reachable(engine: Engine, trace: Trace, ref: Ref, digits: int) -> Interval:
    """Return the interval of what the computation of a number gives if it starts from printed numbers."""
    printed = _Printed(engine, trace, digits)
    if ref.key.is_from_update:
        return _of_update(printed, ref)
    return _BY_QUANTITY.get(ref.quantity, _of_given)(printed, ref)


@dataclass(frozen=True, slots=True)
class _Printed:
    """The numbers of a pass as intervals: what is printed alike with so many significant digits."""

    engine: Engine
    trace: Trace
    digits: int

    def interval(self, ref: Ref) -> Interval:
        """Return the interval of the number at an address."""
        return printed_interval(self.number(ref), self.digits)

    def number(self, ref: Ref) -> float:
        """Return the number at an address."""
        return value_of(self.engine, self.trace, ref)

    @property
    def scale(self) -> Interval:
        """The factor of the mean, which is 1 for a sum."""
        return printed_interval(self.trace.scale, self.digits)


def _of_given(printed: _Printed, ref: Ref) -> Interval:
    return printed.interval(ref)


def _of_sum(printed: _Printed, ref: Ref) -> Interval:
    """z, ∂L/∂a of a hidden unit, db and ∂L/∂x: a sum of products."""
    explanation = explain(printed.engine, printed.trace, ref)
    return node_interval(Sum(tuple(term.node for term in explanation.terms)), printed.digits)


def _of_gradient(printed: _Printed, ref: Ref) -> Interval:
    """Dw: δ times the input, or the chain rule with its three factors, for each sample."""
    by_delta, penalty = point(0.0), point(0.0)
    for term in explain(printed.engine, printed.trace, ref).terms:
        if term.kind == "penalty_term":
            penalty += node_interval(term.node, printed.digits)
        else:
            by_delta += node_interval(term.node, printed.digits)
    if printed.engine.activations[ref.layer].slope is None:
        return by_delta + penalty
    by_chain = point(0.0)
    for n in range(printed.trace.n):
        unit, source = Ref("dz", ref.layer, ref.unit, 0, n), input_ref(ref.layer, ref.input, n)
        by_chain += _chain(printed, unit) * printed.interval(source)
    return _union_if_finite(by_delta, by_chain) + penalty


def _chain(printed: _Printed, ref: Ref) -> Interval:
    """Return ∂L/∂a times the slope, both as they are printed."""
    return printed.interval(same_unit(ref, "da")) * printed.interval(same_unit(ref, "slope"))


def _union_if_finite(first: Interval, second: Interval) -> Interval:
    return first.union(second) if isfinite(second.low) and isfinite(second.high) else first


def _of_activation(printed: _Printed, ref: Ref) -> Interval:
    activation = printed.engine.activations[ref.layer]
    if activation.slope is not None:
        return function_interval(activation.formula, printed.interval(same_unit(ref, "z")))
    return _of_logits(printed, ref, lambda logits: softmax_of_logits(logits, ref.unit))


def _of_logits(printed: _Printed, ref: Ref, formula: Callable[[list[Num]], Node]) -> Interval:
    """Return the interval of a formula of all z of the output layer that is monotone in each of them.

    It goes up with the z of the unit of ``ref`` and down with those of the others, or the other way round.
    """
    last, count = len(printed.trace.z) - 1, printed.engine.sizes[-1]
    logits = [printed.interval(Ref("z", last, k, 0, ref.sample)) for k in range(count)]
    corners = [[z.high if (k == ref.unit) is is_up else z.low for k, z in enumerate(logits)] for is_up in (True, False)]
    values = [formula([literal(z) for z in corner]).value for corner in corners]
    return hull(value for value in values if value is not None)


def _of_slope(printed: _Printed, ref: Ref) -> Interval:
    formula = printed.engine.activations[ref.layer].slope_formula
    return function_interval(formula, printed.interval(same_unit(ref, "z")), printed.interval(same_unit(ref, "a")))


def _of_term(printed: _Printed, ref: Ref) -> Interval:
    loss, last = printed.engine.loss, len(printed.trace.z) - 1
    target = printed.number(Ref("y", 0, ref.unit, 0, ref.sample))
    source = Ref(loss.formula_of, last, ref.unit, 0, ref.sample)
    logits_term = loss.term_of_logits
    if logits_term is not None and not EDGE < printed.number(source) < 1.0 - EDGE:
        return _of_logits(printed, ref, lambda logits: logits_term(logits, ref.unit, literal(target)))
    return function_interval(loss.term, printed.interval(source), printed_interval(target, printed.digits))


def _of_loss(printed: _Printed, ref: Ref) -> Interval:
    trace, training, digits = printed.trace, printed.engine.experiment.training, printed.digits
    total = point(0.0)
    for n, terms in enumerate(trace.terms):
        for k in range(len(terms)):
            total += _of_term(printed, Ref("term", 0, k, 0, n)).round_to(digits)
    total *= printed.scale
    if trace.penalty:
        sizes = [float(training.l1 * np.abs(w).sum() + training.l2 * np.square(w).sum()) for w in trace.before.weights]
        total += printed_interval(trace.penalty, digits).widen(sum(sizes) * half_unit(1.0, digits))
    return total


def _of_da(printed: _Printed, ref: Ref) -> Interval:
    loss = printed.engine.loss
    if ref.layer < len(printed.trace.z) - 1:
        return _of_sum(printed, ref)
    output, target = printed.interval(same_unit(ref, loss.formula_of)), Ref("y", 0, ref.unit, 0, ref.sample)
    slope = function_interval(loss.term_gradient, output, printed.interval(target))
    return slope.round_to(printed.digits) * printed.scale


def _of_dz(printed: _Printed, ref: Ref) -> Interval:
    engine, is_output = printed.engine, ref.layer == len(printed.trace.z) - 1
    if is_output and engine.loss.formula_of == "z":
        return _of_da(printed, ref)
    has_slope = engine.activations[ref.layer].slope is not None
    if is_output and engine.loss.chain_gradient:
        output, target = printed.interval(same_unit(ref, "a")), printed.interval(Ref("y", 0, ref.unit, 0, ref.sample))
        by_error = (output + -target) * printed.scale
        return _union_if_finite(by_error, _chain(printed, ref)) if has_slope else by_error
    if has_slope:
        slope = _of_slope(printed, ref).round_to(printed.digits)
        return printed.interval(same_unit(ref, "da")) * slope.union(printed.interval(same_unit(ref, "slope")))
    total = point(0.0)
    for k in range(engine.sizes[-1]):
        a_k, da_k = (printed.interval(Ref(name, ref.layer, k, 0, ref.sample)) for name in ("a", "da"))
        indicator = literal(float(k == ref.unit))
        if k == ref.unit:
            entry = function_interval(lambda a: jacobian_entry(a, literal(1.0), a), a_k)
        else:
            entry = function_interval(
                lambda a, other, one=indicator: jacobian_entry(a, one, other),
                printed.interval(same_unit(ref, "a")),
                a_k,
            )
        total += da_k * entry.round_to(printed.digits)
    return total


def _of_update(printed: _Printed, ref: Ref) -> Interval:
    """w′, b′, Δw, Δb and the optimiser's new state: each result of a rule may be rounded."""
    engine, trace, digits = printed.engine, printed.trace, printed.digits
    layer = engine.experiment.layers[ref.layer]
    parameter, gradient, _, state = ref.parameter
    old = ref.with_key(parameter)
    if not (layer.train_weights if ref.is_weight else layer.train_bias):
        before = ref.with_key(QuantityKey(ref.quantity, ref.slot)) if not ref.key.is_step else None
        return point(0.0) if before is None else printed.interval(before)
    optimizer = optimizer_of(engine, trace)
    is_option = engine.experiment.training.schedule.is_constant
    numbers = {
        "w": _number(printed, old),
        "g": _number(printed, ref.with_key(gradient)),
        "t": literal(trace.after.steps),
    }
    numbers["η"] = Num(trace.learning_rate, is_exact=is_option)
    numbers |= {name: literal(value) for name, value in zip(optimizer.scalars, trace.before.scalars, strict=True)}
    for slot in optimizer.slots:
        numbers[STATE_LETTERS[slot]] = _number(printed, ref.with_key(QuantityKey(state, slot)))
    found: dict[str, Interval] = {}
    by_name: dict[str, Interval] = {}
    for name, (result, body) in optimizer.numbered_rules(numbers, parameter).items():
        by_name[name] = node_interval(body, digits, found).round_to(digits)
        assert isinstance(result.symbol, Symbol)
        found[symbol_name(result.symbol)] = by_name[name]
    if ref.is_optimizer_state:
        return by_name[f"{STATE_LETTERS[ref.slot]}′"]
    return by_name["Δw"] if ref.key.is_step else printed.interval(old) + by_name["Δw"]


def _number(printed: _Printed, ref: Ref) -> Num:
    return Num(printed.number(ref), ref)


_BY_QUANTITY: dict[Quantity, Callable[[_Printed, Ref], Interval]] = {
    "z": _of_sum,
    "a": _of_activation,
    "slope": _of_slope,
    "term": _of_term,
    "loss": _of_loss,
    "da": _of_da,
    "dz": _of_dz,
    "dw": _of_gradient,
    "db": _of_sum,
    "dx": _of_sum,
}
