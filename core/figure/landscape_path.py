"""The path of a run in the figure of the loss landscape: its line, its start, its end, and updates along it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from nn_tui.core.analysis.landscape_bands import named_points
from nn_tui.core.figure import svg
from nn_tui.core.figure.key_rows import Key
from nn_tui.core.figure.plot import Plot
from nn_tui.core.figure.theme import Theme
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr

MarkKind = Literal["end", "start", "point"]

_RADII: dict[MarkKind, float] = {"end": 5.5, "start": 4.0, "point": 4.0}
_MIN_DISTANCE = 8.0  # between two marks
_LABEL_SIZE = 10.0


@dataclass(frozen=True, slots=True)
class PathMark:
    """A mark on the path: what it is, its position, and the update."""

    kind: MarkKind
    x: float
    y: float
    update: int


def path_marks(path: Array, updates: Sequence[int], plot: Plot) -> list[PathMark]:
    """Return the marks that are seen: the end first, then the start, then updates along the path.

    A mark outside of the plot or on one before it is left out.

    Args:
        path: The points of the path (n, 2).
        updates: The update of each point.
        plot: The plot.
    """
    last, found = len(path) - 1, list[PathMark]()
    if last < 0:
        return found
    across, down = plot.xs(path[:, 0]).tolist(), plot.ys(path[:, 1]).tolist()
    order = dict.fromkeys((last, 0, *(index for index in reversed(named_points(updates)) if 0 < index < last)))
    for index in order:
        x, y = across[index], down[index]
        is_inside = plot.left <= x <= plot.right and plot.top <= y <= plot.bottom  # False for NaN
        if is_inside and all(np.hypot(x - mark.x, y - mark.y) >= _MIN_DISTANCE for mark in found):
            kind: MarkKind = "end" if index == last else "point" if index else "start"
            found.append(PathMark(kind, x, y, updates[index]))
    return found


def draw_path(path: Array, marks: Sequence[PathMark], plot: Plot, theme: Theme, *, connect: bool) -> list[str]:
    """Return the line of the path, if its points are to be connected, and its marks with the numbers of updates."""
    across, down = plot.xs(path[:, 0]), plot.ys(path[:, 1])
    is_finite = np.isfinite(across) & np.isfinite(down)
    points = list(zip(across[is_finite].tolist(), down[is_finite].tolist(), strict=True))
    items = []
    if connect:
        data = svg.path_data(points)
        for color, width in ((theme.background, 4.0), (theme.text, 1.6)):  # a border sets it off from dark bands
            items.append(
                svg.element("path", class_="path", d=data, fill="none", stroke=color, stroke_width=width,
                            stroke_linejoin="round")
            )  # fmt: skip
    items += [_mark(mark.kind, mark.x, mark.y, theme, "update") for mark in reversed(marks)]  # the end lies on top
    if len(marks) < 2:
        return items
    taken = [(mark.x - 6, mark.y - 6, mark.x + 6, mark.y + 6) for mark in marks]
    line = _close_points(points)
    for mark in marks:
        words = f"{mark.update:,}"
        width = svg.text_width(words, _LABEL_SIZE)
        boxes = [(mark.x + dx, mark.y + dy, mark.x + dx + width, mark.y + dy + 11) for dx, dy in (
            (9, -14), (-9 - width, -14), (9, 4), (-9 - width, 4), (-width / 2, -20), (-width / 2, 9), (11, -5),
            (-11 - width, -5),
        )]  # fmt: skip
        box = min(boxes, key=lambda box: _cost(box, line, taken, plot))
        if any(_meet(box, other) for other in taken):
            continue
        place = (box[0], box[3] - 2, words)
        items.append(svg.plate(*place, theme.background, size=_LABEL_SIZE))
        items.append(svg.text(*place, fill=theme.text, size=_LABEL_SIZE, class_="update-name"))
        taken.append(box)
    return items


def path_keys(marks: Sequence[PathMark], theme: Theme) -> list[Key]:
    """Return the keys of the marks that are drawn."""
    keys = []
    for kind, words in (("end", None), ("start", tr("start of the path")), ("point", tr("earlier updates"))):
        mark = next((mark for mark in marks if mark.kind == kind), None)
        if mark is not None:
            shown = words or (
                tr("after update {update:,}", update=mark.update) if mark.update else tr("initial weights and biases")
            )
            keys.append(Key(shown, (_mark(mark.kind, 6.0, 0.0, theme, "key"),)))
    return keys


def _mark(kind: MarkKind, x: float, y: float, theme: Theme, class_: str) -> str:
    fill, stroke = (theme.background, theme.text) if kind == "start" else (theme.text, theme.background)
    return svg.element("circle", class_=class_, cx=x, cy=y, r=_RADII[kind], fill=fill, stroke=stroke, stroke_width=1.5)


_Box = tuple[float, float, float, float]


def _cost(box: _Box, line: Array, taken: Sequence[_Box], plot: Plot) -> float:
    """Return how bad a place for a label is: outside of the plot, on another label or mark, or on the line."""
    left, top, right, bottom = box
    is_outside = left < plot.left + 2 or right > plot.right - 2 or top < plot.top + 2 or bottom > plot.bottom - 2
    is_on_line = (line > (left - 2, top - 2)).all(axis=1) & (line < (right + 2, bottom + 2)).all(axis=1)
    return 1e6 * is_outside + 1e3 * sum(_meet(box, other) for other in taken) + float(is_on_line.sum())


def _meet(first: _Box, second: _Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _close_points(points: Sequence[tuple[float, float]]) -> Array:
    """Return points (n, 2) along a line, a few units from each other."""
    parts = [np.linspace(start, end, 30) for start, end in pairwise(points)]
    return np.concatenate(parts) if parts else np.array(points).reshape(-1, 2)
