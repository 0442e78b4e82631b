"""Tests of the moves through a run: the number that a stop selects, and the messages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.engine.steps import ZOOMS, Zoom
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Experiment
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.hints import hint
from nn_tui.tui.session.session import Session, new_session, select
from nn_tui.tui.views import arithmetic
from tests._app import DARK, experiment
from tests._explanations import NUMBERS, experiments, refs_of
from tests._sessions import MOVES


def changed(session: Session, text: str) -> Session:
    """Return the session after a change, written as in its prompt."""
    edited = apply_edit(text, session.run, session.updates_done, session.data_row)
    return branches.show_edited(session, edited)


# Selected numbers


def check_stops_select_what_they_compute(session: Session, stops: int) -> None:
    """Check that each of the next stops, and each on the way back, selects a number that it has computed."""
    passed = [session]
    for _ in range(stops):
        before, session = session, stepping.next_stop(session)
        is_same_pass = before.trace.update == session.trace.update
        start = before.cursor if is_same_pass else 0
        assert session.is_known(session.ref), (session.step, session.ref)
        assert not replace(session, cursor=start).is_known(session.ref), (session.step, session.ref)
        assert f" {session.ref.symbol} " in f"{arithmetic.title(session, DARK)} "
        passed.append(session)
    for there in reversed(passed[1:-1]):
        session = stepping.previous_stop(session)
        if session.cursor != there.cursor:  # the start of a pass is shown as the end of the one before
            continue
        start = session.pass_steps.previous(session.cursor, session.zoom) or 0
        assert session.is_known(session.ref), (session.step, session.ref)
        assert not replace(session, cursor=start).is_known(session.ref), (session.step, session.ref)


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("name", ["and", "mazur", "xor", "xor-perceptron", "iris", "autoencoder", "ravine-adam"])
def test_a_stop_of_a_preset_selects_a_number_that_it_computes(name: str, zoom: Zoom) -> None:
    session = replace(new_session(experiment(name)), zoom=zoom)
    check_stops_select_what_they_compute(session, len(session.pass_steps.stops[zoom]) + 3)


@settings(max_examples=40)
@given(experiments(), st.sampled_from(ZOOMS), NUMBERS, st.integers(0, 20), st.integers(1, 25))
def test_a_stop_selects_a_number_that_it_computes(
    made: Experiment, zoom: Zoom, numbers: tuple[int, int, int, int], which: int, stops: int
) -> None:
    session = new_session(made)
    refs = refs_of(made, session.trace.n, numbers)
    check_stops_select_what_they_compute(replace(select(session, refs[which % len(refs)]), zoom=zoom), stops)


def test_the_stops_of_zoom_unit_walk_through_the_units() -> None:
    session, names = replace(new_session(experiment("mazur")), zoom="unit"), []
    while session.cursor < session.pass_steps.end:
        session = stepping.next_stop(session)
        names.append(session.ref.symbol)
    assert names[:9] == ["z₁[1]", "z₁[2]", "a₁[1]", "a₁[2]", "z₂[1]", "z₂[2]", "a₂[1]", "a₂[2]", "L"]
    assert names[9:15] == ["∂L/∂a₂[1]", "∂L/∂a₂[2]", "δ₂[1]", "δ₂[2]", "∂L/∂w₂[1,1]", "∂L/∂w₂[2,1]"]
    assert names[-4:] == ["w′₁[1,1]", "w′₁[2,1]", "w′₂[1,1]", "w′₂[2,1]"]


def test_backward_begins_at_the_output_and_the_update_stays_there() -> None:
    session = stepping.backward(stepping.forward(new_session(experiment("mazur"))))
    assert session.ref == Ref("dw", 1)
    assert stepping.update(session).ref == Ref("w", 1, after=True)
    layers = [new_session(experiment("vanishing"))]
    while layers[-1].cursor < layers[-1].pass_steps.after("backward"):
        layers.append(stepping.next_stop(layers[-1]))
    gradients = [each.ref for each in layers if each.step.phase == "backward"]
    assert [(ref.quantity, ref.layer) for ref in gradients] == [("dw", layer) for layer in range(6, -1, -1)]


def test_backward_from_the_middle_selects_the_first_gradient_that_it_computes() -> None:
    session = stepping.next_stop(stepping.forward(new_session(experiment("mazur"))))  # layer 2 is done
    assert stepping.backward(session).ref == Ref("dw", 0)


# Messages


def test_a_restart_reports_that_changes_at_the_start_stay() -> None:
    session = MOVES["train 3"](changed(new_session(experiment("xor")), "eta = 0.25"))
    assert "the changes made at the start stay" in str(stepping.restart(session).message)
    untouched = MOVES["train 3"](new_session(experiment("xor")))
    assert "changes" not in str(stepping.restart(untouched).message)


@pytest.mark.parametrize(
    ("change", "helps"),
    [
        ("x1 = 1e200", "try smaller inputs"),
        ("y1 = 1e200", "try smaller targets"),
        ("l2 = 1e308", "try a smaller l2"),
        ("eta = 1e308", "try a smaller η"),
    ],
)
def test_the_advice_for_a_divergence_names_the_huge_number(change: str, helps: str) -> None:
    session = changed(new_session(experiment("plane")), change)
    session = stepping.goto(session, session.run.goto(2000))
    assert session.run.divergence is not None
    assert hint(session).endswith(f"{helps}.")
    assert str(stepping.whole_pass(session).message).endswith(f"{helps}.")
