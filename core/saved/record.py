"""Records of runs: the data of a run at one moment, which no thread writes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import NonFinite
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.optimizer import Scalars
from nn_tui.core.run.curves import CurveParts, EvaluationHistory, LossCurve
from nn_tui.core.run.replay import Segment
from nn_tui.core.run.run import Run
from nn_tui.core.run.state_cache import StateCache
from nn_tui.core.spec import Array

MAX_STATE_BYTES = 8 * 2**20  # of the cached states of the run on screen
MAX_OTHER_STATE_BYTES = 2**20  # of the cached states of each other run


@dataclass(frozen=True, slots=True, eq=False)
class StateRecords:
    """Some states of one segment.

    Attributes:
        updates: The updates after which they are, in ascending order.
        steps: For each of them the number of updates that the optimiser has made.
        scalars: For each of them the numbers in the optimiser's state besides its slots.
        numbers: All other numbers, (states, 1 + slots, parameters).
    """

    updates: tuple[int, ...]
    steps: tuple[int, ...]
    scalars: tuple[Scalars, ...]
    numbers: Array


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a run was at one moment. The fields are keys in the files.

    Attributes:
        reached: The last update of the record.
        is_last_made: Whether the update ``reached`` counts as made.
        divergence: The first number that was not finite, up to ``reached``.
        losses: The batch loss of each pass.
        evaluations: The figures on the whole data set.
        states: The states of each segment to replay from, besides its first one.
        stride: The distance of two keyframes in updates.
    """

    reached: int
    is_last_made: bool
    divergence: NonFinite | None
    losses: CurveParts
    evaluations: EvaluationHistory
    states: tuple[StateRecords, ...]
    stride: int


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """A run at one moment: its parts between edits, and how far it was. Nothing writes to these values."""

    segments: tuple[Segment, ...]
    progress: Progress


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
        states[before] = trace.before if trace is not None and trace.update == shown else run.state_after(before)
    progress = Progress(
        reached=reached,
        is_last_made=run.is_last_made or reached < run.reached,
        divergence=run.divergence if run.divergence and run.divergence.update <= reached else None,
        losses=run.losses.truncated(reached).parts,
        evaluations=run.evaluations.truncated(reached),
        states=tuple(
            record_states({update: state for update, state in states.items() if start < update <= end})
            for start, end in segment_ranges(run.segments, reached)
        ),
        stride=run.states.stride,
    )
    return RunRecord(run.segments, progress)


def restore_run(record: RunRecord) -> Run:
    """Return a run that goes on from a record exactly as the recorded run would have."""
    progress = record.progress
    run = Run(record.segments, LossCurve(*progress.losses), progress.evaluations, progress.reached)
    run.divergence, run.is_last_made = progress.divergence, progress.is_last_made
    run.states = StateCache(progress.stride)
    run.states.center = progress.reached
    for segment, states in zip(record.segments, progress.states, strict=True):
        for update, state in restore_states(states, segment.engine).items():
            # The position and the end of the run lie between keyframes; they are needed first, so they are cached too.
            if update % progress.stride:
                run.states.add_nearby(update, state)
            else:
                run.states.add_keyframe(update, state)
    return run


def record_states(states: Mapping[int, State]) -> StateRecords:
    """Return copies of states of one segment by their updates."""
    ordered = dict(sorted(states.items()))
    return StateRecords(
        updates=tuple(ordered),
        steps=tuple(state.steps for state in ordered.values()),
        scalars=tuple(state.scalars for state in ordered.values()),
        numbers=np.array([state.array for state in ordered.values()]),
    )


def restore_states(records: StateRecords, engine: Engine) -> dict[int, State]:
    """Return the states by their updates, for the engine of their segment."""
    states = {}
    for update, steps, scalars, numbers in zip(
        records.updates, records.steps, records.scalars, records.numbers, strict=True
    ):
        state = engine.new_state()
        state.array[...] = numbers
        state.steps, state.scalars = steps, scalars
        state.refcount = 1  # so that the engine never writes to it
        states[update] = state
    return states


def segment_ranges(segments: Sequence[Segment], reached: int) -> Iterator[tuple[int, int]]:
    """Yield for each segment the updates at its start and at its end."""
    starts = [segment.start for segment in segments]
    return zip(starts, [*starts[1:], reached], strict=True)


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
