"""Remedies: changes that help, as a person types them (see :mod:`nn_tui.core.edits.grammar`)."""

from __future__ import annotations

from math import floor, log10

import numpy as np

from nn_tui.core.diagnosis.facts import STABLE_RATE, Facts
from nn_tui.core.diagnosis.first_updates import xavier_length
from nn_tui.core.nn.initializers import INITIALIZERS

SAFE_PART = 0.5  # of the η at which gradient descent on a quadratic becomes unstable, 2/λ
RAISE_PART = 0.1  # of the same: small batches need some distance
MAX_ETA, MAX_ADAPTIVE_ETA = 10.0, 0.1
_NEW_UNITS = 8
TINY_PART = 0.1  # of the usual length of weights
# Large targets. In 96 settings (four networks, six trainings, four scales of the targets) a bias at the mean, or Adam
# with such an η, gave the highest R² after 400 updates of ten changes that were tried.
OFFSET = 1.5  # the mean of the targets, in standard deviations, from which on a bias at the mean helps most
ETA_PER_SIZE, MIN_TARGET_ETA, MAX_TARGET_ETA = 0.002, 0.05, 1.0


def one_digit(value: float) -> float:
    """Round a positive number down to one significant digit: 0.0237 becomes 0.02."""
    power = floor(log10(value))
    return float(f"{max(1, floor(value / 10.0**power + 1e-9))}e{power}")


def set_eta(value: float) -> str:
    """Return the change of η."""
    return f"eta = {value:g}"


def eta_of(facts: Facts) -> float:
    """Return η as it is set; with a schedule, η₀."""
    return facts.experiment.training.optimizer.learning_rate


def lower_eta(facts: Facts) -> str:
    """Return a change to a lower η: of those worth trying, the one whose first updates end with the lowest loss."""
    return set_eta(lower_rate(facts))


def lower_rate(facts: Facts) -> float:
    """Return the η of :func:`lower_eta`; with a schedule, η₀.

    Worth trying are a tenth, a hundredth and a thousandth of η, and for an optimiser like SGD one that the curvature at
    the start allows. Of a large network, of which the updates are not replayed, it is the largest of these.
    """
    eta = eta_of(facts)
    rates = [one_digit(eta / factor) for factor in (10.0, 100.0, 1000.0)]
    if facts.is_sgd_like and 0.0 < facts.curvature < 1e12:
        safe = one_digit(SAFE_PART * STABLE_RATE / (facts.curvature * facts.step_factor))
        rates = [safe, *rates] if safe < 0.7 * eta else rates
    replays = {rate: facts.first_updates(rate) for rate in rates}
    return min(rates, key=lambda rate: np.inf if (replay := replays[rate]) is None else replay.median_loss)


def lower_eta_helps(facts: Facts) -> bool:
    """Return whether the first updates with the η of :func:`lower_eta` end lower; True if that is unknown."""
    own, lower = facts.first_updates(eta_of(facts)), facts.first_updates(lower_rate(facts))
    return own is None or lower is None or lower.median_loss < own.median_loss


def has_tiny_weights(facts: Facts) -> bool:
    """Return whether the first weights of a hidden layer are far shorter than usual, so that its units are alike."""
    hidden = facts.state.weights[:-1]
    return any(float(np.linalg.norm(w)) < TINY_PART * xavier_length(w) for w in hidden)


def usual_weights(facts: Facts) -> str:
    """Return the change that draws all weights as the hidden activations need them."""
    saturates = any(activation.saturates_at for activation in facts.engine.activations[:-1])
    return f"init = {'xavier_uniform' if saturates else 'he_uniform'}"


def raise_eta(facts: Facts, room: float) -> str:
    """Return a change to a larger η, if it may grow by the factor ``room`` before the steps are too long."""
    largest = MAX_ETA if facts.is_sgd_like else MAX_ADAPTIVE_ETA
    eta = eta_of(facts)
    return set_eta(max(one_digit(min(largest, RAISE_PART * room * eta)), one_digit(2.0 * eta)))


def next_seed(facts: Facts) -> tuple[str, ...]:
    """Return the change that draws other initial weights, if any are drawn."""
    has_drawn = any(layer.weights is None and INITIALIZERS[layer.init].is_random for layer in facts.experiment.layers)
    return (f"seed = {facts.experiment.init_seed + 1}",) if has_drawn else ()


def adam(facts: Facts) -> tuple[str, ...]:
    """Return the change to Adam, if the optimiser is one like SGD."""
    return ("optimizer = adam 0.01",) if facts.is_sgd_like else ()


