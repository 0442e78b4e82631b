"""Checks of the units and of the gradients that flow through them. Each returns findings, none if all is well.

A check compares a number with a threshold; the comments name the sources.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.diagnosis import remedies
from nn_tui.core.diagnosis.data_checks import LARGE_INPUT
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.observation import Observation, observe_start
from nn_tui.core.nn.activations import Activation
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import mean_size
from nn_tui.core.spec import Array
from nn_tui.core.text import two_digits
from nn_tui.core.translation import Message, all_of, any_of, message, message_plural

# In a well-scaled network δ changes by about one power of ten from layer to layer (Glorot and Bengio 2010). Every
# sigmoid divides it by 4 or more, so a ratio of 1000 means at least four or five of them.
VANISHING_RATIO = 1e-3
# In presets that learn, z grows by less than 4 and δ does not grow: both factors together are below 2.
EXPLODING_RATIO = 1e2
SATURATED_SLOPE = 0.01  # of the steepest slope: |z| > 6 for sigmoid, > 3 for tanh
SATURATED_FRACTION = 0.99  # of the rows
# So many units have to be left, and half of the layer: then these can learn. Most networks with ReLU have some dead
# units, so a few of them count only where the run does not learn.
MIN_UNITS_LEFT = 2
MAX_NAMED_UNITS = 6

Severity = Literal["bad", "warn"]


def check_symmetric(seen: Observation) -> list[Finding]:
    """Check for hidden units that are copies of each other."""
    findings = []
    for layer in range(len(seen.engine.activations) - 1):
        if not seen.engine.experiment.layers[layer].train_weights:
            continue
        # The outgoing weights must be equal too; otherwise the gradients differ and so do the units after the update.
        rows = np.hstack([seen.state.augmented[layer], seen.state.weights[layer + 1].T])
        units = _equal_rows(rows)
        if units and _are_equal_at_start(seen, layer, units):
            symptom = message(
                "{units} of layer {layer} have the same weights, so they compute the same.",
                units=_units_text(units), layer=layer + 1,
            )  # fmt: skip
            cause = message("Equal units get equal gradients and stay equal: all of them do the work of one.")
            advice = message("Draw the initial weights at random, for example with xavier_uniform.")
            severity = _severity(units, len(rows))
            refs = tuple(Ref("w", layer, unit) for unit in units[:2])
            changes = ("init = xavier_uniform",)
            found = Finding("symmetric", severity, symptom, cause, advice, changes, layer, units, refs=refs)
            findings.append(replace(found, useless=("seed", "units")))
    return findings


def _are_equal_at_start(seen: Observation, layer: int, units: tuple[int, ...]) -> bool:
    """Return whether the units were equal from the start; steps that are too long may make others equal, too."""
    start = seen.facts.state
    return set(units) <= set(_equal_rows(np.hstack([start.augmented[layer], start.weights[layer + 1].T])))


def _equal_rows(rows: Array) -> tuple[int, ...]:
    """Return the rows of (units, numbers) that equal another row, to a millionth of its largest number."""
    # Equal rows have equal projections, so they are neighbours after sorting.
    order = np.argsort(rows @ np.cos(1.0 + np.arange(rows.shape[1])), kind="stable")
    sizes = np.abs(rows).max(axis=1, initial=0.0)
    pairs = [
        (int(i), int(j)) for i, j in pairwise(order) if float(np.abs(rows[i] - rows[j]).max()) <= 1e-6 * float(sizes[i])
    ]
    return tuple(sorted({unit for pair in pairs for unit in pair}))


def check_dead(seen: Observation) -> list[Finding]:
    """Check for ReLU units that are 0 for every training row: many of a layer, or any if the run does not learn."""
    findings = []
    for layer, activation in enumerate(seen.engine.activations):
        units = _dead_units(seen.a[layer], activation)
        count = seen.a[layer].shape[1]
        if not units or (_leaves_enough(units, count) and not seen.is_flat):
            continue
        symptom = message_plural(
            "{units} of layer {layer} is 0 for {rows}.", "{units} of layer {layer} are 0 for {rows}.", len(units),
            units=_units_text(units), layer=layer + 1, rows=seen.rows_text,
        )  # fmt: skip
        emerged = not set(units) <= _dead_at_start(seen, layer)
        if not emerged:
            cause = message(
                "They are dead from the start: their first weights and biases make z ≤ 0 for every row, where the "
                "slope is 0."
            )
            advice = message("Draw new weights, or try leaky_relu; another η does not help.")
            changes: tuple[str, ...] = (
                remedies.redraw(seen.facts, layer), f"activation {layer + 1} = leaky_relu",
            )  # fmt: skip
        else:
            cause = message(
                "A step was so long that z ≤ 0 for every row; there the slope is 0, and no gradient can bring the unit "
                "back."
            )
            advice = message("Go back to the start with a lower η, or try leaky_relu.")
            changes = (remedies.lower_eta(seen.facts), f"activation {layer + 1} = leaky_relu")
            if not remedies.lower_eta_helps(seen.facts):
                changes = changes[::-1]
        severity = _severity(units, count)
        is_output = layer == len(seen.z) - 1
        refs = tuple(Ref("z", layer, unit) for unit in units[:2])
        findings.append(
            Finding(
                "dead_units", severity, symptom, cause, advice, changes, layer, units, is_output, refs,
                emerged=emerged, useless=() if emerged else ("eta",),
            )
        )  # fmt: skip
    return findings


def _dead_units(a: Array, activation: Activation) -> tuple[int, ...]:
    return tuple(np.flatnonzero((a <= 0).all(axis=0)).tolist()) if activation.is_dead_at_zero else ()


def _dead_at_start(seen: Observation, layer: int) -> set[int]:
    return set(_dead_units(seen.facts.start_pass[1][layer], seen.engine.activations[layer]))


def has_lost_layer(seen: Observation) -> bool:
    """Return whether so many units of a layer have become flat since the start that the layer cannot learn.

    A flat unit is dead or saturated: its slope is nearly 0 for nearly every row.
    """
    start_z, start_a = seen.facts.start_pass
    for layer, activation in enumerate(seen.engine.activations):
        if activation.slope is None or (layer == len(seen.z) - 1 and seen.engine.loss.acts_on == "z"):
            continue
        lost = {*_flat_units(seen.z[layer], seen.a[layer], activation)} - {
            *_flat_units(start_z[layer], start_a[layer], activation)
        }
        if lost and not _leaves_enough(tuple(lost), seen.a[layer].shape[1]):
            return True
    return False


def check_saturated(seen: Observation) -> list[Finding]:
    """Check for sigmoid and tanh units that are flat for nearly every training row."""
    findings = []
    for layer, activation in enumerate(seen.engine.activations):
        is_output = layer == len(seen.z) - 1
        # With a loss that acts on z the slope of the output cancels.
        if (is_output and seen.engine.loss.acts_on == "z") or not activation.saturates_at:
            continue
        flat = _flat_rows(seen.z[layer], seen.a[layer], activation)
        units = _flat_units(seen.z[layer], seen.a[layer], activation)
        count = seen.z[layer].shape[1]
        if not units or (_leaves_enough(units, count) and not seen.is_flat):
            continue
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
        cause, advice, changes, emerged = _why_saturated(seen, layer, units)
        refs = tuple(Ref("z", layer, unit) for unit in units[:2])
        severity = _severity(units, count)
        found = Finding("saturated", severity, symptom, cause, advice, changes, layer, units, is_output, refs)
        findings.append(replace(found, emerged=emerged))
    return findings


def _flat_units(z: Array, a: Array, activation: Activation) -> tuple[int, ...]:
    return tuple(np.flatnonzero(_flat_rows(z, a, activation).mean(axis=0) >= SATURATED_FRACTION).tolist())


def _flat_rows(z: Array, a: Array, activation: Activation) -> NDArray[np.bool_]:
    """Return for each row and unit (rows, units) whether the slope is nearly 0."""
    slope = np.empty_like(z)
    assert activation.slope is not None
    activation.slope(z, a, slope)
    flat: NDArray[np.bool_] = slope < SATURATED_SLOPE * activation.max_slope
    return flat


def _why_saturated(
    seen: Observation, layer: int, units: tuple[int, ...]
) -> tuple[Message, Message, tuple[str, ...], bool]:
    """Return cause, advice and remedies of saturated units, and whether they have become so during the training."""
    activation, facts = seen.engine.activations[layer], seen.facts
    size = float(facts.column_sizes.max())
    if not layer and size > LARGE_INPUT:
        cause = message(
            "The inputs are about {size}, so z is large too, and {name} is flat there.",
            size=two_digits(size), name=activation.name,
        )  # fmt: skip
        advice = message("Scale the inputs: smaller initial weights or a lower η would only delay the problem.")
        return cause, advice, ("standardize = on",), False
    flat = message("{name} is flat there: its slope is nearly 0, and so is the gradient.", name=activation.name)
    z, a = facts.start_pass
    at_start = _flat_rows(z[layer], a[layer], activation)[:, units].mean(axis=0) >= SATURATED_FRACTION
    if at_start.mean() >= 0.5:
        changes = ["init = xavier_uniform" if _saturated_layers(seen, z, a) > 1 else remedies.redraw(facts, layer)]
        advice = message("Draw smaller initial weights.")
    else:
        return flat, message("Lower η: the steps pushed the units there."), (remedies.lower_eta(facts),), True
    y = seen.y
    is_squared = seen.engine.loss.acts_on == "a" and activation.name == "sigmoid"
    if layer == len(seen.z) - 1 and is_squared and y.min() >= 0.0 and y.max() <= 1.0:
        changes.insert(0, "loss = binary_cross_entropy")
        advice = message("With the loss binary_cross_entropy the slope of the output cancels.")
    return flat, advice, tuple(changes), False


def _saturated_layers(seen: Observation, z: list[Array], a: list[Array]) -> int:
    """Return in how many layers most units are flat for most rows."""
    layers = zip(z, a, seen.engine.activations, strict=True)
    return sum(float(_flat_rows(*layer).mean()) > 0.5 for layer in layers if layer[2].saturates_at)


def check_exploding(seen: Observation) -> list[Finding]:
    """Check for z that grow from layer to layer at the start, and δ that grow on the way back."""
    if len(seen.engine.activations) < 3:
        return []
    start = observe_start(seen.facts, seen.trace) if seen.updates_since_edit else seen
    sizes, deltas = [mean_size(z) for z in start.z], _deltas(start)
    if not (sizes[0] > 0.0 and deltas[-1] > 0.0):
        return []
    forward, back = sizes[-1] / sizes[0], deltas[0] / deltas[-1]
    if not max(forward * back, back) > EXPLODING_RATIO:
        return []
    symptom = message(
        "With the first weights z becomes about {forward} times larger from layer 1 to the output, and δ about {back} "
        "times larger on the way back.",
        forward=two_digits(forward), back=two_digits(back),
    )  # fmt: skip
    cause = message("Every layer multiplies by its large weights.")
    advice = message("Draw smaller initial weights (xavier or he), or take fewer layers.")
    activations = seen.engine.activations[:-1]
    init = "xavier_uniform" if any(activation.saturates_at for activation in activations) else "he_normal"
    changes = (f"init = {init}", remedies.lower_eta(seen.facts))
    refs = (Ref("dz", 0), Ref("dz", len(deltas) - 1))
    return [Finding("exploding", "bad", symptom, cause, advice, changes, 0, refs=refs)]


def check_vanishing(seen: Observation) -> list[Finding]:
    """Check for a δ that nearly disappears on its way from the output to layer 1."""
    # Only deep networks count: over one layer the reason is saturation or weights near 0. Exactly 0 is a dead layer.
    if len(seen.engine.activations) < 3:
        return []
    deltas = _deltas(seen)
    if not _vanishes(deltas):
        return []
    emerged = seen.updates_since_edit > 0 and not _vanishes(_deltas(observe_start(seen.facts, seen.trace)))
    factor = two_digits(deltas[-1] / deltas[0])
    symptom = message("δ becomes about {factor} times smaller from the output back to layer 1.", factor=factor)
    cause = message("Each layer multiplies it by a slope and weights that are below 1.")
    changes = remedies.deeper_gradient(seen.facts)
    if any(activation.saturates_at for activation in seen.engine.activations[:-1]):
        advice = message("Try relu with he_uniform weights, fewer layers, or Adam, which enlarges small gradients.")
    else:
        advice = message("Draw larger initial weights, or try Adam, which enlarges small gradients.")
    refs = (Ref("dz", 0), Ref("dz", len(deltas) - 1))
    return [Finding("vanishing", "bad", symptom, cause, advice, changes, 0, refs=refs, emerged=emerged)]


def _vanishes(deltas: list[float]) -> bool:
    return 0 < deltas[0] < VANISHING_RATIO * deltas[-1]


def _deltas(seen: Observation) -> list[float]:
    """Return for each layer the mean of |δ| over the training set."""
    return [mean_size(dz) for dz in seen.backward.dz]


def _leaves_enough(units: tuple[int, ...], count: int) -> bool:
    left = count - len(units)
    return left >= MIN_UNITS_LEFT and 2 * left >= count


def _severity(units: tuple[int, ...], count: int) -> Severity:
    return "bad" if 2 * len(units) > count else "warn"


def _units_text(units: tuple[int, ...]) -> Message:
    """Return ``Unit 3``, ``Units 1, 2 and 4`` or ``12 units``."""
    count = len(units)
    if count > MAX_NAMED_UNITS:
        return message_plural("{count} unit", "{count} units", count)
    return message_plural("Unit {units}", "Units {units}", count, units=all_of([unit + 1 for unit in units]))
