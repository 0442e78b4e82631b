"""Check that the curves of a run need bounded memory and lose no spike."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.run.curves import MAX_BUCKETS, MAX_EVALUATIONS, Evaluation, EvaluationHistory, LossCurve


def curve(losses: list[float]) -> LossCurve:
    made = LossCurve()
    for loss in losses:
        made.append(loss)
    return made


def test_a_million_losses_take_bounded_memory_and_lose_no_spike() -> None:
    count = 1_000_000
    made = LossCurve()
    for n in range(count):
        made.append(1.0 if n not in (3, 512_345, 999_999) else {3: 7.0, 512_345: -5.0, 999_999: 9.0}[n])
    x, y = made.points()
    assert len(made) == count
    assert len(x) == len(y) <= 2 * MAX_BUCKETS + 3 * MAX_BUCKETS
    assert sorted(set(y.tolist())) == [-5.0, 1.0, 7.0, 9.0]
    assert (np.diff(x) >= 0).all()
    stride = count / MAX_BUCKETS
    for spike, at in ((7.0, 4), (-5.0, 512_346), (9.0, 1_000_000)):
        assert abs(x[y == spike][0] - at) <= stride
    assert x[0] <= stride and x[-1] == count


@given(st.lists(st.floats(0.0, 10.0), max_size=200))
def test_a_short_curve_is_the_losses_themselves(losses: list[float]) -> None:
    x, y = curve(losses).points()
    assert x.tolist() == list(range(1, len(losses) + 1))
    assert y.tolist() == losses


@pytest.mark.parametrize("count", [2 * MAX_BUCKETS - 1, 2 * MAX_BUCKETS, 3 * MAX_BUCKETS + 7, 9 * MAX_BUCKETS + 1])
def test_the_latest_losses_stay_single(count: int) -> None:
    x, y = curve([float(n) for n in range(1, count + 1)]).points()
    assert y[-MAX_BUCKETS:].tolist() == [float(n) for n in range(count - MAX_BUCKETS + 1, count + 1)]
    assert np.array_equal(x[-MAX_BUCKETS:], y[-MAX_BUCKETS:])
    assert y.min() == 1.0


def test_a_bucket_with_a_nan_keeps_its_other_losses() -> None:
    made = curve([math.nan if n == 5 else float(n % 100) for n in range(20 * MAX_BUCKETS)])
    low = made.points()[1]
    assert np.isfinite(low).all()
    assert low.max() == 99.0


@given(st.integers(0, 3 * MAX_BUCKETS), st.integers(0, 3000))
def test_a_truncated_curve_continues_after_its_end(length: int, more: int) -> None:
    made = curve([float(n) for n in range(1, 3 * MAX_BUCKETS + 1)])
    cut = made.truncated(length)
    assert len(cut) == length
    for n in range(more):
        cut.append(1e6 + n)
    x, y = cut.points()
    assert len(cut) == length + more
    new = y >= 1e6
    assert x[new].tolist() == [float(length + 1 + n) for n in range(more)]
    assert len(made) == 3 * MAX_BUCKETS  # the curve itself is not changed


def evaluation(update: int) -> Evaluation:
    return Evaluation(update, 1.0, None, None, None, (), ())


def test_evaluations_thin_out_and_hold_the_start() -> None:
    history = EvaluationHistory(stride=3)
    for update in range(20_000):
        if history.is_due(update):
            history.append(evaluation(update))
    updates = [item.update for item in history]
    assert updates[0] == 0
    assert MAX_EVALUATIONS / 2 <= len(updates) <= MAX_EVALUATIONS
    assert set(np.diff(updates).tolist()) == {history.stride}
    assert history.stride % 3 == 0
    assert updates[-1] > 20_000 - history.stride - 1


def test_a_truncated_history_ends_at_its_update() -> None:
    history = EvaluationHistory(1, [evaluation(n) for n in range(10)])
    assert [item.update for item in history.truncated(4)] == [0, 1, 2, 3, 4]
    assert len(list(history)) == 10
