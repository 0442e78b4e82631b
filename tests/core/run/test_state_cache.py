"""Tests of the caches of a run: the passes that they save, their size in bytes, and the same bits with and without."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.run.state_cache import (
    DEFAULT_LIMITS,
    MIN_KEYFRAMES,
    MIN_NEARBY,
    WIDE_KEYFRAME_EVERY,
    CacheLimits,
    StateCache,
    TraceCache,
)
from nn_tui.core.spec import Experiment
from tests._edits import bits
from tests._reference import experiment
from tests.core.run._runs import experiments, trace_bits

WIDE = (784, 512, 512, 10)


def small_experiment() -> Experiment:
    return experiment(sizes=(2, 8, 3), rows=8, optimizer="adam", batch_size=3, shuffle=True)


def wide_limits() -> CacheLimits:
    """Return limits that allow ``small_experiment()`` as many states as 784-512-512-10 with Adam has."""
    small = Engine(small_experiment()).initial_state().array.nbytes
    large = 3 * 8 * parameter_count(WIDE)
    return CacheLimits(
        max_keyframe_bytes=DEFAULT_LIMITS.max_keyframe_bytes // large * small,
        max_nearby_bytes=DEFAULT_LIMITS.max_nearby_bytes // large * small,
        wide_parameters=0,
    )


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Record the numbers of the passes that any engine computes."""
    computed: list[int] = []
    original = Engine.passes

    def counted(self: Engine, before: State, update: int, known: State | None = None) -> Iterator[Trace]:
        for trace in original(self, before, update, known):
            computed.append(trace.update)
            yield trace

    monkeypatch.setattr(Engine, "passes", counted)
    return computed


def prepare_all(run: Run) -> None:
    """Compute everything that the app computes while no key is pressed."""
    while run.prepare(run.position + 1):
        pass


@given(experiments(), st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_a_pass_is_the_same_whether_or_not_its_states_are_cached(problem: Experiment, updates: list[int]) -> None:
    run = Run.start(problem)
    run.train(60)
    for update in (*updates, *updates):
        update = min(update, run.reached)
        fresh = Run.start(problem)
        fresh.goto(update - 1)
        trace = run.trace(update)
        assert trace_bits(trace) == trace_bits(fresh.trace(update))
        run.release(trace)


def test_a_wide_network_has_the_states_of_twelve_passes_on_either_side() -> None:
    state = State(np.empty((3, parameter_count(WIDE))), WIDE)
    assert DEFAULT_LIMITS.nearby_capacity(state) == 25
    assert 25 * state.array.nbytes <= DEFAULT_LIMITS.max_nearby_bytes


def test_ten_updates_back_and_forth_take_one_pass_each(passes: list[int]) -> None:
    run = Run.start(small_experiment(), wide_limits())
    for update in range(1, 25):
        run.release(run.trace(update))
    for update in (14, 24, 25, 15, 25, 26, 16, 15, 14, 13):
        passes.clear()
        run.release(run.trace(update))
        assert len(passes) <= 1, update


@pytest.mark.parametrize("place", [16, 31, 200, 333, 1000])
def test_the_passes_before_the_position_are_computed_ahead(passes: list[int], place: int) -> None:
    run = Run.start(small_experiment(), wide_limits())
    run.train(1000)
    run.release(run.trace(place))
    prepare_all(run)
    passes.clear()
    run.release(run.trace(place - 10))
    assert passes == [place - 10]
    prepare_all(run)
    if place > 20:
        passes.clear()
        run.release(run.trace(place - 20))
        assert passes == [place - 20]


def test_the_last_updates_of_a_long_run_take_a_short_replay(passes: list[int]) -> None:
    run = Run.start(small_experiment(), wide_limits())
    run.train(1000)
    passes.clear()
    run.goto(990)
    assert len(passes) <= WIDE_KEYFRAME_EVERY


def test_the_states_take_no_more_bytes_than_allowed() -> None:
    limits = wide_limits()
    run = Run.start(small_experiment(), limits)
    rng = np.random.default_rng(3)
    for number in range(60):
        if number % 3:
            run.train(int(rng.integers(0, 40)))
        else:
            run.release(run.trace(1 + run.reached))
        prepare_all(run)
        run.goto(int(rng.integers(0, run.reached)))
        assert run.states.nbytes <= limits.max_keyframe_bytes + limits.max_nearby_bytes
    run.release_buffers()
    assert run.states.nbytes <= 2 * limits.max_keyframe_bytes


def test_a_few_states_are_cached_however_large_they_are() -> None:
    tight = CacheLimits(max_keyframe_bytes=1, max_nearby_bytes=1, max_trace_bytes=1)
    run, other = Run.start(small_experiment(), tight), Run.start(small_experiment())
    run.train(300)
    other.train(200)
    assert bits(run.state_after(200)) == bits(other.state)
    keyframes, nearby = run.states.snapshot()
    assert 1 <= len(keyframes) <= MIN_KEYFRAMES
    assert 1 <= len(nearby) <= MIN_NEARBY


@pytest.mark.parametrize("trained", [1, 2, 5])
def test_an_edited_state_does_not_replace_the_state_that_led_to_it(trained: int) -> None:
    run = Run.start(small_experiment())
    run.train(20)
    state = run.engine.copy_state(run.state_after(10))
    state.weights[0][0, 0] += 1.0
    new = run.edited(10, small_experiment(), Change("text", "weight"), state)
    new.train(trained)
    new.goto(10)
    for update in (11, 10, 9, 10, 11):
        in_new, in_old = new.trace(update), run.trace(update)
        if update <= 10:
            assert trace_bits(in_new) == trace_bits(in_old)
        else:
            assert bits(in_new.before) == bits(state)
        new.release(in_new)
        run.release(in_old)


def test_a_truncated_cache_holds_the_states_up_to_its_end() -> None:
    state = Engine(small_experiment()).initial_state()
    cache = StateCache(4)
    for update in (4, 8, 12):
        cache.add_keyframe(update, state)
    for update in (6, 7, 9):
        cache.add_nearby(update, state)
    keyframes, nearby = cache.truncated(8).snapshot()
    assert (sorted(keyframes), sorted(nearby)) == ([4, 8], [6, 7])
    assert cache.get(12) is state


def test_passes_shown_last_are_not_computed_again(passes: list[int]) -> None:
    run = Run.start(load_experiment(find_preset("digits")))
    first = run.trace(1)
    run.release(run.trace(2))
    passes.clear()
    assert run.trace(1) is first
    run.release(run.trace(2))
    assert not passes


def test_a_trace_cache_holds_the_traces_used_last() -> None:
    run = Run.start(small_experiment())
    cache = TraceCache(CacheLimits(max_traces=3))
    for update in range(1, 6):
        cache.add(run.trace(update))
    assert [update in cache for update in range(1, 6)] == [False, False, True, True, True]
    assert cache.get(3) is not None
    cache.add(run.trace(6))
    assert [update in cache for update in range(1, 7)] == [False, False, True, False, True, True]


def test_a_trace_cache_holds_no_trace_that_is_too_large() -> None:
    run = Run.start(small_experiment())
    cache = TraceCache(CacheLimits(max_trace_bytes=1000))
    cache.add(run.trace(1))
    assert not cache.fits
    assert 1 not in cache
