"""What every output view shares: which parameters, which rows, and how much work one frame may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import predict
from nn_tui.core.spec import Array, Dataset
from nn_tui.tui.session.session import Session

Part = Literal["train", "test"]
Rows = NDArray[np.intp]

AT_REST, RUNNING = 40_000_000, 2_000_000  # multiplications a view may ask for in one frame
LEAST_ROWS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The rows of one part with the network's answers: ``true`` and ``predicted`` are class indices (n,).

    ``strength`` (n,) is how sure the answer is: the predicted class's probability where the output is one, else
    the output's distance from the halfway mark. ``total`` counts the part's rows, of which these are a spread.
    """

    part: Part
    rows: Rows
    answers: Array
    true: NDArray[np.intp]
    predicted: NDArray[np.intp]
    strength: Array
    wrong: NDArray[np.bool_]
    total: int


@dataclass(frozen=True, slots=True)
class Found:
    """A sample that was pointed at: its row of a part, and in ``words`` what it stands for, if more than itself."""

    part: Part
    row: int
    words: str = ""


def has_answers(session: Session) -> bool:
    """Whether the pass on screen has got as far as the network's answers for its samples."""
    return session.cursor >= session.pass_steps.after("forward")


def affordable(session: Session) -> int:
    """How many rows one frame can put through the network."""
    return max(LEAST_ROWS, (RUNNING if session.running else AT_REST) // session.engine.parameters)


def spread(count: int, most: int) -> Rows:
    """All of ``count`` rows, or ``most`` of them evenly."""
    return np.arange(count) if count <= most else np.unique(np.linspace(0, count - 1, most).astype(np.intp))


def is_one_hot(y: Array) -> bool:
    """Whether every row of targets has one 1 among zeros."""
    return y.shape[1] > 1 and bool(np.isin(y, (0.0, 1.0)).all() and (y.sum(axis=1) == 1.0).all())


def has_classes(data: Dataset) -> bool:
    """Whether each row belongs to one class: a one-hot row, or one output of two values."""
    return bool(data.classes) and (data.y.shape[1] == 1 or is_one_hot(data.y))


def middle(y: Array) -> float:
    """The halfway mark of one output's two targets."""
    return 0.0 if (y < 0).any() else 0.5


def labels(y: Array) -> NDArray[np.intp]:
    """The class of every row of targets."""
    return np.asarray(y.argmax(axis=1) if y.shape[1] > 1 else y[:, 0] > middle(y), dtype=np.intp)


def class_names(session: Session) -> tuple[str, ...]:
    """What the classes are called."""
    data = session.experiment.data
    count = max(2, data.y.shape[1])
    if len(data.classes) == count:
        return data.classes
    if data.y.shape[1] == 1:
        return ("−1", "1") if (data.y < 0).any() else ("0", "1")
    return data.output_names


def is_probability(session: Session) -> bool:
    """Whether the output can be read as a probability."""
    return session.engine.activations[-1].is_probability


def judge(session: Session, part: Part) -> Judged:
    """The classes that the network finds in one part, as many rows as a frame affords."""
    data = session.experiment.data
    x, y = (data.x, data.y) if part == "train" else (data.x_test, data.y_test)
    rows = spread(len(x), affordable(session))
    answers = predict(session.engine, session.state, x[rows])
    if y.shape[1] > 1:
        predicted = np.asarray(answers.argmax(axis=1), dtype=np.intp)
        strength = answers.max(axis=1)
    else:
        half = middle(data.y)
        predicted = np.asarray(answers[:, 0] >= half, dtype=np.intp)
        p = answers[:, 0]
        strength = np.where(predicted == 1, p, 1.0 - p) if is_probability(session) else np.abs(p - half)
    true = labels(y[rows])
    wrong = wrong_rows(answers, y[rows], session.engine.coding)
    return Judged(part, rows, answers, true, predicted, strength, wrong, len(x))


def unit_of(session: Session) -> tuple[int, int] | None:
    """(layer from 0, unit) that the selection belongs to; None for inputs, targets and the loss."""
    ref: Ref = session.ref
    if ref.key in ("x", "y", "loss") or (ref.key == "dx" and ref.layer == 0):
        return None
    # ∂L/∂x of a layer is by the units of the layer before.
    return (ref.layer - 1, ref.unit) if ref.key == "dx" else (ref.layer, ref.unit)
