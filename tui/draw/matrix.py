"""The layer panel: the numbers of a layer on their colours, drawn for the visible window only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.display.number_scale import levels
from nn_tui.core.display.number_text import fmt
from nn_tui.tui.draw.matrix_layout import BlockKey, Cell, MatrixLayout, PlacedBand, PlacedBlock
from nn_tui.tui.draw.matrix_navigation import is_drawn, sticky_band
from nn_tui.tui.draw.names import axis_label
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip

_NO_MARKS: Mapping[Cell, str] = {}
_BOLD = Style(bold=True)


@dataclass(frozen=True, slots=True)
class _Window:
    """The settings for every line of one drawing: the scrolled columns, the right edge, and the highlighted numbers."""

    layout: MatrixLayout
    palette: Palette
    column: int
    right: int
    selected: Cell | None
    marks: Mapping[Cell, str]

    def columns(self, placed: PlacedBlock) -> range:
        """Return the columns of a block that are drawn: the visible ones, without those beyond the right edge."""
        first, pitch = placed.first_column(self.column), self.layout.pitch
        # The cell after the last number holds the end of a frame.
        count = min(placed.block.visible_columns, (self.right - placed.x - 1) // pitch)
        return range(first, first + max(0, count))


def draw_matrix(
    layout: MatrixLayout,
    palette: Palette,
    column: int,
    y: int,
    width: int,
    height: int,
    selected: Cell | None = None,
    marks: Mapping[Cell, str] = _NO_MARKS,
) -> list[Strip]:
    """Draw the plane from line y on. The cost follows the size of the window, not of the matrices.

    Args:
        layout: The plane.
        palette: Colours and characters.
        column: The column to which the blocks that do not show all their columns are scrolled.
        y: First line of the plane to show.
        width: Width in cells.
        height: Height in lines.
        selected: A number to show in a frame, with its row and column labels highlighted.
        marks: Keys of styles for numbers that get an arrow before them.
    """
    gutter = min(layout.gutter, width)
    window = _Window(layout, palette, column, width, selected, marks)
    sticky = sticky_band(layout, y, height)
    lines: dict[int, Strip] = {}
    for band in layout.bands:
        if not is_drawn(band, y, height):
            continue
        first, last = max(band.top, y), min(band.end, y + height)
        if first < last:
            lines.update(zip(range(first, last), _rows(window, band, first, last, gutter, width), strict=True))
        for line in range(band.y, band.top):
            if band is sticky:
                lines[y + line - band.y] = _header(window, band, line - band.y, gutter, width)
            elif y <= line:
                lines[line] = _header(window, band, line - band.y, gutter, width)
    blank = Strip([Segment(" " * width, palette.style("text"))], width)
    return [lines.get(line, blank) for line in range(y, y + height)]


def _header(window: _Window, band: PlacedBand, line: int, gutter: int, width: int) -> Strip:
    """Return a header line of a band: its titles, if it has any, in line 0, or its column labels."""
    has_titles = line == 0 and any(placed.block.title for placed in band.blocks)
    segments = [Segment(" " * gutter, window.palette.style("text"))]
    for placed in band.blocks:
        room = min(placed.width, window.right - placed.x)
        if room > 0:
            segments += _title(window, placed, room) if has_titles else _column_labels(window, placed, room)
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


def _column_labels(window: _Window, placed: PlacedBlock, room: int) -> list[Segment]:
    """Return the labels above the visible columns of a block, or the block's note if it has no labels."""
    block, layout, palette = placed.block, window.layout, window.palette
    glyphs, gap = palette.glyphs, " " * (layout.pitch - layout.cell)
    if not block.columns:
        note = block.note if block.note and not _note_fits(placed) else ""
        return [Segment(fit(f" {note}", room, ellipsis=glyphs.cut), palette.style("text"))]
    selected = window.selected.col if window.selected and window.selected.key == block.key else -1
    segments = []
    for column in window.columns(placed):
        label = axis_label(block.columns, column, glyphs, layout.cell)
        text = gap + fit(label, layout.cell, right=True)
        segments.append(Segment(text, palette.style("title" if column == selected else "dim")))
    rest = room - layout.pitch * len(segments)
    return [*segments, Segment(" " * rest, palette.style("dim"))]


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
        room = min(placed.width, window.right - placed.x)
        if room > 0:
            _append_numbers(window, placed, room, first - band.top, lines)
            used += room
    padding = [Segment(" " * (width - used), palette.style("text"))] if used < width else []
    return [Strip([*line, *padding], width) for line in lines]


