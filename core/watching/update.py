"""An update of the weights of a person's program, and how its step differs from that of an optimiser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.core.marking.program import CLOSE
from nn_tui.core.nn.arrays import parameter_count, split_parameters
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.practice.slips import Kind
from nn_tui.core.spec import Array, OptimizerSpec
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, message

_ROUNDINGS = 16.0
RIGHT = ("found", "rate", "mean")
"""What the kinds of results begin with whose sentence is about an update that is right."""


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """What is known of an update of a person's program.

    Attributes:
        names: The names of the weights and of the bias of each layer; "" for one that it does not have.
        sizes: The units of each layer, the inputs first.
        before: All parameters before it, (parameters,).
        gradient: The gradient of the program, (parameters,).
        after: All parameters after it.
        epsilon: The relative precision of the parameters.
        samples: The number of samples in the batch.
        gradient_factor: The factor by which the gradient is a multiple of ours; None if it is none.
        is_sum: Whether the gradient is a sum over the batch, so that an update may divide by N.
    """

    names: tuple[tuple[str, str], ...]
    sizes: tuple[int, ...]
    before: Array
    gradient: Array
    after: Array
    epsilon: float
    samples: int
    gradient_factor: float | None
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """What was found: a sentence, None if the update is right; and a value that is another one for another finding."""

    text: Message | None = None
    kind: tuple[object, ...] = ()


def rounding_of(update: Update) -> Array:
    """Return by how much the change of each parameter may be off because the parameter was rounded."""
    return _ROUNDINGS * update.epsilon * np.maximum(np.abs(update.before), np.abs(update.after))


def is_same_step(actual: Array, step: Array, allowed: Array) -> bool:
    """Return whether changes are those of a step, but for rounding."""
    largest = float(np.abs(step).max(initial=0.0))
    return bool((np.abs(actual - step) <= CLOSE * largest + allowed).all())


def factor_of(actual: Array, step: Array, allowed: Array) -> float | None:
    """Return the factor by which all steps give the changes; None if there is none."""
    square = float((step * step).sum())
    if not 0.0 < square < np.inf:
        return None
    factor = float((actual * step).sum()) / square
    return factor if factor and is_same_step(actual, factor * step, allowed) else None


def without_rounding(rate: float, epsilon: float) -> float:
    """Return the number with few digits that a person wrote for a rate, if there is one."""
    rounded = (float(f"{rate:.{digits}g}") for digits in range(1, 7))
    return next((each for each in rounded if abs(each - rate) <= 1e4 * epsilon * rate), rate)


def decay_of(update: Update, actual: Array, allowed: Array) -> tuple[float, float] | None:
    """Return η and λ of the step −η·(g + λ·w), for all parameters or for the weights alone; None if it is another."""
    without_biases = update.before.copy()
    for layer in split_parameters(without_biases, update.sizes):
        layer[:, -1] = 0.0
    for decayed in (update.before, without_biases):
        columns = np.stack((update.gradient, decayed), axis=1)
        if update.gradient.size < 3 or not np.isfinite(columns).all():
            return None
        (of_gradient, of_weights), _, rank, _ = np.linalg.lstsq(columns, actual, rcond=None)
        step = columns @ np.array((of_gradient, of_weights))
        if rank == 2 and of_gradient < 0.0 and of_weights < 0.0 and is_same_step(actual, step, allowed):
            rate = without_rounding(-float(of_gradient), update.epsilon)
            return rate, without_rounding(-float(of_weights) / rate, update.epsilon)
    return None


def parts_of(update: Update, actual: Array, step: Array, allowed: Array) -> list[tuple[str, Array, Array, Array]]:
    """Return for each weight matrix and each bias its name, its change, our step and the rounding."""
    views: Sequence[list[Array]] = [split_parameters(array, update.sizes) for array in (actual, step, allowed)]
    found = []
    for layer, (weights, bias) in enumerate(update.names):
        own, ours, room = (view[layer] for view in views)
        found.append((weights, own[:, :-1], ours[:, :-1], room[:, :-1]))
        if bias:
            found.append((bias, own[:, -1], ours[:, -1], room[:, -1]))
    return found


def flat_parameters(sizes: tuple[int, ...], weights: Sequence[Array], biases: Sequence[Array | None]) -> Array:
    """Return arrays (units, inputs) and (units,) of all layers as one vector (parameters,)."""
    flat = np.zeros(parameter_count(sizes))
    for view, w, b in zip(split_parameters(flat, sizes), weights, biases, strict=True):
        view[:, :-1] = w
        view[:, -1] = 0.0 if b is None else b
    return flat


def multiple_step(update: Update, spec: OptimizerSpec, factor: float) -> UpdateResult:
    """Return what is said of a step that is a multiple of that of the optimiser."""
    rate, gradient = spec.learning_rate, update.gradient_factor
    kind = ("factor", factor > 0.0)

    def is_near(value: float) -> bool:
        return abs(factor - value) <= 1e-3 * abs(value)

    if gradient is not None and abs(gradient - 1.0) > 1e-3 and is_near(1.0 / gradient):
        text = message(
            "the update multiplies the gradients by {factor}, so that the weights change as ours do.",
            factor=plain_number(factor),
        )
        return UpdateResult(text, ("mean",))
    if factor < 0.0 and (rate == 1.0 or is_near(-1.0)):  # 1 if η is not known
        text = message(
            "the step was added, so that the loss goes up; subtract it. It is +η·gradient with η = {rate}.",
            rate=plain_number(-factor * rate),
        )
        if spec.name != "sgd":
            text = message(
                "the step was added, so that the loss goes up; subtract it. It is that of {optimizer} with η = {rate}.",
                optimizer=spec.name,
                rate=plain_number(-factor * rate),
            )
        return UpdateResult(text, kind)
    if is_near(1.0 / rate) and rate != 1.0:
        return UpdateResult(_with_mistake(factor, spec, "learning_rate_left_out"), kind)
    if update.samples > 1 and is_near(1.0 / update.samples):
        text = message(
            "the step is {factor} times that of {optimizer} with η = {rate}; N = {samples}: the update divides by N.",
            factor=plain_number(factor),
            optimizer=spec.name,
            rate=plain_number(rate),
            samples=update.samples,
        )
        return UpdateResult(text, ("mean",) if update.is_sum else kind)
    text = message(
        "the step is {factor} times that of {optimizer} with η = {rate}.",
        factor=plain_number(factor),
        optimizer=spec.name,
        rate=plain_number(rate),
    )
    return UpdateResult(text, kind)


def _with_mistake(factor: float, spec: OptimizerSpec, mistake: Kind) -> Message:
    return message(
        "the step is {factor} times that of {optimizer} with η = {rate}. {mistake}",
        factor=plain_number(factor),
        optimizer=spec.name,
        rate=plain_number(spec.learning_rate),
        mistake=MISTAKES[mistake].text,
    )
