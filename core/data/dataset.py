"""From a description of the data to rows: load, encode classes, split, expand features, standardise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.features import check_features, expand, standardized
from nn_tui.core.data.generators import GENERATORS, generate
from nn_tui.core.data.table import read_csv
from nn_tui.core.data.targets import coding_of
from nn_tui.core.errors import InputError
from nn_tui.core.rng import stream
from nn_tui.core.spec import Array, Dataset, DataSpec, Matrix

MAX_CELLS = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """All rows before the split. ``labels`` (n,) are class numbers, None for regression."""

    points: Array
    y: Array
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    labels: NDArray[np.intp] | None = None
    classes: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None


def load(spec: DataSpec, seed: int, folder: Path | None, *, where: str = "", outputs: int | None = None) -> Dataset:
    """The data that ``spec`` describes, split and standardised; the same arguments give the same bits.

    ``folder`` is where a relative CSV path starts (None: the working folder), and ``where`` names the
    preset in messages. ``outputs``, the network's output units, chooses how two classes are written: 2
    gives one-hot rows, 1 gives one 0/1 column; None gives one column, and one-hot for ``blobs``. More
    classes are always one-hot, whatever ``outputs`` says. A table is taken as written; it holds classes if
    its targets are one column of both 0 and 1 or of both −1 and 1, or one-hot rows of more than one kind. The
    arrays are read-only. Raises InputError.
    """
    at = f"{where}: " if where else ""
    if not 0.0 <= spec.test_fraction < 1.0:
        raise InputError(
            f"{at}data.test_fraction: {spec.test_fraction} is out of range; use 0 or more and less than 1."
        )
    source = _source(spec, seed, folder, where, outputs)
    check_features(spec.features, source.points.shape[1], where)
    x = expand(source.points, spec.features)
    _check_expanded(x, spec.features, at)
    test = _test_rows(source, spec.test_fraction, seed, at)
    train = ~test
    mean, scale = np.zeros(x.shape[1]), np.ones(x.shape[1])
    if spec.standardize:
        mean, scale = _statistics(x[train], at)
    x = standardized(x, mean, scale)
    if not np.isfinite(x).all():
        raise InputError(f"{at}data.standardize: the inputs are too large to standardise; scale them down.")
    return Dataset(
        x=_fixed(x[train]),
        y=_fixed(source.y[train]),
        x_test=_fixed(x[test]),
        y_test=_fixed(source.y[test]),
        points=_fixed(source.points[train]),
        points_test=_fixed(source.points[test]),
        input_names=spec.features or source.input_names,
        output_names=source.output_names,
        classes=source.classes,
        features=spec.features,
        x_mean=_fixed(mean),
        x_scale=_fixed(scale),
        image_shape=None if spec.features else source.image_shape,
    )


def _source(spec: DataSpec, seed: int, folder: Path | None, where: str, outputs: int | None) -> _Source:
    at = f"{where}: " if where else ""
    if spec.generator is not None:
        return _generated(spec, spec.generator, seed, where, outputs)
    if spec.csv is not None:
        if spec.target is None:
            raise InputError(f"{at}data.target: it is missing; name the CSV column to predict.")
        table = read_csv((folder or Path()) / spec.csv, spec.target, spec.target_is_class, where=where)
        source = _Source(
            table.points,
            table.y[:, None],
            table.input_names,
            (table.target_name,),
            image_shape=table.image_shape,
        )
        return _encoded(source, table.classes, len(table.classes) == 2 and outputs != 2, at)
    if spec.inputs is None or spec.targets is None:
        missing = "targets" if spec.targets is None and spec.inputs is not None else "inputs"
        raise InputError(f"{at}data.{missing}: it is missing; give a table, a generator or a csv file.")
    return _table(spec.inputs, spec.targets, at)


def _generated(spec: DataSpec, name: str, seed: int, where: str, outputs: int | None) -> _Source:
    rng = stream(seed, "data")
    points, y, classes = generate(name, rng, spec.samples, spec.noise, spec.classes, where=where)
    source = _Source(points, y[:, None], _numbered("x", points.shape[1]), ("y",))
    chosen = GENERATORS[name].classes is None
    single = len(classes) == 2 and (outputs == 1 if chosen else outputs != 2)
    return _encoded(source, classes, single, f"{where}: " if where else "")


def _encoded(source: _Source, classes: tuple[str, ...], single: bool, at: str) -> _Source:
    """``source``, whose y is a column of class numbers, with its classes written for the network."""
    if not classes:
        return source
    labels = source.y[:, 0].astype(np.intp)
    if single:
        return replace(source, labels=labels, classes=classes)
    if labels.size * len(classes) > MAX_CELLS:
        raise InputError(
            f"{at}data: {labels.size:,} rows of {len(classes):,} classes are more than "
            f"{MAX_CELLS:,} target values; use fewer rows or classes."
        )
    y = np.zeros((labels.size, len(classes)))
    y[np.arange(labels.size), labels] = 1.0
    return replace(source, y=y, output_names=classes, labels=labels, classes=classes)


def _table(inputs: Matrix, targets: Matrix, at: str) -> _Source:
    points, y = _matrix(inputs, f"{at}data.inputs"), _matrix(targets, f"{at}data.targets")
    if len(points) != len(y):
        raise InputError(
            f"{at}data.targets: {len(y)} rows where data.inputs has {len(points)}; "
            "give one row of targets per row of inputs."
        )
    outputs = _numbered("y", y.shape[1])
    source = _Source(points, y, _numbered("x", points.shape[1]), outputs)
    coding = coding_of(y)
    if coding == "one_hot":
        labels, classes = y.argmax(axis=1), outputs
    elif coding != "numbers" and y.shape[1] == 1:
        labels, classes = (y[:, 0] > 0.0).astype(np.intp), ("-1" if coding == "plus_minus" else "0", "1")
    else:
        return source
    return source if (labels == labels[:1]).all() else replace(source, labels=labels, classes=classes)


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    """``x1``, ``x2``, …, and just ``x`` where there is only one."""
    return tuple(f"{letter}{i}" for i in range(1, count + 1)) if count > 1 else (letter,)


def _matrix(rows: Matrix, key: str) -> Array:
    if not rows:
        raise InputError(f"{key}: it is empty; give at least one row.")
    width = len(rows[0])
    for number, row in enumerate(rows, 1):
        if not row:
            raise InputError(f"{key}, row {number}: the row is empty; give at least one number.")
        if len(row) != width:
            raise InputError(f"{key}, row {number}: {len(row)} values where row 1 has {width}; make all rows alike.")
    values = np.array(rows, dtype=np.float64)
    bad = np.argwhere(~np.isfinite(values))
    if bad.size:
        row_index, column = bad[0]
        value = values[row_index, column]
        raise InputError(f"{key}, row {row_index + 1}, value {column + 1}: {value} is not a finite number.")
    return values


def _check_expanded(x: Array, features: tuple[str, ...], at: str) -> None:
    bad = np.argwhere(~np.isfinite(x))
    if bad.size:
        row, column = bad[0]
        raise InputError(f"{at}data.features: {features[column]} overflows in row {row + 1}; scale the inputs down.")


def _test_rows(source: _Source, fraction: float, seed: int, at: str) -> NDArray[np.bool_]:
    """A mask (n,) of the test rows, about ``fraction`` of them and, with classes, of each class."""
    rows = len(source.points)
    test = np.zeros(rows, dtype=np.bool_)
    if fraction == 0.0:
        return test
    rng = stream(seed, "split")
    labels = np.zeros(rows, dtype=np.intp) if source.labels is None else source.labels
    counts = np.bincount(labels)
    for label, take in enumerate(_shares(counts, fraction)):
        members = np.flatnonzero(labels == label)
        test[rng.permutation(members)[:take]] = True
    if not test.any():
        kept = "" if source.labels is None else ", and each class keeps one row for training"
        raise InputError(
            f"{at}data.test_fraction: {fraction} of {rows} rows leaves no test row{kept}; raise it or set it to 0."
        )
    return test


def _shares(counts: NDArray[np.intp], fraction: float) -> NDArray[np.intp]:
    """Test rows per group: proportional by largest remainder, and at least one row left of each group."""
    exact = counts * fraction
    most = np.maximum(counts - 1, 0)
    shares: NDArray[np.intp] = np.minimum(np.floor(exact).astype(np.intp), most)
    left = round(float(exact.sum())) - int(shares.sum())
    # A tie goes to the group that has no test row yet.
    for group in np.lexsort((shares, shares - exact)):
        if left > 0 and shares[group] < most[group]:
            shares[group] += 1
            left -= 1
    return shares


def _statistics(x: Array, at: str) -> tuple[Array, Array]:
    """Mean and population deviation per column; a constant column gets its value and 1."""
    with np.errstate(all="ignore"):
        mean, scale = x.mean(axis=0), x.std(axis=0)
    # Rounding can give a constant column a tiny deviation, and squares of tiny ones underflow to 0.
    constant = (x == x[0]).all(axis=0) | (scale == 0.0)
    mean, scale = np.where(constant, x[0], mean), np.where(constant, 1.0, scale)
    if not (np.isfinite(mean).all() and np.isfinite(scale).all()):
        raise InputError(f"{at}data.standardize: the inputs are too large to standardise; scale them down.")
    return mean, scale


def _fixed(values: Array) -> Array:
    """A contiguous copy that nobody can write to: the data of a run is shared by threads."""
    copy = np.array(values, dtype=np.float64, order="C")
    copy.flags.writeable = False
    return copy
