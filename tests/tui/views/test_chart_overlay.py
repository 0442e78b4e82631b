"""Tests of the charts of several runs: one curve for each, told apart without colour, and a table that names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.run import Run
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.series import markers_of
from nn_tui.tui.session import overlay
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views import chart_panel
from tests._app import experiment


@cache
def overlaid() -> Session:
    """Return a session with six runs of Iris in its charts."""
    runs = [start_with(Run.start(experiment("iris")), [f"eta = {k / 10}"]) for k in range(1, 7)]
    for run in runs:
        run.train(20)
    return overlay.open_runs(new_session(experiment("iris")), runs, runs[2])


@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_table_and_the_curves_have_the_same_letters_and_markers(ascii_only: bool) -> None:
    palette, session = get_palette("dark", ascii=ascii_only), overlaid()
    for width, height in ((76, 18), (50, 14), (150, 50)):
        drawn = chart_panel.draw(session, palette, width, height)
        assert len(drawn) == height and all(strip.cell_length == width for strip in drawn)
        lines = [strip.text for strip in drawn]
        assert not ascii_only or "".join(lines).isascii()
        markers = markers_of(chart_panel.shown_series(session, palette.glyphs), palette.glyphs)
        assert len(set(markers)) == 6
        for line, marker, letter, eta in zip(lines[1:7], markers, "ABCDEF", range(1, 7), strict=True):
            name = f"{palette.glyphs.eta} 0.{eta}"
            assert f"{marker} {letter} {name}" in line
            is_shown = letter == "C"
            assert line.startswith(palette.glyphs.arrow) == is_shown
        below = "\n".join(lines[7:])
        assert all(marker in below for marker in markers)


def test_a_low_panel_names_the_runs_in_its_legend() -> None:
    text = "\n".join(strip.text for strip in chart_panel.draw(overlaid(), get_palette("dark"), 76, 12))
    assert "● A η 0.1" in text and "△ F η 0.6" in text and "train loss" not in text


def test_every_chart_has_one_curve_for_each_run_with_its_figures() -> None:
    session, glyphs = overlaid(), get_palette("dark").glyphs
    names = chart_panel.available_charts(session)
    assert names == ["loss", "test_loss", "accuracy", "test_accuracy", "gradient", "delta", "ratio", "eta"]
    figures: dict[str, Callable[[Evaluation], float | None]] = {
        "loss": lambda item: item.train_loss,
        "test_loss": lambda item: item.test_loss,
        "test_accuracy": lambda item: None if item.test_accuracy is None else 100 * item.test_accuracy,
        "gradient": lambda item: item.gradient_norms[session.ref.layer] if item.gradient_norms else None,
    }
    for name in names:
        series = chart_panel.shown_series(replace(session, chart=name), glyphs)
        assert [each.name for each in series] == list("ABCDEF")
        if name not in figures:
            continue
        for each, curve in zip(overlay.overlaid_runs(session), series, strict=True):
            expected = {item.update: figures[name](item) for item in each.run.evaluations.items}
            x, y = curve.arrays()
            shown = dict(zip(x.tolist(), y.tolist(), strict=True))
            assert all(shown[update] == value for update, value in expected.items() if value is not None)
            assert np.isfinite(y).all()
    chosen = chart_panel.next_chart(session)
    assert chosen.chart == "test_loss" and "test part" in chart_panel.title(chosen, get_palette("dark"))


def test_a_run_that_diverged_does_not_flatten_the_others() -> None:
    runs = [start_with(Run.start(experiment("exploding")), [f"eta = {rate}"]) for rate in (0.001, 10)]
    for run in runs:
        run.train(20)
    session = overlay.open_runs(new_session(experiment("exploding")), runs, runs[0])
    assert runs[1].divergence is not None and chart_panel.is_log(session)
    assert "log scale" in chart_panel.title(session, get_palette("dark"))


def test_the_table_follows_the_cursor() -> None:
    session, palette = overlaid(), get_palette("dark")
    early = replace(session, trace=session.run.trace(5), cursor=session.pass_steps.end)
    update = max(item.update for item in session.runs[-1].evaluations.items if item.update <= 5)
    loss = next(item.train_loss for item in session.runs[-1].evaluations.items if item.update == update)
    line = chart_panel.draw(early, palette, 76, 18)[6].text
    assert f" {update} " in line and f"{loss:.4f}" in line
    assert chart_panel.cache_key(early, 20) != chart_panel.cache_key(session, 20)
