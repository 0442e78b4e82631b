"""Explanations of the backward pass: ∂L/∂a, δ, the gradients of weights and biases, and ∂L/∂x."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from nn_tui.core.engine.quantities import input_of, loss_slope, slope
from nn_tui.core.explain.parts import (
    SLOPE,
    Numbers,
    fraction,
    input_ref,
    mean_remark,
    same_unit,
    sample_label,
    scaled,
)
from nn_tui.core.expression.equations import Equation, Listed, equation, fold, to_symbols
from nn_tui.core.expression.explanation import Explanation, Line, Term, sum_lines
from nn_tui.core.expression.nodes import Derivative, Node, Num, Product, SumOver, Symbol, Words, literal, symbol_of
from nn_tui.core.nn.formulas import jacobian_entry, penalty_gradient
from nn_tui.core.nn.symbols import Y_HAT, symbol
from nn_tui.core.refs import Ref
from nn_tui.core.translation import message

L, A, Y, Z, W = map(Symbol, ("L", "a", "y", "z", "w"))
UPSTREAM = Derivative(L, A)
MAX_UPSTREAM_TERMS = 3  # of the sum over the next layer that is written below the chain rule


def explain_da(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain ∂L/∂a of one unit and sample: from the loss for an output, otherwise from every δ of the next layer."""
    if ref.layer == len(numbers.trace.z) - 1:
        return _explain_output_da(numbers, ref)
    layer = ref.layer + 1
    terms, value = _back_through_weights(numbers, layer, ref.unit, ref.sample), numbers.at(ref)
    note = Words(message("δ of the next layer through Wᵀ"))
    formula = Line("formula", Equation((symbol_of(ref), _sum_through_weights(layer, ref.unit))), note=note)
    return Explanation(ref, formula, sum_lines(symbol_of(ref), terms, Num(value.value)), value.value, terms)


def _explain_output_da(numbers: Numbers, ref: Ref) -> Explanation:
    engine, trace, loss = numbers.engine, numbers.trace, numbers.engine.loss
    value = numbers.at(ref)
    output, target = numbers.at(same_unit(ref, loss.formula_of)), numbers.at(Ref("y", 0, ref.unit, 0, ref.sample))
    formula, body = loss.term_gradient(loss.variable, Y), loss.term_gradient(output, target)
    unscaled = numbers.number_known_with(ref, float(loss_slope(engine, trace)[ref.sample, ref.unit]), body)
    result: Node = equation(symbol_of(ref), body, value)
    if trace.scale != 1.0:
        result = equation(symbol_of(ref), scaled(unscaled, trace.scale), value)
        if unscaled.value is not None:
            result = Listed((equation(body, unscaled), result))
    lines = [Line("value", result)]
    if trace.scale != 1.0:
        formula = scaled(formula, trace.scale)
        lines.append(mean_remark(engine, trace))
    if loss.formula_of == "z":
        lines += _step_remarks(output)
    if loss.chain_gradient:
        words = message(
            "If ŷ is rounded to 0 or 1, this number is a limit. δ does not use it: it is computed from ŷ − y."
        )
        lines.append(Line("remark", Words(words)))
    term = Term(Product((unscaled, Num(trace.scale))))
    formula_line = Line("formula", Equation((symbol_of(ref), formula)))
    return Explanation(ref, formula_line, tuple(lines), value.value, (term,))


def _back_through_weights(numbers: Numbers, layer: int, column: int, sample: int) -> tuple[Term, ...]:
    """Return the terms of Wᵀ·δ of ``layer``: for each unit its δ times its weight of input ``column``."""
    trace = numbers.trace
    deltas, weights = trace.dz[layer][sample], trace.before.weights[layer][:, column]
    return tuple(
        Term(
            Product(
                (
                    numbers.at(Ref("dz", layer, k, 0, sample), float(delta)),
                    numbers.at(Ref("w", layer, k, column), float(weight)),
                )
            )
        )
        for k, (delta, weight) in enumerate(zip(deltas, weights, strict=True))
    )


def _sum_through_weights(layer: int, column: int) -> SumOver:
    """Return the formula of Wᵀ·δ of ``layer`` for input ``column``."""
    number = str(layer + 1)
    delta = Symbol("δ", subscript=number, indices=("k",))
    return SumOver("k", delta * Symbol("w", subscript=number, indices=("k", str(column + 1))))


