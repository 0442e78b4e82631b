"""Checks of a run that is stuck because parameters are frozen, or because a penalty holds the weights near 0."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nn_tui.core.diagnosis import remedies
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.full_batch import FullBatch
from nn_tui.core.diagnosis.observation import Observation
from nn_tui.core.engine.engine import Engine
from nn_tui.core.nn.arrays import split_parameters
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Array, Experiment
from nn_tui.core.text import two_digits
from nn_tui.core.translation import all_of, message

MIN_BIAS_FALL = 0.1  # of the loss: what the frozen biases alone would gain
_BIAS_STEPS = 40
# Of the loss: what 100 steps of Rprop gain if nothing is frozen, or without the penalty, and no more than they gain as
# it is.
MIN_FALL = 0.3
MAX_REACHABLE_FALL = 0.1
BALANCED_PART = 0.5  # of the step of the weight decay: a shorter step in all means that the gradient undoes it
WEAKER = 100.0  # by this factor the penalty that is proposed is weaker


def check_frozen(seen: Observation) -> list[Finding]:
    """Check for frozen weights, or biases frozen at 0, in a run that is stuck, where training them lowers the loss."""
    layers = seen.engine.experiment.layers
    if not seen.is_stuck or seen.engine.loss.is_mistake_driven:
        return []
    if all(layer.train_weights for layer in layers):
        return _check_frozen_biases(seen)
    if seen.reachable_fall > MAX_REACHABLE_FALL and not seen.is_long_flat:
        return []
    trained = tuple(replace(layer, train_weights=True, train_bias=True) for layer in layers)
    lowest = _lowest(seen, replace(seen.engine.experiment, layers=trained))
    if not lowest < (1.0 - MIN_FALL) * (1.0 - seen.reachable_fall) * seen.loss:
        return []
    frozen = [f"w{number}" for number, layer in enumerate(layers, 1) if not layer.train_weights]
    first = int(frozen[0][1:]) - 1
    frozen += [f"b{number}" for number, layer in enumerate(layers, 1) if not layer.train_bias]
    symptom = message(
        "{names} are frozen, and the loss hardly falls; if they were trained, it would: from {now} to {lowest} nearby.",
        names=all_of(frozen), now=two_digits(seen.loss), lowest=two_digits(lowest),
    )  # fmt: skip
    if len(frozen) == 1:
        symptom = message(
            "{name} is frozen, and the loss hardly falls; if it were trained, it would: from {now} to {lowest} nearby.",
            name=frozen[0], now=two_digits(seen.loss), lowest=two_digits(lowest),
        )  # fmt: skip
    cause = message("No update changes frozen numbers, and what the others can do with them is not enough.")
    advice = message("Train them; new weights do not help.")
    changes = ("; ".join(f"unfreeze {name}" for name in frozen),)
    found = Finding("frozen", "bad", symptom, cause, advice, changes, first, refs=(Ref("dw", first),))
    return [replace(found, useless=("seed", "init"))]


def _check_frozen_biases(seen: Observation) -> list[Finding]:
    falls = {layer: _fall_by_biases(seen, layer) for layer in layers_without_bias(seen)}
    layer = max(falls, key=lambda layer: falls[layer], default=0)
    if not falls.get(layer, 0.0) > MIN_BIAS_FALL * seen.loss:
        return []
    symptom = message(
        "The biases of layer {layer} are frozen at 0; with these weights, other biases alone would lower the loss by "
        "{part:.0%}.",
        layer=layer + 1, part=falls[layer] / seen.loss,
    )  # fmt: skip
    cause = message("Without a bias z is 0 where all inputs are 0, whatever the weights are.")
    advice = message("Train the biases.")
    changes = (f"unfreeze b{layer + 1}", *(f"unfreeze b{other + 1}" for other in falls if other != layer))
    return [Finding("no_bias", "bad", symptom, cause, advice, changes, layer, refs=(Ref("db", layer),))]


def layers_without_bias(seen: Observation) -> list[int]:
    """Return the layers whose biases are frozen at 0."""
    layers = enumerate(seen.engine.experiment.layers)
    return [layer for layer, spec in layers if not spec.train_bias and not seen.state.biases[layer].any()]


def _fall_by_biases(seen: Observation, layer: int) -> float:
    """Return by how much the loss falls if only the biases of a layer are trained, with a step that adapts."""
    full_batch = seen.facts.full_batch
    parameters, rate = seen.state.parameters.copy(), 1.0
    start = loss = full_batch.loss(parameters)
    for _ in range(_BIAS_STEPS):
        step = -rate * _bias_gradient(seen, parameters, layer)
        next_loss = full_batch.loss(parameters + step)
        if next_loss < loss:
            parameters, loss, rate = parameters + step, next_loss, 2.0 * rate
        else:
            rate /= 4.0
    return start - loss


def _bias_gradient(seen: Observation, parameters: Array, layer: int) -> Array:
    """Return the gradient (parameters,) of the biases of one layer, also if they are frozen; 0 for all others."""
    seen.facts.full_batch.gradient(parameters)
    gradient = np.zeros(len(parameters))
    split_parameters(gradient, seen.engine.sizes)[layer][:, -1] = seen.facts.full_batch.arrays.db[layer]
    return gradient


def check_penalty(seen: Observation) -> list[Finding]:
    """Check for a penalty on the weights, or a weight decay, that keeps a run from learning more."""
    training = seen.engine.experiment.training
    if not seen.is_stuck or seen.engine.loss.is_mistake_driven or seen.facts.summed_rows > 1:
        return []
    decay = seen.engine.optimizer.options.get("weight_decay", 0.0)
    name, strength = max((("l1", training.l1), ("l2", training.l2)), key=lambda pair: pair[1])
    if decay and _decay_holds(seen, decay):
        name, strength = "weight_decay", decay
    elif not strength or seen.reachable_fall > MAX_REACHABLE_FALL:
        return []
    plain = replace(seen.engine.experiment, training=replace(training, l1=0.0, l2=0.0))
    now = FullBatch(Engine(plain, seen.engine)).loss(seen.state.parameters)
    lowest = _lowest(seen, plain)
    if not now - lowest > MIN_FALL * now:
        return []
    symptom = message(
        "The loss hardly falls, but without {penalty} the data loss would: from {now} to {lowest} nearby.",
        penalty=f"{name} = {strength:g}", now=two_digits(now), lowest=two_digits(lowest),
    )  # fmt: skip
    cause = message("The penalty pulls the weights to 0 as strongly as the gradient of the data loss pulls them away.")
    advice = message("Take a weaker penalty; new weights or more units do not help.")
    changes = (f"{name} = {remedies.one_digit(strength / WEAKER):g}", f"{name} = 0")
    useless = ("seed", "init", "units", "batch")
    refs = (Ref("w", int(np.argmax([w.size for w in seen.state.weights]))),)
    return [Finding("penalty_high", "bad", symptom, cause, advice, changes, refs=refs, useless=useless)]


def _decay_holds(seen: Observation, decay: float) -> bool:
    """Return whether the weight decay undoes most of each step, so that the weights stay where they are."""
    before, after = seen.trace.before.parameters, seen.trace.after.parameters
    pull = seen.trace.learning_rate * decay * float(np.linalg.norm(before))
    return float(np.linalg.norm(after - before)) < BALANCED_PART * pull


def _lowest(seen: Observation, experiment: Experiment) -> float:
    """Return the lowest loss near the weights of the run in a changed experiment."""
    batch = FullBatch(Engine(experiment, seen.engine))
    lowest = batch.lowest_nearby(seen.state.parameters)
    seen.facts.full_batch.passes += batch.passes  # they count as effort
    return lowest
