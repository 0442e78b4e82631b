"""Live changes of the data: one input, one target, noise and samples of a generator, scaling, drawing all anew.

The data set is copied with the value replaced; what standardisation was fitted on stays as it was. Drawing
or scaling the data anew replaces values that were set by hand.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nn_tui.core.data.dataset import load
from nn_tui.core.data.features import inputs_for
from nn_tui.core.data.generators import MAX_NOISE, MAX_SAMPLES
from nn_tui.core.edits.common import a_count, a_number, changed, in_words, must_differ, shown, standing
from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Dataset, DataSpec, Experiment


def set_input(run: Run, at: int, row: int, column: int, value: float) -> Run:
    """Input ``column`` of training row ``row``, as the network gets it: after features and standardisation.

    The point in the plot follows. Where the inputs are features, x1 and x2 move the point and with it all
    features of that row; the others are computed and refused.
    """
    experiment, _ = standing(run, at)
    data = experiment.data
    name = f"x{column + 1}"
    _check_place(data.x, name, row, column)
    value = a_number(name, value)
    must_differ(f"{name} of sample {row + 1}", float(data.x[row, column]), value)
    raw = column
    if data.features:
        feature = data.features[column]
        settable = [f"x{n + 1}" for n, each in enumerate(data.features) if each in ("x1", "x2")]
        if feature not in ("x1", "x2"):
            other = f"set {' or '.join(settable)} instead" if settable else "add x1 and x2 to the features to set them"
            raise InputError(f"{name} is computed from the inputs as {feature}; {other}.")
        raw = ("x1", "x2").index(feature)
    points, x = data.points.copy(), data.x.copy()
    with np.errstate(all="ignore"):
        points[row, raw] = value * data.x_scale[column] + data.x_mean[column] if data.x_mean.size else value
    x[row] = inputs_for(data, points[row : row + 1])[0]
    x[row, column] = value  # to the last bit, whatever standardisation there and back makes of it
    if not (np.isfinite(x[row]).all() and np.isfinite(points[row]).all()):
        raise InputError(f"{name}: {value:g} is so large that the inputs overflow; use a smaller number.")
    new = replace(data, x=_fixed(x), points=_fixed(points))
    return changed(run, at, replace(experiment, data=new), f"{name} of sample {row + 1} = {shown(value)}")


def set_target(run: Run, at: int, row: int, column: int, value: float) -> Run:
    """Target ``column`` of training row ``row``, which must suit the loss.

    Where the row names one of several classes (one 1, the rest 0), writing 1 elsewhere moves the 1 there.
    """
    experiment, _ = standing(run, at)
    data = experiment.data
    name = f"y{column + 1}"
    _check_place(data.y, name, row, column)
    value = a_number(name, value)
    must_differ(f"{name} of sample {row + 1}", float(data.y[row, column]), value)
    y = data.y.copy()
    one_hot = y.shape[1] > 1 and np.isin(y[row], (0.0, 1.0)).all() and y[row].sum() == 1.0
    if one_hot and value == 1.0 and data.classes:
        y[row] = 0.0
    elif one_hot and experiment.training.loss == "cross_entropy":
        raise InputError(
            f"{name}: {value:g} does not fit cross_entropy, whose targets sum to 1; "
            "write 1 at the class that is right, and the others become 0."
        )
    y[row, column] = value
    label = f"{name} of sample {row + 1} = {shown(value)}"
    return changed(run, at, replace(experiment, data=replace(data, y=_fixed(y))), label)


def set_noise(run: Run, at: int, value: float) -> Run:
    """The generator's noise; the same seed draws the same points with more or less of it."""
    experiment, _ = standing(run, at)
    spec = _generated(experiment, "noise")
    value = a_number("noise", value, least=0, most=MAX_NOISE)
    must_differ("noise", spec.noise, value)
    return _loaded(run, at, experiment, replace(spec, noise=value), f"noise {shown(spec.noise)} → {shown(value)}")


def set_samples(run: Run, at: int, count: int) -> Run:
    """How many samples the generator draws, test part included."""
    experiment, _ = standing(run, at)
    spec = _generated(experiment, "samples")
    count = a_count("samples", count, least=1, most=MAX_SAMPLES)
    must_differ("samples", spec.samples, count)
    return _loaded(run, at, experiment, replace(spec, samples=count), f"samples {spec.samples} → {count}")


def set_standardize(run: Run, at: int, on: bool) -> Run:
    """Whether the inputs are brought to mean 0 and deviation 1, fitted on the training part; the weights stay."""
    experiment, _ = standing(run, at)
    spec = experiment.preset.data
    must_differ("standardize", spec.standardize, on)
    return _loaded(run, at, experiment, replace(spec, standardize=on), f"standardize {shown(on)}")


def regenerate(run: Run, at: int, seed: int | None = None) -> Run:
    """Data, split and batch order drawn anew from ``seed`` (default: the next one); the weights stay."""
    experiment, _ = standing(run, at)
    spec = experiment.preset.data
    if spec.generator is None and spec.test_fraction == 0.0:
        what = "table" if spec.csv is None else "file"
        raise InputError(f"data seed: this data is a {what} without a test part; there is nothing to draw anew.")
    seed = a_count("data seed", experiment.seed + 1 if seed is None else seed, least=0, most=MAX_SEED)
    must_differ("data seed", experiment.seed, seed)
    return _loaded(run, at, replace(experiment, seed=seed), spec, f"data seed {seed}")


def _check_place(values: Array, name: str, row: int, column: int) -> None:
    rows, columns = values.shape
    if not 0 <= row < rows:
        raise InputError(f"there is no sample {row + 1}: the training data has samples 1 to {rows}.")
    if not 0 <= column < columns:
        raise InputError(f"there is no {name}: it goes from {name[0]}1 to {name[0]}{columns}.")


def _generated(experiment: Experiment, name: str) -> DataSpec:
    spec = experiment.preset.data
    if spec.generator is None:
        what = "table" if spec.csv is None else "file"
        raise InputError(f"{name}: this data is a {what}; only generated data, such as circles or spiral, has {name}.")
    return spec


def _loaded(run: Run, at: int, experiment: Experiment, spec: DataSpec, label: str) -> Run:
    with in_words():
        data: Dataset = load(spec, experiment.seed, experiment.preset.folder, outputs=experiment.layers[-1].units)
    preset = replace(experiment.preset, data=spec)
    return changed(run, at, replace(experiment, preset=preset, data=data), label)


def _fixed(values: Array) -> Array:
    """Nobody writes to the data of a run: threads share it."""
    values.flags.writeable = False
    return values
