"""Checks of an experiment from a saved session: could this program have made it?

The preset reader checks the same in a file that people write, key by key and with longer messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

import numpy as np

from nn_tui.core.data.features import FEATURES
from nn_tui.core.data.generators import GENERATORS, MAX_CLASSES, MAX_NOISE, MAX_SAMPLES
from nn_tui.core.fields import Section
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.preset.schedule import parse_schedule, schedule_table
from nn_tui.core.preset.validate import MAX_LAYERS, MAX_UNITS, check_experiment
from nn_tui.core.saved.codec import invalid_value
from nn_tui.core.spec import Dataset, DataSpec, Experiment, LayerSpec, TrainingSpec


def check_saved_experiment(experiment: Experiment) -> None:
    """Raise InputError unless each name is known, each number is in its range, and all parts fit together."""
    preset = experiment.preset
    if not all(text.isprintable() for text in (preset.id, preset.title, preset.summary, preset.notes)):
        raise invalid_value("preset")
    if min(experiment.seed, experiment.init_seed, preset.seed) < 0:
        raise invalid_value("seed")
    for layers, training in ((experiment.layers, experiment.training), (preset.layers, preset.training)):
        if not 1 <= len(layers) <= MAX_LAYERS:
            raise invalid_value("layers")
        for index, layer in enumerate(layers):
            _check_layer(layer, index)
        _check_training(training)
    _check_data_spec(preset.data)
    _check_data(experiment.data)
    check_experiment(experiment)


def _check_layer(layer: LayerSpec, index: int) -> None:
    if not 1 <= layer.units <= MAX_UNITS or layer.activation not in ACTIVATIONS:
        raise invalid_value("layers", index)
    if layer.init not in INITIALIZERS or not _known(layer.init_options, INITIALIZERS[layer.init].options):
        raise invalid_value("layers", index, "init")
    if layer.weights is not None and (not layer.weights or len({len(row) for row in layer.weights}) > 1):
        raise invalid_value("layers", index, "weights")


def _check_training(training: TrainingSpec) -> None:
    optimizer = training.optimizer
    if optimizer.name not in OPTIMIZERS or not _known(optimizer.options, OPTIMIZERS[optimizer.name].defaults):
        raise invalid_value("training", "optimizer", "name")
    betas = [value for name, value in optimizer.options if name.startswith("beta")]
    if (
        optimizer.learning_rate <= 0.0
        or any(value < 0.0 for _, value in optimizer.options)
        or max(betas, default=0) >= 1
    ):
        raise invalid_value("training", "optimizer")
    schedule = training.schedule
    if (
        schedule.name not in SCHEDULES
        or parse_schedule(Section(("training", "schedule"), schedule_table(schedule))) != schedule
    ):
        raise invalid_value("training", "schedule")
    if training.loss not in LOSSES or min(training.l1, training.l2) < 0.0:
        raise invalid_value("training", "loss")
    if training.batch_size is not None and training.batch_size < 1:
        raise invalid_value("training", "batch_size")


def _check_data_spec(spec: DataSpec) -> None:
    checks = (
        1 <= spec.samples <= MAX_SAMPLES,
        0.0 <= spec.noise <= MAX_NOISE,
        2 <= spec.classes <= MAX_CLASSES,
        0.0 <= spec.test_fraction < 1.0,
        spec.generator is None or spec.generator in GENERATORS,
        all(name in FEATURES for name in spec.features),
    )
    if not all(checks):
        raise invalid_value("preset", "data")


def _check_data(data: Dataset) -> None:
    inputs, outputs = data.x.shape[-1], data.y.shape[-1]
    raw = data.points.shape[-1]
    shapes = (
        (data.x, data.points, data.y, inputs, raw, outputs),
        (data.x_test, data.points_test, data.y_test, inputs, raw, outputs),
    )
    for x, points, y, *columns in shapes:
        if any(array.ndim != 2 or not np.isfinite(array).all() for array in (x, points, y)):
            raise invalid_value("data")
        if [x.shape[1], points.shape[1], y.shape[1]] != columns or len({len(x), len(points), len(y)}) != 1:
            raise invalid_value("data")
    if not data.x.size or not data.y.size or not raw:
        raise invalid_value("data")
    # Without features the columns of the inputs are those of the points.
    if len(data.input_names) != inputs or (not data.features and raw != inputs):
        raise invalid_value("data", "input_names")
    if len(data.output_names) != outputs or not all(name in FEATURES for name in data.features):
        raise invalid_value("data", "output_names")
    if data.classes and len(data.classes) != max(2, outputs):
        raise invalid_value("data", "classes")
    sizes = {data.x_mean.shape, data.x_scale.shape}
    if sizes not in ({(0,)}, {(inputs,)}) or not data.x_scale.all():
        raise invalid_value("data", "x_scale")
    if not (np.isfinite(data.x_mean).all() and np.isfinite(data.x_scale).all()):
        raise invalid_value("data", "x_scale")
    if data.image_shape is not None and (
        min(data.image_shape) < 1 or data.image_shape[0] * data.image_shape[1] != inputs
    ):
        raise invalid_value("data", "image_shape")


def _known(options: Iterable[tuple[str, float]], names: Iterable[str]) -> bool:
    known = set(names)
    return all(name in known and isfinite(value) for name, value in options)
