"""Which networks are trained side by side, and that the others are trained one after another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.engine.stack import train_stack
from nn_tui.core.engine.stack_plan import can_stack, plan_stacks, stack_limit
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.spec import Array
from tests._reference import dataset, experiment
from tests.core.run._runs import assert_same, train_singly


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
