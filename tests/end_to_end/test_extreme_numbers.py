"""Tests of extreme numbers: the run reports the divergence, every view still works, and going back is exact.

Warnings are errors in every test, also those of NumPy.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.analysis import landscape
from nn_tui.core.analysis.gradcheck import gradient_check
from nn_tui.core.analysis.seeds import train_seeds
from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.explain.history import HistoryCache, compute_history
from nn_tui.core.explain.trace_json import trace_json
from nn_tui.core.explain.worked_example import worked_example
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import QUANTITIES, QuantityKey, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.presets import COURSE
from nn_tui.tui.app import NNTui
from nn_tui.tui.cli.main import main
from tests._app import DARK, AppTester, check_layer_view, check_replay, experiment
from tests.preset_texts import parse

TOO_FAST = 1e6
UPDATES = 120
NAMED = re.compile(r"update (\d+): .+ became (NaN|\+∞|−∞)")


def too_fast(name: str) -> Experiment:
    """Return a shipped preset with a million times its learning rate."""
    original = experiment(name)
    optimizer = original.training.optimizer
    fast = replace(optimizer, learning_rate=optimizer.learning_rate * TOO_FAST)
    return replace(original, training=replace(original.training, optimizer=fast))


def refs(run: Run, trace: Trace) -> Iterator[Ref]:
    """Yield the first and the last number of every quantity in every layer of a pass."""
    sizes, last = run.engine.sizes, trace.n - 1
    yield Ref("loss")
    keys = [QuantityKey(name) for name in QUANTITIES if name not in ("loss", "state_w", "state_b")]
    keys += [QuantityKey("w", after=True), QuantityKey("b", after=True)]
    for slot, after in itertools.product(run.engine.optimizer.slots, (False, True)):
        keys += [QuantityKey("state_w", slot, after), QuantityKey("state_b", slot, after)]
    for layer in range(len(sizes) - 1):
        for key in keys:
            if key.quantity == "slope" and run.engine.activations[layer].slope is None:
                continue
            units = {"x": sizes[0], "dx": sizes[layer], "y": sizes[-1], "term": sizes[-1]}
            yield key.at(layer)
            last_unit = units.get(key.quantity, sizes[layer + 1]) - 1
            yield key.at(layer, last_unit, sizes[layer] - 1 if key.is_weight else 0, last)


def compute_everything(run: Run, update: int) -> None:
    """Compute everything that the paused screen shows of a pass; nothing may raise but an InputError."""
    trace = run.trace(update)
    for ref in refs(run, trace):
        assert explain(run.engine, trace, ref).lines
        assert isinstance(value_of(run.engine, trace, ref), float)
    diagnose(run, trace, update)
    gradient_check(run.engine, trace, limit=4)
    compute_history(run, trace, Ref("w"), HistoryCache())
    passes, losses = run.losses.points()
    assert passes.shape == losses.shape
    run.release(trace)
    with contextlib.suppress(InputError):  # parameters that are too large have no landscape
        landscape.evaluate_grid(landscape.plan_grid(run, update, size=3))


def check_going_back(run: Run) -> None:
    """Check that going back gives the same bits as a run that never went further."""
    fresh = Run.start(run.segments[0].experiment)
    for update in sorted({0, run.reached // 2, max(0, run.reached - 3), run.reached - 1}):
        assert fresh.goto(update) == update and fresh.divergence is None
        assert run.state_after(update).array.tobytes() == fresh.state.array.tobytes()
        one, other = run.trace(update + 1), fresh.trace(update + 1)
        for mine, theirs in zip((*one.computed, one.after.array), (*other.computed, other.after.array), strict=True):
            assert np.array_equal(mine, theirs, equal_nan=True)
        run.release(one)
        fresh.release(other)


@pytest.mark.parametrize("name", COURSE)
def test_a_run_with_a_million_times_the_learning_rate_goes_back_exactly(name: str) -> None:
    run = Run.start(too_fast(name))
    run.train(UPDATES)
    finding = run.divergence
    if finding is None:
        assert run.position == UPDATES and np.isfinite(run.state.array).all()
    else:
        named = NAMED.fullmatch(str(finding.sentence))
        assert named and int(named[1]) == run.position == run.reached == finding.update
        assert run.train(5) == run.position, "nothing follows a divergence"
        assert run.goto(10**6) == run.position
        assert np.isfinite(run.state_after(run.position - 1).array).all()
    compute_everything(run, run.reached)
    check_going_back(run)
    assert run.goto(0) == 0
    assert run.state.array.tobytes() == run.segments[0].state.array.tobytes()


@pytest.mark.parametrize("name", ["xor", "xor-perceptron", "sine", "iris", "too-fast"])
def test_the_reports_of_a_diverging_run(name: str) -> None:
    fast = too_fast(name)
    for update in (1, 2, 5):
        assert worked_example(fast, update)
        text = json.dumps(trace_json(fast, update), allow_nan=False)
        assert json.loads(text)["update"] == update
    seeds = train_seeds(fast, 3, 20) if name != "xor-perceptron" else None
    if seeds is not None:
        assert len(seeds.results) == 3
        seeds.histogram()
        assert seeds.stuck is not None


# Inputs and targets near the limits of a float

EDGE = """
[data]
inputs = [[1e308, -1e308], [1e308, 1e308], [5e-324, -1e308], [0, 0]]
targets = [[1], [0], [1], [0]]
[[layers]]
units = 2
activation = "{hidden}"
[[layers]]
units = {units}
activation = "{output}"
[training]
loss = "{loss}"
batch_size = 3
l2 = 1e-3
[training.optimizer]
name = "{optimizer}"
learning_rate = {rate}
"""
COMBINATIONS = [
    (hidden, output, loss, optimizer)
    for place, loss in enumerate(LOSSES)
    for output in (LOSSES[loss].outputs or ("identity", "sigmoid", "relu", "softmax"))
    for hidden, optimizer in zip(
        [name for name in ACTIVATIONS if name != "softmax"], [*OPTIMIZERS, *OPTIMIZERS][place:], strict=False
    )
]


RATES = ("1e-300", "0.1", "1e300")


@pytest.mark.parametrize(
    ("hidden", "output", "loss", "optimizer", "computed"),
    [(*names, rate) for names, rate in zip(COMBINATIONS, itertools.cycle(RATES), strict=False)],
)
def test_inputs_of_1e308(hidden: str, output: str, loss: str, optimizer: str, computed: str) -> None:
    units = 2 if output == "softmax" else 1
    for rate in RATES:
        text = EDGE.format(hidden=hidden, output=output, loss=loss, optimizer=optimizer, rate=rate, units=units)
        if units == 2:
            text = text.replace("[[1], [0], [1], [0]]", "[[1, 0], [0, 1], [1, 0], [0, 1]]")
        run = Run.start(load_experiment(parse(text)))
        run.train(6)
        assert run.position == (6 if run.divergence is None else run.divergence.update)
        if rate == computed:
            compute_everything(run, run.reached)
        check_going_back(run)
        run.goto(0)
        assert run.goto(3, past_divergence=True) == 3


def test_targets_of_1e308() -> None:
    for loss in ("half_squared_error", "mean_squared_error", "mean_absolute_error", "huber"):
        text = EDGE.format(hidden="tanh", output="identity", loss=loss, optimizer="sgd", rate=0.1, units=1)
        run = Run.start(
            load_experiment(parse(text.replace("[[1], [0], [1], [0]]", "[[1e308], [-1e308], [1e308], [0]]")))
        )
        run.train(4)
        compute_everything(run, run.reached)
        check_going_back(run)


# NaN and infinities in the data, and constant columns


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "+nan", "1e400"])
@pytest.mark.parametrize("key", ["inputs", "targets", "weights", "bias"])
def test_numbers_that_are_not_finite_are_rejected(key: str, value: str) -> None:
    cell = {"inputs": "0, 0", "targets": "[1]", "weights": "1, 1", "bias": "1, 1"}[key]
    spoiled = {"inputs": f"0, {value}", "targets": f"[{value}]", "weights": f"1, {value}", "bias": f"1, {value}"}[key]
    text = """
