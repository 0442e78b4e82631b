"""The evaluations of a run, and one at the cursor: the curves end where the run stands, whatever was recorded."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.evaluation_sample import evaluated_rows
from nn_tui.core.run.metrics import evaluate_state
from nn_tui.tui.session.session import Session

MAX_PRODUCTS = 2_000_000  # multiplications of an evaluation with every key press; they take about 1 ms


def known_evaluations(session: Session) -> list[Evaluation]:
    """Return the evaluations of the run, with one at the cursor if that is quick.

    The one after the pass on screen is missing while its update is still to come.
    """
    evaluations, done = list(session.run.evaluations.items), session.updates_done
    if done < session.trace.update == session.run.reached:
        evaluations = [each for each in evaluations if each.update < session.trace.update]
    if session.running or _products(session) > MAX_PRODUCTS or any(each.update == done for each in evaluations):
        return evaluations
    now = replace(evaluate_state(session.engine, session.state, None), update=done)
    return sorted([*evaluations, now], key=lambda each: each.update)


def _products(session: Session) -> int:
    """Return the number of multiplications of an evaluation."""
    data = session.experiment.data
    return (evaluated_rows(len(data.x)) + evaluated_rows(len(data.x_test))) * session.engine.parameters
