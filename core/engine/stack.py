"""Train many small networks of one shape side by side, with the same bits as one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import is_finite
from nn_tui.core.engine.stack_engine import StackEngine
from nn_tui.core.engine.stack_plan import can_stack
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.spec import Experiment


@dataclass(frozen=True, slots=True, eq=False)
class StackResult:
    """What became of one network of a stack.

    Attributes:
        state: The state after its last update.
        updates: The number of updates done.
        diverged: Whether a number became NaN or infinite in the last of them; the training stopped there.
    """

    state: State
    updates: int
    diverged: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class StackPass:
    """A pass of a stack, valid until the next one.

    Attributes:
        engine: The engine of the stack.
        indexes: For each network of the stack, the index of its experiment.
        trace: The pass.
        leaving: The networks, by their position in the stack, that are not part of the next pass, because a number of
            theirs may not be finite. For them the pass does not count.
    """

    engine: StackEngine
    indexes: tuple[int, ...]
    trace: Trace
    leaving: tuple[int, ...] = ()

    @property
    def staying(self) -> dict[int, int]:
        """The index of the experiment of each other network, by its position in the stack."""
        return {position: index for position, index in enumerate(self.indexes) if position not in self.leaving}


def stack_passes(
    experiments: Sequence[Experiment], starts: Sequence[State] | None, updates: int
) -> Iterator[StackPass]:
    """Run ``updates`` passes of networks for which :func:`~nn_tui.core.engine.stack_plan.can_stack` is true.

    Call it under ``np.errstate(all="ignore")``, as :meth:`~nn_tui.core.engine.engine.Engine.run`.

    Args:
        experiments: The experiments.
        starts: The states before the first update; None for the initial weights of the experiments.
        updates: The number of passes. There are fewer if all networks have left the stack.
    """
    engine, indexes, update = StackEngine(experiments), tuple(range(len(experiments))), 0
    state = engine.initial_state() if starts is None else engine.joined_state(starts)
    engine.use_threads()
    while update < updates and indexes:
        for trace in engine.passes(state, update + 1):
            leaving = () if trace.known_finite else _leaving(engine.known_finite(trace))
            step, update = StackPass(engine, indexes, trace, leaving), trace.update
            yield step
            if leaving or update == updates:
                break
        state, indexes = engine.select_networks(trace.after, list(step.staying)), tuple(step.staying.values())
        if indexes:
            engine = StackEngine([experiments[index] for index in indexes])


def _leaving(finite: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the networks that leave a stack; a last one leaves it too, because it is faster alone."""
    leaving = np.flatnonzero(~finite) if finite.sum() != 1 else np.arange(len(finite))
    return tuple(leaving.tolist())


def train_stack(
    experiments: Sequence[Experiment],
    updates: int,
    *,
    starts: Sequence[State] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[StackResult, ...]:
    """Train networks side by side if ``can_stack`` allows it, else one after another.

    A network that diverges stops at the same update as if it was trained alone, and the others go on. One that leaves
    the stack, because a number of its own may not be finite, is trained to its end at once.

    Args:
        experiments: The experiments.
        updates: The number of updates of each network.
        starts: The states before the first update; None for the initial weights of the experiments.
        should_stop: Asked after every pass of the stack; if it returns True, the training ends at once.
        progress: Called after every pass of the stack with the number of updates that all networks together have done.

    Returns:
        One result for each experiment. Networks whose training was stopped have done fewer updates.
    """
    done = 0

    def advance(passes: int) -> None:
        nonlocal done
        done += passes
        progress(done)

    def train_alone(index: int, state: State, update: int) -> StackResult:
        """Train one network from its state after ``update``, at least one pass."""
        engine = Engine(experiments[index])
        engine.use_threads()
        with np.errstate(all="ignore"):
            for trace in engine.passes(state, update + 1):
                diverged = not is_finite(trace)
                advance(1)
                if diverged or trace.update == updates or should_stop():
                    break
        return StackResult(engine.copy_state(trace.after), trace.update, diverged)

    if updates == 0 or should_stop() or not can_stack(experiments):
        states = [Engine(experiment).initial_state() for experiment in experiments] if starts is None else starts
        return tuple(
            StackResult(state, 0) if updates == 0 or should_stop() else train_alone(index, state, 0)
            for index, state in enumerate(states)
        )
    results = dict[int, StackResult]()
    with np.errstate(all="ignore"):
        for step in stack_passes(experiments, starts, updates):
            engine, trace = step.engine, step.trace
            advance(len(step.indexes) - len(step.leaving))
            for position in step.leaving:
                index = step.indexes[position]
                results[index] = train_alone(index, engine.network_state(trace.before, position), trace.update - 1)
            if trace.update == updates or should_stop():
                break
    for position, index in step.staying.items():
        results[index] = StackResult(engine.network_state(trace.after, position), trace.update)
    return tuple(results[index] for index in range(len(experiments)))
