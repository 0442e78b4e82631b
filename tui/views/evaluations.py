"""The evaluations of a run on the whole data set that the screen may show."""

from __future__ import annotations

from nn_tui.core.run.curves import Evaluation
from nn_tui.tui.session.cursor_evaluation import evaluation_at_cursor
from nn_tui.tui.session.session import Session


def known_evaluations(session: Session) -> list[Evaluation]:
    """Return the evaluations of the run, with one at the cursor if that is quick or has been computed.

    The one after the pass on screen is missing while its update is still to come.
    """
    evaluations, done = list(session.run.evaluations.items), session.updates_done
    if done < session.trace.update == session.run.reached:
        evaluations = [each for each in evaluations if each.update < session.trace.update]
    if session.running or any(each.update == done for each in evaluations):
        return evaluations
    now = evaluation_at_cursor(session)
    return evaluations if now is None else sorted([*evaluations, now], key=lambda each: each.update)
