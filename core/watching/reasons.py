"""Sentences about an array that differs: of another activation, with the slope of one, or not finite."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_tui.core.spec import Array
from nn_tui.core.translation import Message, all_of, message, message_plural
from nn_tui.core.watching.activation_of import activation_of, wrong_softmax
from nn_tui.core.watching.arrays import GivenArray
from nn_tui.core.watching.difference import difference_of
from nn_tui.core.watching.pass_arrays import PassArray
from nn_tui.core.watching.shapes import Found
from nn_tui.core.watching.slopes import with_other_slopes
from nn_tui.core.watching.structure import ReferencePass


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
