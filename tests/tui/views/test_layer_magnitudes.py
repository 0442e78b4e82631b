"""Tests of the table of the backward pass layer by layer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views import chart_panel, health
from nn_tui.tui.views.layer_magnitudes import draw_layer_magnitudes, layer_magnitudes
from tests._app import DARK, experiment


def after_backward(name: str, updates: int = 0) -> Session:
    session = new_session(experiment(name))
    for _ in range(updates):
        session = stepping.whole_pass(session)
    return stepping.backward(stepping.forward(session))


@pytest.mark.parametrize("name", ["vanishing", "vanishing-relu", "iris", "xor"])
def test_the_sizes_are_those_of_the_trace(name: str) -> None:
    session = after_backward(name, 2)
    rows = layer_magnitudes(session)
    trace = session.trace
    assert [row.layer for row in rows] == list(range(len(trace.dz)))[::-1]
    for row in rows:
        assert row.delta == pytest.approx(np.abs(trace.dz[row.layer]).mean())
        assert row.weights == pytest.approx(np.linalg.norm(trace.before.weights[row.layer]))
        assert row.gradient == pytest.approx(np.linalg.norm(trace.dw[row.layer]))
    factors = [row.factor for row in rows[1:] if row.factor is not None]
    assert np.prod(factors) == pytest.approx(rows[-1].delta / rows[0].delta)
    assert rows[0].factor is None


def test_the_slopes_are_those_of_the_activation() -> None:
    session = after_backward("vanishing")
    for row in layer_magnitudes(session):
        a = session.trace.a[row.layer]
        assert row.slope == pytest.approx((a * (1 - a)).mean())
    assert layer_magnitudes(after_backward("iris"))[0].slope is None, "softmax has a Jacobian instead"


def test_the_page_of_health_has_a_row_for_each_layer() -> None:
    session = after_backward("vanishing", 180)
    page = [line.text for line in health.page(session, DARK, 78).lines]
    rows = {line.split()[0]: line.split() for line in page if line.split()[:1] and line.split()[0] in set("1234567")}
    for each in layer_magnitudes(session):
        shown = rows[str(each.layer + 1)]
        assert float(shown[1]) == pytest.approx(each.delta, rel=1e-2)
        assert float(shown[-1]) == pytest.approx(each.gradient, rel=1e-2)
    assert "where they cancel" in " ".join(" ".join(page).split())


def test_health_chart_and_table_agree_on_delta() -> None:
    session = after_backward("vanishing", 180)
    first, last = layer_magnitudes(session)[-1].delta, layer_magnitudes(session)[0].delta
    chart = {one.name: one for one in chart_panel.shown_series(replace(session, chart="delta"), DARK.glyphs)}
    assert float(np.asarray(chart["δ₁"].y)[-1]) == pytest.approx(first)
    assert float(np.asarray(chart["δ₇"].y)[-1]) == pytest.approx(last)
    diagnosed = replace(session, findings=diagnose(session.run, session.trace, session.updates_done))
    sentence = " ".join(" ".join(line.text for line in health.page(diagnosed, DARK, 78).lines).split())
    factor = float(sentence.partition("becomes about ")[2].split()[0])
    assert factor == pytest.approx(last / first, rel=0.05)


def test_the_table_waits_for_the_backward_pass_and_needs_two_layers() -> None:
    assert not draw_layer_magnitudes(stepping.forward(new_session(experiment("vanishing"))), DARK, 78)
    assert not draw_layer_magnitudes(after_backward("neuron"), DARK, 78)


@pytest.mark.parametrize("width", [1, 20, 60, 100])
@pytest.mark.parametrize("ascii", [False, True])
def test_the_table_fits_any_width(width: int, ascii: bool) -> None:
    lines = draw_layer_magnitudes(after_backward("vanishing"), get_palette("mono", ascii=ascii), width)
    assert all(line.cell_length == width for line in lines)
    assert not ascii or all(line.text.isascii() for line in lines)
