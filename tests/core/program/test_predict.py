"""Tests of predictions of raw rows by programs: the same as those of the engine, in the units of the data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.data.input_rows import own_rows, row_positions
from nn_tui.core.preset.loader import load_experiment, open_experiment, preset_ids
from nn_tui.core.run.predict import predict_rows
from nn_tui.core.run.run import Run
from nn_tui.core.spec import DataSpec, Experiment, LayerSpec, Preset, TrainingSpec
from tests.core.program._scripts import assert_same_losses, assert_same_scores, script_after

FILES = Path(__file__).parents[1] / "table" / "files"
TABLES = (
    "auto-mpg-questionmarks.csv",  # numbers with gaps
    "titanic-seaborn.csv",  # categories, truth values and gaps, encoded in a file
    "zoo-TRUE-FALSE.csv",  # texts for truth values
    "unemp.csv",  # raw rows with categories
    "min-regression-far-from-0.csv",  # standardised targets
    "mnist-label-first.csv",  # an image of many pixels
    "seoul-cp949.csv",  # names of columns in Korean
)
MIXED = """\
day,place,"is ""open\\#",age,price
2024-05-31,"a ""b"", c",yes,3,7.5
2024-06-01,d\\e,no,,8.25
2024-06-02,d\\e,,5,1e3
2024-06-05,"a ""b"", c",no,2,4
2024-07-01,,yes,9,3
2024-07-03,'f,no,9,2
2024-08-03,'f,yes,1,5
"""


def check_predictions(experiment: Experiment, after: int = 3) -> None:
    """Assert that a program predicts the first rows of the data as the engine does."""
    run = Run.start(experiment)
    script = script_after(run, after)
    positions = row_positions(experiment)
    rows = own_rows(experiment, [number + 1 for number, at in enumerate(positions[:40].tolist()) if at >= 0])
    expected = predict_rows(run.engine, run.state_after(after), rows)
    cells = [list(row) for row in rows.cells]
    if expected.classes:
        assert script.predict(cells) == [expected.classes[index] for index in expected.predicted.tolist()]
    np.testing.assert_allclose(script.outputs(cells), expected.outputs, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("name", preset_ids())
def test_every_preset(name: str) -> None:
    check_predictions(open_experiment(name))


@pytest.mark.parametrize("name", TABLES)
def test_tables_with_categories_gaps_and_units(name: str) -> None:
    check_predictions(open_experiment(str(FILES / name)))
    assert_same_losses(open_experiment(str(FILES / name)), after=(3,), updates=3)


@pytest.mark.parametrize("missing", ["mean", "drop"])
def test_texts_with_quotes_dates_and_truth_values(missing: str, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text(MIXED, encoding="utf-8")
    changes = {"keep": ["day", "place", 'is "open\\#', "age"], "missing": missing, "target_kind": "numbers"}
    experiment = open_experiment(str(path), changes=changes)
    assert experiment.data.table is not None
    assert {column.kind for column in experiment.data.table.plan.inputs} >= {"date", "category", "boolean", "number"}
    check_predictions(experiment)
    assert_same_losses(experiment, after=(3,), updates=3)


@pytest.mark.parametrize("name", [*preset_ids(), *(str(FILES / name) for name in TABLES)])
def test_the_scores_of_training_rows_and_test_rows_are_those_of_the_engine(name: str) -> None:
    assert_same_scores(open_experiment(name))


def test_cells_as_a_file_has_them_are_the_same_as_values() -> None:
    run = Run.start(open_experiment(str(FILES / "titanic-seaborn.csv")))
    script = script_after(run, 3)
    rows = script.names["examples"]
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    assert script.predict(texts) == script.predict(rows)


def test_an_unknown_category_is_an_error() -> None:
    script = script_after(Run.start(open_experiment(str(FILES / "unemp.csv"))), 0)
    with pytest.raises(ValueError, match="'Q05' is not one of"):
        script.predict([[2001, "Q05"]])


def test_a_missing_number_is_the_mean_if_no_row_of_the_data_lacks_one() -> None:
    script = script_after(Run.start(open_experiment(str(FILES / "min-text-last.csv"))), 3)
    mean = script.names["fill"]
    row = [None, *mean[1:]]
    assert script.predict([row]) == pytest.approx(script.predict([mean]))


def test_targets_of_minus_1_and_1_are_classes() -> None:
    inputs = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
    data = DataSpec(inputs=inputs, targets=((-1.0,), (1.0,), (1.0,), (-1.0,)))
    layers = (LayerSpec(3, "tanh"), LayerSpec(1, "tanh"))
    experiment = load_experiment(Preset("signs", "Signs", "", data, layers, TrainingSpec()))
    check_predictions(experiment)
    assert_same_scores(experiment)


def test_the_docstring_names_the_columns_in_order_and_says_what_a_missing_value_is() -> None:
    text = script_after(Run.start(open_experiment(str(FILES / "titanic-seaborn.csv"))), 0).names["predict"].__doc__
    assert "survived, pclass, sex, age, sibsp, parch, fare, embarked, class, who, adult_male" in " ".join(text.split())
    assert "None is a missing value." in text


def test_the_examples_are_spread_over_the_data() -> None:
    script = script_after(Run.start(open_experiment("iris")), 100)
    assert script.names["expected"] == ["setosa", "setosa", "versicolor", "versicolor", "virginica"]


@pytest.mark.parametrize("name", ["iris", str(FILES / "min-text-last.csv"), str(FILES / "titanic-seaborn.csv")])
def test_a_single_row_is_one_row(name: str) -> None:
    script = script_after(Run.start(open_experiment(name)), 3)
    row = list(script.names["examples"][0])
    assert script.predict(row) == script.predict([row])
    assert len(script.predict(row)) == 1


@pytest.mark.parametrize("mark", [None, "", " ", "?", "NA", "n/a", float("nan"), np.nan, "NULL"])
def test_marks_of_missing_values_are_missing(mark: object) -> None:
    script = script_after(Run.start(open_experiment(str(FILES / "titanic-seaborn.csv"))), 3)
    *_, row, _, _ = script.names["examples"]
    assert row[3] is None and row[11] is None
    row = [mark if index in (3, 11) else cell for index, cell in enumerate(row)]
    assert script.outputs([row]) == pytest.approx(script.outputs(script.names["examples"])[2:3])
