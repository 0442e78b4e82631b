"""The outputs of a network over a grid of points as colours, or as characters if there are no colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.color import Color, blend_rgb
from rich.style import Style

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, StyledText, half_block
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import ColorScale, Palette, levels

# Of the diverging scale: points in full colour stand out, and an undecided region from the background.
_MIN_STRENGTH, _MAX_STRENGTH = 0.12, 0.6
_CONFIDENCE_STEPS = 8
_CLASS_COLORS = 10


def draw_scale(canvas: Canvas, y: int, limit: float, signed: bool, palette: Palette) -> int:
    """Draw a colour scale with its ends from the left of row ``y`` on.

    Args:
        canvas: The canvas.
        y: The row.
        limit: The value with full colour.
        signed: Whether the scale is diverging, from ``-limit``, or sequential, from 0.
        palette: Gives the colours.

    Returns:
        The x after the scale.
    """
    x = 0
    for text, style in scale_item(limit, signed, palette):
        x = canvas.put(x, y, text, style)
    return x


def scale_item(limit: float, signed: bool, palette: Palette) -> list[StyledText]:
    """Return a colour scale with its ends as styled texts, for a legend; the arguments are as in :func:`draw_scale`."""
    style_of = palette.diverging if signed else palette.sequential
    low, high = (fmt(value, 2, glyphs=palette.glyphs).strip() for value in (-limit if signed else 0.0, limit))
    dim = palette.style("dim")
    fractions = [k / 4 - 1 if signed else k / 8 for k in range(9)]
    cells = [
        (" " if palette.has_half_blocks else palette.glyphs.shade(abs(fraction)), style_of(fraction))
        for fraction in fractions
    ]
    return [(f"{low} ", dim), *cells, (f" {high}", dim)]


def background_styles(outputs: Array, palette: Palette) -> list[list[Style]]:
    """Return the style of each grid point.

    One output is coloured on the diverging scale around 0.5. Several outputs are coloured by the class with the
    largest one, paler the less confident it is.

    Args:
        outputs: Outputs (rows, columns, K) of the network.
        palette: Gives the colours.
    """
    if outputs.shape[2] == 1:
        fractions = np.clip(2 * outputs[:, :, 0] - 1, -1.0, 1.0)
        fractions = np.sign(fractions) * (_MIN_STRENGTH + np.abs(fractions) * (_MAX_STRENGTH - _MIN_STRENGTH))
        return ramp_styles(fractions, 1.0, "diverging", palette)
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
    colors = [palette.style(f"class{k}") for k in range(_CLASS_COLORS)]
    return [
        [
            nan_style
            if is_nan
            else _class_background(colors[label % _CLASS_COLORS], palette.foreground, palette.background, step)
            for label, step, is_nan in zip(*row, strict=True)
        ]
        for row in zip(winner.tolist(), steps.tolist(), has_nan.tolist(), strict=True)
    ]


def ramp_styles(values: Array, limit: float, scale: ColorScale, palette: Palette) -> list[list[Style]]:
    """Return the style of each of ``values`` (rows, columns); those of size ``limit`` have full colour."""
    ramp = palette.ramp(scale)
    return [[ramp[level] for level in row] for row in levels(values, limit, scale).tolist()]


@lru_cache(maxsize=1024)
def _class_background(color: Style, foreground: str, background: str, step: int) -> Style:
    """Return a class's colour blended into the background, less of it the lower the step of confidence."""
    if not background.startswith("#") or color.color is None:
        return Style(color="black", bgcolor=color.color) if step > _CONFIDENCE_STEPS // 2 else Style(color=foreground)
    strength = 0.14 + 0.3 * step / _CONFIDENCE_STEPS
    blended = blend_rgb(Color.parse(background).get_truecolor(), color.color.get_truecolor(), strength)
    return Style(color=foreground, bgcolor=Color.from_triplet(blended))


def shade_characters(values: Array, palette: Palette) -> list[str]:
    """Return a row of shade characters for each row of ``values`` (rows, columns), which are clipped to 0 … 1."""
    shades = palette.glyphs.shades
    index = np.rint(np.clip(np.nan_to_num(values), 0.0, 1.0) * (len(shades) - 1)).astype(np.intp)
    return ["".join(shades[k] for k in row) for row in index.tolist()]


def class_characters(outputs: Array, palette: Palette) -> list[str] | None:
    """Return a row of characters for each row of ``outputs`` (rows, columns, K), or None if colours replace them.

    The characters are shades for one output, and the digit of the most likely class for several.
    """
    if palette.has_half_blocks:
        return None
    if outputs.shape[2] == 1:
        return shade_characters(outputs[:, :, 0], palette)
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
