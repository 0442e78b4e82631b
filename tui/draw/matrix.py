"""The layer panel: every number of a layer as digits on its colour, drawn for the visible window alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.draw.matrix_layout import Cell, MatrixLayout, PlacedBand, PlacedBlock, axis_label, sticky_band
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette, levels
from nn_tui.tui.draw.text import fit, make_strip, shorten

_NO_MARKS: Mapping[Cell, str] = {}
_EMPHASIS = Style(bold=True, underline=True)


@dataclass(frozen=True, slots=True)
class _View:
    """What all lines of one drawing share: the window [x, right) × [y, …) of the plane, and what is lit."""

    plan: MatrixLayout
    palette: Palette
    x: int
    right: int
    selected: Cell | None
    marks: Mapping[Cell, str]


def draw_matrix(
    plan: MatrixLayout,
    palette: Palette,
    x: int,
    y: int,
    width: int,
    height: int,
    selected: Cell | None = None,
    marks: Mapping[Cell, str] = _NO_MARKS,
) -> list[Strip]:
    """``height`` lines of ``width`` cells that show the plane from (x, y).

    The selected cell stands in brackets, with its row and column labels lit. ``marks`` gives cells a pointer
    in the palette's style of that key. Cost follows the window, not the matrices.
    """
    gutter = min(plan.gutter, width)
    view = _View(plan, palette, x + gutter, x + width, selected, marks)
    held = sticky_band(plan, y, height)
    rows: dict[int, Strip] = {}
    for band in plan.bands:
        first, last = max(band.top, y), min(band.end, y + height)
        if first < last:
            rows.update(zip(range(first, last), _rows(view, band, first, last, gutter, width), strict=True))
        for line in range(band.y, band.top):
            if band is held:
                if y + line - band.y < band.end:
                    rows[y + line - band.y] = _header(view, band, line - band.y, gutter, width)
            elif y <= line and band.top < y + height:  # a header stands above at least one of its rows
                rows[line] = _header(view, band, line - band.y, gutter, width)
    empty = Strip([Segment(" " * width, palette.style("text"))], width)
    return [rows.get(line, empty) for line in range(y, y + height)]


def _header(view: _View, band: PlacedBand, line: int, gutter: int, width: int) -> Strip:
    """A band's line of titles, where it has any (0), or of column labels."""
    titles = line == 0 and any(placed.block.title for placed in band.blocks)
    dim, text = view.palette.style("dim"), view.palette.style("text")
    parts = [Segment(" " * gutter, text)]
    for placed in band.blocks:
        start, end = max(placed.x, view.x), min(placed.x + placed.width, view.right)
        if start >= end:
            continue
        if titles:
            parts += _title(view, placed, end - start)
        else:
            parts += _column_labels(view, placed, start, end)
    return make_strip(parts, width, dim)


def _title(view: _View, placed: PlacedBlock, room: int) -> list[Segment]:
    """Title, shape and note, at the left edge of what is visible of the block."""
    block = placed.block
    style = view.palette.style("title" if block.is_known else "dim")
    ellipsis = view.palette.glyphs.cut
    title = fit(f" {block.title}", min(room, cell_len(block.title) + 1), ellipsis=ellipsis)
    rest = room - cell_len(title)
    note = f" {block.note}" if block.note and (block.columns or _note_fits(placed)) else ""
    shape = f" {block.shape_label}" if cell_len(block.shape_label) + cell_len(note) + 1 < rest else ""
    if note and cell_len(note) > rest:  # the word is cut less than the name can spare
        title = fit(f" {block.title}", max(0, room - cell_len(note)), ellipsis=ellipsis)
        rest = room - cell_len(title)
    parts = [Segment(title, style), Segment(shape, view.palette.style("dim"))]
    rest -= cell_len(shape)
    if note:
        parts.append(Segment(fit(note, min(rest, cell_len(note)), ellipsis=""), view.palette.style("warn")))
        rest -= min(rest, cell_len(note))
    return [*parts, Segment(" " * rest, view.palette.style("dim"))]


def _note_fits(placed: PlacedBlock) -> bool:
    """Whether the note has room in the title line beside the title and the shape."""
    block = placed.block
    return cell_len(block.title) + cell_len(block.shape_label) + cell_len(block.note) + 4 <= placed.width


def _column_labels(view: _View, placed: PlacedBlock, start: int, end: int) -> list[Segment]:
    block, pitch, glyphs = placed.block, view.plan.pitch, view.palette.glyphs
    if not block.columns:
        below = block.note if block.note and not _note_fits(placed) else ""
        return [Segment(fit(f" {below}", end - start, ellipsis=glyphs.cut), view.palette.style("warn"))]
    first, last = (start - placed.x) // pitch, min(-(-(end - placed.x) // pitch), block.shape[1])
    lit = view.selected.col if view.selected and view.selected.key == block.key else -1
    parts = []
    for col in range(first, last):
        at = placed.x + col * pitch
        name = axis_label(block.columns, col, glyphs) if start <= at + 1 and at + pitch <= end else ""
        name = fit(shorten(name, view.plan.cell, ellipsis=glyphs.cut), view.plan.cell, right=True)
        parts.append(Segment(f" {name}", view.palette.style("title" if col == lit else "dim")))
    parts.append(Segment(" ", view.palette.style("dim")))
    offset = placed.x + first * pitch
    return list(Strip(parts).crop(start - offset, end - offset))


