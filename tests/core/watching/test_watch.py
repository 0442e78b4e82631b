"""Tests of the watch over whole training loops: right ones, and ones with each of the usual mistakes."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import load_experiment, open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.saved.run_document import read_run
from nn_tui.core.spec import DataSpec, LayerSpec, Preset, TrainingSpec
from nn_tui.core.watching import follower
from nn_tui.core.watching.watch import Watch, watch
from nn_tui.tui.saved.snapshot import restore_session
from tests.core.watching._programs import RATE, Arrays, Step, backward, descend, planar, sigmoid, steps


def watched(mistake: str = "", count: int = 3, *, with_cache: bool = True, **options: object) -> Watch:
    """Return a watch after some steps of a program with a mistake."""
    run = watch(quiet=True, **options)  # type: ignore[arg-type]
    for step in steps(count, mistake):
        give(run, step, with_cache=with_cache)
    return run


def give(run: Watch, step: Step, *, with_cache: bool = True) -> None:
    run.step(step.weights, step.gradients, step.x, step.y, step.cache if with_cache else None, loss=step.loss)


def lines(run: Watch) -> list[str]:
    return run.report().splitlines()


@pytest.mark.parametrize("with_cache", [True, False])
def test_a_right_program_takes_a_few_lines(with_cache: bool) -> None:
    report = lines(watched(count=60, with_cache=with_cache))
    names = "Z1, A1, Z2, A2, loss, dW2, db2, dW1 and db1" if with_cache else "loss, dW2, db2, dW1 and db1"
    assert report[0] == "watching 2-4-1 (tanh, sigmoid); the loss is binary_cross_entropy (mean)."
    assert report[1].startswith("update 1: equal to 1") and report[1].endswith(f" digits: {names}.")
    assert report[2] == "update 1: the weights change by sgd with η = 0.5."
    assert report[3].startswith("updates 1 to 60: equal to 1") and len(report) == 4


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        ("mean left out", "dW2, db2, dW1 and db1 are 5 times ours; N = 5: the mean over the batch is left out."),
        ("mean twice", "dW2, db2, dW1 and db1 are 0.2 times ours; N = 5: the mean over the batch is taken twice."),
        ("sign", "dW2, db2, dW1 and db1 are −1 times ours. The error was taken as y − ŷ; it is ŷ − y."),
        ("slope left out", "The slope of the activation, tanh′(z), was left out."),
        ("slope of a", "tanh′ was taken of a; it is tanh′(z), which is 1 − a²."),
        ("slope of z", "z was put in place of a in tanh′, which is 1 − a² with a = tanh(z)."),
        ("slope of sigmoid", "dW1 has the slope of sigmoid; the activation of layer 1 is tanh."),
        ("updated weights", "The backward pass used the weights after the update."),
        ("bias not summed", "db1 is 4 × 5: it is not summed over the samples; take the sum with axis=1."),
        ("transposed", "dW1 is 2 × 4, and W1 is 4 × 2: it is transposed."),
    ],
)
@pytest.mark.parametrize("with_cache", [True, False])
def test_a_mistake_is_named_once(mistake: str, sentence: str, with_cache: bool) -> None:
    report = lines(watched(mistake, with_cache=with_cache, learning_rate=RATE))
    assert report[1].startswith("update 1: ") and report[1].endswith(sentence)
    assert report[-1] == "updates 1 to 3: the same difference."
    assert sum(sentence in line for line in report) == 1


def test_the_transpose_of_a_square_gradient_is_named() -> None:
    rng = np.random.default_rng(3)
    x, y, w1, w2 = (rng.normal(size=shape) for shape in ((6, 3), (6, 1), (3, 3), (3, 1)))
    hidden = np.tanh(x @ w1)
    delta = (hidden @ w2 - y) / 6
    dw1, dw2 = x.T @ (delta @ w2.T * (1.0 - hidden**2)), hidden.T @ delta
    loss = 0.5 * ((hidden @ w2 - y) ** 2).mean()
    run = watch(quiet=True)
    run.step({"W1": w1, "W2": w2}, {"dW1": dw1.T, "dW2": dw2}, x, y, {"A1": hidden}, loss=loss)
    assert lines(run)[1] == "update 1: dW1 is the transpose of ours."


def test_a_mistake_in_the_forward_pass_is_named() -> None:
    report = lines(watched("bias left out", activations=["tanh", "sigmoid"], loss="binary_cross_entropy"))
    assert report[1].startswith("update 1: Z1[0, 0] is ") and report[1].endswith("The bias was left out.")


def test_the_number_that_differs_is_named_by_its_place_in_the_array() -> None:
    x, y, weights = planar()
    step = backward(x, y, weights)
    expected = float(step.gradients["dW1"][2, 1])
    step.gradients["dW1"][2, 1] += 1.0
    run = watch(quiet=True)
    give(run, step)
    assert f"dW1[2, 1] is {expected + 1.0:.6g}; ours is {expected:.6g}." in run.report().replace("−", "-")


def test_without_a_learning_rate_a_mistake_that_needs_it_is_named_at_the_second_update() -> None:
    report = lines(watched("updated weights"))
    assert next(line for line in report if "used the weights after" in line).startswith("update 2: ")


@pytest.mark.parametrize(
    ("update", "sentence"),
    [
        (
            lambda p, g: {name: w + RATE * g[f"d{name}"] for name, w in p.items()},
            "the step was added, so that the loss goes up; subtract it. It is +η·gradient with η = 0.5.",
        ),
        (
            lambda p, g: {name: w - g[f"d{name}"] for name, w in p.items()},
            "the step is 2 times that of sgd with η = 0.5. The learning rate η was left out.",
        ),
        (
            lambda p, g: {name: w - RATE / 5 * g[f"d{name}"] for name, w in p.items()},
            "the step is 0.2 times that of sgd with η = 0.5; N = 5: the update divides by N.",
        ),
        (lambda p, g: {**descend(p, g), "b1": p["b1"]}, "b1 was not changed by the update."),
        (
            lambda p, g: {**descend(p, g), "W1": p["W1"] - 0.1},
            "the update of W1 is not that of sgd; the update of the others is.",
        ),
        (
            lambda p, g: planar()[2],
            "the next weights are the same: nothing changes them, or they are created again inside the loop.",
        ),
        (
            lambda p, g: {name: w - np.sign(g[f"d{name}"]) * np.abs(w) for name, w in p.items()},
            "the next weights are not what sgd gives with these gradients: the optimiser is another one, or the "
            "weights changed between the calls.",
        ),
    ],
)
def test_an_update_that_is_not_that_of_the_optimiser(update: object, sentence: str) -> None:
    run = watch(quiet=True, optimizer="sgd", learning_rate=RATE)
    for step in steps(3, update=update):  # type: ignore[arg-type]
        give(run, step)
    assert lines(run)[2] == f"update 1: {sentence}"


def test_another_loss_than_that_of_the_gradients() -> None:
    run = watch(quiet=True)
    for step in steps(2):
        run.step(step.weights, step.gradients, step.x, step.y, loss=0.75)
    assert (
        "update 1: the loss is 0.75; binary_cross_entropy (mean), to which the other numbers belong, is "
        in run.report()
    )


def test_two_signs_that_cancel_are_said_to_be_right() -> None:
    run = watch(quiet=True, learning_rate=RATE)
    for step in steps(3, "sign", lambda p, g: {name: w + RATE * g[f"d{name}"] for name, w in p.items()}):
        give(run, step)
    assert "the update multiplies the gradients by −1, so that the weights change as ours do." in run.report()


def test_gradients_that_are_never_set_to_0() -> None:
    run, total = watch(quiet=True), dict[str, np.ndarray]()
    x, y, weights = planar()
    for _ in range(4):
        step = backward(x, y, weights)
        total = {name: total.get(name, 0.0) + gradient for name, gradient in step.gradients.items()}
        run.step(weights, total, x, y, loss=step.loss)
        weights = descend(weights, total)
    report = lines(run)
    assert report[3].startswith("update 2: dW2, db2, dW1 and db1 have the gradients of the passes before added")
    assert report[-1] == "updates 2 to 4: the same difference." and len(report) == 5


def test_calls_after_the_update_are_recognised() -> None:
    run = watch(quiet=True)
    x, y, weights = planar()
    for _ in range(4):
        step = backward(x, y, weights)
        weights = descend(weights, step.gradients)
        run.step(weights, step.gradients, x, y, loss=step.loss)
    report = lines(run)
    assert report[1].startswith("update 2: you call step after the update of the weights; call it before.")
    assert report[2].startswith("update 2: equal to 1") and report[-1].startswith("updates 2 to 4: equal to 1")
    assert run.run().finished == 3


def test_a_mistake_that_ends_and_one_that_begins_get_a_line() -> None:
    run = watch(quiet=True)
    x, y, weights = planar()
    for number in range(1, 7):
        step = backward(x, y, weights, "slope left out" if number in (3, 4) else "")
        give(run, step)
        weights = descend(weights, step.gradients)
    report = [line for line in lines(run) if "equal" in line or "slope" in line or "same" in line]
    assert [line.split(":")[0] for line in report] == [
        "update 1", "updates 1 to 2", "update 3", "updates 3 to 4", "update 5", "updates 5 to 6",
    ]  # fmt: skip
    assert report[4].startswith("update 5: equal again, to 1")


def test_new_lines_are_printed_when_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    run = watch()
    for step in steps(2):
        give(run, step)
    printed = capsys.readouterr().out
    assert "update 1: equal to" in printed and "updates 1 to" not in printed
    print(run)
    assert "updates 1 to 2: equal to" in capsys.readouterr().out


def test_adam_without_its_bias_correction() -> None:
    run = watch(quiet=True, optimizer="adam", learning_rate=0.01)
    x, y, weights = planar()
    for _ in range(2):
        step = backward(x, y, weights)
        give(run, step)
        for name, g in step.gradients.items():
            weights[name[1:]] = weights[name[1:]] - 0.01 * 0.1 * g / (np.sqrt(0.001 * g * g) + 1e-8)
    assert lines(run)[2].endswith("The bias correction of m or v was left out.")


@pytest.mark.parametrize("name", ["momentum", "adam", "rmsprop"])
def test_the_optimiser_is_found_out(name: str) -> None:
    run = watch(quiet=True)
    ours = Run.start(open_experiment("xor"))
    ours = apply_edit(f"optimizer = {name} 0.01", ours, 0)
    for update in range(1, 5):
        trace = ours.trace(update)
        weights = list(zip(trace.before.weights, trace.before.biases, strict=True))
        run.step(weights, list(zip(trace.dw, trace.db, strict=True)), trace.x, trace.y, loss=trace.loss)
    assert not any("not what" in line for line in lines(run))
    assert run.run().experiment.training.optimizer.name == name


def test_mini_batches_of_other_sizes() -> None:
    run = watch(quiet=True)
    x, y, weights = planar(samples=10)
    batches = [slice(0, 4), slice(4, 8), slice(8, 10)] * 2
    for batch in batches:
        step = backward(x[:, batch], y[:, batch], weights)
        give(run, step)
        weights = descend(weights, step.gradients)
    assert lines(run)[-1].startswith("updates 1 to 6: equal to 1")
    record = run.run()
    assert record.finished == 6
    for update, batch in enumerate(batches, 1):
        trace = record.trace(update)
        assert np.array_equal(trace.x, x[:, batch].T)
        record.release(trace)


def test_nan_in_the_weights_is_a_line_and_no_error() -> None:
    run = watch(quiet=True)
    x, y, weights = planar()
    give(run, backward(x, y, weights))
    weights["W1"][0, 0] = np.nan
    give(run, backward(x, y, weights))
    assert lines(run)[-1] == "update 2: W1 has a number that is not finite: the training has diverged."


def test_a_fault_of_ours_does_not_end_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(follower, "check_pass", fail)
    run = watched(count=3)
    assert run.updates == 3
    assert sum("nn-tui could not check this update (RuntimeError: a fault)" in line for line in lines(run)) == 1


def test_the_program_may_overwrite_its_arrays() -> None:
    run = watch(quiet=True)
    x, y, weights = planar()
    for _ in range(3):
        step = backward(x, y, weights)
        run.step(weights, step.gradients, x, y, loss=step.loss)
        for name, gradient in step.gradients.items():
            weights[name[1:]] -= RATE * gradient
            gradient *= 0.0
    assert lines(run)[-1].startswith("updates 1 to 3: equal to 1")


def test_a_step_changes_nothing_of_the_program() -> None:
    x, y, weights = planar()
    step = backward(x, y, weights)
    before = copy.deepcopy(step)
    run = watch(quiet=True)
    give(run, step)
    run.report()
    for part in ("weights", "gradients", "cache"):
        ours: Arrays = getattr(before, part)
        assert all(np.array_equal(values, ours[name]) for name, values in getattr(step, part).items())


@pytest.mark.parametrize("axis", [0, None])
def test_a_softmax_over_the_samples_is_named(axis: int | None) -> None:
    rng = np.random.default_rng(2)
    x, w, labels = rng.normal(size=(6, 3)), rng.normal(size=(3, 4)), rng.integers(0, 4, 6)
    z = x @ w
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    a = powers / powers.sum(axis=axis)
    delta = (a - np.eye(4)[labels]) / 6
    run = watch(quiet=True)
    run.step({"W1": w, "dW1": x.T @ delta, "Z1": z, "A1": a}, None, x, labels)
    assert "update 1: A1 is softmax over all samples together; divide by the sum over the units" in run.report()


def test_another_activation_than_the_one_that_was_named() -> None:
    run = watch(["relu", "sigmoid"], "binary_cross_entropy", quiet=True)
    for step in steps(2):
        give(run, step)
    assert "update 1: A1 is tanh of z; the activation of layer 1 is relu." in run.report()


@pytest.mark.parametrize(("name", "update"), [("adam", 1), ("momentum", 2), ("rmsprop", 1)])
def test_another_optimiser_than_the_one_that_was_named(name: str, update: int) -> None:
    run = watch(optimizer=name, learning_rate=RATE, quiet=True)
    for step in steps(5):
        give(run, step)
    report = [line for line in lines(run) if "weights change" in line]
    assert report == [f"update {update}: the weights change by sgd with η = 0.5, and not by {name}."]
    assert run.run().experiment.training.optimizer.name == "sgd"


def test_targets_that_are_broadcast_are_named() -> None:
    x, y, weights = planar()
    w1, b1, w2, b2 = (weights[name].T for name in ("W1", "b1", "W2", "b2"))
    hidden = np.tanh(x.T @ w1 + b1)
    output = sigmoid(hidden @ w2 + b2)
    delta = output - y.reshape(-1)  # (5, 1) − (5,)
    run = watch(["tanh", "sigmoid"], "binary_cross_entropy", quiet=True)
    run.step([w1, b1, w2, b2], {"dW2": hidden.T @ delta}, x.T, y.reshape(-1), {"dZ2": delta, "A2": output})
    sentence = "dZ2 is 5 × 5: the targets have another shape than the prediction, and NumPy broadcasts the two"
    assert sentence in run.report()


def test_arrays_of_another_batch_are_left_out() -> None:
    run = watch(quiet=True)
    for step in steps(2):
        run.step(
            {**step.weights, **step.gradients, "Z2": np.zeros((1, 99)), "dZ1": np.zeros((4, 2))}, None, step.x, step.y
        )
    assert "update 1: equal to" in run.report() and "Z2" not in run.report()


# The record


def test_the_record_of_a_right_program_opens_in_the_app(tmp_path: Path) -> None:
    run = watched(count=20)
    run.save(tmp_path / "run.nntui")
    content = (tmp_path / "run.nntui").read_bytes()
    session = restore_session(content, {})
    assert session.updates_done == 0 and session.run.finished == 20
    assert "updates 1 to 20: equal to" in session.experiment.preset.notes
    restored, _ = read_run(content)
    own = list(steps(21))
    for update in (0, 7, 20):
        assert np.allclose(restored.state_after(update).weights[0], own[update].weights["W1"], rtol=1e-9)
    assert len(restored.segments) == 1


def test_the_record_has_the_weights_of_the_program_where_its_updates_are_others(tmp_path: Path) -> None:
    run = watched("slope left out", count=6)
    run.save(tmp_path / "run.nntui")
    restored, _ = read_run((tmp_path / "run.nntui").read_bytes())
    for update, step in enumerate(steps(6, "slope left out")):
        assert np.array_equal(restored.state_after(update).weights[1], step.weights["W2"])
    trace = restored.trace(3)
    assert not np.allclose(trace.dw[0], list(steps(3, "slope left out"))[2].gradients["dW1"])


def test_the_start_is_saved_as_a_preset(tmp_path: Path) -> None:
    watched(count=2).save(tmp_path / "run.toml")
    experiment = open_experiment(str(tmp_path / "run.toml"))
    trace = Run.start(experiment).trace(1)
    step = next(steps(1))
    assert np.array_equal(trace.before.weights[0], step.weights["W1"])
    assert trace.loss == pytest.approx(step.loss, rel=1e-12)
    assert experiment.training.optimizer.learning_rate == pytest.approx(RATE)


def test_what_cannot_be_saved_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no pass to save yet"):
        watch(quiet=True).save(tmp_path / "run.nntui")
    with pytest.raises(InputError, match=r'"run.txt" must end in .nntui'):
        watched().save(tmp_path / "run.txt")
    for name in ("run.nntui", "run.toml"):
        with pytest.raises(FileNotFoundError, match="there is no folder"):  # as Network.save does
            watched().save(tmp_path / "none" / name)


def test_a_watch_without_a_call_says_what_to_do() -> None:
    assert watch(quiet=True).report() == "No update yet: call step in each step of the training."
    assert repr(watched()) == "<Watch: 3 updates>"


# The first example of a well-known blog: no biases, y − ŷ, a step that is added, and another loss that is printed


def test_an_old_favourite_with_two_signs_that_cancel() -> None:
    rng = np.random.default_rng(1)
    x = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    y = np.array([[0.0, 1.0, 1.0, 0.0]]).T
    first, second = 2.0 * rng.random((3, 4)) - 1.0, 2.0 * rng.random((4, 1)) - 1.0
    run = watch(quiet=True)
    for _ in range(5):
        hidden = sigmoid(x @ first)
        output = sigmoid(hidden @ second)
        error = y - output
        delta = error * output * (1.0 - output)
        hidden_delta = delta @ second.T * hidden * (1.0 - hidden)
        gradients = [x.T @ hidden_delta, hidden.T @ delta]
        run.step([first, second], gradients, x, y, loss=np.mean(np.abs(error)))
        first, second = first + gradients[0], second + gradients[1]
    report = run.report()
    assert "watching 3-4-1 (sigmoid, sigmoid); the loss is half_squared_error (sum)." in report
    assert "dW2 and dW1 are −1 times ours. The error was taken as y − ŷ; it is ŷ − y." in report
    assert "the update multiplies the gradients by −1, so that the weights change as ours do." in report


@pytest.mark.parametrize(
    ("activations", "loss", "reduction"),
    [
        (("tanh", "sigmoid"), "binary_cross_entropy", "mean"),
        (("relu", "softmax"), "cross_entropy", "mean"),
        (("sigmoid", "sigmoid"), "half_squared_error", "sum"),
        (("leaky_relu", "leaky_relu", "identity"), "mean_squared_error", "mean"),
        (("gelu", "identity"), "huber", "mean"),
        (("silu", "identity"), "mean_absolute_error", "mean"),
        (("softplus", "softmax"), "half_squared_error", "mean"),
        (("elu", "tanh"), "mean_squared_error", "sum"),
    ],
)
@pytest.mark.parametrize("has_loss", [True, False])
def test_activations_and_loss_are_found_out(
    activations: tuple[str, ...], loss: str, reduction: str, has_loss: bool
) -> None:
    rng = np.random.default_rng(5)
    x, targets = rng.normal(size=(12, 3)), np.eye(2)[rng.integers(0, 2, 12)]
    layers = (*(LayerSpec(4, name) for name in activations[:-1]), LayerSpec(2, activations[-1]))
    training = TrainingSpec(loss, "sum" if reduction == "sum" else "mean", shuffle=False)
    data = DataSpec(inputs=tuple(map(tuple, x.tolist())), targets=tuple(map(tuple, targets.tolist())))
    ours = Run.start(load_experiment(Preset("a", "", "", data, layers, training, seed=3)))
    run = watch(quiet=True)
    for update in (1, 2):
        trace = ours.trace(update)
        pairs, gradients = ((trace.before.weights, trace.before.biases), (trace.dw, trace.db))
        run.step(pairs, gradients, x, targets, loss=trace.loss if has_loss else None)
        ours.release(trace)
    names = ", ".join(activations)
    assert run.report().splitlines()[0].endswith(f"({names}); the loss is {loss} ({reduction}).")
    assert run.report().splitlines()[-1].startswith("updates 1 to 2: equal to 1")
