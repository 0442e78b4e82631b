"""The columns of a table as a list with a line for each, and the first rows of the file below one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import to_display

_GAP = 2
_MAX_NAME, _MAX_NAME_WIDE = 18, 30  # cells of a name
_WIDE = 100  # cells from which names are longer
_MIN_VALUES = 8
_MAX_CELL = 16  # cells of a value among the first rows


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One line of the list.

    Attributes:
        name: The name of the column, or of several columns that are shown as one.
        role: What it is used for, in words.
        kind: What its values are, in words.
        missing: The number of rows without a value.
        bars: Returns its distribution in at most so many cells.
        style: The key of its style.
    """

    name: str
    role: str
    kind: str
    missing: int
    bars: Callable[[int], str]
    style: str = "text"


def name_width(names: Sequence[str], width: int) -> int:
    """Return the cells for the names of a list that is ``width`` cells wide."""
    longest = max((cell_len(name) for name in names), default=0)
    return max(cell_len(tr("column")), min(longest, _MAX_NAME_WIDE if width >= _WIDE else _MAX_NAME))


def draw_columns(
    lines: Sequence[ColumnLine],
    palette: Palette,
    width: int,
    height: int,
    *,
    names: int,
    count: int,
    first: int = 0,
    selected: int = 0,
) -> list[Strip]:
    """Draw the headings and the lines that fit.

    Args:
        lines: The lines from line ``first`` on; only those that can be seen.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines; one of them is for the headings.
        names: The cells for the names.
        count: The number of all lines.
        first: The index of the first line that is drawn.
        selected: The index of the line that is marked.
    """
    canvas = Canvas(width, height, palette)
    heads = (tr("column"), tr("role"), tr("kind"), tr("missing"), tr("values"))
    role = max([cell_len(heads[1]), *(cell_len(line.role) for line in lines)])
    kind = max([cell_len(heads[2]), *(cell_len(line.kind) for line in lines)])
    missing = max([cell_len(heads[3]), *(len(f"{line.missing:,}") for line in lines)])
    xs = [2]
    for size in (names, role, kind, missing):
        xs.append(xs[-1] + size + _GAP)
    room = canvas.width - xs[-1]
    rows = canvas.height - 1
    dim = palette.style("dim")
    for x, head, size in zip(xs, heads, (names, role, kind, missing, room), strict=True):
        right = x + size - cell_len(head) if head == heads[3] else x
        canvas.put(right, 0, head, dim)
    if count > rows:
        last = min(first + rows, count)
        shown = tr("{first:,} to {last:,} of {count:,}", first=first + 1, last=last, count=count)
        canvas.put(canvas.width - cell_len(shown), 0, shown, dim)
    for row, line in enumerate(lines[:rows]):
        y, is_selected = row + 1, first + row == selected
        style = palette.style("selected" if is_selected else line.style)
        if is_selected:
            canvas.put(0, y, " " * canvas.width, style)
            canvas.put(0, y, palette.glyphs.arrow, style)
        count_text = f"{line.missing:,}" if line.missing else palette.glyphs.blank
        texts = [
            (xs[0], clip(line.name, names, palette)),
            (xs[1], clip(line.role, role, palette)),
            (xs[2], clip(line.kind, kind, palette)),
            (xs[3] + missing - len(count_text), count_text),
        ]
        if room >= _MIN_VALUES:
            texts.append((xs[4], clip(line.bars(room), room, palette)))
        for x, text in texts:
            canvas.put(x, y, text, style)
    return canvas.strips()


def column_line_at(y: int, first: int, count: int, height: int) -> int | None:
    """Return the index of the line that :func:`draw_columns` draws at line ``y``, or None."""
    index = first + y - 1
    return index if 1 <= y < height and index < count else None


def scroll_to(first: int, selected: int, count: int, room: int) -> int:
    """Return the first line to show in ``room`` lines, near ``first``, so that ``selected`` is among them."""
    first = min(max(first, selected - room + 1), selected)
    return max(0, min(first, count - room))


def draw_first_rows(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    palette: Palette,
    width: int,
    height: int,
    *,
    styles: Callable[[int], str],
    selected: int = 0,
) -> list[Strip]:
    """Draw the first rows of a file under the names of its columns, as far as they fit.

    Args:
        names: The name of each column.
        rows: The cells of each row as they are written.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines; one of them is for the names.
        styles: Returns the key of the style of a column.
        selected: The index of the column that is marked; columns before it are left out until it fits.
    """
    canvas = Canvas(width, height, palette)
    rows = rows[: canvas.height - 1]

    def cells(column: int) -> list[str]:
        texts = (names[column], *(row[column] if column < len(row) else "" for row in rows))
        return [clip(to_display(text, palette.glyphs.is_ascii), _MAX_CELL, palette) for text in texts]

    def size(column: int) -> int:
        return max(1, *map(cell_len, cells(column)))

    start, used = selected, 2 + size(selected)
    while start > 0 and used + size(start - 1) + _GAP <= canvas.width - (2 if selected + 1 < len(names) else 0):
        start -= 1
        used += size(start) + _GAP
    x = 2
    if start:
        canvas.put(0, 0, palette.glyphs.arrow_left, palette.style("dim"))
    for column in range(start, len(names)):
        texts = cells(column)
        cell_width = max(1, *map(cell_len, texts))
        if column > start and x + cell_width > canvas.width - (2 if column + 1 < len(names) else 0):
            canvas.put(canvas.width - 1, 0, palette.glyphs.arrow, palette.style("dim"))
            break
        key = styles(column)
        for y, text in enumerate(texts):
            canvas.put(x, y, text, palette.style("accent" if column == selected else "dim" if y == 0 else key))
        x += cell_width + _GAP
    return canvas.strips()
