"""Comparing runs: one thing changed from the same start, and how many of many starts get stuck."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.analysis.seeds import SeedResult, SeedsResult, many_seeds, variant
from nn_tui.core.edits.parser import parse_change
from nn_tui.core.engine.engine import Engine
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.metrics import baseline_loss, evaluate
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from tests._edits import bits, edit, problem, trained


def xor_221() -> Experiment:
    """XOR with two hidden units, where some starts fail."""
    return load_experiment(find_preset("xor-221"))


@pytest.mark.parametrize(
    "text", ["optimizer = adam", "eta = 0.5", "activation 1 = relu", "batch = full", "loss = binary_cross_entropy"]
)
def test_a_variant_starts_from_the_same_weights(text: str) -> None:
    run = trained(problem(), 20)
    other = variant(run, parse_change(text))
    assert other.position == 0 and run.position == 20
    assert np.array_equal(other.state.array[0], run.state_after(0).array[0])
    assert other.experiment.data is run.experiment.data
    other.train(20)
    assert other.segments[-1].label == edit(run, text).segments[-1].label
    assert not np.array_equal(other.state.array[0], run.state.array[0])


def test_a_variant_is_the_run_that_was_so_from_the_first() -> None:
    run = trained(problem(), 20)
    for text, changed in (
        ("seed = 5", replace(run.experiment, init_seed=5)),
        ("l2 = 0.1", replace(run.experiment, training=replace(run.experiment.training, l2=0.1))),
    ):
        other, plain = variant(run, parse_change(text)), Run.start(changed)
        other.train(20)
        plain.train(20)
        assert bits(other.state) == bits(plain.state)
        assert [a.tolist() for a in other.losses.points()] == [a.tolist() for a in plain.losses.points()]
        assert list(other.evaluations) == list(plain.evaluations)


def test_a_variant_keeps_edits_of_the_start_and_leaves_out_later_ones() -> None:
    run = edit(edit(trained(problem(), 5), "w1[1,1] = 2", at=0), "eta = 0.5", at=0)
    run.train(5)
    other = variant(edit(run, "l2 = 0.5"), parse_change("optimizer = adam"))
    assert other.state.weights[0][0, 0] == 2.0 and other.experiment.training.l2 == 0.0
    with pytest.raises(InputError, match="already"):
        variant(run, parse_change("eta = 0.5"))


def test_a_known_share_of_xor_starts_gets_stuck() -> None:
    result = many_seeds(xor_221(), 20, 2000)
    stuck = {each.seed for each in result.stuck}
    assert 0 in stuck and 9 not in stuck  # the two presets: a stuck seed and a good one
    assert 4 <= len(stuck) <= 10
    assert all(each.loss > 0.06 and (each.accuracy or 0.0) < 1.0 for each in result.stuck)
    assert all(each.accuracy == 1.0 for each in result.results if each.seed not in stuck)
    edges, counts = result.histogram(8)
    assert edges.shape == (9,) and counts.sum() == 20
    assert np.all(np.diff(edges) > 0.0)
    assert edges[0] == min(each.loss for each in result.results)


def test_a_start_is_trained_as_any_run_is() -> None:
    experiment = xor_221()
    (found,) = many_seeds(experiment, 1, 50, first=4).results
    run = Run.start(replace(experiment, init_seed=4))
    run.train(50)
    wanted = evaluate(run.engine, run.state, experiment.data.x, experiment.data.y)
    assert wanted is not None
    assert found == SeedResult(4, next(iter(run.evaluations)).train_loss, wanted.loss, wanted.accuracy, 50, False)


def test_progress_comes_after_each_start_and_a_worker_can_be_stopped() -> None:
    seen: list[int] = []
    stop = threading.Event()
    results: list[SeedsResult] = []

    def progress(result: SeedsResult) -> None:
        seen.append(len(result.results))
        if len(result.results) == 3:
            stop.set()

    def work() -> None:
        results.append(many_seeds(xor_221(), 1000, 20, should_stop=stop.is_set, progress=progress))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(60)
    assert seen == [1, 2, 3]
    (result,) = results
    assert [each.seed for each in result.results] == [0, 1, 2] and result.asked == 1000


def test_stopping_in_the_middle_leaves_that_start_out() -> None:
    asked = iter([False] * 30 + [True] * 10)
    result = many_seeds(xor_221(), 5, 20, should_stop=lambda: next(asked))
    assert [each.updates for each in result.results] == [20]


def test_starts_that_diverge_are_counted_apart() -> None:
    result = many_seeds(load_experiment(find_preset("too-fast")), 2, 2000)
    assert len(result.diverged) == 2 and not result.stuck and not result.finite
    assert np.isnan(result.threshold)
    assert result.histogram(4)[1].tolist() == [0, 0, 0, 0]


def test_what_counts_as_stuck() -> None:
    def one(seed: int, loss: float, accuracy: float | None) -> SeedResult:
        return SeedResult(seed, 1.0, loss, accuracy, 10, False)

    result = SeedsResult(4, 10, (one(0, 0.0, 1.0), one(1, 0.19, 0.95), one(2, 0.21, 1.0), one(3, 0.1, 0.8)))
    assert result.threshold == pytest.approx(0.2)
    assert [each.seed for each in result.stuck] == [2, 3]
    edges, counts = result.histogram(3)
    assert edges == pytest.approx([0.0, 0.07, 0.14, 0.21]) and counts.tolist() == [1, 1, 2]
    worse = SeedsResult(2, 10, (one(0, 1.5, None), one(1, 1.6, None)))
    assert [each.seed for each in worse.stuck] == [1]


def test_where_no_start_learns_anything_all_are_stuck() -> None:
    result = many_seeds(load_experiment(find_preset("vanishing")), 4, 150)
    assert all(0.69 < each.loss < 0.70 for each in result.finite), "ln 2: as good as guessing"
    assert result.constant == pytest.approx(np.log(2.0))
    assert [each.seed for each in result.stuck] == [0, 1, 2, 3]
    assert result.is_capped and result.threshold < 0.69


def test_where_no_start_learns_a_curve_all_are_stuck() -> None:
    experiment = load_experiment(find_preset("sine"))
    assert not many_seeds(experiment, 2, 300).is_capped
    slow = replace(experiment.training.optimizer, learning_rate=1e-9)
    stuck = many_seeds(replace(experiment, training=replace(experiment.training, optimizer=slow)), 2, 5)
    assert stuck.is_capped and len(stuck.stuck) == 2


@pytest.mark.parametrize("name", ["sine", "moons", "iris", "xor", "plane", "autoencoder"])
def test_the_loss_of_the_mean_is_that_of_a_network_that_answers_it(name: str) -> None:
    experiment = load_experiment(find_preset(name))
    data, engine = experiment.data, Engine(experiment)
    state = engine.copy_state(engine.initial_state())
    state.array[0] = 0.0
    mean = data.y.mean(axis=0)
    before = {"identity": lambda: mean, "sigmoid": lambda: np.log(mean / (1.0 - mean)), "softmax": lambda: np.log(mean)}
    state.biases[-1][...] = before[experiment.layers[-1].activation]()
    found = evaluate(engine, state, data.x, data.y)
    assert found is not None and baseline_loss(engine, data.y) == pytest.approx(found.loss)


def test_a_perceptron_has_no_loss_of_the_mean() -> None:
    experiment = load_experiment(find_preset("xor-perceptron"))
    assert baseline_loss(Engine(experiment), experiment.data.y) is None


def test_a_start_that_is_not_drawn_has_no_seeds() -> None:
    with pytest.raises(InputError, match="no weight here is drawn at random"):
        many_seeds(load_experiment(find_preset("mazur")), 3, 10)
