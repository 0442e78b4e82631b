"""Small experiments for tests, the same on every machine: numbers come from an integer generator.

``experiment`` builds one; ``COMBINATIONS`` are all allowed pairs of an output activation and a loss, each
with a hidden activation, so that every activation, loss and allowed pair occurs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zlib import crc32

import numpy as np

from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.spec import (
    Array,
    Dataset,
    DataSpec,
    Experiment,
    LayerSpec,
    OptimizerSpec,
    Preset,
    Reduction,
    ScheduleSpec,
    TrainingSpec,
    WarmupSpec,
)

# Learning rates at which 50 updates move every parameter a good way and nothing blows up, neither with the
# sum over a batch.
RATES = {
    "sgd": 0.02,
    "momentum": 0.005,
    "nesterov": 0.005,
    "adagrad": 0.05,
    "rmsprop": 0.005,
    "adam": 0.01,
    "adamw": 0.01,
    "nadam": 0.01,
}


def numbers(seed: int, *shape: int) -> Array:
    """Numbers in (−1, 1) that no library version changes: a linear congruential generator, high bits only."""
    state = 12345 + 7919 * seed
    values = []
    for _ in range(int(np.prod(shape))):
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        values.append((state >> 11) / 2**52 - 1.0)
    return np.array(values).reshape(shape)


@dataclass(frozen=True, slots=True)
class Combination:
    """A hidden activation, an output activation and a loss that goes with it."""

    hidden: str
    output: str
    loss: str

    @property
    def id(self) -> str:
        """``tanh-sigmoid-huber``."""
        return f"{self.hidden}-{self.output}-{self.loss}"


def _combinations() -> Iterator[Combination]:
    units = [name for name in ACTIVATIONS if name != "softmax"]
    for loss in LOSSES.values():
        if loss.outputs is None:
            for output in ACTIVATIONS:
                yield Combination("tanh" if output == "softmax" else output, output, loss.name)
        else:
            for output, hidden in itertools.product(loss.outputs, units):
                yield Combination(hidden, output, loss.name)


COMBINATIONS = tuple(_combinations())


def targets(loss: str, rows: int, outputs: int, seed: int) -> Array:
    """Targets that the loss allows: 0/1, rows of probabilities, or any numbers."""
    y = numbers(seed, rows, outputs)
    if loss in ("binary_cross_entropy", "perceptron"):
        return (y > 0.0).astype(np.float64)
    if loss == "cross_entropy":
        weights = np.abs(y) + 0.05
        soft: Array = weights / weights.sum(axis=1, keepdims=True)
        return soft
    return 1.5 * y  # some of Huber's residuals lie beyond its corner, some do not


def dataset(x: Array, y: Array, test: tuple[Array, Array] | None = None) -> Dataset:
    """The rows as a training part; no test part unless one is given."""
    x_test, y_test = test or (np.zeros((0, x.shape[1])), np.zeros((0, y.shape[1])))
    inputs, outputs = tuple(f"x{n + 1}" for n in range(x.shape[1])), tuple(f"y{n + 1}" for n in range(y.shape[1]))
    return Dataset(x, y, x_test, y_test, x, x_test, inputs, outputs)


def of(data: Dataset, layers: tuple[LayerSpec, ...], training: TrainingSpec, seed: int = 0) -> Experiment:
    """An experiment from its parts."""
    return Experiment(Preset("case", "case", "case", DataSpec(), layers, training), data, layers, training, seed, seed)


CONSTANT = ScheduleSpec()


def experiment(
    combination: Combination = Combination("tanh", "sigmoid", "half_squared_error"),
    sizes: tuple[int, ...] = (2, 3, 2),
    rows: int = 5,
    *,
    optimizer: str = "sgd",
    learning_rate: float | None = None,
    options: tuple[tuple[str, float], ...] = (),
    batch_size: int | None = None,
    reduction: Reduction = "mean",
    shuffle: bool = False,
    l1: float = 0.0,
    l2: float = 0.0,
    frozen_weights: tuple[int, ...] = (),
    frozen_biases: tuple[int, ...] = (),
    schedule: ScheduleSpec = CONSTANT,
    seed: int = 0,
) -> Experiment:
    """A network with given weights on given data; ``frozen_…`` are layers from 0 that do not learn."""
    layers = []
    for index, (inputs, units) in enumerate(itertools.pairwise(sizes)):
        last = index == len(sizes) - 2
        weights = numbers(100 + index + 10 * seed, units, inputs) / np.sqrt(inputs)
        layers.append(
            LayerSpec(
                units,
                combination.output if last else combination.hidden,
                weights=tuple(map(tuple, weights.tolist())),
                bias=tuple((0.3 * numbers(200 + index + 10 * seed, units)).tolist()),
                train_weights=index not in frozen_weights,
                train_bias=index not in frozen_biases,
            )
        )
    x = 1.5 * numbers(300 + seed, rows, sizes[0])
    y = targets(combination.loss, rows, sizes[-1], 400 + seed)
    rate = RATES[optimizer] if learning_rate is None else learning_rate
    assert optimizer in OPTIMIZERS
    training = TrainingSpec(
        combination.loss, reduction, batch_size, shuffle, l1, l2, OptimizerSpec(optimizer, rate, options), schedule
    )
    return of(dataset(x, y), tuple(layers), training, seed)


@dataclass(frozen=True, slots=True)
class Setting:
    """A shape and a way to go through its rows: full batch, parts with a smaller last one, single rows."""

    sizes: tuple[int, ...]
    rows: int
    batch_size: int | None
    reduction: Reduction


SETTINGS = (
    Setting((2, 3, 2), 5, None, "mean"),
    Setting((2, 3, 2), 5, 1, "sum"),
    Setting((3, 4, 3, 2), 7, 3, "mean"),
    Setting((3, 4, 3, 2), 7, 3, "sum"),
    Setting((1, 6, 3), 4, None, "sum"),
    Setting((4, 3), 6, 1, "mean"),
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded case: the parameters after 1 and after 50 updates are compared.

    ``setting`` is a number in SETTINGS, or ``NO_SETTING`` for a case that is not a combination. The file of the figures
    keeps it, so that a new combination does not change the settings of the others.
    """

    id: str
    setting: int
    experiment: Experiment