def explain_dz(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain δ of one unit and sample: upstream × slope, ŷ − y for a fused loss, or the Jacobian of softmax."""
    engine, symbol, value = numbers.engine, symbol_of(ref), numbers.at(ref)
    is_output = ref.layer == len(numbers.trace.z) - 1
    upstream = numbers.at(same_unit(ref, "da"))
    if is_output and engine.loss.formula_of == "z":
        return _explain_perceptron_dz(numbers, ref, upstream)
    if is_output and engine.loss.chain_gradient:
        return _explain_fused_dz(numbers, ref, upstream)
    slopes = slope(engine, numbers.trace, ref.layer)
    if slopes is None:
        return _explain_softmax_dz(numbers, ref)
    factor = numbers.at(same_unit(ref, "slope"), float(slopes[ref.sample, ref.unit]))
    terms = (Term(Product((upstream, factor))),)
    slope_formula = engine.activations[ref.layer].slope_formula(Z, A)
    note = Words(message("upstream × slope, {slope} = {formula}", slope=SLOPE, formula=slope_formula))
    formula = Line("formula", Equation((symbol, Product((UPSTREAM, SLOPE)))), note=note)
    return Explanation(ref, formula, sum_lines(symbol, terms, Num(value.value)), value.value, terms)


def _explain_perceptron_dz(numbers: Numbers, ref: Ref, upstream: Num) -> Explanation:
    """Explain δ of an output of the perceptron rule, which is ∂L/∂z itself."""
    loss, scale, value = numbers.engine.loss, numbers.trace.scale, numbers.at(ref)
    z, y = numbers.at(same_unit(ref, "z")), numbers.at(Ref("y", 0, ref.unit, 0, ref.sample))
    formula, body = scaled(loss.term_gradient(Z, Y), scale), scaled(loss.term_gradient(z, y), scale)
    lines = (Line("value", equation(symbol_of(ref), body, value)), *_step_remarks(z))
    note = Words(message("the perceptron rule has no slope"))
    formula_line = Line("formula", Equation((symbol_of(ref), formula)), note=note)
    return Explanation(ref, formula_line, lines, value.value, (Term(upstream),))


def _step_remarks(z: Num) -> list[Line]:
    """Return the line that says what step(0) is, if z is 0."""
    return (
        [Line("remark", Words(message("step(0) = 1, because step(z) is 1 if z ≥ 0, else 0.")))] if z.value == 0 else []
    )


def _explain_fused_dz(numbers: Numbers, ref: Ref, upstream: Num) -> Explanation:
    """Explain δ of an output whose activation and loss simplify to ŷ − y, and compare it with the chain rule."""
    trace, value = numbers.trace, numbers.at(ref)
    prediction, target = numbers.at(same_unit(ref, "a")), numbers.at(Ref("y", 0, ref.unit, 0, ref.sample))
    body = scaled(prediction - target, trace.scale)
    lines = [Line("value", equation(symbol_of(ref), body, value))]
    slopes = slope(numbers.engine, trace, ref.layer)
    if slopes is None:
        words = Words(message("By the chain rule, softmax's Jacobian times −y/ŷ simplifies to ŷ − y."))
        lines.append(Line("remark", words))
    else:
        factor = numbers.at(same_unit(ref, "slope"), float(slopes[ref.sample, ref.unit]))
        chain = Product((upstream, factor))
        label = message("The chain rule gives the same result:")
        if chain.value is not None and not isfinite(chain.value):
            label = message("The chain rule has no value here, because ŷ is rounded to 0 or 1:")
        lines.append(Line("chain", Equation((Product((UPSTREAM, SLOPE)), chain)), Words(label)))
    formula = Line("formula", Equation((symbol_of(ref), scaled(Y_HAT - Y, trace.scale))))
    return Explanation(ref, formula, tuple(lines), value.value, (Term(body),))


def _explain_softmax_dz(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain δ of a softmax output: a row of the Jacobian times ∂L/∂a."""
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    count = numbers.engine.sizes[layer + 1]
    outputs = [numbers.at(Ref("a", layer, k, 0, sample)) for k in range(count)]
    terms = []
    for k, output in enumerate(outputs):
        entry = fold(jacobian_entry(outputs[unit], literal(k == unit), output))
        terms.append(Term(Product((numbers.at(Ref("da", layer, k, 0, sample)), entry))))
    number, a_k = str(unit + 1), symbol("aₖ")
    jacobian = jacobian_entry(Symbol("a", indices=(number,)), Symbol("1", indices=(f"k={number}",)), a_k)
    body = SumOver("k", Product((Derivative(L, a_k), *jacobian.factors)))
    note = Words(message("softmax couples all outputs"))
    formula, value = Line("formula", Equation((symbol_of(ref), body)), note=note), numbers.at(ref).value
    return Explanation(ref, formula, sum_lines(symbol_of(ref), terms, Num(value)), value, tuple(terms))


def explain_gradient(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain the gradient of a weight or bias: a sum over the batch, and for a weight the part of the penalty."""
    trace, layer, unit = numbers.trace, ref.layer, ref.unit
    value, source = numbers.at(ref).value, input_ref(layer, ref.input, ref.sample)
    inputs = input_of(trace, layer)[:, ref.input]
    terms = []
    for n, delta in enumerate(trace.dz[layer][:, unit]):
        node: Node = numbers.at(Ref("dz", layer, unit, 0, n), float(delta))
        if ref.is_weight:
            node = Product((node, numbers.at(input_ref(layer, ref.input, n), float(inputs[n]))))
        terms.append(Term(node, label=sample_label(n), sample=n))
    terms += _penalty_terms(numbers, ref) if ref.is_weight else []
    if trace.n == 1:  # one line is enough
        terms = [replace(term, label=None) for term in terms]
    lines = _chain_lines(numbers, ref, source) if ref.is_weight else []
    lines += sum_lines(symbol_of(ref), terms, Num(value), ref.sample if trace.n > 1 else -1)
    if trace.scale != 1.0:
        words = message("δ includes the factor {factor} of the mean.", factor=fraction(trace.scale))
        lines.append(Line("remark", Words(words)))
    return Explanation(ref, _gradient_formula(numbers, ref, source), tuple(lines), value, tuple(terms))


def _gradient_formula(numbers: Numbers, ref: Ref, source: Ref) -> Line:
    """Return the formula of the gradient of a weight with the input ``source``, or of a bias."""
    body: Node = symbol_of(Ref("dz", ref.layer, ref.unit))
    body = body * symbol_of(source) if ref.is_weight else body
    body = SumOver("n", body) if numbers.trace.n > 1 else body
    if ref.is_weight:
        training = numbers.engine.experiment.training
        for part in penalty_gradient(symbol_of(ref.with_key("w")), training.l1, training.l2):
            body = body + to_symbols(part)
    return Line("formula", Equation((symbol_of(ref), body)))


def _penalty_terms(numbers: Numbers, ref: Ref) -> list[Term]:
    """Return the derivative of the penalty by a weight."""
    training, weight = numbers.engine.experiment.training, numbers.at(ref.with_key("w"))
    labels = penalty_gradient(W, training.l1, training.l2)
    parts = penalty_gradient(weight, training.l1, training.l2)
    return [
        Term(part, "penalty_term", Words(message("{formula}:", formula=to_symbols(label))))
        for part, label in zip(parts, labels, strict=True)
    ]


def _chain_lines(numbers: Numbers, ref: Ref, source: Ref) -> list[Line]:
    """Return the chain rule for one sample, and the sum that gives its first factor in a hidden layer.

    There are no lines if softmax has no slope, or if the chain has no value.
    """
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    slopes = slope(numbers.engine, numbers.trace, layer)
    if slopes is None:
        return []
    factor = numbers.at(Ref("slope", layer, unit, 0, sample), float(slopes[sample, unit]))
    product = Product((numbers.at(Ref("da", layer, unit, 0, sample)), factor, numbers.at(source)))
    value = product.value
    # For a fused pair that saturates, only δ is finite.
    if value is not None and not isfinite(value) and isfinite(numbers.at(ref).value or 0.0):
        return []
    symbols = Product((UPSTREAM, Derivative(A, Z), Derivative(Z, W)))
    label = sample_label(sample) if numbers.trace.n > 1 else None
    result = Num(value if numbers.has(ref) else None)  # of one sample, it is the number itself
    chain = Line("chain", equation(symbols, product, result), label, sample=sample)
    return [chain, _upstream_line(numbers, ref, label)] if layer < len(numbers.trace.z) - 1 else [chain]


def _upstream_line(numbers: Numbers, ref: Ref, label: Words | None) -> Line:
    """Return ∂L/∂a of the unit of ``ref`` in a hidden layer as a sum over the next layer, with its largest terms."""
    layer, number = ref.layer + 1, str(ref.layer + 2)
    terms = _back_through_weights(numbers, layer, ref.unit, ref.sample)
    value = numbers.at(same_unit(ref, "da")).value
    products: Node = Symbol("δ", subscript=number) * Symbol("w", subscript=number)
    products = SumOver("k", products) if len(terms) > 1 else products
    (line,) = sum_lines(UPSTREAM, terms, Num(value), max_terms=MAX_UPSTREAM_TERMS)
    assert isinstance(line.body, Equation)
    symbol, *sides = line.body.sides
    return Line("upstream", Equation((symbol, products, *sides)), label, sample=ref.sample)


def explain_dx(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain the derivative of the loss by one input of ``ref.layer``, for one sample: Wᵀ·δ of that layer."""
    terms, value = _back_through_weights(numbers, ref.layer, ref.unit, ref.sample), numbers.at(ref).value
    formula = Line("formula", Equation((symbol_of(ref), _sum_through_weights(ref.layer, ref.unit))))
    return Explanation(ref, formula, sum_lines(symbol_of(ref), terms, Num(value)), value, terms)
