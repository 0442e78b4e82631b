"""Tests of the check of schedules that lower η too much."""

from __future__ import annotations

import pytest

from nn_tui.core.preset.loader import find_preset
from tests.core.diagnosis._presets import findings_at, kinds, start
from tests.core.diagnosis._problems import preset, start_text


@pytest.mark.parametrize(
    ("schedule", "remedy", "sentence"),
    [
        ("schedule.name=exponential schedule.gamma=0.9", "schedule = constant", "has lowered η from 0.5 to "),
        ("schedule.name=inverse_time schedule.decay_steps=1 schedule.decay_rate=10.0", "schedule = constant",
         "has lowered η from 0.5 to "),
        ("schedule.warmup.total_iters=100000 schedule.warmup.start_factor=0.00001", "warmup = 0",
         "has raised η only to 0.0015 so far; η₀ is 0.5"),
    ],
)  # fmt: skip
def test_the_schedule_is_named_with_both_learning_rates(schedule: str, remedy: str, sentence: str) -> None:
    run = start_text(preset("circles samples=100", "8 tanh, 1 sigmoid", f"binary_cross_entropy sgd 0.5 {schedule}"))
    (finding,) = findings_at(run, 300)
    assert (finding.kind, finding.remedies) == ("learning_rate_low", (remedy,))
    assert sentence in str(finding.cause)


def test_a_short_warm_up_is_no_problem_from_its_first_update_on() -> None:
    warm_up = "schedule.warmup.total_iters=20 schedule.warmup.start_factor=0.00001"
    run = start_text(preset("circles samples=100", "8 tanh, 1 sigmoid", f"binary_cross_entropy adam 0.03 {warm_up}"))
    assert [kinds(findings_at(run, update)) for update in (0, 1, 10, 20, 300)] == [(), (), (), (), ()]


def test_a_schedule_that_ends_in_the_minimum_is_no_problem() -> None:
    run = start(find_preset("schedule"))
    assert kinds(findings_at(run, 2000)) == ()
