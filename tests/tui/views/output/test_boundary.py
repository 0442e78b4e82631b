"""Tests of the boundary between two classes: where it is drawn, and where it lies if it is out of sight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.views.output.plane import REGIONS
from nn_tui.tui.views.output.plane_grid import forward
from nn_tui.tui.views.output.plane_layout import plane_layout
from tests._app import DARK, experiment


def after(name: str, updates: int) -> Session:
    session = new_session(experiment(name))
    session.run.goto(updates)
    return stepping.goto(session, updates)


def shown(session: Session, width: int = 27, height: int = 20) -> str:
    return "\n".join(strip.text for strip in output.draw(session, DARK, width, height))


def dots(text: str) -> list[tuple[int, int]]:
    """Return the cells (x, y) with a dotted line, without the one in the legend."""
    lines = text.split("\n")
    legend = next(y for y, line in enumerate(lines) if "wrong" in line)
    return [(x, y) for y, line in enumerate(lines[:legend]) for x, char in enumerate(line) if "⠀" <= char <= "⣿"]


@pytest.mark.parametrize(
    ("update", "where"),
    [
        (0, "no line: weights are 0"), (4, "line outside: x₁ = −1"), (5, "line outside: x₁ = −1"),
        (155, "line outside: x₂ = −1"), (1, "no line: weights are 0"),
    ],
)  # fmt: skip
def test_a_perceptron_s_line_that_is_out_of_sight_is_described(update: int, where: str) -> None:
    session = after("xor-perceptron", update)
    weights, bias = session.state.weights[0][0], session.state.biases[0][0]
    if "=" in where:  # the sentence is true of the parameters
        axis = int("x₂" in where)
        assert -bias / weights[axis] == -1.0 and weights[1 - axis] == 0.0
    text = shown(session)
    assert where in text and not dots(text)


def test_a_line_that_is_oblique_and_out_of_sight_is_described_by_its_nearest_point() -> None:
    given = experiment("xor-perceptron")
    layer = replace(given.layers[0], weights=((1.0, 1.0),), bias=(2.0,))
    moved = new_session(replace(given, layers=(layer,)))
    assert moved.state.weights[0].tolist() == [[1.0, 1.0]] and moved.state.biases[0].tolist() == [2.0]
    assert "line outside, near (−1, −1)" in shown(moved)


@pytest.mark.parametrize(
    ("name", "updates"), [("gaussians", 60), ("and", 30), ("xor", 300), ("moons", 200), ("circles", 9)]
)
def test_the_boundary_is_drawn_where_the_prediction_changes(name: str, updates: int) -> None:
    session = after(name, updates)
    text = shown(session, 60, 31)
    places = dots(text)
    assert len(places) >= 8 and " = 0" in text
    plot = plane_layout(REGIONS.usual_legend(session, DARK), session, DARK, 60, 31).plot
    for x, y in places:
        column, row = x - plot.area.x, (y - plot.area.y) * plot.rows_per_line + 0.5
        rows, columns = np.linspace(row - 1.5, row + 1.5, 7), np.linspace(column - 1, column + 1, 5)
        z = forward(session, plot.points_at(rows, columns))[0][-1]
        assert (z >= 0).any() and (z <= 0).any(), "within a cell of the boundary"


def test_a_network_that_decides_for_one_class_everywhere_says_so() -> None:
    session = after("xor-zeros", 50)
    text = shown(session)
    outputs = session.state.biases[-1]
    assert outputs[0] >= 0 and "ŷ ≥ 0.5 everywhere" in text and not dots(text)
