"""Explanations of an update: the optimiser's formula with its state before and after, then w′ = w + Δw."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import is_frozen, optimizer_of, step_at
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.parts import Numbers, name_label
from nn_tui.core.expression.equations import Equation, Listed, definition, equation
from nn_tui.core.expression.explanation import Explanation, Line, Term
from nn_tui.core.expression.nodes import Num, Symbol, Words, literal
from nn_tui.core.nn.schedules import learning_rate_line
from nn_tui.core.refs import STATE_LETTERS, QuantityKey, Ref
from nn_tui.core.translation import message


def explain_update(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain w′, Δw, b′, Δb, or a number of the optimiser's state after the update."""
    engine, trace = numbers.engine, numbers.trace
    if is_frozen(engine, ref.key, ref.layer):
        return _explain_frozen(numbers, ref)
    parameter, gradient, _, state = ref.parameter
    old, new = (numbers.at(ref.with_key(QuantityKey(parameter, after=after))) for after in (False, True))
    optimizer = optimizer_of(engine, trace)
    delta = Num(step_at(engine, trace, ref.layer, ref.indices) if new.value is not None else None)
    is_option = engine.experiment.training.schedule.is_constant
    eta, t = Num(trace.learning_rate, is_given=True, is_exact=is_option), literal(trace.after.steps)
    known = {"w": old, "g": numbers.at(ref.with_key(gradient)), "η": eta, "t": t, "Δw": delta}
    known |= {name: literal(value) for name, value in zip(optimizer.scalars, trace.before.scalars, strict=True)}
    for slot in optimizer.slots:
        letter = STATE_LETTERS[slot]
        known[letter] = numbers.at(ref.with_key(QuantityKey(state, slot)))
        known[f"{letter}′"] = numbers.at(ref.with_key(QuantityKey(state, slot, after=True)))
    lines, formulas = optimizer.lines(known, parameter), optimizer.formulas(parameter)
    if ref.is_optimizer_state:
        name, stored = f"{STATE_LETTERS[ref.slot]}′", ref.with_key(parameter).symbol
        label = Words(message("{optimizer} stores for {parameter}:", optimizer=optimizer.name, parameter=stored))
        return Explanation(ref, Line("formula", formulas[name], label), (lines[name],), known[name].value)
    old, new, delta = (
        replace(number, symbol=Symbol(letter, is_primed=is_primed))
        for number, letter, is_primed in (
            (old, parameter, False),
            (new, parameter, True),
            (delta, f"Δ{parameter}", False),
        )
    )
    new_value = Line("new_value", definition(new, old + delta))
    # The other rules, such as that of m̂, have a line each.
    main = tuple(formulas[name] for name, line in lines.items() if line.kind == "state" or name == "Δw")
    formula = Line("formula", Listed(main), name_label(optimizer.name), _constants(optimizer.options, eta, t))
    all_lines = (*learning_rate_lines(engine, trace), *lines.values(), new_value)
    if ref.key.is_step:
        return Explanation(ref, formula, all_lines, delta.value, (Term(delta),))
    return Explanation(ref, formula, all_lines, new.value, (Term(old), Term(delta)))


def _constants(options: dict[str, float], eta: Num, t: Num) -> Listed:
    """Return the values of η, ε and t; the lines show those of the other options."""
    values = {"η": eta} | ({"ε": literal(options["eps"])} if "eps" in options else {}) | {"t": t}
    return Listed(tuple(Equation((Symbol(letter), value)) for letter, value in values.items()), "values")


def _explain_frozen(numbers: Numbers, ref: Ref) -> Explanation:
    words = Words(message("this parameter is frozen: its gradient is computed, no update uses it"))
    value = numbers.at(replace(ref, after=False))
    letter = STATE_LETTERS[ref.slot] if ref.is_optimizer_state else ref.parameter.value
    sides: tuple[Symbol, ...] = (Symbol(letter, is_primed=True), Symbol(letter))
    if ref.key.is_step:
        sides, value = (Symbol(f"Δ{letter}"),), literal(0.0)
    line = Line("value", equation(*sides, value), Words(message("frozen:")))
    result = value.value if numbers.has(ref) else None
    return Explanation(ref, Line("formula", words), (line,), result, (Term(value),))


def learning_rate_lines(engine: Engine, trace: Trace) -> list[Line]:
    """Return the line that explains η; no line for a constant η."""
    training = engine.experiment.training
    if training.schedule.is_constant:
        return []
    count = engine.schedule_count(trace.update)
    return [learning_rate_line(training.optimizer.learning_rate, training.schedule, count)]
