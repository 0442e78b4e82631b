"""Explanations of the loss of a batch, and of one output's part of the loss of a sample."""

from __future__ import annotations

from nn_tui.core.data.labels import output_labels
from nn_tui.core.engine.engine import Engine
from nn_tui.core.explain.parts import Numbers, mean_message, penalty_line, sample_label
from nn_tui.core.expression.equations import Equation, Listed, WithDefinition, applicable, equation, to_symbols
from nn_tui.core.expression.explanation import Explanation, Line, Term, sum_lines
from nn_tui.core.expression.nodes import Node, Num, SumOver, Symbol, Words, symbol_of
from nn_tui.core.refs import Ref
from nn_tui.core.text import printable
from nn_tui.core.translation import Message, message, message_plural

EDGE = 1e-3  # a cross-entropy is computed from z if ŷ is nearer to 0 or 1, where ŷ or 1 − ŷ has fewer digits
MAX_OUTPUTS = 4  # outputs of a sample whose part of the loss is written out


def explain_loss(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain the loss of the batch: the sum over its samples, times 1/N for the mean, plus the penalty."""
    engine, trace = numbers.engine, numbers.trace
    training, value = engine.experiment.training, numbers.at(ref)
    has_penalty = bool(training.l1 or training.l2)
    terms = [_term_of_sample(numbers, n) for n in range(trace.n)]
    if trace.penalty or has_penalty:
        penalty = numbers.number_known_with(ref, trace.penalty, Words(message("penalty")))
        terms.append(Term(penalty, "penalty_term", Words(message("penalty:"))))
    details = [_loss_of_sample(numbers, ref.sample)]
    if has_penalty:
        details.append(penalty_line(numbers))
    note = None
    if trace.scale != 1.0 or trace.n > 1:
        is_sum = training.reduction == "sum"
        note = Words(message("summed over the batch") if is_sum else mean_message(engine, trace))
    sides = (Words(message("loss of one sample")), engine.loss.formula)
    lines = (*details, *sum_lines(Symbol("L"), terms, Num(value.value), ref.sample))
    return Explanation(ref, Line("formula", Equation(sides), note=note), lines, value.value, tuple(terms))


def _term_of_sample(numbers: Numbers, sample: int) -> Term:
    """Return the loss of one sample, times the factor of the mean."""
    trace, first = numbers.trace, Ref("term", 0, 0, 0, sample)
    loss = float(trace.terms[sample].sum())
    if trace.terms.shape[1] == 1:
        number = numbers.at(first, loss)
    else:
        number = numbers.number_known_with(first, loss, SumOver("k", Symbol("L", indices=("k",))))
    return Term(Num(trace.scale, is_given=True) * number, label=sample_label(sample), sample=sample)


def _loss_of_sample(numbers: Numbers, sample: int) -> Line:
    """Return the line with the parts of the outputs in the loss of one sample."""
    engine, trace = numbers.engine, numbers.trace
    outputs = trace.terms.shape[1]
    # −y·log p is 0 if y is 0, so only one output of one-hot targets contributes.
    contributing = [k for k in range(outputs) if not engine.loss.ignores_zero_targets or trace.y[sample, k]]
    parts: list[Node] = [Words(_loss_of_output(numbers, k, sample)) for k in contributing[:MAX_OUTPUTS]]
    more, silent = len(contributing) - MAX_OUTPUTS, outputs - len(contributing)
    if more > 0:
        parts.append(Words(message_plural("… {count} more output", "… {count} more outputs", more)))
    elif silent:
        words = message_plural(
            "the output with y = 0 adds nothing", "the {count} outputs with y = 0 add nothing", silent
        )
        parts.append(Words(words))
    if outputs > 1:
        total = float(trace.terms[sample].sum())
        number = numbers.number_known_with(
            Ref("term", 0, outputs - 1, 0, sample), total, SumOver("k", Symbol("L", indices=("k",)))
        )
        parts.append(Words(message("total {total}", total=number)))
    return Line("loss_of_sample", Listed(tuple(parts)), sample_label(sample), sample=sample)


def _loss_of_output(numbers: Numbers, unit: int, sample: int) -> Message:
    """Describe the part of one output in the loss of a sample; a single output needs no name."""
    loss = numbers.engine.loss
    value = numbers.at(Ref(loss.formula_of, len(numbers.trace.z) - 1, unit, 0, sample))
    target, part = numbers.at(Ref("y", 0, unit, 0, sample)), numbers.at(Ref("term", 0, unit, 0, sample))
    if numbers.engine.sizes[-1] == 1:
        return message(
            "{variable} {value}, y {target} → {loss}", variable=loss.variable, value=value, target=target, loss=part
        )
    return message(
        "{output}: {variable} {value}, y {target} → {loss}",
        output=_output_label(numbers.engine, unit),
        variable=loss.variable,
        value=value,
        target=target,
        loss=part,
    )


def _output_label(engine: Engine, unit: int) -> Message:
    """Return the class of an output, or its number if it belongs to no class."""
    data = engine.experiment.data
    label = output_labels(data)[unit]
    if label == str(unit + 1) or len(data.output_names) == 1:
        return message("output {number}", number=unit + 1)
    return message("class {name}", name=printable(label))


def explain_term(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain one output's part of the loss of a sample, before it is scaled by the reduction of the batch."""
    loss, value, symbol = numbers.engine.loss, numbers.at(ref), symbol_of(ref)
    body = _term_with_numbers(numbers, ref)
    formula = Equation((symbol, to_symbols(loss.term(loss.variable, Symbol("y")))))
    if isinstance(body, WithDefinition):
        result = equation(symbol, to_symbols(applicable(body.body)), applicable(body.body), value)
        line = Line("value", Listed((equation(*body.definition.sides, Num(body.definition.value)), result)))
    else:
        line = Line("value", equation(symbol, body, value))
    formula_line = Line("formula", formula, Words(_term_message(numbers, ref)))
    return Explanation(ref, formula_line, (line,), value.value)


def _term_with_numbers(numbers: Numbers, ref: Ref) -> Node:
    """Return the expression of a term: of ŷ, or of the z of all outputs if ŷ has lost its digits."""
    loss, last, sample = numbers.engine.loss, len(numbers.trace.z) - 1, ref.sample
    output = numbers.at(Ref(loss.formula_of, last, ref.unit, 0, sample))
    target = numbers.at(Ref("y", 0, ref.unit, 0, sample))
    if loss.term_of_logits is None or output.value is None or EDGE < output.value < 1.0 - EDGE:
        return loss.term(output, target)
    logits = [numbers.at(Ref("z", last, k, 0, sample)) for k in range(numbers.engine.sizes[-1])]
    return loss.term_of_logits(logits, ref.unit, target)


def _term_message(numbers: Numbers, ref: Ref) -> Message:
    """Describe one output's part of the loss of a sample."""
    trace, sample = numbers.trace, ref.sample + 1
    is_only_sample = trace.scale == 1.0 and trace.n == 1
    is_mean = trace.scale != 1.0
    if trace.terms.shape[1] == 1:
        if is_only_sample:
            return message("the loss of sample {sample}:", sample=sample)
        if is_mean:
            return message("the loss of sample {sample}, before averaging over the batch:", sample=sample)
        return message("the loss of sample {sample}, before summing over the batch:", sample=sample)
    output = _output_label(numbers.engine, ref.unit)
    if is_only_sample:
        return message("{output}'s part of the loss of sample {sample}:", output=output, sample=sample)
    if is_mean:
        return message(
            "{output}'s part of the loss of sample {sample}, before averaging over the batch:",
            output=output,
            sample=sample,
        )
    return message(
        "{output}'s part of the loss of sample {sample}, before summing over the batch:", output=output, sample=sample
    )
