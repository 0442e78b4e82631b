"""Tests of the typed point on the plane."""

from __future__ import annotations

import numpy as np

from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views.output.plane import REGIONS, SURFACE
from nn_tui.tui.views.output.plane_grid import plot_of
from nn_tui.tui.views.prediction import predict_typed, row_form
from nn_tui.tui.views.prediction_plane import MARK, draw_typed_point, plane_view_of
from tests._app import DARK, experiment


def drawn(session: Session, text: str) -> list[str]:
    """Return the lines of the picture for a typed row."""
    strips = draw_typed_point(session, predict_typed(session, row_form(session), text.split(", "), 0), DARK, 36, 14)
    assert [strip.cell_length for strip in strips] == [36] * 14
    return [strip.text for strip in strips]


def test_data_of_two_inputs_has_a_picture() -> None:
    found = [plane_view_of(new_session(experiment(name))) for name in ("moons", "plane", "iris", "sine")]
    assert found == [REGIONS, SURFACE, None, None]


def test_the_typed_point_is_marked_where_it_lies() -> None:
    for name in ("xor", "moons", "plane"):
        session = new_session(experiment(name))
        lines = drawn(session, "0.3, 0.6")
        place = plot_of(session, DARK, 36, 13).cell_of(np.array([0.3, 0.6]))
        assert place is not None
        assert [(line.index(MARK), y) for y, line in enumerate(lines[:-1]) if MARK in line] == [place]
        assert lines[-1].startswith("? is the typed point")


def test_a_point_outside_and_a_row_that_is_not_valid_are_not_marked() -> None:
    session = new_session(experiment("xor"))
    outside, wrong = drawn(session, "9, 9"), drawn(session, "9, x")
    assert not any(MARK in line for line in (*outside, *wrong))
    assert outside[-1].startswith("the typed point is out of view") and wrong[-1].strip() == ""
