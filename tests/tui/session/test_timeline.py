"""Tests of the timeline of a run."""

from __future__ import annotations

import pytest

from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.session.session import Move, new_session
from nn_tui.tui.status import timeline_bar
from tests._app import DARK, experiment
from tests._edits import small_experiment
from tests._moves import STEPS
from tests._sessions import save_and_restore


def test_the_timeline_ends_at_the_last_update_that_was_made() -> None:
    session = new_session(experiment("xor"))
    for unfinished in (session, stepping.forward(session), stepping.backward(stepping.forward(session))):
        assert session.run.finished == 0
        assert timeline_bar.draw(unfinished, DARK, 80, 1)[0].text.split()[-1] == "0"
    one = stepping.whole_pass(session)
    assert one.run.finished == 1
    assert timeline_bar.draw(one, DARK, 80, 1)[0].text.split()[-1] == "1"
    assert stepping.previous_stop(one).run.finished == 1, "it stays made after a step back"
    two = stepping.forward(stepping.whole_pass(one))
    assert two.run.finished == stepping.goto(two, 1).run.finished == 2


@pytest.mark.parametrize(
    ("move", "reason"),
    [
        (timeline.go_to_end, "Nothing later has been computed yet"),
        (lambda session: timeline.scrub(session, 10), "Nothing later has been computed yet"),
        (lambda session: timeline.jump(session, 1), "There is no later mark"),
    ],
)
@pytest.mark.parametrize("keys", ["", "f", "fb"])
def test_nothing_is_later_than_a_fresh_run(keys: str, move: Move, reason: str) -> None:
    session = new_session(experiment("xor"))
    for key in keys:
        session = STEPS[key](session)
    after = move(session)
    assert (after.cursor, after.trace.update, after.updates_done) == (session.cursor, 1, 0)
    assert str(after.message).startswith(reason)
    finished = stepping.whole_pass(session)
    assert move(finished).trace is finished.trace and str(move(finished).message)
    back = stepping.goto(finished, 0)
    assert move(back).updates_done == 1


def test_a_restored_session_knows_which_updates_were_made() -> None:
    for keys, made in (("", 0), ("f", 0), ("fbu", 1), ("fbuf", 1)):
        session = new_session(small_experiment())
        for key in keys:
            session = STEPS[key](session)
        assert save_and_restore(session).run.finished == session.run.finished == made
