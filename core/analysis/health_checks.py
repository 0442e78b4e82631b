"""The checks of a single pass: its gradients, its units, its step. Each returns badges, none where all is well.

Every threshold is meant to be crossed by nothing that learns well; it says beside it where it comes from.
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
from nn_tui.core.spec import Array
from nn_tui.core.text import plain_number

# A well-scaled network keeps δ within about one power of ten from layer to layer (Glorot and Bengio 2010).
# Sigmoids lose a factor of 4 or more in each, so a thousandfold means at least four or five of them.
SHRINK = 1e-3
GROWTH = 1e2  # growth has no such excuse: presets that learn stay below ten
# Pascanu, Mikolov and Bengio (2013) clip at up to ten times the usual norm; ten times that is no outlier any
# more. Below the usual clipping norms of 1 to 10 growth alone is harmless.
NORM_GROWTH, NORM_LEAST = 100.0, 10.0
FLAT_SLOPE = 0.01  # of the steepest slope: |z| > 6 for sigmoid, > 3 for tanh
FLAT_SHARE = 0.99  # of the rows
# Karpathy's rule of thumb (CS231n) is 1e-3. Small networks with long steps learn at 0.3 too, but half of
# its own length leaves little of the weights' direction; and 1e-5 is a hundred times too slow.
RATIO_LARGE, RATIO_SMALL = 0.5, 1e-5
RATIO_GRADIENT = 1e-3  # a gradient of this part of the weights is not small: then it is the rate that is
RAW_INPUTS = 10.0  # root mean square: standardised inputs have 1, and weights drawn for them saturate at ten times it
WEIGHTS_LEAST = 0.1  # of the length that Xavier would draw: below, the ratio has nothing to compare with


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What the checks look at: the pass, the state on screen, and training rows through it.

    ``z``, ``a``, ``answer`` and ``y`` have one row per training row looked at. ``samples`` and ``since``
    (updates) go back to the last edit. ``share`` is the loss as a part of what the mean of the targets would
    get, None where that is not defined; ``solved`` says that there is nothing left to complain about.
    """

    engine: Engine
    trace: Trace
    state: State
    z: list[Array]
    a: list[Array]
    answer: Array
    y: Array
    samples: list[Evaluation]
    since: int
    solved: bool
    share: float | None

    @property
    def all_rows(self) -> str:
        """The rows looked at, in words: of a large set they are a part."""
        seen = "" if len(self.y) == self.engine.rows else " that were looked at"
        return f"all {len(self.y)} training rows{seen}"


def exploding(facts: Facts) -> list[Badge]:
    """A gradient far longer than at the start, or a δ that grows on its way back."""
    norms = [norm(dw) for dw in facts.trace.dw]
    layer = int(np.argmax(norms))
    total = float(np.linalg.norm(norms))
    first = next((n for s in facts.samples if (n := float(np.linalg.norm(s.gradient_norms or 0.0))) > 0), None)
    if first is not None and total > max(NORM_LEAST, NORM_GROWTH * first):
        then = "after the last change" if facts.samples[0].update else "at the start"
        what = f"The gradient is about {two_digits(total / first)} times as long as {then}."
        cause = "The weights have moved to where the loss is ever steeper."
        return [Badge("exploding", "bad", layer, (), what, cause, "Lower η; smaller initial weights help too.")]
    deltas = [_rms(dz) for dz in facts.trace.dz]
    if not facts.solved and deltas[-1] > 0 and deltas[0] > GROWTH * deltas[-1]:
        factor = two_digits(deltas[0] / deltas[-1])
        what = f"On its way back from the output to layer 1 δ becomes about {factor} times larger."
        cause = "Every layer multiplies it by its large weights."
        advice = "Draw smaller initial weights (xavier or he), or take fewer layers."
        return [Badge("exploding", "bad", 0, (), what, cause, advice)]
    return []


