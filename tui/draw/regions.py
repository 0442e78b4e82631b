"""What a network says all over the plane of its two inputs, with the data points on it.

Colours are those of the outputs: two classes on the diverging scale, more classes in their own hues, both
paler where the network is unsure. A point's class is also its shape, and a wrong answer is a cross.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, StyledText, draw_message, on_background, put_items
from nn_tui.tui.draw.contour import draw_zero_line
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.shading import (
    background_styles,
    draw_scale,
    fill_patches,
    patch_characters,
    shade_characters,
    to_fractions,
    uses_halves,
)

Extent = tuple[float, float, float, float]
"""The window on the plane: (least x, greatest x, least y, greatest y)."""

_FILLED = 4
_LEGEND_FROM = 6


def fit_extent(points: ArrayLike, margin: float = 0.1) -> Extent:
    """A window around the finite points (n, 2), wider by ``margin`` of their span on every side."""
    data = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    data = data[np.isfinite(data).all(axis=1)]
    if not len(data):
        return (-1.0, 1.0, -1.0, 1.0)
    out: list[float] = []
    for column in data.T:
        low, high = float(column.min()), float(column.max())
        with np.errstate(over="ignore"):
            pad = (high - low) * margin or 1.0
        # A window wider than the largest number would be infinite.
        out += [max(low - pad, -4e307), min(high + pad, 4e307)]
    return (out[0], out[1], out[2], out[3])


def region_shape(width: int, height: int, palette: Palette) -> tuple[int, int]:
    """(rows, columns) of the grid that fills a drawing of this size: two rows a line where colours allow."""
    lines = max(1, height) - int(height >= _LEGEND_FROM)
    return (lines * (2 if uses_halves(palette) else 1), max(1, width))


def region_points(extent: Extent, width: int, height: int, palette: Palette) -> Array:
    """The inputs (rows·columns, 2) whose outputs :func:`draw_regions` needs, row by row from the top."""
    rows, columns = region_shape(width, height, palette)
    x_low, x_high, y_low, y_high = extent
    # The middle of each sample's patch, so that the window's edges are the drawing's edges.
    xs = x_low + (np.arange(columns) + 0.5) / columns * (x_high - x_low)
    ys = y_high - (np.arange(rows) + 0.5) / rows * (y_high - y_low)
    return np.stack([np.tile(xs, rows), np.repeat(ys, columns)], axis=1)


def draw_regions(
    outputs: Array,
    points: Array,
    labels: ArrayLike,
    palette: Palette,
    width: int,
    height: int,
    extent: Extent,
    *,
    test: ArrayLike | None = None,
    wrong: ArrayLike | None = None,
    names: Sequence[str] = (),
    cursor: int | None = None,
    line: Array | None = None,
    line_name: str = "",
) -> list[Strip]:
    """Decision regions from ``outputs`` at :func:`region_points`: (n,) or (n, 1) for one output, (n, K).

    ``points`` (m, 2) with their classes ``labels`` (m,) are drawn on it; the masks ``test`` and ``wrong``
    (m,) make outlined shapes and crosses. ``names`` are the classes in the legend; ``cursor`` is the point
    of the current sample. Where ``line`` (rows·columns,) changes its sign a line is drawn, ``line_name`` in
    the legend.
    """
    width, height = max(1, width), max(1, height)
    rows, columns = region_shape(width, height, palette)
    if outputs.size == 0 or len(outputs) != rows * columns:
        return draw_message("No outputs yet.", palette, width, height)
    grid = outputs.reshape(rows, columns, -1)
    canvas = Canvas(width, height, palette)
    papers = background_styles(grid, palette)
    fill_patches(canvas, papers, patch_characters(grid, palette), palette)
    classes = np.asarray(labels, dtype=np.intp).reshape(-1)
    is_test = np.zeros(len(classes), bool) if test is None else np.asarray(test, bool)
    is_wrong = np.zeros(len(classes), bool) if wrong is None else np.asarray(wrong, bool)
    binary = grid.shape[2] == 1
    order = sorted(range(len(classes)), key=lambda k: (k == cursor, bool(is_wrong[k])))
    per_line = rows // (height - int(height >= _LEGEND_FROM))
    if line is not None:
        draw_zero_line(canvas, line.reshape(-1, per_line, columns).mean(axis=1), papers, per_line, palette)
    for k in order:
        place = _cell(points[k], extent, columns, rows // per_line)
        if place is None:
            continue
        label = int(classes[k])
        glyph = palette.glyphs.diverged if is_wrong[k] else _shape(label, bool(is_test[k]), palette)
        paper = papers[place[1] * per_line][place[0]]
        # Sixteen colours have no paler ones: there a point of its region's own colour would vanish.
        style = on_background(_class_ink(label, binary, palette) if palette.background[0] == "#" else paper, paper)
        if k == cursor:
            style = palette.style("selected")
        canvas.put(place[0], place[1], glyph, style)
    if height >= _LEGEND_FROM:
        _draw_legend(canvas, palette, names, binary, bool(is_test.any()), bool(is_wrong.any()), line_name)
    return canvas.strips()


def draw_surface(
    outputs: Array,
    points: Array,
    targets: ArrayLike,
    palette: Palette,
    width: int,
    height: int,
    extent: Extent,
    *,
    cursor: int | None = None,
    point_name: str = "target",
) -> list[Strip]:
    """One numeric output all over the plane, with the points in the colour of their targets.

    ``outputs`` (n,) or (n, 1) at :func:`region_points`; ``points`` (m, 2) and ``targets`` (m,). The scale is
    diverging about 0 where there are negative values, sequential otherwise, and the last line shows it and
    says with ``point_name`` what the points' colours are.
    """
    width, height = max(1, width), max(1, height)
    rows, columns = region_shape(width, height, palette)
    if outputs.size != rows * columns:
        return draw_message("No outputs yet.", palette, width, height)
    grid = np.asarray(outputs, dtype=np.float64).reshape(rows, columns)
    wanted = np.asarray(targets, dtype=np.float64).reshape(-1)
    finite = np.concatenate([grid[np.isfinite(grid)], wanted[np.isfinite(wanted)]])
    limit = float(np.abs(finite).max(initial=0.0)) or 1.0
    signed = bool((finite < 0).any())
    ramp = palette.diverging if signed else palette.sequential
    papers = [[ramp(value) for value in row] for row in to_fractions(grid, limit).tolist()]
    canvas = Canvas(width, height, palette)
    marks = None if uses_halves(palette) else shade_characters(np.abs(grid) / limit, palette)
    fill_patches(canvas, papers, marks, palette)
    lines = height - int(height >= _LEGEND_FROM)
    for k, share in enumerate(to_fractions(wanted, limit).tolist()):
        place = _cell(points[k], extent, columns, lines)
        if place is not None:
            style = palette.style("selected") if k == cursor else ramp(share)
            canvas.put(place[0], place[1], palette.glyphs.node, style)
    if height >= _LEGEND_FROM:
        x = draw_scale(canvas, height - 1, limit, signed, palette)
        if point_name and x + 5 + len(point_name) <= width:
            canvas.put(x + 3, height - 1, f"{palette.glyphs.node} {point_name}", palette.style("dim"))
    return canvas.strips()


def region_point_at(points: Array, extent: Extent, width: int, height: int, x: int, y: int) -> int | None:
    """The point (m, 2) that :func:`draw_regions` or :func:`draw_surface` has at a cell, or in one that touches it."""
    lines = height - int(height >= _LEGEND_FROM)
    best: tuple[int, int] | None = None
    for k, point in enumerate(points):
        place = _cell(point, extent, width, lines)
        if place is None:
            continue
        away = max(abs(place[0] - x), abs(place[1] - y))
        if away <= 1 and (best is None or away < best[0]):
            best = (away, k)
    return None if best is None else best[1]


def _cell(point: Array, extent: Extent, columns: int, rows: int) -> tuple[int, int] | None:
    x_low, x_high, y_low, y_high = extent
    x, y = (point[0] - x_low) / (x_high - x_low), (y_high - point[1]) / (y_high - y_low)
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return None
    return min(columns - 1, int(x * columns)), min(rows - 1, int(y * rows))


def _shape(label: int, test: bool, palette: Palette) -> str:
    """A class's own shape, filled for training points and outlined for test points; digits beyond four."""
    if not 0 <= label < _FILLED:
        return str(label % 10)
    return palette.glyphs.classes[label + _FILLED * int(test)]


def _class_ink(label: int, binary: bool, palette: Palette) -> Style:
    if binary:
        return palette.diverging_fg(1.0 if label else -1.0)
    return palette.style(f"class{label % 10}")


def _draw_legend(
    canvas: Canvas,
    palette: Palette,
    names: Sequence[str],
    binary: bool,
    has_test: bool,
    has_wrong: bool,
    line_name: str,
) -> None:
    text, dim = palette.style("text"), palette.style("dim")
    items: list[list[StyledText]] = [
        [(_shape(k, False, palette) + " ", _class_ink(k, binary, palette)), (name, text)]
        for k, name in enumerate(names)
    ]
    glyphs = palette.glyphs
    if has_wrong:
        items.append([(glyphs.diverged + " ", text), ("wrong", dim)])
    if has_test:
        items.append([(_shape(0, True, palette) + _shape(1, True, palette) + " ", text), ("test", dim)])
    if line_name:
        items.append([(glyphs.down + " ", palette.style("title")), (line_name, dim)])
    put_items(canvas, 0, canvas.height - 1, items)
