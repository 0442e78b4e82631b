"""Tests of long runs: bounded memory, exact extremes of the loss, and short replays to every update.

The suite trains XOR for 80,000 updates; `make soak` sets NN_TUI_SOAK and trains for a million.
"""

from __future__ import annotations

import gc
import os
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.curves import MAX_BUCKETS, MAX_EVALUATIONS, LossCurve
from nn_tui.core.run.run import Run
from nn_tui.core.run.state_cache import DEFAULT_LIMITS
from nn_tui.tui.draw.charts import draw_chart
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.series import Series
from tests._app import experiment

FLAT, PER_UPDATE = 2_000_000, 20  # bytes that the second half of a run may add, at most and for each update
FARTHEST = 2_500  # passes: about 0.03 s of XOR


def replayed(run: Run, update: int) -> int:
    """Return the number of passes that the run computes to go to ``update``."""
    engines = {id(segment.engine): segment.engine for segment in run.segments}
    passes = 0

    def counting(original: Callable[..., object]) -> Callable[..., object]:
        def counted(state: State, at: int, after: State | None = None) -> object:
            nonlocal passes
            passes += 1
            return original(state, at, after)

        return counted

    originals = {key: engine.run for key, engine in engines.items()}
    for key, engine in engines.items():
        engine.run = counting(originals[key])  # type: ignore[method-assign, assignment]
    try:
        run.goto(update)
    finally:
        for engine in engines.values():
            del engine.run
    return passes


def traced() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def check_far_ends(run: Run) -> None:
    """Check that a short replay reaches every update, in any order."""
    end = run.reached
    rng = np.random.default_rng(4)
    places = [0, 1, end // 2, end // 3, end - 1, end, 17, *rng.integers(0, end, 12).tolist()]
    for place in places:
        assert replayed(run, place) <= FARTHEST, place
        assert run.position == place
    assert replayed(run, end) <= FARTHEST
    keyframes, nearby = run.states.snapshot()
    assert len(keyframes) <= DEFAULT_LIMITS.max_keyframes and len(nearby) <= DEFAULT_LIMITS.max_nearby


def long_run(half: int) -> Run:
    """Train XOR for twice ``half`` updates; measure what the second half adds, and see that no extreme is lost."""
    run = Run.start(experiment("xor"))
    least, greatest = float("inf"), float("-inf")

    def look(trace: Trace) -> bool:
        nonlocal least, greatest
        least, greatest = min(least, trace.loss), max(greatest, trace.loss)
        return False

    tracemalloc.start()
    try:
        run.train(half, publish=look)
        middle = traced()
        run.train(half, publish=look)
        assert traced() - middle < min(FLAT, PER_UPDATE * half), f"{traced() - middle:,} bytes more"
    finally:
        tracemalloc.stop()
    assert run.reached == 2 * half
    _, losses = run.losses.points()
    assert (losses.min(), losses.max()) == (least, greatest)
    return run


def check_bounds(run: Run) -> None:
    passes, losses = run.losses.points()
    assert len(passes) == len(losses) <= 4 * MAX_BUCKETS + max(2 * MAX_BUCKETS, MAX_BUCKETS + 1024)
    assert len(run.losses) == run.reached
    assert len(list(run.evaluations)) <= MAX_EVALUATIONS + 1


def test_a_long_run_needs_bounded_memory_and_short_replays() -> None:
    run = long_run(int(os.environ.get("NN_TUI_SOAK", 0)) // 2 or 40_000)
    check_bounds(run)
    check_far_ends(run)


def test_keyframes_stay_under_their_byte_limit() -> None:
    run = Run.start(experiment("digits"))
    run.train(3_000)
    assert run.states.nbytes <= DEFAULT_LIMITS.max_keyframe_bytes
    assert replayed(run, 1_500) <= FARTHEST


@pytest.mark.parametrize("passes", [1, 4095, 4097, 8192, 8193, 100_003, 1_000_000])
def test_no_extreme_of_a_long_curve_is_lost(passes: int) -> None:
    losses = 1.0 + np.sin(np.arange(passes) / 700.0)
    spikes = {0: 9.0, passes // 3: 50.0, passes // 2: -3.0, passes - 1: 7.0}
    for place, height in spikes.items():
        losses[place] = height
    curve = LossCurve()
    for loss in losses.tolist():
        curve.append(loss)
    x, y = curve.points()
    assert len(curve) == passes
    assert (np.diff(x) >= 0).all() and x[-1] <= passes
    assert y.max() == losses.max() and y.min() == losses.min()
    assert len(y) <= 20_000
    stride = float(np.diff(x, prepend=0.0).max())
    for place, height in spikes.items():
        if losses[place] == height and height in (losses.max(), losses.min()):
            assert abs(float(x[list(y).index(height)]) - (place + 1)) <= stride, "near where it was"
    assert y[-1] == losses[-1], "the newest passes stay as they were"


def test_numbers_that_are_not_finite_do_not_hide_their_neighbours() -> None:
    curve = LossCurve()
    for index in range(50_000):
        curve.append(float("nan") if index % 7 == 0 else float(index))
    _, y = curve.points()
    assert np.nanmax(y) == 49_999.0 and np.nanmin(y) == 1.0


@pytest.mark.parametrize("place", [3, 400_000, 999_990])
def test_one_bad_pass_of_a_million_is_drawn_at_its_update(place: int) -> None:
    curve = LossCurve()
    for update in range(1, 1_000_001):
        curve.append(50.0 if update == place else 1.0)
    drawn = draw_chart([Series("loss", *curve.points())], get_palette("mono", ascii=True), 60, 20)
    upper = [strip.text.partition("|")[2] or strip.text.partition("+")[2] for strip in drawn[:8]]
    columns = {at for text in upper for at, char in enumerate(text) if char == "*"}
    assert columns and max(columns) - min(columns) <= 2
    assert abs(min(columns) - place / 1_000_000 * 57) <= 2


def test_an_edit_of_a_large_set_does_not_copy_its_samples() -> None:
    preset = find_preset("moons")
    data, training = replace(preset.data, samples=50_000), replace(preset.training, batch_size=32)
    run = Run.start(load_experiment(replace(preset, data=data, training=training)))
    run.train(3)
    tracemalloc.start()
    try:
        before = traced()
        runs = [run := apply_edit(f"eta = {rate}", run, run.position) for rate in (0.1, 0.2, 0.3)]
        runs[-1].train(3)
        assert traced() - before < run.experiment.data.x.nbytes
    finally:
        tracemalloc.stop()


def test_a_closed_run_frees_its_buffers() -> None:
    tracemalloc.start()
    try:
        run = Run.start(experiment("digits"))
        for update in range(1, 5):
            last = run.trace(update)
            gradient = last.gradient.tobytes()
            run.release(last)
        whole = last.nbytes + last.after.array.nbytes
        del last
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        run.release_buffers()
        gc.collect()
        assert before - tracemalloc.get_traced_memory()[0] > 2 * whole
    finally:
        tracemalloc.stop()
    again = run.trace(4)
    assert again.gradient.tobytes() == gradient
