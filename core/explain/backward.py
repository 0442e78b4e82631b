"""Where the gradients come from: ∂L/∂a, δ, the gradients of weights and biases, and ∂L/∂x."""

from __future__ import annotations

from math import isfinite, prod

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import input_of, loss_slope, slope
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.parts import fraction, input_ref, mean_text, num_of, same_unit, subscript, value_of
from nn_tui.core.expression import Explanation, Line, Num, Term, sum_lines
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.refs import Ref


def explain_da(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Where ∂L/∂a of one unit and sample comes from: the loss for an output, else every δ of the next layer."""
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    value = value_of(engine, trace, ref)
    if layer == len(trace.z) - 1:
        key = "z" if engine.loss.name == "perceptron" else "a"
        answer, target = Ref(key, layer, unit, 0, sample), Ref("y", 0, unit, 0, sample)
        base = float(loss_slope(engine, trace)[sample, unit])
        lines: list[Line] = [
            (f"{key} = ", num_of(engine, trace, answer), ", y = ", num_of(engine, trace, target)),
            (f"{engine.loss.gradient_formula} = ", Num(value, ref)),
        ]
        if trace.scale != 1.0:
            times = f", times {fraction(trace.scale)} = "
            lines[1] = (f"{engine.loss.gradient_formula} = ", Num(base), times, Num(value, ref))
        if engine.loss.fused:
            lines.append(("where a saturates this is a limit; δ below is computed without it",))
        terms = (Term((Num(base), Num(trace.scale))),)
        scaled = "" if trace.scale == 1.0 else f", {mean_text(engine, trace)}"
        return Explanation(ref, f"{ref.symbol} = {engine.loss.gradient_formula}{scaled}", tuple(lines), terms, value)
    deltas, weights = trace.dz[layer + 1][sample], trace.before.weights[layer + 1][:, unit]
    sums = [
        Term(
            (
                Num(float(deltas[k]), Ref("dz", layer + 1, k, 0, sample)),
                Num(float(weights[k]), Ref("w", layer + 1, k, unit)),
            )
        )
        for k in range(len(deltas))
    ]
    following = subscript(layer + 1)
    return Explanation(
        ref,
        f"{ref.symbol} = Σₖ δ{following}[k]·w{following}[k,{unit + 1}]   (δ of the next layer through Wᵀ)",
        sum_lines(ref.symbol, sums, value),
        tuple(sums),
        value,
        0,
    )


def explain_dz(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Where δ of one unit and sample comes from: upstream × slope, a − y where fused, softmax by its Jacobian."""
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    value = value_of(engine, trace, ref)
    last = layer == len(trace.z) - 1
    upstream = num_of(engine, trace, same_unit(ref, "da"))
    found = slope(engine, trace, layer)
    if last and engine.loss.name == "perceptron":
        terms = (Term((upstream,)),)
        lines: tuple[Line, ...] = ((f"{ref.symbol} = ∂L/∂a = ", upstream),)
        return Explanation(ref, f"{ref.symbol} = step(z) − y: the perceptron rule has no slope", lines, terms, value)
    if last and engine.loss.fused:
        a, y = Ref("a", layer, unit, 0, sample), Ref("y", 0, unit, 0, sample)
        gap = Num(value_of(engine, trace, a) - value_of(engine, trace, y))
        rows: list[Line] = [
            (
                "(",
                num_of(engine, trace, a),
                " − ",
                num_of(engine, trace, y),
                ") × ",
                Num(trace.scale),
                " = ",
                Num(value, ref),
            ),
        ]
        if found is not None:
            factor = Num(float(found[sample, unit]), same_unit(ref, "slope"))
            says = "the chain says the same: ∂L/∂a × σ′(z) = "
            if not isfinite(upstream.value * factor.value):
                says = "the chain has no value here, where a saturates: ∂L/∂a × σ′(z) = "
            rows.append((says, upstream, " × ", factor))
        else:
            rows.append(("the chain through softmax's Jacobian and −y/a shortens to this",))
        scaled = "" if trace.scale == 1.0 else f"·{fraction(trace.scale)}"
        return Explanation(ref, f"{ref.symbol} = (a − y){scaled}", tuple(rows), (Term((gap, Num(trace.scale))),), value)
    if found is None:
        a = trace.a[layer][sample]
        da = trace.da[layer][sample]
        jacobian = [
            Term((Num(float(da[k]), Ref("da", layer, k, 0, sample)), Num(float(a[unit] * ((k == unit) - a[k])))))
            for k in range(len(a))
        ]
        formula = f"{ref.symbol} = Σₖ ∂L/∂aₖ · a[{unit + 1}]·(1[k={unit + 1}] − aₖ)   (softmax couples all outputs)"
        return Explanation(ref, formula, sum_lines(ref.symbol, jacobian, value), tuple(jacobian), value, 0)
    factor = Num(float(found[sample, unit]), same_unit(ref, "slope"))
    term = Term((upstream, factor))
    name = engine.activations[layer].name
    return Explanation(
        ref,
        f"{ref.symbol} = ∂L/∂a × σ′(z): upstream × slope, σ′ = {ACTIVATIONS[name].slope_formula}",
        sum_lines(ref.symbol, [term], value),
        (term,),
        value,
    )


def explain_gradient(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Where the gradient of a weight or bias comes from: a sum over the batch, and the penalty's part of a weight."""
    layer, unit = ref.layer, ref.unit
    weight = ref.key == "dw"
    value = value_of(engine, trace, ref)
    training = engine.experiment.training
    inputs = input_of(trace, layer)[:, ref.input]
    terms = []
    for n, delta in enumerate(trace.dz[layer][:, unit]):
        factors = [Num(float(delta), Ref("dz", layer, unit, 0, n), label=f"sample {n + 1}")]
        if weight:
            factors.append(Num(float(inputs[n]), input_ref(layer, ref.input, n)))
        terms.append(Term(tuple(factors)))
    own = Ref("w", layer, unit, ref.input)
    w = float(trace.before.weights[layer][unit, ref.input])
    if weight and training.l1:
        terms.append(Term((Num(training.l1, label="l1·sign(w)"), Num(float(np.sign(w))))))
    if weight and training.l2:
        terms.append(Term((Num(training.l2, label="l2·w"), Num(w, own))))
    source = input_ref(layer, ref.input, ref.sample)
    lines: list[Line] = []
    found = slope(engine, trace, layer)
    if weight and found is not None:
        n = ref.sample
        chain = (
            num_of(engine, trace, Ref("da", layer, unit, 0, n)),
            Num(float(found[n, unit]), Ref("slope", layer, unit, 0, n)),
            num_of(engine, trace, source),
        )
        product = prod(factor.value for factor in chain)
        if isfinite(product) or not isfinite(value):  # of a fused pair that saturates, only δ has a value
            start = f"chain, sample {n + 1}: ∂L/∂a · ∂a/∂z · ∂z/∂w = "
            lines.append((start, chain[0], " × ", chain[1], " × ", chain[2], " = ", Num(product)))
    sum_from = len(lines)
    lines += sum_lines(ref.symbol, terms, value, ref.sample)
    summed = f"δ{subscript(layer)}[{unit + 1}]" + (f"·{source.symbol}" if weight else "")
    note = "" if trace.scale == 1.0 else f"   ({fraction(trace.scale)} is in δ, from the mean)"
    return Explanation(
        ref,
        f"{ref.symbol} = Σₙ {summed} over the {trace.n} sample{'' if trace.n == 1 else 's'} of the batch{note}",
        tuple(lines),
        tuple(terms),
        value,
        sum_from,
    )


def explain_dx(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Where ∂L/∂x of one input and sample comes from: every δ of the first layer, through its weights."""
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    deltas, weights = trace.dz[layer][sample], trace.before.weights[layer][:, unit]
    terms = [
        Term((Num(float(deltas[k]), Ref("dz", layer, k, 0, sample)), Num(float(weights[k]), Ref("w", layer, k, unit))))
        for k in range(len(deltas))
    ]
    value = value_of(engine, trace, ref)
    formula = f"{ref.symbol} = Σₖ δ{subscript(layer)}[k]·w{subscript(layer)}[k,{unit + 1}]"
    return Explanation(ref, formula, sum_lines(ref.symbol, terms, value), tuple(terms), value, 0)
