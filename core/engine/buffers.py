"""The buffers of an engine: states and traces that are written again as soon as nobody holds them.

A trace that nobody holds any more is written again two passes later, a held (leased) one never.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from nn_tui.core.engine.trace import State, Trace, parameter_count


class Pool:
    """States of ``rows`` arrays of a network's parameters, in cache-sized blocks, and traces by their batch's rows.

    ``new_trace`` makes a trace for so many rows. Not thread-safe, but that others may append to ``released`` what
    they had leased.
    """

    def __init__(self, sizes: tuple[int, ...], rows: int, block: int, new_trace: Callable[[int], Trace]) -> None:
        self.sizes = sizes
        self.parameters = parameter_count(sizes)
        self.block = min(block, self.parameters)
        self.released: deque[Trace] = deque()
        self._shape = rows, self.parameters
        self._new_trace = new_trace
        self._free_states: list[State] = []
        self._free_traces: dict[int, list[Trace]] = {}

    def new_state(self) -> State:
        """A state to write into; its numbers are whatever was there."""
        if self._free_states:
            return self._free_states.pop()
        return State(np.zeros(self._shape), self.sizes, self.block)

    def copy_state(self, state: State) -> State:
        """An independent copy, which no pass will write to."""
        copy = State(state.array.copy(), self.sizes, self.block)
        copy.steps = state.steps
        copy.uses = 1  # held by whoever asked for it: never to be written again
        return copy

    def lease(self, before: State, n: int, known: State | None) -> Trace:
        """A trace of ``n`` rows for a pass from ``before``, with the ``known`` state after it or one to write to."""
        free = self._free_traces.get(n)
        trace = free.pop() if free else self._new_trace(n)
        trace.home = self.released
        trace.holders = 1
        trace.before, trace.after = before, known or self.new_state()
        before.uses += 1
        trace.after.uses += 1
        return trace

    def drop(self, trace: Trace) -> None:
        """One holder less; with the last one the trace and the states that only it used are free again."""
        trace.holders -= 1
        # Worked out for those who looked: with one of them less, whoever trains may write the next pass into it.
        trace.steps.clear()
        trace.extents.clear()
        if trace.holders:
            return
        for state in (trace.before, trace.after):
            state.uses -= 1
            if state.uses == 0:
                self._free_states.append(state)
        self._free_traces.setdefault(trace.n, []).append(trace)

    def give_up(self, trace: Trace) -> State:
        """Drop a trace, but not the state after it, which is returned."""
        after = trace.after
        after.uses += 1
        self.drop(trace)
        after.uses -= 1
        return after

    def collect_released(self) -> None:
        """Drop what readers gave back since the last call."""
        while self.released:
            self.drop(self.released.popleft())

    def forget(self) -> None:
        """Give the memory of the buffers back that nobody holds; the next pass takes new ones."""
        self.collect_released()
        self._free_states.clear()
        self._free_traces.clear()
