"""The colour scale of each quantity of a layer, which is the same in every view."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from rich.style import Style

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.scales import data_extent, scale_kind, scale_limit
from nn_tui.core.refs import QuantityLike, Ref, to_key
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import Session


def number_style(session: Session, palette: Palette, ref: Ref, value: float) -> Style:
    """Return the colour of a number: a function of its quantity, its layer, its value and the pass."""
    return palette.number(value, scale_of(session, ref.key, ref.layer))


def scale_of(session: Session, key: QuantityLike, layer: int) -> NumberScale:
    """Return the scale of a quantity of a layer (from 0) in the pass on screen, and in that of a run compared with it.

    Raises:
        KeyError: The pass has no such quantity.
    """
    key = to_key(key)
    limit = scale_limit(session.engine, session.trace, key, layer)
    if session.other is not None and session.other_trace is not None:
        other = session.other.segment(session.other_trace.update - 1).engine
        has_layer = layer < len(other.sizes) - 1 or key.quantity in ("x", "y", "term", "loss")
        has_state = not key.is_optimizer_state or key.slot in other.optimizer.slots
        # Targets that are standardised in one run only have other units, and so have the losses and gradients.
        own_data, other_data = session.experiment.data, other.experiment.data
        has_units = has_standardized_targets(own_data) == has_standardized_targets(other_data)
        if has_layer and has_state and has_units:
            with suppress(KeyError):  # it has no such quantity
                limit = max(limit, scale_limit(other, session.other_trace, key, layer))
    return NumberScale(scale_kind(session.engine, key, layer), limit)


def input_scale(session: Session) -> NumberScale | None:
    """Return the scale of the inputs as the user gave them; None if they are not the inputs of the network."""
    data = session.experiment.data
    is_given = not data.features and not np.any(data.x_mean) and np.all(data.x_scale == 1.0)
    return scale_of(session, "x", 0) if is_given else None


def pixel_scale(session: Session) -> NumberScale:
    """Return the scale of the pixels as the user gave them."""
    return input_scale(session) or NumberScale("sequential", data_extent(session.experiment.data, "points"))
