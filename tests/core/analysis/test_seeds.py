"""Tests of many seeds of one experiment: the number of stuck runs, progress, and cancellation."""

from __future__ import annotations

import threading
from collections.abc import Callable
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


def test_starts_side_by_side_have_the_results_of_runs_with_their_seeds() -> None:
    experiment = load_experiment(find_preset("iris"))
    result = train_seeds(experiment, 3, 40)
    for start in result.results:
        run = Run.start(replace(experiment, init_seed=start.seed))
        run.train(40)
        metrics = evaluate(run.engine, run.state, experiment.data.x, experiment.data.y)
        first = next(iter(run.evaluations)).train_loss
        assert metrics is not None
        assert start == SeedResult(start.seed, first, metrics.loss, metrics.accuracy, 40, False)


def train_until(
    stop_when: Callable[[SeedsResult], bool], experiment: Experiment, count: int, updates: int
) -> tuple[SeedsResult, list[SeedsResult]]:
    """Train in a worker thread until a report says to stop; return the result and the reports."""
    stop, reports, results = threading.Event(), list[SeedsResult](), list[SeedsResult]()

    def progress(result: SeedsResult) -> None:
        reports.append(result)
        if stop_when(result):
            stop.set()

    def work() -> None:
        results.append(train_seeds(experiment, count, updates, should_stop=stop.is_set, progress=progress))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(60)
    return results[0], reports


def test_large_networks_are_trained_one_by_one_and_an_interrupted_one_has_no_result() -> None:
    digits = load_experiment(find_preset("digits"))
    large = replace(digits, training=replace(digits.training, batch_size=None))
    result, reports = train_until(lambda result: result.passes == 7, large, 1000, 3)
    assert [start.seed for start in result.results] == [0, 1] and result.requested == 1000
    assert result.stopped_at is None and {start.updates for start in result.results} == {3}
    assert [(len(report.results), report.passes) for report in reports if not report.in_training] == [(1, 3), (2, 6)]
    assert [report.passes for report in reports if report.in_training] == [1, 2, 3, 4, 5, 6, 7]


def test_the_first_starts_side_by_side_have_results_also_if_they_are_interrupted() -> None:
    result, reports = train_until(lambda result: result.passes == 5 * 30, xor_221(), 5, 50)
    assert [start.updates for start in result.results] == [30] * 5 and result.stopped_at == 30
    assert result.results == train_seeds(xor_221(), 5, 30).results
    assert all(report.in_training == 5 and not report.results for report in reports)


def test_later_starts_that_are_interrupted_have_no_results() -> None:
    result, _ = train_until(lambda result: len(result.results) > 0 < result.in_training, xor_221(), 1000, 5)
    assert 1 < len(result.results) < 1000 and result.stopped_at is None
    assert [start.seed for start in result.results] == list(range(len(result.results)))
    assert {start.updates for start in result.results} == {5}


def test_nothing_has_a_result_if_the_training_is_stopped_at_once() -> None:
    assert train_seeds(xor_221(), 5, 20, should_stop=lambda: True) == SeedsResult(5, 20, baseline=0.125)


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
