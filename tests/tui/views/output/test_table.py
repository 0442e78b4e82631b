"""Tests of the output as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.run.metrics import predict
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.glyphs import UNICODE
from nn_tui.tui.draw.names import axis_label
from nn_tui.tui.draw.network import draw_network
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.network import network_view
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.views.output.predictions import SampleHit
from nn_tui.tui.views.output.table import draw_table
from tests._app import DARK
from tests._explanations import experiments
from tests.tui.views._printed import after_passes


@settings(max_examples=40, deadline=None)
@given(experiments(), st.integers(4, 120), st.sampled_from((2, 4, 6, None)), st.booleans())
def test_no_label_of_a_random_network_stands_for_two_columns(
    made: Experiment, width: int, digits: int | None, is_forward: bool
) -> None:
    session = replace(new_session(made), digits=digits)
    session = stepping.forward(session) if is_forward else session
    heading = draw_table(session, DARK, width, 12)[0].text.split()
    assert len(set(heading)) == len(heading)
    targets = {label for label in heading if label.startswith("y")}
    network = "\n".join(strip.text for strip in draw_network(network_view(session), DARK, 60, 20)).split()
    assert any(label.startswith("ŷ") for label in network) and not targets & set(network)
    for layer in range(len(session.engine.sizes) - 1):
        here = select(session, replace(session.ref, quantity="b", layer=layer, unit=0, input=0))
        bands = layer_view.layout_layer(here, UNICODE, 100, 30).bands
        titles = [placed.block.title for band in bands for placed in band.blocks if placed.block.title]
        assert len(set(titles)) == len(titles)
        rows = {axis_label(band.rows, row, UNICODE) for band in bands for row in range(band.end - band.top)}
        assert not targets & rows


@pytest.mark.parametrize("size", [(120, 12), (60, 12), (27, 12)])
def test_the_ravine_shows_the_input_that_tells_its_rows_apart(size: tuple[int, int]) -> None:
    lines = [strip.text for strip in draw_table(after_passes("ravine-sgd", 1), DARK, *size)]
    assert lines[0].split()[:4] == ["x₁", "x₂", "y", "ŷ"]
    assert len({tuple(line.lstrip("▸ ").split()[:2]) for line in lines[1:5]}) == 4


def test_a_narrow_table_shows_every_output_and_a_click_finds_its_sample() -> None:
    session = after_passes("mazur", 1)
    rows = [strip.text for strip in output.draw(session, DARK, 27, 20)]
    outputs = predict(session.engine, session.trace.after, session.experiment.data.x)[0]
    for row, value, target in zip(rows[1:], outputs, session.experiment.data.y[0], strict=False):
        assert row.lstrip("▸ ").split()[1:3] == [f"{target:.4f}", f"{value:.4f}"]
    assert rows[0].split() == ["k", "y", "ŷ", "ŷ−y"] and all(len(row) == 27 for row in rows)
    for y in (1, 2):
        found = output.hit(session, DARK, 27, 20, 12, y)
        assert isinstance(found, SampleHit) and found.row == 0
    assert output.hit(session, DARK, 27, 20, 12, 3) is None


def test_z_and_prediction_of_a_perceptron_have_different_names() -> None:
    session = stepping.backward(stepping.forward(after_passes("and", 1)))
    picture = "\n".join(strip.text for strip in draw_network(network_view(session), DARK, 30, 20))
    assert "z of ŷ" in picture
    table = [strip.text for strip in draw_table(session, DARK, 27, 8)]
    assert table[0].split() == ["x₁", "x₂", "y", "ŷ", "ŷ−y"]
    predictions = predict(session.engine, session.state, session.experiment.data.x)[:, 0]
    assert [float(line.split()[-2]) for line in table[1:5]] == predictions.tolist()


@pytest.mark.parametrize("digits", [2, 4, 6, None])
def test_the_predictions_of_a_perceptron_are_classes_whatever_the_digits(digits: int | None) -> None:
    session = replace(after_passes("xor-perceptron", 4), digits=digits)
    lines = [strip.text for strip in draw_table(session, DARK, 40, 12)]
    assert lines[0].split() == ["x₁", "x₂", "y", "ŷ", "ŷ−y"]
    for line in lines[1:5]:
        y, prediction, error = line.lstrip("▸ ").split()[2:]
        assert {y, prediction} <= {"0", "1"}
        assert int(error.replace("−", "-")) == int(prediction) - int(y)
