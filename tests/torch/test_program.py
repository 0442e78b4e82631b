"""Programs for PyTorch, run by PyTorch: their losses, the arrays of each step of a pass, and their predictions."""

from __future__ import annotations

import contextlib
import io
import json
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nn_tui.core.data.input_rows import own_rows, row_positions
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.engine.steps import steps_of
from nn_tui.core.engine.trace import Trace
from nn_tui.core.export.values import ExportOptions
from nn_tui.core.export.write_program import write_notebook
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.program.program import program
from nn_tui.core.program.values import CodeLine, Program
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.run.predict import predict_rows
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment, ScheduleSpec, WarmupSpec
from nn_tui.presets import COURSE
from tests._reference import (
    COMBINATIONS,
    SCHEDULE_OPTIONS,
    SETTINGS,
    Combination,
    disagreement,
    experiment,
    in_setting,
    scheduled,
)

TOLERANCE = 1e-9
FILES = Path(__file__).parents[1] / "core" / "table" / "files"
torch.set_num_threads(1)
WITHOUT_MODULE: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "softmax": lambda z: torch.softmax(z, dim=1),
    "sigmoid": torch.sigmoid,
    "identity": lambda z: z,
}
STEP = ("rows = ", "optimizer.", "loss = ", "loss.")  # lines of an update
STEPPED = [
    *(Combination("tanh", "sigmoid", loss) for loss in LOSSES if LOSSES[loss].outputs is None),
    *(Combination("gelu", (LOSSES[loss].outputs or ("",))[0], loss) for loss in LOSSES if LOSSES[loss].outputs),
    Combination("identity", "softmax", "half_squared_error"),
    Combination("relu", "identity", "huber"),
]


def export(run: Run, update: int, folder: Path) -> Path:
    """Write the program at an update of a run, and return the path of the script."""
    run.goto(update)
    exported = program(checkpoint_at(run, update), "mine", "pytorch")
    script = folder / "mine.py"
    script.write_text(exported.text)
    for name, content in exported.files.items():
        (folder / name).write_bytes(content)
    return script


def printed_losses(script: Path, updates: int, monkeypatch: pytest.MonkeyPatch) -> dict[int, float]:
    """Run a script with ``--updates`` in this process, and return the loss that it prints for each update."""
    monkeypatch.setattr(sys, "argv", [str(script), "--updates", str(updates)])
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        runpy.run_path(str(script), run_name="__main__")
    return losses_in(output.getvalue())


def losses_in(output: str) -> dict[int, float]:
    """Return the losses by update of the lines ``update N loss L``; there is no other line."""
    lines = [re.fullmatch(r"update (\d+) loss (\S+)", line) for line in output.splitlines()]
    return {int(line[1]): float(line[2]) for line in lines if line}


def losses_of(run: Run, first: int, last: int) -> dict[int, float]:
    """Return the loss of each pass from ``first`` to ``last``."""
    losses = {}
    for update in range(first, last + 1):
        trace = run.trace(update)
        losses[update] = trace.loss
        run.release(trace)
        run.goto(update)
    return losses


def check(
    problem: Experiment, folder: Path, monkeypatch: pytest.MonkeyPatch, after: tuple[int, ...] = (4,), updates: int = 8
) -> None:
    """Compare the losses of the programs at some updates of a run with those of the run."""
    run = Run.start(problem)
    for update in after:
        script = export(run, update, folder)
        assert printed_losses(script, updates, monkeypatch) == pytest.approx(
            losses_of(run, update + 1, update + updates), rel=TOLERANCE, abs=0
        )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda combination: combination.id)
