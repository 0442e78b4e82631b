"""Explanations of an update: the optimiser's formula with its state before and after, then w′ = w + Δw."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.parts import num_of
from nn_tui.core.expression import Explanation, Line, Num, Term
from nn_tui.core.refs import STATE_LETTERS, Ref
from nn_tui.core.text import superscript


def explain_update(engine: Engine, trace: Trace, ref: Ref) -> Explanation:
    """Explain w′, Δw, b′, Δb, or a number of the optimiser's state after the update."""
    weight = ref.is_weight
    layer = engine.experiment.layers[ref.layer]
    index = (ref.layer, ref.unit, ref.input) if weight else (ref.layer, ref.unit)

    def read(arrays: tuple[list, list]) -> float:  # type: ignore[type-arg]
        array = arrays[0 if weight else 1][ref.layer]
        return float(array[index[1:]] if weight else array[ref.unit])

    old = read((trace.before.weights, trace.before.biases))
    new = read((trace.after.weights, trace.after.biases))
    g = read((trace.dw, trace.db))
    parameter = Ref("w" if weight else "b", *index)
    gradient = Num(g, Ref("dw" if weight else "db", *index))
    name, symbol = ("w", "Δw") if weight else ("b", "Δb")
    if not (layer.train_weights if weight else layer.train_bias):
        text = "this parameter is frozen: its gradient is computed, no update uses it"
        if ref.is_optimizer_state:
            return _explain_frozen_state(engine, trace, ref, text)
        if ref.key.startswith("step"):
            return Explanation(ref, text, ((f"frozen: {symbol} = ", Num(0.0)),), (Term((Num(0.0),)),), 0.0)
        line: Line = (f"frozen: {name}′ = {name} = ", Num(old, parameter))
        return Explanation(ref, text, (line,), (Term((Num(old, parameter),)),), new)
    slots = [
        (
            Num(read(trace.before.slot(number, engine.sizes)), Ref(f"m:{slot}:{name}", *index)),
            Num(read(trace.after.slot(number, engine.sizes)), Ref(f"m:{slot}:{name}_after", *index)),
        )
        for number, slot in enumerate(engine.optimizer.slots)
    ]
    lines, step = _STEPS[engine.optimizer.name](engine, trace, gradient, Num(old, parameter), slots)
    if ref.is_optimizer_state:
        number = engine.optimizer.slots.index(ref.slot)
        rule = str(lines[number][0]).rpartition(" = ")[0]
        formula = f"{engine.optimizer.name} keeps of {parameter.symbol}: {rule}"
        return Explanation(ref, formula, (lines[number],), (), slots[number][1].value)
    delta = Num(step)
    after = Num(new, Ref(f"{name}_after", *index))
    lines = [*lines, (f"{name}′ = {name} + {symbol} = ", Num(old, parameter), " + ", delta, " = ", after)]
    # The lines show the other constants with their values; ε is part of the root's value.
    eps = f", ε = {engine.options['eps']!r}" if "eps" in engine.options else ""
    eta = f"η = {engine.learning_rate!r}{eps}, t = {trace.after.steps}"
    formula = f"{engine.optimizer.name}: {engine.optimizer.formula.replace('w', name)}   ({eta})"
    if ref.key.startswith("step"):
        return Explanation(ref, formula, tuple(lines), (Term((delta,)),), step)
    return Explanation(ref, formula, tuple(lines), (Term((Num(old, parameter),)), Term((delta,))), new)


# Each array of the optimiser's state: its number before and after the update. The lines begin with theirs, in order.
Slots = list[tuple[Num, Num]]


def _explain_frozen_state(engine: Engine, trace: Trace, ref: Ref, text: str) -> Explanation:
    letter, old = STATE_LETTERS[ref.slot], num_of(engine, trace, replace(ref, key=ref.key.removesuffix("_after")))
    return Explanation(ref, text, ((f"frozen: {letter}′ = {letter} = ", old),), (Term((old,)),), old.value)


def _ratio(numerator: float, denominator: float) -> float:
    """Divide as the engine's arrays do: a denominator of 0 (with eps = 0) gives ±∞ or NaN, not an error."""
    return float(np.divide(numerator, denominator))


def _sgd(engine: Engine, trace: Trace, g: Num, w: Num, slots: Slots) -> tuple[list[Line], float]:
    step = -engine.learning_rate * g.value
    return [("Δ = −", Num(engine.learning_rate), " × ", g, " = ", Num(step))], step


