"""The memory of an engine: traces and states that it uses again when nobody holds them any more.

Traces and states count their holders (``refcount``). The engine writes only to those that nobody else holds, so a
reader may hold a trace for as long as it likes. It gives the trace back by appending it to ``release_queue``, from any
thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.arrays import Sizes, Stack, parameter_count


class BufferPool:
    """Traces and states of one network. All methods belong to the thread that runs the passes.

    Attributes:
        sizes: The number of units of each layer, the inputs first.
        parameters: The number of parameters of a network.
        stack: The axis of a stack of networks; () for one network.
        release_queue: The traces that holders have given back.
    """

    def __init__(self, sizes: Sizes, slots: int, new_trace: Callable[[int], Trace], stack: Stack = ()) -> None:
        """Make an empty pool for states with ``slots`` slots; ``new_trace`` makes a trace for so many samples."""
        self.sizes = sizes
        self.parameters = parameter_count(sizes)
        self.release_queue: deque[Trace] = deque()
        self.stack = stack
        self._state_shape = (1 + slots, *stack, self.parameters)
        self._new_trace = new_trace
        self._free_states: list[State] = []
        self._free_traces: dict[int, list[Trace]] = {}

    def new_state(self) -> State:
        """Return a state to write to. It may hold the numbers of an earlier pass."""
        if self._free_states:
            return self._free_states.pop()
        return State(np.zeros(self._state_shape), self.sizes)

    def copy_state(self, state: State) -> State:
        """Return a copy of a state, held once, so that no pass writes to it."""
        copy = state.copy()
        copy.refcount = 1
        return copy

    def acquire(self, n: int, before: State, after: State | None = None) -> Trace:
        """Return a trace for ``n`` samples with refcount 1. If ``after`` is None, a free state is used."""
        free = self._free_traces.get(n)
        trace = free.pop() if free else self._new_trace(n)
        trace.refcount = 1
        trace.before = before
        trace.after = after or self.new_state()
        trace.before.refcount += 1
        trace.after.refcount += 1
        return trace

    def acquire_next(self, trace: Trace, n: int) -> Trace:
        """Give up ``trace`` and return one for the next pass: the same one if nobody else holds it."""
        if trace.refcount == trace.before.refcount == 1 and trace.n == n:
            trace.before, trace.after = trace.after, trace.before
            trace.clear_reader_caches()
            return trace
        state = trace.after
        state.refcount += 1  # so that releasing the trace does not free it
        self.release(trace)
        following = self.acquire(n, state)
        state.refcount -= 1
        return following

    def release(self, trace: Trace) -> None:
        """Count one holder less. Without holders the trace is free again, and so are states that only it held."""
        trace.refcount -= 1
        trace.clear_reader_caches()  # the trace may be overwritten now
        if trace.refcount:
            return
        for state in (trace.before, trace.after):
            state.refcount -= 1
            if state.refcount == 0:
                self._free_states.append(state)
        self._free_traces.setdefault(trace.n, []).append(trace)

    def collect_released(self) -> None:
        """Release the traces that holders have given back since the last call."""
        while self.release_queue:
            self.release(self.release_queue.popleft())

    def free_unused(self) -> None:
        """Free the memory of the traces and states that nobody holds."""
        self.collect_released()
        self._free_states.clear()
        self._free_traces.clear()
