"""Train many small networks of one shape side by side, with the same bits as one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import is_finite
from nn_tui.core.engine.stack_engine import StackEngine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.spec import Array, Experiment

MAX_NETWORKS = 128
MAX_BYTES = 2 * 2**20  # of the arrays of a stack: they should stay in a processor's cache
MAX_NETWORK_BYTES = 2**18  # larger networks take most of their time to compute, and gain nothing
MAX_DATA_BYTES = 2**19  # of the data of one network, if they are not the same for all


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


def can_stack(experiments: Sequence[Experiment]) -> bool:
    """Return whether networks can be trained side by side, with the same bits as one after another, and faster.

    They must have the same layers, functions and settings, but for their initial weights, their learning rates, the
    numbers of their data and the seed of the order of the rows. The first passes of two of them are compared with
    single passes, because whether two ways to multiply matrices give the same bits depends on the BLAS library.
    """
    return (
        1 < len(experiments) <= stack_limit(experiments[0])
        and len({_shape(experiment) for experiment in experiments}) == 1
        and _gives_same_bits(experiments)
    )


def stack_limit(experiment: Experiment) -> int:
    """Return how many networks like that of an experiment a stack may have; 1 if a stack would not be faster."""
    training, sizes = experiment.training, experiment.sizes
    batch = min(training.batch_size or len(experiment.data.x), len(experiment.data.x))
    slots = len(OPTIMIZERS[training.optimizer.name].slots)
    numbers = 4 * batch * sum(sizes[1:]) + (2 * (1 + slots) + 3) * parameter_count(sizes)
    size = 8 * numbers
    return 1 if size > MAX_NETWORK_BYTES else max(1, min(MAX_NETWORKS, MAX_BYTES // size))


def plan_stacks(experiments: Sequence[Experiment]) -> tuple[tuple[int, ...], ...]:
    """Return which experiments to train together: groups of indexes, for each of which :func:`can_stack` is true.

    An experiment that fits no other one has a group of its own. The groups are in the order of their first experiments.
    """
    by_shape: dict[tuple[object, ...], list[int]] = {}
    for index, experiment in enumerate(experiments):
        by_shape.setdefault(_shape(experiment), []).append(index)
    groups: list[tuple[int, ...]] = []
    for indexes in by_shape.values():
        limit = stack_limit(experiments[indexes[0]])
        if limit > 1 and not can_stack([experiments[index] for index in indexes[:2]]):
            limit = 1
        count = -(-len(indexes) // limit)  # of groups, which are as equal as possible
        groups += [tuple(group.tolist()) for group in np.array_split(indexes, count)]
    return tuple(sorted(groups))


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
    """Run ``updates`` passes of networks for which :func:`can_stack` is true.

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
    """Train networks side by side if :func:`can_stack` allows it, else one after another.

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
            advance(len(step.staying))
            for position in step.leaving:
                index = step.indexes[position]
                results[index] = train_alone(index, engine.network_state(trace.before, position), trace.update - 1)
            if trace.update == updates or should_stop():
                break
    for position, index in step.staying.items():
        results[index] = StackResult(engine.network_state(trace.after, position), trace.update)
    return tuple(results[index] for index in range(len(experiments)))


def _shape(experiment: Experiment) -> tuple[object, ...]:
    """Return what the networks of a stack have in common; large data, too, so that a stack needs no copies of them."""
    layers = tuple(replace(layer, init="", init_options=(), weights=None, bias=None) for layer in experiment.layers)
    training = experiment.training
    optimizer = replace(training.optimizer, learning_rate=0.0)
    data = experiment.data
    large_data = id(data) if data.x.nbytes + data.y.nbytes > MAX_DATA_BYTES else None
    return layers, replace(training, optimizer=optimizer), data.x.shape, data.y.shape, large_data


def _gives_same_bits(experiments: Sequence[Experiment]) -> bool:
    """Return whether the first passes of a stack, and one of a smaller batch, give the bits of single passes.

    Two of the networks are compared: they show it for all, because all have the same shapes.
    """
    stack = StackEngine(experiments)
    engines = {index: Engine(experiments[index]) for index in (0, len(experiments) - 1)}
    state = stack.initial_state()
    stack.use_threads()
    with np.errstate(all="ignore"):
        for update in (1, 2, stack.batches_per_epoch):
            trace = stack.run(state, update)
            for index, engine in engines.items():
                alone = engine.run(stack.network_state(state, index), update)
                if is_finite(alone) and not _has_same_bits(stack, trace, index, alone):
                    return False
            state = trace.after
    return True


def _has_same_bits(stack: StackEngine, trace: Trace, index: int, alone: Trace) -> bool:
    """Return whether a network of a stack has the bits of a single pass; a step may hide those of the gradient."""
    pairs = [
        *zip(_computed(trace), _computed(alone), strict=True),
        (stack.losses(trace), np.array(alone.loss)),
        (trace.after.array.swapaxes(0, 1), alone.after.array),
    ]
    return all(each[index].tobytes() == single.tobytes() for each, single in pairs)


def _computed(trace: Trace) -> list[Array]:
    return [*trace.z, *trace.a, trace.terms, *trace.dz, trace.gradient]
