"""The evaluations of the run of a session, and one at the cursor."""

from __future__ import annotations

from nn_tui.core.run import known_evaluations as core
from nn_tui.core.run.curves import Evaluation
from nn_tui.tui.session.session import Session


def known_evaluations(session: Session) -> list[Evaluation]:
    """Return the evaluations of the run, with one at the cursor if that is quick."""
    return core.known_evaluations(
        session.run, session.trace, session.updates_done, session.state, is_training=session.running
    )
