"""Tests of the numbers of the arithmetic view: its text is parsed and computed again."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.refs import STATE_LETTERS, QuantityKey, QuantityLike, Ref
from nn_tui.core.spec import Experiment
from nn_tui.tui.session import selection, stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import arithmetic
from tests._app import DARK, close_to, experiment
from tests._explanations import NUMBERS, W_AFTER, experiments, ref_of, refs_of
from tests._moves import session_after_passes
from tests.tui.views._printed import (
    WITH_STATE,
    after_passes,
    check_lines,
    check_total,
    check_value,
    computed,
    lines_of,
    refs_of_every_kind,
    with_optimizer,
)


@settings(max_examples=60)
@given(experiments(), st.integers(1, 3), NUMBERS)
def test_the_printed_numbers_add_up(made: Experiment, update: int, numbers: tuple[int, int, int, int]) -> None:
    session = replace(new_session(made), digits=None)
    for _ in range(update):
        session = stepping.whole_pass(session)
    for ref in refs_of(made, session.trace.n, numbers):
        here = select(session, ref)
        lines = lines_of(here)
        check_lines(lines)
        check_total(here, lines)
        check_value(here, lines)


def test_the_checks_find_the_calculations_of_every_kind_of_number() -> None:
    """On a known network the checks read the expected number of calculations."""
    session = replace(stepping.whole_pass(new_session(experiment("xor"))), digits=None)
    counts: dict[QuantityLike, int] = {}
    keys: tuple[QuantityLike, ...] = ("z", "a", "loss", "da", "dz", "dw", "db", W_AFTER, "step_w")
    for key in keys:
        here = select(session, ref_of(session.experiment, key, session.trace.n, (0, 1, 1, 2)))
        counts[key] = check_lines(lines_of(here))
    # A sum of products is one calculation; a sum over four samples has one for each sample. The gradient of a weight
    # has two more: the chain rule, and the sum that gives its first factor.
    assert counts == {"z": 1, "a": 0, "loss": 4, "da": 1, "dz": 1, "dw": 6, "db": 0, W_AFTER: 2, "step_w": 2}


@settings(max_examples=40)
@given(experiments(), st.integers(1, 3), NUMBERS)
def test_the_terms_of_every_number_add_up_to_it(
    made: Experiment, count: int, numbers: tuple[int, int, int, int]
) -> None:
    session = replace(session_after_passes(made, count), digits=None)
    for ref in refs_of_every_kind(session, numbers):
        here = select(session, ref)
        explanation = explain(here.engine, here.trace, here.ref)
        value = value_of(here.engine, here.trace, here.ref)
        if explanation.terms and math.isfinite(value):
            terms = [term.node.value or 0.0 for term in explanation.terms]
            size = sum(map(abs, terms))
            assert sum(terms) == pytest.approx(explanation.value, rel=1e-9, abs=1e-9 * size)
        if here.ref.is_optimizer_state or here.ref.quantity == "dx":
            assert explanation.value == pytest.approx(value, rel=1e-12, abs=1e-300)
        lines = [strip.text.rstrip() for strip in arithmetic.document(here, DARK, 4000)]
        check_lines(lines)
        check_total(here, lines)


@pytest.mark.parametrize("optimizer", WITH_STATE)
@pytest.mark.parametrize("digits", [2, 4, 6, None])
def test_the_arithmetic_of_state_gives_the_number_in_its_cell(optimizer: str, digits: int | None) -> None:
    session = replace(session_after_passes(with_optimizer(optimizer), 3), digits=digits)
    for slot in session.engine.optimizer.slots:
        for ref in (
            Ref("state_w", 0, 2, 1, slot=slot, after=True),
            Ref("state_b", 1, 0, slot=slot, after=True),
        ):
            here = select(session, ref)
            lines = [strip.text.rstrip() for strip in arithmetic.document(here, DARK, 4000)]
            letter, value = STATE_LETTERS[slot], value_of(here.engine, here.trace, ref)
            assert lines[0].startswith(
                f"{optimizer} stores for {'w₁[3,2]' if ref.is_weight else 'b₂[1]'}: {letter}′ = "
            )
            assert f"{letter}′₁[3,2]" == ref.symbol or f"{letter}′₂[1]" == ref.symbol
            assert len(lines) == 2 and close_to(lines[1].split(" = ")[-1], value)
            assert digits is not None or check_lines(lines) == 1
            followed = {number.ref.key for number in selection.factors(here) if number.ref is not None}
            assert followed == {QuantityKey(ref.parameter.state, slot), QuantityKey(ref.parameter.gradient)}


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "adagrad", "nesterov"])
@pytest.mark.parametrize("digits", [4, 6])
def test_a_step_of_small_numbers_can_be_checked_by_hand(optimizer: str, digits: int) -> None:
    session = replace(after_passes("xor", 60, optimizer), digits=digits)
    checked = 0
    for unit in range(4):
        here = select(session, Ref("w", 0, unit, 1, after=True))
        for line in lines_of(here):
            if not line.startswith(("  Δw = −", "  Δb = −", "  u = −")):
                continue
            left, right = (computed(side) for side in line.split(" = ")[-2:])
            assert left is not None and right is not None
            assert left[0] == pytest.approx(right[0], rel=3 * 10.0 ** (1 - digits)), line
            checked += 1
    assert checked == 4


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
@pytest.mark.parametrize("digits", [2, 4, 6, None])
@pytest.mark.parametrize("count", [1, 2, 13])
def test_the_bias_correction_can_be_checked_by_hand(optimizer: str, digits: int | None, count: int) -> None:
    session = replace(after_passes("xor", count, optimizer), digits=digits)
    here = select(session, Ref("w", 0, 1, 1, after=True))
    corrections = [
        line.rpartition("   (")[0] or line for line in lines_of(here) if line.startswith(("  m̂ = ", "  v̂ = "))
    ]
    assert len(corrections) == 2
    for line in corrections:
        left, right = (computed(side) for side in line.split(" = ")[-2:])
        assert left is not None and right is not None, line
        assert left[0] == pytest.approx(right[0], rel=2 * 10.0 ** (1 - (digits or 12))), line


@pytest.mark.parametrize(
    ("optimizer", "constants"),
    [
        ("sgd", "(η = 0.05, t = 2)"),
        ("momentum", "(η = 0.05, t = 2)"),
        ("nesterov", "(η = 0.05, t = 2)"),
        ("adagrad", "(η = 0.05, ε = 1e-10, t = 2)"),
        ("rmsprop", "(η = 0.05, ε = 1e-08, t = 2)"),
        ("adam", "(η = 0.05, ε = 1e-08, t = 2)"),
        ("adamw", "(η = 0.05, ε = 1e-08, t = 2)"),
    ],
)
def test_every_constant_of_an_optimiser_has_its_value_in_the_arithmetic(optimizer: str, constants: str) -> None:
    session = after_passes("xor", 2, optimizer)
    formula, *lines = lines_of(select(session, Ref("w", 0, 1, 1, after=True)))
    assert constants in formula
    for name, value in session.engine.optimizer.options.items():
        assert name == "eps" or re.search(rf"[=(×−] {value!r}|−{value!r}", "\n".join(lines)), name
    for slot in session.engine.optimizer.slots:
        rule = lines_of(select(session, Ref("state_w", 0, 1, 1, slot=slot, after=True)))[0].split("   ")[0]
        assert "stores for w₁[2,2]: " in rule and not re.search(r"\d\.\d", rule), "the rule has symbols only"


@pytest.mark.parametrize("digits", [2, 4, 6, None])
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.1), (0.003, 0.0), (0.003, 0.1)])
def test_the_penalty_can_be_checked_by_hand(l1: float, l2: float, digits: int | None) -> None:
    made = experiment("xor")
    session = stepping.whole_pass(new_session(replace(made, training=replace(made.training, l1=l1, l2=l2))))
    lines = lines_of(replace(select(session, Ref("loss")), digits=digits))
    symbols, sums, result = next(line for line in lines if line.startswith("  penalty = ")).split(" = ")[1:]
    assert symbols == " + ".join([*["l1·Σ|w|"] * bool(l1), *["½·l2·Σw²"] * bool(l2)])
    left, right = computed(sums), computed(result.split("   ")[0])
    assert left is not None and right is not None
    assert left[0] == pytest.approx(right[0], rel=2 * 10.0 ** (1 - (digits or 12)))
    assert f"  penalty: {result.split('   ')[0]}" in lines and "no biases" in result
    weights = np.concatenate([layer.ravel() for layer in session.trace.before.weights])
    assert f"({weights.size} weights, " in result
    numbers = [float(number) for number in re.findall(r"[\d.]+", sums)]
    for factor, total in ((l1, np.abs(weights).sum()), (l2, np.square(weights).sum())):
        if factor:
            assert any(number == pytest.approx(total, rel=0.1 ** ((digits or 12) - 1)) for number in numbers)
