"""Tests of the output of a network with standardised targets: its results are in the units of the data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.data.units import raw_targets, to_raw_units
from nn_tui.core.run.metrics import predict
from nn_tui.core.spec import Array
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.views.output.curve import draw_fit
from nn_tui.tui.views.output.mistakes import draw_errors
from nn_tui.tui.views.output.output_views import available_views
from nn_tui.tui.views.output.table import draw_table
from tests._app import DARK
from tests._salaries import salaries


@pytest.fixture
def session() -> Iterator[Session]:
    made = new_session(salaries())
    made.run.goto(100)
    yield stepping.goto(made, 100)


def predicted(session: Session) -> Array:
    """Return the predictions of the training part in the units of the data, computed from the network's numbers."""
    data = session.experiment.data
    outputs = predict(session.engine, session.state, data.x)
    return np.asarray(outputs * data.y_scale + data.y_mean)


def numbers(line: str) -> list[float]:
    return [float(text.replace(",", "").replace("−", "-")) for text in re.findall(r"[+−]?[\d,]+(?:\.\d+)?", line)]


def test_the_table_shows_salaries(session: Session) -> None:
    data = session.experiment.data
    lines = [strip.text for strip in draw_table(session, DARK, 60, 20)]
    assert lines[0].split() == ["x", "y", "ŷ", "ŷ−y"]
    assert "43,525" in lines[1] and "56,642" in lines[2]
    for line, x, y, answer in zip(
        lines[1:], data.points[:, 0], raw_targets(data)[:, 0], predicted(session)[:, 0], strict=False
    ):
        shown = numbers(line)
        assert shown[0] == x and shown[1] == y
        assert shown[2] == pytest.approx(answer, abs=0.5) and shown[3] == pytest.approx(answer - y, abs=0.5)


def test_a_table_of_all_digits_has_the_decimals_too(session: Session) -> None:
    line = draw_table(replace(session, digits=None), DARK, 80, 20)[1].text
    assert numbers(line)[2] == pytest.approx(predicted(session)[0, 0], abs=0.05)


def test_the_columns_keep_their_places_when_predictions_come() -> None:
    before = new_session(salaries())
    heads = {draw_table(each, DARK, 60, 20)[0].text.index("ŷ ") for each in (before, stepping.forward(before))}
    assert len(heads) == 1


def test_the_curve_shows_salaries(session: Session) -> None:
    shown = "\n".join(strip.text for strip in draw_fit(session, DARK, 60, 20))
    assert "43,525" in shown and "50,000" in shown and "100,000" in shown
    answer = predicted(session)[0, 0]
    (value,) = re.findall(r"network ([\d,]+)", shown)
    assert numbers(value)[0] == pytest.approx(answer, abs=0.5)


def test_the_list_of_errors_shows_salaries(session: Session) -> None:
    lines = [strip.text for strip in draw_errors(session, DARK, 60, 12)]
    assert lines[1].split() == ["sample", "part", "y", "ŷ", "ŷ−y"]
    data = session.experiment.data
    answers = predicted(session)[:, 0]
    row = next(line for line in lines[2:] if "train" in line)
    sample, y, answer, error = numbers(row)
    index = int(sample) - 1
    assert y == raw_targets(data)[index, 0]
    assert answer == pytest.approx(answers[index], abs=0.5) and error == pytest.approx(answers[index] - y, abs=0.5)


def test_the_colours_of_a_surface_have_salaries_at_their_ends() -> None:
    session = stepping.whole_pass(new_session(salaries(inputs=2)))
    assert next(iter(available_views(session))) == "surface"
    shown = "\n".join(strip.text for strip in output.draw(session, DARK, 60, 24))
    data = session.experiment.data
    limit = max(float(np.abs(data.y).max()), float(np.abs(session.trace.a[-1]).max()))
    low, high = to_raw_units(data, np.array([[-limit], [limit]]))[:, 0]
    found = re.search(r"ŷ (−?[\d,]+) +([\d,]+)", shown)
    assert found is not None, shown
    assert numbers(found[1])[0] == pytest.approx(low, abs=1) and numbers(found[2])[0] == pytest.approx(high, abs=1)


def test_numbers_of_other_networks_are_as_before() -> None:
    session = stepping.whole_pass(new_session(salaries(standardize_target=False)))
    assert "43,525" in draw_table(session, DARK, 60, 20)[1].text
