"""A number over the run: its value and its gradient in a bounded choice of passes, up to the one on screen.

The passes follow multiples of a power of two, so that a step on adds one and drops none until their number
has doubled, and in a long run they start from the states it keeps. States are shared with the run, never written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nn_tui.core.explain import value_of
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.threads import threads_for, use_threads
from nn_tui.core.timeline import Run
from nn_tui.core.trace import State, Trace

MOST = 40  # points
MOST_BYTES = 32 * 2**20  # of the states that the points need
MOST_WORK = 5e7  # multiply-adds for one history: about 15 ms
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


def history(run: Run, trace: Trace, ref: Ref, states: dict[int, State]) -> History:
    """How the number at ``ref`` came to where it is in ``trace``, a pass of ``run``.

    ``states`` (by update) is kept between calls for one run and only saves time; what is no longer needed is
    taken out. Goes back to the last edit. Replays some of the run, so it belongs to whoever drives it.
    """
    segment = run.segment(trace.update - 1)
    engine = segment.engine
    passes = chosen(segment.start + 1, trace.update)
    size = segment.state.array.nbytes
    if len(passes) * size > MOST_BYTES or float(len(passes)) * engine.batch * engine.parameters > MOST_WORK:
        return History(ref, run, (trace.update,), note="the network is too large to replay its passes at every step")
    wanted = {number - 1 for number in passes}
    for old in [update for update in states if update not in wanted]:
        del states[old]
    for update in sorted(wanted - states.keys()):
        states[update] = run.state_after(update)
    refs = [ref]
    if ref.key in GRADIENTS:
        refs.append(replace(ref, key=GRADIENTS[ref.key]))
    columns: list[list[float]] = [[] for _ in refs]
    use_threads(threads_for(engine.sizes, engine.batch))
    with np.errstate(all="ignore"):
        for number in passes:
            here = trace if number == trace.update else engine.run(states[number - 1], number)
            sample = _same_row(trace, here, ref.sample)
            for column, one in zip(columns, refs, strict=True):
                missing = sample is None and one.key in BY_SAMPLE
                there = replace(one, sample=sample or 0)
                column.append(float("nan") if missing else value_of(engine, here, there))
            if here is not trace:
                engine.drop(here)
    return History(ref, run, tuple(passes), tuple(columns[0]), tuple(columns[1]) if len(columns) > 1 else ())


def _same_row(trace: Trace, other: Trace, sample: int) -> int | None:
    """Where the data row of ``sample`` of one pass stands in another pass; None if it is not in its batch."""
    if trace.rows is None or other.rows is None:
        return sample
    found = np.flatnonzero(other.rows == trace.rows[sample])
    return int(found[0]) if found.size else None
