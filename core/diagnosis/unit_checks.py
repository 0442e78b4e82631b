"""Checks of one pass: its gradients, its units and its update. Each returns badges, none if all is well.

No network that learns well should cross a threshold; the comments name their sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Literal

import numpy as np

from nn_tui.core.analysis.badge import Badge
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.metrics import mean_size
from nn_tui.core.spec import Array
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, all_of, any_of, message, message_plural

# In a well-scaled network δ changes by about one power of ten from layer to layer (Glorot and Bengio 2010). Every
# sigmoid divides it by 4 or more, so a ratio of 1000 means at least four or five of them.
VANISHING_RATIO = 1e-3
EXPLODING_RATIO = 1e2  # in presets that learn, δ grows by less than ten
# Pascanu, Mikolov and Bengio (2013) clip the gradient at up to ten times its usual norm; ten times that is no outlier.
# Below the usual clipping norms of 1 to 10 growth is harmless.
EXPLODING_NORM_RATIO, MIN_EXPLODING_NORM = 100.0, 10.0
SATURATED_SLOPE = 0.01  # of the steepest slope: |z| > 6 for sigmoid, > 3 for tanh
SATURATED_FRACTION = 0.99  # of the rows
# A rule of thumb (Karpathy, CS231n) is 1e-3. Small networks learn with 0.3 too, but half of its own length leaves
# little of a weight's direction, and 1e-5 is a hundred times too slow.
MAX_UPDATE_RATIO, MIN_UPDATE_RATIO = 0.5, 1e-5
SMALL_GRADIENT_RATIO = 1e-3  # of the weights; with a larger gradient and a small update the learning rate is small
LARGE_INPUT = 10.0  # root mean square; for standardised inputs it is 1, and ten times as much saturates units
MAX_NAMED_UNITS = 6
MIN_LENGTH_RATIO = 0.1  # of the length of Xavier weights; shorter weights give no meaningful update ratio


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """The numbers that the checks use.

    Attributes:
        engine: The engine of the pass.
        trace: The pass.
        state: The parameters on screen.
        z: z of every layer (rows, units), for some training rows.
        a: a of every layer (rows, units).
        prediction: The predictions (rows, outputs).
        y: The targets (rows, outputs).
        evaluations: The evaluations since the last edit.
        updates_since_edit: The number of updates since the last edit.
        solved: Whether the network has learned the task, so that some checks do not apply.
        relative_loss: The loss divided by the loss of always predicting the mean of the targets; None if not defined.
    """

    engine: Engine
    trace: Trace
    state: State
    z: list[Array]
    a: list[Array]
    prediction: Array
    y: Array
    evaluations: list[Evaluation]
    updates_since_edit: int
    solved: bool
    relative_loss: float | None

    @property
    def rows_text(self) -> Message:
        """A noun phrase for the rows; of a large training set they are only a part."""
        if len(self.y) == self.engine.rows:
            return message_plural("the only training row", "all {count} training rows", len(self.y))
        return message("all {rows} training rows that were checked", rows=len(self.y))


def check_exploding(seen: Observation) -> list[Badge]:
    """Check for a gradient far longer than at the start, or a δ that grows from the output to layer 1."""
    norms = [norm(dw) for dw in seen.trace.dw]
    layer = int(np.argmax(norms))
    total = float(np.linalg.norm(norms))
    first = next((n for e in seen.evaluations if (n := float(np.linalg.norm(e.gradient_norms or 0.0))) > 0), None)
    if first is not None and total > max(MIN_EXPLODING_NORM, EXPLODING_NORM_RATIO * first):
        factor = two_digits(total / first)
        if seen.evaluations[0].update:
            symptom = message("The gradient is about {factor} times as long as after the last change.", factor=factor)
        else:
            symptom = message("The gradient is about {factor} times as long as at the start.", factor=factor)
        cause = message("The weights have moved to where the loss is ever steeper.")
        advice = message("Lower η; smaller initial weights help too.")
        return [Badge("exploding", "bad", layer, (), symptom, cause, advice)]
    deltas = [mean_size(dz) for dz in seen.trace.dz]
    if not seen.solved and deltas[-1] > 0 and deltas[0] > EXPLODING_RATIO * deltas[-1]:
        factor = two_digits(deltas[0] / deltas[-1])
        symptom = message("δ becomes about {factor} times larger from the output back to layer 1.", factor=factor)
        cause = message("Every layer multiplies it by its large weights.")
        advice = message("Draw smaller initial weights (xavier or he), or take fewer layers.")
        return [Badge("exploding", "bad", 0, (), symptom, cause, advice)]
    return []


def check_vanishing(seen: Observation) -> list[Badge]:
    """Check for a δ that nearly disappears on its way from the output to layer 1."""
    deltas = [mean_size(dz) for dz in seen.trace.dz]
    # Only deep networks count: over one layer the reason is saturation or weights near 0. Exactly 0 is a dead layer.
    if seen.solved or len(deltas) < 3 or not 0 < deltas[0] < VANISHING_RATIO * deltas[-1]:
        return []
    factor = two_digits(deltas[-1] / deltas[0])
    symptom = message("δ becomes about {factor} times smaller from the output back to layer 1.", factor=factor)
    cause = message("Each layer multiplies it by a slope and weights that are below 1.")
    if any(activation.saturates_at for activation in seen.engine.activations[:-1]):
        advice = message("Try relu with he_uniform weights, or fewer layers.")
    else:
        advice = message("Draw larger initial weights.")
    return [Badge("vanishing", "bad", 0, (), symptom, cause, advice)]


def check_symmetric(seen: Observation) -> list[Badge]:
    """Check for hidden units that are copies of each other."""
    badges = []
    for layer in range(len(seen.z) - 1):
        if not seen.engine.experiment.layers[layer].train_weights:
            continue
        # The outgoing weights must be equal too; otherwise the gradients differ and so do the units after the update.
        rows = np.hstack([seen.state.augmented[layer], seen.state.weights[layer + 1].T])
        units = _equal_rows(rows)
        if units:
            symptom = message(
                "{units} of layer {layer} have the same weights, so they compute the same.",
                units=_units_text(units), layer=layer + 1,
            )  # fmt: skip
            cause = message("Equal units get equal gradients and stay equal: all of them do the work of one.")
            advice = message("Draw the initial weights at random, for example with xavier_uniform.")
            badges.append(Badge("symmetric", "bad", layer, units, symptom, cause, advice))
    return badges


def _equal_rows(rows: Array) -> tuple[int, ...]:
    """Return the rows of (units, numbers) that equal another row, to a millionth of its largest number."""
    # Equal rows have equal projections, so they are neighbours after sorting.
    order = np.argsort(rows @ np.cos(1.0 + np.arange(rows.shape[1])), kind="stable")
    sizes = np.abs(rows).max(axis=1, initial=0.0)
    pairs = [
        (int(i), int(j)) for i, j in pairwise(order) if float(np.abs(rows[i] - rows[j]).max()) <= 1e-6 * float(sizes[i])
    ]
    return tuple(sorted({unit for pair in pairs for unit in pair}))


def check_dead(seen: Observation) -> list[Badge]:
    """Check for ReLU units that are 0 for every training row."""
    badges = []
    for layer, activation in enumerate(seen.engine.activations):
        units = tuple(np.flatnonzero((seen.a[layer] <= 0).all(axis=0)).tolist()) if activation.is_dead_at_zero else ()
        if units:
            count = seen.a[layer].shape[1]
            symptom = message_plural(
                "{units} of layer {layer} is 0 for {rows}.", "{units} of layer {layer} are 0 for {rows}.", len(units),
                units=_units_text(units), layer=layer + 1, rows=seen.rows_text,
            )  # fmt: skip
            cause = message("z ≤ 0 for every row, so the slope is 0 and no gradient can bring the unit back.")
            if layer:
                cause = message(
                    "A unit with z ≤ 0 for every row gets no gradient; only the layers before can bring it back."
                )
            advice = message("Lower η, try leaky_relu, or draw new weights.")
            if not seen.updates_since_edit:  # before the first update η cannot be the cause
                advice = message("Draw new weights, or try leaky_relu.")
            severity: Literal["bad", "warn"] = "bad" if 2 * len(units) > count else "warn"
            badges.append(Badge("dead", severity, layer, units, symptom, cause, advice, layer == len(seen.z) - 1))
    return badges


def check_saturated(seen: Observation) -> list[Badge]:
    """Check for sigmoid and tanh units that are flat for nearly every training row."""
    # Saturated units of a network that has learned the task are certain, not stuck.
    badges = []
    for layer, activation in enumerate(seen.engine.activations):
        is_fused_output = layer == len(seen.z) - 1 and seen.engine.loss.acts_on == "z"
        if seen.solved or is_fused_output or not activation.saturates_at or activation.slope is None:
            continue
        slope = np.empty_like(seen.z[layer])
        activation.slope(seen.z[layer], seen.a[layer], slope)
        flat = slope < SATURATED_SLOPE * activation.max_slope
        units = tuple(np.flatnonzero(flat.mean(axis=0) >= SATURATED_FRACTION).tolist())
        if units:
            all_rows = seen.rows_text
            symptom = message_plural(
                "{units} of layer {layer} is close to {limits} for {rows}.",
                "{units} of layer {layer} are close to {limits} for {rows}.",
                len(units),
                units=_units_text(units),
                layer=layer + 1,
                limits=any_of(activation.saturates_at),
                rows=all_rows if flat[:, units].all() else message("nearly {all_rows}", all_rows=all_rows),
            )
            cause = message(
                "{name} is flat there: its slope is nearly 0, and so is the gradient.", name=activation.name
            )
            advice = message("Draw smaller initial weights, standardise the inputs, or lower η.")
            if not layer and (size := _rms(seen.engine.experiment.data.x)) > LARGE_INPUT:
                cause = message(
                    "The inputs are about {size}, so z is large too, and {name} is flat there.",
                    size=two_digits(size), name=activation.name,
                )  # fmt: skip
                advice = message(
                    "Write standardize = on: smaller initial weights or a lower η would only delay the problem."
                )
            severity: Literal["bad", "warn"] = "bad" if 2 * len(units) > seen.z[layer].shape[1] else "warn"
            badges.append(Badge("saturated", severity, layer, units, symptom, cause, advice, layer == len(seen.z) - 1))
    return badges


def check_update_size(seen: Observation) -> list[Badge]:
    """Check for updates that are far too long or too short for the weights that they change."""
    if seen.engine.loss.is_mistake_driven:  # with zero initial weights η only scales all weights
        return []
    large: list[tuple[float, int]] = []
    small: list[tuple[float, int]] = []
    before, after = seen.trace.before.weights, seen.trace.after.weights
    for layer, (old, new, dw) in enumerate(zip(before, after, seen.trace.dw, strict=True)):
        length, units, inputs = norm(old), *old.shape
        xavier_length = float(np.sqrt(2 * units * inputs / (units + inputs)))
        frozen = not seen.engine.experiment.layers[layer].train_weights
        if frozen or length < MIN_LENGTH_RATIO * xavier_length:
            continue
        ratio, gradient = norm(new - old) / length, norm(dw) / length
        if ratio > MAX_UPDATE_RATIO:
            large.append((ratio, layer))
        elif ratio < MIN_UPDATE_RATIO and gradient > SMALL_GRADIENT_RATIO and not seen.solved:
            small.append((ratio, layer))
    badges = []
    if large:
        ratio, layer = max(large)
        cause = message("The learning rate is too large for this gradient.")
        advice = message("Try a third of η, or a tenth.")
        symptom = _update_size_text(ratio, layer, large)
        badges.append(Badge("update_large", "warn", layer, (), symptom, cause, advice))
    if small:
        ratio, layer = min(small)
        cause = message("The gradient is not small, but the learning rate is.")
        advice = message("Try ten or a hundred times η.")
        symptom = _update_size_text(ratio, layer, small)
        badges.append(Badge("update_small", "warn", layer, (), symptom, cause, advice))
    return badges


def _update_size_text(ratio: float, layer: int, layers: list[tuple[float, int]]) -> Message:
    """Write by how much the worst layer changes, and which other layers are as bad."""
    others = [other + 1 for other in sorted(other for _, other in layers) if other != layer]
    if not others:
        return message(
            "This update changes the weights of layer {layer} by {ratio} of their length; about 0.001 is usual.",
            layer=layer + 1, ratio=two_digits(ratio),
        )  # fmt: skip
    return message_plural(
        "This update changes the weights of layer {layer} by {ratio} of their length, and those of layer {others} "
        "by a similar part; about 0.001 is usual.",
        "This update changes the weights of layer {layer} by {ratio} of their length, and those of layers {others} "
        "by similar parts; about 0.001 is usual.",
        len(others),
        layer=layer + 1,
        ratio=two_digits(ratio),
        others=all_of(others),
    )


def norm(values: Array) -> float:
    """Return the square root of the sum of squares."""
    return float(np.linalg.norm(values))


def _rms(values: Array) -> float:
    return float(np.sqrt(np.square(values).mean()))


def _units_text(units: tuple[int, ...]) -> Message:
    """Return ``Unit 3``, ``Units 1, 2 and 4`` or ``12 units``."""
    count = len(units)
    if count > MAX_NAMED_UNITS:
        return message_plural("{count} unit", "{count} units", count)
    return message_plural("Unit {units}", "Units {units}", count, units=all_of([unit + 1 for unit in units]))


def two_digits(value: float) -> str:
    """Write a number with two significant digits: ``0.7``, ``4.1``, ``65000``, ``3e-7``, ``2.9e119``, ``∞``."""
    if 1e-3 <= abs(value) < 1e6:
        return f"{float(f'{value:.2g}'):.0f}" if abs(value) >= 10 else f"{value:.2g}"
    if not isfinite(value):
        return plain_number(value)
    mantissa, _, power = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(power)}"
