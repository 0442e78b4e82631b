"""The markers of data points: a shape for each class, outlines for test points, and crosses for wrong predictions."""

from __future__ import annotations

from math import cos, pi, sin

from nn_tui.core.figure import svg
from nn_tui.core.figure.theme import Theme

MAX_MARKERS = 400
"""Samples of a part of the data that are drawn; more would hide what is behind them."""

RADIUS = 4.2
SHAPES = ("circle", "triangle", "square", "diamond")

_CORNERS = {"triangle": (3, -90.0, 1.2), "square": (4, 45.0, 1.25), "diamond": (4, 0.0, 1.3)}


def marker(x: float, y: float, shape: str, *, fill: str, stroke: str, class_: str = "point") -> str:
    """Return a marker; ``shape`` is one of ``SHAPES``."""
    if shape == "circle":
        return svg.element("circle", class_=class_, cx=x, cy=y, r=RADIUS, fill=fill, stroke=stroke)
    count, first, size = _CORNERS[shape]
    angles = [pi * (first + 360 * k / count) / 180 for k in range(count)]
    corners = [(x + size * RADIUS * cos(angle), y + size * RADIUS * sin(angle)) for angle in angles]
    return svg.element("path", class_=class_, d=svg.path_data(corners, is_closed=True), fill=fill, stroke=stroke)


def cross(x: float, y: float, *, stroke: str, halo: str, class_: str = "point wrong") -> str:
    """Return the marker of a wrong prediction: a cross with a border that sets it off."""
    size = RADIUS
    data = svg.path_data([(x - size, y - size), (x + size, y + size)])
    data += svg.path_data([(x - size, y + size), (x + size, y - size)])
    border = svg.element("path", d=data, fill="none", stroke=halo, stroke_width=4.5, stroke_linecap="round")
    lines = svg.element("path", d=data, fill="none", stroke=stroke, stroke_width=2.2, stroke_linecap="round")
    return svg.element("g", border, lines, class_=class_)


def class_marker(
    x: float, y: float, label: int, theme: Theme, *, is_single: bool, is_test: bool = False, is_wrong: bool = False,
    class_: str = "point",
) -> str:  # fmt: skip
    """Return the marker of a sample of a class.

    Args:
        x: The position of its middle.
        y: The position of its middle.
        label: Its class.
        theme: The colours.
        is_single: Whether the network has a single output, whose areas have no colours of classes.
        is_test: Whether it belongs to the test set.
        is_wrong: Whether its prediction is wrong.
        class_: The class of the element.
    """
    color = theme.text if is_single else theme.class_color(label)
    if is_wrong:
        return cross(x, y, stroke=color, halo=theme.background, class_=f"{class_} wrong")
    fill, stroke = (theme.background, color) if is_test else (color, theme.background)
    return marker(x, y, SHAPES[label % len(SHAPES)], fill=fill, stroke=stroke, class_=class_)
