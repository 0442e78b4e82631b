"""Runs that are trained side by side against the same runs trained alone: every bit of everything they recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.diagnosis.diagnose import diagnose_position
from nn_tui.core.edits.at_start import start_with
from nn_tui.core.engine.stack_plan import can_stack
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.run.train_runs import train_runs
from nn_tui.core.spec import Experiment
from tests._edits import bits
from tests._reference import experiment
from tests.core.run._runs import stacks, with_rate


def assert_same_run(run: Run, alone: Run) -> None:
    assert (run.position, run.reached) == (alone.position, alone.reached)
    assert repr(run.divergence) == repr(alone.divergence), "compared as text, because NaN equals nothing"
    assert bits(run.state) == bits(alone.state)
    for part, expected in zip(run.losses.parts, alone.losses.parts, strict=True):
        np.testing.assert_array_equal(part, expected)
    assert repr(run.evaluations) == repr(alone.evaluations)
    for states, expected_states in zip(run.states.snapshot(), alone.states.snapshot(), strict=True):
        assert {n: bits(state) for n, state in states.items()} == {n: bits(s) for n, s in expected_states.items()}


def trained_alone(start: Run, updates: int) -> Run:
    start.train(updates)
    return start


@given(stacks(), st.integers(0, 12))
def test_runs_side_by_side_record_what_each_records_alone(networks: list[Experiment], updates: int) -> None:
    for run, network in zip(train_runs([Run.start(each) for each in networks], updates), networks, strict=True):
        assert_same_run(run, trained_alone(Run.start(network), updates))


def test_long_runs_have_the_same_curves_keyframes_and_findings() -> None:
    xor = open_experiment("xor-221")
    starts = [replace(xor, init_seed=seed) for seed in (0, 9)]
    for run, start in zip(train_runs([Run.start(each) for each in starts], 9001), starts, strict=True):
        alone = trained_alone(Run.start(start), 9001)
        assert len(alone.losses.parts.minima) > 0, "old losses share buckets"
        assert alone.evaluations.stride > 16
        assert_same_run(run, alone)
        assert diagnose_position(run) == diagnose_position(alone)
        run.train(50)
        alone.train(50)
        assert_same_run(run, alone)


def test_runs_with_a_test_set() -> None:
    iris = open_experiment("iris")
    starts = [replace(iris, init_seed=seed) for seed in (1, 2)]
    for run, start in zip(train_runs([Run.start(each) for each in starts], 50), starts, strict=True):
        assert_same_run(run, trained_alone(Run.start(start), 50))


def test_a_run_with_changed_settings_and_weights_at_its_start() -> None:
    stackable = (("eta = 0.1", "freeze w2"), ("eta = 0.2", "freeze w2", "b1[2] = 1"))
    for changes in (stackable, (*stackable, ("eta = 0.1",))):
        runs = [start_with(Run.start(open_experiment("xor")), each) for each in changes]
        assert can_stack([run.experiment for run in runs]) == (changes == stackable)
        for run, each in zip(train_runs(runs, 30), changes, strict=True):
            assert_same_run(run, trained_alone(start_with(Run.start(open_experiment("xor")), each), 30))


def test_progress_is_reported_and_the_training_can_be_stopped() -> None:
    starts = [Run.start(experiment(seed=seed)) for seed in range(3)]
    asked, done = iter([False] * 5 + [True] * 99), list[int]()
    runs = train_runs(starts, 50, should_stop=lambda: next(asked), progress=done.append)
    assert [run.position for run in runs] == [5, 5, 5] and done == [3, 6, 9, 12, 15]
    assert bits(runs[1].state) == bits(trained_alone(Run.start(experiment(seed=1)), 5).state)
    done.clear()
    (run,) = train_runs(starts[:1], 50, should_stop=lambda: len(done) == 4, progress=done.append)
    assert run.position == 4 and done == [1, 2, 3, 4]


def test_a_run_that_diverges_is_complete_and_counted_once_also_if_the_others_are_stopped() -> None:
    networks = [
        with_rate(experiment(optimizer="momentum", l2=0.1, seed=seed), rate)
        for seed, rate in enumerate((0.1, 1e20, 0.2))
    ]
    for stop_at in (100, 60):
        done = [0]
        runs = train_runs(
            [Run.start(network) for network in networks],
            40,
            should_stop=lambda: done[-1] >= stop_at,
            progress=done.append,
        )
        assert [run.divergence is not None for run in runs] == [False, True, False]
        assert done == sorted(done) and done[-1] == sum(run.position for run in runs)
        assert (runs[0].position == 40) == (stop_at == 100)
        for run, network in zip(runs, networks, strict=True):
            assert_same_run(run, trained_alone(Run.start(network), run.position))
