"""Line and scatter charts with axes, a legend and markers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from textual.strip import Strip

from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.canvas import Canvas, draw_message, put_items
from nn_tui.tui.draw.chart_layout import ChartLayout, cell_index, layout_chart
from nn_tui.tui.draw.legend import items_width
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.plotext_raster import rasterize
from nn_tui.tui.draw.series import Series, markers_of

EMPTY_MESSAGE = message("Nothing measured yet.")

_MARKER_SPACING = 9  # columns between the markers of a line


def draw_chart(
    series: Sequence[Series],
    palette: Palette,
    width: int,
    height: int,
    *,
    log: bool = False,
    cursor: float | None = None,
    empty: str | Message = EMPTY_MESSAGE,
    guide: float | None = None,
    unit: str = "",
    stems: Sequence[tuple[float, float, float]] = (),
) -> list[Strip]:
    """Draw series with axes and, for more than one, a legend.

    Args:
        series: The lines and points.
        log: Whether the y axis is logarithmic. Values ≤ 0 then lie on the bottom line, labelled ≤0.
        cursor: An x to mark with a vertical line.
        empty: The sentence to show if no series has a finite point.
        guide: A y to mark with a horizontal line.
        unit: The unit of y, which follows its labels.
        stems: Vertical lines (x, y from, y to).
    """
    width, height = max(1, width), max(1, height)
    ys = [item.arrays()[1][item.is_finite()] for item in series]
    if not any(len(y) for y in ys):
        return draw_message(empty, palette, width, height)
    if log and not any((y > 0).any() for y in ys):
        return draw_message(tr("Nothing above zero to show on a log scale."), palette, width, height)
    layout = layout_chart(series, palette, width, height, log=log, cursor=cursor, guide=guide, unit=unit)
    canvas = Canvas(width, height, palette)
    for row, items in enumerate(layout.legend):
        # A single row stands at the right, near the newest values; several rows start at the left, like text.
        put_items(canvas, width - items_width(items) if len(layout.legend) == 1 else 0, row, items)
    if layout.left:
        _draw_y_axis(canvas, layout, palette)
    if layout.footer:
        _draw_x_axis(canvas, layout, palette)
    for index, row, column, text in rasterize(series, layout, palette.glyphs):
        canvas.put(layout.left + column, layout.top + row, text, palette.style(series[index].style_key))
    if sum(item.kind == "line" for item in series) > 1 and not palette.glyphs.is_ascii:
        _draw_markers(canvas, layout, series, palette)
    _draw_end_labels(canvas, layout, series, palette)
    for stem in stems:
        _draw_stem(canvas, layout, stem, palette)
    if guide is not None:
        _draw_guide(canvas, layout, guide, palette)
    if cursor is not None and np.isfinite(cursor):
        _draw_cursor(canvas, layout, cursor, palette)
    return canvas.strips()


def _draw_y_axis(canvas: Canvas, layout: ChartLayout, palette: Palette) -> None:
    glyphs, dim, x = palette.glyphs, palette.style("dim"), layout.left - 1
    for row in range(layout.rows):
        canvas.put(x, layout.top + row, glyphs.vline, dim)
    used: set[int] = set()
    for fraction, label in layout.y.ticks:
        row = layout.row_of(fraction)
        if not used & {row - 1, row, row + 1} or (layout.rows < 4 and row not in used):
            used.add(row)
            canvas.put(x - len(label), layout.top + row, label, dim)
            canvas.put(x, layout.top + row, glyphs.box_right, dim)


def _draw_x_axis(canvas: Canvas, layout: ChartLayout, palette: Palette) -> None:
    glyphs, dim, left = palette.glyphs, palette.style("dim"), layout.left
    y = layout.top + layout.rows
    if layout.footer == 2:
        canvas.put(max(0, left - 1), y, glyphs.box_bl if left else glyphs.hline, dim)
        canvas.put(left, y, glyphs.hline * layout.columns, dim)
    next_free = 0
    for fraction, label in layout.x.ticks:
        x = left + int(cell_index(fraction, layout.columns)) - len(label) // 2
        x = max(0, min(canvas.width - len(label), x))
        if x >= next_free:
            canvas.put(x, y + layout.footer - 1, label, dim)
            next_free = x + len(label) + 2


def _draw_markers(canvas: Canvas, layout: ChartLayout, series: Sequence[Series], palette: Palette) -> None:
    """Draw the marker of each line on one of its points every few columns, so that colour is not needed."""
    markers = markers_of(series, palette.glyphs)
    lines = [(k, item) for k, item in enumerate(series) if item.kind == "line" and item.is_finite().any()]
    for order, (index, item) in enumerate(lines):
        x, y = layout.x.fraction(item.x), layout.y.fraction(item.y)
        mask = np.isfinite(x) & np.isfinite(y) & (x >= 0) & (x <= 1)
        if not mask.any():
            continue
        columns, fractions = cell_index(x[mask], layout.columns), y[mask]
        offset = order * _MARKER_SPACING // len(lines)
        for column in range(offset, layout.columns + _MARKER_SPACING, _MARKER_SPACING):
            nearest = int(np.abs(columns - column).argmin())
            if abs(int(columns[nearest]) - column) < _MARKER_SPACING:  # no marker where no point is near
                left, top = layout.left + int(columns[nearest]), layout.top + layout.row_of(float(fractions[nearest]))
                canvas.put(left, top, markers[index], palette.style(item.style_key))


def _draw_end_labels(canvas: Canvas, layout: ChartLayout, series: Sequence[Series], palette: Palette) -> None:
    """Write the label of each line to the right of the plot, as near to the line's end as the other labels allow."""
    left = layout.left + layout.columns
    if left >= canvas.width:
        return
    wished: list[tuple[float, str, str]] = []
    for item, marker in zip(series, markers_of(series, palette.glyphs), strict=True):
        y = layout.y.fraction(item.arrays()[1][item.is_finite()])
        if item.end_label and y.size:
            wished.append((float(y[-1]), f"{marker}{item.end_label}", item.style_key))
    wished.sort(key=lambda entry: -entry[0])  # the highest first; equal ones in the order of the legend
    if len(wished) > layout.rows:
        kept = {round(index) for index in np.linspace(0, len(wished) - 1, layout.rows)}
        wished = [entry for index, entry in enumerate(wished) if index in kept]
    rows: list[int] = []
    for fraction, _, _ in wished:
        rows.append(max(layout.row_of(fraction), rows[-1] + 1 if rows else 0))
    lowest = layout.rows - 1
    for index in range(len(rows) - 1, -1, -1):  # move up the labels that would be below the plot
        rows[index] = min(rows[index], lowest)
        lowest = rows[index] - 1
    for row, (_, label, style_key) in zip(rows, wished, strict=True):
        canvas.put(left + 1, layout.top + row, label, palette.style(style_key))


