"""Tests of the network as a program uses it: made, opened, trained, moved, changed, saved and exported."""

from __future__ import annotations

import copy
import pickle
import signal
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core import InputError, Network
from nn_tui.core.engine.blas import threads_in_use, use_threads
from nn_tui.core.figure.figures import FIGURES
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.tui.__main__ import main
from nn_tui.tui.saved.readers import open_document
from tests.core.library._frames import NA, Frame, Series

X = [[0, 0], [0, 1], [1, 0], [1, 1]]
Y = [0, 1, 1, 0]


def xor() -> Network:
    """Return a small network."""
    return Network([2, 4, 1], X, Y, learning_rate=1.0, seed=3)


# Made and opened


def test_it_trains_like_the_run_of_a_preset() -> None:
    net, run = Network.open("xor"), Run.start(open_experiment("xor"))
    assert net.train(30) is net
    run.train(30)
    for own, expected in zip((*net.weights, *net.biases), (*run.state.weights, *run.state.biases), strict=True):
        assert np.array_equal(own, expected)
    assert (net.updates, net.epochs, net.sizes, net.run.position) == (30, 30, (2, 4, 1), 30)


COLUMNS = {"p": [0, 0, 1, 1], "q": [0, 1, 0, 1]}


@pytest.mark.parametrize(
    "x", [X, np.array(X), np.array(X, dtype=np.float32), tuple(map(tuple, X)), COLUMNS, Frame(COLUMNS)]
)
@pytest.mark.parametrize("y", [Y, np.array(Y), [[0], [1], [1], [0]], [False, True, True, False], Series(Y, "target")])
def test_rows_may_have_any_usual_form(x: object, y: object) -> None:
    net = Network([2, 4, 1], x, y, learning_rate=1.0, seed=3).train(100)
    assert np.array_equal(net.losses, xor().train(100).losses)
    rows = {"q": [1, 1], "p": [0, 1]} if not isinstance(x, list | tuple | np.ndarray) else [[0, 1], [1, 1]]
    assert np.array_equal(net.outputs(rows), xor().train(100).outputs([[0, 1], [1, 1]]))


def test_defaults_follow_from_the_targets() -> None:
    def parts(y: object, outputs: int, **options: object) -> tuple[str, str]:
        net = Network([2, 3, outputs], X, y, **options)  # type: ignore[arg-type]
        return net.experiment.layers[-1].activation, net.experiment.training.loss

    assert parts(Y, 1) == ("sigmoid", "binary_cross_entropy")
    assert parts(["a", "b", "c", "a"], 3) == ("softmax", "cross_entropy")
    assert parts(["a", "b", "a", "b"], 1) == ("sigmoid", "binary_cross_entropy")
    assert parts(["a", "b", "a", "b"], 2) == ("softmax", "cross_entropy")
    assert parts([3, 1, 2, 3], 3) == ("softmax", "cross_entropy")
    assert parts(np.eye(4)[:, :3], 3) == ("sigmoid", "binary_cross_entropy")  # the last row has no class
    assert parts(np.eye(4), 4) == ("softmax", "cross_entropy")
    assert parts([-1, 1, 1, -1], 1) == ("tanh", "mean_squared_error")
    assert parts([0.5, 2.0, 1.0, 3.0], 1) == ("identity", "mean_squared_error")
    assert parts(Y, 1, loss="perceptron") == ("identity", "perceptron")
    assert parts(Y, 1, output_activation="tanh") == ("tanh", "mean_squared_error")
    assert parts(Y, 1, activation=["relu", "identity"]) == ("identity", "mean_squared_error")


def test_weights_are_taken_as_they_are() -> None:
    weights = [np.array([[0.15, 0.2], [0.25, 0.3]]), np.array([[0.4, 0.45], [0.5, 0.55]])]
    net = Network(
        [2, 2, 2], [[0.05, 0.1]], [[0.01, 0.99]], activation="sigmoid", output_activation="sigmoid",
        loss="half_squared_error", weights=weights, biases=[[0.35, 0.35], [0.6, 0.6]],
    )  # fmt: skip
    assert all(map(np.array_equal, net.weights, weights))
    assert net.trace().loss == pytest.approx(0.298371109, abs=1e-9)  # Mazur's article
    arrays = {"W1": weights[0] + 1, "b1": [0, 0], "W2": weights[1], "b2": [0, 0]}
    with pytest.warns(UserWarning, match="W1 and W2 are square: a row was taken for the weights of a unit"):
        named = Network.open("mazur", weights=arrays)
    assert np.array_equal(named.weights[0], weights[0] + 1) and not named.biases[1].any()


