"""Tooltips: a number's name and exact value, a key's help, a panel's title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual.content import Content

from nn_tui.core.translation import tr
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.session.session import Session
from nn_tui.tui.status import footer, timeline_bar
from nn_tui.tui.view import Click
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.code import line_tip
from nn_tui.tui.views.tips import exact_value
from nn_tui.tui.widgets.code_panel import CodePanel
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import LayerPanel

TooltipMaker = Callable[[Panel, int, int, Session], str | None]


@dataclass(frozen=True, slots=True)
class PointerTarget:
    """The panel under the mouse pointer, and the point of its content; None on the border."""

    panel: Panel
    point: tuple[int, int] | None


def show_tooltip(target: PointerTarget, session: Session) -> None:
    """Give the panel under the pointer the tooltip for that point."""
    text = tooltip(target.panel, target.point, session)
    shown = str(target.panel.tooltip) if target.panel.tooltip is not None else None
    if text != shown:
        # Content, because the brackets of w1[2,1] would be read as markup in a plain string.
        target.panel.tooltip = None if text is None else Content(text)


def tooltip(panel: Panel, point: tuple[int, int] | None, session: Session) -> str | None:
    """Return the tooltip for a point of a panel's content, or for its border.

    Args:
        panel: The panel under the pointer.
        point: Column and line in its content, None for its border.
        session: The session on screen.

    Returns:
        The text, None if there is no tooltip.
    """
    view = VIEWS.get(panel.id or "")
    if point is None:
        text = None if view is None else f"{panel.full_title}\n{view.about}"
    elif view is not None and view.tip is not None:
        text = view.tip(session, Click(panel.palette, panel.size.width, panel.size.height, *point))
    else:
        make = _TIPS.get(panel.id or "")
        text = None if make is None else make(panel, *point, session)
    ascii_only = panel.palette.glyphs.is_ascii
    return None if text is None else "\n".join(to_display(line, ascii_only) for line in text.split("\n"))


def _layer(panel: Panel, x: int, y: int, session: Session) -> str | None:
    cell = panel.cell_at(x, y) if isinstance(panel, LayerPanel) else None
    return None if cell is None else exact_value(session, layer_view.ref_of(session, cell))


def _code(panel: Panel, x: int, y: int, session: Session) -> str | None:
    line = panel.line_at(y) if isinstance(panel, CodePanel) else None
    return None if line is None else line_tip(session, line)


def _footer(panel: Panel, x: int, y: int, session: Session) -> str | None:
    action = footer.hit(session, panel.palette, x, panel.size.width)
    return next((format_keys(str(key.help), session.key_labels) for key in KEYS if key.action == action), None)


def _timeline(panel: Panel, x: int, y: int, session: Session) -> str | None:
    if not session.run.reached:
        return tr("The run has no updates yet.")
    update = timeline_bar.hit(session, x, panel.size.width)
    return tr("Update {update:,} of {last:,}: click or drag to go there.", update=update, last=session.run.reached)


_TIPS: Mapping[str, TooltipMaker] = {"layer": _layer, "code": _code, "footer": _footer, "timeline": _timeline}
