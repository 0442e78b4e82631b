"""The card that the first start shows: the keys of one pass. Any key or click closes it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.tui.config.files import state_file, write_atomically
from nn_tui.tui.draw.key_markup import split_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display

_LINES = (
    "One pass of a network, in three keys:",
    "",
    "  `f`  forward: every z and a, then the loss",
    "  `b`  backward: every gradient; nothing moves yet",
    "  `u`  update: the optimiser moves the parameters",
    "",
    "Smaller steps with `␣`, and back with `⌫`.",
    "`?` shows all keys, `o` other problems, `q` leaves.",
    "The first key closes this, and does what it does.",
)  # fmt: skip


class Welcome(Widget):
    """A card over the main screen; it takes neither keys nor the focus."""

    def __init__(self, palette: Palette, key_labels: Mapping[str, str]) -> None:
        super().__init__(id="welcome")
        text = palette.style("text")
        ascii_only = palette.glyphs.is_ascii
        self.border_title = "Welcome"
        self._text_style = text
        self._lines = [
            [
                Segment(to_display(piece, ascii_only), palette.style("title") if is_key else text)
                for piece, is_key in split_keys(line, key_labels)
            ]
            for line in _LINES
        ]

    def render_line(self, y: int) -> Strip:
        """Return one line of the card."""
        return make_strip(self._lines[y] if y < len(self._lines) else [], self.size.width, self._text_style)


def record_first_start(environ: Mapping[str, str] = os.environ) -> bool:
    """Record in the state folder that the app has been started. Return True if this is the first start.

    If nothing can be recorded, no start counts as the first.
    """
    path = state_file(environ)
    try:
        if path.exists():
            return False
    except OSError:
        return False
    with contextlib.suppress(OSError):
        write_atomically(path, "# What nn-tui remembers; delete this file to be welcomed again.\nwelcomed = true\n")
    with contextlib.suppress(OSError):
        return path.exists()
    return False
