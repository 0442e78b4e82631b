"""Tests of the view that compares two runs."""

from __future__ import annotations

from nn_tui.core.display.number_text import fmt
from nn_tui.core.run.metrics import evaluate
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views import compare
from tests._app import DARK, experiment
from tests._sessions import MOVES


def test_two_runs_compared_name_the_pass_that_computed_the_loss() -> None:
    session = MOVES["c"](stepping.whole_pass(new_session(experiment("xor"))))
    assert session.other is not None
    assert compare.headings(session, DARK.glyphs)[0] == "loss of pass 1"
    assert "pass loss" in compare.draw(session, DARK, 36, 4)[1].text
    assert "loss of pass 1" in compare.draw(session, DARK, 70, 4)[1].text


def test_two_regressions_are_compared_by_r2() -> None:
    session = MOVES["c"](stepping.whole_pass(new_session(experiment("sine"))))
    assert compare.headings(session, DARK.glyphs)[:2] == ("loss of pass 1", "R²")
    own, _ = compare.table(session, DARK)
    data = session.experiment.data
    found = evaluate(session.engine, session.state, data.x, data.y)
    assert found is not None and found.r2 is not None
    assert own.figures[1] == fmt(found.r2, 4, sign=False, glyphs=DARK.glyphs)
