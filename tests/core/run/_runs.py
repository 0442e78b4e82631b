"""Helpers for the tests of runs: random experiments, and exact comparisons."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.stack import StackResult
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment, ScheduleSpec, WarmupSpec
from tests._edits import Bits, bits
from tests._reference import COMBINATIONS, SCHEDULE_OPTIONS, dataset, experiment, numbers, targets

UNITS: st.SearchStrategy[Literal["update", "epoch"]] = st.sampled_from(("update", "epoch"))
# The update after which a segment starts, its experiment, and a number added to the first weight there.
Part = tuple[int, Experiment, float]


def trace_bits(trace: Trace) -> tuple[bytes, ...]:
    """Return every number of a trace, to be compared exactly (NaN and −0 included)."""
    arrays: list[Array] = [
        *trace.computed, trace.terms, trace.x, trace.y, trace.before.array, trace.after.array,
        np.array([trace.loss, trace.data_loss, trace.penalty, trace.update, trace.epoch, trace.learning_rate]),
    ]  # fmt: skip
    return tuple(array.tobytes() for array in arrays)


def reference_bits(parts: list[Part], update: int) -> Bits:
    """Return the bits of the state after ``update``, computed from the start by an engine that is used once."""
    state: State | None = None
    done = 0
    with np.errstate(all="ignore"):
        for index, (start, problem, shift) in enumerate(parts):
            if start > update:
                break
            engine = Engine(problem)
            fresh = engine.initial_state()
            if state is not None:
                fresh.array[...] = state.array
                fresh.steps, fresh.scalars = state.steps, state.scalars
            fresh.weights[0][0, 0] += shift
            state = fresh
            end = min([update, *(other for other, _, _ in parts[index + 1 :])])
            while done < end:
                done += 1
                state = engine.run(state, done).after
    assert state is not None
    return bits(state)


def schedules() -> st.SearchStrategy[ScheduleSpec]:
    """A constant learning rate, or a schedule of any kind."""

    def build(name: str, per: Literal["update", "epoch"], warmup: WarmupSpec | None) -> ScheduleSpec:
        return ScheduleSpec(name, SCHEDULE_OPTIONS[name], per, warmup)

    warmups = st.none() | st.builds(WarmupSpec, st.sampled_from([0.1, 1.0]), st.integers(1, 12))
    return st.just(ScheduleSpec()) | st.builds(build, st.sampled_from(sorted(SCHEDULE_OPTIONS)), UNITS, warmups)


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Draw a small experiment with full or smaller batches, with and without penalties and frozen layers."""
    sizes = draw(st.sampled_from([(2, 3, 2), (3, 4, 3, 2), (1, 2), (2, 8, 3)]))
    rows = draw(st.integers(1, 9))
    layers = range(len(sizes) - 1)
    return experiment(
        draw(st.sampled_from(COMBINATIONS)),
        sizes,
        rows,
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        batch_size=draw(st.none() | st.integers(1, rows + 1)),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        shuffle=draw(st.booleans()),
        l1=draw(st.sampled_from([0.0, 0.01])),
        l2=draw(st.sampled_from([0.0, 0.1])),
        frozen_weights=tuple(draw(st.sets(st.sampled_from(layers)))),
        frozen_biases=tuple(draw(st.sets(st.sampled_from(layers)))),
        schedule=draw(schedules()),
        seed=draw(st.integers(0, 3)),
    )


RATES = st.sampled_from([0.01, 0.3, 1e3, 1e80])  # the last two let many networks diverge, at different updates


@st.composite
def stacks(draw: st.DrawFn) -> list[Experiment]:
    """Draw networks of one shape that differ in their weights, and perhaps in data, row order and learning rate."""
    first = draw(experiments())
    count = draw(st.integers(2, 5))
    seeds = draw(st.just([0] * count) | st.lists(st.integers(0, 9), min_size=count, max_size=count))
    rates = draw(RATES.map(lambda rate: [rate] * count) | st.lists(RATES, min_size=count, max_size=count))
    own_data = draw(st.booleans())
    layers = tuple(replace(layer, weights=None, bias=None, init="normal") for layer in first.layers)

    def build(index: int, seed: int, rate: float) -> Experiment:
        x, y = first.data.x, first.data.y
        own = dataset(numbers(index, *x.shape), targets(first.training.loss, len(y), y.shape[1], index))
        data = own if own_data else first.data
        return with_rate(replace(first, layers=layers, data=data, seed=seed, init_seed=index), rate)

    return [build(index, seed, rate) for index, (seed, rate) in enumerate(zip(seeds, rates, strict=True))]


def with_rate(network: Experiment, rate: float) -> Experiment:
    """The same network with another learning rate."""
    training = network.training
    return replace(network, training=replace(training, optimizer=replace(training.optimizer, learning_rate=rate)))


def train_singly(network: Experiment, updates: int) -> StackResult:
    """Train one network as ``nn-tui train`` does."""
    run = Run.start(network)
    run.train(updates)
    return StackResult(run.state, run.position, run.divergence is not None)


def assert_same(result: StackResult, expected: StackResult) -> None:
    """Compare two results to the bit."""
    assert (result.updates, result.diverged) == (expected.updates, expected.diverged)
    assert bits(result.state) == bits(expected.state)
