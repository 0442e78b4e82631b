"""The table of the backward pass layer by layer: how large δ is, and what makes it smaller or larger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.engine.quantities import slope
from nn_tui.core.run.metrics import mean_size
from nn_tui.core.text import plain_number
from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, text_strip, to_display, wrap
from nn_tui.tui.session.session import Session

_DIGITS = 3
_GAP = 2  # cells between two columns


@dataclass(frozen=True, slots=True)
class LayerMagnitudes:
    """How large the numbers of one layer are in the backward pass.

    Attributes:
        layer: The layer, from 0.
        delta: The mean of |δ| over its units and the samples.
        factor: ``delta`` divided by that of the layer after it; None for the last layer.
        slope: The mean slope of its activation; None for softmax.
        weights: The norm of its weights.
        gradient: The norm of their gradient, which adds up the samples.
    """

    layer: int
    delta: float
    factor: float | None
    slope: float | None
    weights: float
    gradient: float


def layer_magnitudes(session: Session) -> list[LayerMagnitudes]:
    """Return the magnitudes of the layers in the pass on screen, from the output back to layer 1."""
    trace, last = session.trace, len(session.trace.dz) - 1
    with np.errstate(all="ignore"):
        deltas = [mean_size(dz) for dz in trace.dz]
        slopes = [slope(session.engine, trace, layer) for layer in range(last + 1)]
        return [
            LayerMagnitudes(
                layer,
                deltas[layer],
                None if layer == last else float(np.divide(deltas[layer], deltas[layer + 1])),
                None if (values := slopes[layer]) is None else float(values.mean()),
                float(np.linalg.norm(trace.before.weights[layer])),
                float(np.linalg.norm(trace.dw[layer])),
            )
            for layer in range(last, -1, -1)
        ]


def draw_layer_magnitudes(session: Session, palette: Palette, width: int) -> list[Strip]:
    """Draw the table; no lines before the backward pass is done, or for a single layer."""
    if len(session.trace.dz) < 2 or session.cursor < session.pass_steps.after("backward"):
        return []
    rows, glyphs = layer_magnitudes(session), palette.glyphs
    bar = "|" if glyphs.is_ascii else "‖"
    names = (
        tr("layer"), tr("mean |δ|"), tr("factor"), tr("mean slope"), f"{bar}W{bar}", f"{bar}∂L/∂W{bar}",
    )  # fmt: skip
    table = [tuple(to_display(name, glyphs.is_ascii) for name in names)]
    table += [
        (
            str(row.layer + 1), _number(row.delta), _times(row.factor, palette), _number(row.slope),
            _number(row.weights), _number(row.gradient),
        )
        for row in rows
    ]  # fmt: skip
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(names))]
    with np.errstate(all="ignore"):
        total = float(np.divide(rows[-1].delta, rows[0].delta))
    about = tr(
        "Backward pass {number:,}, from the output to layer 1. Each δ is δ of the row above, times W of the row above, "
        "times the slope of its own row. All factors together: {total}.",
        number=session.trace.update, total=_times(total, palette),
    )  # fmt: skip
    cancel = tr(
        "A gradient adds up the samples: where they cancel, {gradient} is small although δ is not.", gradient=names[-1]
    )
    text, dim = palette.style("text"), palette.style("dim")
    lines = [text_strip(line, width, dim) for line in wrap(to_display(about, glyphs.is_ascii), width)]
    for index, row in enumerate(table):
        line = (" " * _GAP).join(fit(cell, size, right=True) for cell, size in zip(row, widths, strict=True))
        lines.append(text_strip(line, width, text if index else palette.style("title"), ellipsis=glyphs.cut))
    return lines + [text_strip(line, width, dim) for line in wrap(to_display(cancel, glyphs.is_ascii), width)]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:#.{_DIGITS}g}" if np.isfinite(value) else plain_number(value)


def _times(value: float | None, palette: Palette) -> str:
    """Return a factor as ``×0.08``; "" for none."""
    return "" if value is None else f"{palette.glyphs.times}{_number(value)}"
