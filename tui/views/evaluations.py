"""The evaluations of a run on the whole data set that the screen may show."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.metrics import evaluate_state
from nn_tui.tui.session.session import Session

_MAX_PRODUCTS = 200_000  # multiplications of an evaluation with every key press; they take less than 1 ms


def known_evaluations(session: Session) -> list[Evaluation]:
    """Return the evaluations of the run, with one at the cursor if that is quick.

    The one after the pass on screen is missing while its update is still to come.
    """
    evaluations, done, data = list(session.run.evaluations.items), session.updates_done, session.experiment.data
    if done < session.trace.update == session.run.reached:
        evaluations = [each for each in evaluations if each.update < session.trace.update]
    products = (len(data.x) + len(data.x_test)) * session.engine.parameters
    if session.running or products > _MAX_PRODUCTS or any(each.update == done for each in evaluations):
        return evaluations
    now = replace(evaluate_state(session.engine, session.state, None), update=done)
    return sorted([*evaluations, now], key=lambda each: each.update)
