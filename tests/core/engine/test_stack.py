"""Stacks of networks against the same networks trained one after another: every bit, and where each one stops."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.stack import train_stack
from nn_tui.core.engine.stack_plan import can_stack
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from tests._edits import bits
from tests._reference import experiment
from tests.core.run._runs import assert_same, stacks, train_singly, with_rate


@given(stacks(), st.integers(0, 12))
def test_a_stack_gives_the_bits_of_single_runs(networks: list[Experiment], updates: int) -> None:
    for network, result in zip(networks, train_stack(networks, updates), strict=True):
        assert_same(result, train_singly(network, updates))


def test_a_network_that_diverges_leaves_the_others_alone() -> None:
    rates = (0.1, 1e20, 0.2, 1e40, 1e80)
    networks = [
        with_rate(experiment(sizes=(3, 4, 2), seed=seed, optimizer="momentum", l2=0.1), rate)
        for seed, rate in enumerate(rates)
    ]
    assert can_stack(networks)
    results = train_stack(networks, 40)
    assert [result.diverged for result in results] == [False, True, False, True, True]
    assert len({result.updates for result in results}) == 4, "each one stops at an update of its own"
    for network, result in zip(networks, results, strict=True):
        assert_same(result, train_singly(network, 40))


def test_starts_may_be_given_and_the_training_can_be_stopped() -> None:
    networks = [experiment(seed=seed, optimizer="adam") for seed in range(3)]
    starts = [train_singly(network, 0).state for network in networks]
    for start in starts:
        start.weights[0][0, 0] = 7.0
    done: list[int] = []
    asked = iter([False] * 4 + [True] * 99)
    results = train_stack(networks, 50, starts=starts, should_stop=lambda: next(asked), progress=done.append)
    assert [result.updates for result in results] == [4, 4, 4] and done == [3, 6, 9, 12]
    for network, start, result in zip(networks, starts, results, strict=True):
        run = Run.start(network)
        run = run.edited(0, network, Change("start"), start)
        run.train(4)
        assert bits(result.state) == bits(run.state)


def test_a_network_has_diverged_also_if_the_others_are_stopped_later() -> None:
    networks = [
        with_rate(experiment(optimizer="momentum", l2=0.1, seed=index), 10.0 ** (20 * index)) for index in (0, 1, 0)
    ]
    done: list[int] = []
    results = train_stack(networks, 40, should_stop=lambda: bool(done) and done[-1] >= 60, progress=done.append)
    assert_same(results[1], train_singly(networks[1], 40))
    assert results[1].diverged and results[0].updates == results[2].updates < 40
    assert done[-1] == sum(result.updates for result in results)
