"""Sentences about an array that differs: of another activation, with the slope of one, or not finite."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.practice.slips import Kind
from nn_tui.core.spec import Array
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, all_of, message, message_plural
from nn_tui.core.watching.activation_of import activation_of, wrong_softmax
from nn_tui.core.watching.arrays import GivenArray
from nn_tui.core.watching.difference import difference_of
from nn_tui.core.watching.pass_arrays import PassArray
from nn_tui.core.watching.shapes import Found
from nn_tui.core.watching.slopes import with_other_slopes, with_wrong_arguments
from nn_tui.core.watching.structure import ReferencePass

_SLOPES = {"sigmoid": "a·(1 − a)", "tanh": "1 − a²"}
"""The slopes that programs write in a."""


def other_activation(reference: ReferencePass, array: PassArray, values: Array) -> Found | None:
    """Return the sentence about an array of another activation, or with the slope of one; None if it has none."""
    engine, trace, given, ref = reference.engine, reference.trace, array.given, array.ref
    layer = ref.layer
    if ref.quantity == "a":
        z, own = trace.z[layer], engine.activations[layer].name
        normed, axis = wrong_softmax(z, values), 1 if reference.structure.layout.are_samples_rows else 0
        if own == "softmax" and normed is not None:
            text = message(
                "{array} is softmax over all samples together; divide by the sum over the units of each sample, with "
                "axis={axis} and keepdims=True.",
                array=given.name,
                axis=axis,
            )
            return text, ("softmax",)
        name = activation_of(z, values)
        if name:
            text = message(
                "{array} is {other} of z; the activation of layer {layer} is {own}.",
                array=given.name,
                other=name,
                layer=layer + 1,
                own=own,
            )
            return text, ("other activation", name)
    for name, gradient in with_other_slopes(engine, trace, ref):
        if difference_of(engine, trace, ref, values, gradient, given.epsilon).is_equal:
            text = message(
                "{array} has the slope of {other}; the activation of layer {layer} is {own}.",
                array=given.name,
                other=name,
                layer=layer + 1,
                own=engine.activations[layer].name,
            )
            return text, ("other slope", name)
    return None


def slope_mistake(reference: ReferencePass, array: PassArray, values: Array, kind: Kind) -> Message:
    """Return the sentence about a mistake; one about a slope names the activation and what the slope was taken of."""
    engine, trace, ref = reference.engine, reference.trace, array.ref
    if ref.quantity == "loss":
        return MISTAKES[kind].text
    name = engine.activations[ref.layer].name
    if kind == "slope_left_out":
        return message("The slope of the activation, {activation}′(z), was left out.", activation=name)
    if kind != "slope_of_wrong_argument":
        return MISTAKES[kind].text
    for argument, gradient in with_wrong_arguments(engine, trace, ref):
        if not difference_of(engine, trace, ref, values, gradient, array.given.epsilon).is_equal:
            continue
        formula = _SLOPES.get(name)
        if argument == "a" and formula:
            return message(
                "{activation}′ was taken of a; it is {activation}′(z), which is {formula}.",
                activation=name,
                formula=formula,
            )
        if argument == "a":
            return message("{activation}′ was taken of a; it is {activation}′(z).", activation=name)
        if formula:
            return message(
                "z was put in place of a in {activation}′, which is {formula} with a = {activation}(z).",
                activation=name,
                formula=formula,
            )
    return MISTAKES[kind].text


def penalty_difference(
    reference: ReferencePass, array: PassArray, values: Array, ours: Array
) -> tuple[Message, tuple[object, ...]] | None:
    """Return the sentence about dW that differs from ours by a multiple of W; None if it does not."""
    if array.ref.quantity != "dw":
        return None
    w, gap = reference.trace.before.weights[array.ref.layer], values - ours
    square = float((w * w).sum())
    if not 0.0 < square < np.inf or not np.isfinite(gap).all() or w.size < 2:
        return None
    factor = float((gap * w).sum()) / square
    rounding = 64.0 * array.given.epsilon * float(np.abs(ours).max())
    if float(np.abs(gap - factor * w).max()) > 1e-5 * float(np.abs(gap).max()) + rounding:
        return None
    l2 = reference.structure.l2
    if l2 and abs(factor + l2) <= 1e-3 * l2:
        text = message("{name} lacks the penalty {l2}·W.", name=array.given.name, l2=plain_number(l2))
        return text, ("penalty_left_out",)
    if factor <= 0.0:
        return None
    text = message(
        "{name} is ours + {factor}·W, as with a penalty on the weights; give watch(l2={total}), if it is meant.",
        name=array.given.name,
        factor=f"{factor:.4g}",
        total=f"{l2 + factor:.4g}",
    )
    return text, ("penalty",)


def with_reason(difference: Message, mistake: Message | None) -> Message:
    """Return a difference with the mistake that gives it, if there is one."""
    if mistake is None:
        return difference
    return message("{difference} {mistake}", difference=difference, mistake=mistake)


def not_finite(arrays: Sequence[GivenArray]) -> Message | None:
    """Return the sentence about arrays with numbers that are not finite; None if there are none."""
    names = [each.name for each in arrays if not np.isfinite(each.values).all()]
    if not names:
        return None
    return message_plural(
        "{names} has numbers that are not finite, but the weights are finite: look for a division by 0, ln 0 or an exp "
        "of a large number.",
        "{names} have numbers that are not finite, but the weights are finite: look for a division by 0, ln 0 or an "
        "exp of a large number.",
        len(names),
        names=all_of(names),
    )
