"""What is said of one pass of a person's program: equal to some digits, or the first difference and its mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.marking.program import CLOSE, compare_arrays
from nn_tui.core.practice.slips import Kind
from nn_tui.core.spec import Array
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, all_of, message, message_plural
from nn_tui.core.watching.difference import MAX_DIGITS, Difference, difference_of
from nn_tui.core.watching.double_activation import double_activation_loss
from nn_tui.core.watching.multiples import is_sum_over_outputs, multiple_of_ours, sum_over_outputs
from nn_tui.core.watching.other_loss import gradients_of_other_loss
from nn_tui.core.watching.pass_arrays import PassArray
from nn_tui.core.watching.reasons import not_finite, other_activation, penalty_difference, slope_mistake, with_reason
from nn_tui.core.watching.shapes import Found, is_stale, shape_difference
from nn_tui.core.watching.structure import ReferencePass

_LARGE = 100_000  # products in a pass from which on a mistake is recognised from two numbers instead of three
_SAME = 1e-4
MULTIPLE, NOT_FINITE = "multiple", "not finite"
"""Kinds of :class:`PassCheck`: right but for the definition of the loss; and NaN or infinite."""


@dataclass(frozen=True, slots=True)
class PassCheck:
    """What was found in one pass.

    Attributes:
        names: The arrays that were compared.
        digits: To how many digits all are equal; 0 if one differs.
        text: The difference in one or two sentences; None if all are equal.
        kind: A value that is another one for another difference.
        wrong: The arrays that differ, by their names in files.
        factor: The factor by which all gradients are multiples of ours; 1 if they are equal, None if they are none.
    """

    names: tuple[str, ...]
    digits: int
    text: Message | None = None
    kind: tuple[object, ...] = ()
    wrong: tuple[str, ...] = ()
    factor: float | None = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    array: PassArray
    values: Array | None
    ours: Array
    difference: Difference | None


def check_pass(
    reference: ReferencePass,
    arrays: Sequence[PassArray],
    earlier: Mapping[str, Array],
    previous: Trace | None,
    last: PassCheck | None = None,
) -> PassCheck:
    """Compare the arrays of a pass with ours.

    Args:
        reference: Our pass, from the same weights and samples.
        arrays: The arrays of the program, in the order of the pass.
        earlier: The program's gradients in the pass before, by their names in files.
        previous: Our pass before; None if there is none.
        last: What was found in the pass before. If the same arrays differ, the mistake is not looked for again.
    """
    parameters = (each for pair in reference.layers for each in pair if each is not None)
    diverged = next((each for each in parameters if not np.isfinite(each.values).all()), None)
    if diverged is not None:
        text = message("{name} has a number that is not finite: the training has diverged.", name=diverged.name)
        if previous is not None and any(not np.isfinite(array).all() for array in earlier.values()):
            text = message(
                "{name} has a number that is not finite, as the gradients before it had.", name=diverged.name
            )
        return PassCheck((), 0, text, (NOT_FINITE,), factor=None)
    compared = [_compare(reference, each) for each in arrays if not is_stale(reference, each)]
    compared = _with_later_mean(reference, compared)
    names = tuple(each.array.given.name for each in compared)
    wrong = [each for each in compared if each.difference is None or not each.difference.is_equal]
    if not wrong:
        return PassCheck(names, _digits(compared))
    first = wrong[0]
    broken = not_finite(
        [each.array.given for each in wrong if each.array.ref.quantity != "loss" and np.isfinite(each.ours).all()]
    )
    if broken is not None:
        meanings = tuple(each.array.meaning for each in wrong)
        return PassCheck(names, 0, broken, (NOT_FINITE, first.array.meaning), meanings, None)
    gradients = [each for each in compared if each.array.ref.quantity in ("dw", "db")]
    factor = _common_factor(gradients)
    meanings = tuple(each.array.meaning for each in wrong)
    if (
        factor is not None
        and is_sum_over_outputs(reference.engine, reference.trace, factor)
        and _are_multiples(compared, wrong, factor)
    ):
        right = [_scaled(reference, each, factor) if each in wrong else each for each in compared]
        text = sum_over_outputs(reference.trace, [each.array.given.name for each in wrong])
        return PassCheck(names, _digits(right), text, (MULTIPLE,), meanings, factor)
    if last is not None and last.wrong and _without_loss(meanings) == _without_loss(last.wrong):
        return replace(last, factor=factor)
    text, kind = _difference(reference, first, wrong, earlier, previous)
    if first.array.ref.quantity == "loss" and len(wrong) > 1 and kind[0] != "twice" and len(kind) < 2:
        first = wrong[1]  # many programs print another loss than the one that they train on
        text, kind = _difference(reference, first, wrong[1:], earlier, previous)
    return PassCheck(names, 0, text, (first.array.meaning, *kind), meanings, factor)


def _compare(reference: ReferencePass, array: PassArray) -> _Compared:
    engine, trace, structure = reference.engine, reference.trace, reference.structure
    values, ours = array.values(structure, trace), array.ours(engine, trace)
    if values is None:
        return _Compared(array, None, ours, None)
    return _Compared(array, values, ours, difference_of(engine, trace, array.ref, values, ours, array.given.epsilon))


def _with_later_mean(reference: ReferencePass, compared: list[_Compared]) -> list[_Compared]:
    """Return the arrays with δ and ∂L/∂a scaled, if the program takes the mean only in the gradients, as many do."""
    equal = {each.array.meaning for each in compared if each.difference is not None and each.difference.is_equal}
    factor = next(
        (
            each.difference.factor
            for each in compared
            if each.array.ref.quantity == "dz" and each.difference is not None and each.difference.factor
            and equal & {f"dw{each.array.ref.layer + 1}", f"db{each.array.ref.layer + 1}"}
        ),
        None,
    )  # fmt: skip
    if factor is None:
        return compared

    return [_scaled(reference, each, factor) if each.array.ref.quantity in ("dz", "da") else each for each in compared]


def _scaled(reference: ReferencePass, each: _Compared, factor: float) -> _Compared:
    """Return an array divided by a factor; one whose shape does not fit stays as it is."""
    if each.values is None:
        return each
    values = each.values / factor
    difference = difference_of(
        reference.engine, reference.trace, each.array.ref, values, each.ours, each.array.given.epsilon
    )
    return _Compared(each.array, values, each.ours, difference)


def _are_multiples(compared: list[_Compared], wrong: list[_Compared], factor: float) -> bool:
    """Return whether the loss, if it is given, and all that is computed from it are the same multiple of ours."""
    later = [each for each in compared if each.array.ref.quantity not in ("z", "a")]
    factors = [each.difference.factor for each in wrong if each.difference is not None]
    is_same = all(each is not None and abs(each - factor) <= _SAME * abs(factor) for each in factors)
    return is_same and len(factors) == len(later) == len(wrong)


def _digits(compared: list[_Compared]) -> int:
    """Return to how many digits all arrays are equal."""
    digits = [each.difference.digits for each in compared if each.difference and each.difference.digits is not None]
    return min(digits, default=MAX_DIGITS)


def _without_loss(meanings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the arrays but the loss, whose last digits are lost first; the loss, if there is nothing else."""
    return tuple(each for each in meanings if each != "loss") or meanings


