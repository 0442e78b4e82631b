"""Which networks may be trained side by side: networks of one shape, if that is faster and gives the same bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import is_finite
from nn_tui.core.engine.stack_engine import StackEngine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.spec import Array, Experiment

MAX_NETWORKS = 128
MAX_BYTES = 2 * 2**20  # of the arrays of a stack: they should stay in a processor's cache
MAX_NETWORK_BYTES = 2**18  # larger networks take most of their time to compute, and gain nothing
MAX_DATA_BYTES = 2**19  # of the data of one network, if they are not the same for all


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