[data]
inputs = [[0, 0], [2, 3]]
targets = [[1], [0]]
[[layers]]
units = 2
weights = [[1, 1], [2, 2]]
bias = [1, 1]
[[layers]]
units = 1
[training]
loss = "half_squared_error"
"""
    line = next(line for line in text.split("\n") if line.startswith(key))
    assert cell in line
    with pytest.raises(InputError, match=rf"{key}\[.*not a finite number") as caught:
        load_experiment(parse(text.replace(line, line.replace(cell, spoiled, 1))))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("value", ["inf", "-Infinity", "1e999", "-1e999"])
@pytest.mark.parametrize("place", [0, 1])
def test_numbers_in_a_csv_file_that_are_not_finite_are_rejected(tmp_path: Path, value: str, place: int) -> None:
    path = tmp_path / "d.csv"
    path.write_text("a,y\n1,2\n" + ",".join([value, "3"] if place == 0 else ["3", value]) + "\n3,4\n")
    with pytest.raises(InputError, match=r"d\.csv: line 3, column"):
        load_experiment(find_preset(str(path)))


@pytest.mark.parametrize("constant", [0.0, -0.0, 0.1, 5e-324, 1e-200, 3e7, 1e150, 1e308])
def test_a_constant_column_is_standardised_to_zero(constant: float) -> None:
    rows = [[constant, float(value)] for value in (1, 2, 3, 4)]
    text = EDGE.format(
        hidden="tanh", output="sigmoid", loss="binary_cross_entropy", optimizer="adam", rate=0.1, units=1
    )
    text = re.sub(r"inputs = .*", f"inputs = {rows}\nstandardize = true", text)
    problem = load_experiment(parse(text))
    assert not problem.data.x[:, 0].any()
    assert problem.data.x_scale[0] == 1.0 and problem.data.x_mean[0] == constant
    run = Run.start(problem)
    run.train(20)
    assert run.divergence is None
    compute_everything(run, 20)


def two_values(column: list[float]) -> str:
    """Return a preset that standardises a column in which two values alternate."""
    text = EDGE.format(hidden="tanh", output="sigmoid", loss="binary_cross_entropy", optimizer="sgd", rate=0.1, units=1)
    rows = [[value, 1.0] for value in column * 2]
    return re.sub(r"inputs = .*", f"inputs = {rows}\nstandardize = true", text)


@pytest.mark.parametrize("column", [[0.0, 1e308], [-1e308, 1e308], [1e308, 1e308 * (1 - 1e-15)]])
def test_a_column_too_large_to_standardise_is_rejected(column: list[float]) -> None:
    with pytest.raises(InputError, match=r"data\.standardize: the inputs are too large to standardise"):
        load_experiment(parse(two_values(column)))


@pytest.mark.parametrize("largest", [1e100, 1e150])
def test_a_column_of_large_numbers_is_standardised(largest: float) -> None:
    data = load_experiment(parse(two_values([0.0, largest]))).data
    assert data.x[:, 0].tolist() == pytest.approx([-1.0, 1.0, -1.0, 1.0])


@pytest.mark.parametrize("feature", ["x1^2", "x1*x2"])
def test_features_that_overflow_are_rejected(feature: str) -> None:
    with pytest.raises(InputError, match=r"data\.features: .* overflows in row 1"):
        load_experiment(parse(with_feature(feature)))


def test_a_bounded_feature_of_1e308_is_finite() -> None:
    assert np.isfinite(load_experiment(parse(with_feature("sin(x1)"))).data.x).all()


def with_feature(feature: str) -> str:
    """Return a preset with inputs of 1e308 and a feature."""
    text = EDGE.format(hidden="tanh", output="sigmoid", loss="binary_cross_entropy", optimizer="sgd", rate=0.1, units=1)
    return text.replace("[data]", f'[data]\nfeatures = ["{feature}"]')


def test_the_command_line_reports_the_divergence(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(
        EDGE.format(hidden="relu", output="identity", loss="half_squared_error", optimizer="sgd", rate=0.1, units=1)
    )
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert main(["train", str(path), "--updates", "50"]) == 0
        assert main(["trace", str(path)]) == 0
    assert re.search(r"^nn-tui: training diverged and stopped: update \d+: .* became ", err.getvalue())
    assert err.getvalue().count("\n") == 1
    assert "diverged" in out.getvalue()


# On screen: every view, with numbers that are not finite

VIEWS = (*"12BB3", "semicolon", *"4yy5vvvvLE6di", "escape")
SHOWN = ("xor", "sine", "digits", "penguins", "xor-perceptron", "mazur", "autoencoder")


@pytest.mark.parametrize("name", SHOWN)
def test_every_view_draws_a_diverging_run(name: str) -> None:
    async def play() -> None:
        app = NNTui(too_fast(name), DARK)
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            for key in ("n", "n", "n"):
                await tester.press(key)
            for key in VIEWS:
                await tester.press(key)
            check_layer_view(tester.session)
            await tester.press("p", "backspace", "up", "enter", "escape", "g", "escape", "w", "escape")
            check_layer_view(tester.session)
            check_replay(tester.session)
            await tester.press("t", *"60", "enter")
            await tester.wait_until(lambda: not tester.session.running)
            await tester.settle()
            finding = tester.session.run.divergence
            if finding is not None:
                await tester.wait_until(lambda: tester.session.updates_done == finding.update)
                await tester.wait_until(
                    lambda: str(finding.sentence) in tester.text("message") and "✕" in tester.text("timeline")
                )
            for key in VIEWS:
                await tester.press(key)
            await tester.press("p", "backspace", "p")
            check_replay(tester.session)
            await tester.press("0", "f", "b")
            await tester.wait_until(lambda: tester.session.updates_done == 0)

    asyncio.run(play())


FAR_OUT = {
    "plane": ("[[1e308, -1e308], [1e308, 1e308], [5e-324, -1e308], [0, 0]]", "[[1], [0], [1], [0]]", "relu"),
    "line": ("[[1e307], [-1e307], [5e-324], [0]]", "[[1], [0.5], [1], [0]]", "relu"),
    "answers": ("[[1], [2], [3], [4]]", "[[1e308], [-1e308], [5e-324], [0]]", "tanh"),
    "many": ("[[1e308, 1, -1e308], [1, 1, 1], [1e308, 1, 2], [0, 0, 1]]", "[[1e308], [0], [1], [0]]", "gelu"),
}


@pytest.mark.parametrize("name", FAR_OUT)
def test_every_view_draws_data_of_1e308(name: str) -> None:
    inputs, targets, hidden = FAR_OUT[name]
    text = EDGE.format(hidden=hidden, output="identity", loss="half_squared_error", optimizer="adam", rate=0.1, units=1)
    text = re.sub(r"inputs = .*", f"inputs = {inputs}", re.sub(r"targets = .*", f"targets = {targets}", text))

    async def play() -> None:
        app = NNTui(load_experiment(parse(text)), DARK)
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            for key in ("f", "b", "u", *VIEWS, "g", "escape", "enter", "escape", "w", "escape", "p", *VIEWS):
                await tester.press(key)
            check_layer_view(tester.session)
            check_replay(tester.session)

    asyncio.run(play())
