"""The card that the first start shows: learn or explore, and the keys of one pass. Any key or click closes it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.core.lesson.loader import lesson_ids
from nn_tui.core.saved.atomic_write import write_atomically
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.config.files import state_file
from nn_tui.tui.draw.key_markup import format_keys, split_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display, wrap

_LESSON_KEY = "enter"
_TEXT: tuple[tuple[str, Message | str], ...] = (
    ("", message("`enter`  Learn: {count} short lessons, from one neuron on", count=len(lesson_ids()))),
    ("", message("`esc`    Explore: look around on your own")),
    ("", ""),
    ("", message("One pass of a network takes three keys:")),
    ("", ""),
    ("  ", message("`f`  forward: every z and a, then the loss")),
    ("  ", message("`b`  backward: every gradient; no weight changes yet")),
    ("  ", message("`u`  update: change the weights and biases")),
    ("", ""),
    ("", message("Take smaller steps with `␣`; go back with `⌫`.")),
    ("", message("`?` shows all keys, `o` opens presets and tables (.csv), `q` quits.")),
    ("", message("Any key but `enter` closes this card and does its usual work.")),
)
"""The lines of the card, each with its indent."""


class Welcome(Widget):
    """A card over the main screen; it takes neither keys nor the focus."""

    def __init__(self, palette: Palette, key_labels: Mapping[str, str]) -> None:
        super().__init__(id="welcome")
        ascii_only = palette.glyphs.is_ascii
        self.border_title = to_display(tr("Welcome"), ascii_only)
        self._palette = palette
        self._key_labels = key_labels
        self._texts = [(indent, str(text)) for indent, text in _TEXT]

    def is_choosing_lesson(self, event: events.Key | events.MouseDown) -> bool:
        """Return whether a key or a click chooses the lessons, which are in the first line of the card."""
        if isinstance(event, events.Key):
            return event.key == _LESSON_KEY
        offset = event.screen_offset - self.content_region.offset
        return self.content_region.contains_point(event.screen_offset) and offset.y == 0

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Return the width of the longest line."""
        return max(cell_len(indent + format_keys(text, self._key_labels)) for indent, text in self._texts)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines at a width."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[str]:
        """Return the lines, wrapped; keys are in backquotes."""
        return [line for indent, text in self._texts for line in _wrapped(indent, text, width)]

    def render_line(self, y: int) -> Strip:
        """Return one line of the card."""
        lines, style = self._lines(self.size.width), self._palette.style("text")
        line = lines[y] if y < len(lines) else ""
        segments = [
            Segment(to_display(piece, self._palette.glyphs.is_ascii), self._palette.style("title") if is_key else style)
            for piece, is_key in split_keys(line, self._key_labels)
        ]
        return make_strip(segments, self.size.width, style)


def _wrapped(indent: str, text: str, width: int) -> list[str]:
    """Return a text in lines of at most ``width`` cells; as it is if it fits."""
    is_short = cell_len(indent + text.replace("`", "")) <= width
    return [indent + text] if is_short else wrap(text, width, indent=indent)


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
        write_atomically(path, "# nn-tui has shown its welcome; delete this file to see it again.\nwelcomed = true\n")
    with contextlib.suppress(OSError):
        return path.exists()
    return False
