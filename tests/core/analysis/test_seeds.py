"""Tests of many seeds of one experiment: the number of stuck runs, progress, and cancellation."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.analysis.seeds import SeedResult, SeedsResult, train_seeds
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment


def xor_221() -> Experiment:
    """Return XOR with two hidden units, for which some seeds fail."""
    return load_experiment(find_preset("xor-221"))


def test_some_starts_of_a_small_xor_network_get_stuck() -> None:
    result = train_seeds(xor_221(), 20, 2000)
    stuck = {start.seed for start in result.stuck}
    assert 0 in stuck and 9 not in stuck  # the two presets: a stuck seed and a good one
    assert 4 <= len(stuck) <= 10
    assert all(start.loss > 0.06 and (start.accuracy or 0.0) < 1.0 for start in result.stuck)
    assert all(start.accuracy == 1.0 for start in result.results if start.seed not in stuck)
    edges, counts = result.histogram(8)
    assert edges.shape == (9,) and counts.sum() == 20
    assert np.all(np.diff(edges) > 0.0)
    assert edges[0] == min(start.loss for start in result.results)


def test_a_start_has_the_result_of_a_run_with_its_seed() -> None:
    experiment = xor_221()
    (result,) = train_seeds(experiment, 1, 50, first=4).results
    run = Run.start(replace(experiment, init_seed=4))
    run.train(50)
    metrics = evaluate(run.engine, run.state, experiment.data.x, experiment.data.y)
    assert metrics is not None
    assert result == SeedResult(4, next(iter(run.evaluations)).train_loss, metrics.loss, metrics.accuracy, 50, False)


def test_a_start_of_a_regression_has_its_r2() -> None:
    experiment = load_experiment(find_preset("sine"))
    (result,) = train_seeds(experiment, 1, 30, first=4).results
    run = Run.start(replace(experiment, init_seed=4))
    run.train(30)
    metrics = evaluate(run.engine, run.state, experiment.data.x, experiment.data.y)
    assert metrics is not None and metrics.r2 is not None
    assert (result.accuracy, result.r2) == (None, metrics.r2)


def test_progress_is_reported_after_each_start_and_a_worker_can_be_stopped() -> None:
    seen: list[int] = []
    stop = threading.Event()
    results: list[SeedsResult] = []

    def progress(result: SeedsResult) -> None:
        seen.append(len(result.results))
        if len(result.results) == 3:
            stop.set()

    def work() -> None:
        results.append(train_seeds(xor_221(), 1000, 20, should_stop=stop.is_set, progress=progress))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(60)
    assert seen == [1, 2, 3]
    (result,) = results
    assert [start.seed for start in result.results] == [0, 1, 2] and result.requested == 1000


def test_an_interrupted_start_has_no_result() -> None:
    asked = iter([False] * 30 + [True] * 10)
    result = train_seeds(xor_221(), 5, 20, should_stop=lambda: next(asked))
    assert [start.updates for start in result.results] == [20]


def test_starts_that_diverge_do_not_count_as_stuck() -> None:
    result = train_seeds(load_experiment(find_preset("too-fast")), 2, 2000)
    assert len(result.diverged) == 2 and not result.stuck and not result.finite
    assert np.isnan(result.threshold)
    assert result.histogram(4)[1].tolist() == [0, 0, 0, 0]


def test_a_start_is_stuck_by_its_loss_or_its_accuracy() -> None:
    def one(seed: int, loss: float, accuracy: float | None) -> SeedResult:
        return SeedResult(seed, 1.0, loss, accuracy, 10, False)

    result = SeedsResult(4, 10, (one(0, 0.0, 1.0), one(1, 0.19, 0.95), one(2, 0.21, 1.0), one(3, 0.1, 0.8)))
    assert result.threshold == pytest.approx(0.2)
    assert [start.seed for start in result.stuck] == [2, 3]
    edges, counts = result.histogram(3)
    assert edges == pytest.approx([0.0, 0.07, 0.14, 0.21]) and counts.tolist() == [1, 1, 2]
    worse = SeedsResult(2, 10, (one(0, 1.5, None), one(1, 1.6, None)))
    assert [start.seed for start in worse.stuck] == [1]


def test_all_starts_are_stuck_if_none_beats_the_baseline() -> None:
    result = train_seeds(load_experiment(find_preset("vanishing")), 4, 150)
    assert all(0.69 < start.loss < 0.70 for start in result.finite), "ln 2: as good as guessing"
    assert result.baseline == pytest.approx(np.log(2.0))
    assert [start.seed for start in result.stuck] == [0, 1, 2, 3]
    assert result.is_capped and result.threshold < 0.69


def test_all_starts_of_a_regression_are_stuck_if_none_beats_the_baseline() -> None:
    experiment = load_experiment(find_preset("sine"))
    assert not train_seeds(experiment, 2, 300).is_capped
    slow = replace(experiment.training.optimizer, learning_rate=1e-9)
    stuck = train_seeds(replace(experiment, training=replace(experiment.training, optimizer=slow)), 2, 5)
    assert stuck.is_capped and len(stuck.stuck) == 2


def test_an_experiment_without_random_weights_is_rejected() -> None:
    with pytest.raises(InputError, match="no weight of this network is random"):
        train_seeds(load_experiment(find_preset("mazur")), 3, 10)
