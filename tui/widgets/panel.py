"""A panel: a thin widget around a pure drawing function, which repaints only the lines that changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Self

import numpy as np
from rich.cells import cell_len
from textual import events
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit
from nn_tui.tui.session.session import Session

Draw = Callable[[Session, Palette, int, int], list[Strip]]
Title = Callable[[Session, Palette], str]
CacheKey = Callable[[Session, int], Hashable]


class Panel(Widget):
    """A widget that shows a view of the session.

    Args:
        palette: The colours.
        draw: Draws the lines of the content from a session, a palette, a width and a height.
        title: Returns the title, which is shown in the border.
        id: The widget's id, which names the view.
        cache_key: Returns, for a height, a value that changes whenever the lines would change; None to draw for every
            session.
        low_priority: Whether the panel may be drawn less often than the others while a run trains.
        classes: Its classes for the style sheet.
    """

    _border_line: Region | None = None  # the line of the border that is being set
    _is_painting = False
    _was_painted = False
    _drawn: tuple[Size, Session] | None = None  # the size and the session of the lines

    title_continues_below = True  # parts of the title that do not fit are shown in the border below

    class Clicked(Message):
        """A click at (x, y) of a panel's content."""

        def __init__(self, panel: Panel, x: int, y: int) -> None:
            super().__init__()
            self.panel, self.x, self.y = panel, x, y

        @property
        def control(self) -> Panel:
            """The panel, for ``@on`` selectors."""
            return self.panel

    def __init__(
        self,
        palette: Palette,
        draw: Draw,
        title: Title | None = None,
        *,
        id: str,
        cache_key: CacheKey | None = None,
        low_priority: bool = False,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.palette = palette
        self.session: Session | None = None
        self._draw = draw
        self._title = title
        self._cache_key = cache_key
        self._low_priority = low_priority
        self._drawn_for: Hashable = None
        self._lines: list[Strip] = []
        self._border_texts: dict[str, str] = {}

    def show(self, session: Session, *, draw_low_priority: bool = True) -> None:
        """Draw the session and repaint the lines that differ; a panel of low priority only if ``draw_low_priority``."""
        self.session = session
        if not draw_low_priority and self._low_priority and self._lines:
            return  # a later frame will show it, with its title
        size = self.size
        if not self.display or not size.width or not size.height or not self.region:  # the last one: without a place
            self._lines = []
            return
        if self._title is not None:
            # The border keeps two cells at each end.
            self._show_title(self._title(session, self.palette), size.width - 4)
        drawn_for = None if self._cache_key is None else (size, self._cache_key(session, size.height))
        if drawn_for is not None and drawn_for == self._drawn_for and self._lines:
            return
        self._drawn_for = drawn_for
        old = self._lines
        with np.errstate(all="ignore"):  # the numbers of a run may overflow
            self._lines = self.lines(session, size.width, size.height)
        self._drawn = size, session
        if len(old) != len(self._lines):
            self.refresh()
            return
        pairs = enumerate(zip(old, self._lines, strict=True))
        regions = [_changed_region(before, after, y) for y, (before, after) in pairs if before != after]
        if regions:
            self.refresh(*regions)

    def _show_title(self, title: str, width: int) -> None:
        """Show the title; the parts that do not fit are shown in the border below."""
        separator = f" {self.palette.glyphs.dot} "
        parts = title.split(separator)
        if not self.title_continues_below:
            above, _ = _fitting_parts(parts, separator, width)
            self.set_border_text("title", above or self._cut(parts[0], width))
            return
        above, below = _title_and_subtitle(parts, separator, width)
        self.set_border_text("title", above or self._cut(parts[0], width))
        self.set_border_text("subtitle", below)

    def _cut(self, text: str, width: int) -> str:
        """Cut a text to ``width`` cells: Textual's own ellipsis is not in ASCII."""
        return fit(text, width, ellipsis=self.palette.glyphs.ellipsis)

    def set_border_text(self, side: str, text: str) -> None:
        """Set the border's "title" or "subtitle"; repaint that line of the border if the text is new."""
        if self._border_texts.get(side) == text:
            return
        self._border_texts[side] = text
        line = -1 if side == "title" else self.size.height
        self._border_line = Region(-1, line, self.size.width + 2, 1)
        setattr(self, f"border_{side}", text)  # would refresh the whole widget without the override of refresh()
        self._border_line = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Repaint ``regions`` of the content, or all of it; while a border text is set, only its line."""
        if self._is_painting:
            return self
        if self._border_line is not None and not regions:
            regions = (self._border_line,)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the app's filters without the one that replaces ANSI colours: it costs 2 ms a key on a large screen.

        The palette `ansi`, the only one with such colours, keeps them and has that filter switched off.
        """
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    @property
    def full_title(self) -> str:
        """The whole title, even if it does not fit in the border."""
        return "" if self._title is None or self.session is None else self._title(self.session, self.palette)

    def recolor(self, palette: Palette) -> None:
        """Take another palette; the next ``show`` draws everything with it."""
        self.palette = palette
        self._lines = []
        self._drawn_for = None

    def lines(self, session: Session, width: int, height: int) -> list[Strip]:
        """Return the lines of the content."""
        return self._draw(session, self.palette, width, height)

    def on_resize(self) -> None:
        """Draw for the new size."""
        if self._lines and self._drawn == (self.size, self.session):
            return  # the first paint has already drawn it
        self._lines = []
        if self.session is not None:
            self.show(self.session)

    def on_show(self) -> None:
        """Draw the session if it was not drawn while the panel was hidden."""
        if self.session is not None and not self._lines:
            self.show(self.session)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines within ``crop``. A paint may come before the resize or the show event, so it draws them."""
        if not self._lines and self.session is not None:
            if self._was_painted:  # Textual keeps painted lines: those of the session before the panel was hidden
                self.refresh()
            self._is_painting = True  # no refresh, because everything is being painted
            self.show(self.session)
            self._is_painting = False
        self._was_painted = True
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return one line of the content."""
        # The palette's styles name their background, so that a line goes to the screen as it was drawn.
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Post the position of the click."""
        offset = event.get_content_offset(self)
        if offset is not None and self.session is not None:
            self.post_message(self.Clicked(self, offset.x, offset.y))


def _fitting_parts(parts: Sequence[str], separator: str, width: int) -> tuple[str, int]:
    """Return the first parts of a title that fit ``width`` cells, joined, and how many they are; none is cut in two."""
    count = len(parts)
    while count and cell_len(separator.join(parts[:count])) > width:
        count -= 1
    return separator.join(parts[:count]), count


def _title_and_subtitle(parts: Sequence[str], separator: str, width: int) -> tuple[str, str]:
    """Return the texts of the upper and the lower border.

    If not all parts fit, the first one is left out, because a view shows what it is; then those before the last one,
    which says to which update the numbers belong.
    """
    for shown in (parts, parts[1:]):
        above, used = _fitting_parts(shown, separator, width)
        below, rest = _fitting_parts(shown[used:], separator, width)
        if used and used + rest == len(shown):
            return above, below
    above, used = _fitting_parts(parts, separator, width)
    rests = (separator.join(parts[start:]) for start in range(max(1, used), len(parts)))
    return above, next((text for text in rests if cell_len(text) <= width), "")


def _changed_region(old: Strip, new: Strip, y: int) -> Region:
    """Return the part of line ``y`` that differs, without the segments at both ends that are the same."""
    if old.cell_length != new.cell_length:
        return Region(0, y, new.cell_length, 1)
    old_segments, new_segments = list(old), list(new)
    same, start = 0, 0  # segments at the beginning that are the same, and their cells
    for before, after in zip(old_segments, new_segments, strict=False):
        if before != after:
            break
        start += after.cell_length
        same += 1
    end = new.cell_length
    for before, after in zip(reversed(old_segments[same:]), reversed(new_segments[same:]), strict=False):
        if before != after:
            break
        end -= after.cell_length
    return Region(start, y, max(1, end - start), 1)
