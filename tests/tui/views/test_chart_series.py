"""Tests of the series of the charts: their names and colours, and the sentences about them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len

from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.metrics import evaluate
from nn_tui.presets import COURSE
from nn_tui.tui.draw.series import markers_of
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.session import Session, new_session
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


@pytest.mark.parametrize("update", [0, 1, 2, 3, 4, 5, 155, 1001])
def test_the_loss_of_a_perceptron_is_that_of_the_cursor_and_has_its_mistakes_beside_it(update: int) -> None:
    session = new_session(experiment("xor-perceptron"))
    session.run.goto(update)
    session = stepping.goto(session, update)
    batch, whole = chart_panel.shown_series(session, DARK.glyphs)
    weights, bias = session.state.weights[0][0], session.state.biases[0][0]
    data = session.experiment.data
    z = data.x @ weights + bias
    wrong = int(((z >= 0) != (data.y[:, 0] == 1)).sum())
    exact = evaluate(session.engine, session.state, data.x, data.y)
    assert exact is not None and wrong > 0
    assert whole.value == f"{exact.loss:.4f}, {wrong} of 4 wrong", "of these weights, and not of earlier ones"
    before = stepping.forward(session)
    batch = chart_panel.shown_series(before, DARK.glyphs)[0]
    trace = before.trace
    is_wrong = (trace.z[0][0, 0] >= 0) != (trace.y[0, 0] == 1)
    assert batch.value == f"{trace.loss:.4f}, {int(is_wrong)} of 1 wrong"


@pytest.mark.parametrize("name", ["circles", "moons", "iris"])
def test_the_loss_of_a_small_data_set_is_never_an_earlier_one(name: str) -> None:
    session = new_session(experiment(name))
    for update in (1, 7):
        session.run.goto(update)
        session = stepping.goto(session, update)
        series = {each.name: each for each in chart_panel.shown_series(session, DARK.glyphs)}
        train = series["train set"]
        exact = evaluate(session.engine, session.state, session.experiment.data.x, session.experiment.data.y)
        assert exact is not None and train.value == f"{exact.loss:.4f}"


def test_r2_and_rmse_stand_beside_the_loss_of_numbers() -> None:
    session = new_session(experiment("sine"))
    session.run.goto(60)
    session = stepping.goto(session, 60)
    (whole,) = chart_panel.shown_series(session, DARK.glyphs)
    exact = evaluate(session.engine, session.state, session.experiment.data.x, session.experiment.data.y)
    assert exact is not None and exact.r2 is not None and exact.rmse is not None
    assert whole.value == f"{exact.loss:.4f}, R² {exact.r2:.3f}, RMSE {exact.rmse:.3f}"
    assert whole.short_value == f"{exact.loss:.4f}, R² {exact.r2:.3f}"


@pytest.mark.parametrize("name", ["mazur", "moons"], ids=["a single row", "classes"])
def test_the_loss_stands_alone_where_r2_is_not_defined(name: str) -> None:
    session = stepping.whole_pass(new_session(experiment(name)))
    assert not any("R²" in series.value for series in chart_panel.shown_series(session, DARK.glyphs))
    assert "r2" not in chart_panel.available_charts(session)


def test_the_chart_of_r2_leaves_out_what_is_much_worse_than_the_mean() -> None:
    session = new_session(experiment("sine"))
    session.run.goto(60)
    session = replace(stepping.goto(session, 60), chart="r2")
    items = session.run.evaluations.items
    (whole,) = chart_panel.shown_series(session, DARK.glyphs)
    assert whole.arrays()[1].tolist() == [each.train_r2 for each in items]
    worse = [replace(each, train_r2=-50.0) if each.update < 30 else each for each in items]
    session.run.evaluations.items[:] = worse
    (whole,) = chart_panel.shown_series(session, DARK.glyphs)
    drawn = [x for x, y in zip(*whole.arrays(), strict=True) if np.isfinite(y)]
    assert drawn == [float(each.update) for each in items if each.update >= 30]
    session.run.evaluations.items[:] = [replace(each, train_r2=-50.0) for each in items]
    (whole,) = chart_panel.shown_series(session, DARK.glyphs)
    assert set(whole.arrays()[1].tolist()) == {-50.0}, "all of it, rather than nothing"


@pytest.mark.parametrize(("name", "chart"), [("moons", "accuracy"), ("xor", "accuracy"), ("overfitting", "r2")])
def test_a_part_has_the_same_marker_and_colour_in_every_chart(name: str, chart: str) -> None:
    def looks(session: Session) -> dict[str, tuple[str, str]]:
        series = chart_panel.shown_series(session, DARK.glyphs)
        markers = markers_of(series, DARK.glyphs)
        return {each.name: (each.style_key, marker) for each, marker in zip(series, markers, strict=True)}

    session = new_session(experiment(name))
    session.run.goto(60)
    session = stepping.goto(session, 60)
    loss, other = looks(session), looks(replace(session, chart=chart))
    assert other and all(loss[part] == look for part, look in other.items())
    assert chart_panel.current_name(replace(session, chart=chart)) == chart


def test_the_runs_compared_have_different_markers_that_both_charts_share() -> None:
    session = MOVES["c"](MOVES["train 90"](new_session(experiment("moons"))))
    assert session.other is not None
    session.other.goto(session.run.reached)
    charts = [chart_panel.shown_series(replace(session, chart=name), DARK.glyphs) for name in ("loss", "accuracy")]
    loss, accuracy = (
        {one.name: mark for one, mark in zip(series, markers_of(series, DARK.glyphs), strict=True)} for series in charts
    )
    assert len(set(loss.values())) == len(loss)
    assert accuracy.items() <= loss.items()


def test_the_title_of_the_loss_says_whether_the_target_is_standardised() -> None:
    preset = find_preset("sine")
    scaled = load_experiment(replace(preset, data=replace(preset.data, standardize_target=True)))
    session = new_session(scaled)
    assert chart_panel.title(session, DARK).startswith("Loss (standardised target) 1/")
    assert chart_panel.title(replace(session, chart="r2"), DARK).startswith("R² 2/")
    assert chart_panel.title(new_session(experiment("sine")), DARK).startswith("Loss 1/")


def large_session(batch_size: int | None) -> Session:
    """Return a session with 15,000 training rows and 5,000 test rows."""
    preset = find_preset("moons")
    spec = replace(preset.data, samples=20_000, test_fraction=0.25)
    problem = load_experiment(replace(preset, data=spec, training=replace(preset.training, batch_size=batch_size)))
    return new_session(problem)


def test_a_large_set_is_drawn_from_a_sample_and_says_so() -> None:
    session = MOVES["train 90"](large_session(batch_size=8))
    batch, train, test = chart_panel.shown_series(session, DARK.glyphs)
    assert (train.name, train.short_name) == ("train set, 4,096 of 15,000 rows", "train sample")
    assert (test.name, test.short_name) == ("test set, 4,096 of 5,000 rows", "test sample")
    assert [series.arrays()[0].tolist() for series in (train, test)] == [[0, 1, 2, 4, 8, 16, 32, 64, 91]] * 2
    assert batch.name == "this batch" and train.value and "at" not in train.value, "the curves end at the cursor"
    accuracies = chart_panel.shown_series(replace(session, chart="accuracy"), DARK.glyphs)
    assert [series.name for series in accuracies] == [train.name, test.name]
    assert accuracies[1].arrays()[0].tolist() == test.arrays()[0].tolist()


def test_the_loss_of_a_full_batch_stays_apart_from_that_of_a_sample() -> None:
    session = MOVES["train 90"](large_session(batch_size=None))
    names = [series.name for series in chart_panel.shown_series(session, DARK.glyphs)]
    assert names == ["loss", "train set, 4,096 of 15,000 rows", "test set, 4,096 of 5,000 rows"]
