"""The section of a program with the data: raw rows, how they become the inputs of the network, and the targets."""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.input_rows import raw_names
from nn_tui.core.data.labels import class_labels
from nn_tui.core.data.targets import coding_of
from nn_tui.core.data.units import has_standardized_targets, target_coding
from nn_tui.core.program.arrays import ArrayGroup, array_group
from nn_tui.core.program.encoding import encoding_lines, needs_encoding
from nn_tui.core.program.source import (
    Lines,
    array_source,
    blocks,
    code,
    comment,
    docstring,
    file_text,
    list_source,
    string_source,
)
from nn_tui.core.program.values import CodeSection
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
    """Return the arrays of the training data: the raw rows, and the targets or the number of the class of each row."""
    rows = "points" if has_input_steps(data) else "x"
    arrays: dict[str, Array] = {rows: data.points}
    if has_labels(data):
        arrays["labels"] = data.y.argmax(axis=1).astype(np.float64)
    else:
        arrays["targets" if has_standardized_targets(data) else "y"] = (
            data.targets if has_standardized_targets(data) else data.y
        )
    return array_group(arrays)


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
    rows = next(iter(group.arrays))
    parts = [
        (*comment(_rows_text(data)), *group.lines[rows]),
        encoding_lines(data),
        _standardization(data),
        _to_inputs(data),
        (*(code("x = to_inputs(points)\n") if has_input_steps(data) else ()), *_targets(data, group)),
    ]
    return CodeSection("data", message("The data"), blocks(*parts))


def inputs_source(data: Dataset, rows: str) -> str:
    """Return the call that turns raw rows into the inputs of the network."""
    points = f"encode({rows})" if needs_encoding(data) else f"np.array({rows}, dtype=float)"
    return f"to_inputs({points})" if has_input_steps(data) else points


def _rows_text(data: Dataset) -> str:
    names = [file_text(name) for name in raw_names(data)]
    shown = ", ".join(names[:_MAX_NAMES]) + (", …" if len(names) > _MAX_NAMES else "")
    if needs_encoding(data):
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


def _standardization(data: Dataset) -> Lines:
    if not is_standardized(data):
        return ()
    group = array_group({"x_mean": data.x_mean, "x_scale": data.x_scale})
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
        text = tr("Return the inputs of the network: functions of x1 and x2, standardised.")
    lines += (*docstring(text), *code("    x1, x2 = points.T"))
    features = [FEATURE_SOURCES[name] for name in data.features]
    if not is_standardized(data):
        return (*lines, *list_source(features, "return np.column_stack(", ")", "    "))
    lines += list_source(features, "features = np.column_stack(", ")", "    ")
    return (*lines, *code("    return (features - x_mean) / x_scale"))


def _targets(data: Dataset, group: ArrayGroup) -> Lines:
    names = [file_text(name) for name in data.output_names[:_MAX_NAMES]]
    shown = ", ".join(names) + (", …" if len(data.output_names) > _MAX_NAMES else "")
    classes = list_source([*map(string_source, class_labels(data))], "classes = ") if data.classes else ()
    if has_labels(data):
        text = tr("The targets: the number of the class of each row, and a row with a 1 in the place of the class.")
        encoding = code(f"y = np.eye({len(data.classes)})[labels]")
        return (*comment(text), *classes, *_label_lines(data, group), *encoding)
    if has_standardized_targets(data):
        text = tr("The targets: {names}. The network learns them with mean 0 and standard deviation 1.", names=shown)
        return (
            *comment(text),
            *group.lines["targets"],
            *array_source("y_mean", data.y_mean),
            *array_source("y_scale", data.y_scale),
            *code("y = (targets - y_mean) / y_scale"),
        )
    text = tr("The targets: {names}.", names=shown)
    if classes and data.y.shape[1] == 1:
        low = -1 if target_coding(data) == "plus_minus" else 0
        text = tr("The targets: {low} for the first class, 1 for the second one.", low=low)
    return (*comment(text), *classes, *group.lines["y"])


def _label_lines(data: Dataset, group: ArrayGroup) -> Lines:
    if group.is_stored:
        return code('labels = arrays["labels"].astype(int)')
    return array_source("labels", data.y.argmax(axis=1))
