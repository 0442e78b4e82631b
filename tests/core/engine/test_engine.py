"""One pass: its batch, its quantities, what it does to parameters, and numbers that go wrong."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import input_of, optimizer_of, output_da, prediction, quantity, slope
from nn_tui.core.nn.arrays import split_parameters
from nn_tui.core.nn.optimizer import ParameterState
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.refs import Quantity, QuantityKey, QuantityLike
from nn_tui.core.run.metrics import evaluate, predict
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, LayerSpec, OptimizerSpec, TrainingSpec
from tests._reference import COMBINATIONS, Combination, dataset, experiment, numbers, of

# The batch


@pytest.mark.parametrize(("rows", "batch_size"), [(7, 3), (8, 4), (5, 1), (6, 5)])
@pytest.mark.parametrize("shuffle", [True, False])
def test_an_epoch_is_every_row_once_and_a_smaller_last_batch_is_its_own_update(
    rows: int, batch_size: int, shuffle: bool
) -> None:
    problem = experiment(rows=rows, batch_size=batch_size, shuffle=shuffle)
    run = Run.start(problem)
    per_epoch = math.ceil(rows / batch_size)
    orders = []
    for epoch in range(1, 4):
        order: list[int] = []
        for slot in range(per_epoch):
            trace = run.trace((epoch - 1) * per_epoch + slot + 1)
            assert trace.rows is not None
            assert trace.epoch == epoch and trace.batches == per_epoch
            expected = batch_size if slot < per_epoch - 1 else rows - batch_size * (per_epoch - 1)
            assert trace.n == len(trace.rows) == len(trace.x) == len(trace.z[0]) == expected
            assert np.array_equal(trace.x, problem.data.x[trace.rows])
            assert np.array_equal(trace.y, problem.data.y[trace.rows])
            assert trace.scale == 1.0 / expected
            order += trace.rows.tolist()
        assert sorted(order) == list(range(rows))
        orders.append(order)
    if shuffle:
        assert len({tuple(order) for order in orders}) > 1
    else:
        assert orders == [list(range(rows))] * 3


def test_the_order_depends_on_seed_and_epoch_alone() -> None:
    problem = experiment(rows=9, batch_size=4, shuffle=True)
    forward, backward = Engine(problem), Engine(replace(problem, init_seed=99))
    visits = range(1, 10)
    there = {update: _rows(forward, update) for update in visits}
    assert {update: _rows(backward, update) for update in reversed(visits)} == there
    other = Engine(replace(problem, seed=1))
    assert [_rows(other, update) for update in visits] != list(there.values())


def _rows(engine: Engine, update: int) -> list[int]:
    rows = engine.batch_rows(update)
    assert rows is not None
    return [int(row) for row in rows]


@pytest.mark.parametrize("batch_size", [None, 5, 6])
def test_a_full_batch_is_all_rows_in_order(batch_size: int | None) -> None:
    trace = Run.start(experiment(rows=5, batch_size=batch_size, shuffle=True)).trace(1)
    assert trace.rows is None and trace.n == 5 and trace.batches == 1


# What the quantities of one pass have to do with each other


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_quantities_agree_with_each_other(combination: Combination) -> None:
    l1, l2 = 0.02, 0.1
    problem = experiment(combination, (3, 4, 3, 2), 7, batch_size=4, shuffle=True, l1=l1, l2=l2, optimizer="adam")
    run = Run.start(problem)
    run.train(3)
    engine, trace = run.engine, run.trace(4)

    def get(key: QuantityLike, layer: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return quantity(engine, trace, key, layer)

    for layer in range(3):
        w, a_before, dz = get("w", layer), input_of(trace, layer), get("dz", layer)
        assert get("z", layer) == pytest.approx(a_before @ w.T + get("b", layer), rel=1e-12, abs=1e-14)
        assert get("dw", layer) == pytest.approx(dz.T @ a_before + l1 * np.sign(w) + l2 * w, rel=1e-12, abs=1e-14)
        assert get("db", layer) == pytest.approx(dz.sum(axis=0), rel=1e-12, abs=1e-14)
        assert get("dx", layer) == pytest.approx(dz @ w, rel=1e-12, abs=1e-14)
        if layer:
            assert get("da", layer - 1) == pytest.approx(get("dx", layer), rel=1e-12, abs=1e-14)
        slopes = slope(engine, trace, layer)
        if slopes is not None:
            assert dz == pytest.approx(get("da", layer) * slopes, rel=1e-9, abs=1e-14)
        else:
            a, da = get("a", layer), get("da", layer)
            assert dz == pytest.approx(a * (da - (a * da).sum(axis=1, keepdims=True)), rel=1e-9, abs=1e-12)
        w_after, b_after = QuantityKey("w", after=True), QuantityKey("b", after=True)
        assert get(w_after, layer) == pytest.approx(w + get("step_w", layer), rel=1e-15)
        assert get(b_after, layer) == pytest.approx(get("b", layer) + get("step_b", layer), rel=1e-15)
        assert get(QuantityKey("state_w", "v"), layer).shape == w.shape
    weights = [get("w", layer) for layer in range(3)]
    expected = sum(l1 * np.abs(w).sum() + 0.5 * l2 * np.square(w).sum() for w in weights)
    assert trace.penalty == pytest.approx(expected, rel=1e-12)
    assert trace.data_loss == pytest.approx(trace.terms.sum() * trace.scale, rel=1e-12)
    assert trace.loss == trace.data_loss + trace.penalty
    found = evaluate(engine, trace.before, trace.x, trace.y)
    assert found is not None and found.loss == pytest.approx(trace.data_loss, rel=1e-12)
    assert np.array_equal(predict(engine, trace.before, trace.x), prediction(engine, trace))


@pytest.mark.parametrize("key", [QuantityKey("loss"), QuantityKey("dz", after=True)])
def test_an_array_that_a_pass_does_not_have(key: QuantityKey) -> None:
    run = Run.start(experiment())
    with pytest.raises(KeyError):
        quantity(run.engine, run.trace(1), key, 0)


def test_da_of_a_fused_pair_is_the_textbook_chain() -> None:
    run = Run.start(experiment(Combination("tanh", "sigmoid", "binary_cross_entropy"), rows=4))
    trace = run.trace(1)
    a, y = trace.a[-1], trace.y
    expected = (a - y) / (a * (1.0 - a)) / (4 * 2)
    assert output_da(run.engine, trace) == pytest.approx(expected, rel=1e-13)


def test_da_of_a_saturated_fused_pair_is_a_limit_and_no_divergence() -> None:
    layer = LayerSpec(1, "sigmoid", weights=((800.0,),))
    data = dataset(np.array([[1.0], [-1.0]]), np.array([[0.0], [0.0]]))
    run = Run.start(of(data, (layer,), TrainingSpec(loss="binary_cross_entropy")))
    trace = run.trace(1)
    assert run.divergence is None
    assert np.isposinf(output_da(run.engine, trace)[0, 0])
    assert trace.dz[-1].ravel().tolist() == [0.5, 0.0]


def test_a_pass_leaves_the_parameters_before_it_alone() -> None:
    run = Run.start(experiment(optimizer="adamw"))
    start = run.state.array.copy()
    trace = run.trace(1)
    assert np.array_equal(trace.before.array, start)
    assert not np.array_equal(trace.after.array, start)


# Frozen parameters, reductions, the optimiser's state


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_frozen_parameters_never_move_and_their_gradient_is_still_there(optimizer: str) -> None:
    problem = experiment(sizes=(3, 4, 2), optimizer=optimizer, l2=0.1, frozen_weights=(0,), frozen_biases=(1,))
    run = Run.start(problem)
    start = run.state
    run.train(20)
    assert np.array_equal(run.state.weights[0], start.weights[0])
    assert np.array_equal(run.state.biases[1], start.biases[1])
    assert (run.state.weights[1] != start.weights[1]).all()
    assert (run.state.biases[0] != start.biases[0]).all()
    trace = run.trace(20)
    assert trace.dw[0].all() and trace.db[1].all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("frozen", [(), (1,)])
def test_an_update_in_blocks_is_the_rule_on_all_parameters_bit_for_bit(optimizer: str, frozen: tuple[int, ...]) -> None:
    run = Run.start(experiment(sizes=(150, 120, 2), rows=3, optimizer=optimizer, frozen_weights=frozen))
    run.train(2)
    engine, trace = run.engine, run.trace(3)
    assert len(trace.after.blocks) > 1
    rule, before, expected = optimizer_of(engine, trace), trace.before.array, np.empty_like(trace.after.array)
    rule.update(
        ParameterState(before[0], tuple(before[1:])),
        trace.gradient,
        ParameterState(expected[0], tuple(expected[1:])),
        (np.empty(engine.parameters), np.empty(engine.parameters)),
    )
    for row, other in zip(trace.after.array, expected, strict=True):
        for layer, weights in enumerate(split_parameters(row, engine.sizes)):
            moved = split_parameters(other, engine.sizes)[layer]
            part = slice(-1, None) if layer in frozen else slice(None)
            assert np.array_equal(weights[:, part], moved[:, part])


def test_the_sum_is_the_mean_times_the_rows() -> None:
    mean, total = (Run.start(experiment(rows=5, reduction=which)).trace(1) for which in ("mean", "sum"))
    assert total.loss == pytest.approx(5 * mean.loss, rel=1e-14)
    assert total.gradient == pytest.approx(5 * mean.gradient, rel=1e-12)


def test_steps_count_the_updates() -> None:
    run = Run.start(experiment(optimizer="adam"))
    assert run.state.steps == 0
    run.train(7)
    assert run.state.steps == 7
    run.goto(3)
    assert run.state.steps == 3


def test_a_perceptron_by_hand() -> None:
    layer = LayerSpec(1, "identity", weights=((0.0, 0.0),), bias=(0.0,))
    x, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [0.0], [0.0], [1.0]])
    training = TrainingSpec("perceptron", batch_size=1, shuffle=False, optimizer=OptimizerSpec("sgd", 1.0))
    run = Run.start(of(dataset(x, y), (layer,), training))
    first = run.trace(1)
    assert prediction(run.engine, first).item() == 1.0  # step(0) = 1: a mistake
    assert first.after.biases[0].item() == -1.0
    run.train(60)
    found = evaluate(run.engine, run.state, x, y)
    assert found is not None and found.mistakes == 0 and found.accuracy == 1.0


# Numbers that go wrong


def neuron(
    activation: str, loss: str, w: float, x: float, y: float, *, rate: float = 0.1, optimizer: str = "sgd"
) -> Experiment:
    layer = LayerSpec(1, activation, weights=((w,),), bias=(0.0,))
    training = TrainingSpec(loss, optimizer=OptimizerSpec(optimizer, rate))
    return of(dataset(np.array([[x]]), np.array([[y]])), (layer,), training)


@pytest.mark.parametrize(
    ("problem", "key", "layer", "value"),
    [
        (neuron("identity", "half_squared_error", 1e200, 1e200, 0.0), "z", 1, math.inf),
        (neuron("identity", "half_squared_error", -1e200, 1e200, 0.0), "z", 1, -math.inf),
        (neuron("identity", "half_squared_error", 1e100, 1e100, 0.0), "loss", 0, math.inf),
        (neuron("identity", "mean_absolute_error", 1e-300, 1e300, 0.0, rate=1e10), "w", 1, -math.inf),
        (neuron("identity", "half_squared_error", 1e-150, 1e300, 0.0), "dw", 1, math.inf),
        (neuron("identity", "mean_absolute_error", 0.0, 1e300, -1.0, optimizer="adam"), "state", 1, math.inf),
        (neuron("identity", "mean_absolute_error", 0.0, 1e300, -1.0, optimizer="adagrad"), "state", 1, math.inf),
        (neuron("identity", "half_squared_error", math.nan, 1.0, 0.0), "z", 1, math.nan),
    ],
)
def test_the_first_quantity_that_is_not_finite_is_named(
    problem: Experiment, key: str, layer: int, value: float
) -> None:
    run = Run.start(problem)
    run.train(10)
    found = run.divergence
    assert found is not None
    assert (found.update, found.key, found.layer) == (1, key, layer)
    assert found.value == value or (math.isnan(found.value) and math.isnan(value))
    assert run.position == run.reached == 1
    assert "update 1: " in str(found.sentence)
    assert ("layer 1" in str(found.sentence)) == (layer == 1)


def test_a_sum_of_squares_that_overflows_only_in_the_end() -> None:
    """Each squared gradient is finite; Adagrad's sum of them is not after a few updates."""
    run = Run.start(neuron("identity", "mean_absolute_error", 1.0, 7e153, 0.0, optimizer="adagrad", rate=1e-160))
    run.train(20)
    assert run.divergence is not None
    assert (run.divergence.key, run.divergence.update) == ("state", 4)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_too_large_a_rate_diverges_in_the_middle_and_the_way_back_is_exact(optimizer: str) -> None:
    problem = experiment(
        Combination("relu", "identity", "half_squared_error"), (2, 4, 2), optimizer=optimizer, learning_rate=1e60
    )
    run = Run.start(problem)
    run.train(500)
    found = run.divergence
    assert found is not None and 1 < found.update < 500
    assert run.position == found.update
    run.train(5)
    assert run.position == run.goto(400) == found.update  # nothing follows it
    states = {}
    fresh = Run.start(problem)
    for update in range(1, found.update + 1):
        fresh.release(fresh.trace(update))
        states[update] = fresh.state.array.tobytes()
    assert fresh.divergence == found or math.isnan(found.value)
    for update in range(found.update, 0, -1):
        run.goto(update)
        assert run.state.array.tobytes() == states[update]
    assert np.isfinite(run.state_after(found.update - 1).array).all()


