"""Live changes of the data: one input or target, the generator's noise and samples, standardisation, a new drawing.

A change copies the data set and replaces the value. The numbers of the standardisation stay as they were fitted. New
drawings and a change of the standardisation replace values that were set by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nn_tui.core.data.dataset import load_data
from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.generators import MAX_NOISE, MAX_SAMPLES
from nn_tui.core.data.units import has_standardized_targets, to_raw_units
from nn_tui.core.edits.common import (
    apply_change,
    at_update,
    require_change,
)
from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.fields import check_float, check_int
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.refs import Ref
from nn_tui.core.run.change import Change, setting_change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Dataset, DataSpec, Experiment
from nn_tui.core.translation import message

_DATA_SEED = ("data", "seed")


def set_input(run: Run, update: int, row: int, column: int, value: float) -> Run:
    """Set an input of one sample, in the units of the network: after features and standardisation.

    The point in the plot follows. If the inputs are features, setting x1 or x2 moves the point and all features of
    that row; the other features are computed, so they cannot be set.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        row: A row of the training data, from 0.
        column: An input, from 0.
        value: The new value.
    """
    experiment, _ = at_update(run, update)
    path = ("data", "inputs", row, column)
    _check_position(experiment.data, path, row, column)
    value = check_float(value, path)
    old = float(experiment.data.x[row, column])
    require_change(path, old, value)
    data = with_input(experiment.data, row, column, value)
    change = Change("number", ref=Ref("x", unit=column, sample=row), old=old, new=value)
    return apply_change(run, update, replace(experiment, data=data), change)


def with_input(data: Dataset, row: int, column: int, value: float) -> Dataset:
    """Return the data with another value of one input, in the units of the network."""
    path = ("data", "inputs", row, column)
    point_column = column
    if data.features:
        feature = data.features[column]
        settable = [f"x{n + 1}" for n, other in enumerate(data.features) if other in ("x1", "x2")]
        if feature not in ("x1", "x2"):
            problem = message(
                "it is computed from the inputs as {feature}; add x1 and x2 to the features to set them.",
                feature=feature,
            )
            if settable:
                problem = message(
                    "it is computed from the inputs as {feature}; these can be set: {settable}.",
                    feature=feature,
                    settable=", ".join(settable),
                )
            raise InputError("computed", problem, path=path, value=value)
        point_column = ("x1", "x2").index(feature)
    points, x = data.points.copy(), data.x.copy()
    with np.errstate(all="ignore"):
        points[row, point_column] = value * data.x_scale[column] + data.x_mean[column] if data.x_mean.size else value
    x[row] = network_inputs(data, points[row : row + 1])[0]
    x[row, column] = value  # exact, although the way through the point rounds it
    if not (np.isfinite(x[row]).all() and np.isfinite(points[row]).all()):
        problem = message("{value:g} is so large that the inputs overflow; use a smaller number.", value=value)
        raise InputError("overflow", problem, path=path, value=value)
    return replace(data, x=_read_only(x), points=_read_only(points))


def set_target(run: Run, update: int, row: int, column: int, value: float) -> Run:
    """Set a target of one sample, in the units of the network: after standardisation. It must suit the loss.

    If the row is one-hot (one 1, the rest 0) and the targets are classes, a 1 at another column moves the 1 there.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        row: A row of the training data, from 0.
        column: An output, from 0.
        value: The new value.
    """
    experiment, _ = at_update(run, update)
    data = experiment.data
    path = ("data", "targets", row, column)
    _check_position(data, path, row, column)
    value = check_float(value, path)
    old = float(data.y[row, column])
    require_change(path, old, value)
    y = data.y.copy()
    one_hot = is_one_hot(y[row])
    if one_hot and value == 1.0 and data.classes:
        y[row] = 0.0
    elif one_hot:
        check_distribution(experiment, path, value)
    y[row, column] = value
    change = Change("number", ref=Ref("y", unit=column, sample=row), old=old, new=value)
    return apply_change(run, update, replace(experiment, data=with_target(data, row, y[row].tolist())), change)


def is_one_hot(targets: Sequence[float] | Array) -> bool:
    """Return whether the targets of one sample are a 1 and otherwise 0, of several columns."""
    return len(targets) > 1 and all(value in (0.0, 1.0) for value in targets) and sum(targets) == 1.0


def check_distribution(experiment: Experiment, path: KeyPath, value: float) -> None:
    """Raise InputError for a ``value`` that ends the one-hot coding of a sample if the targets must sum to 1."""
    if LOSSES[experiment.training.loss].targets == "distribution":
        problem = message(
            "{value:g} does not fit {loss}, whose targets sum to 1; "
            "write 1 at the right class, and the others become 0.",
            value=value,
            loss=experiment.training.loss,
        )
        raise InputError("conflict", problem, path=path, value=value)


def with_target(data: Dataset, row: int, values: Sequence[float]) -> Dataset:
    """Return the data with other targets of one sample, in the units of the network."""
    path = ("data", "targets", row)
    y = data.y.copy()
    y[row] = values
    if not has_standardized_targets(data):
        return replace(data, y=_read_only(y))
    targets = data.targets.copy()
    targets[row] = to_raw_units(data, y[row : row + 1])[0]
    if not np.isfinite(targets[row]).all():
        problem = message(
            "{value:g} is so large that the target overflows; use a smaller number.", value=max(values, key=abs)
        )
        raise InputError("overflow", problem, path=path, value=list(values))
    return replace(data, y=_read_only(y), targets=_read_only(targets))


def set_noise(run: Run, update: int, value: float) -> Run:
    """Set the generator's noise; the seed stays, so the points are the same apart from the noise."""
    experiment, _ = at_update(run, update)
    spec = _generator_spec(experiment, "noise")
    value = check_float(value, ("data", "noise"), min_=0, max_=MAX_NOISE)
    require_change(("data", "noise"), spec.noise, value)
    return _reload(run, update, experiment, replace(spec, noise=value), setting_change("noise", spec.noise, value))


