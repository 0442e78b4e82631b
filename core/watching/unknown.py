"""What is said of numbers that no network gives, or another one than the person named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.translation import Message, all_of, message
from nn_tui.core.watching.given import GivenPass
from nn_tui.core.watching.infer import Inferred, infer
from nn_tui.core.watching.structure import Hints


def without_hints(given: GivenPass, hints: Hints) -> Inferred | None:
    """Return the network that gives every number of a pass, without the names that the person gave; None if none does.

    Args:
        given: The pass.
        hints: What the person said.
    """
    if not (hints.loss or hints.activations or hints.reduction):
        return None
    try:
        found = infer(given, Hints(l1=hints.l1, l2=hints.l2))
    except InputError:
        return None
    return found if found.is_all and found.is_sure else None


def other_network(found: Inferred) -> Message:
    """Return the sentence about numbers that are those of another network than the person named."""
    structure = found.structure
    return message(
        "the numbers are all those of {activations} and {loss} ({reduction}), and not of the names that watch was "
        "given.",
        activations=all_of(structure.activations),
        loss=structure.loss,
        reduction=structure.reduction,
    )


def has_flat_targets(given: GivenPass, hints: Hints) -> bool:
    """Return whether a squared error broadcasts targets (samples,) against outputs (samples, 1).

    Each output is then compared with every target, so that the gradients are those of the mean of the targets.
    """
    y = given.y
    if y is None or y.values.ndim != 1 or hints.loss not in ("", "mean_squared_error", "half_squared_error"):
        return False
    mean = replace(y, values=np.full_like(y.values, y.values.mean()), is_whole=False)
    hints = replace(hints, loss=hints.loss or "mean_squared_error")
    try:
        found = infer(replace(given, y=mean, loss=None), hints)
    except InputError:
        return False
    return found.is_sure and found.structure.layout.sizes[-1] == 1


def flat_targets(given: GivenPass) -> Message:
    """Return the sentence about targets that are broadcast."""
    assert given.y is not None
    samples = len(given.y.values)
    return message(
        "the targets have the shape ({samples},) and the outputs ({samples}, 1), so the loss compares each output with "
        "every target; give the targets the shape of the outputs, such as y.reshape(-1, 1).",
        samples=samples,
    )


def unknown_network(given: GivenPass) -> Message:
    """Return the sentence about numbers that no network gives."""
    if given.module is not None:
        return message(
            "no network that nn-tui knows gives any of these numbers; the module may do more than its layers in turn, "
            "such as a residual connection or dropout, or its loss is another one."
        )
    if given.loss is None:
        return message(
            "no network that nn-tui knows gives any of these numbers; give the loss or the cache, too, as in "
            "step(..., loss=cost), or name the activations and the loss, as in "
            'watch(["tanh", "sigmoid"], "binary_cross_entropy").'
        )
    return message(
        "no network that nn-tui knows gives any of these numbers; name the activations and the loss, as in "
        'watch(["tanh", "sigmoid"], "binary_cross_entropy").'
    )
