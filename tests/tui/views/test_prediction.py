"""Tests of a typed row with its prediction, and of how it is drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.metrics import evaluate, predict
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views.prediction import (
    TypedPrediction,
    draw_inputs,
    draw_prediction,
    input_height,
    predict_typed,
    prediction_height,
    row_form,
    sample_text,
)
from tests._app import DARK, experiment

FILES = Path(__file__).parents[2] / "core" / "table" / "files"


def session(name: str, updates: int = 0) -> Session:
    shown = new_session(experiment(name))
    shown.run.train(updates)
    return stepping.goto(shown, updates)


def typed_row(shown: Session, text: str, current: int = 0) -> TypedPrediction:
    return predict_typed(shown, row_form(shown), [cell.strip() for cell in text.split(",")], current)


def inputs(shown: Session, text: str, current: int = 0, size: tuple[int, int] = (60, 20)) -> list[str]:
    """Return the lines of the inputs."""
    typed = typed_row(shown, text, current)
    return [strip.text.rstrip() for strip in draw_inputs(shown, typed, DARK, *size)]


def outputs(shown: Session, text: str, size: tuple[int, int] = (60, 12)) -> list[str]:
    """Return the lines of the prediction."""
    typed = typed_row(shown, text)
    return [strip.text.rstrip() for strip in draw_prediction(shown, typed, DARK, *size)]


def test_the_selected_sample_is_the_row_at_first() -> None:
    assert row_form(session("iris")).cells == ("5.1", "3.5", "1.4", "0.2")


def test_the_inputs_stand_beside_what_the_network_gets() -> None:
    iris = session("iris")
    data = iris.experiment.data
    head, *lines = inputs(iris, "5.1, 3.5, 1.4, 0.2", current=1)
    assert head.split() == ["input", "value", "network", "gets"]
    assert lines[1].startswith("▸ sepal_width") and sum("▸" in line for line in lines) == 1
    expected = (np.array([5.1, 3.5, 1.4, 0.2]) - data.x_mean) / data.x_scale
    got = [float(line.split()[-1].replace("−", "-")) for line in lines if line]
    assert got == pytest.approx(expected.tolist(), rel=1e-3)
    assert input_height(row_form(iris)) == 5


def test_inputs_that_the_network_gets_as_they_are_stand_alone() -> None:
    assert inputs(session("xor"), "1, 0")[:3] == ["  input  value", "▸ x₁     1", "  x₂     0"]


def test_of_many_inputs_those_around_the_current_one_are_shown() -> None:
    digits = session("digits")
    text = ", ".join(row_form(digits).cells)
    lines = inputs(digits, text, current=32, size=(60, 8))
    assert len(lines) == 8 and "of 64" in lines[0] and sum("▸" in line for line in lines) == 1
    last = inputs(digits, text, current=63, size=(60, 8))
    assert "58 to 64 of 64" in last[0] and last[-1].startswith("▸ pixel_7_7")


def test_the_class_stands_above_the_probabilities() -> None:
    iris = session("iris", 200)
    first, *bars = outputs(iris, "5.1, 3.5, 1.4, 0.2")
    assert first.split() == ["predicted", "species", "setosa"]
    assert [line.split()[0] for line in bars if line] == ["setosa", "versicolor", "virginica"]
    assert prediction_height(iris) == 4


def test_a_single_output_gives_the_probability_of_both_classes() -> None:
    xor = session("xor", 500)
    p = predict(xor.engine, xor.state, np.array([[1.0, 0.0]]))[0, 0]
    first, low, high = outputs(xor, "1, 0", size=(60, 3))
    assert first.split() == ["prediction", "1"]
    assert float(low.split()[-1]) == pytest.approx(1 - p, abs=0.01)
    assert float(high.split()[-1]) == pytest.approx(p, abs=0.01)


def test_numbers_are_predicted_with_six_digits() -> None:
    sine = session("sine", 200)
    (line,) = outputs(sine, "0.5", size=(60, 1))
    expected = predict(sine.engine, sine.state, np.array([[0.5]]))[0, 0]
    assert line.startswith(f"prediction  {expected:.6g}  typically off by ")
    assert [line.split()[0] for line in outputs(session("mazur"), "1, 2", size=(60, 2))] == ["ŷ₁", "ŷ₂"]


def test_a_row_that_is_not_valid_has_no_prediction() -> None:
    xor = session("xor")
    typed = typed_row(xor, "1, a")
    assert typed.problem is not None and str(typed.problem[1]).startswith('x2: "a" is not a number')
    assert typed.problem[0] == 1 and typed.warning == ""
    assert "".join(outputs(xor, "1, a")) == "" and inputs(xor, "1, a")[1:3] == ["▸ x₁     1", "✗ x₂     a"]


def test_of_several_wrong_values_the_current_one_is_named_first() -> None:
    xor = session("xor")
    typed = typed_row(xor, "b, a")
    assert sorted(typed.problems) == [0, 1]
    for current in (0, 1):
        problem = typed.at(current).problem
        assert problem is not None and problem[0] == current


def test_values_beyond_the_training_rows_are_named() -> None:
    xor = session("xor")
    assert typed_row(xor, "1, 0").warning == ""
    expected = "x₂: 2 is more than the 1 of the training rows. The network was trained on no such value."
    assert typed_row(xor, "1, 2").warning == expected
    both = typed_row(xor, "-1, 2", current=1).warning
    assert both == "x₂: 2 is more than the 1 of the training rows. Values of x₁ are new to the network, too."


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_a_quantity_has_the_typical_error_beside_it(share: float) -> None:
    changes = {"target": "Salary", "test_fraction": share}
    shown = new_session(open_experiment(str(FILES / "Salary_Data.csv"), changes=changes))
    shown.run.train(50)
    shown = stepping.goto(shown, 50)
    data = shown.experiment.data
    found = evaluate(shown.engine, shown.state, *((data.x_test, data.y_test) if share else (data.x, data.y)))
    assert found is not None and found.rmse is not None
    line, about = outputs(shown, "5.1", size=(80, 2))
    assert line.endswith(f"  typically off by {found.rmse:,.0f}")
    assert about.strip() == ("(RMSE on 9 test rows)" if share else "(RMSE on 30 training rows)")
    narrow = [line.strip() for line in outputs(shown, "5.1", size=(38, 3))]
    assert narrow[1:] == [line[line.index("typically") :], about.strip()]
    sample, row = shown.data_row + 1, row_of_selected_sample(shown)
    assert sample_text(shown).endswith(f"At first they are those of sample {sample}, row {row} of the file.")


def row_of_selected_sample(shown: Session) -> int:
    """Return the number of the row of the file that is the selected sample."""
    with (FILES / "Salary_Data.csv").open() as file:
        rows = [line.split(",")[0] for line in file][1:]
    return rows.index(str(shown.experiment.data.points[shown.data_row, 0])) + 1


def test_the_parameters_at_the_cursor_predict() -> None:
    before = session("sine", 3)
    after = stepping.whole_pass(before)
    assert outputs(before, "0.5") != outputs(after, "0.5")
