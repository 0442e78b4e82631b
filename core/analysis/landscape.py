"""A slice of the loss around the parameters: two directions, a grid of losses, and the path of the run so far.

:func:`plan_grid` reads the run, so only the thread that drives the run may call it. The :class:`GridPlan` that it
returns shares nothing with the run, so :func:`evaluate_grid` may fill the grid in another thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.blas import threads_for, use_threads
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError
from nn_tui.core.nn.arrays import ForwardArrays, append_ones, parameter_count, split_parameters
from nn_tui.core.nn.losses import penalty, scale
from nn_tui.core.refs import Ref
from nn_tui.core.rng import stream
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment
from nn_tui.core.translation import Message, message

MAX_ROWS = 500
MAX_PATH_POINTS = 40
GRID_SIZE = 41  # odd, so that the parameters themselves are a point of the grid
MAX_RADIUS = 4.0  # of a plane of random directions that grows with the path; in lengths of the weights
MAX_REPLAYED_UPDATES, MAX_REPLAYED_MULTIPLY_ADDS = 2560, 3e8  # of a replay that places the path's points evenly
MAX_AXIS_RATIO = 3.0  # of the ranges of two chosen parameters
MAX_COSINE = 0.5  # between random directions; those of small networks are often nearly parallel
MAX_DRAWS = 20  # of random directions
MAX_PARAMETER = 1e100  # the squares of larger parameters soon overflow


@dataclass(frozen=True, slots=True, eq=False)
class GridPlan:
    """The input of :func:`evaluate_grid`, as copies.

    Attributes:
        experiment: The experiment with the training rows of the grid, all in one batch.
        center: The parameters in the middle of the grid (parameters,).
        directions: Two directions (2, parameters) that span the plane.
        xs: The steps along the first direction, 0 in the middle.
        ys: The steps along the second direction, 0 in the middle.
        origin: The labels of the axes in the middle: the values of two chosen parameters, or 0.
        names: The names of the axes.
        path: The path of the run (points, 2), in steps.
        updates: The updates of the points of the path.
        update: The update in the middle.
        threads: The number of BLAS threads of the run, whose own passes another thread may compute meanwhile.
    """

    experiment: Experiment
    center: Array
    directions: Array
    xs: Array
    ys: Array
    origin: tuple[float, float]
    names: tuple[str | Message, str | Message]
    path: Array
    updates: NDArray[np.intp]
    update: int
    threads: int


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """The loss of the training rows, including the penalty, on a plane through the parameters.

    Attributes:
        xs: The coordinates of the columns.
        ys: The coordinates of the rows.
        losses: The losses (len(ys), len(xs)); some may be NaN or infinite.
        path: The parameters after ``updates``, projected onto the plane (points, 2); the last point is the middle.
        updates: The updates of the points of the path.
        names: The names of the axes.
        loss: The loss in the middle.
        update: The update in the middle.
        rows: The number of training rows that the loss is computed over.
    """

    xs: Array
    ys: Array
    losses: Array
    path: Array
    updates: NDArray[np.intp]
    names: tuple[str | Message, str | Message]
    loss: float
    update: int
    rows: int


def plan_grid(
    run: Run,
    update: int,
    *,
    axes: tuple[Ref, Ref] | None = None,
    seed: int | None = None,
    size: int = GRID_SIZE,
    radius: float | None = None,
) -> GridPlan:
    """Choose the plane around the parameters after ``update``, and project the path of the run onto it.

    Replays some of the run.

    Args:
        run: The run.
        update: The update whose parameters are the middle of the grid.
        axes: Two weights or biases to span the plane. None means two random directions in which every unit's part is as
            long as that unit's weights, and biases stay (Li, Xu, Taylor, Studer, Goldstein 2018, "Visualizing the Loss
            Landscape of Neural Nets"); a network of one weight gets that weight and its bias.
        seed: The seed of the random directions; None is the experiment's.
        size: Points per axis; an even number becomes the next odd one.
        radius: How far the plane reaches to each side; None is as far as the path, within limits.

    Raises:
        InputError: The axes are not two different parameters, or the parameters are not finite or too large.
    """
    segment = run.segment(update)
    experiment, sizes = segment.experiment, segment.experiment.sizes
    state = run.state_after(update)
    center = state.parameters.copy()
    if not np.abs(center).max() <= MAX_PARAMETER:
        problem = message(
            "the parameters after update {update} are too large; step back to see the landscape.", update=update
        )
        raise InputError("overflow", problem)
    if axes is None and _trainable_weights(experiment) < 2:
        axes = (Ref("w", 0, 0, 0), Ref("b", 0, 0))
    if axes is None:
        directions = _random_directions(state, experiment, experiment.seed if seed is None else seed)
        origin = 0.0, 0.0
        names: tuple[str | Message, str | Message] = message("direction 1"), message("direction 2")
    else:
        indices = [_parameter_index(ref, sizes) for ref in axes]
        if indices[0] == indices[1]:
            problem = message("both axes are {name}; choose two different parameters.", name=axes[0].symbol)
            raise InputError("duplicate", problem, value=axes)
        directions = np.zeros((2, center.size))
        directions[(0, 1), indices] = 1.0
        origin = float(center[indices[0]]), float(center[indices[1]])
        names = axes[0].symbol, axes[1].symbol
    updates = _path_updates(run, update)
    with np.errstate(all="ignore"):
        # Least squares by its normal equations: only two numbers of each state are needed.
        products = np.array([directions @ (run.state_after(index).parameters - center) for index in updates])
    finite = np.isfinite(products).all(axis=1)
    path = np.linalg.solve(directions @ directions.T, products[finite].T).T
    radii = 1.1 * np.abs(path).max(axis=0)
    if radius is not None:
        radii = np.array([radius, radius])
    elif axes is None:
        radii = np.repeat(np.clip(radii.max(), 1.0, MAX_RADIUS), 2)
    else:
        # The scales are similar, so that a ravine looks like one.
        radii = np.maximum(radii, max(1.0, float(radii.max()) / MAX_AXIS_RATIO))
    steps = np.arange(-(size // 2), size // 2 + 1) / max(1, size // 2)
    return GridPlan(
        _with_some_rows(experiment), center, directions, radii[0] * steps, radii[1] * steps, origin, names,
        path, np.array(updates, dtype=np.intp)[finite], update, threads_for(segment.engine.sizes, segment.engine.batch),
    )  # fmt: skip


def evaluate_grid(
    plan: GridPlan,
    progress: Callable[[float], None] = lambda done: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Landscape | None:
    """Compute the losses of the grid, row by row.

    It changes nothing but its own buffers. Losses that overflow are infinite or NaN.

    Args:
        plan: The plan of the grid.
        progress: Called after each row with the fraction that is done, 0 to 1.
        should_stop: Called before each loss.

    Returns:
        The landscape, or None if ``should_stop`` returned True.
    """
    use_threads(plan.threads)
    engine = Engine(plan.experiment)
    state = State(np.zeros((1, plan.center.size)), engine.sizes)
    arrays = ForwardArrays(engine.sizes, append_ones(plan.experiment.data.x))
    training = plan.experiment.training
    factor = scale(engine.loss, training.reduction, engine.rows, engine.sizes[-1])

    def loss_at(x: float, y: float) -> float:
        state.parameters[...] = plan.center + x * plan.directions[0] + y * plan.directions[1]
        engine.forward(state, arrays)
        terms = engine.loss.terms(arrays.z[-1], arrays.a[-1], plan.experiment.data.y)
        return float(terms.sum()) * factor + penalty(state.weights, training.l1, training.l2)

    losses = np.empty((len(plan.ys), len(plan.xs)))
    with np.errstate(all="ignore"):
        for row, y in enumerate(plan.ys):
            for column, x in enumerate(plan.xs):
                if should_stop():
                    return None
                losses[row, column] = loss_at(float(x), float(y))
            progress((row + 1) / len(plan.ys))
        loss = loss_at(0.0, 0.0)
    return Landscape(
        plan.origin[0] + plan.xs, plan.origin[1] + plan.ys, losses, plan.path + plan.origin, plan.updates,
        plan.names, loss, plan.update, engine.rows,
    )  # fmt: skip


def _with_some_rows(experiment: Experiment) -> Experiment:
    """Return the experiment with at most MAX_ROWS evenly spread training rows, all in one batch."""
    data = experiment.data
    rows = np.linspace(0, len(data.x) - 1, min(len(data.x), MAX_ROWS)).astype(np.intp)
    return replace(
        experiment,
        data=replace(data, x=data.x[rows], y=data.y[rows]),
        training=replace(experiment.training, batch_size=None),
    )


def _trainable_weights(experiment: Experiment) -> int:
    """Return how many weights updates change."""
    pairs = zip(pairwise(experiment.sizes), experiment.layers, strict=True)
    return sum(inputs * units for (inputs, units), layer in pairs if layer.train_weights)


def _parameter_index(ref: Ref, sizes: tuple[int, ...]) -> int:
    """Return the index of a weight or bias in the flat vector of parameters."""
    valid = ref.is_parameter and 0 <= ref.layer < len(sizes) - 1 and 0 <= ref.unit < sizes[ref.layer + 1]
    if not valid or (ref.is_weight and not 0 <= ref.input < sizes[ref.layer]):
        problem = message(
            "{name} is not a weight or bias of this network; write for example w1[1,1] or b1[1].", name=ref.symbol
        )
        raise InputError("not_found", problem, value=ref)
    inputs = sizes[ref.layer]
    column = ref.input if ref.is_weight else inputs
    return parameter_count(sizes[: ref.layer + 1]) + ref.unit * (inputs + 1) + column


def _random_directions(state: State, experiment: Experiment, seed: int) -> Array:
    """Draw two filter-normalised directions (2, parameters); draw again if they are nearly parallel."""
    best, lowest_cosine = np.zeros((2, state.array.shape[1])), np.inf
    for draw in range(MAX_DRAWS):
        rng = stream(seed, "landscape", draw)
        pair = np.stack([_random_direction(state, experiment, rng) for _ in range(2)])
        lengths = np.linalg.norm(pair, axis=1)
        cosine = abs(float(pair[0] @ pair[1])) / float(lengths.prod())
        if cosine < lowest_cosine:
            best, lowest_cosine = pair, cosine
        if cosine <= MAX_COSINE:
            break
    return best


def _random_direction(state: State, experiment: Experiment, rng: np.random.Generator) -> Array:
    flat = np.zeros(state.array.shape[1])
    parts = split_parameters(flat, experiment.sizes)
    for augmented, weights, layer in zip(parts, state.weights, experiment.layers, strict=True):
        part = augmented[:, :-1]
        drawn = rng.normal(size=part.shape)
        if not layer.train_weights:
            continue
        lengths = np.linalg.norm(weights, axis=1, keepdims=True)
        # Weights that are all 0 have no length; with 1 instead the plane still has an extent there.
        lengths[lengths == 0.0] = 1.0
        part[...] = drawn * (lengths / np.linalg.norm(drawn, axis=1, keepdims=True))
    return flat


def _path_updates(run: Run, update: int) -> list[int]:
    """Select about MAX_PATH_POINTS updates that end with ``update`` and whose states are cheap to get.

    They go back to the last change of the network's shape.
    """
    sizes = run.segment(update).experiment.sizes
    first = update
    for segment in reversed(run.segments):
        if segment.start <= update:
            if segment.experiment.sizes != sizes:
                break
            first = segment.start
    engine = run.segment(update).engine
    length = update - first
    multiply_adds = float(length) * engine.batch * engine.parameters
    if length <= MAX_REPLAYED_UPDATES and multiply_adds <= MAX_REPLAYED_MULTIPLY_ADDS:
        return sorted({int(index) for index in np.linspace(first, update, MAX_PATH_POINTS).round()})
    # Keyframes lie at multiples of a power of two: half as many points as there are keyframes all fall on one.
    keyframes = run.states.limits.keyframe_capacity(run.segment(update).state)
    step = 64
    while length > step * min(keyframes // 2, MAX_PATH_POINTS - 2):
        step *= 2
    return sorted({first, update, *range((first // step + 1) * step, update, step)})
