"""Explanations of an update: the optimiser's formula with its state before and after, then w′ = w + Δw."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import optimizer_of, step_at
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.parts import Numbers
from nn_tui.core.expression.equations import Equation, Listed, definition, equation
from nn_tui.core.expression.explanation import Explanation, Line, Term
from nn_tui.core.expression.nodes import Num, Symbol, Words, literal
from nn_tui.core.nn.schedules import learning_rate_line
from nn_tui.core.refs import STATE_LETTERS, QuantityKey, Ref
from nn_tui.core.translation import message


def explain_update(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain w′, Δw, b′, Δb, or a number of the optimiser's state after the update."""
    engine, trace = numbers.engine, numbers.trace
    layer = engine.experiment.layers[ref.layer]
    if not (layer.train_weights if ref.is_weight else layer.train_bias):
        return _explain_frozen(numbers, ref)
    parameter, gradient, _, state = ref.parameter
    old, new = (numbers.at(ref.with_key(QuantityKey(parameter, after=after))) for after in (False, True))
    optimizer = optimizer_of(engine, trace)
    index = (ref.unit, ref.input) if ref.is_weight else (ref.unit,)
    delta = Num(step_at(engine, trace, ref.layer, index) if new.value is not None else None)
    is_option = engine.experiment.training.schedule.is_constant
    eta, t = Num(trace.learning_rate, is_given=True, is_exact=is_option), literal(trace.after.steps)
    known = {"w": old, "g": numbers.at(ref.with_key(gradient)), "η": eta, "t": t, "Δ": delta}
    for slot in optimizer.slots:
        known[slot] = numbers.at(ref.with_key(QuantityKey(state, slot)))
        known[f"{slot}′"] = numbers.at(ref.with_key(QuantityKey(state, slot, after=True)))
    lines = optimizer.lines(optimizer.named(known, parameter))
    if ref.is_optimizer_state:
        slot_index = optimizer.slots.index(ref.slot)
        symbol = ref.with_key(parameter).symbol
        label = Words(message("{optimizer} stores for {parameter}:", optimizer=optimizer.name, parameter=symbol))
        formula = Line("formula", optimizer.slot_formulas()[slot_index], label)
        return Explanation(ref, formula, (lines[slot_index],), known[f"{ref.slot}′"].value)
    old, new, delta = (
        replace(number, symbol=Symbol(text))
        for number, text in ((old, parameter), (new, f"{parameter}′"), (delta, f"Δ{parameter}"))
    )
    lines = [*learning_rate_lines(engine, trace), *lines, Line("new_value", definition(new, old + delta))]
    formula = Line(
        "formula",
        Listed(optimizer.formulas(parameter)),
        Symbol(f"{optimizer.name}:"),
        _constants(optimizer.options, eta, t),
    )
    if ref.key.is_step:
        return Explanation(ref, formula, tuple(lines), delta.value, (Term(delta),))
    return Explanation(ref, formula, tuple(lines), new.value, (Term(old), Term(delta)))


def _constants(options: dict[str, float], eta: Num, t: Num) -> Listed:
    """Return the values of η, ε and t; the lines show those of the other options."""
    values = {"η": eta} | ({"ε": literal(options["eps"])} if "eps" in options else {}) | {"t": t}
    return Listed(tuple(Equation((Symbol(letter), value)) for letter, value in values.items()), ", ")


def _explain_frozen(numbers: Numbers, ref: Ref) -> Explanation:
    words = Words(message("this parameter is frozen: its gradient is computed, no update uses it"))
    letter, value = ref.parameter.value, numbers.at(replace(ref, after=False))
    sides: tuple[Symbol, ...] = (Symbol(f"{letter}′"), Symbol(letter))
    if ref.is_optimizer_state:
        sides = (Symbol(f"{STATE_LETTERS[ref.slot]}′"), Symbol(STATE_LETTERS[ref.slot]))
    elif ref.key.is_step:
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
