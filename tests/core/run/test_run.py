"""A run can be visited anywhere, in any order and by any thread, and its bits are always the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment
from tests._reference import COMBINATIONS, RATES, dataset, experiment, numbers

Bits = tuple[bytes, tuple[float, ...]]
# What was in force from an update on, and what was added to the first weight there.
Part = tuple[int, Experiment, float]


def bits(state: State) -> Bits:
    """Everything that a state is, to be compared exactly (NaN and −0 included)."""
    return state.array.tobytes(), (state.steps, *state.scalars)


def picture(trace: Trace) -> tuple[bytes, ...]:
    """Everything that a trace shows, to be compared exactly."""
    arrays: list[Array] = [*trace.computed, trace.x, trace.y, trace.before.array, trace.after.array]
    scalars = np.array([trace.loss, trace.data_loss, trace.penalty, trace.update, trace.epoch, trace.learning_rate])
    return tuple(array.tobytes() for array in [*arrays, scalars])


def truth(parts: list[Part], update: int) -> Bits:
    """The state after ``update`` by plain passes from the start, no buffer used twice."""
    state: State | None = None
    done = 0
    with np.errstate(all="ignore"):
        for index, (start, problem, shift) in enumerate(parts):
            if start > update:
                break
            engine = Engine(problem)
            fresh = engine.initial_state()
            if state is not None:
                fresh.array[...] = state.array
                fresh.steps = state.steps
            fresh.weights[0][0, 0] += shift
            state = fresh
            end = min([update, *(other for other, _, _ in parts[index + 1 :])])
            while done < end:
                done += 1
                state = engine.run(state, done).after
    assert state is not None
    return bits(state)


@st.composite
def problems(draw: st.DrawFn) -> Experiment:
    """Small experiments of every kind, full batches and parts, with and without penalties and frozen layers."""
    sizes = draw(st.sampled_from([(2, 3, 2), (3, 4, 3, 2), (1, 2), (2, 8, 3)]))
    rows = draw(st.integers(1, 9))
    layers = range(len(sizes) - 1)
    return experiment(
        draw(st.sampled_from(COMBINATIONS)),
        sizes,
        rows,
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        batch_size=draw(st.none() | st.integers(1, rows + 1)),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        shuffle=draw(st.booleans()),
        l1=draw(st.sampled_from([0.0, 0.01])),
        l2=draw(st.sampled_from([0.0, 0.1])),
        frozen_weights=tuple(draw(st.sets(st.sampled_from(layers)))),
        frozen_biases=tuple(draw(st.sets(st.sampled_from(layers)))),
        seed=draw(st.integers(0, 3)),
    )


@given(problems(), st.integers(1, 40), st.randoms(use_true_random=False))
def test_stepping_and_full_speed_are_bit_identical(problem: Experiment, updates: int, random: Random) -> None:
    fast, slow = Run.start(problem), Run.start(problem)
    fast.train(updates)
    assert fast.position == fast.reached == updates or fast.divergence
    leased: list[tuple[Trace, tuple[bytes, ...]]] = []
    for update in range(1, fast.position + 1):
        trace = slow.trace(update)
        leased.append((trace, picture(trace)))
        while leased and random.random() < 0.5:
            kept, before = leased.pop(random.randrange(len(leased)))
            assert picture(kept) == before
            slow.release(kept)
    assert bits(slow.state) == bits(fast.state)
    assert all(np.array_equal(one, two, equal_nan=True) for one, two in zip(*map(_points, (slow, fast)), strict=True))
    assert all(picture(trace) == before for trace, before in leased)


def _points(run: Run) -> tuple[Array, Array]:
    return run.losses.points()


@given(problems(), st.lists(st.integers(0, 90), min_size=1, max_size=8))
def test_going_to_any_update_is_bit_identical(problem: Experiment, visits: list[int]) -> None:
    run = Run.start(problem)
    for update in visits:
        assert run.goto(update) == update
        assert run.position == update
        assert bits(run.state) == truth([(0, problem, 0.0)], update)


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["train", "goto", "trace", "release", "rate", "weight", "back"]),
        st.integers(0, 70),
        st.floats(0.5, 2.0),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=80)
@given(problems(), ACTIONS)
def test_any_sequence_of_actions_is_a_replay_from_scratch(
    problem: Experiment, actions: list[tuple[str, int, float]]
) -> None:
    run, parts = Run.start(problem), [(0, problem, 0.0)]
    others: list[tuple[Run, list[Part]]] = []
    leased: list[tuple[Run, Trace, tuple[bytes, ...]]] = []
    for action, number, factor in actions:
        at = min(number, run.reached)
        if action == "train":
            run.train(number % 30)
        elif action == "goto":
            run.goto(number)
        elif action == "trace":
            update = max(1, min(number, run.reached + 1))
            trace = run.trace(update)
            assert trace.update == run.position == update
            assert bits(trace.after) == truth([part for part in parts if part[0] < update], update)
            leased.append((run, trace, picture(trace)))
        elif action == "release" and leased:
            owner, trace, before = leased.pop(number % len(leased))
            assert picture(trace) == before
            owner.release(trace)
        elif action in ("rate", "weight"):
            others.append((run, list(parts)))
            spec = run.experiment.training.optimizer
            changed = run.segment(at).experiment
            state, shift = None, 0.0
            if action == "rate":
                rate = spec.learning_rate * factor
                optimizer = replace(spec, learning_rate=rate)
                changed = replace(changed, training=replace(changed.training, optimizer=optimizer))
            else:
                shift = factor
                run.goto(at)
                state = run.engine.copy_state(run.state)
                state.weights[0][0, 0] += shift
            run = run.edited(at, changed, action, state)
            parts = [*(part for part in parts if part[0] <= at), (at, changed, shift)]
            assert run.position == run.reached == at
        elif action == "back" and others:
            others.append((run, parts))
            run, parts = others.pop(number % len(others))
        assert bits(run.state) == truth(parts, run.position)
        assert len(run.losses) == run.reached
    for _, trace, before in leased:
        assert picture(trace) == before
    for other, then in others:
        other.goto(other.reached // 2)
        assert bits(other.state) == truth(then, other.position)


@given(problems())
def test_the_same_preset_and_seed_give_the_same_numbers_twice(problem: Experiment) -> None:
    one, two = Run.start(problem), Run.start(problem)
    one.train(30)
    two.train(30)
    assert bits(one.state) == bits(two.state)
    assert np.array_equal(one.losses.points()[1], two.losses.points()[1])
    assert list(one.samples) == list(two.samples)


@pytest.mark.parametrize("optimizer", RATES)
def test_far_back_in_a_long_run(optimizer: str) -> None:
    problem = experiment(optimizer=optimizer, batch_size=2, shuffle=True)
    run = Run.start(problem)
    run.train(1500)
    for update in (1499, 1433, 64, 63, 65, 0, 1500, 777):
        run.goto(update)
        assert bits(run.state) == truth([(0, problem, 0.0)], update)


def test_walking_back_one_by_one() -> None:
    problem = experiment(optimizer="adam", batch_size=2, shuffle=True)
    run, straight = Run.start(problem), Run.start(problem)
    states = {0: bits(straight.state)}
    for update in range(1, 201):
        straight.release(straight.trace(update))
        states[update] = bits(straight.state)
    run.train(200)
    for update in range(200, 0, -1):
        trace = run.trace(update)
        assert bits(trace.after) == states[update]
        assert bits(trace.before) == states[update - 1]
        run.release(trace)


def test_a_worker_trains_and_leases_while_another_thread_reads_and_releases() -> None:
    problem = experiment(sizes=(2, 8, 3), rows=8, optimizer="adam", batch_size=3, shuffle=True)
    quiet, run = Run.start(problem), Run.start(problem)
    quiet.train(4000)
    wanted, published = threading.Event(), threading.Event()
    slot: list[Trace] = []
    wanted.set()

    def publish(trace: Trace) -> bool:
        if not wanted.is_set():
            return False
        wanted.clear()
        slot.append(trace)
        published.set()
        return True

    worker = threading.Thread(target=lambda: run.train(4000, publish=publish))
    worker.start()
    held: list[tuple[Trace, tuple[bytes, ...]]] = []
    seen = 0
    while worker.is_alive() or slot:
        if not published.wait(0.2):
            continue
        published.clear()
        trace = slot.pop()
        held.append((trace, picture(trace)))
        seen += 1
        if len(held) > 3:
            old, before = held.pop(seen % 3)
            assert picture(old) == before
            run.release(old)
        wanted.set()
    worker.join()
    assert seen > 3
    assert all(picture(trace) == before for trace, before in held)
    assert run.position == 4000
    assert bits(run.state) == bits(quiet.state)
    for trace, _ in held:
        assert bits(trace.after) == truth([(0, problem, 0.0)], trace.update)


def test_training_can_be_stopped_and_goes_on_where_it_was() -> None:
    problem = experiment(optimizer="momentum")
    run = Run.start(problem)
    calls = 0

    def stop() -> bool:
        nonlocal calls
        calls += 1
        return calls > 20

    run.train(1000, should_stop=stop)
    assert 0 < run.position < 25
    run.train(100 - run.position)
    assert bits(run.state) == truth([(0, problem, 0.0)], 100)


def test_memory_stays_bounded() -> None:
    """Buffers are used again: thousands of passes make a handful of traces."""
    problem = experiment(batch_size=2)
    run = Run.start(problem)
    made: set[int] = set()

    def publish(trace: Trace) -> bool:
        made.add(id(trace))
        return False

    run.train(3000, publish=publish)
    assert len(made) <= 4


def test_an_edit_leaves_the_old_run_alone() -> None:
    problem = experiment(optimizer="adam")
    run = Run.start(problem)
    run.train(40)
    end = bits(run.state)
    spec = replace(problem.training.optimizer, learning_rate=0.5)
    new = run.edited(10, replace(problem, training=replace(problem.training, optimizer=spec)), "rate")
    new.train(30)
    assert bits(new.state) != end
    assert bits(run.state) == end
    assert new.segment(9).label == "start" and new.segment(10).label == "rate"
    assert new.goto(10) == 10 and bits(new.state) == truth([(0, problem, 0.0)], 10)
    assert run.goto(40) == 40 and bits(run.state) == end


def test_an_edit_takes_no_state_of_other_shapes() -> None:
    problem = experiment(optimizer="adam")
    run = Run.start(problem)
    run.train(5)
    training = replace(problem.training, optimizer=experiment(optimizer="rmsprop").training.optimizer)
    with pytest.raises(ValueError, match="does not fit"):
        run.edited(5, replace(problem, training=training), "optimiser")
    with pytest.raises(ValueError, match="does not fit"):
        run.edited(5, problem, "optimiser", Run.start(experiment(optimizer="adam", sizes=(2, 9, 2))).state)


def test_a_trace_given_back_through_another_run_finds_its_own_pool() -> None:
    """The screen releases through the run that it shows, which an edit has just replaced."""
    problem, other = experiment(), experiment(optimizer="adam", sizes=(2, 3, 2))
    run = Run.start(problem)
    run.train(5)
    trace = run.trace(5)
    new = run.edited(2, other, "optimiser", Run.start(other).state)
    new.release(trace)
    new.train(10)
    run.goto(3)
    again = Run.start(problem).edited(0, problem, "same")
    again.train(3)
    assert bits(run.state) == bits(again.state)


def test_where_a_run_cannot_go() -> None:
    run = Run.start(experiment())
    run.train(3)
    with pytest.raises(ValueError, match="numbered from 0"):
        run.goto(-1)
    for update in (0, 5):
        with pytest.raises(ValueError, match="not in this run"):
            run.trace(update)


def test_whole_set_figures() -> None:
    x, y = numbers(1, 6, 2), numbers(2, 6, 2)
    problem = experiment(batch_size=2)
    problem = replace(problem, data=dataset(problem.data.x, problem.data.y, (x, y)))
    run = Run.start(problem)
    run.train(9)
    updates = [sample.update for sample in run.samples]
    assert updates == [0, 3, 6, 9]
    first, *rest = run.samples
    assert first.gradient_norms == () and all(len(sample.gradient_norms) == 2 for sample in rest)
    last = rest[-1]
    trace = run.trace(9)
    assert last.gradient_norms == pytest.approx([np.linalg.norm(dw) for dw in trace.dw])
    assert last.update_ratios == pytest.approx(
        [
            np.linalg.norm(after - before) / np.linalg.norm(before)
            for before, after in zip(trace.before.weights, trace.after.weights, strict=True)
        ]
    )
    assert last.test_loss is not None and last.test_loss != last.train_loss


def test_the_step_is_that_of_the_pass_when_its_buffers_come_again() -> None:
    run = Run.start(load_experiment(find_preset("iris")))
    for update in (*range(1, 9), 3, 4, 3):
        trace = run.trace(update)
        for layer, (before, after) in enumerate(zip(trace.before.weights, trace.after.weights, strict=True)):
            shown = quantity(run.engine, trace, "step_w", layer)
            np.testing.assert_allclose(shown, after - before, rtol=0, atol=1e-15)
        run.release(trace)
        del trace
        run.train(2)
