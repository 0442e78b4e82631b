"""Find a cycle in a run: its state equals that of a few updates ago exactly, so the same updates repeat."""

from __future__ import annotations

import numpy as np

from nn_tui.core.engine.trace import State
from nn_tui.core.run.replay import Segment, nearest_state
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array

MAX_PERIOD = 16
"""The longest cycle that is found, in updates."""

_MIN_MOVE = 1e-6  # of the length of the state; at a minimum the last bits may alternate, too
# Where states are not cached, they are computed again: so many passes, of so many multiply-adds each, take about 1 ms.
_MAX_REPLAY, _MAX_REPLAY_SIZE = 100, 64


def find_period(run: Run, update: int, state: State) -> int | None:
    """Return after how many updates the run repeats itself; None if it does not, or if that takes long to find out.

    It does not change the run, but it may compute passes with the engine, so no thread may be training the run.

    Args:
        run: The run.
        update: The number of updates done.
        state: The state after them.
    """
    segment = run.segment(max(0, update - 1))
    engine, training = segment.engine, segment.experiment.training
    batches = engine.batches_per_epoch
    if (training.shuffle and batches > 1) or not training.schedule.is_constant:
        return None
    periods = range(batches, min(MAX_PERIOD, update - segment.start) + 1, batches)
    if not periods:
        return None
    earlier = _states_before(run, segment, update, periods[-1])
    for period in periods if earlier else ():
        if np.array_equal(earlier[update - period], state.array):
            between = [earlier[update - k] for k in range(1, period)]
            return period if any(_is_moved(array, state.array) for array in between) else None
    return None


def _is_moved(array: Array, state: Array) -> bool:
    return float(np.linalg.norm(array - state)) > _MIN_MOVE * float(np.linalg.norm(state))


def _states_before(run: Run, segment: Segment, update: int, count: int) -> dict[int, Array]:
    """Return the arrays of the ``count`` states before ``update``, by update; empty if that takes too long."""
    first = update - count
    known = {n: run.states.get(n) for n in range(first, update)}
    known[segment.start] = segment.state
    arrays = {n: cached.array for n, cached in known.items() if cached is not None}
    if all(n in arrays for n in range(first, update)):
        return arrays
    engine = segment.engine
    nearest, state = nearest_state(run.states, segment, first)
    is_small = engine.batch * engine.parameters <= _MAX_REPLAY_SIZE
    if not is_small or update - nearest > _MAX_REPLAY:
        return {}
    arrays[nearest] = state.array
    for trace in engine.passes(state, nearest + 1):
        if trace.update >= update:
            break
        arrays[trace.update] = trace.after.array.copy()
    engine.release(trace)
    return arrays
