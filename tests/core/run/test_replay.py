"""Check that a run returns to any update in any order, with the bits of uninterrupted training."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.trace import Trace
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from tests._edits import bits
from tests._reference import RATES, experiment
from tests.core.run._runs import Part, experiments, reference_bits, trace_bits


@given(experiments(), st.integers(1, 40), st.randoms(use_true_random=False))
def test_stepping_gives_the_bits_of_training(problem: Experiment, updates: int, random: Random) -> None:
    trained, stepped = Run.start(problem), Run.start(problem)
    trained.train(updates)
    assert trained.position == trained.reached == updates
    held: list[tuple[Trace, tuple[bytes, ...]]] = []
    for update in range(1, trained.position + 1):
        trace = stepped.trace(update)
        held.append((trace, trace_bits(trace)))
        while held and random.random() < 0.5:
            one, before = held.pop(random.randrange(len(held)))
            assert trace_bits(one) == before
            stepped.release(one)
    assert bits(stepped.state) == bits(trained.state)
    for mine, others in zip(stepped.losses.points(), trained.losses.points(), strict=True):
        assert np.array_equal(mine, others, equal_nan=True)
    assert all(trace_bits(trace) == before for trace, before in held)


@given(experiments(), st.lists(st.integers(0, 90), min_size=1, max_size=8))
def test_any_update_has_the_bits_of_a_run_from_the_start(problem: Experiment, updates: list[int]) -> None:
    run = Run.start(problem)
    for update in updates:
        assert run.goto(update) == update
        assert run.position == update
        assert bits(run.state) == reference_bits([(0, problem, 0.0)], update)


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
@given(experiments(), ACTIONS)
def test_any_sequence_of_actions_gives_the_bits_of_a_run_from_the_start(
    problem: Experiment, actions: list[tuple[str, int, float]]
) -> None:
    run, parts = Run.start(problem), [(0, problem, 0.0)]
    others: list[tuple[Run, list[Part]]] = []
    held: list[tuple[Run, Trace, tuple[bytes, ...]]] = []
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
            assert bits(trace.after) == reference_bits([part for part in parts if part[0] < update], update)
            held.append((run, trace, trace_bits(trace)))
        elif action == "release" and held:
            owner, trace, before = held.pop(number % len(held))
            assert trace_bits(trace) == before
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
            run = run.edited(at, changed, Change("text", action), state)
            parts = [*(part for part in parts if part[0] <= at), (at, changed, shift)]
            assert run.position == run.reached == at
        elif action == "back" and others:
            others.append((run, parts))
            run, parts = others.pop(number % len(others))
        assert bits(run.state) == reference_bits(parts, run.position)
        assert len(run.losses) == run.reached
    for _, trace, before in held:
        assert trace_bits(trace) == before
    for other, its_parts in others:
        other.goto(other.reached // 2)
        assert bits(other.state) == reference_bits(its_parts, other.position)


@given(experiments())
def test_the_same_preset_and_seed_give_the_same_numbers_twice(problem: Experiment) -> None:
    one, two = Run.start(problem), Run.start(problem)
    one.train(30)
    two.train(30)
    assert bits(one.state) == bits(two.state)
    assert np.array_equal(one.losses.points()[1], two.losses.points()[1])
    assert list(one.evaluations) == list(two.evaluations)


@pytest.mark.parametrize("optimizer", RATES)
def test_updates_far_back_in_a_long_run_are_exact(optimizer: str) -> None:
    problem = experiment(optimizer=optimizer, batch_size=2, shuffle=True)
    run = Run.start(problem)
    run.train(1500)
    for update in (1499, 1433, 64, 63, 65, 0, 1500, 777):
        run.goto(update)
        assert bits(run.state) == reference_bits([(0, problem, 0.0)], update)


def test_going_back_one_update_at_a_time_is_exact() -> None:
    problem = experiment(optimizer="adam", batch_size=2, shuffle=True)
    run, stepped = Run.start(problem), Run.start(problem)
    states = {0: bits(stepped.state)}
    for update in range(1, 201):
        stepped.release(stepped.trace(update))
        states[update] = bits(stepped.state)
    run.train(200)
    for update in range(200, 0, -1):
        trace = run.trace(update)
        assert bits(trace.after) == states[update]
        assert bits(trace.before) == states[update - 1]
        run.release(trace)


def test_the_step_of_a_trace_is_right_when_its_buffers_are_used_again() -> None:
    run = Run.start(load_experiment(find_preset("iris")))
    for update in (*range(1, 9), 3, 4, 3):
        trace = run.trace(update)
        for layer, (before, after) in enumerate(zip(trace.before.weights, trace.after.weights, strict=True)):
            shown = quantity(run.engine, trace, "step_w", layer)
            np.testing.assert_allclose(shown, after - before, rtol=0, atol=1e-15)
        run.release(trace)
        del trace
        run.train(2)
