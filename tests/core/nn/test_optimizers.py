"""Optimisers: one update of a few parameters, worked out in Python from the formulas of the papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod, sqrt

import numpy as np
import pytest

from nn_tui.core.explain.notation import symbol_text
from nn_tui.core.explain.render_text import node_text
from nn_tui.core.expression.equations import written_nodes
from nn_tui.core.expression.nodes import Num, Symbol
from nn_tui.core.nn.optimizer import Optimizer, ParameterState
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.refs import STATE_LETTERS
from nn_tui.core.spec import Array
from tests._reference import numbers

RATE = 0.1
Rule = Callable[[float, float, list[float], int, Mapping[str, float]], tuple[float, list[float]]]


def sgd(w: float, g: float, slots: list[float], t: int, o: Mapping[str, float]) -> tuple[float, list[float]]:
    return w - RATE * g, []


def momentum(w: float, g: float, slots: list[float], t: int, o: Mapping[str, float]) -> tuple[float, list[float]]:
    v = o["momentum"] * slots[0] + g
    return w - RATE * v, [v]


def nesterov(w: float, g: float, slots: list[float], t: int, o: Mapping[str, float]) -> tuple[float, list[float]]:
    v = o["momentum"] * slots[0] + g
    return w - RATE * (g + o["momentum"] * v), [v]


def adagrad(w: float, g: float, slots: list[float], t: int, o: Mapping[str, float]) -> tuple[float, list[float]]:
    s = slots[0] + g * g
    return w - RATE * g / (sqrt(s) + o["eps"]), [s]


def rmsprop(w: float, g: float, slots: list[float], t: int, o: Mapping[str, float]) -> tuple[float, list[float]]:
    s = o["alpha"] * slots[0] + (1 - o["alpha"]) * g * g
    return w - RATE * g / (sqrt(s) + o["eps"]), [s]


def adam(w: float, g: float, slots: list[float], t: int, o: Mapping[str, float]) -> tuple[float, list[float]]:
    m = o["beta1"] * slots[0] + (1 - o["beta1"]) * g
    v = o["beta2"] * slots[1] + (1 - o["beta2"]) * g * g
    m_hat, v_hat = m / (1 - o["beta1"] ** t), v / (1 - o["beta2"] ** t)
    return w - RATE * m_hat / (sqrt(v_hat) + o["eps"]), [m, v]


def adamw(w: float, g: float, slots: list[float], t: int, o: Mapping[str, float]) -> tuple[float, list[float]]:
    return adam(w - RATE * o["weight_decay"] * w, g, slots, t, o)


def nadam(w: float, g: float, slots: list[float], t: int, o: Mapping[str, float]) -> tuple[float, list[float]]:
    m = o["beta1"] * slots[0] + (1 - o["beta1"]) * g
    v = o["beta2"] * slots[1] + (1 - o["beta2"]) * g * g
    mu = [o["beta1"] * (1 - 0.5 * 0.96 ** (k * o["momentum_decay"])) for k in range(1, t + 2)]
    m_hat = mu[t] * m / (1 - prod(mu)) + (1 - mu[t - 1]) * g / (1 - prod(mu[:t]))
    return w - RATE * m_hat / (sqrt(v / (1 - o["beta2"] ** t)) + o["eps"]), [m, v]


RULES: dict[str, Rule] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
    "nadam": nadam,
}


def block(array: Array) -> ParameterState:
    return ParameterState(array[0], tuple(array[1:]))


def update(optimizer: Optimizer, before: Array, g: Array) -> Array:
    """The state after one update."""
    after = np.empty_like(before)
    optimizer.update(block(before), g, block(after), (np.empty_like(g), np.empty_like(g)))
    return after


def test_every_optimiser_has_a_rule_here() -> None:
    assert set(RULES) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_are_those_of_the_formulas(name: str) -> None:
    optimizer = OPTIMIZERS[name]({})
    states = np.zeros((1 + len(optimizer.slots), 5))
    states[0] = numbers(1, 5)
    scalars = optimizer.initial_scalars
    expected = states.copy()
    for t in range(1, 6):
        g = numbers(10 + t, 5)
        scalars = optimizer.begin(RATE, t, scalars)
        states = update(optimizer, states, g)
        for column, gradient in enumerate(g.tolist()):
            w, *slots = expected[:, column].tolist()
            w, slots = RULES[name](w, gradient, slots, t, optimizer.options)
            expected[:, column] = [w, *slots]
        assert states == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_step_is_what_is_added_to_the_parameters(name: str) -> None:
    optimizer = OPTIMIZERS[name]({})
    before = np.abs(numbers(2, 1 + len(optimizer.slots), 4))
    optimizer.begin(RATE, 3, optimizer.initial_scalars)
    g, step = numbers(3, 4), np.empty(4)
    after = update(optimizer, before, g)
    optimizer.step(before[0], g, tuple(after[1:]), step, np.empty(4))
    assert np.array_equal(before[0] + step, after[0])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_in_parts_is_the_update_of_all_bit_for_bit(name: str) -> None:
    optimizer = OPTIMIZERS[name]({})
    before, g = np.abs(numbers(4, 1 + len(optimizer.slots), 9)), numbers(5, 9)
    optimizer.begin(RATE, 7, optimizer.initial_scalars)
    whole = update(optimizer, before, g)
    parts = [update(optimizer, before[:, part], g[part]) for part in (slice(0, 4), slice(4, 9))]
    assert np.array_equal(whole, np.concatenate(parts, axis=1))


def test_options_replace_the_defaults() -> None:
    assert OPTIMIZERS["adam"]({"beta1": 0.5}).options == {"beta1": 0.5, "beta2": 0.999, "eps": 1e-8}


def test_the_lines_of_adam_make_its_step() -> None:
    optimizer, w, g, step = OPTIMIZERS["adam"]({}), numbers(6, 4), numbers(7, 4), np.empty(4)
    slots: list[Array] = [np.abs(numbers(seed, 4)) for seed in (8, 9)]
    optimizer.begin(RATE, 5, ())
    optimizer.step(w, g, slots, step, np.empty(4))
    for k in range(4):
        n = {"w": w[k], "g": g[k], "η": RATE, "t": 5.0, "m′": slots[0][k], "v′": slots[1][k], "Δw": step[k]}
        lines = optimizer.lines({name: Num(float(value)) for name, value in n.items()})
        assert lines["m̂"].value == pytest.approx(slots[0][k] / (1 - 0.9**5))
        assert lines["v̂"].value == pytest.approx(slots[1][k] / (1 - 0.999**5))
        *_, computation, result = lines["Δw"].body.children
        assert computation.value == pytest.approx(result.value, rel=1e-13)


def test_every_symbol_of_a_rule_has_a_formula_or_is_given() -> None:
    """No page shows a letter that it does not define."""
    for optimizer in (cls({}) for cls in OPTIMIZERS.values()):
        options = [optimizer.option_symbols[name] for name in optimizer.options]
        known = {"w", "g", "η", "t", *options, *optimizer.scalars, *(STATE_LETTERS[slot] for slot in optimizer.slots)}
        for name, formula in optimizer.formulas().items():
            letters = {symbol_text(node) for _, node in written_nodes(formula.sides[1]) if isinstance(node, Symbol)}
            assert letters <= known, (optimizer.name, name)
            assert node_text(formula.sides[0]) == name
            known.add(name)


@pytest.mark.parametrize("g", [0.3, -1.7, 0.0, 1e-9, -1e-9, 800.0, 1e150, 1e200, -np.inf, np.nan])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_rules_as_expressions_have_the_numbers_of_the_code(name: str, g: float) -> None:
    """The slots and the step of one parameter in three updates; infinities and NaN are numbers, too."""
    optimizer = OPTIMIZERS[name]({})
    scalars, state = optimizer.initial_scalars, np.zeros((1 + len(optimizer.slots), 1))
    state[0] = 0.7
    for t, gradient in enumerate((0.5, -0.2, g), 1):
        with np.errstate(all="ignore"):
            before_scalars, scalars = scalars, optimizer.begin(RATE, t, scalars)
            after, step = update(optimizer, state, np.array([gradient])), np.empty(1)
            optimizer.step(state[0], np.array([gradient]), tuple(after[1:]), step, np.empty(1))
        n = {"w": Num(state[0, 0]), "g": Num(gradient), "η": Num(RATE), "t": Num(float(t))}
        n |= {name: Num(value) for name, value in zip(optimizer.scalars, before_scalars, strict=True)}
        letters = [STATE_LETTERS[slot] for slot in optimizer.slots]
        n |= {letter: Num(float(old)) for letter, old in zip(letters, state[1:, 0], strict=True)}
        rules = optimizer.numbered_rules(n)
        slots = [rules[f"{letter}′"].body.value for letter in letters]
        assert slots == pytest.approx(after[1:, 0].tolist(), rel=1e-12, nan_ok=True)
        assert rules["Δw"].body.value == pytest.approx(step[0], rel=1e-12, nan_ok=True)
        new_scalars = [rules[f"{name}′"].body.value for name in optimizer.scalars]
        assert new_scalars == pytest.approx(list(scalars), rel=1e-15)
        state = after
