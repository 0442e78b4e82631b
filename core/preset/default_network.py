"""The network and the training that a table starts with: they follow from its rows, inputs and classes."""

from __future__ import annotations

from math import log2

import numpy as np

from nn_tui.core.spec import LayerSpec, NetworkSpec, OptimizerSpec, TrainingSpec
from nn_tui.core.table.encode import input_names
from nn_tui.core.table.values import TableData
from nn_tui.core.translation import Message, message

_TEST_SHARE = 0.3
_MIN_ROWS_TO_SPLIT = 20
_MANY_INPUTS = 100  # from so many on, a step of all weights together changes a unit too much
_BATCHES = 8  # in an epoch of few rows
_MIN_BATCH, _USUAL_BATCH, _MAX_BATCH = 4, 32, 256
_MAX_BATCHES = 250  # in an epoch of many rows
_UNITS, _IMAGE_UNITS, _MAX_UNITS = 8, 32, 64


def default_network(data: TableData) -> NetworkSpec:
    """Return the layers and the training for a table.

    One hidden layer of tanh units: 8 of them, 32 for an image, and at least one for each class up to 64. Adam with a
    learning rate of 0.01, and of 0.003 for more than 100 inputs. Batches of 4 to 32 rows, about eight or more in an
    epoch; larger ones for many rows, so that an epoch has about 250 batches at most.
    """
    inputs, classes = len(input_names(data)), len(data.classes)
    units = _IMAGE_UNITS if data.plan.image_shape else _UNITS
    rows = round((len(data.y) - data.test_rows) * (1.0 - default_test_fraction(data)))
    output, loss = _output(classes)
    return (
        (LayerSpec(min(max(units, classes), _MAX_UNITS), "tanh"), output),
        TrainingSpec(
            loss=loss,
            batch_size=_batch_size(rows),
            optimizer=OptimizerSpec("adam", 0.003 if inputs > _MANY_INPUTS else 0.01),
        ),
    )


def default_test_fraction(data: TableData) -> float:
    """Return the share of the rows that are the test part.

    It is 0.3, and 0 for fewer than 20 rows, if a file of test rows was given, and if most classes have a single row,
    because each class keeps a row for training.
    """
    rows = len(data.y)
    if data.test_rows or rows < _MIN_ROWS_TO_SPLIT:
        return 0.0
    to_spare = rows - (np.unique(data.y).size if data.classes else 0)
    return _TEST_SHARE if to_spare >= _TEST_SHARE * rows else 0.0


def default_network_text(layers: tuple[LayerSpec, ...], training: TrainingSpec) -> Message:
    """Return a sentence on the result of :func:`default_network`."""
    hidden, output = layers
    return message(
        "The first network has {units} hidden units ({activation}) and the output activation {output}; it trains with "
        "{optimizer}, η = {learning_rate:g}, batches of {batch} rows and the loss {loss}.",
        units=hidden.units,
        activation=hidden.activation,
        output=output.activation,
        optimizer=training.optimizer.name,
        learning_rate=training.optimizer.learning_rate,
        batch=training.batch_size,
        loss=training.loss,
    )


def _output(classes: int) -> tuple[LayerSpec, str]:
    """Return the output layer and the loss for numbers, two classes or more."""
    if not classes:
        return LayerSpec(1, "identity"), "mean_squared_error"
    if classes == 2:
        return LayerSpec(1, "sigmoid"), "binary_cross_entropy"
    return LayerSpec(classes, "softmax"), "cross_entropy"


def _batch_size(rows: int) -> int:
    wanted = rows / _BATCHES if rows <= _USUAL_BATCH * _BATCHES else max(_USUAL_BATCH, rows / _MAX_BATCHES)
    return int(min(max(2 ** round(log2(max(wanted, 1.0))), _MIN_BATCH), _MAX_BATCH))
