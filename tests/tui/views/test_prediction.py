"""Tests of a typed row with its prediction, and of how it is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.run.metrics import predict
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views.prediction import (
    draw_inputs,
    draw_prediction,
    input_height,
    predict_typed,
    prediction_height,
    row_form,
)
from tests._app import DARK, experiment


def session(name: str, updates: int = 0) -> Session:
    shown = new_session(experiment(name))
    shown.run.train(updates)
    return stepping.goto(shown, updates)


def inputs(shown: Session, text: str, cursor: int = 0, size: tuple[int, int] = (60, 20)) -> list[str]:
    """Return the lines of the inputs."""
    typed = predict_typed(shown, row_form(shown), text, cursor)
    return [strip.text.rstrip() for strip in draw_inputs(shown, typed, DARK, *size)]


def outputs(shown: Session, text: str, size: tuple[int, int] = (60, 12)) -> list[str]:
    """Return the lines of the prediction."""
    typed = predict_typed(shown, row_form(shown), text, 0)
    return [strip.text.rstrip() for strip in draw_prediction(shown, typed, DARK, *size)]


def test_the_selected_sample_is_the_row_at_first() -> None:
    assert row_form(session("iris")).text == "5.1, 3.5, 1.4, 0.2"


def test_the_inputs_stand_beside_what_the_network_gets() -> None:
    iris = session("iris")
    data = iris.experiment.data
    head, *lines = inputs(iris, "5.1, 3.5, 1.4, 0.2", cursor=7)
    assert head.split() == ["input", "value", "the", "network", "gets"]
    assert lines[1].startswith("▸ sepal_width") and sum("▸" in line for line in lines) == 1
    expected = (np.array([5.1, 3.5, 1.4, 0.2]) - data.x_mean) / data.x_scale
    got = [float(line.split()[-1].replace("−", "-")) for line in lines if line]
    assert got == pytest.approx(expected.tolist(), rel=1e-3)
    assert input_height(row_form(iris)) == 5


def test_inputs_that_the_network_gets_as_they_are_stand_alone() -> None:
    assert inputs(session("xor"), "1, 0")[:3] == ["  input  value", "▸ x₁     1", "  x₂     0"]


def test_of_many_inputs_those_around_the_current_one_are_shown() -> None:
    digits = session("digits")
    text = row_form(digits).text
    lines = inputs(digits, text, cursor=len(text) // 2, size=(60, 8))
    assert len(lines) == 8 and "of 64" in lines[0] and sum("▸" in line for line in lines) == 1
    last = inputs(digits, text, cursor=len(text), size=(60, 8))
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
    first, low, high = outputs(xor, "1 0", size=(60, 3))
    assert first.split() == ["prediction", "1"]
    assert float(low.split()[-1]) == pytest.approx(1 - p, abs=0.01)
    assert float(high.split()[-1]) == pytest.approx(p, abs=0.01)


def test_numbers_are_predicted_with_six_digits() -> None:
    sine = session("sine", 200)
    (line,) = outputs(sine, "0.5", size=(60, 1))
    expected = predict(sine.engine, sine.state, np.array([[0.5]]))[0, 0]
    assert line == f"prediction  {expected:.6g}"
    assert [line.split()[0] for line in outputs(session("mazur"), "1 2", size=(60, 2))] == ["ŷ₁", "ŷ₂"]


def test_a_row_that_is_not_valid_has_no_prediction() -> None:
    xor = session("xor")
    typed = predict_typed(xor, row_form(xor), "1, a", 4)
    assert typed.problem is not None and str(typed.problem).startswith('x2: "a" is not a number')
    assert typed.current == 1
    assert "".join(outputs(xor, "1, a")) == ""
    assert typed.at(0).current == 0


def test_the_parameters_at_the_cursor_predict() -> None:
    before = session("sine", 3)
    after = stepping.whole_pass(before)
    assert outputs(before, "0.5") != outputs(after, "0.5")
