"""Live changes: what each one changes, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.edits.network import set_parameter
from nn_tui.core.edits.parser import EDITS, parse_edit
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from tests._edits import bits, edit, problem, trained


def test_every_example_of_the_table_works() -> None:
    run = edit(trained(problem(rate=0.2)), "freeze w1")
    for form in EDITS.values():
        text = form.example
        ready = edit(run, "unfreeze w1") if text == "freeze w1" else run
        if text == "y1 = 1" and run.experiment.data.y[0, 0] == 1.0:
            ready = edit(run, "y1 = 0")
        made = parse_edit(text, ready, 9)
        assert made.run.segments[-1].label == made.label
        assert made.run.train(3) == 12, text
        assert form.help


SETTINGS: list[tuple[str, str, Callable[[Experiment], object], object]] = [
    ("eta = 0.5", "η 0.1 → 0.5", lambda e: e.training.optimizer.learning_rate, 0.5),
    ("momentum=0.8", "momentum 0.9 → 0.8", lambda e: dict(e.training.optimizer.options).get("momentum"), 0.8),
    ("loss = binary_cross_entropy", "loss half_squared_error → binary_cross_entropy",
     lambda e: e.training.loss, "binary_cross_entropy"),
    ("activation 1 = leaky-relu", "activation 1 tanh → leaky_relu", lambda e: e.layers[0].activation, "leaky_relu"),
    ("batch = 16", "batch 5 → 16", lambda e: e.training.batch_size, 16),
    ("batch = full", "batch 5 → full", lambda e: e.training.batch_size, None),
    ("shuffle = off", "shuffle off", lambda e: e.training.shuffle, False),
    ("reduction = sum", "reduction mean → sum", lambda e: e.training.reduction, "sum"),
    ("l1 = 0.001", "l1 0 → 0.001", lambda e: e.training.l1, 0.001),
    ("l2 = 1e-2", "l2 0 → 0.01", lambda e: e.training.l2, 0.01),
    ("freeze b2", "freeze b2", lambda e: e.layers[1].train_bias, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "label", "read", "value"), SETTINGS)
def test_a_setting_changes_and_nothing_else(
    text: str, label: str, read: Callable[[Experiment], object], value: object
) -> None:
    run = trained(problem())
    new = edit(run, text)
    assert new.segments[-1].label == label
    assert read(new.experiment) == value != read(run.experiment)
    assert bits(new.state) == bits(run.state)
    assert new.experiment.data is run.experiment.data


@pytest.mark.parametrize(
    "text", ["eta=0.5", "η = 0.5", "lr 0.5", "LR=.5", "learning_rate = 0.5", "learning rate 0.5", "  eta  =  5e-1 "]
)
def test_the_learning_rate_has_many_names(text: str) -> None:
    assert parse_edit(text, trained(problem()), 9).label == "η 0.1 → 0.5"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("w₁[2,1] = −0.3", "w1[2,1] = -0.3"),
        ("w1 [2, 1]=0.3", "w1[2,1] = 0.3"),
        ("b2 = 0.25", "b2[1] = 0.25"),
        ("x[2] = 0.5", "x2 of sample 4 = 0.5"),
        ("activation1=relu", "activation 1 tanh → relu"),
        ("optimiser adam 0.05", "optimizer momentum → adam, η 0.05"),
        ("remove unit 2 layer 1", "−unit 2 of layer 1"),
        ("add unit 1", "+1 unit in layer 1"),
        ("units 1 = 2", "−2 units in layer 1"),
        ("add layer 1 3", "+layer 1: 3 tanh"),
        ("init 1 = normal std = 0.1", "init 1 = normal std=0.1"),
        ("seed", "seed 4"),
        ("data", "data seed 4"),
    ],
)
def test_text_is_read_as_people_write_it(text: str, label: str) -> None:
    assert parse_edit(text, trained(problem()), 9, row=3).label == label


def test_one_parameter_changes_and_every_other_number_stays() -> None:
    run = trained(problem("adam"))
    old = run.state.array.copy()
    for ref, text in ((Ref("w", 0, 2, 1), "w1[3,2] = 0.25"), (Ref("b", 1, 0), "b2[1] = 0.25")):
        new = set_parameter(run, 9, ref, 0.25)
        assert bits(new.state) == bits(edit(run, text).state)
        parameters = new.state.biases if ref.key == "b" else new.state.weights
        assert parameters[ref.layer].ravel()[5 if ref.key == "w" else 0] == 0.25
        assert np.count_nonzero(new.state.array != old) == 1
        assert new.state.steps == 9
    assert np.array_equal(run.state.array, old)


def test_an_input_is_set_as_the_network_gets_it_and_its_point_follows() -> None:
    run = trained(load_experiment(find_preset("iris")), 3)
    old = run.experiment.data
    data = edit(run, "x2 = 0.5", row=4).experiment.data
    assert data.x[4, 1] == 0.5 and np.count_nonzero(data.x != old.x) == 1
    assert data.points[4, 1] == pytest.approx(0.5 * old.x_scale[1] + old.x_mean[1])
    assert np.count_nonzero(data.points != old.points) == 1
    assert data.x_mean is old.x_mean and data.x_scale is old.x_scale
    assert not data.x.flags.writeable


def test_an_input_of_features_moves_the_point_and_its_other_features() -> None:
    run = trained(load_experiment(find_preset("features")), 3)
    data = edit(run, "x1 = 0.5", row=2).experiment.data
    assert data.points[2, 0] == 0.5
    x2 = data.points[2, 1]
    assert data.x[2] == pytest.approx([0.5, x2, 0.25, x2 * x2, 0.5 * x2, np.sin(0.5), np.sin(x2)])
    assert np.array_equal(np.delete(data.x, 2, 0), np.delete(run.experiment.data.x, 2, 0))


def test_a_target_changes_the_next_pass() -> None:
    run = trained(load_experiment(find_preset("xor")), 2)
    new = edit(run, "y1 = 0.75", row=1)
    trace = new.trace(3)
    assert trace.y[:, 0].tolist() == [0.0, 0.75, 1.0, 0.0]
    new.release(trace)
    assert new.segments[-1].label == "y1 of sample 2 = 0.75"


def test_the_one_of_several_classes_moves() -> None:
    run = trained(load_experiment(find_preset("iris")), 2)
    kind = int(run.experiment.data.y[0].argmax())
    other = (kind + 1) % 3
    assert edit(run, f"y{other + 1} = 1").experiment.data.y[0].tolist() == [float(k == other) for k in range(3)]


def test_an_optimiser_keeps_the_state_that_fits() -> None:
    run = trained(problem())
    same = edit(run, "optimizer = nesterov")
    assert bits(same.state) == bits(run.state)
    assert same.experiment.training.optimizer.learning_rate == 0.1
    adam = edit(run, "optimizer = adam")
    assert np.array_equal(adam.state.array[0], run.state.array[0])
    assert adam.state.array.shape[0] == 3 and not adam.state.array[1:].any() and adam.state.steps == 0
    assert adam.experiment.training.optimizer.learning_rate == 0.001
    adam.train(4)
    tuned = edit(edit(adam, "beta1 = 0.8"), "optimizer = adamw")
    assert bits(tuned.state) == bits(adam.state) and tuned.state.steps == 4
    assert dict(tuned.experiment.training.optimizer.options)["beta1"] == 0.8
    assert not edit(tuned, "optimizer = momentum 0.3").experiment.training.optimizer.options


def test_passes_count_on_when_the_batches_change() -> None:
    new = edit(trained(problem("adam")), "batch = 3")  # 16 rows: 4 passes an epoch before, 6 after
    trace = new.trace(10)
    assert (trace.update, trace.epoch, trace.batches, trace.n, trace.after.steps) == (10, 2, 6, 3, 10)
    new.release(trace)
    full = edit(new, "batch = full", at=9).trace(10)
    assert (full.update, full.epoch, full.n) == (10, 10, 16)


def test_drawn_data_change_and_the_weights_stay() -> None:
    run = trained(problem())
    noisy, more, again = (edit(run, text) for text in ("noise = 0.3", "samples = 30", "data seed = 8"))
    assert all(bits(new.state) == bits(run.state) for new in (noisy, more, again))
    spec = run.experiment.preset.data
    for new, data, seed in (
        (noisy, replace(spec, noise=0.3), 3),
        (more, replace(spec, samples=30), 3),
        (again, spec, 8),
    ):
        wanted = load_experiment(replace(run.experiment.preset, data=data), seed).data
        assert np.array_equal(new.experiment.data.x, wanted.x) and new.experiment.seed == seed
        assert new.experiment.preset.data == data and new.experiment.init_seed == 3


def test_frozen_parameters_stay_and_move_again() -> None:
    run = edit(trained(problem("adam")), "freeze w1")
    frozen = run.state.weights[0].copy()
    run.train(5)
    assert np.array_equal(run.state.weights[0], frozen)
    assert not np.array_equal(run.state.biases[0], run.state_after(9).biases[0])
    run = edit(run, "unfreeze w1")
    run.train(1)
    assert not np.array_equal(run.state.weights[0], frozen)


def test_seed_and_init_make_the_start_that_a_preset_would_have() -> None:
    run = trained(problem("adam"))
    base = run.experiment
    assert bits(edit(run, "seed = 5").state) == bits(Run.start(replace(base, init_seed=5)).state)
    he = tuple(replace(layer, init="he_normal") for layer in base.layers)
    assert bits(edit(run, "init = he_normal").state) == bits(Run.start(replace(base, layers=he)).state)
    one = edit(run, "init 1 = constant value=0.25")
    assert (one.state.weights[0] == 0.25).all() and np.array_equal(one.state.weights[1], run.state.weights[1])
    m, v = (one.state.slot(index, one.engine.sizes) for index in (0, 1))
    assert not m[0][0].any() and not v[1][0].any() and m[0][1].any() and one.state.steps == 9
    spread = edit(run, "init 1 = uniform low=0.5 high=0.75").state.weights[0]
    assert spread.min() >= 0.5 and spread.max() <= 0.75


def test_explicit_values_give_way_where_they_are_drawn_anew() -> None:
    run = trained(load_experiment(find_preset("mazur")), 2)
    assert not np.array_equal(edit(run, "init = xavier_uniform").state.array[0], run.state.array[0])
    assert edit(run, "units 1 = 3").train(2) == 4


def test_the_charts_of_another_start_begin_there() -> None:
    run = trained(problem())
    new = edit(run, "seed = 5", at=0)
    wanted = next(iter(Run.start(replace(run.experiment, init_seed=5)).evaluations))
    assert [sample.update for sample in new.evaluations] == [0]
    assert next(iter(new.evaluations)) == wanted != next(iter(run.evaluations))


def test_edits_at_one_update_are_all_marks_and_the_past_stays() -> None:
    run = trained(problem(), 20)
    before = [bits(run.state_after(update)) for update in range(21)]
    new = edit(edit(run, "eta = 0.5", at=12), "w1[1,1] = 2")
    assert [(mark.start, mark.label) for mark in new.segments] == [
        (0, "start"), (12, "η 0.1 → 0.5"), (12, "w1[1,1] = 2"),
    ]  # fmt: skip
    assert new.reached == 12 and run.reached == 20
    new.train(8)
    assert [bits(new.state_after(update)) for update in range(12)] == before[:12]
    assert [bits(run.state_after(update)) for update in range(21)] == before
    assert bits(new.state_after(20)) != before[20]
    past = edit(new, "eta = 0.2", at=4)
    assert [mark.start for mark in past.segments] == [0, 4] and past.reached == 4
    assert len(past.losses) == 4 and len(new.segments) == 3
    with pytest.raises(ValueError, match="has reached update 4"):
        parse_edit("eta = 0.3", past, 5)


def test_standardised_inputs_are_those_of_a_preset_that_asks_for_it() -> None:
    run = trained(problem())
    new = edit(run, "standardise on")
    spec = replace(run.experiment.preset.data, standardize=True)
    wanted = load_experiment(replace(run.experiment.preset, data=spec))
    assert new.experiment.preset.data == spec
    assert np.array_equal(new.experiment.data.x, wanted.data.x)
    assert np.allclose(new.experiment.data.x.std(axis=0), 1.0)
    assert np.array_equal(new.experiment.data.points, run.experiment.data.points)
    assert bits(new.state) == bits(run.state)
    back = edit(new, "standardize = off")
    assert np.array_equal(back.experiment.data.x, run.experiment.data.x)
