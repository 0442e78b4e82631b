"""Where the number blocks of a layer stand: bands of blocks that share their rows, on a virtual plane.

The plane starts with a gutter for the row labels, which stays in view while the blocks scroll under it; each
band starts with header lines, which stay in view while its rows scroll under them. A point of a window that
shows the plane from (x, y) is the plane's point (x + column, y + row) in both cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.numbers import number_width
from nn_tui.tui.draw.palette import ColorScale
from nn_tui.tui.draw.text import sanitize

AxisLabels = str | Sequence[str]
"""The labels along an axis: a stem, numbered from 1 (``h`` → h₁ h₂ …), or every label; empty for none."""

_WIDEST_LABEL = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: the key of its block, its row and its column, both from 0."""

    key: str
    row: int
    col: int


@dataclass(frozen=True, slots=True, eq=False)
class MatrixBlock:
    """One matrix of the panel; vectors are columns of shape (units, 1).

    ``values`` (rows, cols) are None before they are computed, and only the first ``known`` rows and
    ``known_columns`` (None: all) are shown. ``limit`` is the value that takes full colour. ``read`` gives both in
    their place, and is asked only when some of the block is drawn. ``note`` is a word for the title line or, where
    that is too short and there are no labels of columns, for the line below. ``least`` is its narrowest width in cells.
    """

    key: str
    title: str
    values: NDArray[np.float64] | None
    shape: tuple[int, int]
    known: int | None = None
    scale: ColorScale = "diverging"
    limit: float = 0.0
    shape_label: str = ""
    columns: AxisLabels = ""
    known_columns: int | None = None
    note: str = ""
    least: int = 0
    read: Callable[[], tuple[NDArray[np.float64], float]] | None = None

    @property
    def is_known(self) -> bool:
        """Whether there are any numbers."""
        return self.values is not None or self.read is not None

    @property
    def known_rows(self) -> int:
        """How many rows, from the first, have numbers."""
        if not self.is_known:
            return 0
        return self.shape[0] if self.known is None else min(self.known, self.shape[0])

    def numbers(self) -> tuple[NDArray[np.float64] | None, float]:
        """The values, and the one that takes full colour. ValueError where they do not have the block's shape."""
        values, limit = (self.values, self.limit) if self.read is None else self.read()
        if values is not None and values.shape != self.shape:
            raise ValueError(f"block {self.key}: values {values.shape}, shape {self.shape}")
        return values, limit


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Blocks side by side whose row i means the same thing: a unit, or a sample."""

    blocks: tuple[MatrixBlock, ...]
    rows: AxisLabels = ""


@dataclass(frozen=True, slots=True, eq=False)
class PlacedBlock:
    """A block whose first cell starts at ``x``; it ends with one free column."""

    block: MatrixBlock
    x: int
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class PlacedBand:
    """A band whose header lines start at ``y`` and whose rows start at ``top`` and end before ``end``."""

    blocks: tuple[PlacedBlock, ...]
    rows: AxisLabels
    y: int
    top: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class MatrixLayout:
    """The plane: its size, the width of the gutter, and of a number (``cell``; a space stands before it)."""

    bands: tuple[PlacedBand, ...]
    digits: int | None
    gutter: int
    cell: int
    width: int
    height: int

    @property
    def pitch(self) -> int:
        """From the start of one cell to the start of the next."""
        return self.cell + 1


def axis_label(axis: AxisLabels, index: int, glyphs: Glyphs) -> str:
    """The label at ``index`` (from 0) of an axis; empty where it has none."""
    if isinstance(axis, str):
        return axis + glyphs.sub(index + 1) if axis else ""
    # Names come from files: an escape sequence in one must not reach the terminal.
    return sanitize(axis[index]) if index < len(axis) else ""


def layout_bands(bands: Sequence[Band], digits: int | None, *, glyphs: Glyphs, cell: int | None = None) -> MatrixLayout:
    """Places the bands below each other; ``cell`` overrides the width of a number.

    A band without titles has no header, and no gap before or after it. Its cost does not depend on the sizes of the
    matrices. ValueError where values that are given do not have the shape that their block states.
    """
    size = number_width(digits) if cell is None else cell
    gutter = max((_label_width(band, glyphs) for band in bands), default=0)
    gutter += gutter > 0
    placed = []
    y = right = 0
    after_titles = False
    for band in bands:
        x = gutter
        blocks = []
        for block in band.blocks:
            if block.read is None:
                block.numbers()
            width = max(block.shape[1] * (size + 1) + 1, block.least)
            blocks.append(PlacedBlock(block, x, width))
            x += width
        right = max(right, x)
        titled = any(block.title for block in band.blocks)
        y += after_titles and titled
        after_titles = titled
        top = y + titled + any(block.columns for block in band.blocks)
        end = top + max((block.shape[0] for block in band.blocks), default=0)
        placed.append(PlacedBand(tuple(blocks), band.rows, y, top, end))
        y = end
    return MatrixLayout(tuple(placed), digits, gutter, size, right, max((band.end for band in placed), default=0))


def locate_cell(plan: MatrixLayout, cell: Cell) -> tuple[int, int, int] | None:
    """The plane's x and y of a cell and its width; None if the layout has no such cell."""
    for band in plan.bands:
        for placed in band.blocks:
            rows, cols = placed.block.shape
            if placed.block.key == cell.key and 0 <= cell.row < rows and 0 <= cell.col < cols:
                return placed.x + cell.col * plan.pitch, band.top + cell.row, plan.pitch
    return None