def _rows(view: _View, band: PlacedBand, first: int, last: int, gutter: int, width: int) -> list[Strip]:
    """The lines of the plane from ``first`` up to ``last``, all inside the band's rows."""
    palette = view.palette
    text, dim = palette.style("text"), palette.style("dim")
    lit = -1
    if view.selected and any(view.selected.key == placed.block.key for placed in band.blocks):
        lit = view.selected.row
    lines: list[list[Segment]] = []
    for row in range(first - band.top, last - band.top):
        name = axis_label(band.rows, row, palette.glyphs)
        name = fit(name, max(0, gutter - 1), ellipsis=palette.glyphs.cut) + " " * min(1, gutter)
        lines.append([Segment(name, palette.style("title") if row == lit else dim)])
    used = gutter
    for placed in band.blocks:
        start, end = max(placed.x, view.x), min(placed.x + placed.width, view.right)
        if start < end:
            _cells(view, placed, start, end, first - band.top, lines)
            used += end - start
    pad = [Segment(" " * (width - used), text)] if used < width else []
    return [Strip([*line, *pad], width) for line in lines]


def _cells(view: _View, placed: PlacedBlock, start: int, end: int, row: int, lines: list[list[Segment]]) -> None:
    """Appends the columns [start, end) of the plane that lie in one block, to the lines from ``row`` on."""
    block, plan, palette = placed.block, view.plan, view.palette
    glyphs, pitch, size, digits = palette.glyphs, plan.pitch, plan.cell, plan.digits
    text, blank_style = palette.style("text"), palette.style("blank")
    first = min((start - placed.x) // pitch, block.shape[1])
    last = min(-(-(end - placed.x) // pitch), block.shape[1])
    skip = start - (placed.x + first * pitch) if first < last else 0
    excess = max(0, placed.x + last * pitch - end)
    gap = end - max(start, placed.x + block.shape[1] * pitch)
    point = size if digits is None else size - digits
    blank = " " * point + glyphs.blank + " " * (size - point)
    known = max(0, min(block.known_rows - row, len(lines)))
    ramp = palette.ramp(block.scale)
    numbers: list[list[float]] = []
    colors: list[list[int]] = []
    values, limit = block.numbers() if known else (None, 0.0)
    if values is not None:
        window = values[row : row + known, first:last]
        numbers = window.tolist()
        colors = levels(window, limit, block.scale).tolist()
    special = _special(view, block.key)
    for k, line in enumerate(lines):
        if row + k >= block.shape[0]:
            line.append(Segment(" " * (end - start), text))
            continue
        if k < known:
            parts = [
                Segment(" " + fmt(number, digits, width=size, glyphs=glyphs), ramp[level])
                for number, level in zip(numbers[k], colors[k], strict=True)
            ]
            if block.known_columns is not None:
                for col in range(max(0, block.known_columns - first), len(parts)):
                    parts[col] = Segment(blank, blank_style)
        else:
            parts = [Segment(blank, blank_style)] * (last - first)
        if gap > 0:
            parts.append(Segment(" " * gap, text))
        # Half a number would be another number: a cell that the edge cuts keeps its colour only.
        if excess:
            parts[-1] = Segment(" " * pitch, parts[-1].style)
        if skip > 1:
            parts[0] = Segment(" " * pitch, parts[0].style)
        if row + k in special:
            line.extend(Strip(_light(view, block.key, row + k, first, parts)).crop(skip, skip + end - start))
            continue
        if excess:
            parts[-1] = Segment(parts[-1].text[:-excess], parts[-1].style)
        if skip:
            parts[0] = Segment(parts[0].text[skip:], parts[0].style)
        line.extend(parts)


def _special(view: _View, key: str) -> frozenset[int]:
    """The rows of a block that hold the selected cell or a marked one."""
    rows = {cell.row for cell in view.marks if cell.key == key}
    if view.selected and view.selected.key == key:
        rows.add(view.selected.row)
    return frozenset(rows)


def _light(view: _View, key: str, row: int, first: int, parts: list[Segment]) -> list[Segment]:
    """A row's parts with pointers before the marked cells and brackets around the selected one."""
    glyphs, chosen = view.palette.glyphs, view.palette.style("selected")
    out: list[Segment] = []
    after_selected = False
    for col, part in enumerate(parts, first):
        cell = Cell(key, row, col)
        lead, style = Segment(part.text[:1], part.style), part.style
        mark = view.marks.get(cell)
        if mark:
            lead = Segment(glyphs.arrow, view.palette.style(mark))
            style = style + _EMPHASIS if style else _EMPHASIS
        if after_selected:
            lead = Segment(glyphs.close, chosen)
        after_selected = cell == view.selected
        if after_selected:
            lead, style = Segment(glyphs.open, chosen), chosen
        body = part.text[1:]
        number = body.lstrip()
        # The emphasis underlines the digits, not the space before them.
        pad = "" if cell == view.selected else body[: len(body) - len(number)]
        out += [lead, Segment(pad, part.style), Segment(body[len(pad) :], style)]
    return [piece for piece in out if piece.text]
