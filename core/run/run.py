"""A run as a timeline of deterministic updates and edits; it can return to each update bit for bit.

An edit starts a new segment. Undo, scrubbing and "go to update N" are one operation: take the nearest cached state
(:mod:`nn_tui.core.run.state_cache`) and replay from there with the function that trained.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import NonFinite, first_nonfinite, is_finite
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.run.change import Change
from nn_tui.core.run.curves import MAX_BUCKETS, Evaluation, EvaluationHistory, LossCurve
from nn_tui.core.run.evaluation_sample import new_history
from nn_tui.core.run.metrics import evaluate_state
from nn_tui.core.run.replay import Segment, cache_and_release, cache_new_state, cache_next_state, replay_to
from nn_tui.core.run.state_cache import DEFAULT_LIMITS, CacheLimits, StateCache, TraceCache
from nn_tui.core.spec import Experiment


class Run:
    """A training run from its start: every update that it has computed, and a position among them.

    Updates are numbered from 1; 0 is the start. Only one thread at a time may call methods other than ``release``.

    Attributes:
        segments: The parts between edits, in order.
        losses: The batch loss of each pass.
        evaluations: Figures on the whole data set now and then; of a large set on a sample.
        reached: The last update computed so far.
        is_last_made: Whether the update ``reached`` is complete; False while its pass is stepped through.
        divergence: The first number that was not finite; training stops at its update. None while all are finite.
        evaluation_seconds: The time that the evaluations took.
        states: The cached states.
        next_record: The update from which on :meth:`record` has something to do.
    """

    def __init__(
        self,
        segments: tuple[Segment, ...],
        losses: LossCurve,
        evaluations: EvaluationHistory,
        reached: int,
        limits: CacheLimits = DEFAULT_LIMITS,
    ) -> None:
        self.segments = segments
        self.losses = losses
        self.evaluations = evaluations
        self.reached = reached
        self.divergence: NonFinite | None = None
        self.evaluation_seconds = 0.0
        self.states = StateCache.for_network(self.engine.parameters, limits)
        self._traces = TraceCache(limits)
        self._prepared: Evaluation | None = None
        self.is_last_made, self.next_record = True, 0
        self._position = reached

    @classmethod
    def start(cls, experiment: Experiment, limits: CacheLimits = DEFAULT_LIMITS) -> Run:
        """Return a run at update 0 of an experiment."""
        engine = Engine(experiment)
        segment = Segment(0, experiment, engine, engine.initial_state(), Change("start"))
        run = cls((segment,), LossCurve(), new_history(engine), 0, limits)
        run._evaluate(engine, segment.state, None)
        return run

    def edited(self, update: int, experiment: Experiment, change: Change, state: State | None = None) -> Run:
        """Return a new run that branches off after ``update``; this run is left as it is.

        Args:
            update: The update after which the new run goes its own way.
            experiment: The experiment from there on.
            change: What is changed.
            state: The state to go on from; None for the state after ``update``.

        Raises:
            ValueError: For a state whose shape does not fit the experiment's network and optimiser.
        """
        earlier = tuple(segment for segment in self.segments if segment.start <= update)
        engine = Engine(experiment, self.engine)
        state = self.state_after(update) if state is None else state
        if state.array.shape != (1 + len(engine.optimizer.slots), engine.parameters):
            raise ValueError(f"a state of {state.array.shape} numbers does not fit the network and its optimiser")
        new = Segment(update, experiment, engine, engine.copy_state(state), change)
        evaluations = replace(self.evaluations.truncated(update), start=update) if update else new_history(engine)
        run = Run((*earlier, new), self.losses.truncated(update), evaluations, update, self.states.limits)
        if update == 0:  # a changed start needs a new evaluation
            run._evaluate(engine, new.state, None)
        run.states = self.states.truncated(update)
        return run

    # The position

    @property
    def engine(self) -> Engine:
        """The engine of the pass after the last update."""
        return self.segments[-1].engine

    @property
    def experiment(self) -> Experiment:
        """The experiment at the end of the run."""
        return self.segments[-1].experiment

    @property
    def position(self) -> int:
        """The update after which the run is now."""
        return self._position

    @property
    def state(self) -> State:
        """The parameters and optimiser state at the position; a copy, never written again."""
        return self.state_after(self._position)

    @property
    def finished(self) -> int:
        """The last complete update."""
        return self.reached - (not self.is_last_made and self.divergence is None)

    def segment(self, update: int) -> Segment:
        """Return the segment of the pass that follows ``update``."""
        starts = [segment.start for segment in self.segments]
        return self.segments[bisect_right(starts, update) - 1]

    # Moves of the position

    def goto(self, update: int, *, past_divergence: bool = False) -> int:
        """Move to ``update``, and compute the updates that are new.

        Args:
            update: The target, 0 or more.
            past_divergence: Go on after the first number that is not finite; by default the run stops there.

        Returns:
            The new position.

        Raises:
            ValueError: For a negative update.
        """
        if update < 0:
            raise ValueError("updates are numbered from 0, the start")
        if self.divergence and not past_divergence:
            update = min(update, self.divergence.update)
        if update > self.reached:
            self._position = self.reached
            self.train(update - self.reached, past_divergence=past_divergence)
        else:
            self.states.center = update
            self.state_after(update)
            self._position = update
        return self._position

    def state_after(self, update: int) -> State:
        """Return the state after ``update`` by replay from the nearest cached state; it is never written again.

        Raises:
            ValueError: Unless 0 ≤ ``update`` ≤ ``reached``.
        """
        if not 0 <= update <= self.reached:
            raise ValueError(f"update {update} is not in this run: it goes from 0 to {self.reached}")
        return replay_to(self.states, self.segment(update), update)

    def replay_length(self, update: int) -> int:
        """Return how many passes :meth:`state_after` would compute for ``update`` ≤ ``reached``."""
        return update - self.states.nearest(self.segment(update).start, update)

    def trace(self, update: int) -> Trace:
        """Return the trace of pass ``update`` and move there.

        The trace is held: nothing writes to it before :meth:`release`. The pass after ``reached`` is computed and
        recorded, whatever its numbers are; its update counts as made as soon as ``is_last_made`` is set.

        Raises:
            ValueError: Unless 1 ≤ ``update`` ≤ ``reached`` + 1.
        """
        if not 1 <= update <= self.reached + 1:
            raise ValueError(f"pass {update} is not in this run: it has reached update {self.reached}")
        engine = self.segment(update - 1).engine
        self.states.center = update
        trace = self._acquire(engine, update)
        with np.errstate(all="ignore"):
            if update > self.reached:
                self.reached, self.is_last_made = update, False
                self.losses.append(trace.loss)
                self.record(engine, trace)
        self._position = update
        return trace

    def prepare(self, update: int) -> bool:
        """Compute a part of what :meth:`trace` needs for pass ``update``; record nothing and keep the position.

        Returns:
            True if there was something to compute. Once it is False, :meth:`trace` takes no time, unless the trace is
            too large for the cache.
        """
        if not 1 <= update <= self.reached + 1:
            return False
        if not self._traces.fits:  # the trace would be gone before anyone asks for it
            return self._cache_missing_state()
        engine = self.segment(update - 1).engine
        was_cached = update in self._traces
        trace = self._acquire(engine, update)
        is_due = was_cached and update > self.reached and self.evaluations.is_due(update)
        evaluates = is_due and (self._prepared is None or self._prepared.update != update)
        if evaluates:
            self._prepared = evaluate_state(engine, trace.after, trace)
        engine.release(trace)
        return evaluates or (not was_cached and update in self._traces) or self._cache_missing_state()

    def _cache_missing_state(self) -> bool:
        """Compute one of the nearby states before the position that are not cached; return whether one was missing."""
        segment = self.segment(self._position - 1)
        missing = self.states.first_missing(segment.start, segment.state)
        if missing is None:
            return False
        cache_next_state(self.states, segment, missing)
        return True

    def _acquire(self, engine: Engine, update: int) -> Trace:
        """Return the trace of pass ``update``, held once more, from the cache or computed."""
        engine.collect_released()
        engine.use_threads()
        cached = self._traces.get(update)
        if cached is not None:
            cached.refcount += 1
            return cached
        before = self.state_after(update - 1)
        after = self.states.get(update)
        with np.errstate(all="ignore"):
            trace = engine.run(before, update, after)
        if after is None:
            self.states.add_nearby(update, engine.copy_state(trace.after))
        self._traces.add(trace)
        return trace

    def release_buffers(self) -> None:
        """Free the memory that only the next pass needs; for a run that is neither shown nor trained."""
        self._traces.evict()
        self.states.shrink()
        for segment in self.segments:
            segment.engine.free_unused()

    def release(self, trace: Trace) -> None:
        """Release a trace of this or another run; safe from any thread."""
        trace.release_queue.append(trace)

    def train(
        self,
        updates: int | None = None,
        *,
        should_stop: Callable[[], bool] | None = None,
        publish: Callable[[Trace], bool] | None = None,
        past_divergence: bool = False,
    ) -> int:
        """Train from the position. Updates that were computed before are replayed bit for bit.

        Args:
            updates: The number of updates; None to train until it is stopped.
            should_stop: Asked after each pass; True stops the training.
            publish: Called with each pass; it returns True to hold the trace, which it must release later.
            past_divergence: Go on after the first number that is not finite; by default the training stops there.

        Returns:
            The new position.

        Raises:
            ValueError: For a negative number of updates.
        """
        if updates is not None and updates < 0:
            raise ValueError("a run is trained forward: write 0 or more updates")
        last = None if updates is None else self._position + updates
        add_loss = self.losses.appender()
        while self._position != last and not (should_stop is not None and should_stop()):
            if self.divergence and self._position >= self.divergence.update and not past_divergence:
                break
            self._traces.evict()
            position = self._position
            segment = self.segment(position)
            next_starts = [other.start for other in self.segments if other.start > position]
            diverged = None if self.divergence is None or past_divergence else self.divergence.update
            end = min((stop for stop in (last, diverged, *next_starts[:1]) if stop is not None), default=None)
            engine, state = segment.engine, self.state_after(position)
            engine.use_threads()
            with np.errstate(all="ignore"):
                for trace in engine.passes(state, position + 1):
                    update = trace.update
                    if update == self.reached:
                        self.is_last_made = True
                    elif update > self.reached:
                        self.reached, self.is_last_made = update, True
                        add_loss(trace.loss)
                        if update >= self.next_record or not trace.known_finite:
                            self.record(engine, trace)
                            add_loss = self.losses.appender()
                            if self.divergence is not None and not past_divergence:
                                end = update
                    if publish is not None and publish(trace):
                        trace.refcount += 1
                    if update == end or (should_stop is not None and should_stop()):
                        break
            self.states.center = self._position = update
            cache_and_release(self.states, segment, trace)
        return self._position

    def record(self, engine: Engine, trace: Trace) -> None:
        """Record what only some new passes need: a number that is not finite, a state to cache, an evaluation."""
        update = trace.update
        if self.divergence is None and not is_finite(trace):
            self.divergence = first_nonfinite(trace)
        state_stride = cache_new_state(self.states, engine, trace)
        if self.evaluations.is_due(update):
            self._evaluate(engine, trace.after, trace)
        multiples = ((update // stride + 1) * stride for stride in (state_stride, MAX_BUCKETS))
        self.next_record = min(self.evaluations.next_due(update), *multiples)

    def _evaluate(self, engine: Engine, state: State, trace: Trace | None) -> None:
        """Add the evaluation of ``state``, unless :meth:`prepare` has computed it already."""
        started = perf_counter()
        evaluation = self._prepared
        if evaluation is None or trace is None or evaluation.update != trace.update:
            evaluation = evaluate_state(engine, state, trace)
        self._prepared = None
        self.evaluations.append(evaluation)
        self.evaluation_seconds += perf_counter() - started