def set_samples(run: Run, update: int, count: int) -> Run:
    """Set how many samples the generator draws, including the test part."""
    experiment, _ = at_update(run, update)
    spec = _generator_spec(experiment, "samples")
    count = check_int(count, ("data", "samples"), min_=1, max_=MAX_SAMPLES)
    require_change(("data", "samples"), spec.samples, count)
    return _reload(
        run, update, experiment, replace(spec, samples=count), setting_change("samples", spec.samples, count)
    )


def set_standardize(run: Run, update: int, on: bool) -> Run:
    """Choose whether the inputs are scaled to mean 0 and deviation 1 of the training part; the weights stay."""
    experiment, _ = at_update(run, update)
    spec = experiment.preset.data
    require_change(("data", "standardize"), spec.standardize, on)
    return _reload(run, update, experiment, replace(spec, standardize=on), setting_change("standardize", not on, on))


def set_standardize_target(run: Run, update: int, on: bool) -> Run:
    """Choose whether targets that are numbers are scaled to mean 0 and deviation 1; the weights stay."""
    experiment, _ = at_update(run, update)
    spec = experiment.preset.data
    require_change(("data", "standardize_target"), spec.standardize_target, on)
    spec = replace(spec, standardize_target=on)
    return _reload(run, update, experiment, spec, setting_change("standardize_target", not on, on))


def regenerate(run: Run, update: int, seed: int | None = None) -> Run:
    """Draw data, split and batch order anew from ``seed`` (None: the next seed); the weights stay."""
    experiment, _ = at_update(run, update)
    spec = experiment.preset.data
    if spec.generator is None and spec.test_fraction == 0.0:
        problem = message("this data is a table without a test part; nothing in it is random.")
        if spec.csv is not None:
            problem = message("this data is a file without a test part; nothing in it is random.")
        if experiment.data.table is not None and experiment.data.table.test_rows:
            problem = message("the test part is a file of its own, so nothing in this data is random.")
        raise InputError("not_available", problem, path=_DATA_SEED)
    seed = check_int(experiment.seed + 1 if seed is None else seed, _DATA_SEED, min_=0, max_=MAX_SEED)
    require_change(_DATA_SEED, experiment.seed, seed)
    change = Change("data_seed", old=experiment.seed, new=seed)
    return _reload(run, update, replace(experiment, seed=seed), spec, change)


def check_row(data: Dataset, path: KeyPath, row: int) -> None:
    """Raise InputError if the training data has no such ``row``."""
    rows = len(data.x)
    if not 0 <= row < rows:
        problem = message("there is no such sample; the training data has samples 1 to {rows}.", rows=rows)
        raise InputError("not_found", problem, path=path, value=row)


def _check_position(data: Dataset, path: KeyPath, row: int, column: int) -> None:
    check_row(data, path, row)
    letter, columns = ("x", data.x.shape[1]) if path[1] == "inputs" else ("y", data.y.shape[1])
    if not 0 <= column < columns:
        problem = message("there is no such number; the last one of a sample is {last}.", last=f"{letter}{columns}")
        raise InputError("not_found", problem, path=path, value=column)


def _generator_spec(experiment: Experiment, name: str) -> DataSpec:
    spec = experiment.preset.data
    if spec.generator is None:
        problem = message(
            "this data is a table; only generated data, such as circles or spiral, has {name}.", name=name
        )
        if spec.csv is not None:
            problem = message(
                "this data is a file; only generated data, such as circles or spiral, has {name}.", name=name
            )
        raise InputError("not_available", problem, path=("data", name))
    return spec


def _reload(run: Run, update: int, experiment: Experiment, spec: DataSpec, change: Change) -> Run:
    """Load the data that ``spec`` describes, and return the run that continues with it."""
    data = load_data(
        spec,
        experiment.seed,
        experiment.preset.folder,
        outputs=experiment.layers[-1].units,
        table=experiment.data.table,
    )
    preset = replace(experiment.preset, data=spec)
    return apply_change(run, update, replace(experiment, preset=preset, data=data), change)


def _read_only(values: Array) -> Array:
    """Make an array read-only, because several threads share the data of a run."""
    values.flags.writeable = False
    return values