def _append_numbers(
    window: _Window, placed: PlacedBlock, room: int, first_row: int, lines: list[list[Segment]]
) -> None:
    """Append the visible numbers of a block, padded to ``room`` cells, to the lines from ``first_row`` on."""
    block, layout, palette = placed.block, window.layout, window.palette
    glyphs, size, digits = palette.glyphs, layout.cell, layout.digits
    text, blank_style = palette.style("text"), palette.style("blank")
    lead = " " * (layout.pitch - size)
    columns = window.columns(placed)
    padding = Segment(" " * (room - layout.pitch * len(columns)), text)
    point = size if digits is None else size - digits
    blank = Segment(lead + " " * (point - 1) + glyphs.blank + " " * (size - point), blank_style)
    computed = max(0, min(block.computed_rows - first_row, len(lines)))
    numbers: list[list[float]] = []
    colors: list[list[int]] = []
    values, scale = block.numbers() if computed else (None, block.scale)
    ramp = palette.ramp(scale.kind)
    if values is not None:
        visible = values[first_row : first_row + computed, columns.start : columns.stop]
        numbers = visible.tolist()
        colors = levels(visible, scale).tolist()
    highlighted = _highlighted_rows(window, block.key)
    for row, line in enumerate(lines, first_row):
        if row >= block.shape[0]:
            line.append(Segment(" " * room, text))
            continue
        if row < first_row + computed:
            segments = [
                Segment(lead + fmt(number, digits, width=size, glyphs=glyphs), ramp[level])
                for number, level in zip(numbers[row - first_row], colors[row - first_row], strict=True)
            ]
            if block.known_columns is not None:
                for position in range(max(0, block.known_columns - columns.start), len(segments)):
                    segments[position] = blank
        else:
            segments = [blank] * len(columns)
        segments.append(padding)
        line.extend(_highlight(window, block.key, row, columns.start, segments) if row in highlighted else segments)


def _highlighted_rows(window: _Window, key: BlockKey) -> frozenset[int]:
    """Return the rows of a block that contain the selected number or a marked one."""
    rows = {cell.row for cell in window.marks if cell.key == key}
    if window.selected and window.selected.key == key:
        rows.add(window.selected.row)
    return frozenset(rows)


def _highlight(window: _Window, key: BlockKey, row: int, first: int, segments: list[Segment]) -> list[Segment]:
    """Return the numbers of a row with arrows before the marked ones and a frame around the selected one."""
    palette, gap = window.palette, window.layout.pitch - window.layout.cell
    glyphs, frame_style = palette.glyphs, _frame_style(palette)
    highlighted: list[Segment] = []
    is_after_selected = False
    for column, segment in enumerate(segments, first):
        cell = Cell(key, row, column)
        lead, body, style = segment.text[:gap], segment.text[gap:], segment.style
        if is_after_selected:
            highlighted.append(Segment(glyphs.frame_right, frame_style))
            lead = lead[1:]
        is_after_selected = cell == window.selected
        mark = window.marks.get(cell)
        sign = glyphs.frame_left if is_after_selected else glyphs.arrow if mark else ""
        if sign:
            # The sign of a number stands next to it. In a gap of one cell, the end of a frame hides an arrow.
            sign_style = frame_style if is_after_selected else palette.style(mark or "text")
            highlighted += [Segment(lead[:-1], style), Segment(sign if lead else "", sign_style)]
        else:
            highlighted.append(Segment(lead, style))
        if is_after_selected and not palette.has_color:
            style = palette.style("selected")  # nothing but reverse video can be seen from afar
        elif is_after_selected or mark:
            style = style + _BOLD if style else _BOLD
        highlighted.append(Segment(body, style))
    return [segment for segment in highlighted if segment.text]


def _frame_style(palette: Palette) -> Style:
    """Return the style of the two ends of a frame: brackets, or half blocks on the background of the panel."""
    selected, text = palette.style("selected"), palette.style("text")
    if palette.glyphs.is_ascii:
        return selected
    return text if selected.bgcolor is None else Style(color=selected.bgcolor, bgcolor=text.bgcolor)
