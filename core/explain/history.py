"""A number over the run: its value and its gradient in a bounded choice of passes, up to the one on screen.

The passes follow multiples of a power of two, so that a step on adds one and drops none until their number
has doubled, and in a long run they start from the states it keeps. States are shared with the run, never written.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from nn_tui.core.engine.blas import threads_for, use_threads
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.run.run import Run

MOST = 40  # points
MOST_BYTES = 32 * 2**20  # of the states that the points need
MOST_WORK = 5e7  # multiply-adds for one history: about 15 ms
PASS_SECONDS, SECONDS_EACH = 3e-5, 6e-10  # of a pass, and of a multiply-add in it
GRADIENTS = {"w": "dw", "b": "db", "a": "da", "z": "dz", "x": "dx"}


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """``values`` and ``gradients`` (empty: it has none of its own) at the passes ``updates``, NaN for a gap.

    A pass's values are those of the address in that pass; of a sample, where that data row was in its batch.
    ``note`` says why there is nothing to show.
    """

    ref: Ref
    run: Run
    updates: tuple[int, ...] = ()
    values: tuple[float, ...] = ()
    gradients: tuple[float, ...] = ()
    note: str = ""


def chosen(first: int, last: int) -> list[int]:
    """At most MOST passes from ``first`` to ``last``, both included; the others follow multiples of a power of two."""
    step = 1
    while (last - first) // step + 3 > MOST:
        step *= 2
    between = range(first - 1 + (1 - first) % step, last - 1, step)
    return sorted({first, last, *(update + 1 for update in between)})


@dataclass(slots=True, eq=False)
class Kept:
    """What the histories of one run share, to save time: states by update, and numbers of one address by pass."""

    states: dict[int, State] = field(default_factory=dict)
    address: tuple[Ref, int] | None = None  # and the data row
    numbers: dict[int, tuple[float, ...]] = field(default_factory=dict)


def history(run: Run, trace: Trace, ref: Ref, kept: Kept) -> History:
    """How the number at ``ref`` came to where it is in ``trace``, a pass of ``run``.

    ``kept`` belongs to the run's part since the last edit, to which the history goes back; what is no longer
    needed is taken out of it. Replays some of the run, so it belongs to whoever drives it.
    """
    engine = run.segment(trace.update - 1).engine
    passes = _passes(run, trace)
    if _is_too_much(run, passes):
        return History(ref, run, (trace.update,), note="the network is too large to replay its passes at every step")
    _let_go(kept, trace, ref, passes)
    refs = [ref]
    if ref.key in GRADIENTS:
        refs.append(replace(ref, key=GRADIENTS[ref.key]))
    use_threads(threads_for(engine.sizes, engine.batch))
    with np.errstate(all="ignore"):
        for number in passes:
            if number in kept.numbers:
                continue
            if number != trace.update and number - 1 not in kept.states:
                kept.states[number - 1] = run.state_after(number - 1)
            here = trace if number == trace.update else engine.run(kept.states[number - 1], number)
            sample = _same_row(trace, here, ref.sample)
            missing = sample is None and ref.key in BY_SAMPLE
            there = [replace(one, sample=sample or 0) for one in refs]
            kept.numbers[number] = tuple(float("nan") if missing else value_of(engine, here, one) for one in there)
            if here is not trace:
                engine.release(here)
    columns = list(zip(*(kept.numbers[number] for number in passes), strict=True))
    return History(ref, run, tuple(passes), columns[0], columns[1] if len(columns) > 1 else ())


def seconds(run: Run, trace: Trace, ref: Ref, kept: Kept) -> float:
    """About how long :func:`history` would take: the passes that it would run, those on the way to them included."""
    engine = run.segment(trace.update - 1).engine
    passes = _passes(run, trace)
    if _is_too_much(run, passes):
        return 0.0
    _let_go(kept, trace, ref, passes)
    missing = [number for number in passes if number not in kept.numbers and number != trace.update]
    replayed = sum(run.replay_length(number - 1) for number in missing if number - 1 not in kept.states)
    return float((len(missing) + replayed) * (PASS_SECONDS + engine.batch * engine.parameters * SECONDS_EACH))


def _passes(run: Run, trace: Trace) -> list[int]:
    return chosen(run.segment(trace.update - 1).start + 1, trace.update)


def _is_too_much(run: Run, passes: list[int]) -> bool:
    segment = run.segment(passes[-1] - 1)
    engine = segment.engine
    work = float(len(passes)) * engine.batch * engine.parameters
    return len(passes) * segment.state.array.nbytes > MOST_BYTES or work > MOST_WORK


def _let_go(kept: Kept, trace: Trace, ref: Ref, passes: list[int]) -> None:
    """Take out what a history of ``ref`` does not need."""
    row = -1
    if ref.key in BY_SAMPLE:
        row = ref.sample if trace.rows is None else int(trace.rows[ref.sample])
    if kept.address != (ref, row):
        kept.address, kept.numbers = (ref, row), {}
    wanted = set(passes)
    for number in kept.numbers.keys() - wanted:
        del kept.numbers[number]
    for update in [update for update in kept.states if update + 1 not in wanted]:
        del kept.states[update]


def _same_row(trace: Trace, other: Trace, sample: int) -> int | None:
    """Where the data row of ``sample`` of one pass stands in another pass; None if it is not in its batch."""
    if trace.rows is None or other.rows is None:
        return sample
    found = np.flatnonzero(other.rows == trace.rows[sample])
    return int(found[0]) if found.size else None
