"""Loading a data set from its description: read or draw, encode classes, expand features, split, standardise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.features import expand_features, standardize
from nn_tui.core.data.generators import GENERATORS, generate
from nn_tui.core.data.matrices import check_row_counts, check_row_lengths
from nn_tui.core.data.table import read_csv
from nn_tui.core.data.targets import coding_of
from nn_tui.core.errors import InputError, KeyPath, locate_errors
from nn_tui.core.fields import check_finite, check_float
from nn_tui.core.rng import stream
from nn_tui.core.spec import Array, CsvTable, Dataset, DataSpec, Matrix
from nn_tui.core.translation import message

MAX_CELLS = 20_000_000  # target values: rows × classes


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """All rows of the data before the split.

    Attributes:
        points: The raw inputs, (n, columns).
        y: The targets, (n, outputs).
        input_names: One name per column of ``points``.
        output_names: One name per output.
        labels: The class number of each row, (n,); None for regression.
        classes: The names of the classes; empty for regression.
        image_shape: (height, width) if the inputs are an image.
        table: The content of the CSV file that has the rows; None for rows from elsewhere.
    """

    points: Array
    y: Array
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    labels: NDArray[np.intp] | None = None
    classes: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    table: CsvTable | None = None


def load_data(
    spec: DataSpec,
    seed: int,
    folder: Path | None,
    *,
    outputs: int | None = None,
    table: CsvTable | None = None,
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
        table: The content of the CSV file, if the caller has read it already.

    Returns:
        The data set; its arrays are read-only.

    Raises:
        InputError: For anything wrong with the data.
    """
    check_float(spec.test_fraction, ("data", "test_fraction"), min_=0, below=1)
    source = load_rows(spec, seed, folder, outputs=outputs, table=table)
    x = expand_features(source.points, spec.features)
    _check_expanded(x, spec.features)
    test = choose_test_rows(source, spec.test_fraction, seed)
    train = ~test
    mean, scale = np.zeros(x.shape[1]), np.ones(x.shape[1])
    if spec.standardize:
        x, mean, scale = _standardized(x, train, "standardize")
    y, y_mean, y_scale = source.y, np.zeros(0), np.ones(0)
    if spec.standardize_target:
        _check_numbers(source)
        y, y_mean, y_scale = _standardized(y, train, "standardize_target")
    raw = source.y if spec.standardize_target else np.zeros((0, 0))
    points, points_test = _read_only(source.points[train]), _read_only(source.points[test])
    are_points = x is source.points  # then each number is in memory and in a document once
    return Dataset(
        x=points if are_points else _read_only(x[train]),
        y=_read_only(y[train]),
        x_test=points_test if are_points else _read_only(x[test]),
        y_test=_read_only(y[test]),
        points=points,
        points_test=points_test,
        input_names=spec.features or source.input_names,
        output_names=source.output_names,
        classes=source.classes,
        features=spec.features,
        x_mean=_read_only(mean),
        x_scale=_read_only(scale),
        y_mean=_read_only(y_mean),
        y_scale=_read_only(y_scale),
        targets=_read_only(raw[train] if raw.size else raw),
        targets_test=_read_only(raw[test] if raw.size else raw),
        image_shape=None if spec.features else source.image_shape,
        table=source.table,
    )


def load_rows(
    spec: DataSpec,
    seed: int,
    folder: Path | None,
    *,
    outputs: int | None = None,
    table: CsvTable | None = None,
) -> Rows:
    """Load all rows before the split; arguments and errors are those of :func:`load_data`."""
    if spec.generator is not None:
        return _draw_rows(spec, spec.generator, seed, outputs)
    if spec.csv is not None:
        if spec.target is None:
            problem = message("it is missing; it names the column to predict.")
            raise InputError("missing", problem, path=("data", "target"))
        if table is None:
            table = _read_csv(spec, spec.csv, folder)
        source = Rows(
            table.points,
            table.y[:, None],
            table.input_names,
            (table.target_name,),
            image_shape=table.image_shape,
            table=table,
        )
        return _encode_classes(source, table.classes, len(table.classes) == 2 and outputs != 2)
    if spec.inputs is None or spec.targets is None:
        missing = "targets" if spec.targets is None and spec.inputs is not None else "inputs"
        problem = message("it is missing; give a table, a generator or a CSV file.")
        raise InputError("missing", problem, path=("data", missing))
    return _table_source(spec.inputs, spec.targets)


def _read_csv(spec: DataSpec, csv: str, folder: Path | None) -> CsvTable:
    with locate_errors(path=("data", "csv")):
        try:
            return read_csv((folder or Path()) / csv, spec.target, spec.target_is_class)
        except InputError as error:
            if error.code == "not_found" and not error.path:
                error.problem = message(
                    "{problem} A path in a preset starts at the folder of the preset.", problem=error.problem
                )
            raise


def _draw_rows(spec: DataSpec, name: str, seed: int, outputs: int | None) -> Rows:
    rng = stream(seed, "data")
    points, y, classes = generate(name, rng, spec.samples, spec.noise, spec.classes)
    source = Rows(points, y[:, None], _numbered_names("x", points.shape[1]), ("y",))
    any_count = GENERATORS[name].classes is None
    one_column = len(classes) == 2 and (outputs == 1 if any_count else outputs != 2)
    return _encode_classes(source, classes, one_column)


