"""Tests of the messages of moves through a run."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.parser import parse_edit
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.display import hint
from nn_tui.tui.session.session import Session, new_session
from tests._app import experiment
from tests._sessions import MOVES


def changed(session: Session, text: str) -> Session:
    """Return the session after a change, written as in its prompt."""
    edit = parse_edit(text, session.run, session.updates_done, session.data_row)
    return branches.show_edited(session, edit)


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
