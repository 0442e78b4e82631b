"""Sentences about an array that differs: of another activation, with the slope of one, or a multiple of ours."""

from __future__ import annotations

from nn_tui.core.engine.trace import Trace
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.practice.slips import Kind
from nn_tui.core.spec import Array
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, all_of, message, message_plural
from nn_tui.core.watching.activation_of import activation_of, wrong_softmax
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


def multiple_of_ours(trace: Trace, names: list[str], factor: float, mistakes: tuple[Kind, ...]) -> Message:
    """Return the sentence about arrays that are multiples of ours."""
    text = message_plural(
        "{names} is {factor} times ours.",
        "{names} are {factor} times ours.",
        len(names),
        names=all_of(names),
        factor=plain_number(factor),
    )
    if trace.scale != 1.0 and "mean_left_out" in mistakes:
        return message_plural(
            "{names} is {factor} times ours; N = {samples}: the mean over the batch is left out.",
            "{names} are {factor} times ours; N = {samples}: the mean over the batch is left out.",
            len(names),
            names=all_of(names),
            factor=plain_number(factor),
            samples=trace.n,
        )
    if trace.scale != 1.0 and "mean_twice" in mistakes:
        return message_plural(
            "{names} is {factor} times ours; N = {samples}: the mean over the batch is taken twice.",
            "{names} are {factor} times ours; N = {samples}: the mean over the batch is taken twice.",
            len(names),
            names=all_of(names),
            factor=plain_number(factor),
            samples=trace.n,
        )
    if factor == 0.0:
        text = message_plural("{names} is 0.", "{names} are 0.", len(names), names=all_of(names))
    return with_reason(text, MISTAKES[mistakes[0]].text if mistakes else None)