NO_SETTING = -1


def recorded_cases(settings: Mapping[str, int]) -> Iterator[Recorded]:
    """Every combination with every optimiser, then penalties and frozen parameters, then schedules.

    ``settings`` are those of the cases that have been recorded, by id; a new case gets one that depends on its id.
    """
    for combination, optimizer in itertools.product(COMBINATIONS, OPTIMIZERS):
        name = f"{combination.id}-{optimizer}"
        setting = settings.get(name, crc32(name.encode()) % len(SETTINGS))
        yield Recorded(name, setting, in_setting(combination, SETTINGS[setting], optimizer))
    for optimizer in OPTIMIZERS:
        yield Recorded(
            f"penalties-and-frozen-{optimizer}",
            NO_SETTING,
            experiment(
                sizes=(3, 4, 3, 2), rows=7, optimizer=optimizer, batch_size=3, l1=0.01, l2=0.05,
                frozen_weights=(1,), frozen_biases=(0, 2),
            ),
        )  # fmt: skip
    warmups = {"": None, "-warmup": WarmupSpec(0.1, 5)}
    for name, per, (ending, warmup), optimizer in itertools.product(
        SCHEDULES, ("update", "epoch"), warmups.items(), ("sgd", "adamw")
    ):
        case = scheduled(name, "update" if per == "update" else "epoch", warmup, optimizer)
        yield Recorded(f"schedule-{name}-per-{per}{ending}-{optimizer}", NO_SETTING, case)


SCHEDULE_OPTIONS: dict[str, tuple[tuple[str, float], ...]] = {
    "constant": (),
    "step": (("step_size", 7.0), ("gamma", 0.5)),
    "exponential": (("gamma", 0.97),),
    "inverse_time": (("decay_steps", 10.0), ("decay_rate", 0.5)),
    "cosine": (("T_max", 20.0), ("eta_min", 0.002)),
}


def scheduled(name: str, per: Literal["update", "epoch"], warmup: WarmupSpec | None, optimizer: str) -> Experiment:
    """A network that learns by a schedule, in batches of 3 of 7 samples."""
    schedule = ScheduleSpec(name, SCHEDULE_OPTIONS[name], per, warmup)
    return experiment(sizes=(3, 4, 2), rows=7, optimizer=optimizer, batch_size=3, schedule=schedule)


FIGURES = Path(__file__).parent / "data" / "torch_figures.npz"


def read_figures() -> tuple[dict[str, int], dict[str, Array], str]:
    """The setting and the figures of every recorded case by id, and the release of PyTorch.

    The figures (2, parameters) are the parameters after 1 and after 50 updates.
    """
    with np.load(FIGURES) as file:
        ids, settings, counts = file["ids"].tolist(), file["settings"].tolist(), file["counts"]
        parts = np.split(file["values"], np.cumsum(2 * counts)[:-1])
        figures = {name: part.reshape(2, -1) for name, part in zip(ids, parts, strict=True)}
        return dict(zip(ids, settings, strict=True)), figures, str(file["torch"])


def in_setting(combination: Combination, setting: Setting, optimizer: str, *, shuffle: bool = False) -> Experiment:
    """The experiment of a combination in a setting; a sum over the batch learns at a lower rate."""
    factor = 1.0 if setting.reduction == "mean" else 0.25
    return experiment(
        combination,
        setting.sizes,
        setting.rows,
        optimizer=optimizer,
        learning_rate=RATES[optimizer] * factor,
        batch_size=setting.batch_size,
        reduction=setting.reduction,
        shuffle=shuffle,
    )


def parameters(weights: list[Array], biases: list[Array]) -> Array:
    """All of a network's parameters in one vector: W row by row and then b, layer by layer."""
    parts = [part.ravel() for pair in zip(weights, biases, strict=True) for part in pair]
    return np.concatenate(parts)


def disagreement(ours: Array, theirs: Array) -> float:
    """The relative difference of one tensor, the larger of norm-wise and element by element.

    An element is compared with itself, but not with less than a thousandth of the tensor's largest: a
    parameter that happens to pass through zero has no relative accuracy in either program. NaN is infinite.
    """
    if not theirs.size:
        return 0.0
    difference = np.abs(ours - theirs)
    floor = np.maximum(np.abs(theirs), 1e-3 * np.abs(theirs).max())
    normwise = np.linalg.norm(difference) / max(float(np.linalg.norm(theirs)), 1e-300)
    worst = max(float(normwise), float((difference / np.maximum(floor, 1e-300)).max()))
    return worst if worst == worst else float("inf")
