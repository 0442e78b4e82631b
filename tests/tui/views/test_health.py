"""Tests of the health view: its lines, its heading and its short form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.core.diagnosis.diagnose import diagnose_start
from nn_tui.core.diagnosis.finding import KINDS, Finding
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.spec import LayerSpec, TrainingSpec
from nn_tui.core.translation import message
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views import health
from nn_tui.tui.views.health import finding_lines, summary
from tests._app import DARK, experiment
from tests._explanations import build
from tests.core.diagnosis._presets import findings_at, start
from tests.tui.views._printed import (
    reach,
)

SENTENCES = st.sampled_from([message("Unit 1 of layer 1 is close to −1."), message("Lower η.")])
FINDINGS = st.builds(
    Finding,
    kind=st.sampled_from(list(KINDS)),
    severity=st.sampled_from(["bad", "warn"]),
    symptom=SENTENCES,
    cause=SENTENCES,
    advice=SENTENCES,
    remedies=st.lists(st.sampled_from(["eta = 0.1", "activation 1 = leaky_relu"]), max_size=3).map(tuple),
    layer=st.none() | st.integers(0, 9),
    units=st.lists(st.integers(0, 600), max_size=8).map(tuple),
    is_output=st.booleans(),
    refs=st.lists(st.sampled_from([Ref("dw", 1, 2, 3), Ref("x", unit=1, sample=4)]), max_size=2).map(tuple),
)


@given(FINDINGS, st.integers(1, 130), st.sampled_from(PALETTES), st.booleans())
def test_lines_have_the_requested_width(found: Finding, width: int, name: str, ascii_only: bool) -> None:
    p = get_palette(name, ascii=ascii_only)
    for strip in finding_lines(found, p, width):
        assert strip.cell_length == width == sum(cell_len(segment.text) for segment in strip)
        assert all(segment.style is not None for segment in strip)
        assert not ascii_only or strip.text.isascii()


def test_the_view_shows_symptom_cause_advice_figures_and_changes() -> None:
    found = findings_at(start(find_preset("xor-zeros")), 0)
    assert summary(found, get_palette("dark")) == "! equal units: h₁, h₂, h₃, h₄ of layer 1"
    text = " ".join(strip.text.strip() for strip in finding_lines(found[0], get_palette("dark"), 60))
    sentences = f"{found[0].symptom} {found[0].cause} {found[0].advice} The figures: w1[1,1] and w1[2,1]."
    change = "press 1 to try init = xavier_uniform"
    assert text == f"{summary(found, get_palette('dark'))} {sentences} {change}"
    assert summary((), get_palette("dark")) == ""


@pytest.mark.parametrize("name", ["xor-zeros", "exploding", "vanishing", "penguins-raw", "xor"])
def test_before_the_first_pass_the_page_has_what_check_prints(name: str) -> None:
    run = start(find_preset(name))
    session = replace(new_session(run.experiment), findings=findings_at(run, 0))
    assert session.cursor == 0
    assert health.current_findings(session) == diagnose_start(run.segments[0])
    text = " ".join(line.text.strip() for line in health.page(session, DARK, 200).lines)
    assert "Not known yet in this pass: steps after the update." in text
    assert ("No problem found so far." in text) == (name == "xor")


def test_a_later_pass_has_no_findings_about_what_it_has_not_computed() -> None:
    session = stepping.next_stop(reach("xor-zeros", 5))
    session = replace(session, findings=findings_at(session.run, 5))
    assert session.findings and health.current_findings(session) == ()
    text = " ".join(line.text.strip() for line in health.page(session, DARK, 200).lines)
    assert "No problem found so far." in text and "units after the forward pass" in text
    done = replace(reach("xor", 300), findings=())
    assert health.page(done, DARK, 200).lines[0].text.strip() == "No problem found in gradients, units and steps."


def test_the_heading_names_units_and_counts_other_findings() -> None:
    found = findings_at(start(find_preset("penguins-raw")), 0)
    assert summary(found, get_palette("mono", ascii=True)) == "! unscaled inputs (+1)"
    assert summary(found[1:], get_palette("mono", ascii=True)) == "! saturated: h1, h2, h3 and 5 more of layer 1"


def test_the_heading_names_an_output() -> None:
    neuron = find_preset("neuron")
    wrong = replace(neuron, layers=(replace(neuron.layers[0], weights=((-5.0,),)),))
    assert summary(findings_at(start(wrong), 0), get_palette("dark")) == "! saturated: output 1 of layer 1"


@pytest.mark.parametrize("update", [502, 1000, 1500])
def test_a_run_with_mistakes_is_not_called_healthy(update: int) -> None:
    session = reach("xor-221-stuck", update)
    text = " ".join(line.text.strip() for line in health.page(session, DARK, 200).lines)
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


def test_with_a_test_part_the_progress_is_that_of_the_test_part_and_says_when_to_stop() -> None:
    early, late = reach("moons", 40), reach("overfitting", 200)
    data = early.experiment.data
    test = evaluate(early.engine, early.state, data.x_test, data.y_test)
    train = evaluate(early.engine, early.state, data.x, data.y)
    assert test is not None and train is not None
    assert health.progress_text(early) == (
        f"On the test set {test.accuracy:.1%} of the predictions are right, on the training set {train.accuracy:.1%}, "
        f"after update 40. The test loss, {test.loss:.4g}, is the lowest so far: train until it stops falling."
    )
    lowest = min((each.test_loss or 0.0, each.update) for each in late.run.evaluations)
    text = health.progress_text(late)
    assert text.startswith("Loss ") and "on the test set and" in text
    assert f"the lowest recorded one was {lowest[0]:.4g} at update {lowest[1]}: stop there" in text


def test_the_progress_says_when_it_is_too_early_and_whether_the_loss_still_falls() -> None:
    assert "that is judged from 200 updates on" in health.progress_text(reach("xor-221-stuck", 150))
    falling = health.progress_text(reach("xor-221-stuck", 500))
    assert "The loss still falls: by " in falling and "in the last 100 updates." in falling
    assert "counts as a plateau" in health.progress_text(reach("xor-zeros", 600))
    assert "of the variance of the targets (R²)" in health.progress_text(reach("sine", 600))


def test_a_linear_fit_of_noisy_data_is_said_to_be_as_good_as_the_data_allow() -> None:
    assert "the rest is probably noise" in health.progress_text(reach("plane", 300))
