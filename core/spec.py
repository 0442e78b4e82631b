"""What a problem is, as values: the data, the layers, the training, and what is expected of them.

A :class:`Preset` is what a preset file says; an :class:`Experiment` is that preset with its data loaded,
which is all that the engine needs. Every change makes a new value with ``dataclasses.replace``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Matrix = tuple[tuple[float, ...], ...]
Reduction = Literal["mean", "sum"]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One dense layer: ``units`` outputs, ``weights`` (units, inputs) and ``bias`` (units,).

    Explicit ``weights`` or ``bias`` win over ``init``. ``init_options`` holds what the initialiser takes
    (``value`` for constant, ``mean``/``std`` for normal, ``low``/``high`` for uniform).
    """

    units: int
    activation: str = "identity"
    init: str = "xavier_uniform"
    init_options: tuple[tuple[str, float], ...] = ()
    weights: Matrix | None = None
    bias: tuple[float, ...] | None = None
    train_weights: bool = True
    train_bias: bool = True


@dataclass(frozen=True, slots=True)
class OptimizerSpec:
    """An optimiser by name, its learning rate (η) and its own options, named as in PyTorch."""

    name: str = "sgd"
    learning_rate: float = 0.1
    options: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingSpec:
    """How the network learns. ``batch_size`` None means the full training set."""

    loss: str = "half_squared_error"
    reduction: Reduction = "mean"
    batch_size: int | None = None
    shuffle: bool = True
    l1: float = 0.0
    l2: float = 0.0
    optimizer: OptimizerSpec = OptimizerSpec()


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Where the samples come from: exactly one of a table (inputs, targets), a generator, or a CSV file."""

    inputs: Matrix | None = None
    targets: Matrix | None = None
    generator: str | None = None
    samples: int = 200
    noise: float = 0.0
    classes: int = 3
    csv: str | None = None
    target: str | None = None
    target_is_class: bool = False
    standardize: bool = False
    test_fraction: float = 0.0
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expect:
    """What a preset promises after ``updates`` updates from its start; a test runs it."""

    updates: int
    loss_below: float | None = None
    loss_above: float | None = None
    accuracy_at_least: float | None = None
    accuracy_at_most: float | None = None
    diverges: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset file, validated. ``folder`` is where its relative CSV paths start."""

    id: str
    title: str
    summary: str
    data: DataSpec
    layers: tuple[LayerSpec, ...]
    training: TrainingSpec = TrainingSpec()
    seed: int = 0
    notes: str = ""
    expect: Expect | None = None
    folder: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples as rows, float64. ``x`` (n, inputs) and ``y`` (n, outputs) are the training part.

    ``points`` and ``points_test`` are the inputs as the user gave them, before features and
    standardisation: what a plot of the data shows. ``classes`` is empty for regression.
    ``x_mean`` and ``x_scale`` (inputs,) are what standardisation used (0 and 1 without it), fitted on
    the training part, applied to the inputs *after* the features.
    """

    x: Array
    y: Array
    x_test: Array
    y_test: Array
    points: Array
    points_test: Array
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    x_mean: Array = field(default_factory=lambda: np.zeros(0))
    x_scale: Array = field(default_factory=lambda: np.ones(0))
    image_shape: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """Everything that fixes a run's numbers: a preset, its loaded data, and the seeds in force.

    ``seed`` draws data, split and batch order; ``init_seed`` draws the initial weights.
    """

    preset: Preset
    data: Dataset
    layers: tuple[LayerSpec, ...]
    training: TrainingSpec
    seed: int
    init_seed: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units per layer, the inputs first: ``(2, 4, 1)``."""
        return (self.data.x.shape[1], *(layer.units for layer in self.layers))
