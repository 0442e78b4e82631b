"""A run as a timeline: deterministic updates between edits, any of which can be visited again bit for bit.

``segments`` say what was in force from which update on (an edit starts a new one); keyframes are copies of
states here and there, only a cache under a byte limit. Undo, scrub and "go to update N" are one operation:
the nearest keyframe, then replay by the same function that trained.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from nn_tui.core.engine import Engine, is_finite
from nn_tui.core.findings import Finding, first_nonfinite
from nn_tui.core.history import LossCurve, Sample, Samples
from nn_tui.core.metrics import sample_of
from nn_tui.core.spec import Experiment
from nn_tui.core.threads import threads_for, use_threads
from nn_tui.core.trace import State, Trace

KEYFRAME_BYTES = 64 * 2**20
KEYFRAME_COUNT = 1024
DENSE = 16  # states kept around the last visited pass, so that stepping back replays once in 16
NEAR = 3  # whole passes kept: the one asked for last, the one before, and one that was prepared
NEAR_BYTES = 96 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """What is in force for the passes after update ``start``; ``state`` (a copy, never written) is where it begins."""

    start: int
    experiment: Experiment
    engine: Engine
    state: State
    label: str


class Run:
    """One run from a start: where it has been, and how to be there again.

    ``reached`` is the last update ever computed; ``divergence`` names what went wrong there, and no
    update follows it. Updates are numbered from 1; 0 is the start. Only one thread at a time may call
    methods other than ``release``.
    """

    def __init__(self, segments: tuple[Segment, ...], losses: LossCurve, samples: Samples, reached: int) -> None:
        self.segments = segments
        self.losses = losses
        self.samples = samples
        self.reached = reached
        self.divergence: Finding | None = None
        self.sampling_seconds = 0.0
        self._keyframes: OrderedDict[int, State] = OrderedDict()
        self._dense: OrderedDict[int, State] = OrderedDict()
        self._near: OrderedDict[int, Trace] = OrderedDict()
        self._prepared: Sample | None = None
        self._stride = 64 if self.engine.parameters < 50_000 else 16
        self._due = 0  # the update from which on :meth:`_note` has something to do
        self._position = reached

    @classmethod
    def start(cls, experiment: Experiment) -> Run:
        """A run at update 0 of an experiment."""
        engine = Engine(experiment)
        run = cls(
            (Segment(0, experiment, engine, engine.initial_state(), "start"),),
            LossCurve(),
            Samples(engine.batches_per_epoch),
            0,
        )
        run._sample(engine, run.segments[0].state, None)
        return run

    def edited(self, at: int, experiment: Experiment, label: str, state: State | None = None) -> Run:
        """A new run: this one up to update ``at``, then ``experiment`` from ``state`` (default: the state there).

        This run is left as it is, to compare with. Raises ValueError for a state of other shapes than the
        experiment's network and optimiser have.
        """
        kept = tuple(segment for segment in self.segments if segment.start <= at)
        engine = Engine(experiment)
        state = self.state_after(at) if state is None else state
        if state.array.shape != (1 + len(engine.optimizer.slots), engine.parameters):
            raise ValueError(f"a state of {state.array.shape} numbers does not fit the network and its optimiser")
        new = Segment(at, experiment, engine, engine.copy_state(state), label)
        samples = self.samples.truncated(at) if at else Samples(engine.batches_per_epoch)
        run = Run((*kept, new), self.losses.truncated(at), samples, at)
        if at == 0:  # another start has other figures
            run._sample(engine, new.state, None)
        run._keyframes.update((n, frame) for n, frame in self._keyframes.items() if n < at)
        return run

    # Where the run stands

    @property
    def engine(self) -> Engine:
        """The engine in force for the next pass from the furthest update."""
        return self.segments[-1].engine

    @property
    def experiment(self) -> Experiment:
        """The experiment in force at the end of the run."""
        return self.segments[-1].experiment

    @property
    def position(self) -> int:
        """The update after which the run stands."""
        return self._position

    @property
    def state(self) -> State:
        """The parameters and optimiser state at the position; a copy, never written again."""
        return self.state_after(self._position)

    def segment(self, update: int) -> Segment:
        """What is in force for the pass that follows ``update``."""
        starts = [segment.start for segment in self.segments]
        return self.segments[bisect_right(starts, update) - 1]

    # Going somewhere

    def goto(self, update: int, *, past_divergence: bool = False) -> int:
        """Stand after ``update``, computing what was never computed; returns where it stands.

        Stops at the first non-finite number unless ``past_divergence``. Raises ValueError below 0.
        """
        if update < 0:
            raise ValueError("updates are numbered from 0, the start")
        if self.divergence and not past_divergence:
            update = min(update, self.divergence.update)
        if update > self.reached:
            self._position = self.reached
            self.train(update - self.reached, past_divergence=past_divergence)
        else:
            self.state_after(update)
            self._position = update
        return self._position

    def state_after(self, update: int) -> State:
        """The state after ``update`` ≤ ``reached``, from the nearest keyframe by replay; never written again.

        Raises ValueError for an update outside the run.
        """
        if not 0 <= update <= self.reached:
            raise ValueError(f"update {update} is not in this run: it goes from 0 to {self.reached}")
        segment = self.segment(update)
        if update == segment.start:
            return segment.state
        if update in self._dense:
            self._dense.move_to_end(update)
            return self._dense[update]
        at = self._nearest(segment, update)
        state = segment.state if at == segment.start else (self._keyframes.get(at) or self._dense[at])
        if at == update:
            return state
        dense_from = update - self._dense_count()

        engine = segment.engine
        use_threads(threads_for(engine.sizes, engine.batch))
        with np.errstate(all="ignore"):
            for trace in engine.passes(state, at + 1):
                if trace.update == update:
                    break
                if trace.update > dense_from:
                    self._keep_dense(trace.update, engine.copy_state(trace.after))
        self._leave(engine, trace)
        return self._dense[update]

    def replay_length(self, update: int) -> int:
        """How many passes :meth:`state_after` would compute for ``update`` ≤ ``reached``."""
        return update - self._nearest(self.segment(update), update)

    def _nearest(self, segment: Segment, update: int) -> int:
        """The last update up to ``update`` in a segment whose state is at hand."""
        frame = update - update % self._stride
        frames = (frame,) if frame in self._keyframes else (*self._keyframes,)
        return max((n for n in (*frames, *self._dense) if segment.start < n <= update), default=segment.start)

    def _leave(self, engine: Engine, trace: Trace) -> None:
        """Give up the last of some passes, and keep both its sides: looking at it then costs one pass, not a replay."""
        self._keep_dense(trace.update - 1, engine.copy_state(trace.before))
        self._keep_dense(trace.update, engine.copy_state(trace.after))
        engine.drop(trace)

    def _dense_count(self) -> int:
        return max(2, min(DENSE, KEYFRAME_BYTES // (4 * self.segments[-1].state.array.nbytes + 1)))

    def _keep_dense(self, update: int, state: State) -> None:
        self._dense[update] = state
        while len(self._dense) > 2 * self._dense_count():
            self._dense.popitem(last=False)

    def trace(self, update: int) -> Trace:
        """Pass number ``update`` ≥ 1, leased: give it back with :meth:`release`.

        A pass just beyond ``reached`` is computed and recorded, whatever its numbers are. Raises
        ValueError further out.
        """
        if not 1 <= update <= self.reached + 1:
            raise ValueError(f"pass {update} is not in this run: it has reached update {self.reached}")
        engine = self.segment(update - 1).engine
        trace = self._pass(engine, update)
        with np.errstate(all="ignore"):
            if update > self.reached:
                self.reached = update
                self.losses.append(trace.loss)
                self._note(engine, trace)
        self._position = update
        return trace

    def prepare(self, update: int) -> bool:
        """Compute a part of pass ``update`` ≤ ``reached`` + 1 ahead; whether there was anything left to do.

        When all is done, :meth:`trace` has the pass at once. Nothing is recorded, and the run stays where it is.
        """
        if not 1 <= update <= self.reached + 1:
            return False
        engine = self.segment(update - 1).engine
        known = update in self._near
        trace = self._pass(engine, update)
        due = known and update > self.reached and self.samples.due(update)
        sampling = due and (self._prepared is None or self._prepared.update != update)
        if sampling:
            self._prepared = sample_of(engine, trace.after, trace)
        engine.drop(trace)
        return sampling or (not known and update in self._near)

    def _pass(self, engine: Engine, update: int) -> Trace:
        """Pass ``update``, leased, from those that are near or computed."""
        engine.collect_released()
        use_threads(threads_for(engine.sizes, engine.batch))
        kept = self._near.get(update)
        if kept is not None:
            self._near.move_to_end(update)
            kept.holders += 1
            return kept
        state = self.state_after(update - 1)
        with np.errstate(all="ignore"):
            trace = engine.run(state, update)
        if update not in self._dense:
            self._keep_dense(update, engine.copy_state(trace.after))
        if NEAR * (trace.numbers.nbytes + trace.after.array.nbytes) <= NEAR_BYTES:
            trace.holders += 1
            self._near[update] = trace
            self._forget_near(NEAR)
        return trace

    def _forget_near(self, kept: int) -> None:
        """Give back the passes asked for longest ago, but for ``kept``."""
        while len(self._near) > kept:
            update, trace = self._near.popitem(last=False)
            self.segment(update - 1).engine.drop(trace)

    def rest(self) -> None:
        """Give back what only a next pass would save time with: for a run that leaves the screen and is not trained."""
        self._forget_near(0)
        for segment in self.segments:
            segment.engine.forget()

    def release(self, trace: Trace) -> None:
        """Give a leased trace back, whichever run it came from; safe from any thread."""
        trace.home.append(trace)

    def train(
        self,
        updates: int | None = None,
        *,
        should_stop: Callable[[], bool] = lambda: False,
        publish: Callable[[Trace], bool] | None = None,
        past_divergence: bool = False,
    ) -> int:
        """Train from the position, for ``updates`` updates or until stopped; returns the new position.

        ``publish`` is offered the newest pass and returns True to lease it. Stops at the first non-finite
        number. What was computed before is replayed bit for bit.
        """
        if updates is not None and updates < 0:
            raise ValueError("a run is trained forward: write 0 or more updates")
        last = None if updates is None else self._position + updates
        add_loss = self.losses.append
        while not should_stop() and self._position != last:
            if self.divergence and self._position >= self.divergence.update and not past_divergence:
                break
            self._forget_near(0)
            at = self._position
            segment = self.segment(at)
            following = [other.start for other in self.segments if other.start > at]
            ends = [end for end in (last, *following[:1]) if end is not None]
            end = min(ends, default=None)
            engine, state = segment.engine, self.state_after(at)
            use_threads(threads_for(engine.sizes, engine.batch))
            with np.errstate(all="ignore"):
                for trace in engine.passes(state, at + 1):
                    update = trace.update
                    if update > self.reached:
                        self.reached = update
                        add_loss(trace.loss)
                        if update >= self._due or not trace.sound:
                            self._note(engine, trace)
                    if publish is not None and publish(trace):
                        trace.holders += 1
                    if update == end or should_stop():
                        break
                    if self.divergence is not None and update >= self.divergence.update and not past_divergence:
                        break
            self._leave(engine, trace)
            self._position = update
        return self._position

    def _note(self, engine: Engine, trace: Trace) -> None:
        """Note what is not noted of each pass that is new: numbers that went wrong, now and then its state."""
        update = trace.update
        if self.divergence is None and not is_finite(trace):
            self.divergence = first_nonfinite(trace)
        if update % self._stride == 0:
            self._keep(update, engine, trace)
        if self.samples.due(update):
            self._sample(engine, trace.after, trace)
        self._due = min((update // stride + 1) * stride for stride in (self._stride, self.samples.stride))

    def _keep(self, update: int, engine: Engine, trace: Trace) -> None:
        """Add a keyframe; if there are too many, every other one goes."""
        self._keyframes[update] = self._dense.get(update) or engine.copy_state(trace.after)
        nbytes = trace.after.array.nbytes
        if len(self._keyframes) > max(4, min(KEYFRAME_COUNT, KEYFRAME_BYTES // nbytes)):
            self._stride *= 2
            for old in [n for n in self._keyframes if n % self._stride]:
                del self._keyframes[old]

    def _sample(self, engine: Engine, state: State, trace: Trace | None) -> None:
        started = perf_counter()
        known = self._prepared
        if known is None or trace is None or known.update != trace.update:
            known = sample_of(engine, state, trace)
        self._prepared = None
        self.samples.append(known)
        self.sampling_seconds += perf_counter() - started
