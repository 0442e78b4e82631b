"""The outputs of a network over a grid of points as colours, or as characters if there are no colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.color import Color, blend_rgb
from rich.style import Style

from nn_tui.core.display.colors import CLASS_COLOR_COUNT
from nn_tui.core.display.number_scale import NumberScale, levels
from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, half_block
from nn_tui.tui.draw.palette import Palette

# The part of a class's colour in its region: points in full colour stand out, and so does a region without confidence.
_MIN_STRENGTH, _MAX_STRENGTH = 0.12, 0.5
_CONFIDENCE_STEPS = 8


def class_styles(outputs: Array, palette: Palette) -> list[list[Style]]:
    """Return the style of each grid point: the colour of the predicted class, paler the less confident it is.

    Args:
        outputs: Outputs (rows, columns, K) of the network, one for each class.
        palette: Gives the colours.
    """
    has_nan: NDArray[np.bool_] = np.asarray(np.isnan(outputs).any(axis=2))
    nan_style = palette.sequential(math.nan)
    if not palette.has_color:
        dim = palette.style("dim")
        return [[nan_style if is_nan else dim for is_nan in row] for row in has_nan.tolist()]
    comparable = np.where(np.isnan(outputs), -np.inf, outputs)
    winner = comparable.argmax(axis=2)
    highest = np.clip(np.where(has_nan, 0.0, comparable.max(axis=2)), 0.0, 1.0)
    chance = 1 / outputs.shape[2]
    confidence = np.clip((highest - chance) / (1 - chance), 0.0, 1.0)
    steps = np.rint(confidence * _CONFIDENCE_STEPS).astype(np.intp)
    colors = [palette.style(f"class{k}") for k in range(CLASS_COLOR_COUNT)]
    return [
        [
            nan_style
            if is_nan
            else _class_background(colors[label % CLASS_COLOR_COUNT], palette.foreground, palette.background, step)
            for label, step, is_nan in zip(*row, strict=True)
        ]
        for row in zip(winner.tolist(), steps.tolist(), has_nan.tolist(), strict=True)
    ]


def number_styles(values: Array, scale: NumberScale, palette: Palette) -> list[list[Style]]:
    """Return the style of each of ``values`` (rows, columns) in a picture."""
    ramp = palette.picture_ramp(scale.kind)
    return [[ramp[level] for level in row] for row in levels(values, scale).tolist()]


def number_characters(values: Array, scale: NumberScale, palette: Palette) -> list[str] | None:
    """Return a row of characters for each row of ``values`` (rows, columns), or None if backgrounds replace them."""
    if palette.has_half_blocks:
        return None
    rows = levels(values, scale).tolist()
    return ["".join(palette.picture_character(level, scale.kind) for level in row) for row in rows]


@lru_cache(maxsize=1024)
def _class_background(color: Style, foreground: str, background: str, step: int) -> Style:
    """Return a class's colour blended into the background, less of it the lower the step of confidence."""
    if not background.startswith("#") or color.color is None:
        return Style(color="black", bgcolor=color.color) if step > _CONFIDENCE_STEPS // 2 else Style(color=foreground)
    strength = _MIN_STRENGTH + (_MAX_STRENGTH - _MIN_STRENGTH) * step / _CONFIDENCE_STEPS
    blended = blend_rgb(Color.parse(background).get_truecolor(), color.color.get_truecolor(), strength)
    return Style(color=foreground, bgcolor=Color.from_triplet(blended))


def class_characters(outputs: Array, palette: Palette) -> list[str] | None:
    """Return the digits of the most likely classes for each row of ``outputs`` (rows, columns, K).

    None if backgrounds replace them.
    """
    if palette.has_half_blocks:
        return None
    return ["".join(str(k % 10) for k in row) for row in outputs.argmax(axis=2).tolist()]


def fill_cells(
    canvas: Canvas,
    offset: tuple[int, int],
    backgrounds: Sequence[Sequence[Style]],
    characters: Sequence[str] | None,
    palette: Palette,
) -> None:
    """Fill a rectangle of the canvas.

    Args:
        canvas: The canvas.
        offset: The cell (x, y) at its top left.
        backgrounds: Rows of styles.
        characters: A character for each style, one cell each; None to draw two rows of styles as a line of half blocks.
        palette: Gives the half blocks.
    """
    left, top_line = offset
    if characters is None:
        for y, (top, bottom) in enumerate(zip(backgrounds[::2], backgrounds[1::2], strict=True), top_line):
            for x, pair in enumerate(zip(top, bottom, strict=True), left):
                canvas.set(x, y, *half_block(*pair, palette))
        return
    for y, (row, text) in enumerate(zip(backgrounds, characters, strict=True), top_line):
        for x, (style, char) in enumerate(zip(row, text, strict=True), left):
            canvas.set(x, y, char, style)
