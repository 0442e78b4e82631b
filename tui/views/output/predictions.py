"""The predictions for the output views: their rows, their classes, and the limit of computations in one frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.classes import class_indices, threshold
from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.data.units import raw_targets, raw_targets_test
from nn_tui.core.run.evaluation_sample import spread_rows
from nn_tui.core.run.metrics import predict
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.translation import Message, message
from nn_tui.tui.session.session import Session

Part = Literal["train", "test"]
PART_NAMES: dict[Part, Message] = {"train": message("train"), "test": message("test")}
RowIndices = NDArray[np.intp]

_MAX_PRODUCTS, _MAX_PRODUCTS_RUNNING = 40_000_000, 2_000_000  # multiplications of a view in one frame
_MIN_ROWS = 20
_MAX_POINTS = 400  # points of a plot; more would hide what is behind them


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """The predicted classes of one part of the data, or of evenly spaced rows of it.

    Attributes:
        rows: The rows (n,).
        true: The index of the true class (n,).
        predicted: The index of the predicted class (n,).
        confidence: The probability of the predicted class (n,); if the output is none, its distance from the threshold.
        wrong: Whether each row is classified wrongly (n,).
        total: The number of rows of the part.
    """

    rows: RowIndices
    true: NDArray[np.intp]
    predicted: NDArray[np.intp]
    confidence: Array
    wrong: NDArray[np.bool_]
    total: int


@dataclass(frozen=True, slots=True)
class SampleHit:
    """A clicked sample: its row of a part, and a note on the click; "" if the sample itself was clicked."""

    part: Part
    row: int
    note: Message | str = ""


def has_predictions(session: Session) -> bool:
    """Return whether the pass on screen has computed the network's outputs."""
    return session.cursor >= session.pass_steps.after("forward")


def max_rows(session: Session) -> int:
    """Return how many rows the network may predict in one frame."""
    products = _MAX_PRODUCTS_RUNNING if session.running else _MAX_PRODUCTS
    return max(_MIN_ROWS, products // session.engine.parameters)


def target_size(data: Dataset, output: int = 0) -> float:
    """Return the largest magnitude of an output's targets in the units of the data, which decides their decimals."""
    return max(float(np.abs(y[:, output]).max(initial=0.0)) for y in (raw_targets(data), raw_targets_test(data)))


def is_probability(session: Session) -> bool:
    """Return whether an output of the network is a probability."""
    return session.engine.activations[-1].is_probability


def predict_part(session: Session, part: Part) -> Predictions:
    """Return the predictions for one part of the data, for as many rows as one frame may compute."""
    data = session.experiment.data
    x, y = (data.x, data.y) if part == "train" else (data.x_test, data.y_test)
    rows = spread_rows(len(x), max_rows(session))
    outputs = predict(session.engine, session.state, x if len(rows) == len(x) else x[rows])
    if y.shape[1] > 1:
        predicted = np.asarray(outputs.argmax(axis=1), dtype=np.intp)
        confidence = outputs.max(axis=1)
    else:
        half = threshold(data.y)
        predicted = np.asarray(outputs[:, 0] >= half, dtype=np.intp)
        p = outputs[:, 0]
        confidence = np.where(predicted == 1, p, 1.0 - p) if is_probability(session) else np.abs(p - half)
    true = class_indices(y[rows])
    wrong = wrong_rows(outputs, y[rows], session.engine.coding)
    return Predictions(rows, true, predicted, confidence, wrong, len(x))


def selected_unit(session: Session) -> tuple[int, int] | None:
    """Return (layer from 0, unit) of the selected number; None for an input, a target and the loss."""
    ref = session.ref
    if ref.quantity in ("x", "y", "loss") or (ref.quantity == "dx" and ref.layer == 0):
        return None
    # ∂L/∂x of a layer belongs to the units of the layer before it.
    return (ref.layer - 1, ref.unit) if ref.quantity == "dx" else (ref.layer, ref.unit)


def has_hidden_unit(session: Session) -> bool:
    """Return whether a hidden unit is selected."""
    unit = selected_unit(session)
    return unit is not None and unit[0] < len(session.engine.sizes) - 2


def drawn_rows(session: Session) -> tuple[RowIndices, RowIndices]:
    """Return the training and the test rows whose points are drawn: all, or spread ones and the selected one."""
    data = session.experiment.data
    train, test = (spread_rows(len(x), _MAX_POINTS) for x in (data.x, data.x_test))
    return train if len(train) == len(data.x) else np.unique(np.append(train, session.data_row)), test


def index_of_selected(train: RowIndices, session: Session) -> int:
    """Return the index of the selected sample among the training rows of :func:`drawn_rows`."""
    return int(np.searchsorted(train, session.data_row))
