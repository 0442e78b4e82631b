"""Tests of the chart panel: its scale for two compared runs, and the charts of a high panel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.run.run import Run
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views import chart_panel
from nn_tui.tui.views.chart_panel import toggle_log
from nn_tui.tui.views.chart_series import CHARTS
from tests._app import DARK, experiment
from tests.tui.views._printed import after_passes


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


def test_a_high_panel_shows_the_charts_that_follow_too() -> None:
    session = after_passes("xor", 3)
    for height, count in ((9, 1), (21, 2), (35, 3)):
        names = chart_panel.chart_names(session, height)
        assert names == chart_panel.available_charts(session)[:count]
        drawn = chart_panel.draw(session, DARK, 50, height)
        assert len(drawn) == height and all(strip.cell_length == 50 for strip in drawn)
        text = "\n".join(strip.text for strip in drawn)
        assert [str(CHARTS[name].title) in text for name in names[1:]] == [True] * (count - 1)
    last = replace(session, chart=chart_panel.available_charts(session)[-1])
    assert chart_panel.chart_names(last, 25)[1] == "loss", "the first follows the last"


@pytest.mark.parametrize("height", [9, 20, 40])
@pytest.mark.parametrize("name", ["loss", "gradient"])
def test_the_key_of_the_charts_changes_with_each_figure_that_becomes_known(name: str, height: int) -> None:
    def drawn(session: Session) -> list[str]:
        return [strip.text for strip in chart_panel.draw(session, DARK, 60, height)]

    session = replace(after_passes("xor", 2), zoom="unit", chart=name)
    session = replace(session, cursor=0)
    changes = 0
    while session.cursor < session.pass_steps.end:
        later = stepping.next_stop(session)
        is_same = chart_panel.cache_key(later, height) == chart_panel.cache_key(session, height)
        assert not is_same or drawn(later) == drawn(session)
        changes += not is_same
        session = later
    has_gradients = name == "gradient" or "gradient" in chart_panel.chart_names(session, height)
    assert changes == (12 if has_gradients else 2), "the loss and the update; dz and dw of each of five units"
