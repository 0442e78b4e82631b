"""The evaluations of a run, and one at a position: the curves end where the run is, whatever was recorded."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.evaluation_sample import evaluated_rows
from nn_tui.core.run.metrics import evaluate_state
from nn_tui.core.run.run import Run

MAX_PRODUCTS = 2_000_000  # multiplications of an evaluation with every key press; they take about 1 ms


def known_evaluations(
    run: Run, trace: Trace, updates: int, state: State, *, is_training: bool, max_products: float = MAX_PRODUCTS
) -> list[Evaluation]:
    """Return the evaluations of the run, with one at the position if that is quick.

    The one after the pass is missing while its update is still to come.

    Args:
        run: The run.
        trace: The pass.
        updates: The number of updates that the parameters have had.
        state: The parameters.
        is_training: Whether the run is being trained, so that there is no time for another evaluation.
        max_products: The multiplications of an evaluation that is quick.
    """
    engine, evaluations = run.segment(trace.update - 1).engine, list(run.evaluations.items)
    if updates < trace.update == run.reached:
        evaluations = [each for each in evaluations if each.update < trace.update]
    if is_training or _products(engine) > max_products or any(each.update == updates for each in evaluations):
        return evaluations
    now = replace(evaluate_state(engine, state, None), update=updates)
    return sorted([*evaluations, now], key=lambda each: each.update)


def _products(engine: Engine) -> int:
    """Return the number of multiplications of an evaluation."""
    data = engine.experiment.data
    return (evaluated_rows(len(data.x)) + evaluated_rows(len(data.x_test))) * engine.parameters
