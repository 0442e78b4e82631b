"""Line and scatter charts; the one module that knows plotext.

plotext 5 rasterises the lines on a bare canvas. Ticks, labels, legend and colours are drawn here, because
plotext's own clip long labels and know nothing of the palette. Its figure is a process-wide singleton, so
charts are drawn from one thread only, and each starts from a cleared figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.tui.draw.axes import Axis
from nn_tui.tui.draw.canvas import Canvas, clip, draw_message, put_items
from nn_tui.tui.draw.chart_layout import column_of, finite_points, layout_chart, point_cell, row_of
from nn_tui.tui.draw.chart_legend import items_width
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import Series, markers_of

NOTHING_YET = "Nothing measured yet."

_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
_COLOR_PREFIX = "38;5;"
_MARK_EVERY = 9


def downsample(x: ArrayLike, y: ArrayLike, n: int) -> tuple[Array, Array]:
    """At most 2n points with the same outline: the lowest and the highest of each of n runs of points.

    A run in which nothing is finite becomes one NaN; up to 2n points come back unchanged.
    """
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    n = max(1, n)
    if len(xs) <= 2 * n:
        return xs, ys
    size = -(-len(xs) // n)
    rows = -(-len(xs) // size)
    padded = np.full((rows, size), np.nan)
    padded.flat[: len(ys)] = ys
    known = np.isfinite(padded)
    low = np.where(known, padded, np.inf).argmin(axis=1)
    high = np.where(known, padded, -np.inf).argmax(axis=1)
    start = np.arange(rows) * size
    pairs = np.sort(np.stack([start + low, start + high], axis=1), axis=1)
    lost = ~known.any(axis=1)
    index = pairs.ravel()[~np.stack([np.zeros(rows, dtype=bool), lost | (low == high)], axis=1).ravel()]
    kept = ys[index]
    return xs[index], np.where(np.isfinite(kept), kept, np.nan)


def draw_chart(
    series: Sequence[Series],
    palette: Palette,
    width: int,
    height: int,
    *,
    log: bool = False,
    cursor: float | None = None,
    title: str = "",
    empty: str = NOTHING_YET,
    marks: Sequence[tuple[float, str, str]] = (),
    guide: float | None = None,
    stems: Sequence[tuple[float, float, float]] = (),
) -> list[Strip]:
    """The series in ``height`` lines of ``width`` cells, with axes and, for more than one, a legend.

    ``cursor`` is an x to mark by a vertical line; ``marks`` are (x, glyph, style key) on the x axis; ``guide``
    is a y to mark by a horizontal line; ``stems`` are (x, y, other y) to join by a thin upright. On a log
    scale a value ≤ 0 lies on the bottom line, which is then labelled ≤0.
    """
    width, height = max(1, width), max(1, height)
    ys = [np.asarray(s.y, dtype=np.float64)[finite_points(s)] for s in series]
    if not any(len(y) for y in ys):
        return draw_message(empty, palette, width, height)
    if log and not any((y > 0).any() for y in ys):
        return draw_message("Nothing above zero to show on a log scale.", palette, width, height)
    glyphs = palette.glyphs
    frame = layout_chart(series, palette, width, height, log=log, cursor=cursor, title=title, guide=guide)
    legend, head, foot, left, columns, rows = (
        frame.legend, frame.top, frame.foot, frame.left, frame.columns, frame.rows,
    )  # fmt: skip
    x_axis, y_axis = frame.x, frame.y

    canvas = Canvas(width, height, palette)
    canvas.put(0, 0, clip(title, width, palette) if head else "", palette.style("dim"))
    for row, items in enumerate(legend):
        # One row stands at the right, where curves are newest; more than one are read like text.
        put_items(canvas, width - items_width(items) if len(legend) == 1 else 0, row, items)
    if left:
        _draw_y_labels(canvas, y_axis, palette, left, head, rows)
    if foot:
        _draw_x_axis(canvas, x_axis, palette, left, columns, head + rows, foot)
    _draw_lines(canvas, series, palette, (x_axis, y_axis), (left, head, columns, rows))
    if sum(one.kind == "line" for one in series) > 1 and not glyphs.is_ascii:
        _draw_shapes(canvas, series, palette, (x_axis, y_axis), (left, head, columns, rows))
    area = (left, head, columns, rows)
    for x, one, other in stems:
        _draw_stem(canvas, (x_axis, y_axis), area, (x, one, other), palette)
    if guide is not None:
        _draw_guide(canvas, y_axis, area, guide, palette)
    for x, glyph, key in marks if foot else ():
        column = column_of(x_axis, x, columns)
        if column is not None:
            canvas.put(left + column, head + rows, glyph, palette.style(key))
    column = None if cursor is None or not np.isfinite(cursor) else column_of(x_axis, cursor, columns)
    if column is not None:
        for row in range(head, head + rows):
            if canvas.is_blank(left + column, row):
                canvas.put(left + column, row, glyphs.vline_dash, palette.style("accent"))
    return canvas.strips()


def _draw_stem(
    canvas: Canvas,
    axes: tuple[Axis, Axis],
    area: tuple[int, int, int, int],
    stem: tuple[float, float, float],
    palette: Palette,
) -> None:
    left, top, columns, rows = area
    column = column_of(axes[0], stem[0], columns)
    ends = axes[1].place(stem[1:])
    if column is None or not np.isfinite(ends).all():
        return
    first, last = sorted(row_of(float(end), rows) for end in ends)
    for row in range(first, last + 1):
        if canvas.is_blank(left + column, top + row):
            canvas.put(left + column, top + row, palette.glyphs.vline, palette.style("dim"))


def _draw_guide(canvas: Canvas, axis: Axis, area: tuple[int, int, int, int], y: float, palette: Palette) -> None:
    left, top, columns, rows = area
    place = float(axis.place(y))
    if not 0 <= place <= 1:
        return
    row = top + row_of(place, rows)
    for column in range(columns):
        if canvas.is_blank(left + column, row):
            canvas.put(left + column, row, palette.glyphs.hline_dash, palette.style("good"))


def _draw_y_labels(canvas: Canvas, axis: Axis, palette: Palette, left: int, top: int, rows: int) -> None:
    glyphs, dim = palette.glyphs, palette.style("dim")
    for row in range(rows):
        canvas.put(left - 1, top + row, glyphs.vline, dim)
    taken: set[int] = set()
    for place, label in axis.ticks:
        row = row_of(place, rows)
        if not taken & {row - 1, row, row + 1} or (rows < 4 and row not in taken):
            taken.add(row)
            canvas.put(left - 1 - len(label), top + row, label, dim)
            canvas.put(left - 1, top + row, glyphs.box_right, dim)


def _draw_x_axis(canvas: Canvas, axis: Axis, palette: Palette, left: int, columns: int, row: int, foot: int) -> None:
    glyphs, dim = palette.glyphs, palette.style("dim")
    if foot == 2:
        canvas.put(max(0, left - 1), row, glyphs.box_bl if left else glyphs.hline, dim)
        canvas.put(left, row, glyphs.hline * columns, dim)
    free = 0
    for place, label in axis.ticks:
        x = left + int(point_cell(place, columns)) - len(label) // 2
        x = max(0, min(canvas.width - len(label), x))
        if x >= free:
            canvas.put(x, row + foot - 1, label, dim)
            free = x + len(label) + 2


def _draw_lines(
    canvas: Canvas,
    series: Sequence[Series],
    palette: Palette,
    axes: tuple[Axis, Axis],
    area: tuple[int, int, int, int],
) -> None:
    left, top, columns, rows = area
    for index, y, x, text in _rasterise(series, axes, columns, rows, palette.glyphs):
        canvas.put(left + x, top + y, text, palette.style(series[index].style_key))


def _rasterise(
    series: Sequence[Series], axes: tuple[Axis, Axis], columns: int, rows: int, glyphs: Glyphs
) -> Iterator[tuple[int, int, int, str]]:
    """Pieces (series, row, column, text) of plotext's picture of the series."""
    # Imported here: a tenth of the start-up time, and nothing is plotted before the first forward pass.
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(columns, rows)
    plotext.theme("clear")
    plotext.xaxes(False, False)
    plotext.yaxes(False, False)
    plotext.xticks([])
    plotext.yticks([])
    plotext.xlim(0, 1)
    plotext.ylim(0, 1)
    shapes = markers_of(series, glyphs)
    # The first series lies on top of the others, and points on top of lines.
    for index in sorted(range(len(series)), key=lambda k: (series[k].kind == "points", -k)):
        one = series[index]
        if one.kind == "points":
            x, y = axes[0].place(one.x), axes[1].place(one.y)
            keep = np.isfinite(x) & np.isfinite(y)
            grid = np.array([columns, rows])
            # Once per cell: plotext takes its time for every point.
            cells = np.unique(point_cell(np.stack([x[keep], y[keep]], axis=1), grid), axis=0) / np.maximum(1, grid - 1)
            if len(cells):
                plotext.scatter(cells[:, 0].tolist(), cells[:, 1].tolist(), marker=shapes[index], color=index)
            continue
        thin_x, thin_y = downsample(one.x, one.y, columns)
        x, y = axes[0].place(thin_x), axes[1].place(thin_y)
        marker = shapes[index] if glyphs.is_ascii else "braille"
        for part in _runs(np.isfinite(x) & np.isfinite(y)):
            px, py = x[part].tolist(), y[part].tolist()
            if len(px) > 1:
                plotext.plot(px, py, marker=marker, color=index)
            else:  # a dot of braille by itself is hardly seen
                plotext.scatter(px, py, marker=shapes[index], color=index)
    for row, line in enumerate(plotext.build().split("\n")[:rows]):
        pieces = _ESCAPE.split(line)
        column, color = 0, ""
        for text, code in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
            if color.startswith(_COLOR_PREFIX) and text:
                yield int(color.removeprefix(_COLOR_PREFIX)), row, column, text
            column += len(text)
            color = code


