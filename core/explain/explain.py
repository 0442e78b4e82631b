"""Explanations of the numbers of a pass: a formula, and the same formula with numbers.

An :class:`Explanation` is data, not text for one screen: lines of words and :class:`Num` values, each with its address,
so that a reader can follow it there. A number with an address is read from the trace. A number without one, such as a
bias correction, is computed from such numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn_tui.core.data.features import expand_features
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import input_of
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.backward import explain_da, explain_dx, explain_dz, explain_gradient
from nn_tui.core.explain.parts import input_ref, mean_text, num_of, penalty_line, same_unit, value_of
from nn_tui.core.explain.update import explain_update
from nn_tui.core.expression import Explanation, Line, Num, Term, sum_lines
from nn_tui.core.refs import Quantity, Ref
from nn_tui.core.text import pluralize, printable

__all__ = ["explain", "value_of"]


def explain(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Explain how the number at ``ref`` is computed from the numbers of the operation before.

    Args:
        engine: The engine that ran the pass.
        trace: The pass.
        ref: The address of the number.

    Raises:
        IndexError, KeyError: The network has no such address.
    """
    with np.errstate(all="ignore"):
        if ref.key.is_from_update:
            return explain_update(engine, trace, ref)
        return _EXPLAINERS[ref.quantity](engine, trace, ref)


