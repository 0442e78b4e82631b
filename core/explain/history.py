"""The history of a number: its value and gradient in a limited selection of passes, up to the one on screen.

The selected passes follow multiples of a power of two. So one more pass adds one point and removes none until the
number of passes has doubled, and in a long run the points start from states that the run has cached.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import BY_SAMPLE, Quantity, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.translation import Message, message

MAX_POINTS = 40
MAX_STATE_BYTES = 32 * 2**20  # of the states that the points need
MAX_MULTIPLY_ADDS = 5e7  # of one history; they take about 15 ms
SECONDS_PER_PASS, SECONDS_PER_MULTIPLY_ADD = 3e-5, 6e-10
GRADIENTS: dict[Quantity, Quantity] = {"w": "dw", "b": "db", "a": "da", "z": "dz", "x": "dx"}


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Values of one number in several passes.

    Attributes:
        ref: The address of the number.
        run: The run of the passes.
        updates: The numbers of the passes; without those whose batch lacks the data row of the number.
        values: The value in each pass.
        gradients: The gradient in each pass, likewise; empty if the quantity has no gradient.
        note: The reason if there is nothing to show; None otherwise.
    """

    ref: Ref
    run: Run
    updates: tuple[int, ...] = ()
    values: tuple[float, ...] = ()
    gradients: tuple[float, ...] = ()
    note: Message | None = None


@dataclass(slots=True, eq=False)
class HistoryCache:
    """Results that the histories of one segment of a run share.

    Attributes:
        states: States by update. They belong to the run and are read-only.
        address: The address and the data row to which ``numbers`` belong; the row is -1 if it does not matter.
        numbers: The value and the gradient at ``address`` by pass; empty if the batch of the pass lacks the data row.
    """

    states: dict[int, State] = field(default_factory=dict)
    address: tuple[Ref, int] | None = None
    numbers: dict[int, tuple[float, ...]] = field(default_factory=dict)


def select_passes(first: int, last: int) -> list[int]:
    """Select at most MAX_POINTS passes from ``first`` to ``last``; both are included.

    The others follow multiples of a power of two.
    """
    step = 1
    while (last - first) // step + 3 > MAX_POINTS:
        step *= 2
    between = range(first - 1 + (1 - first) % step, last - 1, step)
    return sorted({first, last, *(update + 1 for update in between)})


def compute_history(run: Run, trace: Trace, ref: Ref, cache: HistoryCache) -> History:
    """Compute the history of a number since the last edit of the run.

    Replays some of the run, so only the thread that drives the run may call it.

    Args:
        run: The run.
        trace: The pass with which the history ends.
        ref: The address of the number in ``trace``.
        cache: The cache of this segment of the run. Entries that are no longer needed are removed.
    """
    engine = run.segment(trace.update - 1).engine
    passes = _passes(run, trace)
    if _is_too_expensive(run, passes):
        note = message("the network is too large to replay its passes at every step")
        return History(ref, run, (trace.update,), note=note)
    _evict(cache, trace, ref, passes)
    refs = [ref]
    if ref.quantity in GRADIENTS and not ref.after:
        refs.append(ref.with_key(GRADIENTS[ref.quantity]))
    engine.use_threads()
    with np.errstate(all="ignore"):
        for number in passes:
            if number in cache.numbers:
                continue
            if number != trace.update and number - 1 not in cache.states:
                cache.states[number - 1] = run.state_after(number - 1)
            here = trace if number == trace.update else engine.run(cache.states[number - 1], number)
            sample = _sample_of_same_row(trace, here, ref.sample)
            missing = sample is None and ref.quantity in BY_SAMPLE
            refs_here = [] if missing else [replace(address, sample=sample or 0) for address in refs]
            cache.numbers[number] = tuple(value_of(engine, here, address) for address in refs_here)
            if here is not trace:
                engine.release(here)
    with_sample = tuple(number for number in passes if cache.numbers[number])
    columns = list(zip(*(cache.numbers[number] for number in with_sample), strict=True))
    return History(ref, run, with_sample, columns[0], columns[1] if len(columns) > 1 else ())


def estimate_seconds(run: Run, trace: Trace, ref: Ref, cache: HistoryCache) -> float:
    """Estimate how long :func:`compute_history` would take, including the replay of passes on the way."""
    engine = run.segment(trace.update - 1).engine
    passes = _passes(run, trace)
    if _is_too_expensive(run, passes):
        return 0.0
    _evict(cache, trace, ref, passes)
    missing = [number for number in passes if number not in cache.numbers and number != trace.update]
    replayed = sum(run.replay_length(number - 1) for number in missing if number - 1 not in cache.states)
    seconds_per_pass = SECONDS_PER_PASS + engine.batch * engine.parameters * SECONDS_PER_MULTIPLY_ADD
    return float((len(missing) + replayed) * seconds_per_pass)


def _passes(run: Run, trace: Trace) -> list[int]:
    return select_passes(run.segment(trace.update - 1).start + 1, trace.update)


def _is_too_expensive(run: Run, passes: list[int]) -> bool:
    segment = run.segment(passes[-1] - 1)
    engine = segment.engine
    multiply_adds = float(len(passes)) * engine.batch * engine.parameters
    return len(passes) * segment.state.array.nbytes > MAX_STATE_BYTES or multiply_adds > MAX_MULTIPLY_ADDS


def _evict(cache: HistoryCache, trace: Trace, ref: Ref, passes: list[int]) -> None:
    """Remove the entries that a history of ``ref`` over ``passes`` does not need."""
    row = -1
    if ref.quantity in BY_SAMPLE:
        row = ref.sample if trace.rows is None else int(trace.rows[ref.sample])
    if cache.address != (ref, row):
        cache.address, cache.numbers = (ref, row), {}
    needed = set(passes)
    for number in cache.numbers.keys() - needed:
        del cache.numbers[number]
    for update in [update for update in cache.states if update + 1 not in needed]:
        del cache.states[update]


def _sample_of_same_row(trace: Trace, other: Trace, sample: int) -> int | None:
    """Return the sample of ``other`` with the data row of ``sample`` in ``trace``; None if its batch lacks that row."""
    if trace.rows is None or other.rows is None:
        return sample
    matches = np.flatnonzero(other.rows == trace.rows[sample])
    return int(matches[0]) if matches.size else None
