"""The markers of data points: a shape for each class, outlines for test points, and crosses for wrong predictions."""

from __future__ import annotations

from math import cos, pi, sin

from nn_tui.core.figure import svg

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