def vanishing(facts: Facts) -> list[Badge]:
    """A δ that all but disappears on its way to the first layer."""
    deltas = [_rms(dz) for dz in facts.trace.dz]
    # It takes depth: one layer back, a thousandfold is saturation or weights near 0. Exactly 0 is a dead layer.
    if facts.solved or len(deltas) < 3 or not 0 < deltas[0] < SHRINK * deltas[-1]:
        return []
    factor = two_digits(deltas[-1] / deltas[0])
    what = f"On its way back from the output to layer 1 δ becomes about {factor} times smaller."
    cause = "Each layer multiplies it by a slope and weights that are below 1."
    bounded = any(each.saturates_at for each in facts.engine.activations[:-1])
    advice = "Try relu with he_uniform weights, or fewer layers." if bounded else "Draw larger initial weights."
    return [Badge("vanishing", "bad", 0, (), what, cause, advice)]


def symmetric(facts: Facts) -> list[Badge]:
    """Hidden units that are copies of each other."""
    badges = []
    for layer in range(len(facts.z) - 1):
        if not facts.engine.experiment.layers[layer].train_weights:
            continue
        # Equal outgoing weights too: with others the gradients differ, and the units part at the next update.
        rows = np.hstack([facts.state.augmented[layer], facts.state.weights[layer + 1].T])
        units = _equal_rows(rows)
        if units:
            what = f"{_units(units)} of layer {layer + 1} have the same weights, so they compute the same."
            cause = "Equal units get equal gradients and stay equal: all of them do the work of one."
            advice = "Draw the initial weights at random, for example with xavier_uniform."
            badges.append(Badge("symmetric", "bad", layer, units, what, cause, advice))
    return badges


def _equal_rows(rows: Array) -> tuple[int, ...]:
    """The rows (units, numbers) that equal another one to a millionth of its own largest number."""
    # Equal rows have equal projections, so that after sorting they are neighbours.
    order = np.argsort(rows @ np.cos(1.0 + np.arange(rows.shape[1])), kind="stable")
    sizes = np.abs(rows).max(axis=1, initial=0.0)
    pairs = [
        (int(i), int(j)) for i, j in pairwise(order) if float(np.abs(rows[i] - rows[j]).max()) <= 1e-6 * float(sizes[i])
    ]
    return tuple(sorted({unit for pair in pairs for unit in pair}))


def dead(facts: Facts) -> list[Badge]:
    """ReLU units that are 0 for every training row."""
    badges = []
    for layer, activation in enumerate(facts.engine.activations):
        units = tuple(np.flatnonzero((facts.a[layer] <= 0).all(axis=0)).tolist()) if activation.is_dead_at_zero else ()
        if units:
            count = facts.a[layer].shape[1]
            what = f"{_units(units)} of layer {layer + 1} {_is(units)} 0 for {facts.all_rows}."
            cause = "Where z ≤ 0 for every row the slope is 0 too, so no gradient can bring it back."
            if layer:
                cause = "With z ≤ 0 for every row it gets no gradient; only the layers before can bring it back."
            advice = "Lower η, try leaky_relu, or draw new weights."
            if not facts.since:  # no step has been made, so η is not to blame
                advice = "Draw new weights, or try leaky_relu."
            severity: Literal["bad", "warn"] = "bad" if 2 * len(units) > count else "warn"
            badges.append(Badge("dead", severity, layer, units, what, cause, advice, layer == len(facts.z) - 1))
    return badges


def saturated(facts: Facts) -> list[Badge]:
    """Sigmoid and tanh units that are flat for nearly every training row."""
    # A network that has learnt may rest at its rails: then it is sure, not stuck.
    badges = []
    for layer, activation in enumerate(facts.engine.activations):
        confident = layer == len(facts.z) - 1 and facts.engine.loss.acts_on == "z"
        if facts.solved or confident or not activation.saturates_at or activation.slope is None:
            continue
        slope = np.empty_like(facts.z[layer])
        activation.slope(facts.z[layer], facts.a[layer], slope)
        flat = slope < FLAT_SLOPE * activation.max_slope
        units = tuple(np.flatnonzero(flat.mean(axis=0) >= FLAT_SHARE).tolist())
        if units:
            rails = " or ".join(activation.saturates_at)
            where = facts.all_rows if flat[:, units].all() else f"nearly {facts.all_rows}"
            what = f"{_units(units)} of layer {layer + 1} {_is(units)} close to {rails} for {where}."
            cause = f"There {activation.name} is flat: with a slope near 0 hardly any gradient gets through."
            advice = "Draw smaller initial weights, standardise the inputs, or lower η."
            if not layer and (size := _rms(facts.engine.experiment.data.x)) > RAW_INPUTS:
                cause = (
                    f"The inputs are about {two_digits(size)}, so z is large too, and there {activation.name} is flat."
                )
                advice = "Write standardize = on: smaller initial weights or a lower η would only put it off."
            severity: Literal["bad", "warn"] = "bad" if 2 * len(units) > facts.z[layer].shape[1] else "warn"
            badges.append(Badge("saturated", severity, layer, units, what, cause, advice, layer == len(facts.z) - 1))
    return badges


