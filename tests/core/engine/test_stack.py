"""Stacks of networks against the same networks trained one after another: every bit, and where each one stops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.stack import StackResult, can_stack, plan_stacks, stack_limit, train_stack
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment
from tests._edits import bits
from tests._reference import dataset, experiment
from tests.core.run._runs import stacks, with_rate


def train_singly(experiment: Experiment, updates: int) -> StackResult:
    """Train one network as ``nn-tui train`` does."""
    run = Run.start(experiment)
    run.train(updates)
    return StackResult(run.state, run.position, run.divergence is not None)


def assert_same(result: StackResult, expected: StackResult) -> None:
    assert (result.updates, result.diverged) == (expected.updates, expected.diverged)
    assert bits(result.state) == bits(expected.state)


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


def test_networks_in_which_nothing_or_something_else_differs() -> None:
    first = experiment(sizes=(2, 3, 2), rows=5)
    other_layers = experiment(sizes=(2, 4, 2), rows=5)
    assert can_stack([first, experiment(sizes=(2, 3, 2), rows=5, seed=1)])
    assert not can_stack([first]) and not can_stack([])
    for other in (
        other_layers,
        experiment(sizes=(2, 3, 2), rows=6),
        experiment(sizes=(2, 3, 2), rows=5, l2=0.1),
        experiment(sizes=(2, 3, 2), rows=5, optimizer="adam"),
        experiment(sizes=(2, 3, 2), rows=5, batch_size=2),
        experiment(sizes=(2, 3, 2), rows=5, frozen_weights=(0,)),
    ):
        assert not can_stack([first, other])
        assert plan_stacks([first, other, first, other]) == ((0, 2), (1, 3))
        for network, result in zip([first, other], train_stack([first, other], 3), strict=True):
            assert_same(result, train_singly(network, 3))


def test_large_networks_are_trained_one_after_another() -> None:
    large = load_experiment(find_preset("digits"))
    large = replace(large, training=replace(large.training, batch_size=None))
    assert stack_limit(large) == 1
    assert plan_stacks([large, large]) == ((0,), (1,))


def test_networks_share_large_data_or_are_trained_one_after_another() -> None:
    data = [dataset(np.ones((20_000, 4)), np.full((20_000, 2), value)) for value in (0.0, 1.0)]
    first = replace(experiment(sizes=(4, 3, 2), batch_size=8, shuffle=True), data=data[0])
    other_order, other_data = replace(first, seed=1), replace(first, data=data[1])
    assert plan_stacks([first, other_data, other_order]) == ((0, 2), (1,))
    for network, result in zip([first, other_order], train_stack([first, other_order], 4), strict=True):
        assert_same(result, train_singly(network, 4))


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


@pytest.mark.parametrize("of_losses", [False, True], ids=["products of a pass", "losses"])
def test_networks_are_not_stacked_where_products_of_stacks_have_other_bits(
    monkeypatch: pytest.MonkeyPatch, of_losses: bool
) -> None:
    matmul = np.matmul

    def rounded_otherwise(a: Array, b: Array, out: Array | None = None) -> Array:
        product: Array = matmul(a, b, out)
        if (out is None) == of_losses:  # a pass writes to its own arrays
            product *= 1.0 + 2.0**-52
        return product

    networks = [experiment(seed=seed) for seed in range(2)]
    assert can_stack(networks)
    monkeypatch.setattr(np, "matmul", rounded_otherwise)
    assert not can_stack(networks) and plan_stacks(networks) == ((0,), (1,))
    for network, result in zip(networks, train_stack(networks, 5), strict=True):
        assert_same(result, train_singly(network, 5))


def test_a_network_has_diverged_also_if_the_others_are_stopped_later() -> None:
    networks = [
        with_rate(experiment(optimizer="momentum", l2=0.1, seed=index), 10.0 ** (20 * index)) for index in (0, 1, 0)
    ]
    done: list[int] = []
    results = train_stack(networks, 40, should_stop=lambda: bool(done) and done[-1] >= 60, progress=done.append)
    assert_same(results[1], train_singly(networks[1], 40))
    assert results[1].diverged and results[0].updates == results[2].updates < 40
    assert done[-1] == sum(result.updates for result in results)
