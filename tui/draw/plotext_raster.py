"""The lines and points of a chart as characters. This is the one module that uses plotext.

plotext 5 draws the series on a bare canvas. Its own ticks and legend cut long labels and do not know the palette, so
the other chart modules draw those. Its figure is one object of the process: charts must be drawn from one thread,
and each starts with an empty figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_tui.core.spec import Array
from nn_tui.tui.draw.chart_layout import ChartLayout, cell_index
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.series import Series, markers_of

_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
_COLOR_PREFIX = "38;5;"


def rasterize(series: Sequence[Series], layout: ChartLayout, glyphs: Glyphs) -> Iterator[tuple[int, int, int, str]]:
    """Draw the series in the plot of a chart.

    Yields:
        Pieces of text as (index of the series, row of the plot, column of the plot, text).
    """
    # Imported here: it takes a tenth of the start-up time, and nothing is plotted before the first forward pass.
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(layout.columns, layout.rows)
    plotext.theme("clear")
    plotext.xaxes(False, False)
    plotext.yaxes(False, False)
    plotext.xticks([])
    plotext.yticks([])
    plotext.xlim(0, 1)
    plotext.ylim(0, 1)
    markers = markers_of(series, glyphs)
    grid = np.array([layout.columns, layout.rows])
    # Later series cover earlier ones: the first series lies on top of the others, and points on top of lines.
    for index in sorted(range(len(series)), key=lambda k: (series[k].kind == "points", -k)):
        item = series[index]
        if item.kind == "points":
            x, y = layout.x.fraction(item.x), layout.y.fraction(item.y)
            mask = np.isfinite(x) & np.isfinite(y)
            # plotext is slow for many points, and a cell shows one marker only.
            cells = np.unique(cell_index(np.stack([x[mask], y[mask]], axis=1), grid), axis=0) / np.maximum(1, grid - 1)
            if len(cells):
                plotext.scatter(cells[:, 0].tolist(), cells[:, 1].tolist(), marker=markers[index], color=index)
            continue
        few_x, few_y = downsample(item.x, item.y, layout.columns)
        x, y = layout.x.fraction(few_x), layout.y.fraction(few_y)
        line_marker = markers[index] if glyphs.is_ascii else "braille"
        for part in _runs(np.isfinite(x) & np.isfinite(y)):
            px, py = x[part].tolist(), y[part].tolist()
            if len(px) > 1:
                plotext.plot(px, py, marker=line_marker, color=index)
            else:  # a single braille dot is hard to see
                plotext.scatter(px, py, marker=markers[index], color=index)
    # plotext returns text with ANSI colours; the colour of a piece is the index of its series.
    for row, line in enumerate(plotext.build().split("\n")[: layout.rows]):
        pieces = _ESCAPE.split(line)
        column, color = 0, ""
        for text, code in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
            if color.startswith(_COLOR_PREFIX) and text:
                yield int(color.removeprefix(_COLOR_PREFIX)), row, column, text
            column += len(text)
            color = code


def downsample(x: ArrayLike, y: ArrayLike, n: int) -> tuple[Array, Array]:
    """Reduce a line to at most 2n points with the same outline.

    The points are divided into n buckets, and the lowest and the highest point of each are returned.

    Args:
        x: Ascending positions (m,).
        y: Values (m,).
        n: Number of buckets.

    Returns:
        The positions and values; a bucket without a point that can be drawn becomes one NaN. If m ≤ 2n, all points.
    """
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    n = max(1, n)
    if len(xs) <= 2 * n:
        return xs, ys
    size = -(-len(xs) // n)
    rows = -(-len(xs) // size)
    padded = np.full((rows, size), np.nan)
    padded.flat[: len(ys)] = np.where(np.isfinite(xs), ys, np.nan)
    is_finite = np.isfinite(padded)
    low = np.where(is_finite, padded, np.inf).argmin(axis=1)
    high = np.where(is_finite, padded, -np.inf).argmax(axis=1)
    start = np.arange(rows) * size
    pairs = np.sort(np.stack([start + low, start + high], axis=1), axis=1)
    is_single = ~is_finite.any(axis=1) | (low == high)
    index = pairs.ravel()[~np.stack([np.zeros(rows, dtype=bool), is_single], axis=1).ravel()]
    values = padded.flat[index]
    return xs[index], np.where(np.isfinite(values), values, np.nan)


def _runs(mask: NDArray[np.bool_]) -> list[slice]:
    """Return the slices of ``mask`` in which every value is True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [slice(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
