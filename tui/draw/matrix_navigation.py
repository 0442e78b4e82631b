"""Numbers of the layer panel by position: at a point, next to another one, and scrolled into view."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import Cell, MatrixLayout, PlacedBand, PlacedBlock
from nn_tui.tui.draw.names import axis_label


def find_block(layout: MatrixLayout, cell: Cell) -> tuple[int, PlacedBlock] | None:
    """Return the index of the band and the block that contain a number, or None if the layout does not contain it."""
    for index, band in enumerate(layout.bands):
        for placed in band.blocks:
            rows, columns = placed.block.shape
            if placed.block.key == cell.key and 0 <= cell.row < rows and 0 <= cell.col < columns:
                return index, placed
    return None


def cell_at(layout: MatrixLayout, x: int, y: int, column: int = 0) -> Cell | None:
    """Return the number at a point of the plane, or None on labels, headers and gaps."""
    for band in layout.bands:
        if band.top <= y < band.end:
            for placed in band.blocks:
                position = (x - placed.x) // layout.pitch
                if x >= placed.x and position < placed.block.visible_columns and y - band.top < placed.block.shape[0]:
                    return Cell(placed.block.key, y - band.top, placed.first_column(column) + position)
    return None


def cell_in_window(layout: MatrixLayout, column: int, y: int, height: int, point: tuple[int, int]) -> Cell | None:
    """Return the number at a point of a window.

    Args:
        layout: The plane.
        column: The column to which the panel is scrolled.
        y: The first line of the plane that the window shows.
        height: The lines of the window.
        point: The point's x and y in the window.
    """
    x, row = point
    band = next((band for band in layout.bands if band.top <= y + row < band.end), None)
    if band is None or not is_drawn(band, y, height):
        return None
    sticky = sticky_band(layout, y, height)
    if sticky and row < sticky.top - sticky.y and y + row < sticky.end:
        return None
    return cell_at(layout, x, y + row, column)


def is_drawn(band: PlacedBand, y: int, height: int) -> bool:
    """Return whether a window that shows the plane from line ``y`` on draws rows of a band.

    It draws no part of a band at its lower edge that could be seen as a whole.
    """
    if band.end <= y or band.top >= y + height:
        return False
    return band.end <= y + height or band.y <= y or band.end - band.y > height


def sticky_band(layout: MatrixLayout, y: int, height: int) -> PlacedBand | None:
    """Return the band whose header stays at the top of a window because rows of it are visible below, or None."""
    for band in layout.bands:
        if band.y < y < band.end:
            header = band.top - band.y
            return band if height >= header + 2 and y + header < band.end else None
    return None


def hidden_bands(layout: MatrixLayout, y: int, height: int) -> tuple[list[PlacedBand], list[PlacedBand]]:
    """Return the bands of which a window from line ``y`` on hides rows above it, and those with rows below it."""
    above = [band for band in layout.bands if band.y < y]
    below = [band for band in layout.bands if band.end > y + height]
    return above, below


def band_name(band: PlacedBand, glyphs: Glyphs) -> str:
    """Return the titles of a band's matrices; those of its vectors or its label if it has no matrix."""
    titles = [placed.block.title for placed in band.blocks if placed.block.title]
    matrices = [placed.block.title for placed in band.blocks if placed.block.key.array.is_weight]
    return " ".join(matrices or titles or [axis_label(band.rows, 0, glyphs)])


