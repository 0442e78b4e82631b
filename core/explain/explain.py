"""Where a number comes from: its formula, then the same with the numbers of this pass.

An :class:`Explanation` is data, not text for one screen: lines of words and :class:`Num` values, each with
the address it was read from, so that a reader can follow it there. What has an address is read from the
trace; what has none (a step's parts, a bias correction) is worked out from such numbers. ``terms`` add up to ``value``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nn_tui.core.data.features import expand
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import input_of
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.backward import explain_da, explain_dx, explain_dz, explain_gradient
from nn_tui.core.explain.parts import input_ref, mean_text, num_of, penalty_line, same_unit, value_of
from nn_tui.core.explain.update import explain_update
from nn_tui.core.expression import Explanation, Line, Num, Term, sum_lines
from nn_tui.core.refs import BY_UNIT, BY_WEIGHT, Ref
from nn_tui.core.text import printable

__all__ = ["explain", "value_of"]


def explain(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Where the number at ``ref`` comes from, one operation deep."""
    with np.errstate(all="ignore"):
        if ref.part in ("step_w", "step_b", "w_after", "b_after"):
            return explain_update(engine, trace, ref)
        if ref.is_optimizer_state:
            return _explain_state(engine, trace, ref)
        return _EXPLAINERS[ref.key](engine, trace, ref)


