"""Schedules of the learning rate: published definitions, warm-up, and numbers at the ends."""

from __future__ import annotations

import math

import pytest

from nn_tui.core.explain.render_text import line_text
from nn_tui.core.nn.schedules import SCHEDULES, learning_rate, learning_rate_line
from nn_tui.core.spec import ScheduleSpec, WarmupSpec

STEP = ScheduleSpec("step", (("step_size", 3.0), ("gamma", 0.5)))
COSINE = ScheduleSpec("cosine", (("T_max", 4.0), ("eta_min", 0.02)))
HALF = 0.5 * (0.1 - 0.02)

EXPECTED: list[tuple[ScheduleSpec, list[float]]] = [
    (ScheduleSpec(), [0.1] * 4),
    (STEP, [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025]),
    (ScheduleSpec("step", (("step_size", 2.0),)), [0.1, 0.1, 0.01, 0.01, 0.001]),
    (ScheduleSpec("exponential", (("gamma", 0.9),)), [0.1, 0.09, 0.081, 0.0729]),
    (ScheduleSpec("inverse_time", (("decay_steps", 2.0), ("decay_rate", 1.0))), [0.1, 0.1 / 1.5, 0.05, 0.04]),
    (
        COSINE,
        [0.1, 0.02 + HALF * (1 + math.sqrt(0.5)), 0.06, 0.02 + HALF * (1 - math.sqrt(0.5)), 0.02,
         0.02 + HALF * (1 - math.sqrt(0.5)), 0.06],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "rates"), EXPECTED, ids=lambda value: getattr(value, "name", ""))
def test_rates_are_those_of_the_definition(spec: ScheduleSpec, rates: list[float]) -> None:
    assert [learning_rate(0.1, spec, t) for t in range(len(rates))] == pytest.approx(rates, rel=1e-14)


def test_every_schedule_is_here() -> None:
    assert {spec.name for spec, _ in EXPECTED} == set(SCHEDULES)


@pytest.mark.parametrize(("spec", "rates"), EXPECTED, ids=lambda value: getattr(value, "name", ""))
def test_a_warm_up_comes_before_the_schedule(spec: ScheduleSpec, rates: list[float]) -> None:
    warm = ScheduleSpec(spec.name, spec.options, warmup=WarmupSpec(0.25, 3))
    expected = [0.025, 0.05, 0.075, *rates]
    assert [learning_rate(0.1, warm, t) for t in range(len(expected))] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("spec", [spec for spec, _ in EXPECTED], ids=lambda spec: spec.name)
def test_the_rate_is_proportional_to_its_base_where_nothing_bounds_it(spec: ScheduleSpec) -> None:
    if spec.name == "cosine":
        spec = ScheduleSpec("cosine", (("T_max", 4.0),))
    for t in (0, 1, 5, 100):
        assert learning_rate(0.3, spec, t) == pytest.approx(3 * learning_rate(0.1, spec, t), rel=1e-13)


def test_numbers_at_the_ends() -> None:
    growing = ScheduleSpec("exponential", (("gamma", 2.0),))
    assert learning_rate(0.1, growing, 5000) == math.inf
    assert learning_rate(0.1, ScheduleSpec("exponential", (("gamma", 0.5),)), 5000) == 0.0
    assert learning_rate(0.1, STEP, 10**9) == 0.0


def text(spec: ScheduleSpec, t: int) -> str:
    return line_text(learning_rate_line(0.1, spec, t)).rpartition(" = ")[0]


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        (STEP, "update 8, step schedule: η = η₀·γ^⌊k/s⌋ = 0.1 × 0.5²"),
        (
            ScheduleSpec("exponential", (("gamma", 0.9),), "epoch"),
            "epoch 8, exponential schedule: η = η₀·γᵏ = 0.1 × 0.9⁷",
        ),
        (
            ScheduleSpec("inverse_time", (("decay_steps", 2.0), ("decay_rate", 1.0))),
            "update 8, inverse_time schedule: η = η₀ / (1 + r·k/s) = 0.1 / (1 + 1 × 7 / 2)",
        ),
        (
            COSINE,
            "update 8, cosine schedule: η = ηₘ + ½·(η₀ − ηₘ)·(1 + cos(π·k/T)) = "
            "0.02 + 0.5 × (0.1 − 0.02) × (1 + cos(π × 7 / 4))",
        ),
        (
            ScheduleSpec(warmup=WarmupSpec(0.25, 10)),
            "update 8, warm-up: η = η₀·(f + (1 − f)·k/n) = 0.1 × (0.25 + (1 − 0.25) × 7 / 10)",
        ),
        (
            ScheduleSpec("step", STEP.options, warmup=WarmupSpec(0.25, 3)),
            "update 8, step schedule: η = η₀·γ^⌊k/s⌋ = 0.1 × 0.5¹",
        ),
    ],
)
def test_the_line_has_the_formula_and_its_numbers(spec: ScheduleSpec, line: str) -> None:
    assert text(spec, 7) == line


@pytest.mark.parametrize("spec", [spec for spec, _ in EXPECTED], ids=lambda spec: spec.name)
def test_the_numbers_of_the_line_make_the_rate(spec: ScheduleSpec) -> None:
    for warm in (spec, ScheduleSpec(spec.name, spec.options, warmup=WarmupSpec(0.25, 3))):
        for t in (0, 1, 2, 5, 9):
            _, formula, *numbers = learning_rate_line(0.1, warm, t).body.children
            assert formula.value is None
            rate = learning_rate(0.1, warm, t)
            assert numbers[-1].value == rate == pytest.approx(numbers[0].value, rel=1e-13)
