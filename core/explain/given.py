"""Explanations of the numbers that are given at the start of a pass: data, parameters and the optimiser's state."""

from __future__ import annotations

from nn_tui.core.data.features import expand_features
from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.explain.parts import Numbers, name_label
from nn_tui.core.expression.equations import Equation, Listed
from nn_tui.core.expression.explanation import Explanation, Line, Term
from nn_tui.core.expression.nodes import Node, Num, Words, symbol_of
from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message, message


def explain_parameter(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain a weight or bias before the update: which update it comes from, and whether it is frozen."""
    value, update = numbers.at(ref), numbers.trace.update - 1
    layer = numbers.engine.experiment.layers[ref.layer]
    note = None
    if not (layer.train_weights if ref.is_weight else layer.train_bias):
        note = Words(message("frozen: no update changes it"))
    words = message("{symbol} is a parameter: its value after update {update}", symbol=ref.symbol, update=update)
    if not update:
        words = message("{symbol} is a parameter: its value at the start", symbol=ref.symbol)
    line = Line("value", Equation((symbol_of(ref), value)))
    return Explanation(ref, Line("formula", Words(words), note=note), (line,), value.value, (Term(value),))


def explain_data(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain an input or a target: its row in the data, and how it was standardised."""
    engine, trace, value = numbers.engine, numbers.trace, numbers.at(ref)
    row = ref.sample if trace.rows is None else int(trace.rows[ref.sample])
    data, note = engine.experiment.data, None
    sides: tuple[Node, ...] = (symbol_of(ref), value)
    if ref.quantity == "x" and engine.experiment.preset.data.standardize and data.x_mean.size:
        raw = Num(float(expand_features(data.points[row][None, :], data.features)[0, ref.unit]), is_given=True)
        mean = Num(float(data.x_mean[ref.unit]), is_given=True)
        deviation = Num(float(data.x_scale[ref.unit]), is_given=True)
        sides = (symbol_of(ref), (raw - mean) / deviation, value)
        note = Words(message("standardised: (as given − mean) / deviation of the training part"))
    if ref.quantity == "y" and has_standardized_targets(data):
        raw, mean, deviation = (
            Num(float(values[ref.unit]), is_given=True) for values in (data.targets[row], data.y_mean, data.y_scale)
        )
        sides = (symbol_of(ref), (raw - mean) / deviation, value)
        note = Words(message("standardised: (as given − mean) / deviation of the training part"))
    line = Line("value", Equation(sides))
    formula = Line("formula", Words(_data_message(ref, row)), note=note)
    return Explanation(ref, formula, (line,), value.value, (Term(value),))


def _data_message(ref: Ref, row: int) -> Message:
    symbol, number = ref.symbol, ref.unit + 1
    if ref.quantity == "x":
        return message("{symbol} is input {number} of data row {row}", symbol=symbol, number=number, row=row + 1)
    return message("{symbol} is target {number} of data row {row}", symbol=symbol, number=number, row=row + 1)


def explain_state(numbers: Numbers, ref: Ref) -> Explanation:
    """Explain a number of the optimiser's state before the update."""
    value, optimizer = numbers.at(ref), numbers.engine.optimizer
    rule = Line("rule", Listed(tuple(optimizer.formulas(ref.parameter.value).values())), name_label(optimizer.name))
    lines = (Line("value", Equation((symbol_of(ref), value))), rule)
    formula = Line("formula", Words(_state_message(numbers, ref)))
    return Explanation(ref, formula, lines, value.value, (Term(value),))


def _state_message(numbers: Numbers, ref: Ref) -> Message:
    symbol, optimizer, slot = ref.symbol, numbers.engine.optimizer.name, ref.slot
    parameter = ref.with_key(ref.parameter.value).symbol
    if not numbers.trace.before.steps:
        return message(
            "{symbol}: {optimizer} stores for {parameter} its {slot}, 0 at the start",
            symbol=symbol,
            optimizer=optimizer,
            parameter=parameter,
            slot=slot,
        )
    return message(
        "{symbol}: {optimizer} stores for {parameter} its {slot}, here after update {update}",
        symbol=symbol,
        optimizer=optimizer,
        parameter=parameter,
        slot=slot,
        update=numbers.trace.update - 1,
    )
