"""Explanations of the backward pass: ∂L/∂a, δ, the gradients of weights and biases, and ∂L/∂x."""

from __future__ import annotations

from math import isfinite, prod

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import input_of, loss_slope, slope
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.parts import (
    fraction,
    input_ref,
    mean_text,
    num_of,
    same_unit,
    value_of,
)
from nn_tui.core.expression import Explanation, Line, Num, Term, sum_lines
from nn_tui.core.refs import Ref, subscript
from nn_tui.core.text import pluralize


def explain_da(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Explain ∂L/∂a of one unit and sample: from the loss for an output, otherwise from every δ of the next layer."""
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    value = value_of(engine, trace, ref)
    if layer == len(trace.z) - 1:
        key = engine.loss.formula_of
        output, target = Ref(key, layer, unit, 0, sample), Ref("y", 0, unit, 0, sample)
        unscaled = float(loss_slope(engine, trace)[sample, unit])
        lines: list[Line] = [
            (f"{key} = ", num_of(engine, trace, output), ", y = ", num_of(engine, trace, target)),
            (f"{engine.loss.gradient_formula} = ", Num(value, ref)),
        ]
        if trace.scale != 1.0:
            times = f", times {fraction(trace.scale)} = "
            lines[1] = (f"{engine.loss.gradient_formula} = ", Num(unscaled), times, Num(value, ref))
        if engine.loss.chain_gradient:
            lines.append(("where a saturates this is a limit; δ below is computed without it",))
        product = (Term((Num(unscaled), Num(trace.scale))),)
        scaled = "" if trace.scale == 1.0 else f", {mean_text(engine, trace)}"
        return Explanation(ref, f"{ref.symbol} = {engine.loss.gradient_formula}{scaled}", tuple(lines), product, value)
    next_layer = layer + 1
    terms = _back_through_weights(trace, next_layer, unit, sample)
    symbol = subscript(next_layer + 1)
    formula = f"{ref.symbol} = Σₖ δ{symbol}[k]·w{symbol}[k,{unit + 1}]   (δ of the next layer through Wᵀ)"
    return Explanation(ref, formula, sum_lines(ref.symbol, terms, value), tuple(terms), value, 0)


def _back_through_weights(trace: Trace, layer: int, column: int, sample: int) -> list[Term]:
    """Return the terms of Wᵀ·δ of ``layer``: for each unit its δ times its weight of input ``column``."""
    deltas, weights = trace.dz[layer][sample], trace.before.weights[layer][:, column]
    return [
        Term((Num(float(delta), Ref("dz", layer, k, 0, sample)), Num(float(weight), Ref("w", layer, k, column))))
        for k, (delta, weight) in enumerate(zip(deltas, weights, strict=True))
    ]


def explain_dz(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Explain δ of one unit and sample: upstream × slope, a − y for a fused loss, or the Jacobian of softmax."""
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    value = value_of(engine, trace, ref)
    is_output = layer == len(trace.z) - 1
    upstream = num_of(engine, trace, same_unit(ref, "da"))
    if is_output and engine.loss.formula_of == "z":
        formula = f"{ref.symbol} = step(z) − y: the perceptron rule has no slope"
        return Explanation(ref, formula, ((f"{ref.symbol} = ∂L/∂a = ", upstream),), (Term((upstream,)),), value)
    if is_output and engine.loss.chain_gradient:
        return _explain_fused_dz(engine, trace, ref, upstream)
    slopes = slope(engine, trace, layer)
    if slopes is None:
        return _explain_softmax_dz(trace, ref, value)
    term = Term((upstream, Num(float(slopes[sample, unit]), same_unit(ref, "slope"))))
    formula = f"{ref.symbol} = ∂L/∂a × σ′(z): upstream × slope, σ′ = {engine.activations[layer].slope_formula}"
    return Explanation(ref, formula, sum_lines(ref.symbol, [term], value), (term,), value)


def _explain_fused_dz(engine: Engine, trace: Trace, ref: Ref, upstream: Num) -> Explanation:
    """Explain δ of an output whose activation and loss simplify to (a − y), and compare it with the chain rule."""
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    value = num_of(engine, trace, ref)
    a, y = num_of(engine, trace, same_unit(ref, "a")), num_of(engine, trace, Ref("y", 0, unit, 0, sample))
    lines: list[Line] = [("(", a, " − ", y, ") × ", Num(trace.scale), " = ", value)]
    slopes = slope(engine, trace, layer)
    if slopes is not None:
        factor = Num(float(slopes[sample, unit]), same_unit(ref, "slope"))
        words = "the chain says the same: ∂L/∂a × σ′(z) = "
        if not isfinite(upstream.value * factor.value):
            words = "the chain has no value here, where a saturates: ∂L/∂a × σ′(z) = "
        lines.append((words, upstream, " × ", factor))
    else:
        lines.append(("the chain through softmax's Jacobian and −y/a shortens to this",))
    scaled = "" if trace.scale == 1.0 else f"·{fraction(trace.scale)}"
    term = Term((Num(a.value - y.value), Num(trace.scale)))
    return Explanation(ref, f"{ref.symbol} = (a − y){scaled}", tuple(lines), (term,), value.value)


def _explain_softmax_dz(trace: Trace, ref: Ref, value: float) -> Explanation:
    """Explain δ of a softmax output: a row of the Jacobian times ∂L/∂a."""
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    a, da = trace.a[layer][sample], trace.da[layer][sample]
    terms = [
        Term((Num(float(da[k]), Ref("da", layer, k, 0, sample)), Num(float(a[unit] * ((k == unit) - a[k])))))
        for k in range(len(a))
    ]
    formula = f"{ref.symbol} = Σₖ ∂L/∂aₖ · a[{unit + 1}]·(1[k={unit + 1}] − aₖ)   (softmax couples all outputs)"
    return Explanation(ref, formula, sum_lines(ref.symbol, terms, value), tuple(terms), value, 0)


def explain_gradient(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Explain the gradient of a weight or bias: a sum over the batch, and for a weight the part of the penalty."""
    layer, unit = ref.layer, ref.unit
    weight = ref.quantity == "dw"
    value = value_of(engine, trace, ref)
    training = engine.experiment.training
    inputs = input_of(trace, layer)[:, ref.input]
    terms = []
    for n, delta in enumerate(trace.dz[layer][:, unit]):
        factors = [Num(float(delta), Ref("dz", layer, unit, 0, n), label=f"sample {n + 1}")]
        if weight:
            factors.append(Num(float(inputs[n]), input_ref(layer, ref.input, n)))
        terms.append(Term(tuple(factors)))
    weight_ref = Ref("w", layer, unit, ref.input)
    w = float(trace.before.weights[layer][unit, ref.input])
    if weight and training.l1:
        terms.append(Term((Num(training.l1, label="l1·sign(w)"), Num(float(np.sign(w))))))
    if weight and training.l2:
        terms.append(Term((Num(training.l2, label="l2·w"), Num(w, weight_ref))))
    source = input_ref(layer, ref.input, ref.sample)
    lines: list[Line] = []
    slopes = slope(engine, trace, layer)
    if weight and slopes is not None:
        n = ref.sample
        chain = (
            num_of(engine, trace, Ref("da", layer, unit, 0, n)),
            Num(float(slopes[n, unit]), Ref("slope", layer, unit, 0, n)),
            num_of(engine, trace, source),
        )
        product = prod(factor.value for factor in chain)
        if isfinite(product) or not isfinite(value):  # for a fused pair that saturates, only δ is finite
            words = f"chain, sample {n + 1}: ∂L/∂a · ∂a/∂z · ∂z/∂w = "
            lines.append((words, chain[0], " × ", chain[1], " × ", chain[2], " = ", Num(product)))
    sum_from = len(lines)
    lines += sum_lines(ref.symbol, terms, value, ref.sample)
    addend = f"δ{subscript(layer + 1)}[{unit + 1}]" + (f"·{source.symbol}" if weight else "")
    note = "" if trace.scale == 1.0 else f"   ({fraction(trace.scale)} is in δ, from the mean)"
    return Explanation(
        ref,
        f"{ref.symbol} = Σₙ {addend} over the {pluralize(trace.n, 'sample')} of the batch{note}",
        tuple(lines),
        tuple(terms),
        value,
        sum_from,
    )


def explain_dx(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Explain the derivative of the loss by one input of ``ref.layer``, for one sample: Wᵀ·δ of that layer."""
    layer, unit = ref.layer, ref.unit
    terms = _back_through_weights(trace, layer, unit, ref.sample)
    value = value_of(engine, trace, ref)
    formula = f"{ref.symbol} = Σₖ δ{subscript(layer + 1)}[k]·w{subscript(layer + 1)}[k,{unit + 1}]"
    return Explanation(ref, formula, sum_lines(ref.symbol, terms, value), tuple(terms), value, 0)
