"""The section of a program with the data: raw rows, how they become the inputs of the network, and the targets."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.core.data.input_rows import raw_cells, raw_names
from nn_tui.core.data.labels import class_labels
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
from nn_tui.core.program.values import AnyArray, CodeSection, Framework
from nn_tui.core.spec import Array, Dataset, Experiment
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


def data_group(data: Dataset, framework: Framework) -> ArrayGroup:
    """Return the arrays of the training data, the test data and the statistics; raw rows with texts are lists."""
    samples: dict[str, AnyArray] = {}
    statistics: dict[str, AnyArray] = {}
    lists = raw_row_lines(data)
    if not lists:
        train, test = _names_of_points(data, framework)
        samples |= {train: data.points, test: data.points_test}
    if has_labels(data):
        samples |= {"labels": data.y.argmax(axis=1), "labels_test": data.y_test.argmax(axis=1)}
    elif has_standardized_targets(data):
        samples |= {"targets": data.targets, "targets_test": data.targets_test}
        statistics |= {"y_mean": data.y_mean, "y_scale": data.y_scale}
    else:
        samples |= {"y_train": data.y, "y_test": data.y_test}
    if is_standardized(data):
        statistics |= {"x_mean": data.x_mean, "x_scale": data.x_scale}
    if encoding_of(data) == "fill":
        statistics["fill"] = data.fill
    samples = {name: array for name, array in samples.items() if len(array)}
    tensors = ("y_train", "y_test") if framework == "pytorch" else ()
    return merged(array_group(samples, tensors), array_group(statistics), ArrayGroup({}, lists))


def _names_of_points(data: Dataset, framework: Framework) -> tuple[str, str]:
    """Return the variables with the points of the training part and of the test part."""
    if encoding_of(data) == "columns":
        return "encoded", "encoded_test"  # raw rows would have texts
    if has_input_steps(data) or framework == "pytorch":
        return "rows", "rows_test"
    return "x_train", "x_test"


def raw_row_lines(data: Dataset) -> dict[str, Lines]:
    """Return the assignments of ``rows`` and ``rows_test``: raw rows with texts or gaps.

    There are none for rows that are numbers, and none for many rows.
    """
    points = {"rows": data.points, "rows_test": data.points_test}
    size = sum(each.size for each in points.values())
    if encoding_of(data) != "columns" or size * 2 > MAX_TEXT or not has_raw_rows(data):
        return {}
    lines = {name: raw_rows_source(data, each, name) for name, each in points.items() if len(each)}
    return lines if text_length(*lines.values()) <= MAX_TEXT else {}


def raw_rows_source(data: Dataset, points: Array, name: str) -> Lines:
    """Return the assignment of a list of raw rows, from ``points`` (rows, columns) of the data."""
    rows = [[*map(value_source, row)] for row in raw_cells(data, points)]
    return rows_source(rows, f"{name} = [", "]")


def has_labels(data: Dataset) -> bool:
    """Return whether the targets are one-hot rows, which a program makes from the number of the class of each row."""
    return bool(data.classes) and data.y.shape[1] > 1 and target_coding(data) == "one_hot"


def is_standardized(data: Dataset) -> bool:
    """Return whether the inputs are standardised."""
    return bool(data.x_mean.size) and bool((data.x_mean != 0.0).any() or (data.x_scale != 1.0).any())


def has_input_steps(data: Dataset) -> bool:
    """Return whether the inputs of the network are other numbers than the raw rows."""
    return bool(data.features) or is_standardized(data)


def data_section(experiment: Experiment, group: ArrayGroup, framework: Framework) -> CodeSection:
    """Return the section: it assigns ``x_train`` and ``y_train``, and defines what :func:`inputs_source` calls.

    Args:
        experiment: The experiment.
        group: The arrays of its data, from :func:`data_group`.
        framework: What the program computes with.
    """
    data = experiment.data
    fill = group.lines.get("fill", ())
    if fill:
        fill = (*comment(tr("What replaces a missing number: the mean of its column.")), *fill)
    points, inputs = _inputs(data, group, framework, "x_train")
    parts = [
        (*comment(_rows_text(data, group)), *points),
        fill,
        encoding_lines(data),
        _standardization(data, group),
        _to_inputs(data),
        inputs,
        _targets(experiment, group, framework),
        _test_data(experiment, group, framework),
    ]
    return CodeSection("data", message("The data"), blocks(*parts), _formulas(data))


def _formulas(data: Dataset) -> tuple[str, ...]:
    """Return the standardisation of inputs and targets in LaTeX."""
    inputs = (r"X = \frac{R - \mu}{\sigma}",) if is_standardized(data) else ()
    return (*inputs, r"Y = \frac{T - \mu_y}{\sigma_y}") if has_standardized_targets(data) else inputs


def _inputs(data: Dataset, group: ArrayGroup, framework: Framework, name: str) -> tuple[Lines, Lines]:
    """Return the assignment of raw rows, and that of the inputs of the network; nothing if both are the same."""
    ending = "_test" if name == "x_test" else ""
    source = next(each for each in (f"rows{ending}", f"encoded{ending}", name) if each in group.lines)
    points, value = group.lines[source], source
    if encoding_of(data) == "columns" and source.startswith("rows"):
        value = f"encode({value})"
    if has_input_steps(data):
        value = f"to_inputs({value})"
    if framework == "pytorch":
        value = f"torch.tensor({value})"
    lines = () if value == name else code(f"{name} = {value}")
    if name == "x_test":
        return points, lines
    return (points, with_key(lines, "x")) if lines else (with_key(points, "x"), ())


def inputs_source(data: Dataset, rows: str) -> str:
    """Return the call that turns raw rows into the inputs of the network."""
    points = f"encode({rows})" if encoding_of(data) else f"np.array({rows}, dtype=float, ndmin=2)"
    return f"to_inputs({points})" if has_input_steps(data) else points


def _rows_text(data: Dataset, group: ArrayGroup) -> str:
    shown = _names(raw_names(data))
    if "encoded" in group.lines:
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
    if ((data.x_mean == 0.0) & (data.x_scale == 1.0)).any():
        text = tr(
            "What standardisation subtracts, and by what it divides: the mean and the standard deviation of each input "
            "in the training data, and 0 and 1 for an input that stays as it is."
        )
    return (*comment(text), *group.lines["x_mean"], *group.lines["x_scale"])


def _to_inputs(data: Dataset) -> Lines:
    """Return the function from raw rows of numbers to inputs."""
    if not has_input_steps(data):
        return ()
    lines = [*code("def to_inputs(rows):")]
    if not data.features:
        lines += docstring(tr("Return the inputs of the network: the rows, standardised."))
        return (*lines, *code("    return (rows - x_mean) / x_scale"))
    text = tr("Return the inputs of the network: functions of x1 and x2.")
    if is_standardized(data):
        text = tr("Return the inputs: functions of x1 and x2, standardised.")
    lines += (*docstring(text), *code("    x1, x2 = rows.T"))
    features = [FEATURE_SOURCES[name] for name in data.features]
    if not is_standardized(data):
        return (*lines, *list_source(features, "return np.column_stack(", ")", "    "))
    lines += list_source(features, "features = np.column_stack(", ")", "    ")
    return (*lines, *code("    return (features - x_mean) / x_scale"))


def _targets(experiment: Experiment, group: ArrayGroup, framework: Framework) -> Lines:
    data = experiment.data
    shown = _names(data.output_names)
    if takes_labels(experiment, framework):
        text = tr("The targets: the number of the class of each row.")
    elif has_labels(data):
        text = tr("The targets: the number of the class of each row, and a row with a 1 in the place of the class.")
    elif has_standardized_targets(data):
        text = tr("The targets: {names}. The network learns them with mean 0 and standard deviation 1.", names=shown)
    elif data.classes and data.y.shape[1] == 1:
        low = -1 if target_coding(data) == "plus_minus" else 0
        text = tr("The targets: {low} for the first class, 1 for the second one.", low=low)
    else:
        text = tr("The targets: {names}.", names=shown)
    statistics = (*group.lines["y_mean"], *group.lines["y_scale"]) if has_standardized_targets(data) else ()
    return (
        *comment(text),
        *_classes(data),
        *_target_lines(group, ""),
        *statistics,
        *_y_lines(experiment, group, framework, "y_train", ""),
    )


def takes_labels(experiment: Experiment, framework: Framework) -> bool:
    """Return whether the loss takes the number of the class of each row, and not a one-hot row."""
    is_cross_entropy = experiment.training.loss == "cross_entropy"
    return framework == "pytorch" and is_cross_entropy and has_labels(experiment.data)


def _target_lines(group: ArrayGroup, ending: str) -> Lines:
    """Return the assignment of the targets as they are in the data, if those of the network are others."""
    return group.lines.get(f"labels{ending}", group.lines.get(f"targets{ending}", ()))


def _y_lines(experiment: Experiment, group: ArrayGroup, framework: Framework, name: str, ending: str) -> Lines:
    """Return the assignment of the targets of the network."""
    data = experiment.data
    if name in group.lines:
        lines = group.lines[name]
    else:
        value = f"(targets{ending} - y_mean) / y_scale"
        if has_labels(data):
            is_number = takes_labels(experiment, framework)
            value = f"labels{ending}" if is_number else f"np.eye(len(classes))[labels{ending}]"
        lines = code(f"{name} = {f'torch.tensor({value})' if framework == 'pytorch' else value}")
    return lines if ending or takes_labels(experiment, framework) else with_key(lines, "y")


def _test_data(experiment: Experiment, group: ArrayGroup, framework: Framework) -> Lines:
    """Return the assignments of the test rows and their targets; nothing without test rows."""
    data = experiment.data
    if not len(data.x_test):
        return ()
    points, inputs = _inputs(data, group, framework, "x_test")
    text = tr_plural(
        "The test data: {count:,} row that the training does not use.",
        "The test data: {count:,} rows that the training does not use.",
        len(data.x_test),
    )
    return (
        *comment(text),
        *points,
        *inputs,
        *_target_lines(group, "_test"),
        *_y_lines(experiment, group, framework, "y_test", "_test"),
    )


def _classes(data: Dataset) -> Lines:
    return list_source([*map(string_source, class_labels(data))], "classes = ") if data.classes else ()