def test_beyond_a_divergence_on_request() -> None:
    run = Run.start(neuron("identity", "half_squared_error", 1e200, 1e200, 0.0))
    assert run.goto(5) == 1
    assert run.goto(5, past_divergence=True) == 5
    assert run.divergence is not None and run.divergence.update == 1


def test_large_finite_numbers_are_no_divergence() -> None:
    run = Run.start(neuron("identity", "mean_absolute_error", 1e300, 1.0, 0.0))
    run.train(3)
    assert run.divergence is None and run.position == 3


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_no_combination_raises_or_warns_whatever_its_numbers(combination: Combination) -> None:
    base = experiment(combination, (2, 3, 2), 4, l1=0.1, l2=0.1)
    for weight, x, optimizer in itertools.product(
        (1e308, -1e308, math.inf, math.nan, 0.0), (1e308, 800.0), ("sgd", "adamw")
    ):
        weights = tuple((weight, -0.5 * weight) for _ in range(3))
        layers = (replace(base.layers[0], weights=weights), base.layers[1])
        training = replace(base.training, optimizer=OptimizerSpec(optimizer, 1e3))
        data = dataset(x * np.sign(base.data.x), base.data.y)
        run = Run.start(replace(base, layers=layers, training=training, data=data))
        run.train(8)
        assert run.divergence is not None or run.position == 8
        trace = run.trace(run.position)
        names: tuple[Quantity, ...] = ("da", "dx", "step_w", "z", "a", "dw")
        for name, layer in itertools.product(names, range(2)):
            quantity(run.engine, trace, name, layer)


