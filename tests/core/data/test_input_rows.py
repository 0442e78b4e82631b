"""Tests of rows of raw inputs: the data's own in the order of their source, and typed ones."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.data.generators import generate
from nn_tui.core.data.input_rows import own_rows, raw_cells, raw_names, row_positions, table_rows, take_rows, typed_rows
from nn_tui.core.data.typed_cells import join_cells, typed_cells
from nn_tui.core.edits.data import set_input, set_standardize
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import SHIPPED_DATA, open_experiment
from nn_tui.core.rng import stream
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Dataset, Experiment
from nn_tui.core.table.reader import read_table
from nn_tui.core.table.values import RawValue
from tests._app import experiment

FILES = Path(__file__).parents[1] / "table" / "files"
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


def test_rows_that_are_not_those_of_the_preset_have_no_numbers() -> None:
    iris = experiment("iris")
    spec = replace(iris.preset.data, test_fraction=0.5)
    with pytest.raises(InputError, match="the split of the data is not known"):
        own_rows(replace(iris, preset=replace(iris.preset, data=spec)), [1])


def test_features_of_a_table_are_computed_from_its_columns(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("height,width,kind\n" + "1.5,2.5,a\n-1.5,0.5,b\n" * 3)
    (tmp_path / "features.toml").write_text(
        '[data]\ncsv = "points.csv"\ntarget = "kind"\nfeatures = ["x1*x2"]\n'
        '[[layers]]\nunits = 1\nactivation = "sigmoid"\n[training]\nloss = "binary_cross_entropy"\n'
    )
    found = open_experiment(str(tmp_path / "features.toml"))
    assert raw_names(found.data) == ("height", "width")
    assert typed_rows(found.data, [["3", "-2"]]).x.tolist() == [[-6.0]]
    assert own_rows(found, [2]).cells == ((-1.5, 0.5),)


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
        (["1", "one"], 'x2: "one" is not a number; write one such as 0.'),
        (["1", ""], "x2: the value is missing; write a number."),
        (["1e999", "0"], 'x1: "1e999" is too large for a 64-bit number.'),
        (["1", "\x1b[2J"], 'x2: "\\x1b[2J" is not a number; write one such as 0.'),
    ],
)
def test_a_wrong_cell_is_named(cells: list[str], said: str) -> None:
    with pytest.raises(InputError) as raised:
        typed_rows(experiment("xor").data, [cells])
    assert str(raised.value) == said


def test_an_example_of_a_number_is_one_of_the_column() -> None:
    data = open_experiment(str(FILES / "Salary_Data.csv"), changes={"target": "Salary"}).data
    with pytest.raises(InputError, match=r"the decimal mark here is a point; write 6.5") as raised:
        typed_rows(data, [["6,5"]])
    assert raised.value.sentence == '"6,5": the decimal mark here is a point; write 6.5.'
    with pytest.raises(InputError, match=r'"many" is not a number; write one such as 1.1.'):
        typed_rows(data, [["many"]])
    autos = open_experiment(str(FILES / "auto-semicolon-decimal-comma.csv")).data
    cells = [str(cell).replace(".", ",") for cell in own_cells(autos)]
    place = next(index for index, column in enumerate(autos.table.plan.inputs) if column.kind == "number")  # type: ignore[union-attr]
    for typed, said in (("6.5x", "is not a number; write one such as "), ("6.25", "a comma; write 6,25.")):
        with pytest.raises(InputError) as raised:
            typed_rows(autos, [[*cells[:place], typed, *cells[place + 1 :]]])
        assert said in raised.value.sentence


def own_cells(data: Dataset) -> tuple[RawValue, ...]:
    return raw_cells(data, data.points[:1])[0]


def test_a_row_with_the_target_is_told_to_leave_it_out() -> None:
    iris = experiment("iris").data
    with pytest.raises(InputError, match=r"5 values .* has 4: .* A row has no value for the target species."):
        typed_rows(iris, [["5.1", "3.5", "1.4", "0.2", "setosa"]])
    with pytest.raises(InputError, match=r"^petal_width: the value is missing"):
        typed_rows(iris, [["5.1", "3.5", "1.4", ""]])


def test_of_several_rows_the_wrong_one_is_named() -> None:
    with pytest.raises(InputError, match=r"^row 2\.x1: "):
        typed_rows(experiment("xor").data, [["1", "2"], ["a", "2"]])


@cache
def open_titanic() -> Experiment:
    return open_experiment(str(FILES / "titanic-seaborn.csv"), changes={"target": "survived", "drop": ["alive"]})


@pytest.fixture
def titanic() -> Experiment:
    return open_titanic()


def test_rows_of_a_table_are_those_of_the_file_with_its_texts_and_gaps(titanic: Experiment) -> None:
    with (FILES / "titanic-seaborn.csv").open() as file:
        lines = list(csv.DictReader(file))
    rows = own_rows(titanic, range(1, len(lines) + 1))
    for cells, line in zip(rows.cells, lines, strict=True):
        for name, cell in zip(rows.names, cells, strict=True):
            written = line[name] or None
            assert cell == (float(written) if isinstance(cell, float) and written else written)
    assert rows.filled == ("age", "embarked", "deck", "embark_town")
    data, points = titanic.data, np.concatenate([titanic.data.x, titanic.data.x_test])
    assert rows.x.tobytes() == points[row_positions(titanic)].tobytes() and len(data.x_test) > 0


def test_typed_rows_of_a_table_become_the_inputs_of_the_same_rows_of_the_file(titanic: Experiment) -> None:
    own = own_rows(titanic, range(1, 30))
    cells = [["" if cell is None else f"{cell}" for cell in row] for row in own.cells]
    typed = typed_rows(titanic.data, cells)
    assert typed.cells == own.cells and typed.x.tobytes() == own.x.tobytes()
    joined = [join_cells(row) for row in own.cells]
    again = typed_rows(titanic.data, [[cell.text for cell in typed_cells(text, len(own.names))] for text in joined])
    assert again.cells == own.cells


def test_rows_of_another_table_become_the_inputs_of_the_same_rows_of_the_file(titanic: Experiment) -> None:
    rows = table_rows(titanic.data, read_table(FILES / "titanic-seaborn.csv"))
    own = own_rows(titanic, range(1, len(rows.cells) + 1))
    assert rows.cells == own.cells and rows.x.tobytes() == own.x.tobytes()
    assert rows.targets[:4] == (("0",), ("1",), ("1",), ("1",))


def test_a_number_that_no_row_lacks_in_training_is_the_mean_of_the_training_rows(titanic: Experiment) -> None:
    data = titanic.data
    cells = ["" if cell is None else str(cell) for cell in own_rows(titanic, [1]).cells[0]]
    cells[raw_names(data).index("fare")] = ""
    rows = typed_rows(data, [cells])
    place = data.input_names.index("fare")
    assert rows.x[0, place] == pytest.approx(0.0, abs=1e-12)  # the mean, standardised
    assert "fare" in rows.filled


def test_rows_that_are_left_out_keep_their_numbers() -> None:
    cars = open_experiment(str(FILES / "auto-semicolon-decimal-comma.csv"))
    table = cars.data.table
    assert table is not None and table.left_out.size == 3
    gone = int(table.left_out[0])
    with pytest.raises(InputError, match=f"row {gone} is left out of the data") as raised:
        own_rows(cars, [gone])
    assert raised.value.code == "missing"
    lines = (FILES / "auto-semicolon-decimal-comma.csv").read_text().splitlines()
    last = len(table.y) + 3
    for number in (1, gone - 1, gone + 1, last):
        cells = dict(zip(lines[0].split(";"), lines[number].split(";"), strict=True))
        found = dict(zip(raw_names(cars.data), own_rows(cars, [number]).cells[0], strict=True))
        assert found["weight"] == float(cells["weight"].replace(",", "."))
    with pytest.raises(InputError, match=f"rows 1 to {last}"):
        own_rows(cars, [last + 1])


def test_a_decimal_comma_is_typed_as_in_the_file() -> None:
    cars = open_experiment(str(FILES / "auto-semicolon-decimal-comma.csv"))
    assert typed_rows(cars.data, [["18,5", "8", "307", "130", "3504"]]).cells[0][0] == 18.5
    with pytest.raises(InputError, match="Write ; between values, because the decimal mark is a comma"):
        typed_rows(cars.data, [["18", "5", "8", "307", "130", "3504"]])


@pytest.mark.parametrize("missing", ["drop", "refuse"])
def test_a_missing_value_is_refused_if_training_had_none(missing: str) -> None:
    salaries = open_experiment(str(FILES / "Salary_Data.csv"), changes={"missing": missing})
    with pytest.raises(InputError, match=r"^YearsExperience: the value is missing; the network was trained") as raised:
        typed_rows(salaries.data, [[""]])
    assert raised.value.code == "missing"


def test_a_category_that_no_row_has_is_refused_with_the_nearest_one(titanic: Experiment) -> None:
    cells = ["" if cell is None else str(cell) for cell in own_rows(titanic, [1]).cells[0]]
    cells[1] = "mal"
    with pytest.raises(
        InputError, match=r'^row 2\.sex: "mal" is not one of its values\. Did you mean "male" or "female"\?$'
    ):
        typed_rows(titanic.data, [[*cells[:1], "male", *cells[2:]], cells])


def test_rows_of_a_file_for_testing_come_behind_those_of_the_first_file(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("x,y\n1.5,2.5\n2.5,\n3.5,4.5\n4.5,7.5\n")
    (tmp_path / "test.csv").write_text("x,y\n7.5,8.5\n8.5,9.5\n")
    both = open_experiment(str(tmp_path / "train.csv"), changes={"test_csv": "test.csv", "target": "y"})
    assert own_rows(both, [1, 3, 4, 5, 6]).cells == ((1.5,), (3.5,), (4.5,), (7.5,), (8.5,))
    assert row_positions(both).tolist() == [0, -1, 1, 2, 3, 4]


TYPED = st.sampled_from(["", "?", "1", "-2.5", "1e999", "nan", "male", "S", "\x1b[2J", "1,5", "TRUE", "x" * 500, "٣"])


@given(st.lists(st.lists(TYPED, min_size=12, max_size=14), max_size=3), st.booleans())
def test_any_typed_cells_give_finite_inputs_or_one_sentence(rows: list[list[str]], has_table: bool) -> None:
    data = open_titanic().data if has_table else experiment("moons").data
    rows = rows if has_table else [row[:2] for row in rows]
    try:
        found = typed_rows(data, rows)
    except InputError as error:
        assert str(error).isprintable() and "\n" not in str(error)
    else:
        assert len(found.cells) == len(rows) and np.isfinite(found.x).all()


@pytest.mark.parametrize(
    "name", sorted(path.name for path in FILES.iterdir() if path.suffix in (".csv", ".txt", ".data"))
)
def test_every_table_reads_its_own_rows_again_from_the_file_and_as_they_are_typed(name: str) -> None:
    try:
        found = open_experiment(str(FILES / name))
    except InputError as error:
        assert name == "webpage-saved-as-data.csv", error
        return
    table = found.data.table
    assert table is not None
    kept = [index for index, position in enumerate(row_positions(found).tolist()) if position >= 0]
    own, other = own_rows(found, [index + 1 for index in kept]), table_rows(found.data, read_table(FILES / name))
    assert other.x[kept].tobytes() == own.x.tobytes()
    assert tuple(other.cells[index] for index in kept) == own.cells
    texts = [join_cells(cells, table.layout.decimal) for cells in own.cells[:20]]
    typed = typed_rows(found.data, [[cell.text for cell in typed_cells(text, len(own.names))] for text in texts])
    assert typed.x == pytest.approx(own.x[:20], rel=1e-4, abs=1e-4)  # long numbers are typed with six digits