def _runs(usable: NDArray[np.bool_]) -> list[slice]:
    """The stretches without a gap."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], usable, [False]]).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _draw_shapes(
    canvas: Canvas,
    series: Sequence[Series],
    palette: Palette,
    axes: tuple[Axis, Axis],
    area: tuple[int, int, int, int],
) -> None:
    """Each line's own shape on one of its points every few columns, so that colour is not the only difference."""
    left, top, columns, rows = area
    shapes = markers_of(series, palette.glyphs)
    lines = [(i, s) for i, s in enumerate(series) if s.kind == "line" and finite_points(s).any()]
    for order, (index, one) in enumerate(lines):
        x, y = axes[0].place(one.x), axes[1].place(one.y)
        seen = np.isfinite(x) & np.isfinite(y) & (x >= 0) & (x <= 1)
        if not seen.any():
            continue
        at, values = point_cell(x[seen], columns), y[seen]
        shift = order * _MARK_EVERY // len(lines)
        for column in range(shift, columns + _MARK_EVERY, _MARK_EVERY):
            nearest = int(np.abs(at - column).argmin())
            if abs(int(at[nearest]) - column) < _MARK_EVERY:  # where there are no points there is no mark either
                cell = left + int(at[nearest]), top + row_of(float(values[nearest]), rows)
                canvas.put(*cell, shapes[index], palette.style(one.style_key))