def test_whole_set_figures_of_many_rows_are_those_of_all_rows() -> None:
    x, y = numbers(1, 5000, 2), numbers(2, 5000, 2)
    problem = replace(experiment(), data=dataset(x, y))
    run = Run.start(problem)
    trace = run.trace(1)
    found = evaluate(run.engine, trace.before, x, y)
    assert found is not None and found.loss == pytest.approx(trace.data_loss, rel=1e-12)
    assert evaluate(run.engine, trace.before, x[:0], y[:0]) is None


def test_a_step_too_small_for_its_weight_is_shown_as_it_is() -> None:
    run = Run.start(experiment(learning_rate=1e-19))
    trace = run.trace(1)
    step = quantity(run.engine, trace, "step_w", 0)
    np.testing.assert_array_equal(trace.before.weights[0], trace.after.weights[0])
    np.testing.assert_allclose(step, -1e-19 * trace.dw[0], rtol=1e-15)
    assert step.any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_leads_to_the_new_weight(optimizer: str) -> None:
    run = Run.start(experiment(optimizer=optimizer, frozen_biases=(0,)))
    run.goto(3)
    trace = run.trace(4)
    for layer in range(2):
        step = quantity(run.engine, trace, "step_w", layer)
        np.testing.assert_allclose(
            trace.before.weights[layer] + step, trace.after.weights[layer], rtol=1e-14, atol=1e-16
        )
    assert not quantity(run.engine, trace, "step_b", 0).any()
    assert quantity(run.engine, trace, "step_b", 1).any()
