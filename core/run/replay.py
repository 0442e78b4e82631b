"""Replay of a part of a run: from the nearest cached state, by the same function that trained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.run.change import Change
from nn_tui.core.run.state_cache import MIN_NEARBY, WIDE_KEYFRAME_EVERY, StateCache
from nn_tui.core.spec import Experiment


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A part of a run without edits.

    Attributes:
        start: The update after which the segment begins.
        experiment: The experiment of its passes.
        engine: The engine of its passes.
        state: The state that its first pass begins with; a copy, never written.
        change: The change that began the segment; of the kind "start" for the first one.
    """

    start: int
    experiment: Experiment
    engine: Engine
    state: State
    change: Change


def replay_to(states: StateCache, segment: Segment, update: int) -> State:
    """Return the state after ``update`` of a segment, and cache the last states on the way to it."""
    if update == segment.start:
        return segment.state
    cached = states.get(update)
    if cached is not None:
        return cached
    engine = segment.engine
    first, state = nearest_state(states, segment, update)
    nearby_from = update - states.limits.nearby_capacity(state) // 2
    engine.use_threads()
    with np.errstate(all="ignore"):
        for trace in engine.passes(state, first + 1):
            if trace.update == update:
                break
            if trace.update > nearby_from:
                states.add_nearby(trace.update, engine.copy_state(trace.after))
    return cache_and_release(states, segment, trace)


def cache_next_state(states: StateCache, segment: Segment, update: int) -> None:
    """Compute one pass on the way to ``update`` of a segment, the first whose state is missing, and cache its state."""
    engine = segment.engine
    first, state = nearest_state(states, segment, update)
    engine.use_threads()
    with np.errstate(all="ignore"):
        trace = engine.run(state, first + 1)
    states.add_nearby(first + 1, engine.copy_state(trace.after))
    engine.release(trace)


def cache_new_state(states: StateCache, engine: Engine, trace: Trace) -> int:
    """Cache the state after a pass that training has just computed, if its update is one of those to cache.

    Returns:
        The stride: the updates to cache are the multiples of this number.
    """
    update, limits = trace.update, states.limits
    wide = engine.parameters >= limits.wide_parameters and limits.nearby_capacity(trace.after) > 2 * MIN_NEARBY
    if update % states.stride == 0 or (wide and update % WIDE_KEYFRAME_EVERY == 0):
        cached = states.get(update)
        state = cached or engine.copy_state(trace.after)
        if update % states.stride == 0:
            states.add_keyframe(update, state)
        if wide and cached is None:
            # The newest states stay, however far apart the keyframes have become. But only a few of them: allocating
            # memory takes longer than a pass.
            states.center = update
            states.add_nearby(update, state, MIN_NEARBY)
    return min(states.stride, WIDE_KEYFRAME_EVERY) if wide else states.stride


def cache_and_release(states: StateCache, segment: Segment, trace: Trace) -> State:
    """Release the last of some passes, and cache the states before and after it.

    With both states cached, showing this pass again costs one pass and no replay.

    Returns:
        A copy of the state after the pass.
    """
    after = segment.engine.copy_state(trace.after)
    if trace.update - 1 > segment.start:  # the first state belongs to the segment, and an edit may have changed it
        states.add_nearby(trace.update - 1, segment.engine.copy_state(trace.before))
    states.add_nearby(trace.update, after)
    segment.engine.release(trace)
    return after


def nearest_state(states: StateCache, segment: Segment, update: int) -> tuple[int, State]:
    """Return the last update of the segment, up to ``update``, whose state is known, and that state."""
    nearest = states.nearest(segment.start, update)
    cached = None if nearest == segment.start else states.get(nearest)
    return nearest, cached or segment.state
