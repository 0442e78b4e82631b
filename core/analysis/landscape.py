"""A slice of the loss around the parameters: two directions, a grid of losses, and the path walked so far.

:func:`prepare` reads the run and belongs to whoever drives it; the :class:`Plan` that it returns shares
nothing with the run, so that :func:`survey` may fill the grid in another thread meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.blas import threads_for, use_threads
from nn_tui.core.engine.engine import Engine, penalty
from nn_tui.core.engine.trace import Activity, State, parameter_count, split
from nn_tui.core.errors import InputError
from nn_tui.core.nn.losses import scale
from nn_tui.core.refs import Ref
from nn_tui.core.rng import stream
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment

MOST_ROWS = 500
MOST_POINTS = 40  # of the path
SIZE = 41  # odd, so that the parameters themselves are a point of the grid
WIDEST = 4.0  # in lengths of the weights: how far the plane of random directions grows to hold the path
REPLAYED, REPLAY_COST = 2560, 3e8  # updates, and multiply-adds, that are replayed to place the path evenly
STRETCH = 3.0  # of one chosen parameter's axis against the other's
SKEW = 0.5  # the largest cosine between the random directions; small networks would often draw a sliver
DRAWS = 20
LARGEST = 1e100  # squares of parameters beyond overflow soon


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All that :func:`survey` needs, as copies; ``directions`` (2, parameters) span the plane about ``center``.

    ``xs`` and ``ys`` are the steps along them, 0 in the middle; ``origin`` is what the axes show there: the
    values of two chosen parameters, or 0. ``path`` (points, 2) is in steps, for the updates ``updates``.
    ``threads`` of the BLAS are those of the run, whose own passes another thread may compute meanwhile.
    """

    experiment: Experiment
    center: Array
    directions: Array
    xs: Array
    ys: Array
    origin: tuple[float, float]
    names: tuple[str, str]
    path: Array
    updates: NDArray[np.intp]
    update: int
    threads: int


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """The loss, penalty included, of the training rows: ``losses`` (len(ys), len(xs)), NaN or infinite in places.

    ``path`` (points, 2) are the parameters after ``updates``, projected onto the plane (x, y); its last point
    is the middle, where the loss is ``loss``. ``rows`` training rows were looked at.
    """

    xs: Array
    ys: Array
    losses: Array
    path: Array
    updates: NDArray[np.intp]
    names: tuple[str, str]
    loss: float
    update: int
    rows: int


