"""Records of runs: the data of a run at one moment, which no thread writes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nn_tui.core.engine.nonfinite import Finding
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.run.curves import EvaluationHistory, LossCurve
from nn_tui.core.run.replay import Segment
from nn_tui.core.run.run import Run
from nn_tui.core.run.state_cache import StateCache

MAX_STATE_BYTES = 8 * 2**20  # of the cached states of the run on screen
MAX_OTHER_STATE_BYTES = 2**20  # of the cached states of each other run


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """A run at one moment. Nothing writes to its values, so that any thread may read them.

    Attributes:
        segments: The parts of the run between edits.
        reached: The last update of the record.
        divergence: The first number that was not finite, up to ``reached``.
        losses: The batch loss of each pass.
        evaluations: The figures on the whole data set.
        states: States by update, to replay from.
        stride: The distance of two keyframes in updates.
        is_last_made: Whether the update ``reached`` counts as made.
    """

    segments: tuple[Segment, ...]
    reached: int
    divergence: Finding | None
    losses: LossCurve
    evaluations: EvaluationHistory
    states: Mapping[int, State]
    stride: int
    is_last_made: bool


def record_run(
    run: Run,
    *,
    is_training: bool = False,
    min_update: int = 0,
    shown: int = 0,
    trace: Trace | None = None,
    max_state_bytes: int = MAX_STATE_BYTES,
) -> RunRecord:
    """Record a run.

    Args:
        run: The run.
        is_training: Whether another thread trains the run in the meantime.
        min_update: An update that is complete for sure.
        shown: The pass on screen; 0 if this run is not on screen.
        trace: A trace of the run that no thread writes to now.
        max_state_bytes: The largest size, in bytes, of the cached states in a record of the run on screen.
    """
    # The pass that a training thread computes now is left out. An error may have interrupted a pass before its loss
    # was added.
    reached = min(run.reached - 1 if is_training else run.reached, len(run.losses))
    reached = max(reached, run.segments[-1].start, min_update, shown)
    states = _select_states(run, reached, max_state_bytes if shown else MAX_OTHER_STATE_BYTES)
    before = shown - 1
    if shown and before not in {*states, *_segment_starts(run)}:
        if trace is not None and trace.update == shown:
            # A copy, because the engine uses the buffers of the trace again when the screen shows another pass.
            states[before] = run.segment(before).engine.copy_state(trace.before)
        else:
            states[before] = run.state_after(before)
    is_made = run.is_last_made or reached < run.reached
    divergence = run.divergence if run.divergence and run.divergence.update <= reached else None
    losses, evaluations = run.losses.truncated(reached), run.evaluations.truncated(reached)
    return RunRecord(run.segments, reached, divergence, losses, evaluations, states, run.states.stride, is_made)


def restore_run(record: RunRecord) -> Run:
    """Return a run that goes on from a record exactly as the recorded run would have."""
    run = Run(record.segments, record.losses, record.evaluations, record.reached)
    run.divergence, run.is_last_made = record.divergence, record.is_last_made
    run.states = StateCache(record.stride)
    run.states.center = record.reached
    for update, state in sorted(record.states.items()):
        # The position and the end of the run lie between keyframes; they are needed first, so they are cached too.
        if update % record.stride:
            run.states.add_nearby(update, state)
        else:
            run.states.add_keyframe(update, state)
    return run


def has_state(run: Run, update: int) -> bool:
    """Return whether the state after ``update`` is known without a replay."""
    return update in _segment_starts(run) or run.states.get(update) is not None


def _select_states(run: Run, reached: int, max_bytes: int) -> dict[int, State]:
    """Return cached states of at most ``max_bytes``: the newest one and, at even distances, others before it."""
    keyframes, nearby = run.states.snapshot()
    newest = max((update for update in nearby if update <= reached), default=None)
    cached = {**keyframes, **({} if newest is None else {newest: nearby[newest]})}
    updates = sorted((update for update in cached.keys() - _segment_starts(run) if update <= reached), reverse=True)
    while len(updates) > 1 and sum(cached[update].array.nbytes for update in updates) > max_bytes:
        updates = updates[::2]
    return {update: cached[update] for update in updates}


def _segment_starts(run: Run) -> set[int]:
    return {segment.start for segment in run.segments}
