"""A panel: a thin widget around a pure drawing function, which repaints only the lines that changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Self

import numpy as np
from rich.cells import cell_len
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit
from nn_tui.tui.session.session import Session

Draw = Callable[[Session, Palette, int, int], list[Strip]]
Title = Callable[[Session, Palette], str]
Depends = Callable[[Session], Hashable]


class Panel(Widget):
    """A view of the session; ``draw`` makes its lines, ``title`` what stands in its border.

    ``depends`` says what the lines are made from, where that is less than the session; ``deferred`` says that
    while running it may be drawn less often than the others.
    """

    _edge: Region | None = None  # the line of the border that is being written
    _painting = False
    _drawn: tuple[Size, Session] | None = None  # what the lines show

    spills = True  # what the title has no room for stands in the border below

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
        depends: Depends | None = None,
        deferred: bool = False,
    ) -> None:
        super().__init__(id=id)
        self.palette = palette
        self.session: Session | None = None
        self._draw = draw
        self._title = title
        self._depends = depends
        self._deferred = deferred
        self._drawn_for: Hashable = None
        self._lines: list[Strip] = []
        self._written: dict[str, str] = {}

    def show(self, session: Session, *, draw_deferred: bool = True) -> None:
        """Draw the session and repaint the lines that differ; a deferred panel only if ``draw_deferred``."""
        self.session = session
        if not draw_deferred and self._deferred and self._lines:
            return  # a later frame will show it; what is drawn belongs with the title that stands there
        size = self.size
        if not self.display or not size.width or not size.height:
            self._lines = []
            return
        if self._title is not None:
            title = self._title(session, self.palette)
            room = size.width - 4  # the border keeps two cells at each end
            separator = f" {self.palette.glyphs.dot} "
            below = ""
            while cell_len(title) > room and separator in title:  # a part less says more than a part cut in two
                title, _, part = title.rpartition(separator)
                below = separator.join(filter(None, (part, below)))
            if cell_len(title) > room:  # cut here, because Textual's own ellipsis is not in ASCII
                title = fit(title, room, ellipsis=self.palette.glyphs.ellipsis)
            self.write_edge("title", title)
            if self.spills:
                self.write_edge("subtitle", below if cell_len(below) <= room else "")
        drawn_for = None if self._depends is None else (size, self._depends(session))
        if drawn_for is not None and drawn_for == self._drawn_for and self._lines:
            return
        self._drawn_for = drawn_for
        old = self._lines
        with np.errstate(all="ignore"):  # a run may hold any number, and its views work with all of them
            self._lines = self.lines(session, size.width, size.height)
        self._drawn = size, session
        if len(old) != len(self._lines):
            self.refresh()
            return
        regions = [
            _changed(one, other, y) for y, (one, other) in enumerate(zip(old, self._lines, strict=True)) if one != other
        ]
        if regions:
            self.refresh(*regions)

    def write_edge(self, side: str, text: str) -> None:
        """Set the border's ``title`` or ``subtitle``; repaints that line of the border, and only if it is new."""
        if self._written.get(side) == text:
            return
        self._written[side] = text
        line = -1 if side == "title" else self.size.height
        self._edge = Region(-1, line, self.size.width + 2, 1)
        setattr(self, f"border_{side}", text)  # which refreshes the whole widget, but for refresh() below
        self._edge = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Repaint ``regions`` of the content, or all; while a title is set, its line alone."""
        if self._painting:
            return self
        if self._edge is not None and not regions:
            regions = (self._edge,)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    @property
    def full_title(self) -> str:
        """The title without regard to the room that the border has for it."""
        return "" if self._title is None or self.session is None else self._title(self.session, self.palette)

    def recolor(self, palette: Palette) -> None:
        """Take another palette; the next :meth:`show` draws everything with it."""
        self.palette = palette
        self._lines = []
        self._drawn_for = None

    def lines(self, session: Session, width: int, height: int) -> list[Strip]:
        """The content's lines."""
        return self._draw(session, self.palette, width, height)

    def on_resize(self) -> None:
        """Draw for the new size."""
        if self._lines and self._drawn == (self.size, self.session):
            return  # the first paint has drawn it
        self._lines = []
        if self.session is not None:
            self.show(self.session)

    def on_show(self) -> None:
        """Draw what was not drawn while hidden."""
        if self.session is not None and not self._lines:
            self.show(self.session)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines within ``crop``, drawn now if they are not: the first paint comes before the first resize."""
        if not self._lines and self.session is not None:
            self._painting = True  # what is new is being painted anyway
            self.show(self.session)
            self._painting = False
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line on the panel's own background."""
        # The palette's styles name their background, so that a line goes to the screen as it was drawn.
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Tell the screen where it was clicked."""
        offset = event.get_content_offset(self)
        if offset is not None and self.session is not None:
            self.post_message(self.Clicked(self, offset.x, offset.y))


def _changed(old: Strip, new: Strip, y: int) -> Region:
    """The part of line ``y`` that is not as it was: without the segments that both begin and end with."""
    if old.cell_length != new.cell_length:
        return Region(0, y, new.cell_length, 1)
    one, other = list(old), list(new)
    start, begin = 0, 0
    for was, now in zip(one, other, strict=False):
        if was != now:
            break
        begin += now.cell_length
        start += 1
    end = new.cell_length
    for was, now in zip(reversed(one[start:]), reversed(other[start:]), strict=False):
        if was != now:
            break
        end -= now.cell_length
    return Region(begin, y, max(1, end - begin), 1)
