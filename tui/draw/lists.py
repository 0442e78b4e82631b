"""A list: rows under column headings, as many as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.names import SHORT_WIDTH, fit_names
from nn_tui.tui.draw.palette import Palette

_NAME_WIDTHS = (24, SHORT_WIDTH, 5, 4, 3)  # cells of a name, from the best on
_GAP, _NARROW_GAP = 2, 1
_MIN_WIDTH_FOR_GAP = 36  # cells from which columns stand two cells apart
_HEADER_LINES = 2


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list.

    Attributes:
        name: The heading.
        texts: The text of each row.
        right: Whether texts are aligned to the right.
        names: All names that may stand in the column; they are shortened together if the columns do not fit.
        hidden: Whether the column is left out.
        styles: The style of each text; empty for that of text.
    """

    name: str
    texts: Sequence[str]
    right: bool = False
    names: tuple[str, ...] = ()
    hidden: bool = False
    styles: Sequence[Style] = ()


def draw_list(
    head: str,
    columns: Sequence[ListColumn],
    palette: Palette,
    width: int,
    height: int,
    *,
    cursor: int | None = None,
    total: int | None = None,
    note: str = "",
) -> list[Strip]:
    """Draw a title, the headings and the rows; the last line counts the rows that do not fit.

    Args:
        head: The title.
        columns: The columns, or none.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        cursor: Index of the row to mark.
        total: Number of all rows, if the columns contain only the first ones.
        note: A sentence to show instead of columns.
    """
    canvas = Canvas(width, height, palette)
    dim = palette.style("dim")
    canvas.put(0, 0, clip(head, canvas.width, palette), palette.style("title"))
    canvas.put(0, 2, clip(note, canvas.width, palette), dim)
    gap = _GAP if canvas.width >= _MIN_WIDTH_FOR_GAP else _NARROW_GAP
    sized = _fit_columns([column for column in columns if not column.hidden], canvas.width, gap)
    count = len(sized[0][0].texts) if sized else 0
    total = count if total is None else total
    visible = _visible_rows(total, canvas.height)
    x = 2
    for column, size in sized:
        _put_text(canvas, x, 1, column.name, size, column.right, palette, dim)
        short = dict(zip(column.names, fit_names(column.names, size, palette.glyphs.is_ascii), strict=True))
        for row, text in enumerate(column.texts[:visible]):
            style = column.styles[row] if column.styles else palette.style("text")
            _put_text(canvas, x, row + _HEADER_LINES, short.get(text, text), size, column.right, palette, style)
        x += size + gap
    if cursor is not None and cursor < visible:
        canvas.put(0, cursor + _HEADER_LINES, palette.glyphs.arrow, palette.style("accent"))
    if sized and total > visible and canvas.height > _HEADER_LINES:
        note = tr("{count} more", count=total - min(visible, count))
        canvas.put(2, canvas.height - 1, clip(note, canvas.width - 2, palette), dim)
    return canvas.strips()


def list_row_at(total: int, height: int, y: int) -> int | None:
    """Return the row of :func:`draw_list` in line ``y``, or None outside of the rows."""
    row = y - _HEADER_LINES
    return row if 0 <= row < min(total, _visible_rows(total, height)) else None


def _visible_rows(total: int, height: int) -> int:
    room = max(0, height - _HEADER_LINES)
    return room if total <= room else max(0, room - 1)


def _put_text(
    canvas: Canvas, x: int, y: int, text: str, size: int, right: bool, palette: Palette, style: Style
) -> None:
    text = clip(text, size, palette)
    canvas.put(x + (size - cell_len(text) if right else 0), y, text, style)


def _fit_columns(columns: Sequence[ListColumn], width: int, gap: int) -> list[tuple[ListColumn, int]]:
    """Return columns with their widths: names take fewer cells until all columns fit, then the last are dropped."""
    shown = list(columns)
    while shown:
        for max_name in _NAME_WIDTHS:
            sized = [(column, _column_width(column, max_name)) for column in shown]
            if 2 + sum(size + gap for _, size in sized) - gap <= width:
                return sized
        shown.pop()
    return []


def _column_width(column: ListColumn, max_name: int) -> int:
    """Return the width of a column whose names take at most ``max_name`` cells, or as many as its heading."""
    heading = cell_len(column.name)
    if not column.names:
        return max([heading, *map(cell_len, column.texts)])
    return max(heading, min(max_name, max(map(cell_len, column.names))))
