"""Checks of the data and its scale, which need no training. Each returns findings, none if all is well."""

from __future__ import annotations

from typing import Literal

import numpy as np

from nn_tui.core.diagnosis import remedies
from nn_tui.core.diagnosis.facts import SOLVED_SCORE, STABLE_RATE, Facts
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.nn.activations import Activation
from nn_tui.core.refs import Ref
from nn_tui.core.text import two_digits
from nn_tui.core.translation import Message, all_of, message

# Standardised inputs have the size 1 (LeCun et al. 1998, "Efficient BackProp", section 4.3). Ten times as much
# saturates a tanh with Xavier weights, and makes the loss a hundred times as curved.
LARGE_INPUT, MEDIUM_INPUT, SMALL_INPUT = 10.0, 3.0, 0.01
LARGE_TARGET = 10.0
MAX_CLIPPED_PART = 0.01  # of the variance of the targets that lies outside the range of the output
MIN_SUMMED_ROWS = 8
# Of η times the curvature of the sum at the start. Networks often survive a few unstable steps, because the curvature
# falls with the loss (Lewkowycz et al. 2020: up to 4/η).
UNSTABLE_SUM = 4.0
MAX_TYPED_ROWS = 30  # the change for more rows would be too long to read
# What does not help where there is nothing to learn.
_USELESS = ("eta", "seed", "init", "units", "add", "loss", "optimizer", "activation", "batch")


def check_constant_target(facts: Facts) -> list[Finding]:
    """Check for targets that are the same in every row."""
    y = facts.experiment.data.y
    if len(y) < 2 or not (y == y[0]).all():
        return []
    value = float(y[0, 0])
    symptom = message("All {rows} training rows have the same target: {value:.4g}.", rows=len(y), value=value)
    cause = message("There is nothing to learn from the inputs: a bias alone gives this answer.")
    advice = message("Check the column of the targets, or give some rows another target.")
    return [
        Finding(
            "constant_target",
            "bad",
            symptom,
            cause,
            advice,
            (remedies.other_target(facts),),
            refs=(Ref("y", sample=0),),
            useless=_USELESS,
        )
    ]


def check_constant_inputs(facts: Facts) -> list[Finding]:
    """Check for inputs that are the same in every row, although the targets are not."""
    data = facts.experiment.data
    if len(data.x) < 2 or not (data.x == data.x[0]).all() or (data.y == data.y[0]).all():
        return []
    symptom = message("All {rows} training rows have the same inputs, but not the same targets.", rows=len(data.x))
    cause = message("The network gives the same answer for equal inputs, so the best one is the mean of the targets.")
    advice = message("Check the columns of the inputs, or give some rows other inputs.")
    changes = (f"x1 = {float(data.points[0, 0]) + 1.0:g}",)
    return [
        Finding("constant_inputs", "bad", symptom, cause, advice, changes, refs=(Ref("x", sample=0),), useless=_USELESS)
    ]


def check_conflicting_rows(facts: Facts) -> list[Finding]:
    """Check for equal inputs with different classes, so many that the rest is not enough; in typed data."""
    data, spec = facts.experiment.data, facts.experiment.preset.data
    is_typed = spec.inputs is not None and not spec.features and not spec.standardize and not spec.test_fraction
    if facts.engine.coding == "numbers" or not is_typed or not 1 < len(data.x) <= MAX_TYPED_ROWS:
        return []
    targets: dict[tuple[float, ...], list[tuple[float, ...]]] = {}
    for inputs, target in zip(data.x.tolist(), data.y.tolist(), strict=True):
        targets.setdefault(tuple(inputs), []).append(tuple(target))
    commonest = {inputs: max(group, key=group.count) for inputs, group in targets.items()}
    right = sum(group.count(commonest[inputs]) for inputs, group in targets.items())
    if len(targets) < 2 or right >= SOLVED_SCORE * len(data.x):
        return []
    conflict = next(inputs for inputs, group in targets.items() if len(set(group)) > 1)
    rows = np.flatnonzero((data.x == conflict).all(axis=1))
    symptom = message(
        "Rows {rows} have the same inputs, but not the same targets: no network gets more than {right} of {total} rows "
        "right.",
        rows=all_of((rows + 1).tolist()), right=right, total=len(data.x),
    )  # fmt: skip
    cause = message("The network gives the same answer for equal inputs.")
    advice = message("Correct the targets, or add an input that tells these rows apart.")
    table = "; ".join(f"{_numbers(inputs)} -> {_numbers(target)}" for inputs, target in commonest.items())
    refs = tuple(_address(facts, "y", 0, int(row)) for row in rows[:2])
    changes = (f"data = {table}",)
    return [Finding("conflicting_rows", "bad", symptom, cause, advice, changes, refs=refs, useless=_USELESS)]


