"""A slice of the loss around the parameters: two directions, a grid of losses, and the path of the run so far.

A network that trains only two parameters has them as axes, and one that trains a single parameter a curve of the loss.

:func:`plan_grid` reads the run, so only the thread that drives the run may call it. The :class:`GridPlan` that it
returns shares nothing with the run, so :func:`evaluate_grid` may fill the grid in another thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.analysis.landscape_axes import parameter_index, random_directions, trained_parameters
from nn_tui.core.analysis.landscape_window import window_on_curve, window_on_plane
from nn_tui.core.engine.blas import use_threads
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError
from nn_tui.core.nn.arrays import ForwardArrays, append_ones
from nn_tui.core.nn.losses import penalty, scale
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment
from nn_tui.core.translation import Message, message

MAX_ROWS = 500
MAX_PATH_POINTS = 40
MAX_PATH_POINTS_OF_FEW = 200  # of a network that trains at most two parameters: its zigzag is to be seen
GRID_SIZE = 41  # odd, so that the parameters themselves are a point of the grid
GRID_SIZE_OF_FEW, CURVE_SIZE = 81, 241  # of a network that trains two parameters, or one
MAX_RADIUS = 4.0  # of a plane of random directions that grows with the path; in lengths of the weights
MAX_REPLAYED_UPDATES, MAX_REPLAYED_MULTIPLY_ADDS = 2560, 3e8  # of a replay that places the path's points evenly
MAX_AXIS_RATIO = 3.0  # of the ranges of two chosen parameters
MAX_PARAMETER = 1e100  # the squares of larger parameters soon overflow


@dataclass(frozen=True, slots=True, eq=False)
class GridPlan:
    """The input of :func:`evaluate_grid`, as copies.

    Attributes:
        experiment: The experiment with the training rows of the grid, all in one batch.
        center: The parameters in the middle of the grid (parameters,).
        directions: Two directions (2, parameters) that span the plane; the second is 0 for a curve.
        xs: The steps along the first direction, 0 in the middle.
        ys: The steps along the second direction, 0 in the middle; only 0 for a curve.
        is_whole: Whether the axes are all parameters that are trained. Then the window is chosen to hold the minima.
        origin: The labels of the axes in the middle: the values of two chosen parameters, or 0.
        names: The names of the axes.
        axes: The weights or biases that are the axes; a single one for a curve, none for random directions.
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
    is_whole: bool
    origin: tuple[float, float]
    names: tuple[str | Message, str | Message]
    axes: tuple[Ref, ...]
    path: Array
    updates: NDArray[np.intp]
    update: int
    threads: int


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """The loss of the training rows, including the penalty, on a plane through the parameters.

    Attributes:
        xs: The coordinates of the columns.
        ys: The coordinates of the rows; a single one for a curve.
        losses: The losses (len(ys), len(xs)); some may be NaN or infinite.
        path: The parameters after ``updates``, projected onto the plane (points, 2); the last point has ``loss``.
        updates: The updates of the points of the path.
        names: The names of the axes.
        loss: The loss after ``update``.
        update: The update of the parameters through which the plane goes.
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
    size: int | None = None,
    radius: float | None = None,
) -> GridPlan:
    """Choose the plane around the parameters after ``update``, and project the path of the run onto it.

    Replays some of the run.

    Args:
        run: The run.
        update: The update whose parameters are the middle of the grid.
        axes: Two weights or biases to span the plane. None means two random directions in which every unit's part is as
            long as that unit's weights, and biases stay (Li, Xu, Taylor, Studer, Goldstein 2018, "Visualizing the Loss
            Landscape of Neural Nets"). But a network that trains at most two parameters gets these,
            and one that trains fewer than two weights its first two parameters.
        seed: The seed of the random directions; None is the experiment's.
        size: Points per axis; an even number becomes the next odd one. None means a number that fits the network.
        radius: How far the plane reaches to each side; None is as far as the path, within limits, or as far as the
            minima if the axes are all parameters that are trained.

    Raises:
        InputError: The axes are not two different parameters, no parameter is trained, or the parameters are not
            finite or too large.
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
    trained = trained_parameters(experiment)
    if not trained:
        raise InputError("conflict", message("no weight or bias is trained; unfreeze one to see the landscape."))
    chosen: tuple[Ref, ...] | None = axes
    if axes is None and (len(trained) <= 2 or sum(ref.is_weight for ref in trained) < 2):
        chosen = trained[:2]
    is_whole = chosen is not None and set(chosen) == set(trained)
    if chosen is None:
        directions = random_directions(state, experiment, experiment.seed if seed is None else seed)
        origin = 0.0, 0.0
        names: tuple[str | Message, str | Message] = message("direction 1"), message("direction 2")
    else:
        indices = [parameter_index(ref, sizes) for ref in chosen]
        if len(set(indices)) < len(indices):
            problem = message("both axes are {name}; choose two different parameters.", name=chosen[0].symbol)
            raise InputError("duplicate", problem, value=axes)
        directions = np.zeros((2, center.size))
        directions[range(len(indices)), indices] = 1.0
        origin = float(center[indices[0]]), float(center[indices[1]]) if len(indices) > 1 else 0.0
        names = chosen[0].symbol, chosen[1].symbol if len(chosen) > 1 else message("loss")
    is_curve = not directions[1].any()
    updates = _path_updates(run, update, MAX_PATH_POINTS_OF_FEW if is_whole else MAX_PATH_POINTS)
    with np.errstate(all="ignore"):
        # Least squares by its normal equations: only two numbers of each state are needed.
        products = np.array([directions @ (run.state_after(index).parameters - center) for index in updates])
    finite = np.isfinite(products).all(axis=1)
    squares = directions @ directions.T + np.diag([0.0, float(is_curve)])  # a curve's second direction is 0
    path = np.linalg.solve(squares, products[finite].T).T
    radii = 1.1 * np.abs(path).max(axis=0)
    if radius is not None:
        radii = np.array([radius, radius])
    elif chosen is None:
        radii = np.repeat(np.clip(radii.max(), 1.0, MAX_RADIUS), 2)
    else:
        # The scales are similar, so that a ravine looks like one.
        radii = np.maximum(radii, max(1.0, float(radii.max()) / MAX_AXIS_RATIO))
    size = size or (CURVE_SIZE if is_curve else GRID_SIZE_OF_FEW if is_whole else GRID_SIZE)
    steps = np.arange(-(size // 2), size // 2 + 1) / max(1, size // 2)
    return GridPlan(
        _with_some_rows(experiment), center, directions, radii[0] * steps,
        np.zeros(1) if is_curve else radii[1] * steps, is_whole and radius is None, origin, names,
        chosen or (), path, np.array(updates, dtype=np.intp)[finite], update,
        segment.engine.threads,
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

    def survey(x: float, y: float) -> float:
        return float("nan") if should_stop() else loss_at(x, y)

    with np.errstate(all="ignore"):
        xs, ys = plan.xs, plan.ys
        if plan.is_whole and len(ys) == 1:
            xs = np.linspace(*window_on_curve(lambda x: survey(x, 0.0), plan.path[:, 0], plan.origin[0]), len(xs))
        elif plan.is_whole:
            window = window_on_plane(survey, plan.path, plan.origin, MAX_AXIS_RATIO)
            if window is not None:
                xs, ys = (np.linspace(low, high, len(xs)) for low, high in window)
        losses = np.empty((len(ys), len(xs)))
        for row, y in enumerate(ys):
            for column, x in enumerate(xs):
                if should_stop():
                    return None
                losses[row, column] = loss_at(float(x), float(y))
            progress((row + 1) / len(ys))
        loss = loss_at(0.0, 0.0)
    return Landscape(
        plan.origin[0] + xs, plan.origin[1] + ys, losses, plan.path + plan.origin, plan.updates,
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


def _path_updates(run: Run, update: int, max_points: int) -> list[int]:
    """Select about ``max_points`` updates that end with ``update`` and whose states are cheap to get.

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
        return sorted({int(index) for index in np.linspace(first, update, max_points).round()})
    # Keyframes lie at multiples of a power of two: half as many points as there are keyframes all fall on one.
    keyframes = run.states.limits.keyframe_capacity(run.segment(update).state)
    step = 64
    while length > step * min(keyframes // 2, max_points - 2):
        step *= 2
    return sorted({first, update, *range((first // step + 1) * step, update, step)})
