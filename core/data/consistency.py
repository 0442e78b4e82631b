"""Whether the parts of a data set fit together, for data that were not loaded by this program just now."""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.features import FEATURES
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.table.values import TableData


def is_consistent(data: Dataset) -> bool:
    """Return whether the arrays of a data set are finite, and have the shapes that its other fields say."""
    inputs, outputs, raw = (array.shape[-1] for array in (data.x, data.y, data.points))
    parts = ((data.x, data.points, data.y), (data.x_test, data.points_test, data.y_test))
    return all(
        (
            all(_are_rows(part, (inputs, raw, outputs)) for part in parts),
            data.x.size > 0 and data.y.size > 0 and raw > 0,
            len(data.input_names) == inputs and len(data.output_names) == outputs,
            all(name in FEATURES for name in data.features),
            bool(data.features) or raw == inputs,  # without features the columns of the inputs are those of the points
            not data.classes or len(data.classes) == max(2, outputs),
            {data.x_mean.shape, data.x_scale.shape} in ({(0,)}, {(inputs,)}),
            bool(np.isfinite(data.x_mean).all() and np.isfinite(data.x_scale).all() and data.x_scale.all()),
            _has_own_targets(data)
            if data.y_mean.size
            else not (data.y_scale.size or data.targets.size or data.targets_test.size),
            _is_grid(data.image_shape, inputs),
            data.fill.ndim == 1 and bool(np.isfinite(data.fill).all()),
            data.table is None or (_is_table(data.table) and len(data.fill) == data.table.numbers.shape[1]),
        )
    )


def _has_own_targets(data: Dataset) -> bool:
    """Return whether the parts of standardised targets fit the targets."""
    outputs = data.y.shape[1]
    return all(
        (
            not data.classes,
            data.y_mean.shape == data.y_scale.shape == (outputs,),
            bool(np.isfinite(data.y_mean).all() and np.isfinite(data.y_scale).all() and (data.y_scale > 0.0).all()),
            _are_rows((data.y, data.targets), (outputs, outputs)),
            _are_rows((data.y_test, data.targets_test), (outputs, outputs)),
        )
    )


def _is_table(table: TableData) -> bool:
    """Return whether the arrays of a table have the values that its plan says."""
    columns, inputs, classes = table.plan.columns, table.plan.inputs, len(table.classes)
    counts = [len(column.categories) for column in inputs if column.kind == "category"]
    numbers, codes, y = table.numbers, table.codes, table.y
    if not y.ndim or [column.role for column in columns].count("target") != 1:
        return False
    rows, count = len(y), len(inputs)
    return (
        y.shape == (rows,)
        and rows > table.test_rows
        and len({column.name for column in columns}) == len(columns)
        and count > 0
        and numbers.shape == (rows, count - len(counts))
        and codes.shape == (rows, len(counts))
        and bool(np.isfinite(y).all() and not np.isinf(numbers).any())
        and bool((codes == np.rint(codes)).all() and (codes >= -1).all() and (codes < counts).all())
        and all(len(column.categories) == 2 for column in inputs if column.kind == "boolean")
        and table.plan.target_kind == ("classes" if classes else "numbers")
        and (not classes or (classes > 1 and bool(np.isin(y, np.arange(classes)).all())))
        and _is_grid(table.plan.image_shape, count)
        and _are_row_numbers(table.left_out, rows + len(table.left_out))
    )


def _are_row_numbers(numbers: Array, last: int) -> bool:
    """Return whether an array has different numbers of rows, from 1, in ascending order."""
    ends = np.concatenate([[0.0], numbers, [last + 1.0]]) if numbers.ndim == 1 else np.zeros(2)
    return bool((numbers == np.rint(numbers)).all() and (np.diff(ends) > 0.0).all())


def _are_rows(arrays: tuple[Array, ...], columns: tuple[int, ...]) -> bool:
    """Return whether the arrays are finite matrices with as many columns, and with one another's number of rows."""
    shapes = {(len(array), count) for array, count in zip(arrays, columns, strict=True)}
    return (
        len({rows for rows, _ in shapes}) == 1
        and all(array.shape == (len(array), count) for array, count in zip(arrays, columns, strict=True))
        and all(bool(np.isfinite(array).all()) for array in arrays)
    )


def _is_grid(shape: tuple[int, int] | None, count: int) -> bool:
    return shape is None or (min(shape) > 0 and shape[0] * shape[1] == count)
