"""The layer view reads the quantities that are in sight, and searches each of them once in a pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.engine.quantities import extent_of, quantity
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.network import draw_network
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, begin, select
from nn_tui.tui.views import layer
from nn_tui.tui.views.network import network_view
from tests._app import DARK, experiment

WIDTH, HEIGHT = 80, 20


def draw(session: Session) -> None:
    """Draw the layer and the network as the panels of a small screen do."""
    layout = layer.layout_layer(session, DARK.glyphs, WIDTH, HEIGHT)
    draw_matrix(layout, DARK, 0, 0, WIDTH, HEIGHT, layer.cell_of(session))
    draw_network(network_view(session), DARK, WIDTH, HEIGHT)


def test_selecting_another_unit_searches_no_matrix_again_and_reads_none_out_of_sight() -> None:
    session = stepping.whole_pass(begin(experiment("digits")))
    draw(session)
    extents = dict(session.trace.extents)
    assert {key for key, _ in extents} == {"w"}, "dW, ΔW and W′ are below the window"
    for unit in range(1, 4):
        draw(select(session, replace(session.ref, unit=unit)))
    assert session.trace.extents == extents and not session.trace.steps
    session = stepping.whole_pass(session)
    draw(session)
    assert session.trace.extents.keys() == extents.keys(), "another pass has other numbers"
    assert session.trace.extents != extents


@pytest.mark.parametrize("preset", ["xor", "ravine-adam", "iris"])
def test_the_largest_magnitude_is_that_of_the_pass_on_screen(preset: str) -> None:
    session = begin(experiment(preset))
    for _ in range(12):
        session = stepping.whole_pass(session)
        draw(session)
        trace, engine = session.trace, session.engine
        assert trace.extents
        for (key, index), found in trace.extents.items():
            assert found == extent_of(quantity(engine, trace, key, index)), (trace.update, key, index)
