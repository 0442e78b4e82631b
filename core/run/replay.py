"""Being in a part of a run again: from the nearest state that is kept, by the same function that trained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_tui.core.engine.blas import threads_for, use_threads
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.run.state_cache import States, room
from nn_tui.core.spec import Experiment


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """What is in force for the passes after update ``start``; ``state`` (a copy, never written) is where it begins."""

    start: int
    experiment: Experiment
    engine: Engine
    state: State
    label: str


def replayed(states: States, segment: Segment, update: int) -> State:
    """The state after ``update``, which the segment leads to; states on the way are kept as far as there is room."""
    if update == segment.start:
        return segment.state
    kept = states.get(update)
    if kept is not None:
        return kept
    engine = segment.engine
    at, state = _nearest(states, segment, update)
    near_from = update - room(state) // 2
    use_threads(threads_for(engine.sizes, engine.batch))
    with np.errstate(all="ignore"):
        for trace in engine.passes(state, at + 1):
            if trace.update == update:
                break
            if trace.update > near_from:
                states.keep(trace.update, engine.copy_state(trace.after))
    return leave(states, segment, trace)


def step_towards(states: States, segment: Segment, update: int) -> None:
    """Compute and keep the first state that lacks on the way to ``update`` in a segment."""
    engine = segment.engine
    at, state = _nearest(states, segment, update)
    use_threads(threads_for(engine.sizes, engine.batch))
    with np.errstate(all="ignore"):
        trace = engine.run(state, at + 1)
    states.keep(at + 1, engine.copy_state(trace.after))
    engine.release(trace)


def leave(states: States, segment: Segment, trace: Trace) -> State:
    """Give up the last of some passes, and keep both its sides: looking at it then costs one pass, not a replay."""
    after = segment.engine.copy_state(trace.after)
    if trace.update - 1 > segment.start:  # what the segment begins with is its own, and may have been edited
        states.keep(trace.update - 1, segment.engine.copy_state(trace.before))
    states.keep(trace.update, after)
    segment.engine.release(trace)
    return after


def _nearest(states: States, segment: Segment, update: int) -> tuple[int, State]:
    """The last update up to ``update`` in a segment whose state is at hand, and that state."""
    at = states.nearest(segment.start, update)
    kept = None if at == segment.start else states.get(at)
    return at, kept or segment.state
