"""Tests of exported ONNX models with onnxruntime, on raw rows: the predictions are those of `nn-tui predict`."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from nn_tui.core.data.features import FEATURES
from nn_tui.core.data.input_rows import own_rows, raw_names, table_rows, typed_rows
from nn_tui.core.errors import InputError
from nn_tui.core.export.onnx_formula import activate
from nn_tui.core.export.onnx_graph import Graph
from nn_tui.core.export.values import ExportOptions
from nn_tui.core.export.write_onnx import write_onnx
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.preset.loader import open_experiment, preset_ids
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.run.predict import predict_rows
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array
from nn_tui.core.table.reader import read_table
from nn_tui.core.table.values import RawValue
from nn_tui.tui.cli.main import main

FILES = Path(__file__).parents[1] / "core" / "table" / "files"
SMALL_TABLE = "age,sex,smoker,class,day,score\n{}"
ROWS = [
    ("31", "male", "Yes", "1", "2024-05-31", "3.5"),
    ("", "female", "no", "2", "2024-06-01", "1.25"),
    ("44.5", "female", "yes", "3", "2024-01-15", "-2"),
    ("18", "other", "", "1", "2023-12-24", "0.5"),
    ("27", "", "NO", "3", "2024-02-29", "8"),
    ("63", "male", "yes", "2", "2024-03-01", "1"),
] * 3


def model_of(run: Run, name: str = "mine") -> bytes:
    (file,) = write_onnx(checkpoint_at(run, run.position), ExportOptions(name))
    assert file.name == f"{name}.onnx"
    return file.content


def session_of(model: bytes) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def fed(session: onnxruntime.InferenceSession, rows: Sequence[Sequence[RawValue]]) -> list[Any]:
    """Run a model for raw rows, as `nn-tui predict` prints them; None is a missing value."""
    return list(session.run(None, feed_of(session, rows)))


def feed_of(session: onnxruntime.InferenceSession, rows: Sequence[Sequence[RawValue]]) -> dict[str, np.ndarray]:
    """Return the inputs of a model for raw rows."""
    inputs = session.get_inputs()
    if len(inputs) == 1 and inputs[0].name == "inputs":
        return {"inputs": np.array([[np.nan if cell is None else cell for cell in row] for row in rows], dtype=float)}
    feed = {}
    for tensor, cells in zip(inputs, zip(*rows, strict=True), strict=True):
        column: list[Any] = ["" if cell is None else cell for cell in cells]
        if tensor.type == "tensor(double)":
            column = [np.nan if cell is None else day_of(cell) for cell in cells]
        feed[tensor.name] = np.array(column, dtype=object if tensor.type == "tensor(string)" else float)[:, None]
    return feed


def day_of(cell: RawValue) -> float:
    return float(np.datetime64(cell, "D").astype(int)) if isinstance(cell, str) else float(cell or 0.0)


def check_rows(run: Run, count: int = 60) -> onnxruntime.InferenceSession:
    """Check the outputs of the model of a run for rows of its data."""
    data = run.experiment.data
    rows = own_rows(run.experiment, range(1, min(count, len(data.x) + len(data.x_test)) + 1))
    expected, session = predict_rows(run.engine, run.state, rows), session_of(model_of(run))
    predictions, *label = fed(session, rows.cells)
    assert predictions.dtype == np.float64
    assert np.allclose(predictions, expected.outputs, rtol=1e-9, atol=1e-9, equal_nan=True)
    assert bool(label) == bool(expected.classes)
    if label:
        assert label[0].tolist() == [(*expected.classes, "")[index] for index in expected.predicted.tolist()]  # −1: ""
    return session


def trained(name: str, updates: int = 20) -> Run:
    run = Run.start(open_experiment(name))
    run.train(updates)
    return run


@pytest.mark.parametrize("preset", preset_ids())
def test_a_model_predicts_the_rows_of_a_preset(preset: str) -> None:
    check_rows(trained(preset))


@pytest.mark.parametrize("features", [tuple(FEATURES), ("sin(x2)",), ("x2", "x1*x2")])
@pytest.mark.parametrize("standardize", ["true", "false"])
def test_features_are_in_the_model(features: tuple[str, ...], standardize: str, tmp_path: Path) -> None:
    lines = ["[data]", 'generator = "moons"', f"features = {list(features)}", f"standardize = {standardize}"]
    (tmp_path / "features.toml").write_text(
        "\n".join([*lines, "[[layers]]", "units = 1", "[training]", 'loss = "huber"'])
    )
    check_rows(trained(str(tmp_path / "features.toml")))


@pytest.mark.parametrize(
    "file",
    [
        "titanic-seaborn.csv",
        "auto-mpg-questionmarks.csv",
        "seoul-cp949.csv",
        "zoo-TRUE-FALSE.csv",
        "min-regression-far-from-0.csv",
        "iris-kaggle-Id.csv",
        "breast-cancer-noheader-text.csv",
    ],
)
def test_a_model_predicts_the_rows_of_a_table(file: str) -> None:
    run = trained(str(FILES / file))
    session = check_rows(run)
    names = [tensor.name for tensor in session.get_inputs()]
    assert names == ["inputs"] or names == list(raw_names(run.experiment.data))


def test_a_model_predicts_the_cells_of_a_file() -> None:
    file = FILES / "titanic-seaborn.csv"
    run = trained(str(file))
    with file.open(newline="") as text:
        rows = list(csv.DictReader(text))
    session, feed = session_of(model_of(run)), {}
    for tensor in session.get_inputs():
        cells = [row[tensor.name] for row in rows]
        is_text = tensor.type == "tensor(string)"
        column = np.array(cells, dtype=object) if is_text else np.array([float(cell or "nan") for cell in cells])
        feed[tensor.name] = column[:, None]
    expected = predict_rows(run.engine, run.state, table_rows(run.experiment.data, read_table(file)))
    predictions, label = session.run(None, feed)
    assert np.allclose(predictions, expected.outputs, rtol=1e-9, atol=1e-9)
    assert label.tolist() == [expected.classes[index] for index in expected.predicted.tolist()]


def small_table(folder: Path, changes: str = "") -> Run:
    """Return a trained network for a table with each kind of column and gaps."""
    (folder / "table.csv").write_text(SMALL_TABLE.format("".join(f"{','.join(row)}\n" for row in ROWS)))
    (folder / "table.toml").write_text(
        f"""[data]