def cell_at(plan: MatrixLayout, x: int, y: int) -> Cell | None:
    """The cell under a point of the plane; None on labels, headers and gaps."""
    for band in plan.bands:
        if band.top <= y < band.end:
            for placed in band.blocks:
                rows, cols = placed.block.shape
                col = (x - placed.x) // plan.pitch
                if x >= placed.x and col < cols and y - band.top < rows:
                    return Cell(placed.block.key, y - band.top, col)
    return None


def cell_in_window(plan: MatrixLayout, x: int, y: int, height: int, column: int, row: int) -> Cell | None:
    """The cell under a point of a window of that height that shows the plane from (x, y)."""
    held = sticky_band(plan, y, height)
    if column < plan.gutter or (held and row < held.top - held.y and y + row < held.end):
        return None
    return cell_at(plan, x + column, y + row)


def sticky_band(plan: MatrixLayout, y: int, height: int) -> PlacedBand | None:
    """The band whose header is held at the top of a window, because it has scrolled out above and rows are left."""
    for band in plan.bands:
        if band.y < y < band.end:
            header = band.top - band.y
            return band if height >= header + 2 and y + header < band.end else None
    return None


def scroll_to_cell(plan: MatrixLayout, cell: Cell, x: int, y: int, width: int, height: int) -> tuple[int, int]:
    """The least scrolled (x, y) from which a window of that size shows the cell, its headers and its band.

    Where the band fits, the window begins with a whole band. Of one that is higher than the window, at least
    half a window is shown.
    """
    place = locate_cell(plan, cell)
    if place is None:
        return x, y
    left, line, size = place
    # The free column after a cell holds the selection's closing bracket.
    x = max(min(x, left - plan.gutter), left + size + 1 - width)
    band = next(band for band in plan.bands if band.top <= line < band.end)
    header = band.top - band.y
    y = max(min(y, line - header), line + 1 - height)
    if band.end - band.y <= height:
        starts = [other.y for other in plan.bands if band.end - height <= other.y <= band.y]
        y = min(starts, key=lambda start: abs(start - y))
    elif min(band.end, y + height) - max(band.y, y) < height // 2:
        y = max(band.y, line + 1 - height)
    return max(0, min(x, left - plan.gutter)), max(0, y)


def max_scroll_y(plan: MatrixLayout, height: int) -> int:
    """The y of the last window of that height: where a band begins, if its end is then still in the window."""
    lowest = plan.height - height
    return next((band.y for band in plan.bands if band.y >= lowest), lowest)


def adjacent_cell(plan: MatrixLayout, cell: Cell, down: int, right: int) -> Cell:
    """The cell one step away, over the edge of a block into the next one; ``cell`` itself at the border."""
    place = locate_cell(plan, cell)
    if place is None:
        return first_cell(plan) or cell
    x, y, _ = place
    number = next(k for k, band in enumerate(plan.bands) if band.top <= y < band.end)
    if right:
        x += right * plan.pitch
        # A block is followed by one free column, so a step to the right can fall one short of its neighbour.
        return cell_at(plan, x, y) or cell_at(plan, x + right, y) or cell
    target = plan.bands[number]
    if target.top <= y + down < target.end:
        return cell_at(plan, x, y + down) or cell
    if not 0 <= number + down < len(plan.bands):
        return cell
    target = plan.bands[number + down]
    nearest = min(target.blocks, key=lambda b: max(b.x - x, x - (b.x + b.width - 2), 0), default=None)
    if nearest is None or 0 in nearest.block.shape:
        return cell
    rows, cols = nearest.block.shape
    col = min(max(0, (x + plan.pitch // 2 - nearest.x) // plan.pitch), cols - 1)
    return Cell(nearest.block.key, 0 if down > 0 else rows - 1, col)


def first_cell(plan: MatrixLayout) -> Cell | None:
    """The first cell of the first block that has one."""
    blocks = (placed.block for band in plan.bands for placed in band.blocks)
    return next((Cell(block.key, 0, 0) for block in blocks if 0 not in block.shape), None)


def _label_width(band: Band, glyphs: Glyphs) -> int:
    """Cells of the band's widest row label, up to a bound; a stem's last label is its widest."""
    rows = max((block.shape[0] for block in band.blocks), default=0)
    if isinstance(band.rows, str):
        longest = cell_len(axis_label(band.rows, rows - 1, glyphs)) if rows else 0
    else:
        longest = max((cell_len(sanitize(text)) for text in band.rows[:rows]), default=0)
    return min(longest, _WIDEST_LABEL)
