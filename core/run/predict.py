"""Predictions for rows of raw inputs, in the units of the data, with the classes that are predicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.input_rows import InputRows, take_rows
from nn_tui.core.data.labels import class_labels
from nn_tui.core.data.units import raw_targets, raw_targets_test, to_raw_units
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State
from nn_tui.core.run.evaluation_sample import evaluation_sample
from nn_tui.core.run.metrics import chunk_rows, predict
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.table.values import RawValue


@dataclass(frozen=True, slots=True, eq=False)
class RowPredictions:
    """What a network predicts for some rows.

    Attributes:
        rows: The rows.
        outputs: The outputs (rows, outputs) in the units of the data: numbers, or a probability for each class if the
            last layer has softmax or sigmoid.
        output_names: The names of the outputs.
        classes: The names of the classes; empty for numbers. If the network has a single output, it is that of the
            second class.
        predicted: The index (rows,) of the predicted class, −1 where an output is NaN; empty for numbers.
        targets: The targets of each row of the data: numbers, or the name of its class; empty if they are not known.
        is_probability: Whether the outputs are probabilities.
    """

    rows: InputRows
    outputs: Array
    output_names: tuple[str, ...]
    classes: tuple[str, ...]
    predicted: NDArray[np.intp]
    targets: tuple[tuple[RawValue, ...], ...]
    is_probability: bool

    def confidence(self) -> Array:
        """Return the probability (rows,) of the predicted classes."""
        highest: Array = self.outputs.max(axis=1)
        return highest if self.outputs.shape[1] > 1 else np.maximum(highest, 1.0 - highest)


class TypicalError(NamedTuple):
    """How far the predictions of quantities are off.

    Attributes:
        values: The RMSE (outputs,) in the units of the data.
        rows: The number of rows that it is measured on.
        is_test: Whether they are test rows, and not training rows.
    """

    values: Array
    rows: int
    is_test: bool


def typical_error(engine: Engine, state: State) -> TypicalError | None:
    """Return the error on the test rows, or on the training rows if there are none; None for classes.

    A large part is measured on a sample, as while a network is trained.
    """
    data = engine.experiment.data
    if data.classes or engine.coding != "numbers":
        return None
    is_test = len(data.x_test) > 0
    x, y = evaluation_sample(data.x_test, data.y_test) if is_test else evaluation_sample(data.x, data.y)
    with np.errstate(all="ignore"):
        errors = to_raw_units(data, predict(engine, state, x)) - to_raw_units(data, y)
        return TypicalError(np.sqrt(np.square(errors).mean(axis=0)), len(x), is_test)


def predict_rows(engine: Engine, state: State, rows: InputRows) -> RowPredictions:
    """Predict rows of raw inputs.

    Rows of the data get the same bits as when the network is evaluated on all of them.

    Args:
        engine: The engine of the network.
        state: Its parameters.
        rows: The rows, from :func:`~nn_tui.core.data.input_rows.own_rows` for the experiment of the engine, or from
            :func:`~nn_tui.core.data.input_rows.typed_rows` for its data.
    """
    data = engine.experiment.data
    if rows.positions is None:
        outputs, targets = predict(engine, state, rows.x), None
    else:
        outputs = _predict_own(engine, state, rows.positions)
        targets = take_rows(rows.positions, raw_targets(data), raw_targets_test(data))
    classes = class_labels(data)
    return RowPredictions(
        rows,
        to_raw_units(data, outputs),
        data.output_names,
        classes,
        _class_indexes(engine, outputs) if classes else np.zeros(0, dtype=np.intp),
        rows.targets if targets is None else _target_cells(engine, data, targets),
        engine.activations[-1].is_probability and engine.coding != "plus_minus",
    )


def _predict_own(engine: Engine, state: State, positions: NDArray[np.intp]) -> Array:
    """Return the outputs for rows of the data, computed in the chunks in which the network is evaluated.

    A product of a part of the rows may differ in the last bit.
    """
    data, chunk, start = engine.experiment.data, chunk_rows(engine), 0
    outputs = np.empty((len(positions), engine.sizes[-1]))
    for x in (data.x, data.x_test):
        chunks = np.where((start <= positions) & (positions < start + len(x)), (positions - start) // chunk, -1)
        for number in np.unique(chunks[chunks >= 0]).tolist():
            inside = chunks == number
            first = number * chunk
            outputs[inside] = predict(engine, state, x[first : first + chunk])[positions[inside] - start - first]
        start += len(x)
    return outputs


def _class_indexes(engine: Engine, outputs: Array) -> NDArray[np.intp]:
    """Return the class (rows,) that outputs or targets (rows, outputs) mean; −1 where one is NaN."""
    if outputs.shape[1] > 1:
        indexes = outputs.argmax(axis=1)
    else:
        indexes = np.asarray(outputs[:, 0] >= (0.0 if engine.coding == "plus_minus" else 0.5), dtype=np.intp)
    return np.where(np.isnan(outputs).any(axis=1), -1, indexes)


def _target_cells(engine: Engine, data: Dataset, targets: Array) -> tuple[tuple[RawValue, ...], ...]:
    classes = class_labels(data)
    if classes:
        return tuple((classes[index],) for index in _class_indexes(engine, targets).tolist())
    return tuple(map(tuple, targets.tolist()))