def _numbers(values: tuple[float, ...]) -> str:
    return " ".join(f"{value:.12g}" for value in values)


def check_target_range(facts: Facts) -> list[Finding]:
    """Check for targets that the activation of the output cannot reach."""
    y, activation = facts.experiment.data.y, facts.engine.activations[-1]
    low, high = _bounds(activation)
    with np.errstate(all="ignore"):
        beyond = np.square(y - np.clip(y, low, high)).sum(axis=0)
        total = np.square(y - y.mean(axis=0)).sum(axis=0)
    total = np.where(total > 0.0, total, np.square(y).sum(axis=0))
    outside = beyond > MAX_CLIPPED_PART * total
    if facts.engine.loss.is_mistake_driven or not outside.any():
        return []
    units = tuple(np.flatnonzero(outside).tolist())
    wrong = ((y < low) | (y > high)).any(axis=1)
    row = int(np.argmax(wrong))
    layer = len(facts.engine.activations) - 1
    symptom = message(
        "The targets go from {lowest:.3g} to {highest:.3g}, but {name} gives only {range}: {count} of {total} training "
        "rows cannot be reached.",
        lowest=float(y.min()), highest=float(y.max()), name=activation.name, range=_range_text(low, high),
        count=int(wrong.sum()), total=len(y),
    )  # fmt: skip
    cause = message("The output stops at its limit, where the slope is nearly 0.")
    is_within_one = float(np.abs(y).max()) <= 1.0 and activation.name != "tanh"
    choices = ("tanh", "identity") if is_within_one else ("identity",)
    advice = message(
        "Give the output layer an activation that reaches the targets; more units or new weights do not help."
    )
    # A wider output makes the gradients larger: a sum of many of them, or large targets, would make the steps too long.
    also = ""
    size = float(facts.target_sizes.max())
    if size > LARGE_TARGET and len(facts.engine.activations) > 1:
        also = f"; {remedies.adam_for_targets(facts, size)}"
    elif facts.is_sgd_like and facts.summed_rows >= MIN_SUMMED_ROWS:
        also = "; reduction = mean" if remedies.eta_of(facts) * facts.summed_rows > STABLE_RATE else ""
    changes = tuple(f"activation {layer + 1} = {name}{also}" for name in choices)
    return [
        Finding(
            "target_out_of_range", "bad", symptom, cause, advice, changes, layer, units, is_output=True,
            refs=(_address(facts, "y", units[0], row),), useless=("units", "add", "seed", "init"),
        )
    ]  # fmt: skip


def _address(facts: Facts, quantity: Literal["x", "y"], unit: int, row: int) -> Ref:
    """Return the address of a number of a row, or of the first sample if a batch has not all rows."""
    return Ref(quantity, unit=unit, sample=row if facts.engine.batch == facts.engine.rows else 0)


def _bounds(activation: Activation) -> tuple[float, float]:
    return (
        -np.inf if activation.low is None else activation.low,
        np.inf if activation.high is None else activation.high,
    )


def _range_text(low: float, high: float) -> Message:
    if np.isinf(high):
        return message("{low:.2g} or more", low=low)
    if np.isinf(low):
        return message("{high:.2g} or less", high=high)
    return message("{low:g} to {high:g}", low=low, high=high)


def check_input_scale(facts: Facts) -> list[Finding]:
    """Check for inputs that are far from the size 1, or so large that η is too large for them."""
    data, training = facts.experiment.data, facts.experiment.training
    sizes = facts.column_sizes
    if facts.experiment.preset.data.standardize or not np.isfinite(sizes).all():
        return []
    column = int(sizes.argmax())
    size = float(sizes[column])
    row = int(np.abs(data.x[:, column]).argmax())
    symptom = message(
        "Input {name} is about {size} (root mean square); the usual size is 1.",
        name=data.input_names[column], size=two_digits(size),
    )  # fmt: skip
    refs = (_address(facts, "x", column, row),)
    if size > LARGE_INPUT:
        cause = _large_input_cause(facts)
        return [_unscaled_inputs(facts, symptom, cause, refs)]
    if 0.0 < float(np.abs(data.x).max()) < SMALL_INPUT:
        cause = message("The gradient of a weight is a multiple of its input, so the first layer hardly learns.")
        return [_unscaled_inputs(facts, symptom, cause, refs)]
    rate = training.optimizer.learning_rate * facts.summed_rows
    if facts.is_linear and facts.is_sgd_like and size > MEDIUM_INPUT:
        curvature = facts.curvature
        scaled = curvature / max(1.0, size * size)
        stable = STABLE_RATE * (1.0 + facts.momentum)
        if rate * curvature > stable and rate * scaled < stable:
            cause = message(
                "η times the curvature of the loss is {product}; with more than {stable} the steps grow. With inputs "
                "of size 1 it would be about {scaled}.",
                product=two_digits(rate * curvature), scaled=two_digits(rate * scaled), stable=two_digits(stable),
            )  # fmt: skip
            return [_unscaled_inputs(facts, symptom, cause, refs)]
    return []