def _encode_classes(source: Rows, classes: tuple[str, ...], one_column: bool) -> Rows:
    """Encode the targets of ``source``, a column of class numbers, as one column or as one-hot rows."""
    if not classes:
        return source
    labels = source.y[:, 0].astype(np.intp)
    if one_column:
        return replace(source, labels=labels, classes=classes)
    if labels.size * len(classes) > MAX_CELLS:
        problem = message(
            "{rows:,} rows of {classes:,} classes are more than {max:,} target values; use fewer rows or classes.",
            rows=labels.size,
            classes=len(classes),
            max=MAX_CELLS,
        )
        raise InputError("too_large", problem, path=("data",))
    y = np.zeros((labels.size, len(classes)))
    y[np.arange(labels.size), labels] = 1.0
    return replace(source, y=y, output_names=classes, labels=labels, classes=classes)


def _table_source(inputs: Matrix, targets: Matrix) -> Rows:
    points, y = _to_array(inputs, ("data", "inputs")), _to_array(targets, ("data", "targets"))
    check_row_counts(inputs, targets)
    outputs = _numbered_names("y", y.shape[1])
    source = Rows(points, y, _numbered_names("x", points.shape[1]), outputs)
    coding = coding_of(y)
    if coding == "one_hot":
        labels, classes = y.argmax(axis=1), outputs
    elif coding != "numbers" and y.shape[1] == 1:
        labels, classes = (y[:, 0] > 0.0).astype(np.intp), ("-1" if coding == "plus_minus" else "0", "1")
    else:
        return source
    return source if (labels == labels[:1]).all() else replace(source, labels=labels, classes=classes)


def _numbered_names(letter: str, count: int) -> tuple[str, ...]:
    """Return ``x1``, ``x2``, …, but ``x`` for a single one."""
    return tuple(f"{letter}{i}" for i in range(1, count + 1)) if count > 1 else (letter,)


def _to_array(rows: Matrix, path: KeyPath) -> Array:
    if not rows:
        raise InputError("missing", message("it is empty; give at least one row."), path=path, value=rows)
    for index, row in enumerate(rows):
        if not row:
            problem = message("the row is empty; give at least one number.")
            raise InputError("missing", problem, path=(*path, index), value=row)
    check_row_lengths(rows, path)
    values = np.array(rows, dtype=np.float64)
    bad = np.argwhere(~np.isfinite(values))
    if bad.size:
        row_index, column = bad[0].tolist()
        check_finite(rows[row_index][column], (*path, row_index, column))
    return values


def _check_expanded(x: Array, features: tuple[str, ...]) -> None:
    bad = np.argwhere(~np.isfinite(x))
    if bad.size:
        row, column = bad[0].tolist()
        problem = message(
            "{feature} overflows in row {row}; scale the inputs down.", feature=features[column], row=row + 1
        )
        raise InputError("overflow", problem, path=("data", "features"), value=features[column])


def choose_test_rows(source: Rows, fraction: float, seed: int) -> NDArray[np.bool_]:
    """Return a mask (n,) of the test rows: about ``fraction`` of all rows and of each class.

    Raises:
        InputError: If that leaves no test row.
    """
    rows = len(source.points)
    test = np.zeros(rows, dtype=np.bool_)
    if fraction == 0.0:
        return test
    rng = stream(seed, "split")
    labels = np.zeros(rows, dtype=np.intp) if source.labels is None else source.labels
    counts = np.bincount(labels)
    for label, count in enumerate(_test_counts(counts, fraction)):
        members = np.flatnonzero(labels == label)
        test[rng.permutation(members)[:count]] = True
    if not test.any():
        problem = message(
            "{fraction} of {rows} rows leaves no test row; raise it or set it to 0.", fraction=fraction, rows=rows
        )
        if source.labels is not None:
            problem = message(
                "{fraction} of {rows} rows leaves no test row, because each class has at least one training row; "
                "raise it or set it to 0.",
                fraction=fraction,
                rows=rows,
            )
        raise InputError("out_of_range", problem, path=("data", "test_fraction"), value=fraction)
    return test


def _test_counts(counts: NDArray[np.intp], fraction: float) -> NDArray[np.intp]:
    """Return how many rows of each group are test rows.

    They are proportional to the groups by the largest remainder method; each group keeps one row for training.
    """
    exact = counts * fraction
    max_counts = np.maximum(counts - 1, 0)
    test_counts: NDArray[np.intp] = np.minimum(np.floor(exact).astype(np.intp), max_counts)
    remaining = round(float(exact.sum())) - int(test_counts.sum())
    # Of two equal remainders, the group with fewer test rows comes first.
    for group in np.lexsort((test_counts, test_counts - exact)):
        if remaining > 0 and test_counts[group] < max_counts[group]:
            test_counts[group] += 1
            remaining -= 1
    return test_counts


def _check_numbers(source: Rows) -> None:
    """Raise InputError if the targets are classes, or 0 and 1 in several columns: their values are a coding."""
    if source.classes or (source.y.shape[1] > 1 and coding_of(source.y) != "numbers"):
        problem = message("only targets that are numbers can be standardised, but these are classes; remove it.")
        raise InputError("conflict", problem, path=("data", "standardize_target"), value=True)


def _standardized(values: Array, train: NDArray[np.bool_], key: str) -> tuple[Array, Array, Array]:
    """Return ``values`` (n, columns) standardised, with mean and deviation per column of the rows in ``train``.

    Raises:
        InputError: For values that overflow; ``key`` is that of the preset.
    """
    mean, scale = _statistics(values[train])
    result = standardize(values, mean, scale)
    if not all(bool(np.isfinite(array).all()) for array in (mean, scale, result)):
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
    """Return a contiguous copy that nobody can write to, because threads share the data of a run."""
    copy = np.array(values, dtype=np.float64, order="C")
    copy.flags.writeable = False
    return copy
