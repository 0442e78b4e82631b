"""Where a number comes from: its formula, then the same with the numbers of this pass.

An :class:`Explanation` is data, not text for one screen: lines of words and :class:`Num` values, each with
the address it was read from, so that a reader can follow it there. Nothing is computed anew: every value is
read from the trace, and ``terms`` add up to ``value``.
"""

from __future__ import annotations

from math import prod

import numpy as np

from nn_tui.core.activations import ACTIVATIONS
from nn_tui.core.engine import Engine
from nn_tui.core.explain_update import explain_update
from nn_tui.core.formula import Explanation, Line, Num, Term, sum_lines
from nn_tui.core.quantities import input_of, quantity, slope
from nn_tui.core.refs import BY_SAMPLE, BY_UNIT, BY_WEIGHT, Ref
from nn_tui.core.trace import Trace


def value_of(engine: Engine, trace: Trace, ref: Ref) -> float:
    """The number at an address. Raises IndexError or KeyError for an address outside this network."""
    if ref.key == "loss":
        return trace.loss
    if ref.key == "x":
        return float(trace.x[ref.sample, ref.unit])
    if ref.key == "y":
        return float(trace.y[ref.sample, ref.unit])
    array = quantity(engine, trace, ref.key, ref.layer)
    if ref.key in BY_SAMPLE:
        return float(array[ref.sample, ref.unit])
    return float(array[ref.unit, ref.input]) if ref.is_weight else float(array[ref.unit])


