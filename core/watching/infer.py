"""Finds out which network a person's program trains: the one whose numbers are those of the program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.nn.losses import LOSSES, scale
from nn_tui.core.preset.validate import MAX_ACTIVATIONS, MAX_PARAMETERS
from nn_tui.core.spec import Array, Dataset, OptimizerSpec
from nn_tui.core.translation import message
from nn_tui.core.watching.activation_of import activation_of
from nn_tui.core.watching.arrays import GivenArray
from nn_tui.core.watching.difference import difference_of
from nn_tui.core.watching.double_activation import double_activation_loss, double_activation_terms
from nn_tui.core.watching.given import GivenPass, Layers
from nn_tui.core.watching.layout import ArrayLayout, layouts
from nn_tui.core.watching.pass_arrays import PassArray, pass_arrays
from nn_tui.core.watching.structure import (
    HIDDEN,
    Hints,
    WatchedNetwork,
    candidates,
    data_of,
    engine_of,
    run_pass,
    state_of,
)

_MAX_WORK = 1e10  # multiply-adds of all passes that are tried
_SGD = OptimizerSpec("sgd", 1.0)
_SAME_LOSS = 1e-6  # relative, for float64; programs that keep away from log 0 change the last digits
_ALIKE = 1e-5  # how near a factor is to 1
Score = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Inferred:
    """The network that was found.

    Attributes:
        structure: The network.
        data: The samples of the pass.
        score: How many numbers it explains; see :func:`_score`.
        is_sure: Whether numbers of the program are those of this network, and not by chance.
        is_all: Whether every array of the program is that of the network.
    """

    structure: WatchedNetwork
    data: Dataset
    score: Score
    is_sure: bool
    is_all: bool

    @property
    def has_loss(self) -> bool:
        """Whether the loss of the program is its loss."""
        return self.score[0] > 0


@dataclass(slots=True, eq=False)
class _Trial:
    """A layout that is tried: its weights, its samples, and what is known of its activations."""

    layout: ArrayLayout
    layers: Layers
    data: Dataset
    known: tuple[str, ...]
    engine: Engine | None = None

    def structures(self, given: GivenPass, hints: Hints, hidden: str) -> list[WatchedNetwork]:
        """Return the networks with an activation of the hidden layers whose loss fits the targets."""
        found = candidates(self.layout, given, hints, self.known, hidden)
        return [structure for structure in found if _fits_targets(structure, self.data.y)]

    def run(self, structure: WatchedNetwork) -> Trace:
        """Run the pass of a network; the trace belongs to ``engine``."""
        self.engine = engine_of(structure, self.data, _SGD, self.engine)
        return run_pass(self.engine, state_of(self.engine, self.layout, self.layers))

    def result(self, given: GivenPass, structure: WatchedNetwork) -> Inferred:
        """Return how much a network explains."""
        trace = self.run(structure)
        assert self.engine is not None
        arrays = pass_arrays(given, structure)
        with np.errstate(all="ignore"):
            score = _score(structure, self.engine, trace, arrays, _epsilon(given))
        self.engine.release(trace)
        return Inferred(structure, self.data, score, _is_sure(score), sum(score[:3]) == len(arrays) > 0)


def _in_order(
    trials: Sequence[_Trial], given: GivenPass, hints: Hints
) -> Iterator[list[tuple[_Trial, WatchedNetwork]]]:
    """Yield the networks to try: first those with the loss that was given, then all, the most usual first."""
    ranked: list[tuple[int, _Trial, WatchedNetwork]] = []
    same: list[tuple[_Trial, WatchedNetwork]] = []
    for trial in trials:
        is_known = all(trial.known[:-1])
        for rank, hidden in enumerate(HIDDEN[:1] if is_known else HIDDEN):
            structures = trial.structures(given, hints, hidden)
            ranked += [(rank + place // 2, trial, each) for place, each in enumerate(structures)]
            if given.loss is not None and structures:
                same += [(trial, each) for each in _with_loss(trial, structures, given)]
    yield same
    yield [(trial, structure) for _, trial, structure in sorted(ranked, key=lambda each: each[0])]


def _with_loss(trial: _Trial, structures: Sequence[WatchedNetwork], given: GivenPass) -> Iterator[WatchedNetwork]:
    """Yield the networks that have the loss that was given; they differ in the output and in the loss alone."""
    first = trial.run(structures[0])
    z = np.ascontiguousarray(first.z[-1])
    penalty_of_weights, y = first.penalty, trial.data.y
    assert trial.engine is not None and given.loss is not None
    a = np.empty_like(z)
    for structure in structures:
        loss, activation = LOSSES[structure.loss], ACTIVATIONS[structure.activations[-1]]
        factor = scale(loss, structure.reduction, *y.shape)
        with np.errstate(all="ignore"):
            activation.value(z, a)
            losses = [float(loss.terms(z, a, y).sum()) * factor + penalty_of_weights]
            if loss.logits is not None:
                losses.append(double_activation_terms(loss, activation, a, y) * factor + penalty_of_weights)
        if any(_is_same_loss(each, given.loss, _epsilon(given)) for each in losses):
            yield structure
    trial.engine.release(first)


def _epsilon(given: GivenPass) -> float:
    """Return the relative precision of the weights."""
    return max(array.epsilon for array in given.arrays)


def _is_same_loss(ours: float, theirs: float, epsilon: float) -> bool:
    return abs(ours - theirs) <= _SAME_LOSS * max(1.0, epsilon * 1e8) * abs(ours)


def samples_of(layout: ArrayLayout, x: GivenArray, y: GivenArray) -> Dataset:
    """Return inputs and targets as rows.

    Raises:
        InputError: A number in them is not finite.
    """
    inputs = np.ascontiguousarray(layout.inputs(x))
    targets = np.ascontiguousarray(layout.targets(y, len(inputs)))
    for argument, array in (("inputs", inputs), ("targets", targets)):
        if not np.isfinite(array).all():
            problem = message("a number in it is not finite; every number must be.")
            raise InputError("not_finite", problem, path=(argument,))
    return data_of(inputs, targets)


def infer(given: GivenPass, hints: Hints, earlier: GivenPass | None = None) -> Inferred:
    """Return the network whose numbers are most like those of a pass.

    Args:
        given: The pass.
        hints: What the person said.
        earlier: The call whose weights the pass began with; None for those of the pass.

    Raises:
        InputError: The shapes fit no network, or a loss does not fit its targets.
    """
    x, y = _required(given)
    trials, misfit = list[_Trial](), None
    for layout in layouts(given.readings, x, y, is_module=given.module is not None):
        readings = given.readings if earlier is None else earlier.readings
        if layout.reading >= len(readings):
            continue
        if not hints.fits(len(layout.sizes) - 1):
            misfit = layout
            continue
        layers, data = readings[layout.reading], samples_of(layout, x, y)
        _check_size(layout, len(data.x))
        trials.append(_Trial(layout, layers, data, _known_activations(layout, given, hints, layers, data.x)))
    if misfit is not None and not trials:
        problem = message(
            "{names} names do not fit {layers} layers of weights; give one for each, or one for all hidden layers.",
            names=len(hints.activations),
            layers=len(misfit.sizes) - 1,
        )
        raise InputError("wrong_shape", problem, path=("activations",))
    best: Inferred | None = None
    work = 0.0
    for tried in _in_order(trials, given, hints):
        for trial, structure in tried:
            found = trial.result(given, structure)
            if best is None or found.score > best.score:
                best = found
            work += 3.0 * len(found.data.x) * parameter_count(found.structure.layout.sizes)
            if found.is_all or work > _MAX_WORK:
                return best
        if best is not None and best.is_sure:
            return best
    if best is None:
        problem = message(
            "no loss that is known fits these targets and this output; cross_entropy takes rows that add up to 1, "
            "binary_cross_entropy numbers from 0 to 1."
        )
        raise InputError("conflict", problem, path=("targets",))
    return best


def _required(given: GivenPass) -> tuple[GivenArray, GivenArray]:
    if given.x is None:
        raise InputError("missing", message("give the inputs of the pass, such as inputs=X."), path=("inputs",))
    if given.y is None:
        raise InputError("missing", message("give the targets of the pass, such as targets=Y."), path=("targets",))
    return given.x, given.y


def _check_size(layout: ArrayLayout, samples: int) -> None:
    if parameter_count(layout.sizes) > MAX_PARAMETERS or samples * sum(layout.sizes) > MAX_ACTIVATIONS:
        problem = message("the network is larger than nn-tui can run; watch a smaller one, or smaller batches.")
        raise InputError("too_large", problem, path=("weights",))


def _known_activations(
    layout: ArrayLayout, given: GivenPass, hints: Hints, layers: Layers, x: Array
) -> tuple[str, ...]:
    """Return the activation of each layer as far as it was said, or follows from z and a; "" where it does not."""
    count = len(layers)
    known = list(hints.by_layer(count))
    if given.module is not None and given.module.activations is not None and len(given.module.activations) == count:
        known = [ours or theirs for ours, theirs in zip(known, given.module.activations, strict=True)]
    blank = WatchedNetwork(layout, ("identity",) * count, "", "mean", 0.0, 0.0, (), ())
    arrays = {each.meaning: each.given.values for each in pass_arrays(_without_gradients(given), blank)}
    inputs = x
    for layer, (w, b) in enumerate(layers):
        units = layout.sizes[layer + 1]
        a = _rows(arrays.get(f"a{layer + 1}"), len(x), units, layout)
        z = _rows(arrays.get(f"z{layer + 1}"), len(x), units, layout)
        if z is None:
            with np.errstate(all="ignore"):
                z = inputs @ layout.weights(layer, w.values).T + (0.0 if b is None else b.values.reshape(-1))
        if a is None:
            break
        if not known[layer]:
            known[layer] = activation_of(z, a)
        inputs = a
    return tuple(known)


def _without_gradients(given: GivenPass) -> GivenPass:
    return GivenPass(given.readings, (), given.named, given.lists, given.x, given.y, None, None)


def _rows(values: Array | None, samples: int, units: int, layout: ArrayLayout) -> Array | None:
    """Return values as (samples, units); None if there are none of that shape."""
    if values is None or values.size != samples * units:
        return None
    if values.ndim == 2 and not layout.are_samples_rows:
        values = values.T
    return values.reshape(samples, units)


def _fits_targets(structure: WatchedNetwork, y: Array) -> bool:
    """Return whether a loss is defined for targets and for the output activation."""
    loss = LOSSES[structure.loss]
    if loss.outputs is not None and structure.activations[-1] not in loss.outputs:
        return False
    match loss.targets:
        case "probabilities":
            return bool(((y >= 0.0) & (y <= 1.0)).all())
        case "binary":
            return bool(((y == 0.0) | (y == 1.0)).all())
        case "distribution":
            return bool((y >= 0.0).all() and np.allclose(y.sum(axis=1), 1.0, atol=1e-6))
    return True


def _is_sure(score: Score) -> bool:
    """Return whether a network explains more than one array may do by chance."""
    loss, forward, backward, multiples = score
    return loss + forward > 0 or backward + multiples > 1


def _score(
    structure: WatchedNetwork, engine: Engine, trace: Trace, arrays: Sequence[PassArray], epsilon: float
) -> Score:
    """Return what of a program is explained.

    It counts whether the loss is equal, how many z and a and how many gradients are, and how many numbers are multiples
    of ours: the loss counts most, because a mistake in the gradients does not change it.
    """
    loss = forward = backward = multiples = 0
    for each in arrays:
        values = each.values(structure, trace)
        if values is None:
            continue
        difference = difference_of(engine, trace, each.ref, values, each.ours(engine, trace), each.given.epsilon)
        if each.ref.quantity == "loss":
            losses = (trace.loss, double_activation_loss(engine, trace))
            loss = int(any(ours is not None and _is_same_loss(ours, float(values), epsilon) for ours in losses))
        elif difference.is_equal:
            forward += each.ref.quantity in ("z", "a")
            backward += each.ref.quantity not in ("z", "a")
        elif difference.factor and values.size > 1:  # any number is a multiple of another
            multiples += 2 if abs(abs(difference.factor) - 1.0) < _ALIKE else 1
    if structure.loss == "mean_absolute_error" and not backward + multiples:
        loss = 0  # many programs print it that train on another loss
    return loss, forward, backward, multiples
