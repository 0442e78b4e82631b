"""Tests of the health view: its lines, its heading and its short form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.core.analysis.badge import KINDS, Badge
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.spec import LayerSpec, TrainingSpec
from nn_tui.core.translation import message
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views import health
from nn_tui.tui.views.health import badge_lines, summary
from tests._app import DARK, experiment
from tests._explanations import build
from tests.core.analysis._badges import badges_at, start
from tests.tui.views._printed import (
    reach,
)

BADGES = st.builds(
    Badge,
    st.sampled_from(list(KINDS)),
    st.sampled_from(["bad", "warn"]),
    st.none() | st.integers(0, 9),
    st.lists(st.integers(0, 600), max_size=8).map(tuple),
    *[st.sampled_from([message("Unit 1 of layer 1 is close to −1."), message("Lower η.")])] * 3,
    st.booleans(),
)


@given(st.lists(BADGES, max_size=4), st.integers(1, 130), st.sampled_from(PALETTES), st.booleans())
def test_lines_have_the_requested_width(found: list[Badge], width: int, name: str, ascii_only: bool) -> None:
    p = get_palette(name, ascii=ascii_only)
    for strip in badge_lines(found, p, width):
        assert strip.cell_length == width == sum(cell_len(segment.text) for segment in strip)
        assert all(segment.style is not None for segment in strip)
        assert not ascii_only or strip.text.isascii()


def test_the_view_shows_symptom_cause_and_advice() -> None:
    found = badges_at(start(find_preset("xor-zeros")), 0)
    assert summary(found, get_palette("dark")) == "! equal units: h₁, h₂, h₃, h₄ of layer 1"
    text = " ".join(strip.text.strip() for strip in badge_lines(found, get_palette("dark"), 60))
    assert text == f"{summary(found, get_palette('dark'))} {found[0].symptom} {found[0].cause} {found[0].advice}"
    assert badge_lines((), get_palette("dark"), 80)[0].text.strip().startswith("No problem found")
    assert summary((), get_palette("dark")) == ""


def test_the_heading_names_units_and_counts_other_badges() -> None:
    found = badges_at(start(find_preset("vanishing-relu")), 0)
    assert summary(found, get_palette("mono", ascii=True)) == "! dead ReLU: h7 of layer 5 (+1)"


def test_the_heading_names_an_output() -> None:
    neuron = find_preset("neuron")
    wrong = replace(neuron, layers=(replace(neuron.layers[0], weights=((-5.0,),)),))
    assert summary(badges_at(start(wrong), 0), get_palette("dark")) == "! saturated: output 1 of layer 1"


@pytest.mark.parametrize("update", [502, 1000, 1500])
def test_a_run_with_mistakes_is_not_called_healthy(update: int) -> None:
    session = reach("xor-221-stuck", update)
    text = " ".join(line.text.strip() for line in health.document(session, DARK, 200))
    state = session.trace.after if session.updates_done == session.trace.update else session.trace.before
    data = session.experiment.data
    evaluation = evaluate(session.engine, state, data.x, data.y)
    assert evaluation is not None and evaluation.mistakes
    assert f"Not solved yet: {evaluation.mistakes} of 4 predictions wrong, loss {evaluation.loss:.3g} " in text
    assert "healthy" not in text


def test_the_progress_of_a_solved_run_and_of_a_regression() -> None:
    solved = reach("xor", 600)
    assert "All 4 predictions are right: loss 0.0" in health.progress_text(solved)
    unit = LayerSpec(1, "sigmoid", weights=((5.0,),), bias=(0.0,))
    one_row = build(((1.0,),), ((1.0,),), (unit,), TrainingSpec(loss="binary_cross_entropy"))
    assert health.progress_text(new_session(one_row)).startswith("The prediction is right: loss ")
    assert health.progress_text(new_session(experiment("sine"))).startswith("Loss ")
