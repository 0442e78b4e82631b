"""What a run keeps so that it need not be computed again: states here and there, all of them near by, whole passes.

None of it is needed: a run is the same to the last bit without. Every limit counts bytes, so that a wide network has
fewer states at hand than a small one.
"""

from __future__ import annotations

from collections.abc import Mapping

from nn_tui.core.engine.trace import State, Trace

KEYFRAME_BYTES = 64 * 2**20
KEYFRAME_COUNT = 1024
NEARBY_BYTES = 384 * 2**20  # 25 states of 784-512-512-10 with Adam: twelve on either side of where the run stands
NEARBY = 33
FEWEST = 4  # states kept near by however large they are
PASSES = 3  # the one asked for last, the one before, and one that was prepared
PASSES_BYTES = 96 * 2**20


class States:
    """States of one run, each by the update that led to it; none of them is ever written again.

    Keyframes lie at multiples of ``stride`` all along the run. The states near by are those closest to ``around``,
    where the run stands; the one kept last and the furthest of the run are among them wherever they are.
    """

    def __init__(self, stride: int) -> None:
        self.stride = stride
        self.around = 0
        self._keyframes: dict[int, State] = {}
        self._nearby: dict[int, State] = {}

    def get(self, update: int) -> State | None:
        """The state after ``update``, if it is here."""
        return self._nearby.get(update) or self._keyframes.get(update)

    def nearest(self, start: int, update: int) -> int:
        """The last update after ``start`` and up to ``update`` whose state is here; ``start`` if there is none."""
        frame = update - update % self.stride
        frames = (frame,) if frame in self._keyframes else (*self._keyframes,)
        return max((n for n in (*frames, *self._nearby) if start < n <= update), default=start)

    def keep(self, update: int, state: State, most: int = NEARBY) -> None:
        """Keep a state near by, one of ``most`` at most; those farthest from where the run stands go."""
        nearby = self._nearby
        nearby.pop(update, None)
        most = min(most, room(state))
        while len(nearby) >= most or (len(nearby) >= FEWEST and _bytes(nearby) + state.array.nbytes > NEARBY_BYTES):
            del nearby[self._farthest()]
        nearby[update] = state

    def keep_frame(self, update: int, state: State) -> None:
        """Keep a state as a keyframe; if there are too many, every other one goes."""
        self._keyframes[update] = state
        if len(self._keyframes) > max(4, min(KEYFRAME_COUNT, KEYFRAME_BYTES // state.array.nbytes)):
            self.stride *= 2
            for old in [n for n in self._keyframes if n % self.stride]:
                del self._keyframes[old]

    def lacking(self, start: int, state: State) -> int | None:
        """The first update that belongs near by, behind where the run stands but after ``start``, and is not here.

        ``state`` is any of the run, for its size.
        """
        first = max(start + 1, self.around - (room(state) - 1) // 2)
        return next((n for n in range(first, self.around) if self.get(n) is None), None)

    def until(self, update: int) -> States:
        """The same states as far as ``update``, for a run that goes another way from there."""
        copy = States(self.stride)
        copy.around = update
        copy._keyframes = {n: state for n, state in self._keyframes.items() if n <= update}
        copy._nearby = {n: state for n, state in self._nearby.items() if n <= update}
        return copy

    def thin(self) -> None:
        """Let go of the states near by that take more than keyframes may, the farthest first."""
        while len(self._nearby) > FEWEST and _bytes(self._nearby) > KEYFRAME_BYTES:
            del self._nearby[self._farthest()]

    def copies(self) -> tuple[Mapping[int, State], Mapping[int, State]]:
        """Keyframes and states near by as they are at this moment, also while another thread adds to them."""
        return self._keyframes.copy(), self._nearby.copy()

    @property
    def nbytes(self) -> int:
        """The bytes of all states, each counted once."""
        return _bytes({id(state): state for state in (*self._keyframes.values(), *self._nearby.values())})

    def _farthest(self) -> int:
        """The state near by that is farthest away; not the furthest of the run, which it is a long way to."""
        return max(sorted(self._nearby)[:-1], key=lambda update: abs(update - self.around))


def room(state: State) -> int:
    """How many states of this size are kept near by."""
    return max(FEWEST, min(NEARBY, NEARBY_BYTES // state.array.nbytes))


def _bytes(states: Mapping[int, State]) -> int:
    return sum(state.array.nbytes for state in states.values())


class Passes:
    """The whole passes asked for last, each leased for as long as it is here; ``fit`` is whether the last one did."""

    def __init__(self) -> None:
        self._passes: dict[int, Trace] = {}
        self.fit = True

    def get(self, update: int) -> Trace | None:
        """Pass ``update``, if it is here; it is then the one asked for last."""
        trace = self._passes.pop(update, None)
        if trace is not None:
            self._passes[update] = trace
        return trace

    def keep(self, trace: Trace) -> None:
        """Keep a pass, if so many of its size may be kept; the one asked for longest ago goes."""
        self.fit = PASSES * (trace.nbytes + trace.after.array.nbytes) <= PASSES_BYTES
        if self.fit:
            trace.refcount += 1
            self._passes[trace.update] = trace
            self.forget(PASSES)

    def forget(self, kept: int = 0) -> None:
        """Give back all but the ``kept`` ones that were asked for last."""
        while len(self._passes) > kept:
            trace = self._passes.pop(next(iter(self._passes)))
            trace.release_queue.append(trace)

    def __contains__(self, update: int) -> bool:
        return update in self._passes

    def __len__(self) -> int:
        return len(self._passes)
