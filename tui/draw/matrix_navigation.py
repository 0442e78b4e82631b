"""Numbers of the layer panel by position: at a point, next to another one, and scrolled into view."""

from __future__ import annotations

from nn_tui.tui.draw.matrix_layout import Cell, MatrixLayout, PlacedBand


def locate_cell(layout: MatrixLayout, cell: Cell) -> tuple[int, int, int] | None:
    """Return the x, y and width of a number on the plane, or None if the layout does not contain it."""
    for band in layout.bands:
        for placed in band.blocks:
            rows, columns = placed.block.shape
            if placed.block.key == cell.key and 0 <= cell.row < rows and 0 <= cell.col < columns:
                return placed.x + cell.col * layout.pitch, band.top + cell.row, layout.pitch
    return None


def cell_at(layout: MatrixLayout, x: int, y: int) -> Cell | None:
    """Return the number at a point of the plane, or None on labels, headers and gaps."""
    for band in layout.bands:
        if band.top <= y < band.end:
            for placed in band.blocks:
                rows, columns = placed.block.shape
                column = (x - placed.x) // layout.pitch
                if x >= placed.x and column < columns and y - band.top < rows:
                    return Cell(placed.block.key, y - band.top, column)
    return None


def cell_in_window(layout: MatrixLayout, x: int, y: int, height: int, column: int, row: int) -> Cell | None:
    """Return the number at (column, row) of a window of ``height`` lines that shows the plane from (x, y)."""
    sticky = sticky_band(layout, y, height)
    if column < layout.gutter or (sticky and row < sticky.top - sticky.y and y + row < sticky.end):
        return None
    return cell_at(layout, x + column, y + row)


def sticky_band(layout: MatrixLayout, y: int, height: int) -> PlacedBand | None:
    """Return the band whose header stays at the top of a window because rows of it are visible below, or None."""
    for band in layout.bands:
        if band.y < y < band.end:
            header = band.top - band.y
            return band if height >= header + 2 and y + header < band.end else None
    return None


def scroll_to_cell(layout: MatrixLayout, cell: Cell, x: int, y: int, width: int, height: int) -> tuple[int, int]:
    """Return the nearest (x, y) from which a window of this size shows the number, its header and its band.

    If the band fits, the window begins with a whole band. Of a band that is higher than the window, at least half a
    window is shown.

    Args:
        layout: The plane.
        cell: The number to show.
        x: The first column of the window now.
        y: The first line of the window now.
        width: Width of the window.
        height: Height of the window.
    """
    location = locate_cell(layout, cell)
    if location is None:
        return x, y
    left, line, size = location
    # The blank column after a number holds the closing bracket of the selection.
    x = max(min(x, left - layout.gutter), left + size + 1 - width)
    band = next(band for band in layout.bands if band.top <= line < band.end)
    header = band.top - band.y
    y = max(min(y, line - header), line + 1 - height)
    if band.end - band.y <= height:
        starts = [other.y for other in layout.bands if band.end - height <= other.y <= band.y]
        y = min(starts, key=lambda start: abs(start - y))
    elif min(band.end, y + height) - max(band.y, y) < height // 2:
        y = max(band.y, line + 1 - height)
    return max(0, min(x, left - layout.gutter)), max(0, y)


def max_scroll_y(layout: MatrixLayout, height: int) -> int:
    """Return the y of the last window of that height: the start of a band, if the window then still ends the plane."""
    last = layout.height - height
    return next((band.y for band in layout.bands if band.y >= last), last)


def adjacent_cell(layout: MatrixLayout, cell: Cell, down: int, right: int) -> Cell:
    """Return the next number in a direction, in the next block at the edge of one; ``cell`` itself at the border."""
    location = locate_cell(layout, cell)
    if location is None:
        return first_cell(layout) or cell
    x, y, _ = location
    index = next(k for k, band in enumerate(layout.bands) if band.top <= y < band.end)
    if right:
        x += right * layout.pitch
        # One blank column follows a block, so a step to the right can end one cell before the next block.
        return cell_at(layout, x, y) or cell_at(layout, x + right, y) or cell
    band = layout.bands[index]
    if band.top <= y + down < band.end:
        return cell_at(layout, x, y + down) or cell
    if not 0 <= index + down < len(layout.bands):
        return cell
    band = layout.bands[index + down]
    nearest = min(band.blocks, key=lambda b: max(b.x - x, x - (b.x + b.width - 2), 0), default=None)
    if nearest is None or 0 in nearest.block.shape:
        return cell
    rows, columns = nearest.block.shape
    column = min(max(0, (x + layout.pitch // 2 - nearest.x) // layout.pitch), columns - 1)
    return Cell(nearest.block.key, 0 if down > 0 else rows - 1, column)


def first_cell(layout: MatrixLayout) -> Cell | None:
    """Return the first number of the first block that has one."""
    blocks = (placed.block for band in layout.bands for placed in band.blocks)
    return next((Cell(block.key, 0, 0) for block in blocks if 0 not in block.shape), None)
