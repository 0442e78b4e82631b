"""Predictions for rows that a program has, in the form of its targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.input_rows import InputRows, raw_names, table_rows
from nn_tui.core.data.labels import class_labels
from nn_tui.core.data.targets import target_spread
from nn_tui.core.errors import InputError
from nn_tui.core.library.columns import numbers_in, table_of
from nn_tui.core.library.samples import row_count_error, target_rows
from nn_tui.core.run.predict import RowPredictions
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.text import closest_names, printable, quote, truncate
from nn_tui.core.translation import message, message_plural

_MAX_NAMES = 20  # names of inputs in an error


def input_rows(data: Dataset, rows: object, argument: str) -> InputRows:
    """Return raw rows as a network with this data gets them.

    Args:
        data: The data that the network was trained on.
        rows: Rows as :func:`~nn_tui.core.library.columns.table_of` takes them: columns with names may be in any order
            and among others.
        argument: The name of the argument, for errors.

    Raises:
        InputError: For a missing column, another number of columns, and for values that are not of the kind of theirs.
    """
    names = raw_names(data)
    table = table_of(rows, argument, names)
    found = [column.name for column in table.columns]
    if table.layout.header:
        missing = [name for name in names if name not in found]
        if missing:
            problem = message("there is no column {name}; rows need a column for each input.", name=quote(missing[0]))
            nearest = tuple(closest_names(missing[0], found))
            raise InputError("not_found", problem, path=(argument,), value=missing[0], suggestions=nearest)
    elif len(found) != len(names):
        shown = ", ".join([printable(truncate(name)) for name in names[:_MAX_NAMES]])
        problem = message_plural(
            "a row has {count} value, but the network takes {inputs}: {names}.",
            "a row has {count} values, but the network takes {inputs}: {names}.",
            len(found),
            inputs=len(names),
            names=shown if len(names) <= _MAX_NAMES else f"{shown}, …",
        )
        raise InputError("wrong_shape", problem, path=(argument,))
    try:
        return table_rows(data, table, has_cells=False)
    except InputError as error:
        if error.line:  # rows of a program have no lines
            error.path, error.line = (argument, error.line - 1, *error.path), 0
        raise


def class_names(data: Dataset) -> tuple[int | str, ...]:
    """Return the names of the classes, as whole numbers if all are; empty for numbers and for one-hot rows."""
    names = class_labels(data)
    if not names or names != data.classes:  # one-hot rows that name no classes
        return ()
    try:
        numbers = tuple(map(int, names))
    except ValueError:
        return names
    return numbers if tuple(map(str, numbers)) == names else names


def predictions(data: Dataset, found: RowPredictions) -> NDArray[np.float64] | NDArray[np.int64] | NDArray[np.str_]:
    """Return predictions in the form of the targets.

    Returns:
        The names of the classes (rows,); one-hot rows (rows, classes) if the targets were such rows; else numbers in
        the units of the data, (rows,) for a single output and (rows, outputs) for several.

    Raises:
        InputError: If an output is not a number, so that no class is predicted.
    """
    if not found.classes:
        return found.outputs[:, 0].copy() if found.outputs.shape[1] == 1 else found.outputs.copy()
    if (found.predicted < 0).any():
        problem = message("the network computes numbers that are not finite; go back with goto to an earlier update.")
        raise InputError("not_finite", problem)
    names = class_names(data)
    if not names:
        return np.eye(len(found.classes), dtype=np.int64)[found.predicted]
    return np.array(names)[found.predicted]


def probabilities(found: RowPredictions) -> Array:
    """Return the probabilities (rows, classes) of the classes.

    Raises:
        InputError: If the network does not compute probabilities of classes.
    """
    if not found.classes:
        problem = message("the targets are numbers, which have no probabilities; predict returns numbers.")
        raise InputError("not_available", problem)
    if not found.is_probability:
        problem = message("the outputs are not probabilities; outputs returns them as they are.")
        raise InputError("not_available", problem)
    outputs = found.outputs
    return np.column_stack([1.0 - outputs, outputs]) if outputs.shape[1] == 1 else outputs.copy()


def score(predicted: NDArray[Any], y: object, classes: Sequence[int | str], *, are_classes: bool) -> float:
    """Return how good predictions are, as ``score`` of scikit-learn does.

    Args:
        predicted: The result of :func:`predictions`.
        y: The targets, in any form that a network takes.
        classes: The result of :func:`class_names`.
        are_classes: Whether classes are predicted, with or without names.

    Returns:
        The share of the rows whose class is right, or R² for numbers: the mean over the outputs.

    Raises:
        InputError: For targets of another shape, for a class that is unknown, and where R² is not defined.
    """
    targets = target_rows(y)[1]
    rows = predicted.reshape(len(predicted), -1)
    if len(targets) != len(rows):
        raise row_count_error(len(targets), len(rows))
    if targets.shape != rows.shape:
        problem = message_plural(
            "a row has {given} targets, but the network predicts {count}; give rows of {count}.",
            "a row has {given} targets, but the network predicts {count}; give rows of {count}.",
            rows.shape[1],
            given=targets.shape[1],
        )
        raise InputError("wrong_shape", problem, path=("y",))
    if classes:
        labels = _labels(targets[:, 0].tolist(), [str(name) for name in classes])
        return float((rows[:, 0].astype(str) == np.array(labels)).mean())
    numbers = numbers_in(targets)
    if numbers is None or np.isnan(numbers).any():
        raise InputError("wrong_type", message("it must have numbers only."), path=("y",))
    if are_classes:
        if not np.isin(numbers, (0.0, 1.0)).all():
            problem = message(
                "the targets of this network are rows of 0 and 1, with the 1 at the class; give such rows."
            )
            raise InputError("not_found", problem, path=("y",))
        return float((rows == numbers).all(axis=1).mean())
    spread = target_spread(numbers)
    if spread is None:
        problem = message("R² is not defined for fewer than two rows, and for targets that are all the same.")
        raise InputError("not_available", problem, path=("y",))
    return float((1.0 - np.square(rows - numbers).sum(axis=0) / spread).mean())


def _labels(values: Sequence[object], names: Sequence[str]) -> list[str]:
    """Return targets as names of classes, or raise InputError for one that is none: 2.0 and True may be "2" and "1"."""
    labels = []
    for row, value in enumerate(values):
        spellings = [str(value), str(value).removesuffix(".0"), str(int(value)) if isinstance(value, bool) else ""]
        label = next((spelling for spelling in spellings if spelling in names), None)
        if label is None:
            problem = message("{value} is not a class of this network.", value=quote(value))
            nearest = tuple(closest_names(str(value), names))
            if not nearest:
                shown = [printable(truncate(name)) for name in names[:_MAX_NAMES]]
                problem = message(
                    "{value} is not a class of this network; the classes are: {names}.",
                    value=quote(value),
                    names=", ".join(shown if len(names) <= _MAX_NAMES else [*shown, "…"]),
                )
            raise InputError("not_found", problem, path=("y", row), value=value, suggestions=nearest)
        labels.append(label)
    return labels
