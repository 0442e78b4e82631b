"""The problem as immutable values: data, layers, training and the expected result.

A :class:`Preset` holds the content of a preset file. An :class:`Experiment` is a preset with its data loaded: all that
the engine needs. To change one, make a new value with ``dataclasses.replace``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.table.values import TableData, TableOptions

Array = NDArray[np.float64]
Matrix = tuple[tuple[float, ...], ...]
Reduction = Literal["mean", "sum"]
DEFAULT_INIT = "xavier_uniform"


def to_matrix(array: Array) -> Matrix:
    """Return an array (rows, columns) as a preset has it."""
    return tuple(map(tuple, array.tolist()))


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One dense layer.

    Attributes:
        units: The number of units, which are the outputs of the layer.
        activation: The name of the activation.
        init: The name of the initialisation.
        init_options: Options of the initialisation: ``value`` for constant, ``mean`` and ``std`` for normal, ``low``
            and ``high`` for uniform.
        weights: Explicit weights (units, inputs) instead of drawn ones.
        bias: An explicit bias (units,) instead of an initial one.
        train_weights: Whether updates change the weights.
        train_bias: Whether updates change the bias.
    """

    units: int
    activation: str = "identity"
    init: str = DEFAULT_INIT
    init_options: tuple[tuple[str, float], ...] = ()
    weights: Matrix | None = None
    bias: tuple[float, ...] | None = None
    train_weights: bool = True
    train_bias: bool = True


@dataclass(frozen=True, slots=True)
class OptimizerSpec:
    """The name of an optimiser, its learning rate η and its own options, named as in PyTorch."""

    name: str = "sgd"
    learning_rate: float = 0.1
    options: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class WarmupSpec:
    """A linear warm-up: η rises from ``start_factor``·η₀ to η₀ within ``total_iters`` updates or epochs."""

    start_factor: float
    total_iters: int


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """The schedule of the learning rate.

    Attributes:
        name: The name of the schedule.
        options: Its options, named as in PyTorch.
        per: The unit in which it counts: updates or epochs.
        warmup: The warm-up before it; None without one.
    """

    name: str = "constant"
    options: tuple[tuple[str, float], ...] = ()
    per: Literal["update", "epoch"] = "update"
    warmup: WarmupSpec | None = None

    @property
    def is_constant(self) -> bool:
        """Whether η is the same in every pass."""
        return self.name == "constant" and self.warmup is None


@dataclass(frozen=True, slots=True)
class TrainingSpec:
    """The training. ``batch_size`` None means the full training set; ``l1`` and ``l2`` are factors of penalties."""

    loss: str = "half_squared_error"
    reduction: Reduction = "mean"
    batch_size: int | None = None
    shuffle: bool = True
    l1: float = 0.0
    l2: float = 0.0
    optimizer: OptimizerSpec = OptimizerSpec()
    schedule: ScheduleSpec = ScheduleSpec()


NetworkSpec = tuple[tuple[LayerSpec, ...], TrainingSpec]
"""The layers of a network and its training."""


@dataclass(frozen=True, slots=True)
class DataSpec:
    """The source of the samples: exactly one of a table (inputs and targets), a generator and a file with a table.

    Attributes:
        inputs: The inputs (samples, inputs) of a table.
        targets: The targets (samples, outputs) of a table.
        generator: The name of a generator.
        samples: The number of samples that the generator draws, including the test part.
        noise: The noise of the generator.
        classes: The number of classes that the generator draws.
        csv: The path of a file with a table.
        target: The column of the file that has the targets; None lets the program choose it, if there are options.
        target_is_class: Whether a numeric target column has classes, if there are no options.
        options: How the file is read, and what its columns are. None reads it strictly: UTF-8 text with a header and
            commas, every column but the target an input with a number in each row.
        standardize: Whether inputs are scaled to mean 0 and deviation 1 of the training part.
        standardize_target: The same for targets that are numbers; the screen shows results in the units of the data.
        test_fraction: The fraction of the samples that are for testing only.
        features: The names of the features that replace the inputs.
    """

    inputs: Matrix | None = None
    targets: Matrix | None = None
    generator: str | None = None
    samples: int = 200
    noise: float = 0.0
    classes: int = 3
    csv: str | None = None
    target: str | None = None
    target_is_class: bool = False
    options: TableOptions | None = None
    standardize: bool = False
    standardize_target: bool = False
    test_fraction: float = 0.0
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expect:
    """The expected result of a preset after ``updates`` updates; a test checks it for the shipped presets."""

    updates: int
    loss_below: float | None = None
    loss_above: float | None = None
    accuracy_at_least: float | None = None
    accuracy_at_most: float | None = None
    diverges: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """The content of a preset file, validated. Relative CSV paths start from ``folder``, which is no part of it."""

    id: str
    title: str
    summary: str
    data: DataSpec
    layers: tuple[LayerSpec, ...]
    training: TrainingSpec = TrainingSpec()
    seed: int = 0
    notes: str = ""
    expect: Expect | None = None
    folder: Path | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples as rows of float64 arrays.

    Attributes:
        x: The inputs of the training part (samples, inputs), after features and standardisation.
        y: The targets of the training part (samples, outputs).
        x_test: The inputs of the test part.
        y_test: The targets of the test part.
        points: The inputs of the training part before features and standardisation, for plots. Those of a table are
            one number for each network input: categories as 0 and 1, missing numbers filled in.
        points_test: The same of the test part.
        input_names: One name per column of ``x``.
        output_names: One name per column of ``y``.
        classes: The names of the classes; empty for regression.
        features: The names of the features; empty if the inputs are used as they are.
        x_mean: The means (inputs,) that standardisation subtracted, fitted on the training part after the features;
            empty or 0 without standardisation.
        x_scale: The deviations (inputs,) by which standardisation divided; empty or 1 without standardisation.
        y_mean: The means (outputs,) that the standardisation of the targets subtracted, fitted on the training part;
            empty without it.
        y_scale: The deviations (outputs,) by which it divided; empty without it.
        targets: The targets of the training part as the user gave them, if ``y`` is standardised; else empty.
        targets_test: The targets of the test part as the user gave them, if ``y_test`` is standardised; else empty.
        image_shape: Rows and columns if the inputs are the pixels of an image.
        table: The table of the file that the samples are from; a later change of the data takes it instead of the
            file. None for data from elsewhere.
        fill: The number that replaces a missing value, for each number and boolean column; empty without a table.
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
    y_mean: Array = field(default_factory=lambda: np.zeros(0))
    y_scale: Array = field(default_factory=lambda: np.ones(0))
    targets: Array = field(default_factory=lambda: np.zeros((0, 0)))
    targets_test: Array = field(default_factory=lambda: np.zeros((0, 0)))
    image_shape: tuple[int, int] | None = None
    table: TableData | None = field(default=None, repr=False)
    fill: Array = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """Everything that determines the numbers of a run.

    Attributes:
        preset: The preset.
        data: Its data, loaded.
        layers: The layers in force.
        training: The training in force.
        seed: The seed of data, split and batch order.
        init_seed: The seed of the initial weights.
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
