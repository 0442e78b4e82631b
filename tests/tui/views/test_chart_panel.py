"""Tests of the chart panel: its scale for two compared runs."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.run.run import Run
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views import chart_panel
from nn_tui.tui.views.chart_panel import toggle_log
from tests._app import DARK, experiment


def test_losses_that_are_far_apart_start_on_a_log_scale() -> None:
    quick, slow = Run.start(experiment("xor")), Run.start(experiment("xor-221-stuck"))
    for run in (quick, slow):
        run.goto(1000)
    session = new_session(experiment("xor"))
    session = replace(session, runs=(quick, slow), active=0, other=slow, trace=quick.trace(1000), chart="loss")
    assert chart_panel.is_log(session) and "log scale" in chart_panel.title(session, DARK)
    linear = toggle_log(session)
    assert not chart_panel.is_log(linear) and "linear" in str(linear.message)
    assert chart_panel.is_log(toggle_log(linear))
    alone = replace(session, other=None)
    assert not chart_panel.is_log(alone), "a single run keeps the chosen scale"
    assert not chart_panel.is_log(replace(session, other=quick)), "similar losses keep the chosen scale"
