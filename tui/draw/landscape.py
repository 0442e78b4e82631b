"""The loss landscape: a slice of the loss in bands of its logarithm, the path walked, and where it stands now."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.analysis.landscape import Landscape
from nn_tui.core.spec import Array
from nn_tui.core.text import ascii_text
from nn_tui.tui.draw.canvas import Canvas, StyledText, clip, half_block, put_items
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import LEVELS, Palette, levels

_BANDS = 12  # their edges are contour lines
_DECADES = 8.0  # a loss of 0 must not turn all the rest into one band
_LEGEND_FROM = 6
_AXIS_FROM, _AXIS_WIDTH, _GUTTER_WIDTH = 8, 24, 40
_RAMP = 8
_ASCII_PATH, _ASCII_NOW = "o", "@"  # in no shade


def draw_landscape(landscape: Landscape, palette: Palette, width: int, height: int) -> list[Strip]:
    """The slice in exactly ``width`` by ``height`` cells, dark (or blank) where the loss is low.

    Where there is room: values along both axes, and a last line with the scale and the marks.
    """
    canvas = Canvas(width, height, palette)
    legend = int(canvas.height >= _LEGEND_FROM)
    axis = int(canvas.height >= _AXIS_FROM and canvas.width >= _AXIS_WIDTH)
    labels = _labels(landscape.ys, palette) if axis and canvas.width >= _GUTTER_WIDTH else []
    gutter = max((cell_len(label) + 1 for label in labels), default=0)
    area = (gutter, 0, canvas.width - gutter, canvas.height - legend - axis)
    shares = _shares(landscape.losses)
    papers = _paint(canvas, shares, palette, area)
    outside = _mark(canvas, landscape, palette, area, papers)
    dim = palette.style("dim")
    for label, place in zip(reversed(labels), (0, (area[3] - 1) // 2, area[3] - 1), strict=False):
        canvas.put(gutter - 1 - cell_len(label), place, label, dim)
    if axis:
        _draw_axis(canvas, landscape, palette, gutter, canvas.height - 1 - legend)
    if legend:
        _draw_legend(canvas, landscape, palette, outside)
    return canvas.strips()


def _shares(losses: Array) -> Array:
    """Losses as shares 0..1 of their range on a log scale, in bands; NaN stays, infinite is 1."""
    finite = losses[np.isfinite(losses)]
    high = float(finite.max(initial=0.0))
    positive = finite[finite > 0]
    if not positive.size:
        return np.where(np.isfinite(losses), 0.0, np.where(np.isnan(losses), np.nan, 1.0))
    top = np.log10(high)
    low = max(np.log10(float(positive.min())), top - _DECADES)
    with np.errstate(all="ignore"):
        place = (np.log10(np.maximum(losses, 0.0)) - low) / (top - low if top > low else 1.0)
    return np.where(np.isnan(losses), np.nan, np.clip(place, 0.0, 1.0))


def _paint(canvas: Canvas, shares: Array, palette: Palette, area: tuple[int, int, int, int]) -> NDArray[np.intp]:
    """Fill the area (x, y, width, height): two samples a cell in colour, a shade character without.

    Returns each cell's level in the palette's sequential ramp, (height, width).
    """
    left, top, width, height = area
    halves = palette.has_color and not palette.glyphs.is_ascii
    per_line = 2 if halves else 1
    bands = np.floor(_resampled(shares, height * per_line, width) * _BANDS) / (_BANDS - 1)
    places = levels(np.minimum(bands, 1.0), 1.0, "sequential")
    ramp = palette.ramp("sequential")
    for line in range(height):
        for column in range(width):
            level = int(places[line * per_line, column])
            cell: StyledText
            if halves:
                cell = half_block(ramp[level], ramp[int(places[line * per_line + 1, column])], palette)
            else:
                cell = (_shade(level, palette), ramp[level])
            canvas.set(left + column, top + line, *cell)
    return places[::per_line]


def _resampled(grid: Array, rows: int, columns: int) -> Array:
    """The grid, whose first row is the lowest, at (rows, columns) places from the top; NaN does not spread."""
    y = (rows - 0.5 - np.arange(rows)) / rows * (grid.shape[0] - 1)
    x = (np.arange(columns) + 0.5) / columns * (grid.shape[1] - 1)
    y0, x0 = y.astype(np.intp), x.astype(np.intp)
    y1, x1 = np.minimum(y0 + 1, grid.shape[0] - 1), np.minimum(x0 + 1, grid.shape[1] - 1)
    fy, fx = (y - y0)[:, None], x - x0
    low = grid[np.ix_(y0, x0)] * (1 - fx) + grid[np.ix_(y0, x1)] * fx
    high = grid[np.ix_(y1, x0)] * (1 - fx) + grid[np.ix_(y1, x1)] * fx
    mixed = low * (1 - fy) + high * fy
    nearest = grid[np.ix_(np.rint(y).astype(np.intp), np.rint(x).astype(np.intp))]
    return np.where(np.isnan(mixed), nearest, mixed)


def _shade(level: int, palette: Palette) -> str:
    if level >= LEVELS:
        return "?"
    shades = palette.glyphs.shades
    return shades[round(level / (LEVELS - 1) * (len(shades) - 1))]


def _mark(
    canvas: Canvas,
    landscape: Landscape,
    palette: Palette,
    area: tuple[int, int, int, int],
    papers: NDArray[np.intp],
) -> int:
    """Draw the path on its bands and its end, the current point; how many points of the path lie outside."""
    left, top, width, height = area
    outside = 0
    spans = [(float(axis[0]), float(axis[-1] - axis[0]) or 1.0) for axis in (landscape.xs, landscape.ys)]
    marks = _marks(palette)
    for index, point in enumerate(landscape.path):
        x, y = ((float(value) - low) / span for value, (low, span) in zip(point, spans, strict=True))
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            outside += 1
            continue
        column, line = min(width - 1, int(x * width)), min(height - 1, int((1 - y) * height))
        char, style = marks[index == len(landscape.path) - 1]
        if index < len(landscape.path) - 1 and palette.has_color:
            style = palette.ramp("sequential")[int(papers[line, column])]
        canvas.put(left + column, top + line, char, style)
    return outside


def _marks(palette: Palette) -> tuple[StyledText, StyledText]:
    """How a point of the path looks, and the current one: both stand out from any band."""
    glyphs = palette.glyphs
    path = _ASCII_PATH if glyphs.is_ascii else glyphs.node
    now = _ASCII_NOW if glyphs.is_ascii else glyphs.current
    return (path, palette.style("text")), (now, palette.style("selected"))


def _labels(values: Array, palette: Palette) -> list[str]:
    """The least, middle and greatest value of an axis."""
    picked = (values[0], values[len(values) // 2], values[-1])
    return [fmt(float(value), 2, glyphs=palette.glyphs).strip() for value in picked]


def _name(text: str, palette: Palette) -> str:
    return ascii_text(text) if palette.glyphs.is_ascii else text


def _draw_axis(canvas: Canvas, landscape: Landscape, palette: Palette, left: int, line: int) -> None:
    low, middle, high = _labels(landscape.xs, palette)
    dim, width = palette.style("dim"), canvas.width - left
    after = canvas.put(left, line, low, dim)
    end = canvas.width - cell_len(high)
    canvas.put(end, line, high, dim)
    start = left + (width - cell_len(middle)) // 2
    if start > after and start + cell_len(middle) < end:
        canvas.put(start, line, middle, dim)
        after = start + cell_len(middle)
    name = f"{_name(landscape.names[0], palette)} {palette.glyphs.arrow}"
    room = end - after - 2
    if cell_len(name) <= room:
        canvas.put(end - 1 - cell_len(name), line, name, palette.style("text"))


def _draw_legend(canvas: Canvas, landscape: Landscape, palette: Palette, outside: int) -> None:
    text, dim = palette.style("text"), palette.style("dim")
    (path, path_style), (now, now_style) = _marks(palette)
    finite = landscape.losses[np.isfinite(landscape.losses)]
    scale: list[StyledText] = []
    if finite.size:
        ends = [f"{float(value):.2g}" for value in (finite.min(), finite.max())]
        scale = [(f"loss {ends[0]} ", dim)]
        for k in range(_RAMP):
            share = np.array([k / (_RAMP - 1)])
            level = int(levels(share, 1.0, "sequential")[0])
            halves = palette.has_color and not palette.glyphs.is_ascii
            style = palette.ramp("sequential")[level]
            scale.append((" " if halves else _shade(level, palette), style))
        scale.append((f" {ends[1]} (log scale)", dim))
    here = f"{landscape.loss:.4g}"
    items: list[list[StyledText]] = [
        [(now, now_style), (f" {here}", text)],
        scale,
    ]
    if len(landscape.path) > 1:
        count = f"{outside} of {len(landscape.path)} outside" if outside else ""
        items.append([(path, path_style), (f" path {count}".rstrip(), dim)])
    if np.isnan(landscape.losses).any():
        items.append([("?" if not palette.has_color else " ", palette.sequential(np.nan)), (" NaN", dim)])
    items.append([(f"{palette.glyphs.arrow_up} {_name(landscape.names[1], palette)}", text)])
    if put_items(canvas, 0, canvas.height - 1, [item for item in items if item]) == 0:
        canvas.put(0, canvas.height - 1, clip(here, canvas.width, palette), text)
