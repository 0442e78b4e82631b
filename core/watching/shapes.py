"""What is said of arrays whose shape is not that of ours."""

from __future__ import annotations

from nn_tui.core.refs import BY_SAMPLE
from nn_tui.core.translation import Message, message
from nn_tui.core.watching.arrays import shape_text
from nn_tui.core.watching.pass_arrays import PassArray
from nn_tui.core.watching.structure import ReferencePass

Found = tuple[Message, tuple[object, ...]]
"""A sentence, and a value that is another one for another difference."""


def is_stale(reference: ReferencePass, array: PassArray) -> bool:
    """Return whether an array belongs to another batch, such as a variable that a notebook has from before."""
    trace, ref, shape = reference.trace, array.ref, array.given.values.shape
    if ref.quantity not in BY_SAMPLE or shape == (trace.n, trace.n):  # that comes from broadcasting
        return False
    return array.given.values.size != trace.n * reference.structure.layout.sizes[ref.layer + 1]


def shape_difference(reference: ReferencePass, array: PassArray, ours: tuple[int, ...]) -> Found:
    """Return the sentence about an array whose shape is not ``ours``."""
    given, ref, trace, structure = array.given, array.ref, reference.trace, reference.structure
    axis = 0 if structure.layout.are_samples_rows else 1
    units, size = structure.layout.sizes[ref.layer + 1], given.values.size
    kind = ("shape", given.values.shape)
    if ref.quantity == "db":
        if size == trace.n * units and size > units:
            text = message(
                "{name} is {shape}: it is not summed over the samples; take the sum with axis={axis}.",
                name=given.name,
                shape=given.shape_text,
                axis=axis,
            )
            return text, kind
        if size in (1, trace.n):
            text = message(
                "{name} is {shape}: the sum goes over the units; take the sum over the samples, with axis={axis}.",
                name=given.name,
                shape=given.shape_text,
                axis=axis,
            )
            return text, kind
    if given.values.shape == (trace.n, trace.n) and ref.quantity in BY_SAMPLE:
        text = message(
            "{name} is {shape}: the targets have another shape than the prediction, and NumPy broadcasts the two; give "
            "the targets the shape of the prediction.",
            name=given.name,
            shape=given.shape_text,
        )
        return text, kind
    if ref.quantity == "dw":
        weights = reference.layers[ref.layer][0]
        if given.values.T.shape == weights.values.shape:
            text = message(
                "{name} is {shape}, and {weights} is {other}: it is transposed.",
                name=given.name,
                shape=given.shape_text,
                weights=weights.name,
                other=weights.shape_text,
            )
            return text, kind
    text = message(
        "{name} has the shape {shape}; ours has {other}.",
        name=given.name,
        shape=given.shape_text,
        other=shape_text(ours),
    )
    return text, kind
