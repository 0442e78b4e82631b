"""A plot: its area, its axes with names and ticks, and positions in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.core.display.axes import Axis, linear_axis
from nn_tui.core.display.number_text import UNICODE_SIGNS
from nn_tui.core.figure import svg
from nn_tui.core.figure.heading import MARGIN
from nn_tui.core.figure.theme import Theme
from nn_tui.core.spec import Array

MAX_POINTS = 1500
"""Points of a line; of more, the lowest and the highest of each part are drawn."""

_TICK = 4.0
_BELOW = 40.0  # room for the labels and the name of the horizontal axis
_ABOVE = 8.0  # room for half of the highest label
_NAME_ROOM = 18.0  # at the left, for the name of the vertical axis
_MIN_LABELS = 30.0  # room at the left for the labels
_PIXELS_PER_TICK = 90.0


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot.

    Attributes:
        left: The position of its left side.
        top: The position of its top.
        width: Its width.
        height: Its height.
        x: The horizontal axis.
        y: The vertical axis.
    """

    left: float
    top: float
    width: float
    height: float
    x: Axis
    y: Axis

    @property
    def right(self) -> float:
        """The position of its right side."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The position of its lower side."""
        return self.top + self.height

    @property
    def end(self) -> float:
        """The position below the labels and the name of its horizontal axis."""
        return self.bottom + _BELOW

    def xs(self, values: ArrayLike) -> Array:
        """Return the positions of values of the horizontal axis."""
        return self.left + self.x.fraction(values) * self.width

    def ys(self, values: ArrayLike) -> Array:
        """Return the positions of values of the vertical axis."""
        return self.bottom - self.y.fraction(values) * self.height

    def line(self, x: ArrayLike, y: ArrayLike) -> str:
        """Return the data of a path through points (n,); a point that is not finite leaves a gap."""
        first, second = thinned(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
        across, down = self.xs(first), self.ys(second)
        is_finite = np.isfinite(across) & np.isfinite(down)
        parts: list[list[tuple[float, float]]] = [[]]
        for ok, px, py in zip(is_finite.tolist(), across.tolist(), down.tolist(), strict=True):
            if ok:
                parts[-1].append((px, py))
            elif parts[-1]:
                parts.append([])
        return "".join(svg.path_data(part) for part in parts if part)


def thinned(x: Array, y: Array, count: int = MAX_POINTS) -> tuple[Array, Array]:
    """Return a line with at most about ``count`` points: the lowest and the highest of each part of it."""
    if len(x) <= count:
        return x, y
    edges = np.linspace(0, len(x), count // 2 + 1).astype(np.intp)
    kept: set[int] = {0, len(x) - 1}
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = y[start:end]
        if np.isfinite(part).all():
            kept |= {start + int(part.argmin()), start + int(part.argmax())}
        else:
            kept |= set(range(start, end))
    indices = np.array(sorted(kept), dtype=np.intp)
    return x[indices], y[indices]


def place_plot(top: float, figure_width: float, height: float, x: Axis, y: Axis, *, width: float | None = None) -> Plot:
    """Return a plot with room for the labels and the name at its left, and for labels at its ends.

    Args:
        top: The position from which there is room.
        figure_width: The width of the figure.
        height: The height of the plot.
        x: The horizontal axis.
        y: The vertical axis.
        width: The width of the plot; None for all that there is room for.
    """
    room = figure_width - extra_width(y)
    width = room if width is None else width
    return Plot(MARGIN + _left_room(y) + (room - width) / 2, top + _ABOVE, width, height, x, y)


def extra_width(y: Axis) -> float:
    """Return how much wider a figure is than its plot, which has the vertical axis ``y``."""
    return MARGIN + _left_room(y) + max(MARGIN, 30.0)


def _left_room(y: Axis) -> float:
    """Return the room for the labels and the name of the vertical axis."""
    return _NAME_ROOM + _label_room(y)


def _label_room(y: Axis) -> float:
    return max(max((svg.text_width(label) for _, label in y.ticks), default=0.0) + _TICK + 6, _MIN_LABELS)


def range_axis(low: float, high: float, length: float) -> Axis:
    """Return an axis that ends at two values, with as many labels as its length has room for."""
    count = max(2, int(length / _PIXELS_PER_TICK))
    return linear_axis(np.array([low, high]), count, UNICODE_SIGNS, tight=True)


def draw_axes(plot: Plot, theme: Theme, names: Sequence[str], *, has_grid: bool = False) -> list[str]:
    """Return the frame, the ticks with their labels, and the names of the axes.

    Args:
        plot: The plot.
        theme: The colours.
        names: The names of the horizontal and the vertical axis.
        has_grid: Whether thin lines go through the plot at the ticks.
    """
    items: list[str] = []
    free = -np.inf  # the end of the last label
    for fraction, label in plot.x.ticks:
        x = plot.left + fraction * plot.width
        half = svg.text_width(label) / 2
        if has_grid:
            items.append(_stroke(x, plot.top, x, plot.bottom, theme.grid))
        items.append(_stroke(x, plot.bottom, x, plot.bottom + _TICK, theme.border))
        if x - half >= free:
            items.append(svg.text(x, plot.bottom + 17, label, fill=theme.text, anchor="middle", class_="tick"))
            free = x + half + 4
    free = np.inf
    for fraction, label in plot.y.ticks:
        y = plot.bottom - fraction * plot.height
        if has_grid:
            items.append(_stroke(plot.left, y, plot.right, y, theme.grid))
        items.append(_stroke(plot.left - _TICK, y, plot.left, y, theme.border))
        if y + svg.FONT_SIZE <= free:
            items.append(svg.text(plot.left - _TICK - 4, y + 4, label, fill=theme.text, anchor="end", class_="tick"))
            free = y
    items.append(
        svg.element(
            "rect", class_="frame", x=plot.left, y=plot.top, width=plot.width, height=plot.height, fill="none",
            stroke=theme.border,
        )
    )  # fmt: skip
    across, up = svg.shorten(names[0], plot.width), svg.shorten(names[1], plot.height)
    items.append(
        svg.text(
            plot.left + plot.width / 2, plot.bottom + 35, across, fill=theme.text, anchor="middle", class_="axis-name"
        )
    )
    x, y = plot.left - _label_room(plot.y) - 6, plot.top + plot.height / 2
    turn = f"rotate(-90 {svg.number(x)} {svg.number(y)})"
    items.append(svg.text(x, y, up, fill=theme.text, anchor="middle", class_="axis-name", transform=turn))
    return items


def _stroke(x1: float, y1: float, x2: float, y2: float, color: str) -> str:
    return svg.element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=color, stroke_width=0.8)