def _draw_stem(canvas: Canvas, layout: ChartLayout, stem: tuple[float, float, float], palette: Palette) -> None:
    """Draw a vertical line (x, y from, y to) through blank cells."""
    column, ends = layout.column_of(stem[0]), layout.y.fraction(stem[1:])
    if column is None or not np.isfinite(ends).all():
        return
    first, last = sorted(layout.row_of(float(end)) for end in ends)
    for row in range(first, last + 1):
        if canvas.is_blank(layout.left + column, layout.top + row):
            canvas.put(layout.left + column, layout.top + row, palette.glyphs.vline, palette.style("dim"))


def _draw_guide(canvas: Canvas, layout: ChartLayout, y: float, palette: Palette) -> None:
    """Draw a horizontal line at ``y`` through blank cells."""
    fraction = float(layout.y.fraction(y))
    if not 0 <= fraction <= 1:
        return
    row = layout.top + layout.row_of(fraction)
    for column in range(layout.left, layout.left + layout.columns):
        if canvas.is_blank(column, row):
            canvas.put(column, row, palette.glyphs.hline_dash, palette.style("good"))


def _draw_cursor(canvas: Canvas, layout: ChartLayout, x: float, palette: Palette) -> None:
    """Draw a vertical line at ``x`` through blank cells."""
    column = layout.column_of(x)
    if column is None:
        return
    for row in range(layout.top, layout.top + layout.rows):
        if canvas.is_blank(layout.left + column, row):
            canvas.put(layout.left + column, row, palette.glyphs.vline_dash, palette.style("accent"))
