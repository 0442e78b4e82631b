"""Explanations of an update: the optimiser's formula with its state before and after, then w′ = w + Δw."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import optimizer_of, step_at, update_details
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.parts import num_of
from nn_tui.core.expression import Explanation, Line, Num, Term
from nn_tui.core.nn.schedules import learning_rate_line
from nn_tui.core.refs import STATE_LETTERS, Quantity, QuantityKey, Ref


def explain_update(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Explain w′, Δw, b′, Δb, or a number of the optimiser's state after the update."""
    parameter, gradient, _, state = ref.parameter

    def at(quantity: Quantity, slot: str = "", *, after: bool = False) -> Num:
        return num_of(engine, trace, ref.with_key(QuantityKey(quantity, slot, after)))

    old, new = at(parameter), at(parameter, after=True)
    layer = engine.experiment.layers[ref.layer]
    if not (layer.train_weights if ref.is_weight else layer.train_bias):
        return _explain_frozen(engine, trace, ref, old)
    optimizer = optimizer_of(engine, trace)
    slots = {}
    for name in optimizer.slots:
        slots[name], slots[f"{name}′"] = at(state, name), at(state, name, after=True)
    index = (ref.unit, ref.input) if ref.is_weight else (ref.unit,)
    details = update_details(engine, trace, ref.layer, index)
    eta, t, delta = Num(trace.learning_rate), trace.after.steps, Num(step_at(engine, trace, ref.layer, index))
    numbers = {"w": old, "g": at(gradient), "η": eta, "t": Num(t), "Δ": delta, **slots}
    lines = optimizer.lines({**numbers, **{symbol: Num(value) for symbol, value in details.items()}})
    if ref.is_optimizer_state:
        slot = optimizer.slots.index(ref.slot)
        formula = f"{optimizer.name} keeps of {ref.with_key(parameter).symbol}: {optimizer.slot_formulas[slot]}"
        return Explanation(ref, formula, (lines[slot],), (), slots[f"{ref.slot}′"].value)
    symbol = f"Δ{parameter}"
    lines = [*learning_rate_lines(engine, trace), *lines]
    lines.append((f"{parameter}′ = {parameter} + {symbol} = ", old, " + ", delta, " = ", new))
    # The lines show the other options with their values; ε is part of the root's value.
    eps = f", ε = {optimizer.options['eps']!r}" if "eps" in optimizer.options else ""
    constants = f"η = {trace.learning_rate!r}{eps}, t = {t}"
    formula = f"{optimizer.name}: {optimizer.formula.replace('w', parameter)}   ({constants})"
    if ref.key.is_step:
        return Explanation(ref, formula, tuple(lines), (Term((delta,)),), delta.value)
    return Explanation(ref, formula, tuple(lines), (Term((old,)), Term((delta,))), new.value)


def _explain_frozen(engine: Engine, trace: Trace, ref: Ref, old: Num) -> Explanation:
    text = "this parameter is frozen: its gradient is computed, no update uses it"
    name = ref.parameter.value
    letter, value = f"{name}′ = {name}", old
    if ref.is_optimizer_state:
        letter = f"{STATE_LETTERS[ref.slot]}′ = {STATE_LETTERS[ref.slot]}"
        value = num_of(engine, trace, replace(ref, after=False))
    elif ref.key.is_step:
        letter, value = f"Δ{name}", Num(0.0)
    line: Line = (f"frozen: {letter} = ", value)
    return Explanation(ref, text, (line,), (Term((value,)),), value.value)


def learning_rate_lines(engine: Engine, trace: Trace) -> list[Line]:
    """Return the line that explains η; no line for a constant η."""
    training = engine.experiment.training
    if training.schedule.is_constant:
        return []
    count = engine.schedule_count(trace.update)
    line = learning_rate_line(training.optimizer.learning_rate, training.schedule, count)
    return [(*line, " = ", Num(trace.learning_rate))]
