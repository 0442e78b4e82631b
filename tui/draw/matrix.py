"""The layer panel: the numbers of a layer on their colours, drawn for the visible window only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.draw.matrix_layout import BlockKey, Cell, MatrixLayout, PlacedBand, PlacedBlock
from nn_tui.tui.draw.matrix_navigation import sticky_band
from nn_tui.tui.draw.names import axis_label
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette, levels
from nn_tui.tui.draw.text import fit, make_strip

_NO_MARKS: Mapping[Cell, str] = {}
_BOLD = Style(bold=True)


@dataclass(frozen=True, slots=True)
class _Window:
    """The settings for every line of one drawing: the columns [x, right) of the plane, and the highlighted numbers."""

    layout: MatrixLayout
    palette: Palette
    x: int
    right: int
    selected: Cell | None
    marks: Mapping[Cell, str]


def draw_matrix(
    layout: MatrixLayout,
    palette: Palette,
    x: int,
    y: int,
    width: int,
    height: int,
    selected: Cell | None = None,
    marks: Mapping[Cell, str] = _NO_MARKS,
) -> list[Strip]:
    """Draw the plane from (x, y) on. The cost follows the size of the window, not of the matrices.

    Args:
        layout: The plane.
        palette: Colours and characters.
        x: First column of the plane to show, right of the gutter.
        y: First line of the plane to show.
        width: Width in cells.
        height: Height in lines.
        selected: A number to show in brackets, with its row and column labels highlighted.
        marks: Keys of styles for numbers that get an arrow before them.
    """
    gutter = min(layout.gutter, width)
    window = _Window(layout, palette, x + gutter, x + width, selected, marks)
    sticky = sticky_band(layout, y, height)
    lines: dict[int, Strip] = {}
    for band in layout.bands:
        first, last = max(band.top, y), min(band.end, y + height)
        if first < last:
            lines.update(zip(range(first, last), _rows(window, band, first, last, gutter, width), strict=True))
        for line in range(band.y, band.top):
            if band is sticky:
                if y + line - band.y < band.end:
                    lines[y + line - band.y] = _header(window, band, line - band.y, gutter, width)
            elif y <= line and band.top < y + height:  # no header without at least one row below it
                lines[line] = _header(window, band, line - band.y, gutter, width)
    blank = Strip([Segment(" " * width, palette.style("text"))], width)
    return [lines.get(line, blank) for line in range(y, y + height)]


def _header(window: _Window, band: PlacedBand, line: int, gutter: int, width: int) -> Strip:
    """Return a header line of a band: its titles, if it has any, in line 0, or its column labels."""
    has_titles = line == 0 and any(placed.block.title for placed in band.blocks)
    segments = [Segment(" " * gutter, window.palette.style("text"))]
    for placed in band.blocks:
        start, end = max(placed.x, window.x), min(placed.x + placed.width, window.right)
        if start >= end:
            continue
        segments += _title(window, placed, end - start) if has_titles else _column_labels(window, placed, start, end)
    return make_strip(segments, width, window.palette.style("dim"))


def _title(window: _Window, placed: PlacedBlock, room: int) -> list[Segment]:
    """Return the title, shape and note of a block in ``room`` cells, the visible part of its width."""
    block, palette = placed.block, window.palette
    dim, ellipsis = palette.style("dim"), palette.glyphs.cut
    title = fit(f" {block.title}", min(room, cell_len(block.title) + 1), ellipsis=ellipsis)
    rest = room - cell_len(title)
    note = f" {block.note}" if block.note and (block.columns or _note_fits(placed)) else ""
    shape = f" {block.shape_label}" if cell_len(block.shape_label) + cell_len(note) + 1 < rest else ""
    if note and cell_len(note) > rest:  # a title can be cut more than a note
        title = fit(f" {block.title}", max(0, room - cell_len(note)), ellipsis=ellipsis)
        rest = room - cell_len(title)
    segments = [Segment(title, palette.style("title" if block.is_computed else "dim")), Segment(shape, dim)]
    rest -= cell_len(shape)
    if note:
        segments.append(Segment(fit(note, min(rest, cell_len(note)), ellipsis=""), palette.style("text")))
        rest -= min(rest, cell_len(note))
    return [*segments, Segment(" " * rest, dim)]


def _note_fits(placed: PlacedBlock) -> bool:
    """Return whether the title line has room for the title, the shape and the note."""
    block = placed.block
    return cell_len(block.title) + cell_len(block.shape_label) + cell_len(block.note) + 4 <= placed.width


def _column_labels(window: _Window, placed: PlacedBlock, start: int, end: int) -> list[Segment]:
    """Return the labels above the columns [start, end) of the plane, or the block's note if it has no labels."""
    block, layout, palette = placed.block, window.layout, window.palette
    pitch, glyphs = layout.pitch, palette.glyphs
    if not block.columns:
        note = block.note if block.note and not _note_fits(placed) else ""
        return [Segment(fit(f" {note}", end - start, ellipsis=glyphs.cut), palette.style("text"))]
    first, last = (start - placed.x) // pitch, min(-(-(end - placed.x) // pitch), block.shape[1])
    selected = window.selected.col if window.selected and window.selected.key == block.key else -1
    segments = []
    for column in range(first, last):
        x = placed.x + column * pitch
        is_whole = start <= x + 1 and x + pitch <= end
        label = axis_label(block.columns, column, glyphs, layout.cell) if is_whole else ""
        label = fit(label, layout.cell, right=True)
        segments.append(Segment(f" {label}", palette.style("title" if column == selected else "dim")))
    segments.append(Segment(" ", palette.style("dim")))
    offset = placed.x + first * pitch
    return list(Strip(segments).crop(start - offset, end - offset))


