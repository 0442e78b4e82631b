"""Train several runs side by side, in less time than one after another and with the same bits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nn_tui.core.engine.stack import stack_passes
from nn_tui.core.engine.stack_plan import can_stack
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.run.curves import LossCurve
from nn_tui.core.run.replay import cache_and_release
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array

MAX_LOSSES = 4096  # of each run that wait until they are added to its curve


def train_runs(
    runs: Sequence[Run],
    updates: int,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[Run, ...]:
    """Train runs from their start, side by side if :func:`~nn_tui.core.engine.stack_plan.can_stack` allows it.

    With a test set they are trained one after another: then the evaluations, which a stack does not speed up, take most
    of the time. The evaluation with the best test loss is never left out of a curve, so none of them can be skipped.
    A run whose numbers may not be finite leaves the stack, and is trained alone, again from its start.

    Args:
        runs: Runs at update 0.
        updates: The number of updates of each.
        should_stop: Asked after every pass. If it returns True, the training ends at once; the runs may then have
            reached different updates.
        progress: Called after every pass with the number of updates that all runs together have done.

    Returns:
        The trained runs; use them in place of the given ones. Each of them is as after ``run.train(updates)``, with the
        same bits: position, losses, evaluations, divergence and cached states.
    """
    done = 0

    def advance(passes: int) -> None:
        nonlocal done
        done += passes
        progress(done)

    def train_alone(run: Run, counted: int = 0) -> Run:
        """Train a run from its start; its first passes may be counted already, because a stack has done them."""

        def count_pass(trace: Trace) -> bool:
            advance(1 if trace.update > counted else 0)
            return False

        run.train(updates, should_stop=should_stop, publish=count_pass)
        return run

    experiments = [run.experiment for run in runs]
    has_test_set = any(len(experiment.data.x_test) for experiment in experiments)
    if updates == 0 or has_test_set or should_stop() or not can_stack(experiments):
        return tuple(map(train_alone, runs))
    trained = [
        Run(run.segments, LossCurve(), run.evaluations.truncated(0).spaced_for(updates), 0, run.states.limits)
        for run in runs
    ]
    losses, count, next_record = np.zeros((len(runs), MAX_LOSSES)), 0, 0
    with np.errstate(all="ignore"):
        for step in stack_passes(experiments, [run.state_after(0) for run in runs], updates):
            engine, trace = step.engine, step.trace
            losses[step.indexes, count] = engine.losses(trace)
            count += 1
            advance(len(step.indexes) - len(step.leaving))
            for index in (step.indexes[position] for position in step.leaving):
                trained[index] = train_alone(runs[index], counted=trace.update - 1)
            is_last = trace.update == updates or should_stop()
            if is_last or count == MAX_LOSSES or trace.update >= next_record:
                for position, index in step.staying.items():
                    before = engine.network_state(trace.before, position)
                    _follow(trained[index], losses[index, :count], before, is_last)
                    next_record = trained[index].next_record  # the same for all runs
                count = 0
            if is_last:
                break
    return tuple(trained)


def _follow(run: Run, losses: Array, before: State, is_last: bool) -> None:
    """Record passes that the stack has run; the last one is run once more, because a record needs its numbers.

    Args:
        run: The run.
        losses: The losses of the passes, (passes,).
        before: The state before the last of them.
        is_last: Whether the run ends there.
    """
    engine, update = run.engine, run.reached + len(losses)
    trace = engine.run(before, update)
    run.losses.extend(losses)
    run.reached = update
    run.record(engine, trace)
    if is_last:
        run.states.center = update
        cache_and_release(run.states, run.segment(update), trace)
        run.goto(update)
    else:
        engine.release(trace)
