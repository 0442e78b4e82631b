"""Curves of a run: bounded in memory, with no spike lost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.run.curves import CAPACITY, SAMPLES, LossCurve, Sample, Samples


def curve(losses: list[float]) -> LossCurve:
    made = LossCurve()
    for loss in losses:
        made.append(loss)
    return made


def test_a_million_losses_in_bounded_memory_and_no_extreme_lost() -> None:
    count = 1_000_000
    made = LossCurve()
    for n in range(count):
        made.append(1.0 if n not in (3, 512_345, 999_999) else {3: 7.0, 512_345: -5.0, 999_999: 9.0}[n])
    x, y = made.points()
    assert len(made) == count
    assert len(x) == len(y) <= 2 * CAPACITY + 3 * CAPACITY
    assert sorted(set(y.tolist())) == [-5.0, 1.0, 7.0, 9.0]
    assert (np.diff(x) >= 0).all()
    stride = count / CAPACITY
    for spike, at in ((7.0, 4), (-5.0, 512_346), (9.0, 1_000_000)):
        assert abs(x[y == spike][0] - at) <= stride
    assert x[0] <= stride and x[-1] == count


@given(st.lists(st.floats(0.0, 10.0), max_size=200))
def test_a_short_curve_is_the_losses_themselves(losses: list[float]) -> None:
    x, y = curve(losses).points()
    assert x.tolist() == list(range(1, len(losses) + 1))
    assert y.tolist() == losses


@pytest.mark.parametrize("count", [2 * CAPACITY - 1, 2 * CAPACITY, 3 * CAPACITY + 7, 9 * CAPACITY + 1])
def test_the_latest_losses_are_there_one_by_one(count: int) -> None:
    x, y = curve([float(n) for n in range(1, count + 1)]).points()
    assert y[-CAPACITY:].tolist() == [float(n) for n in range(count - CAPACITY + 1, count + 1)]
    assert np.array_equal(x[-CAPACITY:], y[-CAPACITY:])
    assert y.min() == 1.0


def test_a_bucket_with_a_loss_that_is_no_number_keeps_its_others() -> None:
    made = curve([math.nan if n == 5 else float(n % 100) for n in range(20 * CAPACITY)])
    low = made.points()[1]
    assert np.isfinite(low).all()
    assert low.max() == 99.0


@given(st.integers(0, 3 * CAPACITY), st.integers(0, 3000))
def test_a_truncated_curve_goes_on_at_the_right_place(kept: int, more: int) -> None:
    made = curve([float(n) for n in range(1, 3 * CAPACITY + 1)])
    cut = made.truncated(kept)
    assert len(cut) == kept
    for n in range(more):
        cut.append(1e6 + n)
    x, y = cut.points()
    assert len(cut) == kept + more
    new = y >= 1e6
    assert x[new].tolist() == [float(kept + 1 + n) for n in range(more)]
    assert len(made) == 3 * CAPACITY  # the run it was cut from keeps its own


def sample(update: int) -> Sample:
    return Sample(update, 1.0, None, None, None, (), ())


def test_samples_thin_out_and_keep_the_start() -> None:
    samples = Samples(stride=3)
    for update in range(20_000):
        if samples.due(update):
            samples.append(sample(update))
    taken = [each.update for each in samples]
    assert taken[0] == 0
    assert SAMPLES / 2 <= len(taken) <= SAMPLES
    assert set(np.diff(taken).tolist()) == {samples.stride}
    assert samples.stride % 3 == 0
    assert taken[-1] > 20_000 - samples.stride - 1


def test_truncated_samples() -> None:
    samples = Samples(1, [sample(n) for n in range(10)])
    assert [each.update for each in samples.truncated(4)] == [0, 1, 2, 3, 4]
    assert len(list(samples)) == 10
