"""What a run keeps at hand: how many passes it takes to be somewhere, how many bytes that costs, and the same bits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.run import run as timeline
from nn_tui.core.run import state_cache as cache
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from tests._reference import experiment
from tests.core.run.test_run import bits, problems

WIDE = (784, 512, 512, 10)


def problem() -> Experiment:
    return experiment(sizes=(2, 8, 3), rows=8, optimizer="adam", batch_size=3, shuffle=True)


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> Experiment:
    """A small problem under limits that give it as many states as 784-512-512-10 with Adam has."""
    found = problem()
    nbytes = Engine(found).initial_state().array.nbytes
    real = 3 * 8 * parameter_count(WIDE)
    monkeypatch.setattr(timeline, "SMALL", 0)
    for name in ("KEYFRAME_BYTES", "NEARBY_BYTES"):
        monkeypatch.setattr(cache, name, getattr(cache, name) // real * nbytes)
    return found


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the passes that any engine has computed."""
    found: list[int] = []
    original = Engine.passes

    def counted(self: Engine, before: State, update: int, known: State | None = None) -> Iterator[Trace]:
        for trace in original(self, before, update, known):
            found.append(trace.update)
            yield trace

    monkeypatch.setattr(Engine, "passes", counted)
    return found


def rest(run: Run) -> None:
    """What is computed while no key is pressed."""
    while run.prepare(run.position + 1):
        pass


def everything(trace: Trace) -> list[bytes]:
    arrays = (*trace.computed, trace.x, trace.y, trace.before.array, trace.after.array)
    return [*(array.tobytes() for array in arrays), np.array([trace.loss, trace.penalty]).tobytes()]


@given(problems(), st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_a_pass_is_the_same_whether_the_state_after_it_was_known_or_not(problem: Experiment, visits: list[int]) -> None:
    run = Run.start(problem)
    run.train(60)
    for update in (*visits, *visits):
        update = min(update, run.reached)
        fresh = Run.start(problem)
        fresh.goto(update - 1)
        shown, computed = run.trace(update), fresh.trace(update)
        assert everything(shown) == everything(computed)
        run.release(shown)


def test_the_wide_network_has_all_states_of_twelve_passes_on_either_side() -> None:
    state = State(np.empty((3, parameter_count(WIDE))), WIDE)
    assert cache.room(state) == 25
    assert cache.room(state) * state.array.nbytes <= cache.NEARBY_BYTES


def test_scrubbing_ten_back_and_on_takes_one_pass_each(wide: Experiment, passes: list[int]) -> None:
    run = Run.start(wide)
    for update in range(1, 25):
        run.release(run.trace(update))
    for update in (14, 24, 25, 15, 25, 26, 16, 15, 14, 13):
        passes.clear()
        run.release(run.trace(update))
        assert len(passes) <= 1, update


@pytest.mark.parametrize("place", [16, 31, 200, 333, 1000])
def test_after_a_rest_the_passes_behind_are_near(wide: Experiment, passes: list[int], place: int) -> None:
    run = Run.start(wide)
    run.train(1000)
    run.release(run.trace(place))
    rest(run)
    passes.clear()
    run.release(run.trace(place - 10))
    assert passes == [place - 10]
    rest(run)
    if place > 20:
        passes.clear()
        run.release(run.trace(place - 20))
        assert passes == [place - 20]


def test_the_end_of_a_long_run_is_at_most_a_keyframe_away(wide: Experiment, passes: list[int]) -> None:
    run = Run.start(wide)
    run.train(1000)
    passes.clear()
    run.goto(990)
    assert len(passes) <= timeline.OFTEN


def test_the_states_stay_within_their_bytes(wide: Experiment) -> None:
    run = Run.start(wide)
    rng = np.random.default_rng(3)
    for number in range(60):
        run.train(int(rng.integers(0, 40))) if number % 3 else run.release(run.trace(1 + run.reached))
        rest(run)
        run.goto(int(rng.integers(0, run.reached)))
        assert run.states.nbytes <= cache.KEYFRAME_BYTES + cache.NEARBY_BYTES
    run.rest()
    assert run.states.nbytes <= 2 * cache.KEYFRAME_BYTES


def test_every_limit_is_in_bytes_but_a_few_states_are_always_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEYFRAME_BYTES", "NEARBY_BYTES", "PASSES_BYTES"):
        monkeypatch.setattr(cache, name, 1)
    run, other = Run.start(problem()), Run.start(problem())
    run.train(300)
    other.train(200)
    assert bits(run.state_after(200)) == bits(other.state)
    keyframes, nearby = run.states.copies()
    assert len(keyframes) <= 4 and len(nearby) <= cache.FEWEST


@pytest.mark.parametrize("trained", [1, 2, 5])
def test_after_an_edit_the_state_that_it_replaced_is_not_taken_for_the_one_it_made(trained: int) -> None:
    run = Run.start(problem())
    run.train(20)
    state = run.engine.copy_state(run.state_after(10))
    state.weights[0][0, 0] += 1.0
    new = run.edited(10, problem(), "weight", state)
    new.train(trained)
    new.goto(10)
    for update in (11, 10, 9, 10, 11):
        kept = new.trace(update)
        old = run.trace(update)
        if update <= 10:
            assert everything(kept) == everything(old)
        else:
            assert bits(kept.before) == bits(state)
        new.release(kept)
        run.release(old)
