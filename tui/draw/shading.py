"""How an answer is painted: the style of every patch of the plane, or a character where there is no colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.color import Color, blend_rgb
from rich.style import Style

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, half_block
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette

_STRENGTH = 0.6
_STEPS = 8


def draw_scale(canvas: Canvas, y: int, limit: float, signed: bool, palette: Palette) -> int:
    """The colours of a scale up to ``limit`` with its ends in row ``y``; the x after it."""
    ramp = palette.diverging if signed else palette.sequential
    low, high = (fmt(v, 2, glyphs=palette.glyphs).strip() for v in (-limit if signed else 0.0, limit))
    x = canvas.put(0, y, low + " ", palette.style("dim"))
    for k in range(9):
        share = k / 4 - 1 if signed else k / 8
        shade = " " if uses_halves(palette) else shade_characters(np.array([abs(share)]), palette)[0]
        x = canvas.put(x, y, shade, ramp(share))
    return canvas.put(x, y, " " + high, palette.style("dim"))


def uses_halves(palette: Palette) -> bool:
    """Whether a cell holds two patches, one above the other: that takes colours and half blocks."""
    return palette.has_color and not palette.glyphs.is_ascii


def to_fractions(values: Array, limit: float) -> Array:
    """Values as fractions of ``limit`` within ±1; NaN stays."""
    with np.errstate(all="ignore"):
        shares = np.where(np.isinf(values), np.sign(values), values / limit)
    return np.clip(shares, -1.0, 1.0)


def background_styles(grid: Array, palette: Palette) -> list[list[Style]]:
    """The style of each sample's patch."""
    if grid.shape[2] == 1:
        shares = np.clip(2 * grid[:, :, 0] - 1, -1.0, 1.0) * _STRENGTH
        return [[palette.diverging(share) for share in row] for row in shares.tolist()]
    lost: NDArray[np.bool_] = np.asarray(np.isnan(grid).any(axis=2))
    known = np.where(np.isnan(grid), -np.inf, grid)
    winner = known.argmax(axis=2)
    best = np.clip(np.where(lost, 0.0, known.max(axis=2)), 0.0, 1.0)
    chance = 1 / grid.shape[2]
    steps = np.rint(np.clip((best - chance) / (1 - chance), 0.0, 1.0) * _STEPS).astype(np.intp)
    rows = zip(winner.tolist(), steps.tolist(), lost.tolist(), strict=True)
    nan, plain = palette.sequential(math.nan), palette.style("dim")
    hues = [palette.style(f"class{k}") for k in range(10)]
    if not palette.has_color:
        return [[nan if gone else plain for gone in row] for row in lost.tolist()]
    return [
        [
            nan if gone else _class_paper(hues[label % 10], palette.foreground, palette.background, step)
            for label, step, gone in zip(*row, strict=True)
        ]
        for row in rows
    ]


@lru_cache(maxsize=1024)
def _class_paper(hue: Style, foreground: str, background: str, step: int) -> Style:
    """The hue of a class, blended into the background by how unsure the network is."""
    if not background.startswith("#") or hue.color is None:
        return Style(color="black", bgcolor=hue.color) if step > _STEPS // 2 else Style(color=foreground)
    share = 0.08 + 0.34 * step / _STEPS
    mixed = blend_rgb(Color.parse(background).get_truecolor(), hue.color.get_truecolor(), share)
    return Style(color=foreground, bgcolor=Color.from_triplet(mixed))


def shade_characters(sizes: Array, palette: Palette) -> list[str]:
    """Rows of shade characters for sizes in 0..1; a one-dimensional array is one row."""
    ramp = palette.glyphs.shades
    index = np.rint(np.clip(np.nan_to_num(sizes), 0.0, 1.0) * (len(ramp) - 1)).astype(np.intp)
    return ["".join(ramp[k] for k in row) for row in np.atleast_2d(index).tolist()]


def patch_characters(grid: Array, palette: Palette) -> list[str] | None:
    """What stands for a colour where there is none: shades of one output, or the most likely class's digit."""
    if uses_halves(palette):
        return None
    if grid.shape[2] == 1:
        return shade_characters(grid[:, :, 0], palette)
    return ["".join(str(k % 10) for k in row) for row in grid.argmax(axis=2).tolist()]


def fill_patches(
    canvas: Canvas, papers: Sequence[Sequence[Style]], characters: Sequence[str] | None, palette: Palette
) -> None:
    """Fill the canvas from its top: two samples a cell in colour, one character a sample without."""
    if characters is None:
        for y, (top, bottom) in enumerate(zip(papers[::2], papers[1::2], strict=True)):
            for x, pair in enumerate(zip(top, bottom, strict=True)):
                canvas.set(x, y, *half_block(*pair, palette))
        return
    for y, (row, text) in enumerate(zip(papers, characters, strict=True)):
        for x, (style, char) in enumerate(zip(row, text, strict=True)):
            canvas.set(x, y, char, style)