def explain(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Where the number at ``ref`` comes from, one operation deep."""
    with np.errstate(all="ignore"):
        if ref.key in ("step_w", "step_b", "w_after", "b_after"):
            return explain_update(engine, trace, ref)
        if ref.key.startswith("m:"):
            return _explain_state(engine, trace, ref)
        return _EXPLAINERS[ref.key](engine, trace, ref)


def _num(engine: Engine, trace: Trace, ref: Ref) -> Num:
    return Num(value_of(engine, trace, ref), ref)


def _source(layer: int, unit: int, sample: int) -> Ref:
    """The address of what unit ``unit`` of the layer before hands on: an input, or an activation."""
    return Ref("a", layer - 1, unit, 0, sample) if layer else Ref("x", 0, unit, 0, sample)


def _explain_z(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    inputs = engine.sizes[layer]
    weights, values = trace.before.weights[layer][unit], input_of(trace, layer)[sample]
    terms = [
        Term((Num(float(weights[j]), Ref("w", layer, unit, j)), Num(float(values[j]), _source(layer, j, sample))))
        for j in range(inputs)
    ]
    terms.append(Term((_num(engine, trace, Ref("b", layer, unit)),)))
    before = "a" if layer else "x"
    return Explanation(
        ref,
        f"{ref.symbol} = Σⱼ w[{unit + 1},j]·{before}[j] + b[{unit + 1}]   ({inputs} inputs)",
        sum_lines(ref.symbol, terms, value_of(engine, trace, ref)),
        tuple(terms),
        value_of(engine, trace, ref),
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
    lines: list[Line] = [
        (f"{activation.name}(", _num(engine, trace, z), ") = ", Num(value, ref)),
        ("slope there: ", f"σ′(z) = {activation.slope_formula} = ", _num(engine, trace, _at(ref, "slope"))),
    ]
    return Explanation(
        ref, f"{ref.symbol} = {activation.name}({z.symbol}) = {activation.formula}", tuple(lines), (), value
    )


def _at(ref: Ref, key: str) -> Ref:
    return Ref(key, ref.layer, ref.unit, 0, ref.sample)


def _explain_loss(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    training = engine.experiment.training
    per_sample = trace.terms.sum(axis=1)
    one = engine.loss.formula
    how = "summed over the batch" if training.reduction == "sum" else _mean(engine, trace)
    alone = trace.terms.shape[1] == 1
    terms = [
        Term((Num(trace.scale, label=f"sample {n + 1}"), Num(float(term), Ref("term", 0, 0, 0, n) if alone else None)))
        for n, term in enumerate(per_sample)
    ]
    if trace.penalty or training.l1 or training.l2:
        terms.append(Term((Num(trace.penalty, label="penalty"),)))
    sample = ref.sample
    detail: list[Line] = [(f"sample {sample + 1}: ", *_loss_of_sample(engine, trace, sample))]
    lines = (*detail, *sum_lines("L", terms, trace.loss, sample))
    return Explanation(ref, f"loss of one sample = {one}; then {how}", lines, tuple(terms), trace.loss)


def _mean(engine: Engine, trace: Trace) -> str:
    outputs = " and its outputs" if engine.loss.per_output and engine.sizes[-1] > 1 else ""
    return f"times {_fraction(trace.scale)}: the mean over the batch{outputs}"


def _fraction(scale: float) -> str:
    return f"1/{round(1 / scale)}" if scale and abs(1 / scale - round(1 / scale)) < 1e-9 else f"{scale!r}"


def _loss_of_sample(engine: Engine, trace: Trace, sample: int) -> Line:
    pieces: list[str | Num] = []
    last, width = len(trace.z) - 1, trace.terms.shape[1]
    # −y·log p is 0 where y is 0: of one-hot targets one output counts, wherever it stands.
    counting = [k for k in range(width) if engine.loss.name != "cross_entropy" or trace.y[sample, k]]
    for place, k in enumerate(counting[:4]):
        answer, target = Ref("a", last, k, 0, sample), Ref("y", 0, k, 0, sample)
        pieces += [
            ",  " if place else "",
            f"output {k + 1}: a ",
            _num(engine, trace, answer),
            ", y ",
            _num(engine, trace, target),
        ]
        pieces += [" → ", _num(engine, trace, Ref("term", 0, k, 0, sample))]
    if len(counting) > 4:
        pieces.append(f",  … {len(counting) - 4} more outputs")
    elif len(counting) < width:
        pieces.append(f",  {_outputs(width - len(counting))} nothing")
    if width > 1:
        pieces += ["  total ", Num(float(trace.terms[sample].sum()))]
    return tuple(pieces)


def _outputs(count: int) -> str:
    return "the output with y = 0 adds" if count == 1 else f"the {count} outputs with y = 0 add"


def _explain_term(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    unit, sample = ref.unit, ref.sample
    value = value_of(engine, trace, ref)
    last = len(trace.z) - 1
    line: Line = (
        "a = ", _num(engine, trace, Ref("a", last, unit, 0, sample)),
        ",  y = ", _num(engine, trace, Ref("y", 0, unit, 0, sample)),
        f",  {ref.symbol} = ", Num(value, ref),
    )  # fmt: skip
    of_all = "" if trace.terms.shape[1] == 1 else f"output {unit + 1}'s part of "
    formula = f"{of_all}the loss of sample {sample + 1}, before the batch is joined:  {engine.loss.formula}"
    return Explanation(ref, formula, (line,), (), value)


def _explain_state(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    value = value_of(engine, trace, ref)
    name = ref.key[2:-2]
    own = Ref("w" if ref.is_weight else "b", ref.layer, ref.unit, ref.input)
    since = "0 at the start" if not trace.before.steps else f"after update {trace.update - 1}"
    formula = f"{ref.symbol}: what {engine.optimizer.name} keeps of {own.symbol}, its {name}, {since}"
    lines: tuple[Line, ...] = (
        (f"{ref.symbol} = ", Num(value, ref)),
        (f"{engine.optimizer.name}: {engine.optimizer.formula}",),
    )
    return Explanation(ref, formula, lines, (Term((Num(value, ref),)),), value)


def _explain_da(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    value = value_of(engine, trace, ref)
    if layer == len(trace.z) - 1:
        answer, target = Ref("a", layer, unit, 0, sample), Ref("y", 0, unit, 0, sample)
        base = value / trace.scale if trace.scale else value
        lines: list[Line] = [
            ("a = ", _num(engine, trace, answer), ", y = ", _num(engine, trace, target)),
            (f"{engine.loss.gradient_formula} = ", Num(value, ref)),
        ]
        if trace.scale != 1.0:
            times = f", times {_fraction(trace.scale)} = "
            lines[1] = (f"{engine.loss.gradient_formula} = ", Num(base), times, Num(value, ref))
        if engine.fused:
            lines.append(("where a saturates this is a limit; δ below is computed without it",))
        terms = (Term((Num(base), Num(trace.scale))),)
        scaled = "" if trace.scale == 1.0 else f", {_mean(engine, trace)}"
        return Explanation(ref, f"{ref.symbol} = {engine.loss.gradient_formula}{scaled}", tuple(lines), terms, value)
    deltas, weights = trace.dz[layer + 1][sample], trace.before.weights[layer + 1][:, unit]
    sums = [
        Term(
            (
                Num(float(deltas[k]), Ref("dz", layer + 1, k, 0, sample)),
                Num(float(weights[k]), Ref("w", layer + 1, k, unit)),
            )
        )
        for k in range(len(deltas))
    ]
    return Explanation(
        ref,
        f"{ref.symbol} = Σₖ δ{_sub(layer + 1)}[k]·w{_sub(layer + 1)}[k,{unit + 1}]   (δ of the next layer through Wᵀ)",
        sum_lines(ref.symbol, sums, value),
        tuple(sums),
        value,
    )


def _sub(layer: int) -> str:
    return Ref("z", layer).symbol[1:].split("[")[0]


def _explain_dz(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    value = value_of(engine, trace, ref)
    last = layer == len(trace.z) - 1
    upstream = _num(engine, trace, _at(ref, "da"))
    found = slope(engine, trace, layer)
    if last and engine.loss.name == "perceptron":
        terms = (Term((upstream,)),)
        lines: tuple[Line, ...] = (("step(z) − y, scaled: ", upstream, " = ", Num(value, ref)),)
        return Explanation(ref, f"{ref.symbol} = step(z) − y: the perceptron rule has no slope", lines, terms, value)
    if last and engine.loss.fused:
        a, y = Ref("a", layer, unit, 0, sample), Ref("y", 0, unit, 0, sample)
        gap = Num(value_of(engine, trace, a) - value_of(engine, trace, y))
        rows: list[Line] = [
            (
                "(",
                _num(engine, trace, a),
                " − ",
                _num(engine, trace, y),
                ") × ",
                Num(trace.scale),
                " = ",
                Num(value, ref),
            ),
        ]
        if found is not None:
            rows.append(
                (
                    "the chain says the same: ∂L/∂a × σ′(z) = ",
                    upstream,
                    " × ",
                    Num(float(found[sample, unit]), _at(ref, "slope")),
                )
            )
        else:
            rows.append(("the chain through softmax's Jacobian and −y/a shortens to this",))
        scaled = "" if trace.scale == 1.0 else f"·{_fraction(trace.scale)}"
        return Explanation(ref, f"{ref.symbol} = (a − y){scaled}", tuple(rows), (Term((gap, Num(trace.scale))),), value)
    if found is None:
        a = trace.a[layer][sample]
        da = trace.da[layer][sample]
        jacobian = [
            Term((Num(float(da[k]), Ref("da", layer, k, 0, sample)), Num(float(a[unit] * ((k == unit) - a[k])))))
            for k in range(len(a))
        ]
        formula = f"{ref.symbol} = Σₖ ∂L/∂aₖ · a[{unit + 1}]·(1[k={unit + 1}] − aₖ)   (softmax couples all outputs)"
        return Explanation(ref, formula, sum_lines(ref.symbol, jacobian, value), tuple(jacobian), value)
    factor = Num(float(found[sample, unit]), _at(ref, "slope"))
    term = Term((upstream, factor))
    name = engine.activations[layer].name
    return Explanation(
        ref,
        f"{ref.symbol} = ∂L/∂a × σ′(z): upstream × slope, σ′ = {ACTIVATIONS[name].slope_formula}",
        sum_lines(ref.symbol, [term], value),
        (term,),
        value,
    )


def _explain_gradient(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    layer, unit = ref.layer, ref.unit
    weight = ref.key == "dw"
    value = value_of(engine, trace, ref)
    training = engine.experiment.training
    inputs = input_of(trace, layer)[:, ref.input]
    terms = []
    for n, delta in enumerate(trace.dz[layer][:, unit]):
        factors = [Num(float(delta), Ref("dz", layer, unit, 0, n), label=f"sample {n + 1}")]
        if weight:
            factors.append(Num(float(inputs[n]), _source(layer, ref.input, n)))
        terms.append(Term(tuple(factors)))
    own = Ref("w", layer, unit, ref.input)
    w = float(trace.before.weights[layer][unit, ref.input])
    if weight and training.l1:
        terms.append(Term((Num(training.l1, label="l1·sign(w)"), Num(float(np.sign(w))))))
    if weight and training.l2:
        terms.append(Term((Num(training.l2, label="l2·w"), Num(w, own))))
    source = _source(layer, ref.input, ref.sample)
    lines: list[Line] = []
    found = slope(engine, trace, layer)
    if weight and found is not None:
        n = ref.sample
        chain = (
            _num(engine, trace, Ref("da", layer, unit, 0, n)),
            Num(float(found[n, unit]), Ref("slope", layer, unit, 0, n)),
            _num(engine, trace, source),
        )
        lines.append(
            (
                f"chain, sample {n + 1}: ∂L/∂a · ∂a/∂z · ∂z/∂w = ",
                chain[0],
                " × ",
                chain[1],
                " × ",
                chain[2],
                " = ",
                Num(prod(c.value for c in chain)),
            )
        )
    lines += sum_lines(ref.symbol, terms, value, ref.sample)
    product = f"δ{_sub(layer)}[{unit + 1}]" + (f"·{source.symbol}" if weight else "")
    note = "" if trace.scale == 1.0 else f"   ({_fraction(trace.scale)} is in δ, from the mean)"
    return Explanation(
        ref,
        f"{ref.symbol} = Σₙ {product} over the {trace.n} sample{'' if trace.n == 1 else 's'} of the batch{note}",
        tuple(lines),
        tuple(terms),
        value,
    )


def _explain_given(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    value = value_of(engine, trace, ref)
    if ref.key in BY_UNIT or ref.key in BY_WEIGHT:
        origin = "the start" if trace.update == 1 else f"update {trace.update - 1}"
        frozen = engine.experiment.layers[ref.layer]
        fixed = not (frozen.train_bias if ref.key in BY_UNIT else frozen.train_weights)
        note = "   (frozen: no update changes it)" if fixed else ""
        text = f"{ref.symbol} is a parameter: its value after {origin}{note}"
    elif ref.key == "slope":
        text = f"{ref.symbol} = σ′(z) = {engine.activations[ref.layer].slope_formula}, the slope of the activation"
    else:
        row = ref.sample if trace.rows is None else int(trace.rows[ref.sample])
        what = "input" if ref.key == "x" else "target"
        text = f"{ref.symbol} is {what} {ref.unit + 1} of data row {row + 1}"
    return Explanation(ref, text, ((f"{ref.symbol} = ", Num(value, ref)),), (Term((Num(value, ref),)),), value)


def _explain_dx(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    layer, unit, sample = ref.layer, ref.unit, ref.sample
    deltas, weights = trace.dz[layer][sample], trace.before.weights[layer][:, unit]
    terms = [
        Term((Num(float(deltas[k]), Ref("dz", layer, k, 0, sample)), Num(float(weights[k]), Ref("w", layer, k, unit))))
        for k in range(len(deltas))
    ]
    value = value_of(engine, trace, ref)
    formula = f"{ref.symbol} = Σₖ δ{_sub(layer)}[k]·w{_sub(layer)}[k,{unit + 1}]"
    return Explanation(ref, formula, sum_lines(ref.symbol, terms, value), tuple(terms), value)


_EXPLAINERS = {
    "z": _explain_z,
    "a": _explain_a,
    "loss": _explain_loss,
    "term": _explain_term,
    "da": _explain_da,
    "dz": _explain_dz,
    "dw": _explain_gradient,
    "db": _explain_gradient,
    "dx": _explain_dx,
    "w": _explain_given,
    "b": _explain_given,
    "x": _explain_given,
    "y": _explain_given,
    "slope": _explain_given,
}