def _explain_z(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    inputs = engine.sizes[layer]
    weights, values = trace.before.weights[layer][unit], input_of(trace, layer)[sample]
    terms = [
        Term((Num(float(weights[j]), Ref("w", layer, unit, j)), Num(float(values[j]), input_ref(layer, j, sample))))
        for j in range(inputs)
    ]
    terms.append(Term((num_of(engine, trace, Ref("b", layer, unit)),)))
    source, value = "a" if layer else "x", value_of(engine, trace, ref)
    formula = f"{ref.symbol} = Σⱼ w[{unit + 1},j]·{source}[j] + b[{unit + 1}]   ({pluralize(inputs, 'input')})"
    return Explanation(ref, formula, sum_lines(ref.symbol, terms, value), tuple(terms), value, 0)


def _explain_a(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    activation = engine.activations[ref.layer]
    z = Ref("z", ref.layer, ref.unit, 0, ref.sample)
    value = value_of(engine, trace, ref)
    if activation.slope is None:
        row = trace.z[ref.layer][ref.sample]
        exponentials = np.exp(row - row.max())
        numerator, denominator = Num(float(exponentials[ref.unit])), Num(float(exponentials.sum()))
        lines: tuple[Line, ...] = (
            (f"{ref.symbol} = e^{z.symbol} / Σₖ e^zₖ   (every z less the largest, ", Num(float(row.max())), ")"),
            ("= ", numerator, " / ", denominator, " = ", Num(value, ref)),
        )
        return Explanation(ref, f"{ref.symbol} = {activation.formula}", lines, (), value)
    slope = num_of(engine, trace, same_unit(ref, "slope"))
    slope_line: Line = (f"slope there: σ′(z) = {activation.slope_formula} = ", slope)
    if activation.slope_formula == "1":
        slope_line = ("slope there: σ′(z) = ", slope)
    elif " if " in activation.slope_formula:
        slope_line = ("slope there: σ′(z) = ", slope, f"   ({activation.slope_formula})")
    lines = ((f"{activation.name}(", num_of(engine, trace, z), ") = ", Num(value, ref)), slope_line)
    formula = f"{ref.symbol} = {activation.name}({z.symbol}) = {activation.formula}"
    return Explanation(ref, formula, lines, (), value)


def _explain_loss(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    training = engine.experiment.training
    per_sample = trace.terms.sum(axis=1)
    reduction = "summed over the batch" if training.reduction == "sum" else mean_text(engine, trace)
    then = f"; then {reduction}" if trace.scale != 1.0 or trace.n > 1 else ""
    one_output = trace.terms.shape[1] == 1
    terms = []
    for n, term in enumerate(per_sample):
        term_ref = Ref("term", 0, 0, 0, n) if one_output else None
        terms.append(Term((Num(trace.scale, label=f"sample {n + 1}"), Num(float(term), term_ref))))
    if trace.penalty or training.l1 or training.l2:
        terms.append(Term((Num(trace.penalty, label="penalty"),)))
    sample = ref.sample
    details: list[Line] = [(f"sample {sample + 1}: ", *_loss_of_sample(engine, trace, sample))]
    if training.l1 or training.l2:
        details.append(penalty_line(engine, trace))
    lines = (*details, *sum_lines("L", terms, trace.loss, sample))
    formula = f"loss of one sample = {engine.loss.formula}{then}"
    return Explanation(ref, formula, lines, tuple(terms), trace.loss, len(details))


def _loss_of_sample(engine: Engine, trace: Trace, sample: int) -> Line:
    pieces: list[str | Num] = []
    last, outputs = len(trace.z) - 1, trace.terms.shape[1]
    # −y·log p is 0 if y is 0, so only one output of one-hot targets contributes.
    contributing = [k for k in range(outputs) if not engine.loss.ignores_zero_targets or trace.y[sample, k]]
    key = engine.loss.formula_of
    for position, k in enumerate(contributing[:4]):
        output, target = Ref(key, last, k, 0, sample), Ref("y", 0, k, 0, sample)
        pieces += [
            ",  " if position else "",
            f"{_output_label(engine, k)}: {key} ",
            num_of(engine, trace, output),
            ", y ",
            num_of(engine, trace, target),
        ]
        pieces += [" → ", num_of(engine, trace, Ref("term", 0, k, 0, sample))]
    if len(contributing) > 4:
        pieces.append(f",  … {len(contributing) - 4} more outputs")
    elif len(contributing) < outputs:
        rest = outputs - len(contributing)
        words = "the output with y = 0 adds" if rest == 1 else f"the {rest} outputs with y = 0 add"
        pieces.append(f",  {words} nothing")
    if outputs > 1:
        pieces += ["  total ", Num(float(trace.terms[sample].sum()))]
    return tuple(pieces)


def _output_label(engine: Engine, unit: int) -> str:
    """Return the name of an output, or its number if it has no name; a name in digits is followed by the number."""
    names, number = engine.experiment.data.output_names, unit + 1
    name = names[unit] if len(names) == engine.sizes[-1] else str(number)
    if name in ("y", f"y{number}", str(number)):
        return f"output {number}"
    if not name.isdecimal():
        return f"output {printable(name)}"
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"output {name} ({number}{suffix})"


def _explain_term(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    unit, sample = ref.unit, ref.sample
    value = value_of(engine, trace, ref)
    last = len(trace.z) - 1
    key = engine.loss.formula_of
    line: Line = (
        f"{key} = ", num_of(engine, trace, Ref(key, last, unit, 0, sample)),
        ",  y = ", num_of(engine, trace, Ref("y", 0, unit, 0, sample)),
        f",  {ref.symbol} = ", Num(value, ref),
    )  # fmt: skip
    part = "" if trace.terms.shape[1] == 1 else f"{_output_label(engine, unit)}'s part of "
    note = "" if trace.scale == 1.0 and trace.n == 1 else ", before the batch is joined"
    formula = f"{part}the loss of sample {sample + 1}{note}:  {engine.loss.formula}"
    return Explanation(ref, formula, (line,), (), value)


def _explain_state(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    value = value_of(engine, trace, ref)
    parameter = Ref("w" if ref.is_weight else "b", ref.layer, ref.unit, ref.input)
    since = "0 at the start" if not trace.before.steps else f"after update {trace.update - 1}"
    formula = f"{ref.symbol}: what {engine.optimizer.name} keeps of {parameter.symbol}, its {ref.slot}, {since}"
    lines: tuple[Line, ...] = (
        (f"{ref.symbol} = ", Num(value, ref)),
        (f"{engine.optimizer.name}: {engine.optimizer.formula}",),
    )
    return Explanation(ref, formula, lines, (Term((Num(value, ref),)),), value)


def _explain_slope(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    activation, value = engine.activations[ref.layer], value_of(engine, trace, ref)
    a, z = (num_of(engine, trace, same_unit(ref, quantity)) for quantity in ("a", "z"))
    result = Num(value, ref)
    line: Line = ("at z = ", z, ", a = ", a, f": {ref.symbol} = ", result)
    if activation.slope_in_a:
        first, *others = activation.slope_in_a
        pieces = [piece for other in others for piece in (a, other)]
        line = (f"{ref.symbol} = {activation.slope_formula} = {first}", *pieces, " = ", result)
    formula = f"{ref.symbol} = σ′(z) = {activation.slope_formula}, the slope of {activation.name} at z"
    return Explanation(ref, formula, (line,), (Term((result,)),), value)


def _explain_parameter(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    value = num_of(engine, trace, ref)
    origin = "the start" if trace.update == 1 else f"update {trace.update - 1}"
    layer = engine.experiment.layers[ref.layer]
    trained = layer.train_weights if ref.is_weight else layer.train_bias
    note = "" if trained else "   (frozen: no update changes it)"
    formula = f"{ref.symbol} is a parameter: its value after {origin}{note}"
    return Explanation(ref, formula, ((f"{ref.symbol} = ", value),), (Term((value,)),), value.value)


def _explain_data(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    value = num_of(engine, trace, ref)
    row = ref.sample if trace.rows is None else int(trace.rows[ref.sample])
    kind = "input" if ref.quantity == "x" else "target"
    formula = f"{ref.symbol} is {kind} {ref.unit + 1} of data row {row + 1}"
    line: Line = (f"{ref.symbol} = ", value)
    data = engine.experiment.data
    if ref.quantity == "x" and engine.experiment.preset.data.standardize and data.x_mean.size:
        raw = Num(float(expand_features(data.points[row][None, :], data.features)[0, ref.unit]))
        mean, deviation = Num(float(data.x_mean[ref.unit])), Num(float(data.x_scale[ref.unit]))
        line = (f"{ref.symbol} = (", raw, " − ", mean, ") / ", deviation, " = ", value)
        formula += ", standardised: (as given − mean) / deviation of the training part"
    return Explanation(ref, formula, (line,), (Term((value,)),), value.value)


_EXPLAINERS: dict[Quantity, Callable[[Engine, Trace, Ref], Explanation]] = {
    "z": _explain_z,
    "a": _explain_a,
    "loss": _explain_loss,
    "term": _explain_term,
    "da": explain_da,
    "dz": explain_dz,
    "dw": explain_gradient,
    "db": explain_gradient,
    "dx": explain_dx,
    "w": _explain_parameter,
    "b": _explain_parameter,
    "x": _explain_data,
    "y": _explain_data,
    "slope": _explain_slope,
    "state_w": _explain_state,
    "state_b": _explain_state,
}
