"""Explanations of the forward pass: z, a and the slope of the activation."""

from __future__ import annotations

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.engine.quantities import input_of
from nn_tui.core.explain.parts import SLOPE, Numbers, input_ref, prediction_symbol, same_unit
from nn_tui.core.expression.equations import Cases, Equation, definition, equation, fold, written_nodes
from nn_tui.core.expression.explanation import Explanation, Line, Term, sum_lines
from nn_tui.core.expression.functions import Apply, exp
from nn_tui.core.expression.nodes import Node, Num, Product, Quotient, SumOver, Symbol, Words, symbol_of
from nn_tui.core.nn.formulas import largest_logit, softmax_of_logits
from nn_tui.core.nn.symbols import Y_HAT, symbol
from nn_tui.core.refs import Ref
from nn_tui.core.translation import message, message_plural

A, Z = Symbol("a"), Symbol("z")
MAX_EXPONENTIALS = 4  # of the sum in a softmax that is written out


def explain_z(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain z of one unit and sample: Σ w·x + b."""
    trace, layer, unit, sample = numbers.trace, ref.layer, ref.unit, ref.sample
    inputs = numbers.engine.sizes[layer]
    weights, values = trace.before.weights[layer][unit], input_of(trace, layer)[sample]
    terms = [
        Term(
            Product(
                (
                    numbers.at(Ref("w", layer, unit, j), float(weights[j])),
                    numbers.at(input_ref(layer, j, sample), float(values[j])),
                )
            )
        )
        for j in range(inputs)
    ]
    terms.append(Term(numbers.at(Ref("b", layer, unit))))
    value, number = numbers.at(ref).value, str(layer + 1)
    source = Symbol("a", subscript=str(layer), indices=("j",)) if layer else Symbol("x", indices=("j",))
    products = SumOver("j", Symbol("w", subscript=number, indices=(str(unit + 1), "j")) * source)
    body = products + symbol_of(Ref("b", layer, unit))
    note = Words(message_plural("{count:,} input", "{count:,} inputs", inputs))
    formula = Line("formula", Equation((symbol_of(ref), body)), note=note)
    return Explanation(ref, formula, sum_lines(symbol_of(ref), terms, Num(value)), value, tuple(terms))


def explain_a(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain a of one unit and sample: the activation of z, and its slope there."""
    activation = numbers.engine.activations[ref.layer]
    if activation.slope is None:
        return _explain_softmax(numbers, ref)
    z, value = same_unit(ref, "z"), numbers.at(ref)
    applied = Apply(activation.name, (numbers.at(z),), activation.formula)
    lines = (Line("value", equation(applied, value)), _slope_line(numbers, ref))
    name = Apply(activation.name, (symbol_of(z),))
    rule = activation.formula(Z)
    rules = () if rule == Apply(activation.name, (Z,)) else (rule,)  # tanh(z) says no more than the name
    formula = Line("formula", Equation((*_names(numbers, ref), name, *rules)), note=_units_note(numbers, ref))
    return Explanation(ref, formula, lines, value.value)


def _units_note(numbers: Numbers, ref: Ref) -> Words | None:
    """Return how to get a prediction in the units of the data; None for other numbers, and if it is in these units."""
    data = numbers.engine.experiment.data
    if prediction_symbol(numbers.engine, ref) is None or not has_standardized_targets(data):
        return None
    deviation, mean = (Num(float(values[ref.unit]), is_given=True) for values in (data.y_scale, data.y_mean))
    return Words(message("in the units of the data: {result}", result=Y_HAT * deviation + mean))


def _names(numbers: Numbers, ref: Ref) -> tuple[Node, ...]:
    """Return the symbol of an a; that of a prediction stands before it."""
    prediction = prediction_symbol(numbers.engine, ref)
    return (symbol_of(ref),) if prediction is None else (prediction, symbol_of(ref))


def _slope_line(numbers: Numbers, ref: Ref) -> Line:
    """Return the line of the slope ∂a/∂z, which is needed in the backward pass."""
    formula = numbers.engine.activations[ref.layer].slope_formula(Z, A)
    slope, label = numbers.at(same_unit(ref, "slope")), Words(message("slope there:"))
    if isinstance(formula, Cases):
        return Line("slope", equation(SLOPE, slope), label, formula)
    if formula.value is not None:  # the slope is the same everywhere
        return Line("slope", equation(SLOPE, slope), label)
    return Line("slope", equation(SLOPE, formula, slope), label)


def _explain_softmax(numbers: Numbers, ref: Ref) -> Explanation:
    activation, value = numbers.engine.activations[ref.layer], numbers.at(ref)
    logits = [numbers.at(Ref("z", ref.layer, k, 0, ref.sample)) for k in range(numbers.engine.sizes[ref.layer + 1])]
    largest, body = largest_logit(logits), softmax_of_logits(logits, ref.unit)
    words = message("the largest z, {largest}, is subtracted from every z first", largest=largest)
    if largest.value is None:
        words = message("the largest z is subtracted from every z first")
    symbols = Quotient(exp(symbol_of(same_unit(ref, "z"))), SumOver("k", exp(symbol("zₖ"))))
    result = equation(symbol_of(ref), Quotient(body.top, fold(body.bottom)), value)
    lines = [Line("rule", Equation((symbol_of(ref), symbols)), note=Words(words))]
    if largest.value is not None:
        lines.append(Line("numbers", _sum_of_exponentials(body.bottom)))
    lines.append(Line("value", result))
    formula = Line("formula", Equation((*_names(numbers, ref), activation.formula(Z))))
    return Explanation(ref, formula, tuple(lines), value.value)


def _sum_of_exponentials(total: Node) -> Equation:
    """Return Σₖ e^(zₖ − z_max), with as many exponentials as fit."""
    symbols = SumOver("k", exp(symbol("zₖ") - symbol("z_max")))
    parts = (total,) if len(total.children) <= MAX_EXPONENTIALS else ()
    return Equation((symbols, *parts, Num(total.value)))


def explain_slope(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain the slope ∂a/∂z of one unit and sample."""
    activation, value = numbers.engine.activations[ref.layer], numbers.at(ref)
    z, a = (numbers.at(same_unit(ref, "z")), numbers.at(same_unit(ref, "a")))
    formula = activation.slope_formula(Z, A)
    if _letters(formula) == {"a"}:
        body = activation.slope_formula(z, Num(a.value, a.ref, A))
        line = Line("value", definition(Num(value.value, ref), body))
    else:
        label = Words(message("at z = {z}, a = {a}:", z=z, a=a))
        line = Line("value", equation(symbol_of(ref), value), label)
    note = Words(message("the slope of {activation} at z", activation=activation.name))
    return Explanation(
        ref,
        Line("formula", Equation((symbol_of(ref), formula)), note=note),
        (line,),
        value.value,
        (Term(value),),
    )


def _letters(formula: Node) -> set[str]:
    """Return the letters in a formula."""
    return {node.letter for _, node in written_nodes(formula) if isinstance(node, Symbol)}
