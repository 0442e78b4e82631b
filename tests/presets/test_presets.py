"""Check the claims of the shipped presets: their [expect] tables and their notes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.engine.engine import Engine
from nn_tui.core.preset.loader import find_preset, load_experiment, shipped_presets
from nn_tui.core.run.metrics import evaluate, run_forward
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Preset

PRESETS = shipped_presets()


def _trained(preset: Preset, updates: int | None = None, seed: int | None = None) -> Run:
    run = Run.start(load_experiment(preset, seed))
    assert preset.expect is not None
    run.goto(preset.expect.updates if updates is None else updates)
    return run


def _figures(run: Run) -> tuple[float, float | None]:
    """Return mean loss, without the penalty, and accuracy on the whole training set."""
    experiment = run.experiment
    mean = replace(experiment, training=replace(experiment.training, reduction="mean"))
    metrics = evaluate(Engine(mean), run.state, experiment.data.x, experiment.data.y)
    assert metrics is not None
    return metrics.loss, metrics.accuracy


def _hidden(run: Run, update: int) -> tuple[list[Array], Array]:
    """Return z of every layer and the predictions for the training set after ``update``."""
    z, _, prediction = run_forward(run.engine, run.state_after(update), run.experiment.data.x)
    return z, prediction


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_a_shipped_preset_meets_its_expectations(preset: Preset) -> None:
    expect = preset.expect
    assert expect is not None, "every shipped preset has an [expect]"
    run = _trained(preset)
    assert (run.divergence is not None) == expect.diverges
    if expect.diverges:
        return
    loss, accuracy = _figures(run)
    checks = []
    if expect.loss_below is not None:
        checks.append(loss < expect.loss_below)
    if expect.loss_above is not None:
        checks.append(loss > expect.loss_above)
    if expect.accuracy_at_least is not None:
        assert accuracy is not None
        checks.append(accuracy >= expect.accuracy_at_least)
    if expect.accuracy_at_most is not None:
        assert accuracy is not None
        checks.append(accuracy <= expect.accuracy_at_most)
    assert checks, "an [expect] without a bound"
    assert all(checks), f"loss {loss}, accuracy {accuracy}"


def test_the_preset_that_opens_first_learns_from_every_seed() -> None:
    for seed in range(20):
        loss, accuracy = _figures(_trained(find_preset("xor"), seed=seed))
        assert loss < 0.01 and accuracy == 1.0, seed


def test_iris_passes_95_percent_within_a_few_hundred_updates_from_any_seed() -> None:
    for seed in range(5):
        _, accuracy = _figures(_trained(find_preset("iris"), 300, seed))
        assert accuracy is not None and accuracy > 0.95, seed


def test_every_unit_of_the_dying_relu_dies_and_was_alive() -> None:
    run = _trained(find_preset("dying-relu"))
    assert (_hidden(run, 0)[0][0].max(axis=0) > 0).all()
    assert (_hidden(run, 5)[0][0].max(axis=0) <= 0).all()
    assert (_hidden(run, 200)[0][0].max(axis=0) <= 0).all()


def test_zero_weights_keep_the_hidden_units_equal() -> None:
    weights = _trained(find_preset("xor-zeros")).state.weights[0]
    assert abs(weights[0]).max() > 0.1
    assert abs(weights - weights[0]).max() < 1e-9


def test_the_stuck_seed_stays_stuck_with_two_predictions_at_one_half() -> None:
    run = _trained(find_preset("xor-221-stuck"), 6000)
    distances = sorted(abs(_hidden(run, 6000)[1][:, 0] - 0.5))
    assert distances[1] < 0.01
    assert distances[2] > 0.4


def test_the_gradient_vanishes_with_sigmoids_and_not_with_relu() -> None:
    ratios = {}
    for name in ("vanishing", "vanishing-relu"):
        run = _trained(find_preset(name), 0)
        trace = run.trace(1)
        norms = [float((dw**2).sum() ** 0.5) for dw in trace.dw]
        ratios[name] = max(norms) / min(norms)
        run.release(trace)
    assert ratios["vanishing"] > 1000
    assert ratios["vanishing-relu"] < 6


def test_the_vanishing_twins_differ_in_nothing_else() -> None:
    sigmoid, relu = find_preset("vanishing"), find_preset("vanishing-relu")
    assert (sigmoid.data, sigmoid.training, sigmoid.seed) == (relu.data, relu.training, relu.seed)
    assert [layer.units for layer in sigmoid.layers] == [layer.units for layer in relu.layers]


def test_the_ravines_differ_in_the_optimiser_alone() -> None:
    ravines = [preset for preset in PRESETS if preset.id.startswith("ravine-")]
    assert len({(each.data, each.layers, each.seed) for each in ravines}) == 1
    assert len({each.training.optimizer.name for each in ravines}) == 4


def test_the_full_batch_stays_in_the_local_minimum_and_single_samples_leave_it() -> None:
    full, single = find_preset("local-minimum-full"), find_preset("local-minimum-single")
    assert full.training == replace(single.training, batch_size=None)
    assert (full.data, full.layers) == (single.data, single.layers)
    run = _trained(full, 2000)
    trace = run.trace(2000)
    terms = trace.dz[0] * trace.x
    assert abs(trace.dw[0]).max() < 1e-9 and abs(terms).max() > 0.01
    assert _figures(run)[0] > 0.1
    for seed in range(30):
        assert _figures(_trained(single, seed=seed))[0] < 0.05, seed


def test_the_penalty_leaves_only_the_squares() -> None:
    run = _trained(find_preset("features"))
    weights = dict(zip(run.experiment.data.input_names, run.state.weights[0][0], strict=True))
    large = {name for name, weight in weights.items() if abs(weight) > 1}
    assert large == {"x1^2", "x2^2"}
    assert max(abs(weight) for name, weight in weights.items() if name not in large) < 0.1


def test_the_hidden_code_of_the_autoencoder_separates_all_patterns() -> None:
    run = _trained(find_preset("autoencoder"))
    z = _hidden(run, 1000)[0][0]
    codes = 1 / (1 + pow(2.718281828459045, -z))
    gaps = [abs(codes[i] - codes[j]).max() for i in range(8) for j in range(i)]
    assert min(gaps) > 0.2


def test_too_fast_is_the_plane_with_another_learning_rate() -> None:
    plane, fast = find_preset("plane"), find_preset("too-fast")
    assert (plane.data, plane.layers, plane.seed) == (fast.data, fast.layers, fast.seed)
    rate = fast.training.optimizer.learning_rate
    assert fast.training == replace(plane.training, optimizer=replace(plane.training.optimizer, learning_rate=rate))


def test_too_slow_is_the_plane_with_another_learning_rate() -> None:
    plane, slow = find_preset("plane"), find_preset("too-slow")
    assert (plane.data, plane.layers, plane.seed) == (slow.data, slow.layers, slow.seed)
    rate = slow.training.optimizer.learning_rate
    assert slow.training == replace(plane.training, optimizer=replace(plane.training.optimizer, learning_rate=rate))
    # The figures in its notes.
    run = _trained(slow, 1000)
    losses = [evaluation.train_loss for evaluation in run.evaluations]
    assert 0.001 < 1 - losses[-1] / losses[0] < 0.0015
    assert _figures(_trained(plane, 20))[0] < 0.011


def test_the_raw_penguins_are_the_penguins_but_for_their_units() -> None:
    good, raw = find_preset("penguins"), find_preset("penguins-raw")
    assert raw.data == replace(good.data, standardize=False)
    assert (raw.layers, raw.training, raw.seed) == (good.layers, good.training, good.seed)
    run = _trained(raw)
    trace = run.trace(300)
    assert abs(trace.z[0]).min() > 100 and not trace.dw[0].any()
    run.release(trace)


def test_weights_that_ignore_the_number_of_inputs_make_delta_grow_about_threefold_a_layer() -> None:
    run = _trained(find_preset("exploding"), 0)
    trace = run.trace(1)
    sizes = [float((dz**2).mean() ** 0.5) for dz in trace.dz[:-1]]
    run.release(trace)
    assert 100 < sizes[0] / sizes[-1] < 1000
    assert all(3 < sizes[layer] / sizes[layer + 1] < 5 for layer in range(len(sizes) - 1))
