"""The one sentence that is shown on a terminal with too little room for the views."""

from __future__ import annotations

from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import text_strip, wrap
from nn_tui.tui.session.session import Session

MIN_WIDTH, MIN_HEIGHT = 60, 20
"""The smallest terminal, in cells, on which the views are shown."""


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the sentence in the middle of ``height`` lines of ``width`` cells."""
    by = palette.glyphs.by
    sentence = tr(
        "nn-tui needs {needed} cells; this terminal has {size}.",
        needed=f"{MIN_WIDTH}{by}{MIN_HEIGHT}", size=f"{width}{by}{height}",
    )  # fmt: skip
    lines = wrap(sentence, width)[:height]
    above = (height - len(lines)) // 2
    centred = [line.center(width) for line in lines]
    style = palette.style("text")
    return [text_strip(line, width, style) for line in [*[""] * above, *centred, *[""] * (height - above - len(lines))]]
