"""A run as a timeline: deterministic updates between edits, any of which can be visited again bit for bit.

``segments`` say what was in force from which update on (an edit starts a new one). Undo, scrub and "go to update N"
are one operation: the nearest state that is kept (``cache``), then replay by the same function that trained.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from time import perf_counter

import numpy as np

from nn_tui.core.engine.blas import threads_for, use_threads
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import Finding, first_nonfinite, is_finite
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.run.curves import CAPACITY, LossCurve, Sample, Samples
from nn_tui.core.run.metrics import sample_of
from nn_tui.core.run.replay import Segment, leave, replayed, step_towards
from nn_tui.core.run.state_cache import FEWEST, Passes, States, room
from nn_tui.core.spec import Experiment

SMALL = 50_000  # parameters below which passes are so short that there is no need for a state every OFTEN of them
OFTEN, SELDOM = 16, 64  # passes between two keyframes of a run that is not long


class Run:
    """One run from a start: where it has been, and how to be there again.

    ``reached`` is the last update ever computed; ``divergence`` names what went wrong there, and no
    update follows it. ``states`` are those at hand. Updates are numbered from 1; 0 is the start. Only one thread
    at a time may call methods other than ``release``.
    """

    def __init__(self, segments: tuple[Segment, ...], losses: LossCurve, samples: Samples, reached: int) -> None:
        self.segments = segments
        self.losses = losses
        self.samples = samples
        self.reached = reached
        self.divergence: Finding | None = None
        self.sampling_seconds = 0.0
        self.states = States(SELDOM if self.engine.parameters < SMALL else OFTEN)
        self._passes = Passes()
        self._prepared: Sample | None = None
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
        run.states = self.states.until(at)
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
            self.states.around = update
            self.state_after(update)
            self._position = update
        return self._position

    def state_after(self, update: int) -> State:
        """The state after ``update`` ≤ ``reached``, from the nearest keyframe by replay; never written again.

        Raises ValueError for an update outside the run.
        """
        if not 0 <= update <= self.reached:
            raise ValueError(f"update {update} is not in this run: it goes from 0 to {self.reached}")
        return replayed(self.states, self.segment(update), update)

    def replay_length(self, update: int) -> int:
        """How many passes :meth:`state_after` would compute for ``update`` ≤ ``reached``."""
        return update - self.states.nearest(self.segment(update).start, update)

    def trace(self, update: int) -> Trace:
        """Pass number ``update`` ≥ 1, leased: give it back with :meth:`release`.

        A pass just beyond ``reached`` is computed and recorded, whatever its numbers are. Raises
        ValueError further out.
        """
        if not 1 <= update <= self.reached + 1:
            raise ValueError(f"pass {update} is not in this run: it has reached update {self.reached}")
        engine = self.segment(update - 1).engine
        self.states.around = update
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

        When all is done, :meth:`trace` has the pass at once, unless it is too large to be kept. Nothing is recorded,
        and the run stays where it is.
        """
        if not 1 <= update <= self.reached + 1:
            return False
        if not self._passes.fit:  # computed ahead, it would be gone when it is asked for
            return self._step_behind()
        engine = self.segment(update - 1).engine
        known = update in self._passes
        trace = self._pass(engine, update)
        due = known and update > self.reached and self.samples.due(update)
        sampling = due and (self._prepared is None or self._prepared.update != update)
        if sampling:
            self._prepared = sample_of(engine, trace.after, trace)
        engine.release(trace)
        return sampling or (not known and update in self._passes) or self._step_behind()

    def _step_behind(self) -> bool:
        """Compute one of the states behind the position that are not at hand; whether there was one."""
        segment = self.segment(self._position - 1)
        lacking = self.states.lacking(segment.start, segment.state)
        if lacking is None:
            return False
        step_towards(self.states, segment, lacking)
        return True

    def _pass(self, engine: Engine, update: int) -> Trace:
        """Pass ``update``, leased, from those that are near or computed."""
        engine.collect_released()
        use_threads(threads_for(engine.sizes, engine.batch))
        kept = self._passes.get(update)
        if kept is not None:
            kept.refcount += 1
            return kept
        before = self.state_after(update - 1)
        after = self.states.get(update)
        with np.errstate(all="ignore"):
            trace = engine.run(before, update, after)
        if after is None:
            self.states.keep(update, engine.copy_state(trace.after))
        self._passes.keep(trace)
        return trace

    def rest(self) -> None:
        """Give back what only a next pass would save time with: for a run that leaves the screen and is not trained."""
        self._passes.forget()
        self.states.thin()
        for segment in self.segments:
            segment.engine.free_unused()

    def release(self, trace: Trace) -> None:
        """Give a leased trace back, whichever run it came from; safe from any thread."""
        trace.release_queue.append(trace)

    def train(
        self,
        updates: int | None = None,
        *,
        should_stop: Callable[[], bool] | None = None,
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
        add_loss = self.losses.adding()
        while self._position != last and not (should_stop is not None and should_stop()):
            if self.divergence and self._position >= self.divergence.update and not past_divergence:
                break
            self._passes.forget()
            at = self._position
            segment = self.segment(at)
            following = [other.start for other in self.segments if other.start > at]
            broken = None if self.divergence is None or past_divergence else self.divergence.update
            end = min((each for each in (last, broken, *following[:1]) if each is not None), default=None)
            engine, state = segment.engine, self.state_after(at)
            use_threads(threads_for(engine.sizes, engine.batch))
            with np.errstate(all="ignore"):
                for trace in engine.passes(state, at + 1):
                    update = trace.update
                    if update > self.reached:
                        self.reached = update
                        add_loss(trace.loss)
                        if update >= self._due or not trace.known_finite:
                            self._note(engine, trace)
                            add_loss = self.losses.adding()
                            if self.divergence is not None and not past_divergence:
                                end = update
                    if publish is not None and publish(trace):
                        trace.refcount += 1
                    if update == end or (should_stop is not None and should_stop()):
                        break
            self.states.around = self._position = update
            leave(self.states, segment, trace)
        return self._position

    def _note(self, engine: Engine, trace: Trace) -> None:
        """Note what is not noted of each pass that is new: numbers that went wrong, now and then its state."""
        update = trace.update
        if self.divergence is None and not is_finite(trace):
            self.divergence = first_nonfinite(trace)
        states = self.states
        often = engine.parameters >= SMALL and room(trace.after) > 2 * FEWEST
        if update % states.stride == 0 or (often and update % OFTEN == 0):
            kept = states.get(update)
            state = kept or engine.copy_state(trace.after)
            if update % states.stride == 0:
                states.keep_frame(update, state)
            if often and kept is None:  # a training: the newest stay, however far apart the keyframes are by now,
                states.around = update  # but they are few, because fresh memory takes longer than passes
                states.keep(update, state, FEWEST)
        if self.samples.due(update):
            self._sample(engine, trace.after, trace)
        strides = states.stride, self.samples.stride, CAPACITY, *((OFTEN,) if often else ())
        self._due = min((update // stride + 1) * stride for stride in strides)

    def _sample(self, engine: Engine, state: State, trace: Trace | None) -> None:
        started = perf_counter()
        known = self._prepared
        if known is None or trace is None or known.update != trace.update:
            known = sample_of(engine, state, trace)
        self._prepared = None
        self.samples.append(known)
        self.sampling_seconds += perf_counter() - started
