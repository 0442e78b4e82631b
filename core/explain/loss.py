"""Explanations of the loss of a batch, and of one output's part of the loss of a sample."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.core.data.labels import has_named_outputs
from nn_tui.core.engine.engine import Engine
from nn_tui.core.explain.parts import Numbers, mean_message, penalty_line, sample_label, scaled
from nn_tui.core.expression.equations import Equation, Listed, WithDefinition, applicable, equation, to_symbols
from nn_tui.core.expression.explanation import Explanation, Line, Term, sum_lines
from nn_tui.core.expression.nodes import Node, Num, SumOver, Symbol, Words, symbol_of
from nn_tui.core.refs import Ref
from nn_tui.core.text import printable
from nn_tui.core.translation import Message, message, message_plural

EDGE = 1e-3  # a cross-entropy is computed from z if ŷ is nearer to 0 or 1, where ŷ or 1 − ŷ has fewer digits
MAX_OUTPUTS = 4  # outputs of a sample whose part of the loss is written out
MAX_SAMPLES = 12  # samples whose loss is written out while the loss is still to come


def explain_loss(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain the loss of the batch: the sum over its samples, times 1/N for the mean, plus the penalty."""
    engine, trace = numbers.engine, numbers.trace
    training, value = engine.experiment.training, numbers.at(ref)
    has_penalty = bool(training.l1 or training.l2)
    terms = [_term_of_sample(numbers, n) for n in range(trace.n)] if trace.n > 1 else _terms_of_outputs(numbers)
    if has_penalty:
        penalty = numbers.number_known_with(ref, trace.penalty, Words(message("penalty")))
        label = Words(message("penalty:")) if trace.n > 1 else None
        terms.append(Term(penalty, "penalty_term", label))
    details = [_loss_of_sample(numbers, sample) for sample in _written_samples(numbers, ref)]
    if has_penalty:
        details.append(penalty_line(numbers))
    note = None
    if trace.scale != 1.0 or trace.n > 1:
        is_sum = training.reduction == "sum"
        note = Words(message("summed over the batch") if is_sum else mean_message(engine, trace))
    sides = (Words(message("loss of one sample")), engine.loss.formula)
    lines = (*details, *sum_lines(Symbol("L"), terms, Num(value.value), ref.sample if trace.n > 1 else -1))
    return Explanation(ref, Line("formula", Equation(sides), note=note), lines, value.value, tuple(terms))


def _written_samples(numbers: Numbers, ref: Ref) -> Sequence[int]:
    """Return the samples whose loss has a line: all of a small batch if the loss is the next number to compute."""
    trace = numbers.trace
    outputs = [Ref("a", len(trace.z) - 1, 0, 0, sample) for sample in range(trace.n)]
    is_next = numbers.at(ref).value is None and all(numbers.at(output).value is not None for output in outputs)
    return range(trace.n) if is_next and trace.n <= MAX_SAMPLES else (ref.sample,)


def _term_of_sample(numbers: Numbers, sample: int) -> Term:
    """Return the loss of one sample, times the factor of the mean."""
    trace, first = numbers.trace, Ref("term", 0, 0, 0, sample)
    loss = float(trace.terms[sample].sum())
    if trace.terms.shape[1] == 1:
        number = numbers.at(first, loss)
    else:
        number = numbers.number_known_with(first, loss, SumOver("k", Symbol("L", indices=("k",))))
    return Term(scaled(number, trace.scale), label=sample_label(sample), sample=sample)


def _terms_of_outputs(numbers: Numbers) -> list[Term]:
    """Return the terms of the outputs in the loss of a batch of one sample."""
    return [Term(scaled(numbers.at(Ref("term", 0, k)), numbers.trace.scale)) for k in _contributing_outputs(numbers, 0)]


def _contributing_outputs(numbers: Numbers, sample: int) -> list[int]:
    """Return the outputs whose term of the loss is not 0 by definition.

    −y·ln ŷ is 0 if y is 0, so only one output of one-hot targets contributes.
    """
    loss, targets = numbers.engine.loss, numbers.trace.y[sample]
    return [k for k, target in enumerate(targets) if target or not loss.ignores_zero_targets]