def _momentum(engine: Engine, trace: Trace, g: Num, w: Num, slots: Slots) -> tuple[list[Line], float]:
    (v, v_after), mu = slots[0], engine.options["momentum"]
    step = -engine.learning_rate * v_after.value
    return [
        (f"v′ = μ·v + g = {mu!r} × ", v, " + ", g, " = ", v_after),
        ("Δ = −η·v′ = −", Num(engine.learning_rate), " × ", v_after, " = ", Num(step)),
    ], step


def _nesterov(engine: Engine, trace: Trace, g: Num, w: Num, slots: Slots) -> tuple[list[Line], float]:
    (v, v_after), mu = slots[0], engine.options["momentum"]
    ahead = g.value + mu * v_after.value
    step = -engine.learning_rate * ahead
    return [
        (f"v′ = μ·v + g = {mu!r} × ", v, " + ", g, " = ", v_after),
        ("g + μ·v′ = ", g, f" + {mu!r} × ", v_after, " = ", Num(ahead)),
        ("Δ = −", Num(engine.learning_rate), " × ", Num(ahead), " = ", Num(step)),
    ], step


def _step_over_root(engine: Engine, g: Num, s_after: Num) -> tuple[Line, float]:
    """Return the step of AdaGrad and RMSprop, its line first: the gradient divided by the root of s′."""
    eta, root = engine.learning_rate, sqrt(s_after.value) + engine.options["eps"]
    step = _ratio(-eta * g.value, root)
    return ("Δ = −η·g / (√s′ + ε) = −", Num(eta), " × ", g, " / ", Num(root), " = ", Num(step)), step


def _adagrad(engine: Engine, trace: Trace, g: Num, w: Num, slots: Slots) -> tuple[list[Line], float]:
    s, s_after = slots[0]
    line, step = _step_over_root(engine, g, s_after)
    return [
        ("s′ = s + g² = ", s, " + ", g, "² = ", s_after),
        line,
    ], step


def _rmsprop(engine: Engine, trace: Trace, g: Num, w: Num, slots: Slots) -> tuple[list[Line], float]:
    (s, s_after), alpha = slots[0], engine.options["alpha"]
    line, step = _step_over_root(engine, g, s_after)
    return [
        (f"s′ = α·s + (1 − α)·g² = {alpha!r} × ", s, f" + (1 − {alpha!r}) × ", g, "² = ", s_after),
        line,
    ], step


def _adam(engine: Engine, trace: Trace, g: Num, w: Num, slots: Slots) -> tuple[list[Line], float]:
    (m, m_after), (v, v_after) = slots
    beta1, beta2, eps = (engine.options[key] for key in ("beta1", "beta2", "eps"))
    t = trace.after.steps
    power = superscript(t)
    m_hat, v_hat = m_after.value / (1 - beta1**t), v_after.value / (1 - beta2**t)
    root = sqrt(v_hat) + eps
    step = _ratio(-engine.learning_rate * m_hat, root)
    return [
        ("m′ = m + (1 − β₁)(g − m) = ", m, f" + (1 − {beta1!r}) × (", g, " − ", m, ") = ", m_after),
        (f"v′ = β₂·v + (1 − β₂)·g² = {beta2!r} × ", v, f" + (1 − {beta2!r}) × ", g, "² = ", v_after),
        ("m̂ = m′/(1 − β₁ᵗ) = ", m_after, f" / (1 − {beta1!r}{power}) = ", Num(m_hat), "   (bias correction)"),
        ("v̂ = v′/(1 − β₂ᵗ) = ", v_after, f" / (1 − {beta2!r}{power}) = ", Num(v_hat)),
        ("Δ = −η·m̂ / (√v̂ + ε) = −", Num(engine.learning_rate), " × ", Num(m_hat), " / ", Num(root), " = ", Num(step)),
    ], step


def _adamw(engine: Engine, trace: Trace, g: Num, w: Num, slots: Slots) -> tuple[list[Line], float]:
    lines, step = _adam(engine, trace, g, w, slots)
    decay = -engine.learning_rate * engine.options["weight_decay"] * w.value
    return [
        *lines,
        (
            "decay: −η·λ·w = −",
            Num(engine.learning_rate),
            " × ",
            Num(engine.options["weight_decay"]),
            " × ",
            w,
            " = ",
            Num(decay),
        ),
        ("Δ = step + decay = ", Num(step), " + ", Num(decay), " = ", Num(step + decay)),
    ], step + decay


_STEPS = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
}
