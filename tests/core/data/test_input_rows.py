"""Tests of rows of raw inputs: the data's own in the order of their source, and typed ones."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.data.generators import generate
from nn_tui.core.data.input_rows import own_rows, raw_names, row_positions, take_rows, typed_rows
from nn_tui.core.edits.data import set_input, set_standardize
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import SHIPPED_DATA, open_experiment
from nn_tui.core.rng import stream
from nn_tui.core.run.run import Run
from tests._app import experiment

TABLE = """
[data]
inputs = [[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [7.0], [8.0]]
targets = [[10.0], [20.0], [30.0], [40.0], [50.0], [60.0], [70.0], [80.0]]
test_fraction = 0.5
standardize = true
[[layers]]
units = 1
[training]
loss = "mean_squared_error"
"""


def test_rows_of_a_file_are_numbered_in_its_order() -> None:
    iris = experiment("iris")
    with (SHIPPED_DATA / "iris.csv").open() as file:
        lines = list(csv.reader(file))[1:]
    rows = own_rows(iris, range(1, len(lines) + 1))
    assert rows.cells == tuple(tuple(map(float, line[:4])) for line in lines)
    assert len(iris.data.x_test) > 0 and np.array_equal(np.sort(row_positions(iris)), np.arange(len(lines)))


def test_rows_of_a_table_are_numbered_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "table.toml").write_text(TABLE)
    table = open_experiment(str(tmp_path / "table.toml"))
    rows = own_rows(table, [8, 1, 1])
    assert (rows.names, rows.cells, rows.numbers) == (("x",), ((8.0,), (1.0,), (1.0,)), (8, 1, 1))
    assert rows.positions is not None
    assert take_rows(rows.positions, table.data.y, table.data.y_test).tolist() == [[80.0], [10.0], [10.0]]
    assert np.allclose(rows.x, (np.array([[8.0], [1.0], [1.0]]) - table.data.x_mean) / table.data.x_scale)


def test_rows_of_a_generator_are_numbered_in_the_order_in_which_they_are_drawn() -> None:
    moons = experiment("moons")
    spec = moons.preset.data
    points, _, _ = generate("moons", stream(moons.seed, "data"), spec.samples, spec.noise, spec.classes)
    assert own_rows(moons, range(1, 11)).cells == tuple(map(tuple, points[:10].tolist()))


def test_rows_keep_their_numbers_and_changed_values_after_edits() -> None:
    iris = experiment("iris")
    run = set_standardize(set_input(Run.start(iris), 0, 7, 2, 0.0), 0, not iris.preset.data.standardize)
    assert np.array_equal(row_positions(run.experiment), row_positions(iris))
    changed = set_input(Run.start(iris), 0, 7, 2, 0.0).experiment
    number = int(np.flatnonzero(row_positions(iris) == 7)[0]) + 1
    assert own_rows(changed, [number]).cells[0][2] == pytest.approx(iris.data.x_mean[2])


@pytest.mark.parametrize("number", [0, 5, -1, 10**30])
def test_a_row_beyond_the_end_is_refused(number: int) -> None:
    with pytest.raises(InputError, match="the data has rows 1 to 4") as raised:
        own_rows(experiment("xor"), [1, number])
    assert raised.value.code == "not_found"


def test_typed_rows_become_network_inputs() -> None:
    data = experiment("iris").data
    rows = typed_rows(data, [["5.1", "3.5", "1.4", "0.2"], ["−1", "+2", "1e1", ".5"]])
    assert rows.cells == ((5.1, 3.5, 1.4, 0.2), (-1.0, 2.0, 10.0, 0.5))
    assert np.array_equal(rows.x, (np.array(rows.cells) - data.x_mean) / data.x_scale)
    assert rows.numbers == () and rows.positions is None


def test_features_are_computed_from_typed_points(tmp_path: Path) -> None:
    (tmp_path / "features.toml").write_text(
        '[data]\ngenerator = "circles"\nfeatures = ["x1^2", "x1*x2"]\n[[layers]]\nunits = 1\nactivation = "sigmoid"\n'
        '[training]\nloss = "binary_cross_entropy"\n'
    )
    data = open_experiment(str(tmp_path / "features.toml")).data
    assert raw_names(data) == ("x1", "x2")
    assert typed_rows(data, [["3", "-2"]]).x.tolist() == [[9.0, -6.0]]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["1"], "1 value is written, but a row has 2: x1, x2."),
        (["1", "2", "3"], "3 values are written, but a row has 2: x1, x2."),
        (["1", "one"], 'x2: "one" is not a number; write one such as -1.5.'),
        (["1", ""], "x2: the value is missing; write a number such as -1.5."),
        (["1e999", "0"], 'x1: "1e999" is too large for a 64-bit number.'),
        (["1", "\x1b[2J"], 'x2: "\\x1b[2J" is not a number; write one such as -1.5.'),
    ],
)
def test_a_wrong_cell_is_named(cells: list[str], said: str) -> None:
    with pytest.raises(InputError) as raised:
        typed_rows(experiment("xor").data, [cells])
    assert str(raised.value) == said


def test_of_several_rows_the_wrong_one_is_named() -> None:
    with pytest.raises(InputError, match=r"^row 2\.x1: "):
        typed_rows(experiment("xor").data, [["1", "2"], ["a", "2"]])