def test_a_data_frame_opens_like_a_file() -> None:
    count = 40
    frame = Frame(
        {
            "age": [20 + number if number % 7 else NA for number in range(count)],
            "sex": ["f" if number % 3 else "m" for number in range(count)],
            "port": [("S", "C", "Q", None)[number % 4] for number in range(count)],
            "survived": [("no", "yes")[number % 3 > 0] for number in range(count)],
        }
    )
    net = Network.open(frame, target="survived").train(200)
    assert net.classes == ("no", "yes") and len(net.data.x_test) == 12
    rows = {"port": ["S", "C"], "sex": ["m", "f"], "age": [30, None]}
    assert net.predict(rows).tolist() == ["no", "yes"]
    assert net.predict([[30, "m", "S"], [None, "f", "C"]]).tolist() == ["no", "yes"]
    assert net.predict_proba(rows).shape == (2, 2)
    inputs = {name: frame[name] for name in ("age", "sex", "port")}
    made = Network([net.sizes[0], 3, 1], inputs, frame["survived"], standardize=True, learning_rate=0.5)
    assert made.train(100).predict(rows).tolist() == ["no", "yes"]


def test_many_rows_take_the_same_numbers_as_few() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50_001, 4))
    y = (x[:, 0] > 0).astype(float)
    net = Network([4, 1], x, y, batch_size=50_001, loss="binary_cross_entropy")
    assert net.run.experiment.preset.data.inputs is None and np.array_equal(net.data.x, x)
    assert net.train(2).losses[1] < net.losses[0]
    assert net.predict(x).shape == (50_001,) and set(net.predict(x[:100]).tolist()) <= {0, 1}
    several = Network([201, 2], np.zeros((1_000, 201)), np.ones((1_000, 2)))
    assert several.sizes == (201, 2) and several.train(1).updates == 1


# Numbers


def test_predictions_have_the_form_of_the_targets() -> None:
    net = xor().train(500)
    assert net.predict(X).tolist() == Y and net.predict(X).dtype == np.int64 and net.classes == (0, 1)
    assert np.allclose(net.predict_proba(X).sum(axis=1), 1) and net.outputs(X).shape == (4, 1)
    numbers = Network([2, 1], X, [10.0, 20.0, 30.0, 40.0], standardize_target=True, learning_rate=0.5).train(100)
    assert numbers.predict(X) == pytest.approx([10, 20, 30, 40], abs=1e-6)
    two = Network([2, 2], X, [[1.5, 2], [3, 4], [5, 6], [7, 8]]).predict(X)
    assert two.shape == (4, 2)
    one_hot = Network([2, 3, 2], X, np.eye(2)[Y], learning_rate=2.0, seed=3).train(1000).predict(X)
    assert one_hot.tolist() == np.eye(2)[Y].tolist()
    with pytest.raises(InputError, match="predict returns numbers"):
        numbers.predict_proba(X)


def test_rows_that_it_has_not_seen_have_a_score() -> None:
    assert xor().train(500).score(X, Y) == 1.0 and xor().train(500).score([[0, 1], [1, 1]], [1, 1]) == 0.5
    named = Network([2, 4, 2], X, ["a", "b", "b", "a"], learning_rate=2.0, seed=3).train(500)
    assert named.score(X[:3], Series(["a", "b", "a"], "name")) == pytest.approx(2 / 3)
    for y in (["1", "2", "2", "1"], [1.0, 2.5, 2.5, 1.0], [False, True, True, False]):
        assert Network([2, 4, 2], X, y, learning_rate=2.0, seed=3).train(500).score(X, y) == 1.0
    one_hot = Network([2, 4, 2], X, np.eye(2)[Y], learning_rate=2.0, seed=3).train(500)
    assert one_hot.score(X, np.eye(2)[Y]) == 1.0
    numbers = Network([2, 1], X, [1.0, 2.0, 3.0, 4.0], standardize=True, learning_rate=0.3).train(20)
    assert numbers.score(X, [1.0, 2.0, 3.0, 4.0]) == pytest.approx(numbers.evaluate().r2)
    for y, text in (
        ([1.0], "y: it has 1 row, but x has 4"),
        ([1.0] * 4, "y: R² is not defined"),
        (list("abcd"), "y: it must have"),
    ):
        with pytest.raises(InputError, match=text):
            numbers.score(X, y)


