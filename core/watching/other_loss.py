"""Gradients that are those of another loss than the one of the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np

from nn_tui.core.spec import Array, Reduction
from nn_tui.core.translation import all_of, message_plural
from nn_tui.core.watching.difference import difference_of
from nn_tui.core.watching.pass_arrays import PassArray
from nn_tui.core.watching.shapes import Found
from nn_tui.core.watching.structure import ReferencePass, engine_of, losses_with, run_pass


def gradients_of_other_loss(reference: ReferencePass, arrays: Sequence[tuple[PassArray, Array]]) -> Found | None:
    """Return the sentence about arrays that are the gradients of another loss; None if the first is that of none.

    Args:
        reference: Our pass.
        arrays: The arrays that differ, with their values in our shape.
    """
    structure, engine, before = reference.structure, reference.engine, reference.trace.before
    if not arrays or arrays[0][0].ref.quantity not in ("da", "dz", "dw", "db"):
        return None
    other_losses = [loss for loss in losses_with(structure.activations[-1]) if loss != structure.loss]
    for loss, reduction in product(other_losses, get_args(Reduction)):
        other = replace(structure, loss=loss, reduction=reduction)
        training = engine.experiment.training
        other_engine = engine_of(other, engine.experiment.data, training.optimizer, engine)
        trace = run_pass(other_engine, before)
        with np.errstate(all="ignore"):
            same = [
                array.given.name
                for array, values in arrays
                if difference_of(
                    other_engine, trace, array.ref, values, array.ours(other_engine, trace), array.given.epsilon
                ).is_equal
            ]
        other_engine.release(trace)
        if same[:1] == [arrays[0][0].given.name]:
            text = message_plural(
                "{names} is the gradient of {other} ({reduction}); the loss is {loss}.",
                "{names} are the gradients of {other} ({reduction}); the loss is {loss}.",
                len(same),
                names=all_of(same),
                other=loss,
                reduction=reduction,
                loss=structure.loss,
            )
            return text, ("other loss", loss)
    return None
