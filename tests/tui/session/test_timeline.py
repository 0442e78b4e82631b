"""Tests of the timeline of a run."""

from __future__ import annotations

from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.session.session import new_session
from nn_tui.tui.status import timeline_bar
from tests._app import DARK, experiment


def test_the_furthest_update_is_the_last_one_computed() -> None:
    session = new_session(experiment("xor"))
    assert [timeline.last_finished_update(each) for each in (session, stepping.forward(session))] == [0, 0]
    assert timeline_bar.draw(session, DARK, 80, 1)[0].text.split()[-1] == "0"
    one = stepping.whole_pass(session)
    assert timeline.last_finished_update(one) == 1
    assert timeline_bar.draw(one, DARK, 80, 1)[0].text.split()[-1] == "1"
    two = stepping.whole_pass(one)
    assert timeline.last_finished_update(two) == timeline.last_finished_update(stepping.goto(two, 1)) == 2
