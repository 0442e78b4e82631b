"""Live changes of whole rows of the data: all inputs or targets of a sample, a typed table, the number of inputs.

If the number of inputs or outputs changes, the parameters that survive keep their values and their optimiser state, and
new ones are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nn_tui.core.data.dataset import load_data
from nn_tui.core.edits.common import apply_change, at_update, require_change
from nn_tui.core.edits.data import check_distribution, check_row, is_one_hot, with_input, with_target
from nn_tui.core.edits.shape import fit_to_data
from nn_tui.core.errors import InputError
from nn_tui.core.fields import check_int
from nn_tui.core.refs import Ref
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Dataset, DataSpec, Matrix
from nn_tui.core.table.values import MAX_COLUMNS
from nn_tui.core.translation import Message, message, message_plural


def set_inputs(run: Run, update: int, row: int, values: Sequence[float]) -> Run:
    """Set all inputs of one sample, in the units of the network.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        row: A row of the training data, from 0.
        values: A number for each input.
    """
    experiment, _ = at_update(run, update)
    data = experiment.data
    check_row(data, ("data", "inputs", row), row)
    _check_count(
        "x",
        values,
        data.x.shape[1],
        message_plural(
            "the network has {count} input, so write {count} number; inputs = {typed} changes that.",
            "the network has {count} inputs, so write {count} numbers; inputs = {typed} changes that.",
            data.x.shape[1],
            typed=len(values),
        ),
    )
    old = data.x[row].tolist()
    for column, value in enumerate(values):
        is_settable = not data.features or data.features[column] in ("x1", "x2")
        if is_settable and value != old[column]:
            data = with_input(data, row, column, value)
    if data.features:
        for column in np.flatnonzero(~np.isclose(data.x[row], values, rtol=1e-4, atol=1e-4)).tolist():
            with_input(data, row, column, values[column])  # raises, because this feature is computed otherwise
    change = _numbers_change(Ref("x", sample=row), old, data.x[row].tolist() if data.features else values)
    return apply_change(run, update, replace(experiment, data=data), change)


def set_targets(run: Run, update: int, row: int, values: Sequence[float]) -> Run:
    """Set all targets of one sample, in the units of the network.

    They must suit the loss, and classes stay one-hot where the loss needs them so. The arguments are those of
    :func:`set_inputs`.
    """
    experiment, _ = at_update(run, update)
    data = experiment.data
    check_row(data, ("data", "targets", row), row)
    _check_count(
        "y",
        values,
        data.y.shape[1],
        message_plural(
            "the network has {count} output, so write {count} number.",
            "the network has {count} outputs, so write {count} numbers.",
            data.y.shape[1],
        ),
    )
    if data.classes and is_one_hot(data.y[row]) and not is_one_hot(values):
        column = next((n for n, value in enumerate(values) if value not in (0.0, 1.0)), 0)
        check_distribution(experiment, ("data", "targets", row, column), values[column])
    change = _numbers_change(Ref("y", sample=row), data.y[row].tolist(), values)
    return apply_change(run, update, replace(experiment, data=with_target(data, row, values)), change)


def set_table(run: Run, update: int, inputs: Matrix, targets: Matrix) -> Run:
    """Replace the data by a typed table, as it is: without a test part, features or standardisation.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        inputs: The inputs (samples, inputs).
        targets: The targets (samples, outputs).
    """
    experiment, _ = at_update(run, update)
    spec = DataSpec(inputs=inputs, targets=targets)
    same_numbers = np.array_equal(experiment.data.x, inputs) and np.array_equal(experiment.data.y, targets)
    if experiment.preset.data == spec and same_numbers:
        raise InputError("unchanged", message("these are the current values."), path=("data",), value=inputs)
    return _reload(run, update, spec, Change("rows", old=len(experiment.data.x), new=len(inputs)))


def set_input_count(run: Run, update: int, count: int) -> Run:
    """Set the number of inputs of a table; a new input is 0 in each sample, and the last ones are removed first."""
    experiment, _ = at_update(run, update)
    spec, data = experiment.preset.data, experiment.data
    path = ("data", "inputs")
    if spec.inputs is None or spec.targets is None or spec.features:
        problem = message(
            "only typed data can get another number of inputs; write your data first, for example {example}.",
            example="data = 0 1 -> 1; 1 1 -> 0",
        )
        raise InputError("not_available", problem, path=path, value=count)
    count = check_int(count, path, min_=1, max_=MAX_COLUMNS)
    require_change(path, data.x.shape[1], count)
    added = (0.0,) * (count - data.x.shape[1])
    spec = replace(spec, inputs=tuple((*row[:count], *added) for row in spec.inputs))
    change = Change("inputs", old=data.x.shape[1], new=count)
    return _reload(run, update, spec, change, keep_set_values=True)


def _with_set_values(loaded: Dataset, old: Dataset) -> Dataset:
    """Return ``loaded`` with the training values of ``old``, the same rows with more or fewer inputs."""
    shared = min(loaded.x.shape[1], old.x.shape[1])
    x, points = (
        np.hstack([old_values[:, :shared], new_values[:, shared:]])
        for old_values, new_values in ((old.x, loaded.x), (old.points, loaded.points))
    )
    x.flags.writeable = points.flags.writeable = False  # because several threads share the data of a run
    old_targets = {name: getattr(old, name) for name in ("y", "y_mean", "y_scale", "targets")}
    return replace(loaded, x=x, points=points, **old_targets)


def _reload(run: Run, update: int, spec: DataSpec, change: Change, keep_set_values: bool = False) -> Run:
    """Load the data of ``spec``, and return the run that continues with it and with layers that fit."""
    experiment, _ = at_update(run, update)
    data = load_data(spec, experiment.seed, None)
    if keep_set_values:
        data = _with_set_values(data, experiment.data)
    preset = replace(experiment.preset, data=spec)
    return fit_to_data(run, update, replace(experiment, preset=preset, data=data), change)


def _numbers_change(first: Ref, old: Sequence[float], new: Sequence[float]) -> Change:
    """Return the change of a row of numbers; ``first`` is the address of its first number."""
    if list(old) == list(new):
        path = ("data", "inputs" if first.quantity == "x" else "targets", first.sample)
        raise InputError("unchanged", message("these are the current values."), path=path, value=list(new))
    if len(new) == 1:
        return Change("number", ref=first, old=old[0], new=new[0])
    return Change("numbers", ref=first, new=len(new))


def _check_count(name: str, values: Sequence[float], count: int, problem: Message) -> None:
    if len(values) != count:
        raise InputError("wrong_shape", problem, path=(name,), value=list(values))
