"""A rectangle of styled cells to draw on, and its lines as strips of exactly that size."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.translation import Message
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import crop, to_display, wrap

StyledText = tuple[str, Style]


class Canvas:
    """A rectangle of ``height`` rows of ``width`` cells; text outside of it is dropped."""

    def __init__(self, width: int, height: int, palette: Palette) -> None:
        """Create a blank rectangle in the palette's text style; a size below 1 counts as 1."""
        self.width = max(1, width)
        self.height = max(1, height)
        self._ascii = palette.glyphs.is_ascii
        blank = (" ", palette.style("text"))
        self._rows: list[list[StyledText]] = [[blank] * self.width for _ in range(self.height)]

    @property
    def size(self) -> tuple[int, int]:
        """Return (width, height)."""
        return self.width, self.height

    def put(self, x: int, y: int, text: str, style: Style) -> int:
        """Write ``text`` from the cell (x, y) on.

        Returns:
            The x after the text. A wide character takes two cells.
        """
        for char in to_display(text, self._ascii):
            cells = 1 if char.isascii() else cell_len(char)
            if cells == 0:
                continue
            if 0 <= y < self.height and x >= 0 and x + cells <= self.width:
                row = self._rows[y]
                # Half of a wide character that is overwritten would leave the row a cell short or long.
                if row[x][0] == "":
                    row[x - 1] = (" ", row[x - 1][1])
                if x + cells < self.width and row[x + cells][0] == "":
                    row[x + cells] = (" ", row[x + cells][1])
                row[x] = (char, style)
                if cells == 2:
                    row[x + 1] = ("", style)
            x += cells
        return x

    def set(self, x: int, y: int, char: str, style: Style) -> None:
        """Fill the cell (x, y), which must exist, with a character that is one cell wide."""
        self._rows[y][x] = (char, style)

    def is_blank(self, x: int, y: int) -> bool:
        """Return whether the cell (x, y) exists and holds a space."""
        return 0 <= y < self.height and 0 <= x < self.width and self._rows[y][x][0] == " "

    def strips(self) -> list[Strip]:
        """Return the rows as strips."""
        return [Strip(_join_cells(row), self.width) for row in self._rows]


def _join_cells(row: Sequence[StyledText]) -> list[Segment]:
    """Return the cells of a row as segments, one for neighbours of the same style."""
    segments: list[Segment] = []
    current, text = row[0][1], ""
    for char, style in row:
        if style is not current and style != current:
            segments.append(Segment(text, current))
            current, text = style, char
        else:
            text += char
    segments.append(Segment(text, current))
    return segments


def clip(text: str, width: int, palette: Palette) -> str:
    """Return ``text`` in at most ``width`` cells, with an ellipsis if it is cut."""
    text = to_display(text, palette.glyphs.is_ascii)
    if cell_len(text) <= width:
        return text
    ellipsis = "." if palette.glyphs.is_ascii else palette.glyphs.ellipsis
    return crop(text, width - 1) + ellipsis if width > 0 else ""


def draw_message(text: str | Message, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw a sentence in the middle of an otherwise blank rectangle; a mark ends one that does not fit."""
    canvas = Canvas(width, height, palette)
    lines = wrap(str(text), canvas.width - 2)
    if len(lines) > canvas.height:
        lines = lines[: canvas.height]
        lines[-1] = f"{lines[-1]} {palette.glyphs.cut}"
    top = max(0, (canvas.height - len(lines)) // 2)
    for row, line in enumerate(lines):
        clipped = clip(line, canvas.width, palette)
        canvas.put((canvas.width - cell_len(clipped)) // 2, top + row, clipped, palette.style("dim"))
    return canvas.strips()


def put_items(canvas: Canvas, x: int, y: int, items: Sequence[Sequence[StyledText]], gap: int = 2) -> int:
    """Write groups of styled texts in one row, up to the first group that does not fit.

    Returns:
        The x after the last group and its gap.
    """
    for item in items:
        if x + sum(cell_len(text) for text, _ in item) > canvas.width:
            break
        for text, style in item:
            x = canvas.put(x, y, text, style)
        x += gap
    return x


def half_block(top: Style, bottom: Style, palette: Palette) -> StyledText:
    """Return one cell that shows the background of ``top`` above that of ``bottom``."""
    if top.bgcolor == bottom.bgcolor:
        return " ", top
    if bottom.bgcolor is None:
        return palette.glyphs.half_top, _two_colors(top, bottom)
    if top.bgcolor is None:
        return palette.glyphs.half_bottom, _two_colors(bottom, top)
    return palette.glyphs.half_top, _two_colors(top, bottom)


@lru_cache(maxsize=4096)
def _two_colors(foreground: Style, background: Style) -> Style:
    return Style(color=foreground.bgcolor, bgcolor=background.bgcolor)


@lru_cache(maxsize=4096)
def on_background(style: Style, background: Style) -> Style:
    """Return the text colour and attributes of ``style`` on the background colour of ``background``."""
    return Style(color=style.color, bgcolor=background.bgcolor, bold=style.bold)
