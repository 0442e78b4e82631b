"""A rectangle of styled cells to draw on, and its lines as strips of exactly that size."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import crop, to_display, wrap

StyledText = tuple[str, Style]


class Canvas:
    """``height`` rows of ``width`` cells, each a character and its style; what falls outside is dropped."""

    def __init__(self, width: int, height: int, palette: Palette) -> None:
        """An empty rectangle in the palette's text style; a size below 1 counts as 1."""
        self.width = max(1, width)
        self.height = max(1, height)
        self._ascii = palette.glyphs.is_ascii
        blank = (" ", palette.style("text"))
        self._rows: list[list[StyledText]] = [[blank] * self.width for _ in range(self.height)]

    def put(self, x: int, y: int, text: str, style: Style) -> int:
        """Write ``text`` from cell (x, y) on and return the x after it, wide characters counted as two."""
        for char in to_display(text, self._ascii):
            cells = 1 if char.isascii() else cell_len(char)
            if cells == 0:
                continue
            if 0 <= y < self.height and x >= 0 and x + cells <= self.width:
                row = self._rows[y]
                # Half of a wide character that is written over would leave the row a cell short or long.
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
        """Fill the cell (x, y), which exists, with one character that is one cell wide."""
        self._rows[y][x] = (char, style)

    def is_blank(self, x: int, y: int) -> bool:
        """Whether the cell (x, y) exists and holds a space."""
        return 0 <= y < self.height and 0 <= x < self.width and self._rows[y][x][0] == " "

    def strips(self) -> list[Strip]:
        """The rows, neighbours of one style joined to one segment."""
        return [Strip(_joined(row), self.width) for row in self._rows]


def _joined(row: Sequence[StyledText]) -> list[Segment]:
    """The cells of a row, neighbours of one style in one segment."""
    out: list[Segment] = []
    ink, text = row[0][1], ""
    for char, style in row:
        if style is not ink and style != ink:
            out.append(Segment(text, ink))
            ink, text = style, char
        else:
            text += char
    out.append(Segment(text, ink))
    return out


def clip(text: str, width: int, palette: Palette) -> str:
    """``text``, cut to ``width`` cells with a mark at its end where it is longer."""
    text = to_display(text, palette.glyphs.is_ascii)
    if cell_len(text) <= width:
        return text
    mark = "." if palette.glyphs.is_ascii else palette.glyphs.ellipsis
    return crop(text, width - 1) + mark if width > 0 else ""


def draw_message(text: str, palette: Palette, width: int, height: int) -> list[Strip]:
    """A sentence in the middle of an otherwise empty rectangle."""
    canvas = Canvas(width, height, palette)
    lines = wrap(text, canvas.width - 2)
    top = max(0, (canvas.height - len(lines)) // 2)
    for row, line in enumerate(lines):
        shown = clip(line, canvas.width, palette)
        canvas.put((canvas.width - cell_len(shown)) // 2, top + row, shown, palette.style("dim"))
    return canvas.strips()


def put_items(canvas: Canvas, x: int, y: int, items: Sequence[Sequence[StyledText]], gap: int = 2) -> int:
    """Write groups of styled texts in one row, leaving out the ones that no longer fit; the x after them."""
    for item in items:
        wide = sum(cell_len(text) for text, _ in item)
        if x + wide > canvas.width:
            break
        for text, style in item:
            x = canvas.put(x, y, text, style)
        x += gap
    return x


def half_block(top: Style, bottom: Style, palette: Palette) -> StyledText:
    """One cell that shows the background of ``top`` over that of ``bottom``."""
    if top.bgcolor == bottom.bgcolor:
        return " ", top
    if bottom.bgcolor is None:
        return palette.glyphs.half_top, _two_colors(top, bottom)
    if top.bgcolor is None:
        return palette.glyphs.half_bottom, _two_colors(bottom, top)
    return palette.glyphs.half_top, _two_colors(top, bottom)


@lru_cache(maxsize=4096)
def _two_colors(ink: Style, paper: Style) -> Style:
    return Style(color=ink.bgcolor, bgcolor=paper.bgcolor)


@lru_cache(maxsize=4096)
def on_background(ink: Style, paper: Style) -> Style:
    """The text colour and attributes of ``ink`` on the background of ``paper``."""
    return Style(color=ink.color, bgcolor=paper.bgcolor, bold=ink.bold, underline=ink.underline)
