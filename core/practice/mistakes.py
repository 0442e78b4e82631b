"""The usual mistakes in work by hand, by name, and the wrong numbers that they give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import value_of
from nn_tui.core.practice.slips import MAX_SHIFT, Kind, Slip, slips_of
from nn_tui.core.practice.wrong_pass import Answers, WrongPass
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.translation import Message, message

Factor = Literal[
    "error", "slope", "mean", "two", "b", "a", "w", "η", "sign", "sample", "previous", "unit", "correction"
]
Scope = Literal["here", "carried"]


@dataclass(frozen=True, slots=True)
class NamedMistake:
    """A mistake.

    Attributes:
        kind: Its name in files.
        text: What was done, in one sentence.
        factor: The part of the formula that it concerns.
    """

    kind: Kind
    text: Message
    factor: Factor


@dataclass(frozen=True, slots=True)
class WrongValue:
    """A number that a mistake gives.

    Attributes:
        kind: The mistake.
        scope: Whether it was made only in the operation of the number, or before it and carried on.
        value: The number.
    """

    kind: Kind
    scope: Scope = field(compare=False)
    value: float


MISTAKES: dict[Kind, NamedMistake] = {
    mistake.kind: mistake
    for mistake in (
        NamedMistake("sign", message("The error was taken as y − ŷ; it is ŷ − y."), "error"),
        NamedMistake("slope_left_out", message("The slope of the activation, σ′(z), was left out."), "slope"),
        NamedMistake(
            "slope_of_wrong_argument",
            message("The slope of the activation was computed from the wrong one of z and a."),
            "slope",
        ),
        NamedMistake("mean_left_out", message("The factor of the mean over the batch was left out."), "mean"),
        NamedMistake("mean_twice", message("The factor of the mean over the batch was used twice."), "mean"),
        NamedMistake("half_or_two", message("A factor of 2 or ½ is wrong in the loss or in its derivative."), "two"),
        NamedMistake("bias_left_out", message("The bias was left out."), "b"),
        NamedMistake("activation_left_out", message("The activation was left out: z was used in place of a."), "a"),
        NamedMistake("updated_weights", message("The backward pass used the weights after the update."), "w"),
        NamedMistake("transposed_weights", message("The rows and columns of the weights were exchanged."), "w"),
        NamedMistake("learning_rate_left_out", message("The learning rate η was left out."), "η"),
        NamedMistake(
            "added_instead_of_subtracted", message("The step was added; it goes against the gradient."), "sign"
        ),
        NamedMistake("one_sample_only", message("Only one sample of the batch was used."), "sample"),
        NamedMistake("accumulated", message("The gradient of the pass before was added."), "previous"),
        NamedMistake("wrong_unit", message("A number of another unit, input or sample was used."), "unit"),
        NamedMistake("bias_correction_left_out", message("The bias correction of m or v was left out."), "correction"),
    )
}
"""The mistakes by their names, in the order in which those of one scope are named if they give the same number."""


def wrong_values(
    engine: Engine,
    trace: Trace,
    ref: Ref,
    previous: Trace | None = None,
    answers: Answers | None = None,
) -> tuple[WrongValue, ...]:
    """Return the wrong numbers at an address: for each mistake those that it gives, none of them the right one.

    A mistake is made only in the operation of the number, in one layer and carried on from there, and everywhere. Those
    in the operation itself come first.

    Args:
        engine: The engine that ran the pass.
        trace: The pass.
        ref: The address of the number.
        previous: The pass before, for gradients that are added to the next; None if there is none.
        answers: Earlier answers from which the number was computed; they replace the numbers at their addresses.
    """
    right = value_of(engine, trace, ref)
    found: dict[tuple[Kind, float], WrongValue] = {}
    ways = [
        (kind, _values_of(engine, trace, ref, slip, previous, answers)) for kind, slip in slips_of(engine, trace, ref)
    ]
    ways.append(("wrong_unit", (("here", value) for value in _neighbours(engine, trace, ref))))
    for kind, values in ways:
        for scope, value in values:
            key = (kind, float(f"{value:.12g}"))
            if isfinite(value) and abs(value - right) > 1e-12 * abs(right) and key not in found:
                found[key] = WrongValue(kind, scope, value)
    return tuple(sorted(found.values(), key=lambda wrong: (wrong.scope == "carried", _ORDER[wrong.kind])))


def _values_of(
    engine: Engine, trace: Trace, ref: Ref, slip: Slip, previous: Trace | None, answers: Answers | None
) -> Iterator[tuple[Scope, float]]:
    """Yield what one way to make a mistake gives: here, in each layer alone, and everywhere."""
    if slip.adds_previous and previous is None:
        return
    yield "here", WrongPass(engine, trace, slip, answers=answers, previous=previous).value(ref)
    layers = range(len(engine.sizes) - 1)
    some: list[tuple[int, ...] | None] = [None]
    if slip.is_by_layer and len(layers) > 1:
        some += [(layer,) for layer in layers]
        some.append(tuple(layers)[:-1])
    for chosen in some:
        wrong = WrongPass(engine, trace, slip, layers=chosen, carries=True, answers=answers, previous=previous)
        yield "carried", wrong.value(ref)


def _neighbours(engine: Engine, trace: Trace, ref: Ref) -> Iterator[float]:
    """Yield the numbers of the same array at other units, inputs or samples."""
    if ref.quantity == "loss":
        return
    array = quantity(engine, trace, ref.key, ref.layer)
    place = (ref.sample, ref.unit) if ref.quantity in BY_SAMPLE else ref.indices
    for axis, index in enumerate(place):
        for other in range(max(0, index - MAX_SHIFT), min(array.shape[axis], index + MAX_SHIFT + 1)):
            yield float(array[(*place[:axis], other, *place[axis + 1 :])])


_ORDER: dict[Kind, int] = {kind: place for place, kind in enumerate(MISTAKES)}