def prepare(
    run: Run,
    update: int,
    *,
    axes: tuple[Ref, Ref] | None = None,
    seed: int | None = None,
    size: int = SIZE,
    radius: float | None = None,
) -> Plan:
    """The plane around the parameters after ``update``, and the path of ``run`` that led there.

    Without ``axes``, two random directions from ``seed`` (default: the experiment's) with every unit's part as
    long as that unit's weights and biases left alone (Li, Xu, Taylor, Studer, Goldstein 2018, "Visualizing the
    Loss Landscape of Neural Nets"); ``axes`` names two weights or biases instead, which is also what a network
    of one weight gets. ``size`` is made odd; the plane reaches ``radius`` (default: as far as the path, within
    limits) to each side. Replays some of the run. Raises InputError for other axes, and for parameters that
    are not finite, or nearly so.
    """
    segment = run.segment(update)
    experiment, sizes = segment.experiment, segment.experiment.sizes
    state = run.state_after(update)
    center = state.rows[0].copy()
    if not np.abs(center).max() <= LARGEST:
        raise InputError(f"after update {update} the parameters have run away; step back to see the landscape.")
    if axes is None and sum(weights.size for weights in _free(experiment)[0]) < 2:
        axes = (Ref("w", 0, 0, 0), Ref("b", 0, 0))
    if axes is None:
        directions = _random_directions(state, experiment, experiment.seed if seed is None else seed)
        origin, names = (0.0, 0.0), ("direction 1", "direction 2")
    else:
        places = [_position(ref, sizes) for ref in axes]
        if places[0] == places[1]:
            raise InputError(f"both axes are {axes[0].symbol}; choose two different parameters.")
        directions = np.zeros((2, center.size))
        directions[(0, 1), places] = 1.0
        origin, names = (float(center[places[0]]), float(center[places[1]])), (axes[0].symbol, axes[1].symbol)
    updates = _path_updates(run, update)
    with np.errstate(all="ignore"):
        # Least squares by its normal equations: of every state only two numbers have to be kept.
        shares = np.array([directions @ (run.state_after(at).rows[0] - center) for at in updates])
    known = np.isfinite(shares).all(axis=1)
    path = np.linalg.solve(directions @ directions.T, shares[known].T).T
    reach = 1.1 * np.abs(path).max(axis=0)
    if radius is not None:
        reach = np.array([radius, radius])
    elif axes is None:
        reach = np.repeat(np.clip(reach.max(), 1.0, WIDEST), 2)
    else:
        # Much the same scale both ways, so that a ravine looks like one.
        reach = np.maximum(reach, max(1.0, float(reach.max()) / STRETCH))
    steps = np.arange(-(size // 2), size // 2 + 1) / max(1, size // 2)
    return Plan(
        _some_rows(experiment), center, directions, reach[0] * steps, reach[1] * steps, origin, names,
        path, np.array(updates, dtype=np.intp)[known], update, threads_for(segment.engine.sizes, segment.engine.batch),
    )  # fmt: skip


def survey(
    plan: Plan,
    progress: Callable[[float], None] = lambda done: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Landscape | None:
    """Fill the grid row by row; None if ``should_stop`` says so. ``progress`` gets the part done, 0 to 1.

    Touches nothing but its own buffers. Never raises for overflow: such cells are infinite or NaN.
    """
    use_threads(plan.threads)
    engine = Engine(plan.experiment)
    state = State(np.zeros((1, plan.center.size)), engine.sizes, engine.block)
    activity = Activity(engine.sizes, engine.rows, engine.x_joined)
    terms = np.empty_like(plan.experiment.data.y)
    training = plan.experiment.training
    factor = scale(engine.loss, training.reduction, engine.rows, engine.sizes[-1])

    def loss_at(x: float, y: float) -> float:
        state.rows[0][...] = plan.center + x * plan.directions[0] + y * plan.directions[1]
        engine.forward(state, activity)
        engine.loss.terms(activity.z[-1], activity.a[-1], plan.experiment.data.y, terms)
        return float(terms.sum()) * factor + penalty(state, training.l1, training.l2)

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


def _some_rows(experiment: Experiment) -> Experiment:
    """The experiment on an even choice of its training rows, all in one batch."""
    data = experiment.data
    rows = np.linspace(0, len(data.x) - 1, min(len(data.x), MOST_ROWS)).astype(np.intp)
    return replace(
        experiment,
        data=replace(data, x=data.x[rows], y=data.y[rows]),
        training=replace(experiment.training, batch_size=None),
    )


def _free(experiment: Experiment) -> tuple[list[Array], list[Array]]:
    """Per layer the weights and biases that training moves, as empty arrays where it moves none."""
    weights, biases = split(np.ones(parameter_count(experiment.sizes)), experiment.sizes)
    layers = experiment.layers
    return (
        [w if layer.train_weights else w[:0] for w, layer in zip(weights, layers, strict=True)],
        [b if layer.train_bias else b[:0] for b, layer in zip(biases, layers, strict=True)],
    )


def _position(ref: Ref, sizes: tuple[int, ...]) -> int:
    """Where a weight or bias stands in the flat vector of parameters."""
    known = ref.key in ("w", "b") and 0 <= ref.layer < len(sizes) - 1 and 0 <= ref.unit < sizes[ref.layer + 1]
    if not known or (ref.key == "w" and not 0 <= ref.input < sizes[ref.layer]):
        raise InputError(f"{ref.symbol} is no weight or bias of this network; write for example w1[1,1] or b1[1].")
    inputs = sizes[ref.layer]
    column = ref.input if ref.key == "w" else inputs
    return parameter_count(sizes[: ref.layer + 1]) + ref.unit * (inputs + 1) + column


def _random_directions(state: State, experiment: Experiment, seed: int) -> Array:
    """Two filter-normalised directions (2, parameters), drawn anew while they are nearly parallel."""
    best, least = np.zeros((2, state.array.shape[1])), np.inf
    for draw in range(DRAWS):
        rng = stream(seed, "landscape", draw)
        pair = np.stack([_random_direction(state, experiment, rng) for _ in range(2)])
        lengths = np.linalg.norm(pair, axis=1)
        cosine = abs(float(pair[0] @ pair[1])) / float(lengths.prod())
        if cosine < least:
            best, least = pair, cosine
        if cosine <= SKEW:
            break
    return best


def _random_direction(state: State, experiment: Experiment, rng: np.random.Generator) -> Array:
    flat = np.zeros(state.array.shape[1])
    parts, _ = split(flat, experiment.sizes)
    for part, weights, layer in zip(parts, state.weights, experiment.layers, strict=True):
        drawn = rng.normal(size=part.shape)
        if not layer.train_weights:
            continue
        lengths = np.linalg.norm(weights, axis=1, keepdims=True)
        # Weights that are all 0 have no length to take; 1 keeps the plane from having no extent there.
        lengths[lengths == 0.0] = 1.0
        part[...] = drawn * (lengths / np.linalg.norm(drawn, axis=1, keepdims=True))
    return flat


def _path_updates(run: Run, update: int) -> list[int]:
    """At most about MOST_POINTS updates that end with ``update``, of which the states cost little to get.

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
    if length <= REPLAYED and float(length) * engine.batch * engine.parameters <= REPLAY_COST:
        return sorted({int(at) for at in np.linspace(first, update, MOST_POINTS).round()})
    # Keyframes lie at multiples of a power of two: half as many points as there are keyframes all fall on one.
    keyframes = run.states.limits.keyframe_capacity(run.segment(update).state)
    step = 64
    while length > step * min(keyframes // 2, MOST_POINTS - 2):
        step *= 2
    return sorted({first, update, *range((first // step + 1) * step, update, step)})
