"""Tests of the hint about the next possible steps, and of the messages of keys that cannot act."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from nn_tui.core.engine.steps import ZOOMS, Zoom
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session import display, hints, stepping
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.selection import select_by_name
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.status import message_line
from tests._app import DARK, experiment
from tests._moves import STEPS
from tests._sessions import MOVES

KEY = re.compile("`(.)`")


def test_every_hint_fits_eighty_columns_in_whole_sentences() -> None:
    for zoom in ZOOMS:
        session = replace(new_session(experiment("xor")), zoom=zoom)
        for move in ("f", "space", "b", "space", "u", "train 90", "p", "0", "N", "a", "c", "c"):
            session = MOVES[move](session)
            shown = message_line.draw(session, DARK, 80, 1)[0].text
            assert "…" not in shown.replace("η, a layer, …", ""), (move, shown)


def test_a_faster_speed_does_not_hide_that_the_run_diverged() -> None:
    session = new_session(experiment("too-fast"))
    session.run.train(400)
    session = stepping.goto(session, session.run.reached)
    assert session.run.divergence is not None
    for speed in (len(SPEEDS) - 1, 0):
        words = message_line.draw(display.change_speed(replace(session, speed=speed), 1), DARK, 120, 1)[0].text
        assert "Diverged at update 319" in words


@pytest.mark.parametrize(
    ("keys", "rest"), [("f", "`f` finishes the forward pass"), ("fb", "`b` finishes the backward pass"),
                       ("fbu", "`u` finishes the update")]
)  # fmt: skip
def test_the_hint_within_a_phase_names_the_key_that_ends_it(keys: str, rest: str) -> None:
    session = replace(new_session(experiment("xor")), zoom="unit")
    for key in keys:
        session = STEPS[key](session)
    assert "finishes" not in hints.hint(session)
    assert rest in hints.hint(stepping.previous_stop(session))


AFTER_LOSS: dict[Zoom, str] = {
    "pass": "`b` or `␣` computes all gradients",
    "layer": "`␣` only the gradients of layer 2.",
    "operation": "`␣` only ∂L/∂a of layer 2.",
    "unit": "`␣` only ∂L/∂a of unit 1 in layer 2.",
}


@pytest.mark.parametrize("zoom", ZOOMS)
def test_the_hint_after_the_loss_follows_the_zoom(zoom: Zoom) -> None:
    session = stepping.forward(replace(new_session(experiment("xor")), zoom=zoom))
    assert AFTER_LOSS[zoom] in hints.hint(session)


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("name", ["xor", "and", "mazur"])
def test_the_hint_names_what_the_next_stop_computes(name: str, zoom: Zoom) -> None:
    session = replace(new_session(experiment(name)), zoom=zoom)
    session = stepping.next_stop(session)
    while session.cursor < session.pass_steps.end:
        hint, here = hints.hint(session), session
        session = stepping.next_stop(session)
        if "`␣`" not in hint or zoom == "pass":
            continue
        step = session.step
        layer = "the loss" if step.layer is None else f"layer {step.layer + 1}"
        is_joined_update = zoom == "layer" and step.phase == "update"  # one stop updates all layers
        assert ("the other layers" if is_joined_update else layer) in hint, hint
        if zoom == "unit" and step.unit is not None:
            assert f" of unit {step.unit + 1} in layer" in hint
        if zoom in ("unit", "operation") and step.phase != "update" and step.layer is not None:
            assert f"{session.ref.array_symbol[:-1]} of " in hint, (hint, here.step)


@pytest.mark.parametrize(
    ("keys", "key", "words"),
    [
        ("f space", "f", "`b` finishes the backward pass"),
        ("f b space", "f", "`u` finishes it"),
        ("f b space", "b", "`u` finishes the update"),
        ("f space", "u", "finish the backward pass (`b`) first"),
    ],
)
def test_a_key_that_cannot_act_names_the_phase_that_is_not_finished(keys: str, key: str, words: str) -> None:
    session: Session = replace(new_session(experiment("xor")), zoom="unit")
    for each in keys.split():
        session = STEPS[each](session)
    assert words in str(STEPS[key](session).message)


@pytest.mark.parametrize("name", ["z1[1]", "loss", "a2[1]", "dw1[1,1]", "dz2[1]", "w'1[1,1]"])
@pytest.mark.parametrize("zoom", ZOOMS)
def test_a_number_that_is_not_computed_names_all_keys_that_lead_to_it(name: str, zoom: Zoom) -> None:
    session = select_by_name(replace(new_session(experiment("mazur")), zoom=zoom), name)
    while not session.is_known(session.ref):
        there = session
        for key in KEY.findall(hints.not_computed_text(session)):
            assert not there.is_known(session.ref), "no key too many"
            there = STEPS[key](there)
        assert there.is_known(session.ref), hints.not_computed_text(session)
        session = replace(stepping.next_stop(session), ref=session.ref)


@pytest.mark.parametrize("preset", ["xor", "mazur", "digits"])
def test_every_hint_fits_eighty_columns_of_ascii(preset: str) -> None:
    for zoom in ZOOMS:
        session = replace(new_session(experiment(preset)), zoom=zoom)
        for move in ("f", "space", "b", "space", "u", "p"):
            session = MOVES[move](session)
            shown = message_line.draw(session, get_palette("dark", ascii=True), 80, 1)[0].text.rstrip()
            assert shown.endswith(".") and not shown.endswith("..."), shown
