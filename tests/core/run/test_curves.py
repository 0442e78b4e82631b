"""Check that the curves of a run need bounded memory and lose no spike."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.run.curves import LONG_EPOCH, MAX_BUCKETS, MAX_EVALUATIONS, Evaluation, EvaluationHistory, LossCurve


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


@pytest.mark.parametrize(("start", "best"), [(0, 30), (300, 330)])
def test_the_evaluation_with_the_lowest_test_loss_since_the_last_edit_is_never_left_out(start: int, best: int) -> None:
    history = EvaluationHistory(start=start)
    for update in range(40_063):
        if history.is_due(update):
            loss = 0.25 if update < start else 0.5 + abs(update - best) / 100_000
            history.append(replace(evaluation(update), test_loss=loss))
    assert [item.update for item in history if not history.is_due(item.update)] == [best]


def test_a_truncated_history_ends_at_its_update() -> None:
    history = EvaluationHistory(1, [evaluation(n) for n in range(10)])
    assert [item.update for item in history.truncated(4)] == [0, 1, 2, 3, 4]
    assert len(list(history)) == 10


def due(history: EvaluationHistory, last: int) -> list[int]:
    """Evaluate as a run does until update ``last``, and return the updates of the evaluations."""
    update = 0
    while update <= last:
        history.append(evaluation(update))
        update = history.next_due(update)
    return [item.update for item in history]


def test_a_short_epoch_is_evaluated_at_its_end() -> None:
    assert due(EvaluationHistory.for_epoch(LONG_EPOCH, 1, 100), 200) == [0, 64, 128, 192]


def test_a_long_epoch_is_evaluated_often_at_first_and_then_in_equal_parts() -> None:
    powers = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert due(EvaluationHistory.for_epoch(3000, 32, 3000), 6500) == [0, *powers, *range(750, 6500, 750)]
    assert due(EvaluationHistory.for_epoch(301, 8, 100), 610) == [0, *powers[:7], 76, 151, 226, 301, 377, 452, 527, 602]


def test_a_sample_of_a_large_set_is_evaluated_less_often_than_after_each_epoch_if_that_is_dear() -> None:
    assert due(EvaluationHistory.for_epoch(28, 272, 8192, is_sample=True), 1000) == [
        0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 448, 896,
    ]  # fmt: skip
    assert due(EvaluationHistory.for_epoch(28, 272, 8192), 100) == [0, 28, 56, 84]


histories = st.builds(
    lambda batches, batch, rows, is_sample: EvaluationHistory.for_epoch(batches, batch, rows, is_sample=is_sample),
    st.integers(1, 200_000), st.integers(1, 5000), st.integers(1, 8192), st.booleans(),
)  # fmt: skip


@given(histories, st.integers(0, 10**7))
def test_the_evaluations_depend_only_on_the_update_and_are_bounded(history: EvaluationHistory, last: int) -> None:
    stride, parts = history.stride, history.parts
    updates = due(history, last)
    assert len(updates) <= MAX_EVALUATIONS
    walked = [0]
    while (update := history.next_due(walked[-1])) <= last:
        walked.append(update)
    assert updates == walked and all(map(history.is_due, updates))
    nearby = range(max(0, last - 50), last)
    assert [update for update in nearby if history.is_due(update)] == [each for each in updates if each in nearby]
    multiple = stride * (parts // history.parts) * (history.stride // stride)
    assert all(map(history.is_due, range(0, 3 * multiple, multiple))), "the ends of epochs are among them"


@given(histories, st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_truncated_history_goes_on_as_the_whole_one(history: EvaluationHistory, first: int, last: int) -> None:
    whole, cut = history.truncated(0), history.truncated(0)
    due(cut, first)
    cut = cut.truncated(first)
    update = cut.items[-1].update
    while (update := cut.next_due(update)) <= last:
        cut.append(evaluation(update))
    due(whole, max(first, last))
    assert cut == whole


@given(st.integers(1, 200_000), st.integers(1, 5000), st.integers(1, 8192), st.booleans())
def test_what_is_evaluated_within_epochs_is_little_beside_what_is_trained(
    batches: int, batch: int, rows: int, is_sample: bool
) -> None:
    history = EvaluationHistory.for_epoch(batches, batch, rows, is_sample=is_sample)
    last = 50 * history.stride
    at_first = sum(update < history.dense for update in due(history, last))
    assert at_first <= 2 + max(batches, rows).bit_length()
    if is_sample or history.parts > 1:
        assert (len(history.items) - at_first) * rows <= last * (batch + 32) / 16 + rows