def test_a_pass_is_never_overwritten() -> None:
    net = xor()
    first = net.trace(1)
    copies = [array.copy() for arrays in (first.z, first.a, first.dz, first.dw, first.db) for array in arrays]
    late = net.trace(1)
    net.train(50)
    for array, before in zip(
        (a for arrays in (late.z, late.a, late.dz, late.dw, late.db) for a in arrays), copies, strict=True
    ):
        assert np.array_equal(array, before) and not array.flags.writeable
    assert np.array_equal(late.w_after[0], net.goto(1).weights[0])
    assert late.value("w1[1,2]'") == net.weights[0][0, 1]


def test_a_pass_has_the_gradients_of_its_loss() -> None:
    net = Network.open("iris").edit(batch_size=50)
    seen = net.trace(3)
    assert (net.updates, seen.number, seen.epoch, len(seen.rows), len(seen.x)) == (0, 3, 1, 5, 5)
    for layer in range(2):
        inputs = seen.a[layer - 1] if layer else seen.x
        assert np.allclose(seen.dw[layer], seen.dz[layer].T @ inputs)
        assert np.allclose(seen.db[layer], seen.dz[layer].sum(axis=0))
    assert np.allclose(seen.dx, seen.dz[0] @ seen.w[0]) and seen.da[0].shape == seen.a[0].shape
    assert np.array_equal(seen.x, net.data.x[seen.rows])


def test_an_explanation_is_a_text_and_more_in_a_notebook() -> None:
    explained = xor().explain("dw1[1,1]")
    assert "Σ" in str(explained) and float(explained) == explained.value == xor().trace().dw[0][0, 0]
    assert explained.markdown().startswith(r"$\partial L/\partial w_{1}[1,1] = \sum _{n} \delta _{1}[1]\cdot x[1]$")
    assert r"- $\delta$ includes the factor $\frac{1}{4}$ of the mean." in explained.markdown().splitlines()
    assert explained._repr_markdown_() == explained.markdown() and r"\begin{itemize}" in explained._repr_latex_()
    assert repr(explained) == str(explained) and len(explained.text(None)) > len(explained.text(2))


def test_every_loss_is_there_also_of_a_long_run(tmp_path: Path) -> None:
    net, other = xor(), xor()
    net.train(13_000)
    other.train(1_000).train(2_000)
    assert len(net.losses) == 13_000 and np.isfinite(net.losses).all()
    assert np.array_equal(net.losses[:3_000], other.losses)
    assert net.losses[6_000] == net.trace(6_001).loss
    again = Network.open(net.save(tmp_path / "long.nntui")).losses
    known = np.isfinite(again)
    assert known[-4096:].all() and np.array_equal(again[known], net.losses[known])


# Time


def test_it_goes_back_and_forth_to_the_same_bits() -> None:
    net = xor().train(40)
    weights = net.weights
    assert net.goto(7).updates == 7 and len(net.losses) == 7
    assert np.array_equal(net.goto(40).weights[0], weights[0])
    assert net.undo().updates == 7 and net.undo().updates == 40 and net.undo().updates == 0
    with pytest.raises(InputError, match="nothing to undo"):
        net.undo()


def test_curves_end_at_the_present_update() -> None:
    net = xor().train(40)
    assert [item.update for item in net.evaluations] == list(range(41))
    assert net.evaluations[-1].train_loss == net.evaluate().loss
    assert [item.update for item in net.goto(7).evaluations] == list(range(8))


def test_an_edit_starts_from_the_present_update_and_can_be_undone() -> None:
    net = xor().train(20).goto(10)
    net.edit(eta=0.25, optimizer="momentum").edit("momentum = 0.5; freeze w1")
    training = net.experiment.training
    assert (training.optimizer.name, training.optimizer.learning_rate) == ("momentum", 0.25)
    assert dict(training.optimizer.options)["momentum"] == 0.5 and not net.experiment.layers[0].train_weights
    frozen = net.weights[0]
    assert np.array_equal(net.train(5).weights[0], frozen) and len(net.losses) == 15
    assert net.undo().undo().undo().updates == 10 and net.experiment.training.optimizer.name == "sgd"
    assert net.goto(20).updates == 20 and np.array_equal(net.weights[0], xor().train(20).weights[0])