def _loss_of_sample(numbers: Numbers, sample: int) -> Line:
    """Return the line with the parts of the outputs in the loss of one sample."""
    trace = numbers.trace
    outputs, contributing = trace.terms.shape[1], _contributing_outputs(numbers, sample)
    parts = [_part_of_output(numbers, Ref("term", 0, k, 0, sample)) for k in contributing[:MAX_OUTPUTS]]
    more, silent = len(contributing) - MAX_OUTPUTS, outputs - len(contributing)
    if more > 0:
        parts.append(Words(message_plural("… {count} more output", "… {count} more outputs", more)))
    elif silent:
        words = message_plural(
            "the output with y = 0 adds nothing", "the {count} outputs with y = 0 add nothing", silent
        )
        parts.append(Words(words))
    if len(contributing) > 1 and trace.n > 1:
        total, symbol = float(trace.terms[sample].sum()), SumOver("k", Symbol("L", indices=("k",)))
        number = numbers.number_known_with(Ref("term", 0, outputs - 1, 0, sample), total, symbol)
        parts.append(equation(symbol, number))
    label = sample_label(sample) if trace.n > 1 else None
    return Line("loss_of_sample", Listed(tuple(parts)), label, sample=sample)


def _part_of_output(numbers: Numbers, ref: Ref) -> Node:
    """Return the computation of one output's term, with the class of the output if it has one."""
    outputs, loss = numbers.trace.terms.shape[1], numbers.engine.loss
    computation = _term_equation(numbers, ref)
    if outputs > 1 and loss.term_of_logits is not None and not _is_computed_from_output(numbers, ref):
        computation = equation(symbol_of(ref), numbers.at(ref))  # the formula has the z of all outputs
    label = _output_label(numbers.engine, ref.unit)
    if label is None:
        return computation
    return Words(message("{output}: {equation}", output=label, equation=computation))


def _output_label(engine: Engine, unit: int) -> Message | None:
    """Return the class of an output, None if it belongs to no class."""
    data = engine.experiment.data
    if not has_named_outputs(data):
        return None
    return message("class {name}", name=printable(data.output_names[unit]))


def explain_term(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain one output's part of the loss of a sample, before it is scaled by the reduction of the batch."""
    loss, symbol = numbers.engine.loss, symbol_of(ref)
    formula = Equation((symbol, to_symbols(loss.term(loss.variable, Symbol("y")))))
    formula_line = Line("formula", formula, Words(_term_message(numbers, ref)))
    line = Line("value", _term_equation(numbers, ref))
    return Explanation(ref, formula_line, (line,), numbers.at(ref).value)


def _term_equation(numbers: Numbers, ref: Ref) -> Node:
    """Return a term's computation with numbers: of ŷ, or of the z of all outputs if ŷ has lost its digits."""
    loss, sample, value, symbol = numbers.engine.loss, ref.sample, numbers.at(ref), symbol_of(ref)
    last, target = len(numbers.trace.z) - 1, numbers.at(Ref("y", 0, ref.unit, 0, sample))
    if loss.term_of_logits is None or _is_computed_from_output(numbers, ref):
        body = loss.term(numbers.at(Ref(loss.formula_of, last, ref.unit, 0, sample)), target)
    else:
        logits = [numbers.at(Ref("z", last, k, 0, sample)) for k in range(numbers.engine.sizes[-1])]
        body = loss.term_of_logits(logits, ref.unit, target)
    if not isinstance(body, WithDefinition):
        return equation(symbol, body, value)
    result = equation(symbol, to_symbols(applicable(body.body)), applicable(body.body), value)
    return Listed((equation(*body.definition.sides, Num(body.definition.value)), result))


def _is_computed_from_output(numbers: Numbers, ref: Ref) -> bool:
    """Return whether ŷ of the output of a term has enough digits to compute the term, or is still to come."""
    output = numbers.at(Ref("a", len(numbers.trace.z) - 1, ref.unit, 0, ref.sample)).value
    return output is None or EDGE < output < 1.0 - EDGE


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
    output = _output_label(numbers.engine, ref.unit) or message("output {number}", number=ref.unit + 1)
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
