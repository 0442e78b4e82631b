"""Tests of the rows of a sweep: each is the result of the single training with the same settings and seed."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.length import TrainingLength
from nn_tui.core.sweep.grid import Combination, Setting, combinations
from nn_tui.core.sweep.row import start_of
from nn_tui.core.sweep.rows import sweep_rows
from nn_tui.core.sweep.writers import row_json
from nn_tui.tui.cli.main import main

SETTINGS = {
    "eta": ("0.3", "1/3", "0.01", "1e6"),
    "optimizer": ("sgd", "sgd 0.5", "adam", "momentum 0.1"),
    "momentum": ("0.5", "0.9"),
    "batch": ("1", "3", "full"),
    "l2": ("0", "0.01"),
    "units 1": ("1", "2", "5"),
    "activation 1": ("relu", "tanh"),
    "init": ("he_normal", "zeros", "normal std=0.5"),
    "schedule": ("constant", "cosine T_max=20"),
    "shuffle": ("on", "off"),
    "freeze w1": ("",),
    "w1[1,1]": ("0.5",),
    "data seed": ("3",),
    "seed": ("4", "5"),
}


def of_train(preset: str, combination: Combination, *length: str) -> dict[str, Any] | None:
    """Return what ``nn-tui train --json`` prints; None if it fails."""
    words = [word for change in combination.changes for word in ("--set", change)]
    if combination.seed is not None:
        words += ["--seed", str(combination.seed)]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        code = main(["train", preset, *words, *length, "--json"])
    if code:
        return None
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


@given(
    preset=st.sampled_from(["xor", "mazur", "iris", "moons", "sine", "schedule", "overfitting"]),
    names=st.lists(st.sampled_from(sorted(SETTINGS)), unique=True, max_size=3),
    seeds=st.sampled_from([(), (0,), (7, 1)]),
    length=st.sampled_from([("updates", 0), ("updates", 30), ("epochs", 1)]),
    data=st.data(),
)
@settings(max_examples=12, deadline=None)
def test_each_row_is_the_result_of_the_single_training(
    preset: str, names: list[str], seeds: tuple[int, ...], length: tuple[Any, int], data: st.DataObject
) -> None:
    axes = [
        Setting(name, tuple(data.draw(st.lists(st.sampled_from(SETTINGS[name]), unique=True, min_size=1, max_size=2))))
        for name in names
    ]
    grid = combinations(axes, seeds)
    unit, number = length
    rows = list(sweep_rows(open_experiment(preset), grid, TrainingLength(number, unit), jobs=1))
    assert [row.combination for row in rows] == list(grid)
    for row in rows:
        single = of_train(preset, row.combination, f"--{unit}", str(number))
        if single is None:
            assert row.error and row.updates == 0
            continue
        values = row_json(row)
        assert values["error"] is None and values["seed"] == row.seed
        for key in ("updates", "train_loss", "test_loss", "train_accuracy", "test_accuracy", "diverged", "findings"):
            assert values[key] == single[key]


def test_a_combination_that_is_not_valid_does_not_stop_the_others() -> None:
    grid = combinations([Setting("optimizer", ("adam", "momentum")), Setting("momentum", ("0.5",))], (3,))
    first, second = sweep_rows(open_experiment("xor"), grid, 10, jobs=1)
    assert "the optimiser adam has no such option" in first.error and first.train_loss is None
    assert (first.seed, second.seed, second.error, second.updates) == (3, 3, "", 10)


def test_a_divergence_ends_one_row_and_is_no_error() -> None:
    grid = combinations([Setting("eta", ("1e9", "0.001"))])
    first, second = sweep_rows(open_experiment("plane"), grid, 200, jobs=1)
    assert first.diverged and first.updates < 200 and not first.error
    assert not second.diverged and second.updates == 200


def test_a_sweep_that_is_stopped_keeps_the_rows_that_are_complete() -> None:
    grid, seen = combinations([Setting("units 1", ("1", "2", "3", "4"))]), [0.0]
    rows = list(
        sweep_rows(open_experiment("xor"), grid, 5, jobs=1, should_stop=lambda: seen[-1] >= 2.0, progress=seen.append)
    )
    assert [row.combination for row in rows] == list(grid[:2]) and all(row.updates == 5 for row in rows)
    assert seen == sorted(seen) and 0.0 < seen[1] < 1.0 and {1.0, 2.0} <= set(seen)


def test_networks_of_one_shape_are_trained_side_by_side_with_the_same_bits() -> None:
    """Among them are runs that diverge, that are not valid, and that have another shape."""
    experiment = open_experiment("plane")
    settings = [Setting("eta", ("0.1", "1e9", "0.01")), Setting("units 9", ("1",))]
    grid = (*combinations(settings[:1], (1, 2)), *combinations(settings), *combinations([Setting("l2", ("0.1",))]))
    together = list(sweep_rows(experiment, grid, 60, jobs=1))
    alone = [row for combination in grid for row in sweep_rows(experiment, [combination], 60, jobs=1)]
    assert together == alone
    assert {row.diverged for row in together if not row.error} == {True, False}


def test_the_start_of_a_row_can_be_opened() -> None:
    combination = Combination((("units 1", "3"), ("eta", "0.2")), 5)
    run = start_of(open_experiment("xor"), combination)
    assert run.experiment.sizes == (2, 3, 1) and run.experiment.training.optimizer.learning_rate == 0.2
    assert (run.experiment.seed, run.experiment.init_seed) == (5, 5)
    with pytest.raises(InputError, match=r"layers\[8\]: there is no such layer"):
        start_of(open_experiment("xor"), Combination((("units 9", "3"),)))
