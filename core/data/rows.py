"""All rows of a data set in the order of their source: read or drawn, with encoded classes, and marked for testing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.data.generators import GENERATORS, generate
from nn_tui.core.data.matrices import check_row_counts, check_row_lengths
from nn_tui.core.data.opened_table import open_table
from nn_tui.core.data.split import choose_test_rows
from nn_tui.core.data.targets import coding_of
from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.fields import check_finite, check_float
from nn_tui.core.rng import stream
from nn_tui.core.spec import Array, DataSpec, Matrix
from nn_tui.core.table.values import TableData
from nn_tui.core.translation import message

MAX_CELLS = 20_000_000  # target values: rows × classes


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """All rows of the data, in the order of their source.

    Attributes:
        y: The targets, (n, outputs).
        output_names: One name per output.
        points: The inputs before features and standardisation, (n, columns).
        input_names: One name per column of ``points``.
        labels: The class number of each row, (n,); None for regression.
        classes: The names of the classes; empty for regression.
        table: The table of the file that has the rows; None for rows from elsewhere.
        fill: The number that replaces a missing value, for each number and boolean column of the table.
        test: Which rows are for testing, (n,).
    """

    y: Array
    output_names: tuple[str, ...]
    points: Array = field(default_factory=lambda: np.zeros((0, 0)))
    input_names: tuple[str, ...] = ()
    labels: NDArray[np.intp] | None = None
    classes: tuple[str, ...] = ()
    table: TableData | None = None
    fill: Array = field(default_factory=lambda: np.zeros(0))
    test: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))


def load_rows(
    spec: DataSpec,
    seed: int,
    folder: Path | None,
    *,
    outputs: int | None = None,
    table: TableData | None = None,
) -> Rows:
    """Load all rows, and draw those for testing; arguments and errors are those of :func:`load_data`."""
    check_float(spec.test_fraction, ("data", "test_fraction"), min_=0, below=1)
    if spec.generator is not None:
        rows = _draw_rows(spec, spec.generator, seed, outputs)
    elif spec.csv is not None:
        rows = _table_rows(open_table(spec, folder).table if table is None else table, outputs)
    elif spec.inputs is None or spec.targets is None:
        missing = "targets" if spec.targets is None and spec.inputs is not None else "inputs"
        problem = message("it is missing; give a table, a generator or a CSV file.")
        raise InputError("missing", problem, path=("data", missing))
    else:
        rows = _typed_rows(spec.inputs, spec.targets)
    if rows.table is not None and rows.table.test_rows:
        test = np.arange(len(rows.y)) >= len(rows.y) - rows.table.test_rows
    else:
        test = choose_test_rows(len(rows.y), rows.labels, spec.test_fraction, seed)
    if rows.table is None:
        return replace(rows, test=test)
    from nn_tui.core.table.encode import encode_inputs, fill_values, input_names  # most presets have no table

    fill = fill_values(rows.table, ~test)
    return replace(
        rows, points=encode_inputs(rows.table, fill), input_names=input_names(rows.table), fill=fill, test=test
    )


def _table_rows(table: TableData, outputs: int | None) -> Rows:
    rows = Rows(table.y[:, None], (table.plan.target.name,), table=table)
    return _encode_classes(rows, table.classes, len(table.classes) == 2 and outputs != 2)


def _draw_rows(spec: DataSpec, name: str, seed: int, outputs: int | None) -> Rows:
    rng = stream(seed, "data")
    points, y, classes = generate(name, rng, spec.samples, spec.noise, spec.classes)
    source = Rows(y[:, None], ("y",), points, _numbered_names("x", points.shape[1]))
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


def _typed_rows(inputs: Matrix, targets: Matrix) -> Rows:
    points, y = _to_array(inputs, ("data", "inputs")), _to_array(targets, ("data", "targets"))
    check_row_counts(inputs, targets)
    outputs = _numbered_names("y", y.shape[1])
    source = Rows(y, outputs, points, _numbered_names("x", points.shape[1]))
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
