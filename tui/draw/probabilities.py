"""The outputs of one sample as bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.number_text import fmt
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip, draw_message
from nn_tui.tui.draw.names import fit_names
from nn_tui.tui.draw.palette import Palette

_PROBABILITIES = NumberScale("sequential", 1.0)
_DIGITS = 2
_MIN_BAR_WIDTH = 6
_MIN_ROWS_FOR_COUNT = 4  # rows from which the last one counts the outputs that have no row


def draw_probabilities(
    names: Sequence[str],
    outputs: Array,
    targets: Array,
    palette: Palette,
    width: int,
    height: int,
    scale: NumberScale = _PROBABILITIES,
) -> list[Strip]:
    """Draw one sample's outputs as bars from 0 to 1, or to the largest absolute value if that is more.

    One-hot targets are marked, other targets are printed beside the outputs. If not every row fits, the rows of
    :func:`select_outputs` are drawn.

    Args:
        names: Names (K,) of the outputs.
        outputs: Outputs (K,).
        targets: Targets (K,).
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        scale: Colour scale of outputs and targets.
    """
    width, height = max(1, width), max(1, height)
    count = len(outputs)
    if not count:
        return draw_message(tr("No outputs yet."), palette, width, height)
    canvas = Canvas(width, height, palette)
    glyphs, dim, text = palette.glyphs, palette.style("dim"), palette.style("text")
    is_one_hot = bool(np.isin(targets, (0.0, 1.0)).all()) and count > 1
    rows = select_outputs(outputs, targets, height)
    has_sign = bool((outputs < 0).any())
    number_width = max(len(fmt(float(outputs[k]), _DIGITS, sign=has_sign, glyphs=glyphs)) for k in rows)
    names = fit_names(tuple(names), max(1, width // 3), glyphs.is_ascii)
    name_width = max(cell_len(names[k]) for k in rows)
    target_width = 2 if is_one_hot else number_width + 3
    bar_width = width - name_width - 1 - number_width - 1 - target_width
    if bar_width < _MIN_BAR_WIDTH:
        bar_width = 0
        target_width = target_width if width >= name_width + 1 + number_width + target_width else 0
    full_scale = float(np.abs(outputs[np.isfinite(outputs)]).max(initial=1.0))
    winner = int(np.argmax(np.where(np.isnan(outputs), -np.inf, outputs)))
    for row, k in enumerate(rows):
        name_style = palette.style("title") if k == winner and count > 1 else text
        canvas.put(0, row, names[k], name_style)
        x = name_width + 1
        if bar_width:
            fraction = float(np.nan_to_num(abs(outputs[k]) / full_scale, nan=0.0, posinf=1.0))
            filled = round(min(1.0, fraction) * bar_width)
            canvas.put(x, row, glyphs.hline_thick * filled, palette.number_fg(float(outputs[k]), scale))
            rest = glyphs.blank if glyphs.is_ascii else glyphs.hline
            canvas.put(x + filled, row, rest * (bar_width - filled), dim)
            x += bar_width + 1
        number = fmt(float(outputs[k]), _DIGITS, width=number_width, sign=has_sign, glyphs=glyphs)
        x = canvas.put(x, row, number, palette.number(float(outputs[k]), scale))
        if target_width and is_one_hot and targets[k] == 1.0:
            canvas.put(x + 1, row, glyphs.arrow_left, palette.style("good" if k == winner else "bad"))
        elif target_width and not is_one_hot:
            target = fmt(float(targets[k]), _DIGITS, width=number_width, sign=has_sign, glyphs=glyphs)
            x = canvas.put(x + 1, row, f"{glyphs.arrow_left} ", dim)
            canvas.put(x, row, target, palette.number(float(targets[k]), scale))
    if len(rows) < min(count, height):
        note = clip(tr("{count} more", count=count - len(rows)), max(0, width - name_width - 1), palette)
        canvas.put(name_width + 1, height - 1, note, dim)
    return canvas.strips()


def select_outputs(outputs: Array, targets: Array, max_rows: int) -> list[int]:
    """Choose the outputs to show in ``max_rows`` rows: those with target 1, then the largest ones.

    One row is left free if outputs are left out and there are rows enough to count them.

    Args:
        outputs: Outputs (K,).
        targets: Targets (K,).
        max_rows: Rows to fill.

    Returns:
        Indices in ascending order.
    """
    if len(outputs) <= max_rows:
        return list(range(len(outputs)))
    max_rows -= max_rows >= _MIN_ROWS_FOR_COUNT
    size = np.where(np.isnan(outputs), np.inf, outputs)
    order = sorted(range(len(outputs)), key=lambda k: (targets[k] != 1.0, -size[k]))
    return sorted(order[:max_rows])