def test_every_allowed_combination(
    combination: Combination, optimizer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = SETTINGS[crc32(f"{combination.id}-{optimizer}".encode()) % len(SETTINGS)]
    check(in_setting(combination, setting, optimizer, shuffle=True), tmp_path, monkeypatch)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", LOSSES)
def test_reductions(loss: str, reduction: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = (LOSSES[loss].outputs or ("tanh",))[0]
    problem = experiment(Combination("tanh", output, loss), rows=7, batch_size=3, reduction=reduction)
    check(problem, tmp_path, monkeypatch)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_start_a_state_and_options(optimizer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    different = {
        "momentum": 0.5, "eps": 1e-3, "alpha": 0.8, "beta1": 0.5, "beta2": 0.9, "weight_decay": 0.3,
        "momentum_decay": 0.1,
    }  # fmt: skip
    options = tuple((name, different[name]) for name in OPTIMIZERS[optimizer].defaults)
    check(experiment(optimizer=optimizer, options=options), tmp_path, monkeypatch, after=(0, 1, 30))


def test_nesterov_without_momentum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(experiment(optimizer="nesterov", options=(("momentum", 0.0),)), tmp_path, monkeypatch, after=(0, 4))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(("l1", "l2"), [(0.02, 0.0), (0.0, 0.1), (0.02, 0.1)])
def test_penalties(optimizer: str, l1: float, l2: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(experiment(optimizer=optimizer, batch_size=2, l1=l1, l2=l2), tmp_path, monkeypatch)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("weights", [(1,), (0, 1, 2)])
@pytest.mark.parametrize("biases", [(0, 2), (0, 1, 2)])
def test_frozen_parameters(
    optimizer: str,
    weights: tuple[int, ...],
    biases: tuple[int, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = experiment(sizes=(3, 4, 3, 2), optimizer=optimizer, frozen_weights=weights, frozen_biases=biases)
    check(problem, tmp_path, monkeypatch, after=(0, 4))


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "nadam"])
@pytest.mark.parametrize("warmup", [None, WarmupSpec(0.1, 5)])
@pytest.mark.parametrize("per", ["update", "epoch"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules(
    name: str, per: Any, warmup: WarmupSpec | None, optimizer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In, at the end of and behind the warm-up, of updates or of epochs of three batches; and behind T_max.
    problem = scheduled(name, per, warmup, optimizer)
    check(problem, tmp_path, monkeypatch, after=(0, 3, 5, 14, 15, 17, 70), updates=8)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "change",
    [
        "eta = 0.03", "optimizer = nadam 0.01", "optimizer = momentum 0.01", "schedule = cosine T_max=50",
        "warmup = 20", "batch = 2", "reduction = sum", "l1 = 0.01", "loss = huber", "activation 1 = mish",
        "init = he_normal", "w1[2,1] = 0.3", "add 2 units to layer 1", "remove unit 2 of layer 1", "add layer 2 4 relu",
        "freeze w1", "freeze w2; freeze b1", "standardize = on", "standardize_target = on",
    ],
)  # fmt: skip
def test_a_run_that_was_changed(change: str, optimizer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = Run.start(open_experiment("sine"))
    run = apply_edit(f"optimizer = {optimizer} 0.012", start, 0)
    run.goto(5)
    run = apply_edit(change, run, 5)
    for update in (5, 9):
        script = export(run, update, tmp_path)
        losses = losses_of(run, update + 1, update + 6)
        assert printed_losses(script, 6, monkeypatch) == pytest.approx(losses, rel=TOLERANCE, abs=0)


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Draw a training of a small network."""
    combination = draw(st.sampled_from(COMBINATIONS))
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    last = max(sizes[-1], 2) if combination.loss == "cross_entropy" else sizes[-1]
    layers = range(len(sizes))
    frozen = st.lists(st.sampled_from(layers), unique=True).map(tuple)
    name = draw(st.sampled_from([*SCHEDULES]))
    warmup = draw(st.none() | st.builds(WarmupSpec, st.floats(0.01, 1), st.integers(1, 9)))
    schedule = ScheduleSpec(name, SCHEDULE_OPTIONS[name], draw(st.sampled_from(["update", "epoch"])), warmup)
    rows = draw(st.integers(1, 9))
    return experiment(
        combination,
        (draw(st.integers(1, 4)), *sizes[:-1], last),
        rows,
        optimizer=draw(st.sampled_from([*OPTIMIZERS])),
        batch_size=draw(st.none() | st.integers(1, rows)),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        shuffle=draw(st.booleans()),
        l1=draw(st.sampled_from([0.0, 0.01])),
        l2=draw(st.sampled_from([0.0, 0.1])),
        frozen_weights=draw(frozen),
        frozen_biases=draw(frozen),
        schedule=schedule,
        seed=draw(st.integers(0, 99)),
    )


@given(experiments(), st.integers(0, 20))
@settings(max_examples=150)
def test_random_trainings(problem: Experiment, update: int) -> None:
    run = Run.start(problem)
    run.goto(update + 8)
    assume(run.divergence is None)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        losses = losses_of(run, update + 1, update + 8)
        script = export(run, update, Path(folder))
        assert printed_losses(script, 8, monkeypatch) == pytest.approx(losses, rel=TOLERANCE, abs=1e-15)


@pytest.mark.parametrize("name", COURSE)
def test_presets(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run.start(open_experiment(name))
    first, updates = (3, 5) if name == "digits" else (0, 4) if name == "exploding" else (30, 30)
    script = export(run, first, tmp_path)
    losses = losses_of(run, first + 1, first + updates)
    assert printed_losses(script, updates, monkeypatch) == pytest.approx(losses, rel=TOLERANCE, abs=0)


@pytest.mark.parametrize("name", ["xor", "iris", "spiral", "mazur"])
def test_the_script_of_the_command(name: str, tmp_path: Path) -> None:
    def nn_tui(*args: str) -> str:
        run = [sys.executable, "-m", "nn_tui.tui", *args]
        return subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    nn_tui("export", name, "--updates", "7", "-o", "mine.py")
    script = [sys.executable, "-W", "error", str(tmp_path / "mine.py"), "--updates", "3"]
    output = subprocess.run(script, cwd=elsewhere, check=True, capture_output=True, text=True).stdout
    traces = (json.loads(nn_tui("trace", name, "--updates", str(update), "--json")) for update in (8, 9, 10))
    losses = {trace["update"]: trace["loss"] for trace in traces}
    assert losses_in(output) == pytest.approx(losses, rel=TOLERANCE, abs=0)


@pytest.mark.parametrize("name", COURSE)
def test_predictions_of_raw_rows(name: str, tmp_path: Path) -> None:
    check_predictions(open_experiment(name), tmp_path)


@pytest.mark.parametrize("changes", [{"target": "survived"}, {"target": "fare"}, {"target": "class"}])
def test_predictions_for_a_table_with_texts_and_gaps(changes: dict[str, str], tmp_path: Path) -> None:
    problem = open_experiment(str(FILES / "titanic-seaborn.csv"), changes={**changes, "missing": "mean"})
    assert any(None in row for row in own_rows(problem, range(1, 20)).cells)
    check_predictions(problem, tmp_path)


def check_predictions(problem: Experiment, folder: Path) -> None:
    """Compare what ``predict`` of a program returns for some raw rows with what the network predicts."""
    run = Run.start(problem)
    script = export(run, 4 if run.engine.parameters < 1000 else 1, folder)
    variables = runpy.run_path(str(script))
    numbers = np.flatnonzero(row_positions(problem) >= 0)[[0, 1, 2, -2, -1][: len(problem.data.x)]] + 1
    rows = own_rows(problem, numbers.tolist())
    ours = predict_rows(run.engine, run.state, rows)
    has_classes = bool(problem.data.classes)
    outputs = variables["predict_outputs" if has_classes else "predict"](rows.cells)
    assert outputs == pytest.approx(ours.outputs, rel=TOLERANCE)
    if has_classes:
        assert variables["predict"](rows.cells) == [ours.classes[index] for index in ours.predicted]


@pytest.mark.parametrize(
    ("line", "changed", "change"),
    [
        ("nn.ReLU()", "nn.Tanh()", "activation 1 = tanh"),
        ("batch_size = 16", "batch_size = 30", "batch = 30"),
        ("lr=0.01", "lr=0.03", "eta = 0.03"),
        (
            r"Adam\(.*?\)\n.*optimizer.load_state_dict\(.*?\n\)",
            "SGD(model.parameters(), lr=0.1)",
            "optimizer = sgd 0.1",
        ),
    ],
)
def test_a_changed_line_is_a_changed_run(
    line: str, changed: str, change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = apply_edit("batch = 16", Run.start(open_experiment("iris")), 0)
    script = export(run, 4, tmp_path)
    text = script.read_text()
    found = line if line in text else re.findall(line, text, re.DOTALL)[0]
    script.write_text(text.replace(found, changed))
    losses = losses_of(apply_edit(change, run, 4), 5, 14)
    assert printed_losses(script, 10, monkeypatch) == pytest.approx(losses, rel=TOLERANCE, abs=0)


def test_a_network_of_another_size_starts_from_random_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = export(Run.start(open_experiment("iris")), 4, tmp_path)
    text = (
        script.read_text()
        .replace("nn.Linear(4, 10)", "nn.Linear(4, 12)")
        .replace("nn.Linear(10, 3)", "nn.Linear(12, 3)")
    )
    text = re.sub(r"(?ms)^(model|optimizer)\.load_state_dict\(.*?^\)", "", text)
    script.write_text(text)
    assert list(printed_losses(script, 2, monkeypatch)) == [5, 6]


def test_a_second_call_of_train_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run.start(experiment(rows=7, batch_size=3, optimizer="adam", shuffle=True))
    train = runpy.run_path(str(export(run, 2, tmp_path)))["train"]
    train(3)
    train(4)
    assert losses_in(capsys.readouterr().out) == pytest.approx(losses_of(run, 3, 9), rel=TOLERANCE, abs=0)


@pytest.mark.parametrize("name", ["xor", "iris", "schedule"])
def test_the_cells_of_a_notebook(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run.start(open_experiment(name))
    run.goto(3)
    notebook, *others = write_notebook(checkpoint_at(run, 3), ExportOptions("mine"))
    for other in others:
        (tmp_path / other.name).write_bytes(other.content)
    monkeypatch.chdir(tmp_path)
    variables: dict[str, Any] = {}
    for cell in json.loads(notebook.content)["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), variables)
    assert losses_in(capsys.readouterr().out) == pytest.approx(losses_of(run, 4, 13), rel=TOLERANCE, abs=0)


@pytest.mark.parametrize("combination", STEPPED, ids=lambda combination: combination.id)
def test_the_model_has_the_names_of_the_exported_weights(combination: Combination, tmp_path: Path) -> None:
    run = Run.start(experiment(combination, (3, 4, 3, 2)))
    model = runpy.run_path(str(export(run, 0, tmp_path)))["model"]
    assert list(model.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"]


def lines_of(exported: Program) -> list[CodeLine]:
    return [line for section in exported.sections for line in section.lines if line.operations]


class Steps:
    """A program that runs one update line by line, with what hooks see of each module.

    Attributes:
        found: The arrays so far, by operation and layer.
    """

    def __init__(self, exported: Program, trace: Trace) -> None:
        self.found: dict[tuple[str, int], Array] = {}
        self.variables: dict[str, Any] = {"__name__": "mine", "n": trace.update}
        exec(compile(exported.text, "mine.py", "exec"), self.variables)
        self._layers = len(trace.z)
        for index, module in enumerate(self.variables["model"]):
            module.register_forward_hook(self._hook("za"[index % 2], index // 2))

    def _hook(self, name: str, layer: int) -> Any:
        def record(name: str, tensor: torch.Tensor) -> None:
            self.found[name, layer] = tensor.detach().numpy().copy()

        def hook(module: object, given: object, result: torch.Tensor) -> None:
            record(name, result)
            result.register_hook(lambda gradient: record(f"d{name}", gradient))

        return hook

    def run(self, line: str) -> None:
        """Run one line of the function ``train``."""
        exec(line.strip(), self.variables)
        model = self.variables["model"]
        for layer in range(self._layers):
            linear = model[2 * layer]
            for name, parameter in (("w", linear.weight), ("b", linear.bias)):
                if parameter.grad is not None:
                    self.found[f"d{name}", layer] = parameter.grad.numpy().copy()
                self.found[name, layer] = parameter.detach().numpy().copy()
        if "loss" in self.variables:
            self.found["loss", -1] = np.array(self.variables["loss"].item())


@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("combination", STEPPED, ids=lambda combination: combination.id)
def test_each_line_computes_what_its_stop_shows(combination: Combination, batch_size: int | None) -> None:
    problem = experiment(combination, (3, 4, 3, 2), 7, batch_size=batch_size, l2=0.1, optimizer="adam", shuffle=True)
    run = Run.start(problem)
    run.goto(5)
    trace = run.trace(6)
    exported = program(checkpoint_at(run, 5), "mine", "pytorch")
    steps = Steps(exported, trace)
    done: set[tuple[str, int]] = set()
    training = next(section for section in exported.sections if section.name == "training")
    inside = False
    for line in training.lines:
        if not line.text.startswith("        ") or not line.text.strip().startswith(STEP):
            inside = line.text.startswith("    for ")
            continue
        assert inside, line
        steps.run(line.text)
        done |= {(operation, layer) for operation, layer in line.operations}
        for operation, layer in line.operations:
            check_step(problem, trace, steps, operation, layer)
    # The modules have computed what lies on their lines before the loss.
    modules = [line for line in lines_of(exported) if {operation for operation, _ in line.operations} <= {"z", "a"}]
    for line in modules:
        for operation, layer in line.operations:
            check_step(problem, trace, steps, operation, layer)
    done |= {each for line in modules for each in line.operations}
    units = tuple(layer.units for layer in problem.layers)
    assert done == {(each.operation, each.layer) for each in steps_of(units).operations}
    run.release(trace)


def check_step(problem: Experiment, trace: Trace, steps: Steps, operation: str, layer: int) -> None:
    """Compare the array of an operation with that of the trace."""
    found, last = steps.found, len(problem.layers) - 1
    if operation == "update":
        assert disagreement(trace.after.weights[layer], found["w", layer]) <= TOLERANCE
        assert disagreement(trace.after.biases[layer], found["b", layer]) <= TOLERANCE
    elif operation == "loss":
        assert found["loss", -1] == pytest.approx(trace.loss, rel=TOLERANCE)
    elif layer == last and operation in ("a", "da") and (operation, layer) not in found:
        # The loss function has this activation inside, or there is none and a is z.
        if operation == "a":
            z = torch.from_numpy(found["z", layer])
            functions = {
                "softmax": lambda z: torch.softmax(z, dim=1),
                "sigmoid": torch.sigmoid,
                "identity": lambda z: z,
            }
            a = functions[problem.layers[layer].activation](z).numpy()
            assert disagreement(trace.a[layer], a) <= TOLERANCE
    else:
        ours = {"z": trace.z, "a": trace.a, "da": trace.da, "dz": trace.dz, "dw": trace.dw, "db": trace.db}[operation]
        assert disagreement(ours[layer], found[operation, layer]) <= TOLERANCE, (operation, layer)


def test_the_program_of_a_large_network_reads_its_file(tmp_path: Path) -> None:
    run = Run.start(open_experiment("digits"))
    exported = program(checkpoint_at(run, 0), "mine", "pytorch")
    assert list(exported.files) == ["mine-data.npz"]
    assert max(map(len, exported.text.splitlines())) <= 100
