"""Tests of the figure of the loss."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.figure.loss import draw_loss
from nn_tui.core.figure.plot import thinned
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.metrics import evaluate_state
from nn_tui.core.run.run import Run
from tests.core.figure._figures import Picture, points_of, request_of


def test_both_parts_have_a_curve_from_the_start_to_the_moment_with_its_value() -> None:
    request = request_of("moons", "60")
    made = Picture(draw_loss(request))
    last = request.run.evaluations.items[-1]
    assert last.update == 60 and last.test_loss is not None
    expected = [f"train set {last.train_loss:.4f}", f"test set {last.test_loss:.4f}"]
    assert [text for text in made.texts("legend") if "set" in text] == expected
    assert len(made.all("curve")) == len(made.texts("legend")) == 2
    (frame,) = made.all("frame")
    left, width = float(frame.get("x", "")), float(frame.get("width", ""))
    for curve in made.all("curve"):
        points = points_of(curve.get("d", ""))
        assert points[0, 0] == pytest.approx(left, abs=0.1)
    assert points[-1, 0] == pytest.approx(left + width, abs=0.1)
    assert made.texts("axis-name") == ["updates", "loss"]


def test_the_values_are_those_of_the_moment_also_between_two_evaluations() -> None:
    request = request_of("digits", "50")
    assert request.run.evaluations.items[-1].update < 50
    now = evaluate_state(request.engine, request.state, None)
    assert now.test_loss is not None
    words = [f"train set {now.train_loss:.4f}", f"test set {now.test_loss:.4f}"]
    text = draw_loss(request)
    assert Picture(text).texts("legend") == [f"batch of pass 50 {request.trace.loss:.4f}", *words]
    assert all(each in Picture(text).child("desc") for each in words)


def test_the_values_of_an_earlier_moment_are_not_the_last_ones() -> None:
    run = Run.start(open_experiment("moons"))
    run.train(60)
    request = request_of(run, "20")
    now = evaluate_state(request.engine, run.state_after(20), None)
    words = [text for text in Picture(draw_loss(request)).texts("legend") if "set" in text]
    assert words == [f"train set {now.train_loss:.4f}", f"test set {now.test_loss:.4f}"]


def test_batches_have_a_curve_of_their_own() -> None:
    made = Picture(draw_loss(request_of("penguins", "40")))
    assert [text.split()[0] for text in made.texts("legend")] == ["batch", "train", "test"]
    assert len(made.all("curve")) == 3


def test_a_full_batch_has_one_curve() -> None:
    assert len(Picture(draw_loss(request_of("xor", "30"))).all("curve")) == 1


def test_a_loss_that_is_still_to_come_is_not_drawn() -> None:
    run = Run.start(open_experiment("xor"))
    run.train(9)
    before, after = (Picture(draw_loss(request_of(run, at))).all("curve")[0] for at in ("10.forward", "10.loss"))
    assert len(points_of(before.get("d", ""))) == len(points_of(after.get("d", ""))) == 10


def test_an_earlier_moment_is_marked() -> None:
    run = Run.start(open_experiment("xor"))
    run.train(40)
    assert len(Picture(draw_loss(request_of(run, "10"))).all("moment")) == 1
    assert Picture(draw_loss(request_of(run, "40"))).all("moment") == []


def test_without_an_update_there_is_no_curve() -> None:
    with pytest.raises(InputError, match="no update is made; train some updates first"):
        draw_loss(request_of("xor"))


def test_a_logarithmic_axis_says_so() -> None:
    made = Picture(draw_loss(request_of("xor", "500", is_log=True)))
    assert "loss (log scale)" in made.texts("axis-name") and made.problems() == []


def test_a_diverging_loss_is_drawn_up_to_its_last_finite_value() -> None:
    run = Run.start(open_experiment("exploding"))
    run.train(50)
    assert run.divergence is not None
    made = Picture(draw_loss(request_of(run, str(run.divergence.update))))
    assert made.problems() == [] and made.all("curve")


def test_a_long_line_keeps_its_lowest_and_its_highest_point() -> None:
    x, y = np.arange(100_000.0), np.random.default_rng(0).standard_normal(100_000)
    y[777] = np.nan
    few_x, few_y = thinned(x, y, 1000)
    assert len(few_x) < 1300 and np.isnan(few_y).sum() == 1
    assert np.nanmax(few_y) == np.nanmax(y) and np.nanmin(few_y) == np.nanmin(y)
    assert (few_x[0], few_x[-1]) == (0, 99_999)
