"""Tests of programs for NumPy: they go on with a training, bit by bit as the engine does, but for rounding."""

from __future__ import annotations

import itertools
from typing import Literal

import pytest

from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.preset.loader import open_experiment, preset_ids
from nn_tui.core.spec import WarmupSpec
from tests._reference import COMBINATIONS, SETTINGS, Combination, Setting, experiment, in_setting, scheduled
from tests.core.program._scripts import assert_same_losses

CASES = tuple(zip(COMBINATIONS, itertools.cycle(OPTIMIZERS), itertools.cycle(SETTINGS), strict=False))


@pytest.mark.parametrize("name", preset_ids())
def test_every_preset_goes_on_with_the_same_losses(name: str) -> None:
    assert_same_losses(open_experiment(name), after=(2,), updates=3)


@pytest.mark.parametrize(("combination", "optimizer", "setting"), CASES, ids=lambda value: getattr(value, "id", None))
def test_every_activation_and_loss(combination: Combination, optimizer: str, setting: Setting) -> None:
    assert_same_losses(in_setting(combination, setting, optimizer, shuffle=True))


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        ("sgd", ()),
        ("momentum", (("momentum", 0.5),)),
        ("nesterov", (("momentum", 0.5),)),
        ("adagrad", (("eps", 1e-3),)),
        ("rmsprop", (("alpha", 0.8), ("eps", 1e-3))),
        ("adam", (("beta1", 0.5), ("beta2", 0.9), ("eps", 1e-3))),
        ("adamw", (("beta1", 0.5), ("beta2", 0.9), ("eps", 1e-3), ("weight_decay", 0.3))),
        ("nadam", (("beta1", 0.5), ("beta2", 0.9), ("eps", 1e-3), ("momentum_decay", 0.1))),
    ],
)
def test_every_optimizer_with_its_options_and_frozen_parameters(
    optimizer: str, options: tuple[tuple[str, float], ...]
) -> None:
    assert_same_losses(
        experiment(
            sizes=(3, 4, 3, 2),
            optimizer=optimizer,
            options=options,
            batch_size=2,
            frozen_weights=(1,),
            frozen_biases=(0, 2),
        )
    )


@pytest.mark.parametrize(("l1", "l2"), [(0.02, 0.0), (0.0, 0.1), (0.02, 0.1)])
def test_penalties(l1: float, l2: float) -> None:
    assert_same_losses(experiment(optimizer="adam", batch_size=2, l1=l1, l2=l2))


@pytest.mark.parametrize("warmup", [None, WarmupSpec(0.1, 5)])
@pytest.mark.parametrize("per", ["update", "epoch"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules(name: str, per: Literal["update", "epoch"], warmup: WarmupSpec | None) -> None:
    assert_same_losses(scheduled(name, per, warmup, "sgd"), updates=12)


@pytest.mark.parametrize("shuffle", [False, True])
def test_the_order_of_the_batches(shuffle: bool) -> None:
    assert_same_losses(experiment(rows=7, batch_size=3, shuffle=shuffle), after=(0, 4), updates=9)
