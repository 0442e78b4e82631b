"""Checks of what a network without a hidden layer, or without biases, cannot do. Each returns findings."""

from __future__ import annotations

import numpy as np

from nn_tui.core.diagnosis import remedies
from nn_tui.core.diagnosis.facts import SOLVED_SCORE, Facts
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.translation import message

MIN_BIAS_GAIN = 0.05  # of accuracy or R² that a bias adds to the best line
MIN_FIXED_ERROR = 0.25  # of the range of the targets, in a row of zeros without a bias
MIN_CURVE_GAIN = 0.05  # of accuracy or R² that a curve or the nearest neighbour adds to it


def check_line(facts: Facts) -> list[Finding]:
    """Check for a network without a hidden layer whose bias or line is not enough for the data."""
    output = facts.engine.activations[-1].name
    is_regression = facts.engine.coding == "numbers"
    if not facts.is_linear or (is_regression and output != "identity"):
        return []
    fit = facts.linear_fit
    if fit is None:
        return []
    layers = facts.experiment.layers
    biases = [layer for layer in facts.experiment.layers if layer.train_bias]
    has_no_bias = not biases and not any(bias.any() for bias in facts.state.biases)
    if has_no_bias and fit.through_zero < SOLVED_SCORE and fit.line >= fit.through_zero + MIN_BIAS_GAIN:
        return [_no_bias_of_line(facts, fit.through_zero, fit.line)]
    best = max(fit.curve, facts.best_score or 0.0)
    if fit.line >= SOLVED_SCORE or best < fit.line + MIN_CURVE_GAIN:
        return []
    if is_regression:
        symptom = message(
            "Without a hidden layer the network is a plane; the best one has R² = {line:.2f}, and the data allow "
            "{best:.2f}.",
            line=fit.line, best=best,
        )  # fmt: skip
    else:
        symptom = message(
            "No line splits the classes: the one of logistic regression gets {line:.0%} of the training rows right, "
            "and the data allow {best:.0%}.",
            line=fit.line, best=best,
        )  # fmt: skip
    if len(layers) > 1:
        cause = message("Hidden layers with the activation identity compute no more than one layer.")
        changes = tuple(f"activation {number} = tanh" for number in range(1, len(layers)))
        advice = message("Give the hidden layers an activation that bends, such as tanh.")
    else:
        cause = message(
            "Without a hidden layer the loss has one valley, so new weights or another η lead to the same place."
        )
        if facts.engine.loss.is_mistake_driven:
            cause = message("Without a hidden layer the boundary is a line, whatever the weights and η are.")
        changes = (remedies.hidden_layer(facts),)
        advice = message("Add a hidden layer.")
    return [Finding("single_layer", "bad", symptom, cause, advice, changes, useless=("seed", "init", "eta"))]


def check_zero_row(facts: Facts) -> list[Finding]:
    """Check for a row of zeros in a network without biases: its answer is fixed, whatever the weights are."""
    data, engine = facts.experiment.data, facts.engine
    zero_rows = np.flatnonzero(~data.x.any(axis=1))
    is_trained = any(layer.train_bias for layer in facts.experiment.layers) or any(b.any() for b in facts.state.biases)
    if facts.is_linear or is_trained or not zero_rows.size:
        return []
    _, a, prediction = run_forward(engine, facts.state, data.x[zero_rows[:1]])
    if any(layer.any() for layer in a[:-1]):  # a sigmoid gives 0.5 for 0, and its weights act as a bias
        return []
    row, targets = int(zero_rows[0]), data.y[zero_rows[0]]
    unit = int(np.abs(prediction[0] - targets).argmax())
    if not abs(prediction[0, unit] - targets[unit]) > MIN_FIXED_ERROR * float(np.ptp(data.y[:, unit])):
        return []
    symptom = message(
        "The biases are frozen at 0, so the answer for inputs that are all 0 is {fixed:.3g}, but the target of row "
        "{row} is {target:.3g}.",
        fixed=float(prediction[0, unit]), row=row + 1, target=float(targets[unit]),
    )  # fmt: skip
    cause = message("Without a bias z is 0 where all inputs are 0, whatever the weights are.")
    advice = message("Train the biases.")
    layer = len(facts.experiment.layers) - 1
    changes = remedies.unfreeze_biases(facts)
    refs, useless = (Ref("b", layer),), ("seed", "init")
    return [Finding("no_bias", "bad", symptom, cause, advice, changes, layer, refs=refs, useless=useless)]


def _no_bias_of_line(facts: Facts, without: float, with_bias: float) -> Finding:
    if facts.engine.coding == "numbers":
        symptom = message(
            "The biases are frozen at 0; the best plane has R² = {without:.2f}, and with a bias {with_bias:.2f}.",
            without=without, with_bias=with_bias,
        )  # fmt: skip
    else:
        symptom = message(
            "The biases are frozen at 0; the best line gets {without:.0%} of the training rows right, and with a bias "
            "{with_bias:.0%}.",
            without=without, with_bias=with_bias,
        )  # fmt: skip
    cause = message("Without a bias z is 0 where all inputs are 0, whatever the weights are.")
    advice = message("Train the biases.")
    layer = len(facts.experiment.layers) - 1
    changes = remedies.unfreeze_biases(facts)
    refs, useless = (Ref("b", layer),), ("seed", "init")
    return Finding("no_bias", "bad", symptom, cause, advice, changes, layer, refs=refs, useless=useless)