def _unscaled_inputs(facts: Facts, symptom: Message, cause: Message, refs: tuple[Ref, ...]) -> Finding:
    advice = message(
        "Scale the inputs to mean 0 and standard deviation 1: a lower η or smaller initial weights would only delay "
        "the problem."
    )
    target_size, change, useless = _size_of_large_targets(facts), "standardize = on", ("eta", "init")
    # One without the other does not help: the errors of large targets push the units as far as large inputs do.
    if target_size:
        targets = remedies.standardize_target(facts) or remedies.reach_targets(facts, target_size)
        change = "; ".join((change, *targets))
    changes = (change,)
    return Finding("inputs_unscaled", "bad", symptom, cause, advice, changes, refs=refs, useless=useless)


def _large_input_cause(facts: Facts) -> Message:
    activation = facts.engine.activations[0]
    if activation.saturates_at:
        return message(
            "Such inputs make z large, and {name} is flat there: its slope and the gradient are nearly 0.",
            name=activation.name,
        )
    return message(
        "The curvature of the loss grows with the square of the inputs: steps that suit one weight are far too long "
        "for another."
    )


def _size_of_large_targets(facts: Facts) -> float:
    """Return the root mean square of the largest target of a regression; 0 if the targets need no scaling."""
    loss, activation = facts.engine.loss, facts.engine.activations[-1]
    is_linear = len(facts.engine.activations) == 1
    if facts.engine.coding != "numbers" or loss.acts_on != "a" or is_linear or activation.high is not None:
        return 0.0  # with an upper limit of the output the targets are out of range
    size = float(facts.target_sizes.max())
    return size if size > LARGE_TARGET else 0.0


def check_target_scale(facts: Facts) -> list[Finding]:
    """Check for targets of a regression that are far larger than 1."""
    y, size = facts.experiment.data.y, _size_of_large_targets(facts)
    if not size:
        return []
    column = int(facts.target_sizes.argmax())
    row = int(np.abs(y[:, column]).argmax())
    symptom = message("The targets are about {size} (root mean square); the usual size is 1.", size=two_digits(size))
    cause = message(
        "The weights of the output layer have to become large; until then the errors are large and push the hidden "
        "units far, where they saturate or die."
    )
    advice = message(
        "Divide the targets by a constant in the file. Here a bias that starts at their mean helps, or Adam, whose "
        "steps do not grow with the errors."
    )
    if remedies.standardize_target(facts):
        advice = message(
            "Scale the targets to mean 0 and standard deviation 1; predictions are still shown in their own units. A "
            "bias that starts at their mean helps, too, or Adam, whose steps do not grow with the errors."
        )
    changes = (*remedies.standardize_target(facts), *remedies.reach_targets(facts, size))
    refs = (_address(facts, "y", column, row),)
    return [Finding("targets_unscaled", "bad", symptom, cause, advice, changes, refs=refs)]


def check_sum_reduction(facts: Facts) -> list[Finding]:
    """Check for a sum over so many rows that the steps are too long, where a mean would make them short enough."""
    training, engine = facts.experiment.training, facts.engine
    if training.reduction != "sum" or engine.batch < MIN_SUMMED_ROWS or not facts.is_sgd_like:
        return []
    product = training.optimizer.learning_rate * facts.curvature
    if not engine.batch * product > UNSTABLE_SUM or product > STABLE_RATE:
        return []
    symptom = message(
        "The loss is the sum over the {rows} rows of a batch: every step is {rows} times as long as with the mean.",
        rows=engine.batch,
    )
    cause = message(
        "η times the curvature of the loss is {product}; with more than 2 the steps overshoot. With the mean it is "
        "{mean}.",
        product=two_digits(engine.batch * product), mean=two_digits(product),
    )  # fmt: skip
    advice = message("Take the mean over the batch, or divide η by the number of rows.")
    changes = ("reduction = mean", remedies.set_eta(remedies.one_digit(remedies.eta_of(facts) / engine.batch)))
    return [Finding("sum_reduction", "bad", symptom, cause, advice, changes)]
