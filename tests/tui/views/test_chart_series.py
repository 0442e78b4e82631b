"""Tests of the series of the charts: their names and colours, and the sentences about them."""

from __future__ import annotations

from rich.cells import cell_len

from nn_tui.presets import COURSE
from nn_tui.tui.session import branches
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views import chart_panel, chart_series
from nn_tui.tui.views.output import output_views
from tests._app import DARK, experiment
from tests._sessions import MOVES


def test_the_runs_compared_keep_their_letters_colours_and_marks() -> None:
    session = MOVES["c"](MOVES["train 90"](new_session(experiment("xor"))))
    assert session.other is not None
    session.other.goto(session.run.reached)
    series = chart_panel.shown_series(session, DARK.glyphs)
    swapped = chart_panel.shown_series(branches.switch_run(session), DARK.glyphs)
    assert [(one.name, one.style_key) for one in series] == [(one.name, one.style_key) for one in swapped]
    assert series[0].name.startswith("A ") and series[0].style_key == "train"


def test_every_sentence_of_a_chart_or_an_output_fits_eighty_columns() -> None:
    said = {str(chart.sentence) for chart in chart_series.CHARTS.values()}
    for name in COURSE:
        said |= {str(view.sentence) for view in output_views.available_views(new_session(experiment(name))).values()}
    assert len(said) > 10
    assert {sentence for sentence in said if cell_len(sentence) > 78} == set()
