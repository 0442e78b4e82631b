"""Tests of the output as a table."""

from __future__ import annotations

import re

from nn_tui.core.run.metrics import predict
from nn_tui.tui.draw.network import draw_network
from nn_tui.tui.session import stepping
from nn_tui.tui.views.network import network_view
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.views.output.predictions import SampleHit
from tests._app import DARK
from tests.tui.views._printed import after_passes


def test_a_narrow_table_shows_every_output_and_a_click_finds_its_sample() -> None:
    session = after_passes("mazur", 1)
    rows = [strip.text for strip in output.draw(session, DARK, 27, 20)]
    text = "\n".join(rows)
    outputs = predict(session.engine, session.trace.after, session.experiment.data.x)[0]
    for name, value, target in zip(("y1", "y2"), outputs, session.experiment.data.y[0], strict=True):
        row = next(row for row in rows if row.startswith(name))
        assert f"{value:.4f}" in row and f"{target:.4f}" in row
    assert "answer" in text and all(len(row) == 27 for row in rows)
    for y in (1, 2):
        found = output.hit(session, DARK, 27, 20, 12, y)
        assert isinstance(found, SampleHit) and found.row == 0
    assert output.hit(session, DARK, 27, 20, 12, 3) is None


def test_z_and_prediction_of_a_perceptron_have_different_names() -> None:
    session = stepping.backward(stepping.forward(after_passes("and", 1)))
    picture = "\n".join(strip.text for strip in draw_network(network_view(session), DARK, 30, 20))
    assert "z of y" in picture
    table = "\n".join(strip.text for strip in output.draw(session, DARK, 27, 20))
    assert "answer" in table and not re.search(r"target +y\b", table)
