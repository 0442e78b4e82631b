"""Caches of a run: sparse keyframes, all states near the position, and the traces asked for last.

A run computes the same bits without them, only slower. The limits count bytes, so a wide network has fewer states in
the caches than a small one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nn_tui.core.engine.trace import State, Trace

KEYFRAME_EVERY = 64  # passes between two keyframes of a short run
WIDE_KEYFRAME_EVERY = 16  # the same for a wide network, and between the newest states of its training
MIN_KEYFRAMES = 4  # cached however large they are
MIN_NEARBY = 4  # likewise


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """How much the caches of one run may hold: a number of items and their bytes, whichever is less.

    Attributes:
        max_keyframes: The number of keyframes.
        max_keyframe_bytes: Their bytes.
        max_nearby: The number of states near the position.
        max_nearby_bytes: Their bytes; the default holds 25 states of 784-512-512-10 with Adam, twelve on either side.
        max_traces: The number of traces: those asked for last, and those computed ahead for the keys that may follow.
        max_trace_bytes: Their bytes.
        wide_parameters: From this many parameters on a pass is so slow that the caches hold more states of a run.
    """

    max_keyframes: int = 1024
    max_keyframe_bytes: int = 64 * 2**20
    max_nearby: int = 33
    max_nearby_bytes: int = 384 * 2**20
    max_traces: int = 5
    max_trace_bytes: int = 128 * 2**20
    wide_parameters: int = 50_000

    def keyframe_capacity(self, state: State) -> int:
        """Return how many keyframes of the size of ``state`` are cached."""
        return max(MIN_KEYFRAMES, min(self.max_keyframes, self.max_keyframe_bytes // state.array.nbytes))

    def nearby_capacity(self, state: State) -> int:
        """Return how many states of the size of ``state`` are cached near the position."""
        return max(MIN_NEARBY, min(self.max_nearby, self.max_nearby_bytes // state.array.nbytes))


DEFAULT_LIMITS = CacheLimits()


class StateCache:
    """States of one run by update; none of them is ever written again.

    Keyframes lie at multiples of ``stride`` all along the run. Nearby states are those closest to ``center``, the
    position of the run. The state added last and the last state of the run stay among them, however far away they are.
    """

    def __init__(self, stride: int, limits: CacheLimits = DEFAULT_LIMITS) -> None:
        self.stride = stride
        self.limits = limits
        self.center = 0
        self._keyframes: dict[int, State] = {}
        self._nearby: dict[int, State] = {}

    @classmethod
    def for_network(cls, parameters: int, limits: CacheLimits = DEFAULT_LIMITS) -> StateCache:
        """Return an empty cache for a run of a network with so many parameters."""
        return cls(WIDE_KEYFRAME_EVERY if parameters >= limits.wide_parameters else KEYFRAME_EVERY, limits)

    def get(self, update: int) -> State | None:
        """Return the state after ``update`` if it is cached."""
        return self._nearby.get(update) or self._keyframes.get(update)

    def nearest(self, start: int, update: int) -> int:
        """Return the last update after ``start``, up to ``update``, with a cached state; ``start`` if there is none."""
        frame = update - update % self.stride
        frames = (frame,) if frame in self._keyframes else (*self._keyframes,)
        return max((n for n in (*frames, *self._nearby) if start < n <= update), default=start)

    def add_nearby(self, update: int, state: State, max_count: int | None = None) -> None:
        """Cache a state near the position and evict the farthest ones.

        Args:
            update: The update that led to the state.
            state: A copy that no pass writes to.
            max_count: At most this many nearby states remain; None for as many as the limits allow.
        """
        nearby, max_bytes = self._nearby, self.limits.max_nearby_bytes
        nearby.pop(update, None)
        capacity = self.limits.nearby_capacity(state)
        capacity = capacity if max_count is None else min(max_count, capacity)
        while len(nearby) >= capacity or (
            len(nearby) >= MIN_NEARBY and _bytes(nearby) + state.array.nbytes > max_bytes
        ):
            del nearby[self._farthest()]
        nearby[update] = state

    def add_keyframe(self, update: int, state: State) -> None:
        """Cache a state as a keyframe; double the stride and evict every other keyframe if there are too many."""
        self._keyframes[update] = state
        if len(self._keyframes) > self.limits.keyframe_capacity(state):
            self.stride *= 2
            for old in [n for n in self._keyframes if n % self.stride]:
                del self._keyframes[old]

    def first_missing(self, start: int, state: State) -> int | None:
        """Return the first update before the position that is nearby, but not cached.

        Args:
            start: Only later updates count.
            state: Any state of the run, for its size.
        """
        first = max(start + 1, self.center - (self.limits.nearby_capacity(state) - 1) // 2)
        return next((n for n in range(first, self.center) if self.get(n) is None), None)

    def truncated(self, update: int) -> StateCache:
        """Return a cache of the states up to ``update``, for a run that branches off there."""
        copy = StateCache(self.stride, self.limits)
        copy.center = update
        copy._keyframes = {n: state for n, state in self._keyframes.items() if n <= update}
        copy._nearby = {n: state for n, state in self._nearby.items() if n <= update}
        return copy

    def shrink(self) -> None:
        """Evict nearby states, the farthest first, until they take no more bytes than keyframes may."""
        while len(self._nearby) > MIN_NEARBY and _bytes(self._nearby) > self.limits.max_keyframe_bytes:
            del self._nearby[self._farthest()]

    def snapshot(self) -> tuple[Mapping[int, State], Mapping[int, State]]:
        """Return copies of the keyframes and of the nearby states; safe while another thread adds to them."""
        return self._keyframes.copy(), self._nearby.copy()

    @property
    def nbytes(self) -> int:
        """The bytes of all states, each counted once."""
        return _bytes({id(state): state for state in (*self._keyframes.values(), *self._nearby.values())})

    def _farthest(self) -> int:
        """Return the nearby update farthest from the position, but never the last one: it is expensive to recompute."""
        return max(sorted(self._nearby)[:-1], key=lambda update: abs(update - self.center))


def _bytes(states: Mapping[int, State]) -> int:
    return sum(state.array.nbytes for state in states.values())


class TraceCache:
    """The traces asked for last, each held while it is cached; ``fits`` is False if the last one was too large."""

    def __init__(self, limits: CacheLimits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self.fits = True
        self._traces: dict[int, Trace] = {}

    def get(self, update: int) -> Trace | None:
        """Return the trace of pass ``update`` if it is cached, and mark it as used last."""
        trace = self._traces.pop(update, None)
        if trace is not None:
            self._traces[update] = trace
        return trace

    def add(self, trace: Trace) -> None:
        """Hold a trace, if as many of its size as the limits name fit, and evict the one used longest ago."""
        limits = self.limits
        self.fits = limits.max_traces * (trace.nbytes + trace.after.array.nbytes) <= limits.max_trace_bytes
        if self.fits:
            trace.refcount += 1
            self._traces[trace.update] = trace
            self.evict(limits.max_traces)

    def evict(self, max_count: int = 0) -> None:
        """Release all traces but the ``max_count`` used last."""
        while len(self._traces) > max_count:
            trace = self._traces.pop(next(iter(self._traces)))
            trace.release_queue.append(trace)

    def __contains__(self, update: int) -> bool:
        return update in self._traces

    def __len__(self) -> int:
        return len(self._traces)
