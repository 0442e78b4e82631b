"""The section of a program with the data: raw rows, how they become the inputs of the network, and the targets."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.core.data.input_rows import raw_cells, raw_names
from nn_tui.core.data.labels import class_labels
from nn_tui.core.data.targets import coding_of
from nn_tui.core.data.units import has_standardized_targets, target_coding
from nn_tui.core.program.arrays import MAX_TEXT, ArrayGroup, array_group, merged, text_length
from nn_tui.core.program.encoding import encoding_lines, encoding_of, has_raw_rows
from nn_tui.core.program.source import (
    Lines,
    blocks,
    code,
    comment,
    docstring,
    file_text,
    list_source,
    rows_source,
    string_source,
    value_source,
    with_key,
)
from nn_tui.core.program.values import AnyArray, CodeSection
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.translation import message, tr, tr_plural

FEATURE_SOURCES = {
    "x1": "x1",
    "x2": "x2",
    "x1^2": "x1 * x1",
    "x2^2": "x2 * x2",
    "x1*x2": "x1 * x2",
    "sin(x1)": "np.sin(x1)",
    "sin(x2)": "np.sin(x2)",
}
_MAX_NAMES = 6  # names of inputs in a comment


def data_group(data: Dataset) -> ArrayGroup:
    """Return the arrays of the training data and of its statistics; raw rows with texts are no array but a list."""
    rows = raw_row_lines(data)
    samples: dict[str, AnyArray] = {} if rows else {"points" if has_input_steps(data) else "x": data.points}
    statistics: dict[str, AnyArray] = {}
    if has_labels(data):
        samples["labels"] = data.y.argmax(axis=1)
    elif has_standardized_targets(data):
        samples["targets"] = data.targets
        statistics |= {"y_mean": data.y_mean, "y_scale": data.y_scale}
    else:
        samples["y"] = data.y
    if is_standardized(data):
        statistics |= {"x_mean": data.x_mean, "x_scale": data.x_scale}
    if encoding_of(data) == "fill":
        statistics["fill"] = data.fill
    return merged(array_group(samples), array_group(statistics), ArrayGroup({}, {"rows": rows}))


def raw_row_lines(data: Dataset) -> Lines:
    """Return the assignment of ``rows``: raw rows with texts or gaps; nothing for numbers, and for many rows."""
    if encoding_of(data) != "columns" or data.points.size * 2 > MAX_TEXT or not has_raw_rows(data):
        return ()
    rows = raw_rows_source(data, data.points, "rows")
    return rows if text_length(rows) <= MAX_TEXT else ()


def raw_rows_source(data: Dataset, points: Array, name: str) -> Lines:
    """Return the assignment of a list of raw rows, from ``points`` (rows, columns) of the data."""
    rows = [[*map(value_source, row)] for row in raw_cells(data, points)]
    return rows_source(rows, f"{name} = [", "]")


def has_labels(data: Dataset) -> bool:
    """Return whether the targets are one-hot rows, which a program makes from the number of the class of each row."""
    return bool(data.classes) and data.y.shape[1] > 1 and coding_of(data.y) == "one_hot"


def is_standardized(data: Dataset) -> bool:
    """Return whether the inputs are standardised."""
    return bool(data.x_mean.size) and bool((data.x_mean != 0.0).any() or (data.x_scale != 1.0).any())


def has_input_steps(data: Dataset) -> bool:
    """Return whether the inputs of the network are other numbers than the raw rows."""
    return bool(data.features) or is_standardized(data)


def data_section(data: Dataset, group: ArrayGroup) -> CodeSection:
    """Return the section: it assigns ``x`` and ``y``, and defines what :func:`inputs_source` calls.

    Args:
        data: The data.
        group: Its arrays, from :func:`data_group`.
    """
    has_rows = bool(group.lines["rows"])
    points = "encode(rows)" if has_rows else "points"
    inputs: Lines = ()
    if has_input_steps(data):
        inputs = with_key(code(f"x = to_inputs({points})"), "x")
    elif has_rows:
        inputs = with_key(code("x = encode(rows)"), "x")
    samples = next(group.lines[name] for name in ("points", "x", "rows") if group.lines.get(name))
    if not inputs:
        samples = with_key(samples, "x")
    fill = group.lines.get("fill", ())
    if fill:
        fill = (*comment(tr("What replaces a missing number: the mean of its column.")), *fill)
    return CodeSection(
        "data",
        message("The data"),
        blocks(
            (*comment(_rows_text(data, has_rows)), *samples),
            fill,
            encoding_lines(data),
            _standardization(data, group),
            _to_inputs(data),
            inputs,
            _targets(data, group),
        ),
    )


def inputs_source(data: Dataset, rows: str) -> str:
    """Return the call that turns raw rows into the inputs of the network."""
    points = f"encode({rows})" if encoding_of(data) else f"np.array({rows}, dtype=float, ndmin=2)"
    return f"to_inputs({points})" if has_input_steps(data) else points


def _rows_text(data: Dataset, has_rows: bool) -> str:
    shown = _names(raw_names(data))
    if encoding_of(data) == "columns" and not has_rows:
        return tr_plural(
            "The training data: {count:,} row of {inputs}, as the numbers that encode makes of them.",
            "The training data: {count:,} rows of {inputs}, as the numbers that encode makes of them.",
            len(data.x),
            inputs=shown,
        )
    return tr_plural(
        "The training data: {count:,} row of {inputs}.",
        "The training data: {count:,} rows of {inputs}.",
        len(data.x),
        inputs=shown,
    )


def _names(names: Sequence[str]) -> str:
    """Return names of a file for a comment; only some of many."""
    return ", ".join([*map(file_text, names[:_MAX_NAMES]), *(["…"] if len(names) > _MAX_NAMES else [])])


def _standardization(data: Dataset, group: ArrayGroup) -> Lines:
    if not is_standardized(data):
        return ()
    text = tr("The mean and the standard deviation of each input in the training data.")
    return (*comment(text), *group.lines["x_mean"], *group.lines["x_scale"])


def _to_inputs(data: Dataset) -> Lines:
    """Return the function from raw rows of numbers to inputs."""
    if not has_input_steps(data):
        return ()
    lines = [*code("def to_inputs(points):")]
    if not data.features:
        lines += docstring(tr("Return the inputs of the network: the rows, standardised."))
        return (*lines, *code("    return (points - x_mean) / x_scale"))
    text = tr("Return the inputs of the network: functions of x1 and x2.")
    if is_standardized(data):
        text = tr("Return the inputs: functions of x1 and x2, standardised.")
    lines += (*docstring(text), *code("    x1, x2 = points.T"))
    features = [FEATURE_SOURCES[name] for name in data.features]
    if not is_standardized(data):
        return (*lines, *list_source(features, "return np.column_stack(", ")", "    "))
    lines += list_source(features, "features = np.column_stack(", ")", "    ")
    return (*lines, *code("    return (features - x_mean) / x_scale"))


def _targets(data: Dataset, group: ArrayGroup) -> Lines:
    shown = _names(data.output_names)
    if has_labels(data):
        text = tr("The targets: the number of the class of each row, and a row with a 1 in the place of the class.")
        return (
            *comment(text),
            *_classes(data),
            *group.lines["labels"],
            *with_key(code("y = np.eye(len(classes))[labels]"), "y"),
        )
    if has_standardized_targets(data):
        text = tr("The targets: {names}. The network learns them with mean 0 and standard deviation 1.", names=shown)
        return (
            *comment(text),
            *group.lines["targets"],
            *group.lines["y_mean"],
            *group.lines["y_scale"],
            *with_key(code("y = (targets - y_mean) / y_scale"), "y"),
        )
    if data.classes and data.y.shape[1] == 1:
        low = -1 if target_coding(data) == "plus_minus" else 0
        text = tr("The targets: {low} for the first class, 1 for the second one.", low=low)
    else:
        text = tr("The targets: {names}.", names=shown)
    return (*comment(text), *_classes(data), *with_key(group.lines["y"], "y"))


def _classes(data: Dataset) -> Lines:
    return list_source([*map(string_source, class_labels(data))], "classes = ") if data.classes else ()
