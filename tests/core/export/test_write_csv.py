"""Tests of the exported tables: each matrix in all digits, below the names of its inputs."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import numpy as np

from nn_tui.core.export.writers import export_files
from nn_tui.core.ref_parser import parse_ref
from tests.core.export.test_write_arrays import trained


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_each_matrix_is_a_file_below_the_names_of_its_inputs() -> None:
    checkpoint = trained("iris", 3)
    state, data = checkpoint.state, checkpoint.experiment.data
    files = {file.name: file.content for file in export_files(checkpoint, Path("mine.csv"))}
    layers = range(1, len(state.weights) + 1)
    assert list(files) == ["mine.csv", *(f"mine-{letter}{layer}.csv" for layer in layers for letter in "wb")]
    assert read(files["mine-w1.csv"])[0] == list(data.input_names)
    assert read(files["mine-w2.csv"])[0] == [f"a1[{unit + 1}]" for unit in range(len(state.biases[0]))]
    for layer, (weights, bias) in enumerate(zip(state.weights, state.biases, strict=True), start=1):
        assert np.array_equal(np.array(read(files[f"mine-w{layer}.csv"])[1:], float), weights)
        assert np.array_equal(np.array(read(files[f"mine-b{layer}.csv"])[1:], float)[:, 0], bias)


def test_the_table_has_a_row_for_each_number_with_its_name() -> None:
    checkpoint = trained("iris", 3)
    state, data = checkpoint.state, checkpoint.experiment.data
    header, *rows = read(export_files(checkpoint, Path("mine.csv"))[0].content)
    assert header == ["name", "layer", "unit", "input", "value"]
    inputs = len(data.x_mean)
    scaling, rows = rows[-2 * inputs :], rows[: -2 * inputs]
    assert scaling[1] == ["x_mean[2]", "", "", data.input_names[1], repr(float(data.x_mean[1]))]
    assert [float(row[4]) for row in scaling[inputs:]] == data.x_scale.tolist()
    assert len(rows) == state.array.shape[1]
    for name, layer, unit, input_, value in rows:
        ref = parse_ref(name, checkpoint.experiment.sizes)
        array = (state.weights if input_ else state.biases)[ref.layer]
        assert float(value) == (array[ref.unit, ref.input] if input_ else array[ref.unit])
        assert layer == str(ref.layer + 1)
        if ref.layer == 0 and input_:
            assert input_ == data.input_names[ref.input]
        if ref.layer == len(state.weights) - 1:
            assert unit == data.output_names[ref.unit]


def test_names_that_are_not_ascii_are_marked_as_utf_8(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("키,y\n1.5,2\n2,3\n3,4\n4,6\n", encoding="utf-8")
    files = export_files(trained(str(tmp_path / "own.csv"), 1), Path("mine.csv"))
    assert files[1].content.startswith("\ufeff키\n".encode())
    assert export_files(trained("xor", 1), Path("mine.csv"))[1].content.startswith(b"x1,x2\n")
