"""Styled text wrapped to a width, and the positions of the numbers that can be followed."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display

_CONTINUATION_INDENT = 2  # cells


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """The cells [start, end) of a line that show a number that can be followed; ``index`` counts these numbers."""

    line: int
    start: int
    end: int
    index: int


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Text in one style.

    Attributes:
        text: The text.
        style: The style.
        index: The index of a number that can be followed; −1 for all other text.
        begins_remark: Whether a remark begins here.
    """

    text: str
    style: Style
    index: int = -1
    begins_remark: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark at the end of a paragraph: it begins at cell ``start`` of line ``line``, and ends in line ``last``."""

    line: int
    start: int
    last: int


class WrappedText:
    """Lines of ``width`` cells, wrapped at spaces; a continuation line has two more cells of indent.

    A line that continues leaves room for an ellipsis, which is shown if its continuation is left out.

    Attributes:
        lines: The lines.
        spans: The numbers in them that can be followed.
        remarks: The remarks at the ends of paragraphs.
    """

    def __init__(self, width: int, palette: Palette) -> None:
        self._width = width
        self._ellipsis_width = cell_len(f" {palette.glyphs.ellipsis}")
        self._base = palette.style("text")
        self._ascii = palette.glyphs.is_ascii
        self.lines: list[Strip] = []
        self.spans: list[NumberSpan] = []
        self.remarks: list[Remark] = []

    def add_text(self, text: str, style: Style) -> None:
        """Add a paragraph in one style."""
        self.add([TextPiece(to_display(text, self._ascii), style)])

    def add(self, pieces: list[TextPiece], indent: int = 0) -> None:
        """Add a paragraph of pieces, its first line indented by ``indent`` cells."""
        row, used, is_empty = [Segment(" " * indent, self._base)], indent, True
        begins: list[tuple[int, int]] = []
        words = _words(pieces)
        for number, word in enumerate(words, 1):
            size = sum(cell_len(piece.text) for piece in word)
            trailing = len(word[-1].text) - len(word[-1].text.rstrip(" "))
            room = self._width - (self._ellipsis_width if number < len(words) else 0)
            if used + size - trailing > room and not is_empty:
                self._end_line(row)
                used = indent + _CONTINUATION_INDENT
                row = [Segment(" " * used, self._base)]
            for piece in word:
                if piece.begins_remark:
                    begins.append((len(self.lines), used))
                row.append(Segment(piece.text, piece.style))
                if piece.index >= 0:
                    end = used + cell_len(piece.text.rstrip(" "))
                    self.spans.append(NumberSpan(len(self.lines), used, end, piece.index))
                used += cell_len(piece.text)
            is_empty = False
        self._end_line(row)
        ends = [line for line, _ in begins[1:]] + [len(self.lines) - 1]
        self.remarks += [Remark(*start, end) for start, end in zip(begins, ends, strict=False)]

    def _end_line(self, row: list[Segment]) -> None:
        self.lines.append(make_strip(row, self._width, self._base))


def _words(pieces: list[TextPiece]) -> list[list[TextPiece]]:
    """Split pieces after spaces into words, which may consist of several pieces."""
    words: list[list[TextPiece]] = [[]]
    for piece in pieces:
        start = 0
        for index, char in enumerate(piece.text):
            following = piece.text[index + 1 : index + 2]
            if char == " " and following != " ":
                words[-1].append(_part(piece, start, index + 1))
                words.append([])
                start = index + 1
        if start < len(piece.text):
            words[-1].append(_part(piece, start, len(piece.text)))
    return [word for word in words if word]


def _part(piece: TextPiece, start: int, end: int) -> TextPiece:
    if start == 0 and end == len(piece.text):
        return piece
    return TextPiece(piece.text[start:end], piece.style, piece.index, piece.begins_remark and not start)