def scroll_to_cell(layout: MatrixLayout, cell: Cell, column: int, y: int, height: int) -> tuple[int, int]:
    """Return the nearest (column, y) from which a window of this height shows the number, its header and its band.

    The window begins with a whole band, except within a band that is higher than the window. Of such a band, at least
    half a window is shown.

    Args:
        layout: The plane.
        cell: The number to show.
        column: The column to which the panel is scrolled now.
        y: The first line of the window now.
        height: Height of the window.
    """
    found = find_block(layout, cell)
    if found is None:
        return column, y
    index, placed = found
    if placed.block.visible_columns < placed.block.shape[1]:
        column = max(min(placed.first_column(column), cell.col), cell.col + 1 - placed.block.visible_columns)
    band = layout.bands[index]
    line, header = band.top + cell.row, band.top - band.y
    y = max(min(y, line - header), line + 1 - height)
    if band.end - band.y <= height or y < band.y:
        shown = band.end - band.y if band.end - band.y <= height else max(height // 2, line + 1 - band.y)
        starts = [other.y for other in layout.bands if band.y + shown - height <= other.y <= band.y]
        y = min(starts, key=lambda start: abs(start - y))
    elif band.end - y < height // 2:
        y = max(band.y, line + 1 - height)
    return column, max(0, y)


def scroll_lines(layout: MatrixLayout, y: int, height: int, lines: int) -> int:
    """Return the first line of a window after scrolling by about ``lines``; 0 only moves it to the start of a band.

    The window begins with a whole band, except within a band that is higher than the window.
    """
    target = max(0, min(y + lines, _max_scroll_y(layout, height)))
    if any(band.y < target < band.end and band.end - band.y > height for band in layout.bands):
        return target
    if lines > 0:
        return min((band.y for band in layout.bands if band.y >= target), default=target)
    return max((band.y for band in layout.bands if band.y <= target), default=target)


def _max_scroll_y(layout: MatrixLayout, height: int) -> int:
    """Return the y of the last window of that height: the start of a band, if the window then still ends the plane."""
    last = layout.height - height
    return next((band.y for band in layout.bands if band.y >= last), last)


def adjacent_cell(layout: MatrixLayout, cell: Cell, down: int, right: int) -> Cell:
    """Return the next number in a direction, in the next block at the edge of one; ``cell`` itself at the border."""
    found = find_block(layout, cell)
    if found is None:
        return first_cell(layout) or cell
    index, placed = found
    return _beside(layout, index, placed, cell, right) if right else _below(layout, index, placed, cell, down)


def _beside(layout: MatrixLayout, index: int, placed: PlacedBlock, cell: Cell, right: int) -> Cell:
    if 0 <= cell.col + right < placed.block.shape[1]:
        return Cell(cell.key, cell.row, cell.col + right)
    blocks = layout.bands[index].blocks
    position = blocks.index(placed) + right
    if not 0 <= position < len(blocks):
        return cell
    block = blocks[position].block
    rows, columns = block.shape
    return Cell(block.key, cell.row, 0 if right > 0 else columns - 1) if columns and cell.row < rows else cell


def _below(layout: MatrixLayout, index: int, placed: PlacedBlock, cell: Cell, down: int) -> Cell:
    if 0 <= cell.row + down < placed.block.shape[0]:
        return Cell(cell.key, cell.row + down, cell.col)
    x = placed.x + min(cell.col, placed.block.visible_columns - 1) * layout.pitch
    bands = layout.bands[index + 1 :] if down > 0 else layout.bands[:index][::-1]
    target = _block_at(bands, cell.key.layer, x, layout.pitch)
    if target is None:
        return cell
    rows, columns = target.block.shape
    column = min(max(0, (x + layout.pitch // 2 - target.x) // layout.pitch), columns - 1)
    if columns == placed.block.shape[1]:
        column = cell.col  # also if it is not among the first visible ones
    return Cell(target.block.key, 0 if down > 0 else rows - 1, column)


def _block_at(bands: Sequence[PlacedBand], layer: int, x: int, pitch: int) -> PlacedBlock | None:
    """Return the block with numbers above or below the one at ``x``: of the first band of its layer that has one there.

    If no band has one there, it is the nearest block of the first band; None if that has no block with numbers.
    """
    for band in bands:
        blocks = [placed for placed in band.blocks if 0 not in placed.block.shape]
        if any(placed.block.key.layer != layer for placed in blocks):
            break
        overlaps = [_overlap(placed, x, pitch) for placed in blocks]
        if max(overlaps, default=0) > 0:
            return blocks[overlaps.index(max(overlaps))]
    first = [placed for band in bands[:1] for placed in band.blocks if 0 not in placed.block.shape]
    return max(first, key=lambda placed: _overlap(placed, x, pitch), default=None)


def _overlap(placed: PlacedBlock, x: int, pitch: int) -> int:
    """Return how many cells of a number at ``x`` are above or below numbers of a block; 0 or less for none."""
    return min(x + pitch, placed.x + placed.block.visible_columns * pitch) - max(x, placed.x)


def first_cell(layout: MatrixLayout) -> Cell | None:
    """Return the first number of the first block that has one."""
    blocks = (placed.block for band in layout.bands for placed in band.blocks)
    return next((Cell(block.key, 0, 0) for block in blocks if 0 not in block.shape), None)
