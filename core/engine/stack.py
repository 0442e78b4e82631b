"""Train many small networks of one shape side by side, with the same bits as one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import is_finite
from nn_tui.core.engine.stack_engine import StackEngine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.spec import Experiment

MAX_NETWORKS = 128
MAX_BYTES = 2 * 2**20  # of the arrays of a stack: they should stay in a processor's cache
MAX_NETWORK_BYTES = 2**18  # larger networks take most of their time to compute, and gain nothing


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
        and _gives_same_bits(experiments[:2])
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


def train_stack(
    experiments: Sequence[Experiment],
    updates: int,
    *,
    starts: Sequence[State] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[StackResult, ...]:
    """Train networks side by side if :func:`can_stack` allows it, else one after another.

    A network that diverges stops at the same update as if it was trained alone, and the others go on.

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
        return _train_alone(Engine(experiments[index]), state, update, updates, should_stop, advance)

    if not can_stack(experiments):
        states = [Engine(each).initial_state() for each in experiments] if starts is None else starts
        return tuple(train_alone(index, state, 0) for index, state in enumerate(states))
    engine = StackEngine(experiments)
    state = engine.initial_state() if starts is None else engine.joined_state(starts)
    indexes, update = list(range(len(experiments))), 0  # the networks of the stack, and the last update of all
    results: dict[int, StackResult] = {}
    while update < updates and indexes and not should_stop():
        trace = _train_together(engine, state, update, updates, should_stop, advance)
        finite = engine.known_finite(trace)
        if finite.sum() == 1:
            finite[:] = False  # one network is faster alone
        for position in np.flatnonzero(~finite).tolist():
            before = engine.network_state(trace.before, position)
            results[indexes[position]] = train_alone(indexes[position], before, trace.update - 1)
        state, update = engine.select_networks(trace.after, finite), trace.update
        indexes = [index for index, is_finite in zip(indexes, finite, strict=True) if is_finite]
        engine = StackEngine([experiments[index] for index in indexes]) if indexes else engine
    results |= {index: StackResult(engine.network_state(state, n), update) for n, index in enumerate(indexes)}
    return tuple(results[index] for index in range(len(experiments)))


def _train_together(
    engine: StackEngine,
    state: State,
    update: int,
    last: int,
    should_stop: Callable[[], bool],
    advance: Callable[[int], None],
) -> Trace:
    """Train a stack until a number of some network may not be finite, and return the last pass."""
    engine.use_threads()
    with np.errstate(all="ignore"):
        for trace in engine.passes(state, update + 1):
            if not trace.known_finite and not engine.known_finite(trace).all():
                break
            advance(len(engine.experiments))
            if trace.update == last or should_stop():
                break
    return trace


def _train_alone(
    engine: Engine,
    state: State,
    update: int,
    last: int,
    should_stop: Callable[[], bool],
    advance: Callable[[int], None],
) -> StackResult:
    """Train one network from its state after ``update``."""
    if update == last or should_stop():
        return StackResult(state, update)
    engine.use_threads()
    with np.errstate(all="ignore"):
        for trace in engine.passes(state, update + 1):
            diverged = not is_finite(trace)
            advance(1)
            if diverged or trace.update == last or should_stop():
                break
    return StackResult(engine.copy_state(trace.after), trace.update, diverged)


def _shape(experiment: Experiment) -> tuple[object, ...]:
    """Return what the networks of a stack have in common."""
    layers = tuple(replace(layer, init="", init_options=(), weights=None, bias=None) for layer in experiment.layers)
    training = experiment.training
    optimizer = replace(training.optimizer, learning_rate=0.0)
    return layers, replace(training, optimizer=optimizer), experiment.data.x.shape, experiment.data.y.shape


def _gives_same_bits(experiments: Sequence[Experiment]) -> bool:
    """Return whether the first passes of a stack, and one of a smaller batch, give the bits of single passes."""
    stack = StackEngine(experiments)
    engines = [Engine(experiment) for experiment in experiments]
    state = stack.initial_state()
    stack.use_threads()
    with np.errstate(all="ignore"):
        for update in (1, 2, stack.batches_per_epoch):
            after = stack.run(state, update).after
            for index, engine in enumerate(engines):
                alone = engine.run(stack.network_state(state, index), update)
                same = alone.after.array.tobytes() == stack.network_state(after, index).array.tobytes()
                if not same and is_finite(alone):
                    return False
            state = after
    return True