def more_units(facts: Facts) -> str:
    """Return a change that makes the network larger: more units in its smallest hidden layer, or a hidden layer."""
    layers = facts.experiment.layers
    if len(layers) == 1:
        return f"add layer 1 {_NEW_UNITS} tanh"
    units, number = min((layer.units, number) for number, layer in enumerate(layers[:-1], 1))
    return f"units {number} = {2 * units + 2}"


def hidden_layer(facts: Facts) -> str:
    """Return the change that adds a hidden layer to a network of one, with a lower η if η is too high already."""
    eta = eta_of(facts)
    if (
        not facts.is_sgd_like
        or facts.engine.loss.is_mistake_driven
        or eta * facts.step_factor * facts.curvature < STABLE_RATE
    ):
        return more_units(facts)
    lower = one_digit(RAISE_PART * STABLE_RATE / (facts.curvature * facts.step_factor))
    return f"{more_units(facts)}; {set_eta(lower)}"


def draw_layer(facts: Facts, layer: int) -> str:
    """Return a change that draws the weights of a layer as its activation needs them."""
    activation = facts.engine.activations[layer]
    return f"init {layer + 1} = {'xavier_uniform' if activation.saturates_at else 'he_uniform'}"


def redraw(facts: Facts, layer: int) -> str:
    """Return a change that draws other weights for a layer: by its usual initialisation, or from the next seed."""
    spec = facts.experiment.layers[layer]
    change = draw_layer(facts, layer)
    is_usual = spec.weights is None and spec.bias is None and change.endswith(spec.init)
    return next_seed(facts)[0] if is_usual else change


def unfreeze_biases(facts: Facts) -> tuple[str, ...]:
    """Return the changes that train frozen biases, those of the output layer first."""
    layers = list(enumerate(facts.experiment.layers, 1))
    return tuple(f"unfreeze b{number}" for number, layer in reversed(layers) if not layer.train_bias)


def deeper_gradient(facts: Facts) -> tuple[str, ...]:
    """Return changes that bring a gradient to the first layer of a deep network."""
    layers = facts.experiment.layers
    init = ("init = he_normal",) if not any(a.saturates_at for a in facts.engine.activations[:-1]) else ()
    return (*adam(facts), *init, f"remove layer {len(layers) - 1}")


def adam_for_targets(facts: Facts, size: float) -> str:
    """Return the change to Adam with steps that suit targets of about ``size``."""
    eta = one_digit(min(MAX_TARGET_ETA, max(MIN_TARGET_ETA, ETA_PER_SIZE * size)))
    return f"optimizer = adam {eta:g}" if facts.experiment.training.optimizer.name != "adam" else set_eta(eta)


def standardize_target(facts: Facts) -> tuple[str, ...]:
    """Return the change that standardises the targets, if the output can be negative, as half of them then are."""
    data, activation = facts.experiment.preset.data, facts.engine.activations[-1]
    return ("standardize_target = on",) if activation.low is None and not data.standardize_target else ()


def reach_targets(facts: Facts, size: float) -> tuple[str, ...]:
    """Return changes that help where the targets are about ``size``: a bias at their mean, or Adam with long steps.

    Adam moves a number by about η in each update, however large the errors are.
    """
    y = facts.experiment.data.y
    change = adam_for_targets(facts, size)
    means = " ".join(f"{mean:.3g}" for mean in y.mean(axis=0))
    start_at_mean = f"b{len(facts.experiment.layers)} = {means}"
    if float(np.abs(y.mean(axis=0) / np.maximum(y.std(axis=0), 1e-12)).max()) < OFFSET:
        return (change,)
    saturates = any(activation.saturates_at for activation in facts.engine.activations[:-1])
    grows_with_error = facts.engine.loss.name in ("half_squared_error", "mean_squared_error")
    return (start_at_mean, change) if saturates and grows_with_error else (change, start_at_mean)


def other_target(facts: Facts) -> str:
    """Return a change that gives the first sample another target, one that the loss allows."""
    first, loss = facts.experiment.data.y[0], facts.engine.loss
    if loss.targets == "distribution":  # its targets add up to 1
        classes = np.eye(len(first))
        other = classes[1] if first[0] == 1.0 else classes[0]
        return f"y = {' '.join(f'{number:g}' for number in other)}"
    value = float(first[0])
    if 0.0 <= value <= 1.0:
        return f"y1 = {0.0 if value >= 0.5 else 1.0:g}"
    return f"y1 = {-value:g}"
