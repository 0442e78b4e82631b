"""Painting panels without composing the screen: what a panel has drawn goes to the terminal as it is.

Textual lays every widget's lines over one another and cuts them into pieces, for any repaint. Panels lie side by
side and know their lines, so that a repaint of panels alone needs none of it. Everything else, and a panel that
something covers, is left to Textual.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.tui.widgets.panel import Panel

Piece = tuple[int, int, Panel, Region]  # column and line on the screen, whose, and where in the panel's content
Around = tuple[str, str]  # what stands before and after a text in some style


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel on the screen: all of it with its border, and its content."""

    panel: Panel
    whole: Region
    content: Region


class Codes(dict[Style, Around]):
    """The control sequences of each style, made when it is first met."""

    def __init__(self, filters: Sequence[LineFilter], background: Color, console: Console) -> None:
        super().__init__()
        self.made_for = (tuple(filters), background, console.color_system)
        self._console = console

    def __missing__(self, style: Style) -> Around:
        filters, background, _ = self.made_for
        strip = Strip([Segment("x", style)], 1)
        for each in filters:
            strip = strip.apply_filter(each, background)
        before, _, after = strip.render(self._console).rpartition("x")
        self[style] = before, after
        return before, after


class DirectUpdate(CompositorUpdate):
    """Pieces of panels to paint."""

    def __init__(self, pieces: Sequence[Piece], codes: Callable[[Panel, Console], Codes]) -> None:
        self._pieces = pieces
        self._codes = codes

    def render_segments(self, console: Console) -> str:
        """The pieces as the terminal takes them."""
        out: list[str] = []
        codes = self._codes(self._pieces[0][2], console)  # all panels have one background
        for x, y, panel, region in self._pieces:
            out.append(f"\x1b[{y + 1};{x + 1}H")
            if region.y < 0 or region.y >= panel.size.height:
                out.append(_edge(panel, region).render(console))
            else:
                for text, style in _cut(panel.drawn(region.y), region.x, region.right):
                    before, after = codes[style]
                    out += (before, text, after)
        return "".join(out)


def _edge(panel: Panel, region: Region) -> Strip:
    """A line of the panel's border."""
    gutter = panel.styles.gutter
    line = Region(0, region.y + gutter.top, panel.outer_size.width, 1)
    return panel.render_lines(line)[0].crop(region.x + gutter.left, region.right + gutter.left)


def _cut(line: Strip, start: int, end: int) -> list[tuple[str, Style]]:
    """The texts of a line between two columns, neighbours of one style joined."""
    if start > 0 or end < line.cell_length:
        line = line.crop(start, end)
    out: list[tuple[str, Style]] = []
    for text, style, _ in line:
        ink = style or Style.null()
        if out and out[-1][1] is ink:
            out[-1] = out[-1][0] + text, ink
        else:
            out.append((text, ink))
    return out


class DirectCompositor(Compositor):
    """Textual's compositor, which paints panels without composing where it can."""

    def __init__(self) -> None:
        super().__init__()
        self._arranged: object = None
        self._shown: list[Shown] = []
        self._inks: Codes | None = None

    def render_partial_update(self) -> ChopsUpdate | None:
        """What is dirty, painted by the panels that it lies in, or else composed."""
        pieces = self._pieces()
        if not pieces:
            return super().render_partial_update()
        self._dirty_regions.clear()
        return DirectUpdate(pieces, self._codes_of)  # type: ignore[return-value]  # Textual asks for its text alone

    def _pieces(self) -> list[Piece]:
        """Every dirty line as a part of the panel it lies in; nothing if one lies elsewhere."""
        shown = self._uncovered()
        pieces: list[Piece] = []
        for dirty in self._dirty_regions:
            found = next((each for each in shown if each.whole.contains_region(dirty)), None)
            if found is None:
                return []
            content = found.content
            inside = dirty.x >= content.x and dirty.right <= content.right
            for y in dirty.line_range:
                if not inside and content.y <= y < content.bottom:
                    return []
                line = Region(dirty.x - content.x, y - content.y, dirty.width, 1)
                pieces.append((dirty.x, y, found.panel, line))
        return pieces

    def _uncovered(self) -> list[Shown]:
        """The panels on the screen; none while something lies over one of them."""
        visible = self.visible_widgets
        if visible is self._arranged:
            return self._shown
        self._arranged = visible
        panels = {
            widget: region
            for widget, (region, clip) in visible.items()
            if isinstance(widget, Panel) and clip.contains_region(region)
        }
        under = {node for panel in panels for node in panel.ancestors}
        others = [region.intersection(clip) for widget, (region, clip) in visible.items()
                  if widget not in under and widget not in panels]  # fmt: skip
        covered = any(other.overlaps(region) for other in others for region in panels.values())
        self._shown = [] if covered else [
            Shown(panel, region, region.shrink(panel.styles.gutter)) for panel, region in panels.items()
        ]  # fmt: skip
        return self._shown

    def _codes_of(self, panel: Panel, console: Console) -> Codes:
        filters, background = tuple(panel.get_line_filters()), panel.background_colors[1]
        if self._inks is None or self._inks.made_for != (filters, background, console.color_system):
            self._inks = Codes(filters, background, console)
        return self._inks