def steps(facts: Facts) -> list[Badge]:
    """Updates that are far too long or too short for the weights that they change."""
    if facts.engine.loss.is_mistake_driven:  # from zero weights η changes nothing but their scale
        return []
    large: list[tuple[float, int]] = []
    small: list[tuple[float, int]] = []
    before, after = facts.trace.before.weights, facts.trace.after.weights
    for layer, (old, new, dw) in enumerate(zip(before, after, facts.trace.dw, strict=True)):
        length, units, inputs = norm(old), *old.shape
        drawn = float(np.sqrt(2 * units * inputs / (units + inputs)))
        frozen = not facts.engine.experiment.layers[layer].train_weights
        if frozen or length < WEIGHTS_LEAST * drawn:
            continue
        ratio, gradient = norm(new - old) / length, norm(dw) / length
        if ratio > RATIO_LARGE:
            large.append((ratio, layer))
        elif ratio < RATIO_SMALL and gradient > RATIO_GRADIENT and not facts.solved:
            small.append((ratio, layer))
    badges = []
    if large:
        cause, advice = "The learning rate is too large for this gradient.", "Try a third of η, or a tenth."
        badges.append(Badge("update_large", "warn", max(large)[1], (), _changed(*max(large), large), cause, advice))
    if small:
        cause, advice = "The gradient is not small: the learning rate is.", "Try ten or a hundred times η."
        badges.append(Badge("update_small", "warn", min(small)[1], (), _changed(*min(small), small), cause, advice))
    return badges


def _changed(ratio: float, layer: int, found: list[tuple[float, int]]) -> str:
    """By how much the worst of the layers ``found`` changes, and which others are as bad."""
    others = sorted(other + 1 for _, other in found if other != layer)
    named = [", ".join(map(str, others[:-1])), str(others[-1])] if others[1:] else list(map(str, others))
    too = f", and much the same goes for layer{'s' if others[1:] else ''} {' and '.join(named)}" if others else ""
    ratio_said = f"{two_digits(ratio)} of their length"
    return f"This update changes the weights of layer {layer + 1} by {ratio_said}{too}; about 0.001 is usual."


def norm(values: Array) -> float:
    """The square root of the sum of squares."""
    return float(np.linalg.norm(values))


def _rms(values: Array) -> float:
    return float(np.sqrt(np.square(values).mean()))


def _units(units: tuple[int, ...]) -> str:
    """``Unit 3``, ``Units 1, 2 and 4``, ``12 units``."""
    names = [str(unit + 1) for unit in units]
    if len(names) > 6:
        return f"{len(names)} units"
    return f"Unit {names[0]}" if len(names) == 1 else f"Units {', '.join(names[:-1])} and {names[-1]}"


def _is(units: tuple[int, ...]) -> str:
    return "is" if len(units) == 1 else "are"


def two_digits(value: float) -> str:
    """Two digits: ``0.7``, ``4.1``, ``65000``, ``3e-7``, ``2.9e119``, ``∞``."""
    if 1e-3 <= abs(value) < 1e6:
        return f"{float(f'{value:.2g}'):.0f}" if abs(value) >= 10 else f"{value:.2g}"
    if not isfinite(value):
        return plain_number(value)
    mantissa, _, power = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(power)}"
