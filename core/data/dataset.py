"""Loading a data set from its description: read or draw, encode classes, expand features, split, standardise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.features import expand_features, standardize
from nn_tui.core.data.rows import Rows, load_rows
from nn_tui.core.data.targets import coding_of
from nn_tui.core.errors import InputError
from nn_tui.core.spec import Array, Dataset, DataSpec
from nn_tui.core.table.values import TableData
from nn_tui.core.text import quote
from nn_tui.core.translation import message

Parts = tuple[Array, Array]
"""The rows of the training part and those of the test part."""


def load_data(
    spec: DataSpec,
    seed: int,
    folder: Path | None,
    *,
    outputs: int | None = None,
    table: TableData | None = None,
) -> Dataset:
    """Load, split and standardise the data that ``spec`` describes; the same arguments give the same bits.

    More than two classes become one-hot rows. The targets of a table stay as written; they are classes if they are one
    column of 0 and 1 or of −1 and 1, or one-hot rows of more than one class.

    Args:
        spec: The description.
        seed: Draws the data of a generator, and the split.
        folder: The folder of a relative CSV path; None for the working folder.
        outputs: The output units of the network, which decide the coding of two classes: 1 for one column of 0 and 1,
            2 for one-hot rows. None for one column, but one-hot rows for ``blobs``.
        table: The table of the file, if the caller has read it already.

    Returns:
        The data set; its arrays are read-only.

    Raises:
        InputError: For anything wrong with the data.
    """
    rows = load_rows(spec, seed, folder, outputs=outputs, table=table)
    # Where inputs are points, both are the same arrays, so that each number is in memory and in a document once.
    points = x = _split(rows.points, rows.test)
    if spec.features:
        expanded = expand_features(rows.points, spec.features)
        _check_expanded(expanded, spec.features)
        x = _split(expanded, rows.test)
    y = raw = _split(rows.y, rows.test)
    mean, scale = np.zeros(x[0].shape[1]), np.ones(x[0].shape[1])
    y_mean, y_scale = np.zeros(0), np.ones(0)
    fill = rows.fill.copy()
    is_chosen = spec.options is not None  # by the program, perhaps: a person has not heard of the key
    if spec.standardize:
        names = spec.features or rows.input_names if is_chosen else ()
        x, mean, scale = _standardized(x, "standardize", _number_columns(rows, spec), names)
        if rows.table is not None and not spec.features:
            _fill_with_means(rows.table, points, x, mean, fill)
    if spec.standardize_target:
        _check_numbers(rows)
        y, y_mean, y_scale = _standardized(y, "standardize_target", names=(spec.target or "",) if is_chosen else ())
    else:
        raw = np.zeros((0, 0)), np.zeros((0, 0))
    return Dataset(
        x=_read_only(x[0]),
        y=_read_only(y[0]),
        x_test=_read_only(x[1]),
        y_test=_read_only(y[1]),
        points=_read_only(points[0]),
        points_test=_read_only(points[1]),
        input_names=spec.features or rows.input_names,
        output_names=rows.output_names,
        classes=rows.classes,
        features=spec.features,
        x_mean=_read_only(mean),
        x_scale=_read_only(scale),
        y_mean=_read_only(y_mean),
        y_scale=_read_only(y_scale),
        targets=_read_only(raw[0]),
        targets_test=_read_only(raw[1]),
        image_shape=_image_shape(rows, spec),
        table=rows.table,
        fill=_read_only(fill),
    )


def _check_expanded(x: Array, features: tuple[str, ...]) -> None:
    bad = np.argwhere(~np.isfinite(x))
    if bad.size:
        row, column = bad[0].tolist()
        problem = message(
            "{feature} overflows in row {row}; scale the inputs down.", feature=features[column], row=row + 1
        )
        raise InputError("overflow", problem, path=("data", "features"), value=features[column])


def _image_shape(rows: Rows, spec: DataSpec) -> tuple[int, int] | None:
    """Return height and width if the inputs are an image and no more, such as marks of missing pixels."""
    shape = None if rows.table is None or spec.features else rows.table.plan.image_shape
    return shape if shape is not None and shape[0] * shape[1] == len(rows.input_names) else None


def _number_columns(rows: Rows, spec: DataSpec) -> NDArray[np.bool_] | None:
    """Return which inputs are numbers, so that they can be standardised; None for all."""
    if rows.table is None or spec.features:
        return None
    from nn_tui.core.table.encode import standardized_columns  # most presets have no table

    return standardized_columns(rows.table)


def _fill_with_means(table: TableData, points: Parts, x: Parts, mean: Array, fill: Array) -> None:
    """Write ``mean`` for the missing numbers, so that the network gets exactly 0 for them.

    The mean of the known values and that of all values, with the first one filled in, are the same but for rounding.
    """
    from nn_tui.core.table.encode import input_blocks  # most presets have no table

    for block in input_blocks(table):
        if block.column.kind in ("boolean", "category"):
            continue
        fill[block.place] = mean[block.start]
        if block.has_gaps:
            for raw, standardized in zip(points, x, strict=True):
                missing = raw[:, block.start + 1] == 1.0
                raw[missing, block.start], standardized[missing, block.start] = mean[block.start], 0.0


def _check_numbers(source: Rows) -> None:
    """Raise InputError if the targets are classes, or 0 and 1 in several columns: their values are a coding."""
    if source.classes or (source.y.shape[1] > 1 and coding_of(source.y) != "numbers"):
        problem = message("only targets that are numbers can be standardised, and these are classes.")
        raise InputError("conflict", problem, path=("data", "standardize_target"), value=True)


def _split(values: Array, test: NDArray[np.bool_]) -> Parts:
    """Return copies of the training rows and of the test rows of ``values`` (n, columns)."""
    return np.ascontiguousarray(values[~test]), np.ascontiguousarray(values[test])


def _standardized(
    values: Parts, key: str, columns: NDArray[np.bool_] | None = None, names: Sequence[str] = ()
) -> tuple[Parts, Array, Array]:
    """Return both parts standardised, with mean and deviation per column of the training part.

    Args:
        values: The values.
        key: The key of the preset, for an error.
        columns: Which columns are standardised; None for all. The others get mean 0 and deviation 1.
        names: The names of the columns, if an error names a column instead of the key.

    Raises:
        InputError: For values that overflow.
    """
    mean, scale = _statistics(values[0])
    if columns is not None:
        mean, scale = np.where(columns, mean, 0.0), np.where(columns, scale, 1.0)
    result = standardize(values[0], mean, scale), standardize(values[1], mean, scale)
    finite = np.all([np.isfinite(array).all(axis=0) for array in (mean[None], scale[None], *result)], axis=0)
    if not finite.all():
        if names:
            problem = message(
                "the values of {name} are too large to standardise; scale them down.",
                name=quote(names[int(finite.argmin())]),
            )
            raise InputError("overflow", problem)
        problem = message("the inputs are too large to standardise; scale them down.")
        if key == "standardize_target":
            problem = message("the targets are too large to standardise; scale them down.")
        raise InputError("overflow", problem, path=("data", key), value=True)
    return result, mean, scale


def _statistics(x: Array) -> tuple[Array, Array]:
    """Return mean and population deviation per column; for a constant column its value and 1."""
    with np.errstate(all="ignore"):
        mean, scale = x.mean(axis=0), x.std(axis=0)
    # Rounding can give a constant column a tiny deviation, and the squares of tiny deviations underflow to 0.
    constant = (x == x[0]).all(axis=0) | (scale == 0.0)
    return np.where(constant, x[0], mean), np.where(constant, 1.0, scale)


def _read_only(values: Array) -> Array:
    """Return an array of this module so that nobody can write to it, because threads share the data of a run."""
    values.flags.writeable = False
    return values