def _explain_z(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    inputs = engine.sizes[layer]
    weights, values = trace.before.weights[layer][unit], input_of(trace, layer)[sample]
    terms = [
        Term((Num(float(weights[j]), Ref("w", layer, unit, j)), Num(float(values[j]), input_ref(layer, j, sample))))
        for j in range(inputs)
    ]
    terms.append(Term((num_of(engine, trace, Ref("b", layer, unit)),)))
    before = "a" if layer else "x"
    return Explanation(
        ref,
        f"{ref.symbol} = Σⱼ w[{unit + 1},j]·{before}[j] + b[{unit + 1}]   ({inputs} input{'' if inputs == 1 else 's'})",
        sum_lines(ref.symbol, terms, value_of(engine, trace, ref)),
        tuple(terms),
        value_of(engine, trace, ref),
        0,
    )


def _explain_a(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    activation = engine.activations[ref.layer]
    z = Ref("z", ref.layer, ref.unit, 0, ref.sample)
    value = value_of(engine, trace, ref)
    if activation.slope is None:
        row = trace.z[ref.layer][ref.sample]
        shifted = np.exp(row - row.max())
        top = Num(float(shifted[ref.unit]))
        pieces: list[Line] = [
            (f"{ref.symbol} = e^{z.symbol} / Σₖ e^zₖ   (every z less the largest, ", Num(float(row.max())), ")"),
            ("= ", top, " / ", Num(float(shifted.sum())), " = ", Num(value, ref)),
        ]
        return Explanation(ref, f"{ref.symbol} = {activation.formula}", tuple(pieces), (), value)
    here = num_of(engine, trace, same_unit(ref, "slope"))
    slope: Line = (f"slope there: σ′(z) = {activation.slope_formula} = ", here)
    if activation.slope_formula == "1":
        slope = ("slope there: σ′(z) = ", here)
    elif " if " in activation.slope_formula:
        slope = ("slope there: σ′(z) = ", here, f"   ({activation.slope_formula})")
    lines: list[Line] = [(f"{activation.name}(", num_of(engine, trace, z), ") = ", Num(value, ref)), slope]
    return Explanation(
        ref, f"{ref.symbol} = {activation.name}({z.symbol}) = {activation.formula}", tuple(lines), (), value
    )


def _explain_loss(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    training = engine.experiment.training
    per_sample = trace.terms.sum(axis=1)
    one = engine.loss.formula
    how = "summed over the batch" if training.reduction == "sum" else mean_text(engine, trace)
    then = f"; then {how}" if trace.scale != 1.0 or trace.n > 1 else ""
    alone = trace.terms.shape[1] == 1
    terms = [
        Term((Num(trace.scale, label=f"sample {n + 1}"), Num(float(term), Ref("term", 0, 0, 0, n) if alone else None)))
        for n, term in enumerate(per_sample)
    ]
    if trace.penalty or training.l1 or training.l2:
        terms.append(Term((Num(trace.penalty, label="penalty"),)))
    sample = ref.sample
    detail: list[Line] = [(f"sample {sample + 1}: ", *_loss_of_sample(engine, trace, sample))]
    if training.l1 or training.l2:
        detail.append(penalty_line(engine, trace))
    lines = (*detail, *sum_lines("L", terms, trace.loss, sample))
    return Explanation(ref, f"loss of one sample = {one}{then}", lines, tuple(terms), trace.loss, len(detail))


def _loss_of_sample(engine: Engine, trace: Trace, sample: int) -> Line:
    pieces: list[str | Num] = []
    last, width = len(trace.z) - 1, trace.terms.shape[1]
    # −y·log p is 0 where y is 0: of one-hot targets one output counts, wherever it stands.
    counting = [k for k in range(width) if engine.loss.name != "cross_entropy" or trace.y[sample, k]]
    key = _judged(engine)
    for place, k in enumerate(counting[:4]):
        answer, target = Ref(key, last, k, 0, sample), Ref("y", 0, k, 0, sample)
        pieces += [
            ",  " if place else "",
            f"{_named(engine, k)}: {key} ",
            num_of(engine, trace, answer),
            ", y ",
            num_of(engine, trace, target),
        ]
        pieces += [" → ", num_of(engine, trace, Ref("term", 0, k, 0, sample))]
    if len(counting) > 4:
        pieces.append(f",  … {len(counting) - 4} more outputs")
    elif len(counting) < width:
        pieces.append(f",  {_outputs(width - len(counting))} nothing")
    if width > 1:
        pieces += ["  total ", Num(float(trace.terms[sample].sum()))]
    return tuple(pieces)


def _judged(engine: Engine) -> str:
    """What the loss looks at: the output a; the perceptron's rule is written in z."""
    return "z" if engine.loss.name == "perceptron" else "a"


def _named(engine: Engine, unit: int) -> str:
    """An output by its name, or by its place where it has none of its own; a name in digits has the place behind it."""
    names, place = engine.experiment.data.output_names, unit + 1
    name = names[unit] if len(names) == engine.sizes[-1] else str(place)
    if name in ("y", f"y{place}", str(place)):
        return f"output {place}"
    if not name.isdecimal():
        return f"output {printable(name)}"
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"output {name} ({place}{ending})"


def _outputs(count: int) -> str:
    return "the output with y = 0 adds" if count == 1 else f"the {count} outputs with y = 0 add"


def _explain_term(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    unit, sample = ref.unit, ref.sample
    value = value_of(engine, trace, ref)
    last = len(trace.z) - 1
    key = _judged(engine)
    line: Line = (
        f"{key} = ", num_of(engine, trace, Ref(key, last, unit, 0, sample)),
        ",  y = ", num_of(engine, trace, Ref("y", 0, unit, 0, sample)),
        f",  {ref.symbol} = ", Num(value, ref),
    )  # fmt: skip
    of_all = "" if trace.terms.shape[1] == 1 else f"{_named(engine, unit)}'s part of "
    joined = "" if trace.scale == 1.0 and trace.n == 1 else ", before the batch is joined"
    formula = f"{of_all}the loss of sample {sample + 1}{joined}:  {engine.loss.formula}"
    return Explanation(ref, formula, (line,), (), value)


def _explain_state(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    value = value_of(engine, trace, ref)
    own = Ref("w" if ref.is_weight else "b", ref.layer, ref.unit, ref.input)
    since = "0 at the start" if not trace.before.steps else f"after update {trace.update - 1}"
    formula = f"{ref.symbol}: what {engine.optimizer.name} keeps of {own.symbol}, its {ref.slot}, {since}"
    lines: tuple[Line, ...] = (
        (f"{ref.symbol} = ", Num(value, ref)),
        (f"{engine.optimizer.name}: {engine.optimizer.formula}",),
    )
    return Explanation(ref, formula, lines, (Term((Num(value, ref),)),), value)


def _explain_slope(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    activation, value = engine.activations[ref.layer], value_of(engine, trace, ref)
    a, z = (Num(value_of(engine, trace, at), at) for at in (replace(ref, key="a"), replace(ref, key="z")))
    result = Num(value, ref)
    line: Line = ("at z = ", z, ", a = ", a, f": {ref.symbol} = ", result)
    if activation.name == "sigmoid":
        line = (f"{ref.symbol} = a·(1 − a) = ", a, " × (1 − ", a, ") = ", result)
    elif activation.name == "tanh":
        line = (f"{ref.symbol} = 1 − a² = 1 − ", a, "² = ", result)
    text = f"{ref.symbol} = σ′(z) = {activation.slope_formula}, the slope of {activation.name} at z"
    return Explanation(ref, text, (line,), (Term((result,)),), value)


def _explain_given(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    value = value_of(engine, trace, ref)
    if ref.key in BY_UNIT or ref.key in BY_WEIGHT:
        origin = "the start" if trace.update == 1 else f"update {trace.update - 1}"
        frozen = engine.experiment.layers[ref.layer]
        fixed = not (frozen.train_bias if ref.key in BY_UNIT else frozen.train_weights)
        note = "   (frozen: no update changes it)" if fixed else ""
        text = f"{ref.symbol} is a parameter: its value after {origin}{note}"
    else:
        row = ref.sample if trace.rows is None else int(trace.rows[ref.sample])
        what = "input" if ref.key == "x" else "target"
        text = f"{ref.symbol} is {what} {ref.unit + 1} of data row {row + 1}"
        data = engine.experiment.data
        if ref.key == "x" and engine.experiment.preset.data.standardize and data.x_mean.size:
            raw = Num(float(expand(data.points[row][None, :], data.features)[0, ref.unit]))
            mean, deviation = Num(float(data.x_mean[ref.unit])), Num(float(data.x_scale[ref.unit]))
            line: Line = (f"{ref.symbol} = (", raw, " − ", mean, ") / ", deviation, " = ", Num(value, ref))
            text += ", standardised: (as given − mean) / deviation of the training part"
            return Explanation(ref, text, (line,), (Term((Num(value, ref),)),), value)
    return Explanation(ref, text, ((f"{ref.symbol} = ", Num(value, ref)),), (Term((Num(value, ref),)),), value)


_EXPLAINERS = {
    "z": _explain_z,
    "a": _explain_a,
    "loss": _explain_loss,
    "term": _explain_term,
    "da": explain_da,
    "dz": explain_dz,
    "dw": explain_gradient,
    "db": explain_gradient,
    "dx": explain_dx,
    "w": _explain_given,
    "b": _explain_given,
    "x": _explain_given,
    "y": _explain_given,
    "slope": _explain_slope,
}
