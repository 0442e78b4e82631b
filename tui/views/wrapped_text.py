"""Styled words wrapped to a width, and where the numbers among them stand that can be followed."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number that can be followed stands: cells [start, end) of a line; ``number`` counts them from 0."""

    line: int
    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in one style; ``number`` is that of a number that can be followed."""

    text: str
    style: Style
    number: int = -1


class Page:
    """Lines of ``width`` cells, broken at spaces; continued lines are indented two more."""

    def __init__(self, width: int, palette: Palette) -> None:
        self._width = width
        self._base = palette.style("text")
        self._ascii = palette.glyphs.is_ascii
        self.lines: list[Strip] = []
        self.places: list[Place] = []

    def say(self, words: str, style: Style) -> None:
        """Words in one style."""
        self.add([Piece(to_display(words, self._ascii), style)])

    def add(self, pieces: list[Piece], indent: int = 0) -> None:
        """A line of pieces, wrapped."""
        row, used, fresh = [Segment(" " * indent, self._base)], indent, True
        for word in _words(pieces):
            size = sum(cell_len(piece.text) for piece in word)
            bare = size - (len(word[-1].text) - len(word[-1].text.rstrip(" ")))
            if used + bare > self._width and not fresh:
                self._end(row)
                used = indent + 2
                row = [Segment(" " * used, self._base)]
            for piece in word:
                row.append(Segment(piece.text, piece.style))
                if piece.number >= 0:
                    end = used + cell_len(piece.text.rstrip(" "))
                    self.places.append(Place(len(self.lines), used, end, piece.number))
                used += cell_len(piece.text)
            fresh = False
        self._end(row)

    def _end(self, row: list[Segment]) -> None:
        self.lines.append(make_strip(row, self._width, self._base))


def _words(pieces: list[Piece]) -> list[list[Piece]]:
    """The pieces cut after spaces, what no space parts kept together, so that joining gives them back."""
    words: list[list[Piece]] = [[]]
    for piece in pieces:
        start = 0
        for index, char in enumerate(piece.text):
            following = piece.text[index + 1 : index + 2]
            if char == " " and following != " ":
                words[-1].append(Piece(piece.text[start : index + 1], piece.style, piece.number))
                words.append([])
                start = index + 1
        if start < len(piece.text):
            words[-1].append(Piece(piece.text[start:], piece.style, piece.number))
    return [word for word in words if word]
