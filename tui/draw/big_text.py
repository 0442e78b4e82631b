"""Numbers in large characters, for a projector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nn_tui.tui.draw.glyphs import Glyphs

ROWS = 5  # of the pixels of a character
_PIXELS: Mapping[str, str] = {
    "0": "### #.# #.# #.# ###",
    "1": ".#. ##. .#. .#. ###",
    "2": "### ..# ### #.. ###",
    "3": "### ..# ### ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# .#. .#.",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    "+": "... .#. ### .#. ...",
    "-": "... ... ### ... ...",
    ".": ". . . . #",
    "?": "### ..# .## ... .#.",
    "e": "... ### ##. #.. ###",
    "n": "... ##. #.# #.# #.#",
    "a": "... .## #.# #.# .##",
    "i": "# . # # #",
    "f": ".## .#. ### .#. .#.",
    " ": ". . . . .",
}
"""The pixels of each character, a row after the other."""


def big_lines(text: str, width: int, height: int, glyphs: Glyphs) -> list[str]:
    """Return a number in the largest characters that fit.

    Args:
        text: The number, as the screen writes it.
        width: The cells of a line.
        height: The lines that it may take.
        glyphs: The characters of the screen.

    Returns:
        Lines of the same width: five with two cells for a pixel, three with half a cell's height for one, or the text.
    """
    rows = _rows(text.replace("−", "-").replace(glyphs.infinity, "inf"))
    if rows is None or not text:
        return [text]
    columns = len(rows[0])
    if 2 * columns <= width and height >= ROWS:
        pixel = "#" if glyphs.is_ascii else "█"
        return ["".join(2 * pixel if on else "  " for on in row) for row in rows]
    if columns <= width and height >= (ROWS + 1) // 2 and not glyphs.is_ascii:
        pairs = zip(rows[::2], [*rows[1::2], [False] * columns], strict=True)
        return ["".join(_HALVES[above, below] for above, below in zip(*pair, strict=True)) for pair in pairs]
    return [text]


_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def _rows(text: str) -> list[list[bool]] | None:
    """Return the pixels of a text by rows, with a column between two characters; None if a character has none."""
    if any(char not in _PIXELS for char in text):
        return None
    parts: Sequence[Sequence[str]] = [_PIXELS[char].split(" ") for char in text]
    return [[pixel == "#" for pixel in ".".join(part[row] for part in parts)] for row in range(ROWS)]
