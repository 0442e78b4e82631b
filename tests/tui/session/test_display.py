"""Tests of the hint about the next possible steps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.tui.session import display, stepping
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.session import new_session
from nn_tui.tui.status import message_line
from tests._app import DARK, experiment
from tests._sessions import MOVES


def test_every_hint_fits_eighty_columns_in_whole_sentences() -> None:
    session = new_session(experiment("xor"))
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
        session = {"f": stepping.forward, "b": stepping.backward, "u": stepping.update}[key](session)
    assert "finishes" not in display.hint(session)
    assert rest in display.hint(stepping.previous_stop(session))