def _common_factor(gradients: list[_Compared]) -> float | None:
    """Return the factor by which all gradients are multiples of ours; None if there is none."""
    factors = []
    for each in gradients:
        if each.difference is None:
            return None
        factors.append(1.0 if each.difference.is_equal else each.difference.factor)
    known = [factor for factor in factors if factor is not None]
    if not known or len(known) < len(factors) or max(known) - min(known) > _SAME * max(map(abs, known)):
        return None
    return known[0]


def _difference(
    reference: ReferencePass,
    first: _Compared,
    wrong: list[_Compared],
    earlier: Mapping[str, Array],
    previous: Trace | None,
) -> Found:
    engine, trace, structure = reference.engine, reference.trace, reference.structure
    name, difference = first.array.given.name, first.difference
    if first.values is None or difference is None:
        return shape_difference(reference, first.array, first.ours.shape)
    if _is_accumulated(first, earlier):
        names = [each.array.given.name for each in wrong if _is_accumulated(each, earlier)]
        text = message_plural(
            "{names} has the gradients of the passes before added; set it to 0 before each backward pass "
            "(optimizer.zero_grad() in PyTorch).",
            "{names} have the gradients of the passes before added; set them to 0 before each backward pass "
            "(optimizer.zero_grad() in PyTorch).",
            len(names),
            names=all_of(names),
        )
        return text, ("accumulated",)
    values = first.values
    twice = double_activation_loss(engine, trace) if first.array.ref.quantity == "loss" else None
    if twice is not None and abs(twice - float(values)) <= CLOSE * abs(twice):
        text = message(
            "{activation} is taken twice: the loss includes it, so give the loss the numbers before {activation}.",
            activation=engine.activations[-1].name,
        )
        return text, ("twice",)
    if first.array.ref.quantity == "dw" and values.shape[0] == values.shape[1]:
        turned = difference_of(engine, trace, first.array.ref, values.T, first.ours, first.array.given.epsilon)
        if turned.is_equal:
            return message("{name} is the transpose of ours.", name=name), ("transposed",)
    other = other_activation(reference, first.array, values)
    if other is not None:
        return other
    penalty = penalty_difference(reference, first.array, values, first.ours)
    if penalty is not None:
        return penalty
    mistakes = _mistakes(engine, trace, first, previous)
    mistake = None if not mistakes else slope_mistake(reference, first.array, values, mistakes[0])
    factor = difference.factor
    if first.array.ref.quantity == "loss" and not np.isfinite(values) and engine.loss.logits is not None:
        text = message(
            "the loss is {value}; ours is {expected}. An output is rounded to 0 or 1, and ln 0 is −∞: compute the loss "
            "from z, or keep the outputs away from 0 and 1.",
            value=plain_number(float(values)),
            expected=plain_number(float(first.ours)),
        )
        saturated = (trace.a[-1] == 0.0) | (trace.a[-1] == 1.0)
        if saturated.any():
            return text, ("loss",)
    if first.array.ref.quantity == "loss" and not mistakes and len(wrong) == 1:
        text = message(
            "the loss is {value}; {loss} ({reduction}), to which the other numbers belong, is {expected}.",
            value=plain_number(float(values)),
            loss=structure.loss,
            reduction=structure.reduction,
            expected=plain_number(float(first.ours)),
        )
        return text, ("loss",)
    if factor is not None:
        same = [
            each.array.given.name
            for each in wrong
            if each.difference is not None
            and each.difference.factor is not None
            and abs(each.difference.factor - factor) <= _SAME * abs(factor)
        ]
        named = [kind for kind in ("mean_left_out", "mean_twice") if kind in mistakes] or mistakes
        return multiple_of_ours(engine, trace, same, factor, mistakes), ("factor", *named[:1])
    index = difference.index or ()
    text = message(
        "{number} is {value}; ours is {expected}.",
        number=first.array.index_text(structure, trace, index),
        value=plain_number(float(values[index])),
        expected=plain_number(float(first.ours[index])),
    )
    if mistake is None:
        differing = [(each.array, each.values) for each in wrong if each.values is not None]
        found = gradients_of_other_loss(reference, differing)
        if found is not None:
            return found
        text = message("{difference} No usual mistake gives this number.", difference=text)
    return with_reason(text, mistake), ("differs", *mistakes[:1])


def _is_accumulated(each: _Compared, earlier: Mapping[str, Array]) -> bool:
    """Return whether an array is ours added to that of the pass before."""
    before = earlier.get(each.array.meaning)
    if before is None or each.values is None or each.array.ref.quantity not in ("dw", "db"):
        return False
    if before.shape != each.values.shape or not before.any():
        return False
    gap = np.abs(each.values - before - each.ours).max(initial=0.0)
    scale = max(np.abs(array).max(initial=0.0) for array in (before, each.ours, each.values))
    return bool(gap <= max(1e-7, 64.0 * each.array.given.epsilon) * scale)


def _mistakes(engine: Engine, trace: Trace, first: _Compared, previous: Trace | None) -> tuple[Kind, ...]:
    """Return the mistakes of practice that give the numbers of an array."""
    values = first.values
    if values is None or not np.isfinite(values).all():
        return ()
    is_exact = first.array.given.epsilon < 1e-12
    is_large = engine.parameters * trace.n > _LARGE
    with np.errstate(all="ignore"):
        found = compare_arrays(
            engine,
            trace,
            {first.array.meaning: values},
            previous,
            digits=6 if is_exact else 4,
            max_marked=2 if is_large else 3,
        )
    return found.mistakes