def _rows(window: _Window, band: PlacedBand, first: int, last: int, gutter: int, width: int) -> list[Strip]:
    """Return the lines of the plane from ``first`` to ``last`` (not included), all of them rows of the band."""
    palette, selected = window.palette, window.selected
    has_selected = selected and any(selected.key == placed.block.key for placed in band.blocks)
    selected_row = selected.row if selected and has_selected else -1
    lines: list[list[Segment]] = []
    for row in range(first - band.top, last - band.top):
        room = max(0, gutter - 1)
        label = fit(axis_label(band.rows, row, palette.glyphs, room), room) + " " * min(1, gutter)
        lines.append([Segment(label, palette.style("title" if row == selected_row else "dim"))])
    used = gutter
    for placed in band.blocks:
        start, end = max(placed.x, window.x), min(placed.x + placed.width, window.right)
        if start < end:
            _append_numbers(window, placed, start, end, first - band.top, lines)
            used += end - start
    padding = [Segment(" " * (width - used), palette.style("text"))] if used < width else []
    return [Strip([*line, *padding], width) for line in lines]


def _append_numbers(
    window: _Window, placed: PlacedBlock, start: int, end: int, first_row: int, lines: list[list[Segment]]
) -> None:
    """Append the columns [start, end) of the plane, which lie in one block, to the lines from ``first_row`` on."""
    block, layout, palette = placed.block, window.layout, window.palette
    glyphs, pitch, size, digits = palette.glyphs, layout.pitch, layout.cell, layout.digits
    text, blank_style = palette.style("text"), palette.style("blank")
    first = min((start - placed.x) // pitch, block.shape[1])
    last = min(-(-(end - placed.x) // pitch), block.shape[1])
    cut_left = start - (placed.x + first * pitch) if first < last else 0
    cut_right = max(0, placed.x + last * pitch - end)
    gap = end - max(start, placed.x + block.shape[1] * pitch)
    point = size if digits is None else size - digits
    blank = " " * point + glyphs.blank + " " * (size - point)
    computed = max(0, min(block.computed_rows - first_row, len(lines)))
    numbers: list[list[float]] = []
    colors: list[list[int]] = []
    values, scale = block.numbers() if computed else (None, block.scale)
    ramp = palette.ramp(scale.kind)
    if values is not None:
        visible = values[first_row : first_row + computed, first:last]
        numbers = visible.tolist()
        colors = levels(visible, scale).tolist()
    highlighted = _highlighted_rows(window, block.key)
    for row, line in enumerate(lines, first_row):
        if row >= block.shape[0]:
            line.append(Segment(" " * (end - start), text))
            continue
        if row < first_row + computed:
            segments = [
                Segment(" " + fmt(number, digits, width=size, glyphs=glyphs), ramp[level])
                for number, level in zip(numbers[row - first_row], colors[row - first_row], strict=True)
            ]
            if block.known_columns is not None:
                for column in range(max(0, block.known_columns - first), len(segments)):
                    segments[column] = Segment(blank, blank_style)
        else:
            segments = [Segment(blank, blank_style)] * (last - first)
        if gap > 0:
            segments.append(Segment(" " * gap, text))
        # Half a number would look like another number: of a number at the edge only the colour is shown.
        if cut_right:
            segments[-1] = Segment(" " * pitch, segments[-1].style)
        if cut_left > 1:
            segments[0] = Segment(" " * pitch, segments[0].style)
        if row in highlighted:
            segments = _highlight(window, block.key, row, first, segments)
            line.extend(Strip(segments).crop(cut_left, cut_left + end - start))
            continue
        if cut_right:
            segments[-1] = Segment(segments[-1].text[:-cut_right], segments[-1].style)
        if cut_left:
            segments[0] = Segment(segments[0].text[cut_left:], segments[0].style)
        line.extend(segments)


def _highlighted_rows(window: _Window, key: BlockKey) -> frozenset[int]:
    """Return the rows of a block that contain the selected number or a marked one."""
    rows = {cell.row for cell in window.marks if cell.key == key}
    if window.selected and window.selected.key == key:
        rows.add(window.selected.row)
    return frozenset(rows)


def _highlight(window: _Window, key: BlockKey, row: int, first: int, segments: list[Segment]) -> list[Segment]:
    """Return the numbers of a row with arrows before the marked ones and brackets around the selected one."""
    glyphs, selected_style = window.palette.glyphs, window.palette.style("selected")
    highlighted: list[Segment] = []
    is_after_selected = False
    for column, segment in enumerate(segments, first):
        cell = Cell(key, row, column)
        lead, style = Segment(segment.text[:1], segment.style), segment.style
        mark = window.marks.get(cell)
        if mark:
            lead = Segment(glyphs.arrow, window.palette.style(mark))
            style = style + _BOLD if style else _BOLD
        if is_after_selected:
            lead = Segment(glyphs.close, selected_style)
        is_after_selected = cell == window.selected
        if is_after_selected:
            lead = Segment(glyphs.open, selected_style)
            # The number keeps its colour, if there is one; else nothing but reverse video can be seen from afar.
            style = style + _BOLD if style and window.palette.has_color else selected_style
        highlighted += [lead, Segment(segment.text[1:], style)]
    return highlighted
