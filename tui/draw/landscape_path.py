"""The path of a run over a picture: a line through its points, its start and its end, and the updates along it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region

from nn_tui.core.analysis.landscape_bands import named_points
from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, StyledText
from nn_tui.tui.draw.glyphs import BRAILLE_DOTS, Glyphs, braille
from nn_tui.tui.draw.palette import Palette

_ASCII_START, _ASCII_POINT, _ASCII_END = "S", "o", "@"  # no shade uses these
_MIN_WIDTH_FOR_LABELS, _MIN_HEIGHT_FOR_LABELS = 24, 6

Cell = tuple[int, int]
CellStyle = Callable[[int, int], Style]


def markers(palette: Palette) -> tuple[StyledText, StyledText, StyledText]:
    """Return the markers of the start, of a point and of the end of a path."""
    glyphs, text = palette.glyphs, palette.style("text")
    start, point, end = (
        (_ASCII_START, _ASCII_POINT, _ASCII_END) if glyphs.is_ascii else (glyphs.node_open, glyphs.node, glyphs.current)
    )
    return (start, text), (point, text), (end, palette.style("selected"))


def draw_path(
    canvas: Canvas,
    area: Region,
    points: Array,
    updates: NDArray[np.intp],
    palette: Palette,
    style_at: CellStyle,
    *,
    connect: bool = True,
) -> int:
    """Draw a path in ``area``.

    Args:
        canvas: The canvas with the picture.
        area: The cells of the picture.
        points: The points (n, 2) as fractions of the picture, from its lower left corner.
        updates: The update of each point.
        palette: The colours and characters.
        style_at: Returns a style that is readable on the cell of ``area`` with that column and row.
        connect: Whether to draw a line from each point to the next.

    Returns:
        The number of points outside of the picture.
    """
    start, point, end = markers(palette)
    cells = [_cell(each, area) for each in points.tolist()]
    if connect:
        for (column, row), char in line_cells(points, area.width, area.height, palette.glyphs).items():
            canvas.put(area.x + column, area.y + row, char, style_at(column, row))
    last = len(cells) - 1
    named = named_points(updates.tolist()) if last > 0 else []
    marked = dict.fromkeys(named, point[0])
    if last > 0:
        marked[0] = start[0]
    taken: set[Cell] = set()
    for index, char in marked.items():
        if (cell := cells[index]) is not None:
            canvas.put(area.x + cell[0], area.y + cell[1], char, style_at(*cell))
            taken.add(cell)
    if last >= 0 and (cell := cells[last]) is not None:
        canvas.put(area.x + cell[0], area.y + cell[1], *end)
        taken.add(cell)
    if area.width >= _MIN_WIDTH_FOR_LABELS and area.height >= _MIN_HEIGHT_FOR_LABELS:
        for index in [last, *marked] if last > 0 else []:
            if (cell := cells[index]) is not None:
                _put_label(canvas, area, cell, str(updates[index]), taken, style_at, is_beside=connect)
    return sum(cell is None for cell in cells)


def line_cells(points: Array, columns: int, rows: int, glyphs: Glyphs) -> dict[Cell, str]:
    """Return the characters of a line through points (n, 2), given as fractions from the lower left corner."""
    bits: dict[Cell, int] = {}
    chars: dict[Cell, str] = {}
    for x, y, char in _samples(points, columns, rows, glyphs):
        if 0 <= x < 2 * columns and 0 <= y < 4 * rows:
            cell = x // 2, y // 4
            bits[cell] = bits.get(cell, 0) | BRAILLE_DOTS[y % 4][x % 2]
            chars[cell] = char
    return chars if glyphs.is_ascii else {cell: braille(dots) for cell, dots in bits.items()}


def _samples(points: Array, columns: int, rows: int, glyphs: Glyphs) -> Iterator[tuple[int, int, str]]:
    """Yield the dots of the line, 2 × 4 in each cell from the top left corner, and the character of its direction."""
    limit = 4 * (columns + rows)  # a segment that leaves the picture far behind is drawn coarsely
    for before, after in pairwise(np.asarray(points, dtype=np.float64)):
        if not (np.isfinite(before).all() and np.isfinite(after).all()):
            continue
        ends = np.stack([before, after]) * (2 * columns, -4 * rows) + (0, 4 * rows)
        across, down = (ends[1] - ends[0]).tolist()
        count = int(min(limit, max(abs(across), abs(down)))) + 1
        char = _direction(across, down, glyphs)
        for x, y in np.floor(ends[0] + np.linspace(0.0, 1.0, count + 1)[:, None] * (ends[1] - ends[0])).tolist():
            # A point on the right or lower edge belongs to the last dot.
            yield int(x) - (x == 2 * columns), int(y) - (y == 4 * rows), char


def _direction(across: float, down: float, glyphs: Glyphs) -> str:
    """Return the character of a line in a direction, in dots; a dot is as high as wide."""
    if abs(down) < 0.5 * abs(across):
        return glyphs.hline
    if abs(across) < 0.5 * abs(down):
        return glyphs.vline
    return glyphs.down if across * down > 0 else glyphs.up


def _cell(point: Sequence[float], area: Region) -> Cell | None:
    """Return the cell of a point in ``area``; None if it lies outside or is not finite."""
    x, y = point
    if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
        return None
    return min(area.width - 1, int(x * area.width)), min(area.height - 1, int((1 - y) * area.height))


def _put_label(
    canvas: Canvas, area: Region, cell: Cell, label: str, taken: set[Cell], style_at: CellStyle, *, is_beside: bool
) -> None:
    """Write a label beside, above or below a cell if there is a place without other labels and markers."""
    (column, row), width = cell, cell_len(label)
    beside, above = [(column + 2, row), (column - 1 - width, row)], [(column, row - 1), (column, row + 1)]
    for x, y in [*beside, *above] if is_beside else [*above, *beside]:
        room = {(k, y) for k in range(x - 1, x + width + 1)} - {cell}
        if x >= 0 and x + width <= area.width and 0 <= y < area.height and not room & taken:
            for offset, char in enumerate(label):
                canvas.put(area.x + x + offset, area.y + y, char, style_at(x + offset, y))
            taken |= {(k, y) for k in range(x, x + width)}
            return