def test_edits_take_arrays_switches_and_numbers_of_numpy() -> None:
    net = xor()
    net.edit(w1=np.full((4, 2), 0.5), b2=[1.25], shuffle=False, batch_size=np.int64(2), l2=np.float64(0.5))
    assert (net.weights[0] == 0.5).all() and net.biases[1] == [1.25]
    training = net.experiment.training
    assert (training.shuffle, training.batch_size, training.l2) == (False, 2, 0.5)
    before = net.run
    assert net.edit(shuffle=False).run is before, "a value that is in force changes nothing"
    net.edit("x2 = 0.75", sample=3)
    assert net.data.x[2, 1] == 0.75


def test_a_copy_goes_its_own_way() -> None:
    net = xor().train(10)
    for other in (net.copy(), copy.copy(net), copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert np.array_equal(other.weights[0], net.weights[0]) and np.array_equal(other.losses, net.losses)
        other.edit("eta = 0.1").train(5)
        assert (net.updates, net.experiment.training.optimizer.learning_rate) == (10, 1.0)
    assert np.array_equal(net.train(10).weights[1], xor().train(20).weights[1])


def test_networks_train_in_threads_at_the_same_time() -> None:
    net = xor().train(3)
    others = [net, *(net.copy() for _ in range(3))]
    threads = [threading.Thread(target=other.train, args=(300,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(other.weights[0], xor().train(303).weights[0]) for other in others)


def test_a_run_that_diverges_stops_with_a_warning() -> None:
    net = Network([1, 1], [[1e3], [2e3]], [1.0, 3.0], learning_rate=1e3)
    with pytest.warns(RuntimeWarning, match="training diverged: .* is not finite|training diverged"):
        net.train(1000)
    assert 0 < net.updates < 1000 and net.divergence and "diverged" in repr(net)
    with pytest.raises(InputError, match="diverges before pass"):
        net.trace(900)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not net.goto(1).divergence


def test_a_network_that_has_diverged_says_so_in_each_call() -> None:
    net = Network([1, 1], [[1e3], [2e3]], [1.0, 3.0], learning_rate=1e3)
    with pytest.warns(RuntimeWarning, match="training diverged: ") as caught:
        net.train(1000)
    assert caught[0].filename == __file__
    updates = net.updates
    with pytest.warns(RuntimeWarning, match="no update was made, because training has diverged: ") as caught:
        assert net.train(5).updates == updates
    assert caught[0].filename == __file__
    with pytest.warns(RuntimeWarning, match="the network that predicts has diverged: .* Go back with goto") as caught:
        assert abs(net.predict([[1.0]])[0]) > 1e100
    assert caught[0].filename == __file__


def test_an_interrupt_ends_training_between_two_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    net, calls = xor(), [0]
    real = net.run.train

    def interrupted(count: int | None = None, *, should_stop: Callable[[], bool] | None = None) -> int:
        calls[0] += 1
        if calls[0] == 2:
            signal.raise_signal(signal.SIGINT)
        return real(count, should_stop=should_stop)

    monkeypatch.setattr(net.run, "train", interrupted)
    with pytest.raises(KeyboardInterrupt):
        net.train(1_000_000)
    assert 0 < net.updates < 10_000 and len(net.losses) == net.updates
    calls[0] = 0
    with pytest.raises(KeyboardInterrupt):
        net.trace(1_000_000)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    updates = net.updates
    assert np.array_equal(net.train(10).weights[0], xor().train(updates + 10).weights[0])


def test_the_threads_of_blas_stay_as_they_were() -> None:
    use_threads(2)
    xor().train(5).trace()
    assert threads_in_use() <= {2}


# Files


def test_a_document_is_opened_by_the_app_and_by_the_library(tmp_path: Path) -> None:
    net = xor().train(30).edit("eta = 0.5").train(5).goto(33)
    path = net.save(tmp_path / "mine.nntui")
    session = open_document(path)
    assert session.updates_done == 33 and np.array_equal(session.state.weights[0], net.weights[0])
    again = Network.open(path)
    assert (again.updates, repr(again)) == (33, repr(net)) and np.array_equal(again.losses, net.losses)
    assert np.array_equal(again.goto(35).weights[0], net.goto(35).weights[0])


@pytest.mark.parametrize("ending", [".toml", ".npz", ".csv"])
def test_it_is_exported_by_the_ending_of_the_name(tmp_path: Path, ending: str) -> None:
    net = xor().train(30)
    written = net.export(tmp_path / f"mine{ending}")
    assert written[0] == tmp_path / f"mine{ending}" and all(path.stat().st_size for path in written)
    if ending == ".toml":
        assert np.array_equal(Network.open(written[0]).weights[1], net.weights[1])
    if ending == ".npz":
        assert np.array_equal(Network.open("xor", weights=written[0]).weights[0], net.weights[0])


@pytest.mark.parametrize(("view", "updates"), [("network", 0), *((view, 20) for view in FIGURES)])
def test_a_figure_is_that_of_the_command(view: str, updates: int, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    net = Network.open("xor").train(updates)
    svg = net.figure(view)
    assert main(["figure", "xor", "--updates", str(updates), "--view", view]) == 0
    assert svg == svg._repr_svg_() == capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize("at", ["3.backward", "3", "0", "30.dz.1"])
def test_a_figure_of_another_moment_is_that_of_the_command(at: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    net = Network.open("xor").train(5)
    svg = net.figure("layer", at=at)
    assert (net.updates, len(net.losses)) == (5, 5) and np.isfinite(net.train(30).losses).all()
    assert main(["figure", "xor", "--view", "layer", "--at", at]) == 0
    assert svg == capsysbinary.readouterr().out.decode()


def test_a_folder_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    for write in (xor().save, xor().export):
        with pytest.raises(FileNotFoundError):
            write(tmp_path / "none" / "mine.nntui" if write.__name__ == "save" else tmp_path / "none" / "mine.npz")


# How it is shown, and what is refused


def test_it_says_what_it_is() -> None:
    net = xor()
    what = "Network 2-4-1 (tanh, sigmoid); loss binary_cross_entropy; sgd, learning rate 1"
    assert repr(net) == f"{what}\n4 training rows; not trained"
    assert repr(net.train(2)).endswith("4 training rows; 2 updates; the loss of the last pass was 0.701239")
    html = Network([2, 3, 1], X, Y, title="<b>mine</b>").train(1)._repr_html_()
    assert "<td>3 × 2</td>" in html and "&lt;b&gt;mine&lt;/b&gt;" in html and "<b>" not in html
    assert repr(net.trace(2)) == "Pass 2 (epoch 2): 4 samples, loss 0.701239"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: Network([2, 1], X, Y, activation=[], loss="mse"),
            'loss: "mse" is not a loss. Did you mean "mean_squared_error"?',
        ),
        (
            lambda: Network([2, 3, 1], X, Y, activation="rellu"),
            'activation: "rellu" is not an activation. Did you mean "relu"?',
        ),
        (
            lambda: Network([2, 3, 1], X, Y, optimizer="adm"),
            'optimizer: "adm" is not an optimiser. Did you mean "adam"?',
        ),
        (lambda: Network([2, 3, 1], X, Y, init="xavier"), "init: "),
        (lambda: Network([2, 3, 1], X, Y, schedule="cosin"), 'schedule: "cosin" is not a schedule'),
        (
            lambda: Network([2, 3, 1], X, Y, optimizer={"name": "adam", "beta3": 1}),
            "beta3: there is no such key. Did you mean",
        ),
        (lambda: Network([2, 3, 1], X, Y, learning_rate=-1), "learning_rate: -1 is out of range"),
        (lambda: Network([2, 3, 1], X, Y, batch_size=0), "batch_size: 0 is not between"),
        (
            lambda: Network([3, 1], X, Y),
            "sizes[0]: the first number is 3, but the data give the network 2 inputs; write 2.",
        ),
        (
            lambda: Network([2, 1], {"p": list("abca"), "q": [1, 2, 3, 4]}, Y),
            "sizes[0]: the first number is 2, but the data give the network 4 inputs; write 4. Each category is",
        ),
        (lambda: Network([2], X, Y), "sizes: give the units of each layer"),
        (lambda: Network([2, 4, 3], X, ["a", "b", "a", "b"]), "sizes[2]: 3 does not fit the data"),
        (lambda: Network([2, 1], X, [0, 1]), "y: it has 2 rows, but x has 4"),
        (lambda: Network([2, 1], [[1, 2], [3]], [0, 1]), "x: its rows have different lengths"),
        (lambda: Network([2, 1], [1, 2], [0, 1]), "x: it has the shape (2,); give rows"),
        (lambda: Network([2, 1], [[0, float("inf")], [1, 1]], [0, 1]), "x: inf in row 1"),
        (lambda: Network([2, 1], {"p": [1, 2], "q": [3]}, [0, 1]), 'column "q" has 1 row, but the first column has 2.'),
        (lambda: Network([2, 1], [[10**400, 1], [2, 3]], [0, 1]), 'x: inf in row 1 of column "x1" is not a finite'),
        (lambda: Network([2, 1], X, Y, weights=[[[1, 2, 3]]]), "weights[0]: 1 × 3 does not fit; it must be 1 × 2"),
        (lambda: Network([2, 1], X, Y, weights=[]), "weights: it has 0 arrays"),
        (lambda: Network([2, 1], X, Y, biases=[[float("nan")]]), "biases[0]: it has a number that is not finite"),
        (lambda: Network.open("xr"), 'there is no preset "xr". Did you mean "xor"?'),
        (lambda: Network.open("none.nntui"), "none.nntui: it cannot be read: no such file or directory."),
        (lambda: Network.open(""), 'there is no preset ""'),
        (lambda: Network([2, 1], X, Y, loss="log_loss"), 'Did you mean "binary_cross_entropy" or "cross_entropy"?'),
        (lambda: Network([2, 1], X, Y, init="he"), 'Did you mean "he_normal" or "he_uniform"?'),
        (lambda: Network([2, 1], X, Y, init="glorot"), 'Did you mean "xavier_uniform" or "xavier_normal"?'),
        (
            lambda: Network([2, 1], X, Y, optimizer={"name": "adam", "betas": (0.8, 0.9)}),
            'Did you mean "beta1" or "beta2"?',
        ),
        (lambda: Network([2, 1], [], Y), "x: there is no row; give at least one."),
        (lambda: Network([1, 1], [1, 2], [0, 1]), "[[0.1], [0.2]] for two rows of one input."),
        (lambda: Network([2, 1], X, Y, output_activation="softmax"), 'output_activation: "softmax" needs an output'),
        (lambda: Network([2, 4, 1], X, Y, loss="cross_entropy"), "so two classes take 2 outputs"),
        (
            lambda: Network([2, 4, 1], X, Y, weights=[np.ones((2, 4)), np.ones((4, 1))]),
            "weights[0]: it is 2 × 4, a row for each input, but it needs a row for each unit; transpose it, as in W.T.",
        ),
        (lambda: xor().trace().value("dw1"), "dw1: these are 8 numbers; write one of them, such as dw1[4,2]."),
        (lambda: xor().explain("w1[3]"), "w1[3]: these are 2 numbers; write one of them, such as w1[3,2]."),
        (lambda: xor().explain("z1"), "z1: these are 4 numbers; write one of them, such as z1[4]."),
        (lambda: xor().trace().value("b1'"), "such as b1'[4]."),
        (lambda: xor().score([[0, 1]], [7]), "y[0]: 7 is not a class of this network; the classes are: 0, 1."),
        (lambda: xor().score(X, [0, None, 1, 1]), "y[1]: None is not a class"),
        (lambda: xor().score(X, [[0, 1]] * 4), "a row has 2 targets, but the network predicts 1"),
        (
            lambda: Network([2, 2], X, ["cat", "dog", "dog", "cat"]).score([[0, 1]], ["cot"]),
            'y[0]: "cot" is not a class of this network. Did you mean "cat"?',
        ),
        (lambda: Network([2, 2], X, np.eye(2)[Y]).score([[0, 1]], [[3, 0]]), "y: the targets of this network are rows"),
        (lambda: xor().predict([[float("inf"), 1]]), 'rows: inf in row 1 of column "x1" is not a finite number.'),
        (
            lambda: Network([3, 1], {"n": [1, 2, 3], "skin": ["fur", "leaf", "fur"]}, [0, 1, 1]).predict(
                [[1, "SCALES"]]
            ),
            'skin: "SCALES" is not one of its values, such as "fur" or "leaf".',
        ),
        (lambda: xor().explain("dww1[1,1]"), '"dww1[1,1]" is not the name of a number. Did you mean "dw1[1,1]"?'),
        (lambda: xor().explain("dw1[9,1]"), "layer 1 has units 1 to 4"),
        (lambda: xor().edit(lerning_rate=2), 'is not a setting. Did you mean "learning_rate"?'),
        (lambda: xor().edit(loss="mse"), 'loss: "mse" is not a loss'),
        (lambda: xor().edit("x1 = 2", sample=9), "sample: there is no sample 9"),
        (lambda: xor().edit(w1=[[1, 2]]), "w1: layer 1 has 4 units"),
        (lambda: xor().predict([[1, 2, 3]]), "rows: a row has 3 values, but the network takes 2: x1, x2."),
        (lambda: xor().predict([1, 2]), "rows: it has the shape (2,)"),
        (lambda: xor().predict([["a", 2]]), 'x1: "a" is not a number'),
        (lambda: xor().predict([[0, 1], [1, None]]), "rows[1].x2: the value is missing"),
        (lambda: xor().score([[1, 2, 3]], [1]), "x: a row has 3 values"),
        (
            lambda: Network([2, 1], {"p": [0, 1], "q": [1, 1]}, [0, 1]).predict({"p": [1]}),
            'rows: there is no column "q"',
        ),
        (lambda: xor().train(-1), "updates: -1 is not between"),
        (lambda: xor().trace(0), "number: 0 is not between"),
        (lambda: xor().evaluate("tset"), 'part: "tset" is not a part of the data. Did you mean "test"?'),  # type: ignore[arg-type]
        (lambda: xor().evaluate("test"), "part: there are no rows for testing"),
        (lambda: xor().figure("netwrok"), 'view: "netwrok" is not a figure. Did you mean "network"?'),
        (lambda: xor().figure(at="3.bakward"), 'at: "bakward" is neither a phase nor an operation'),
        (lambda: xor().save("mine.toml"), 'path: "mine.toml" does not end in .nntui; write for example "mine.nntui".'),
        (lambda: xor().export("mine.docx"), "has none of the endings"),
        (lambda: xor().export("mine.npz", "tensorflow"), "framework: "),  # type: ignore[arg-type]
    ],
)
def test_what_is_wrong_is_refused_in_a_sentence(call: Callable[[], object], text: str) -> None:
    with pytest.raises((ValueError, FileNotFoundError)) as caught:
        call()
    assert text in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: xor().train(),
        lambda: xor().train(1, epochs=1),
        lambda: xor().train(2.5),  # type: ignore[arg-type]
        lambda: xor().edit(),
        lambda: xor().edit(schedule={"name": "cosine"}),
        lambda: xor().edit(3),  # type: ignore[arg-type]
        lambda: xor().explain(None),  # type: ignore[arg-type]
        lambda: Network([2, 1], X, Y, loss=np.zeros(2)),  # type: ignore[arg-type]
        lambda: Network([2, 1], X, Y, optimizer=[[]]),  # type: ignore[arg-type]
        lambda: Network([2, 1], X, Y, weights=3),  # type: ignore[arg-type]
        lambda: Network([2, 1], X, Y, seed="1"),  # type: ignore[arg-type]
        lambda: Network.open([[1, 2]]),
        lambda: Network.open("xor", weights=[1]),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_call_is_a_type_error(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        call()


def test_only_a_table_has_categories_that_are_inputs() -> None:
    with pytest.raises(InputError) as caught:
        Network([2, 1], X, Y, features=["x1", "x2", "x1*x2"])
    assert str(caught.value) == "sizes[0]: the first number is 2, but the data give the network 3 inputs; write 3."


def test_a_row_without_a_target_is_left_out() -> None:
    with pytest.warns(UserWarning, match="^1 row has no target and is left out$") as caught:
        assert len(Network([2, 1], X, [0, 1, None, 1]).data.x) == 3
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="^2 rows have no target and are left out$") as caught:
        Network.open({"hours": [1, 2, 3, 4, 5], "passed": ["no", None, "yes", None, "yes"]}, target="passed")
    assert caught[0].filename == __file__
