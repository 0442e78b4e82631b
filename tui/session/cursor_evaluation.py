"""The evaluation at the cursor, with which the curves end where the run stands, whatever updates were recorded."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.evaluation_sample import evaluated_rows
from nn_tui.core.run.metrics import evaluate_state
from nn_tui.tui.session.session import CursorEvaluation, Session

MAX_QUICK_PRODUCTS = 2_000_000  # multiplications of an evaluation with every key press; they take about 1 ms
MAX_IDLE_PRODUCTS = 1_000_000_000  # of one when no key has been pressed for a moment; about 50 ms


def evaluation_at_cursor(session: Session) -> Evaluation | None:
    """Return the evaluation at the cursor: the session's, or a new one if that is quick; None if it takes too long."""
    known = session.evaluation
    if known is not None and known.run is session.run and known.evaluation.update == session.updates_done:
        return known.evaluation
    return _evaluate(session) if _products(session) <= MAX_QUICK_PRODUCTS else None


def is_evaluation_missing(session: Session) -> bool:
    """Return whether the evaluation at the cursor can be computed, but not with a key press."""
    if session.running or not MAX_QUICK_PRODUCTS < _products(session) <= MAX_IDLE_PRODUCTS:
        return False
    recorded = any(each.update == session.updates_done for each in session.run.evaluations.items)
    return not recorded and evaluation_at_cursor(session) is None


def add_evaluation(session: Session) -> Session:
    """Return the session with the evaluation at the cursor."""
    return replace(session, evaluation=CursorEvaluation(session.run, _evaluate(session)))


def _evaluate(session: Session) -> Evaluation:
    return replace(evaluate_state(session.engine, session.state, None), update=session.updates_done)


def _products(session: Session) -> int:
    """Return the number of multiplications of an evaluation."""
    data = session.experiment.data
    return (evaluated_rows(len(data.x)) + evaluated_rows(len(data.x_test))) * session.engine.parameters


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