csv = "table.csv"
target = "score"
keep = ["day"]
categories = ["class"]
standardize = true
standardize_target = true
{changes}
[[layers]]
units = 5
activation = "gelu"
[[layers]]
units = 1
[training]
loss = "mean_squared_error"
"""
    )
    return trained(str(folder / "table.toml"))


def test_each_kind_of_column_is_an_input(tmp_path: Path) -> None:
    run = small_table(tmp_path)
    session = check_rows(run)
    assert [(tensor.name, tensor.type, tensor.shape) for tensor in session.get_inputs()] == [
        ("age", "tensor(double)", ["rows", 1]),
        ("sex", "tensor(string)", ["rows", 1]),
        ("smoker", "tensor(string)", ["rows", 1]),
        ("class", "tensor(double)", ["rows", 1]),
        ("day", "tensor(double)", ["rows", 1]),
    ]


def test_texts_as_the_file_writes_them_and_unknown_ones_are_understood(tmp_path: Path) -> None:
    run = small_table(tmp_path)
    cells = [
        ["31", sex, smoker, "1", "2024-05-31"] for sex in ("male", "Male", "FEMALE") for smoker in ("yes", "NO", "1")
    ]
    expected = predict_rows(run.engine, run.state, typed_rows(run.experiment.data, cells))
    session = session_of(model_of(run))
    day = day_of("2024-05-31")
    found = fed(session, [(31.0, sex, smoker, 1.0, day) for _, sex, smoker, _, _ in cells])[0]
    assert np.allclose(found, expected.outputs, rtol=1e-9)
    missing = predict_rows(run.engine, run.state, typed_rows(run.experiment.data, [["", "", "", "", ""]]))
    for marks in [(None,) * 5, (None, "NA", "?", None, None)]:
        assert np.allclose(fed(session, [marks])[0], missing.outputs, rtol=1e-9)


@pytest.mark.parametrize(
    "row", [(31.0, "a stranger", "yes", 1.0), (31.0, "male", "perhaps", 1.0), (31.0, "male", "yes", 17.0)], ids=str
)
def test_a_value_that_predict_refuses_has_no_prediction(row: tuple[RawValue, ...], tmp_path: Path) -> None:
    run = small_table(tmp_path)
    with pytest.raises(InputError):
        typed_rows(run.experiment.data, [[*map(str, row), "2024-05-31"]])
    day = day_of("2024-05-31")
    found = fed(session_of(model_of(run)), [(*row, day), (31.0, "male", "yes", 1.0, day)])
    assert np.isnan(found[0][0]).all() and np.isfinite(found[0][1]).all()
    assert [label[0] for label in found[1:]] == [""] * (len(found) - 1)


def test_a_number_is_missing_in_a_row_although_none_is_in_the_data() -> None:
    run = trained(str(FILES / "sklearn-iris.csv"))
    expected = predict_rows(run.engine, run.state, typed_rows(run.experiment.data, [["5.1", "", "1.4", "0.2"]]))
    predictions, label = fed(session_of(model_of(run)), [(5.1, None, 1.4, 0.2)])
    assert np.allclose(predictions, expected.outputs, rtol=1e-9)
    assert label.tolist() == [expected.classes[int(expected.predicted[0])]]


@pytest.mark.parametrize("preset", ["xor", "moons", "xor-perceptron", "blobs"])
def test_a_row_without_a_number_has_no_class(preset: str) -> None:
    predictions, label = fed(session_of(model_of(trained(preset))), [(np.nan, 0.5), (1.0, 0.5)])
    assert np.isnan(predictions[0]).all() and np.isfinite(predictions[1]).all()
    assert label[0] == "" and label[1] != ""


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_has_the_digits_of_float64(name: str) -> None:
    z = np.concatenate(
        [np.linspace(-45.0, 45.0, 901), np.geomspace(1e-18, 800.0, 301), -np.geomspace(1e-18, 800.0, 301)]
    )
    z = np.stack([z, z[::-1]], axis=1)
    expected = np.empty_like(z)
    with np.errstate(all="ignore"):
        ACTIVATIONS[name].value(np.asfortranarray(z), expected)
    graph = Graph()
    a = activate(ACTIVATIONS[name], graph.input("z", 2, ""))
    found = run_graph(graph, a.name, {"z": z})
    assert found.dtype == np.float64
    assert np.allclose(found, expected, rtol=2e-11, atol=1e-300)  # a runtime may round such small ones to 0


def run_graph(graph: Graph, output: str, feed: dict[str, Array]) -> Array:
    outputs = [helper.make_tensor_value_info(output, TensorProto.DOUBLE, None)]
    proto = helper.make_graph(graph.nodes, "test", graph.inputs, outputs, graph.constants)
    model = helper.make_model(proto, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    found: Array = session_of(model.SerializeToString()).run(None, feed)[0]
    return found


@pytest.mark.parametrize("seed", range(40))
def test_a_random_network_is_the_same_as_a_model(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    loss = list(LOSSES)[seed % len(LOSSES)]
    outputs, allowed = int(rng.integers(1, 4)), LOSSES[loss].outputs or tuple(ACTIVATIONS)
    last = str(rng.choice(list(allowed)))
    if last == "softmax":
        outputs = max(outputs, 2)
    rows, inputs = 12, int(rng.integers(1, 6))
    x, y = rng.normal(size=(rows, inputs)) * 3.0 + 5.0, rng.normal(size=(rows, outputs)) * 10.0
    if loss in ("binary_cross_entropy", "perceptron"):
        y = (y > 0.0).astype(float)
    elif loss == "cross_entropy":
        y = np.eye(outputs)[np.arange(rows) % outputs]
    hidden = [
        str(rng.choice([name for name in ACTIVATIONS if name != "softmax"])) for _ in range(int(rng.integers(0, 4)))
    ]
    layers = [*[(int(rng.integers(1, 7)), name) for name in hidden], (outputs, last)]
    is_scaled = loss in ("mean_squared_error", "huber") and len(np.unique(y)) > 2
    text = "\n".join(
        [
            "[data]", f"inputs = {x.tolist()}", f"targets = {y.tolist()}",
            f"standardize = {str(bool(rng.integers(2))).lower()}", f"standardize_target = {str(is_scaled).lower()}",
            *(f'[[layers]]\nunits = {units}\nactivation = "{name}"' for units, name in layers),
            "[training]", f'loss = "{loss}"', "[training.optimizer]", "learning_rate = 0.001",
        ]
    )  # fmt: skip
    (tmp_path / "random.toml").write_text(text)
    run = Run.start(open_experiment(str(tmp_path / "random.toml"), seed))
    run.train(3)
    check_rows(run)


def test_the_model_has_names_and_a_title(tmp_path: Path) -> None:
    model = onnx.load_from_string(model_of(trained("iris", updates=7)))
    values = {prop.key: prop.value for prop in model.metadata_props}
    assert (values["title"], values["updates"]) == (open_experiment("iris").preset.title, "7")
    data = open_experiment("iris").data
    assert json.loads(values["input_names"]) == list(data.input_names)
    assert json.loads(values["classes"]) == list(data.classes) == json.loads(values["output_names"])
    assert [output.name for output in model.graph.output] == ["predictions", "label"]
    assert model.doc_string == open_experiment("iris").preset.summary
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    run = trained("iris", updates=7)
    assert np.array_equal(onnx.numpy_helper.to_array(weights["w1"]), run.state.weights[0])
    assert np.array_equal(onnx.numpy_helper.to_array(weights["b2"]), run.state.biases[1])


def test_columns_may_have_the_names_of_other_parts_of_the_model(tmp_path: Path) -> None:
    names = ("predictions", "label", "w1", 'z 1, "a"', "inputs", "constant")
    header = ",".join(f'"{name.replace(chr(34), chr(34) * 2)}"' for name in (*names, "y"))
    lines = [f"{i},{'ab'[i % 2]},{i * i % 7},{i % 5}.5,{i % 3},{i % 4},{'uv'[i % 3 // 2]}" for i in range(20)]
    (tmp_path / "names.csv").write_text("\n".join([header, *lines]) + "\n")
    session = check_rows(trained(str(tmp_path / "names.csv")))
    inputs = [tensor.name for tensor in session.get_inputs()]
    assert "label" in inputs and set(inputs) <= set(names)
    assert len(session.get_outputs()) == 2


def test_the_same_network_gives_the_same_bytes() -> None:
    run = trained("penguins")
    assert model_of(run) == model_of(run)


@pytest.mark.parametrize("preset", ["xor", "iris", "digits", "spiral", "mazur"])
def test_the_command_writes_a_model_that_predicts_what_the_command_predict_prints(
    preset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.onnx"
    assert main(["export", preset, "--updates", "30", "-o", str(file)]) == 0
    capsys.readouterr()
    assert main(["predict", preset, "--updates", "30", "--rows", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    predictions, *label = fed(session_of(file.read_bytes()), printed["inputs"])
    assert np.allclose(predictions, printed["predictions"], rtol=1e-9, atol=1e-9)
    assert [names.tolist() for names in label] == ([printed["predicted"]] if printed["classes"] else [])


@pytest.mark.parametrize("name", ["xor", "iris", "xor-perceptron", "titanic"])
def test_the_checker_and_the_reference_runtime_accept_a_model(name: str) -> None:
    run = trained(str(FILES / "titanic-seaborn.csv") if name == "titanic" else name)
    model = model_of(run)
    onnx.checker.check_model(model, full_check=True)
    session = session_of(model)
    feed = feed_of(session, own_rows(run.experiment, [1, 2, 3]).cells)
    predictions, *label = ReferenceEvaluator(model).run(None, feed)
    expected, *expected_label = session.run(None, feed)
    assert predictions == pytest.approx(expected, rel=1e-12)
    assert [names.tolist() for names in label] == [names.tolist() for names in expected_label]
