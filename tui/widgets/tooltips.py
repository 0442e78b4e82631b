"""Tooltips: a number's name and exact value, a key's help, a panel's title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual.content import Content

from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import Ref
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.status import footer, timeline_bar
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import LayerPanel, network_hit

TooltipMaker = Callable[[Panel, int, int, Session], str | None]

_ABOUT = {
    "network": "Units and edges; width and colour by weight, after backward by gradient. Click a unit to select it.",
    "layer": "Every matrix of one layer, as far as this pass has computed it. Click a number to select it.",
    "arithmetic": "Where the selected number comes from, first in symbols and then in numbers.",
    "output": "What the network answers, beside what it should. Click a sample, a bar or a pixel to select it.",
    "loss": "The loss over the run.",
}


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
    if point is None:
        about = _ABOUT.get(panel.id or "")
        text = None if about is None else f"{panel.full_title}\n{about}"
    else:
        make = _TIPS.get(panel.id or "")
        text = None if make is None else make(panel, *point, session)
    ascii_only = panel.palette.glyphs.is_ascii
    return None if text is None else "\n".join(to_display(line, ascii_only) for line in text.split("\n"))


def _exact_value(session: Session, ref: Ref) -> str | None:
    """Return a number's name and all its digits: ``w1[2,1] = 0.7081…``."""
    if not session.is_known(ref):
        return f"{ref.symbol}: not computed yet in this pass"
    try:
        value = value_of(session.engine, session.trace, ref)
    except (KeyError, IndexError):
        return None
    return f"{ref.symbol} = {value!r}".replace("-", "−")


def _layer(panel: Panel, x: int, y: int, session: Session) -> str | None:
    cell = panel.cell_at(x, y) if isinstance(panel, LayerPanel) else None
    return None if cell is None else _exact_value(session, layer_view.ref_of(session, cell))


def _network(panel: Panel, x: int, y: int, session: Session) -> str | None:
    hit = network_hit(panel, session, x, y)
    if hit is None:
        return None
    layer, unit = hit
    sample = session.ref.sample
    if not layer:
        return _exact_value(session, Ref("x", 0, unit, 0, sample))
    refs = (Ref("z", layer - 1, unit, 0, sample), Ref("a", layer - 1, unit, 0, sample))
    return "\n".join(filter(None, (_exact_value(session, ref) for ref in refs)))


def _footer(panel: Panel, x: int, y: int, session: Session) -> str | None:
    action = footer.hit(session, panel.palette, x, panel.size.width)
    return next((format_keys(key.help, session.key_labels) for key in KEYS if key.action == action), None)


def _timeline(panel: Panel, x: int, y: int, session: Session) -> str | None:
    if not session.run.reached:
        return "The run has no updates yet."
    update = timeline_bar.hit(session, x, panel.size.width)
    return f"Update {update:,} of {session.run.reached:,}: click or drag to stand there."


_TIPS: Mapping[str, TooltipMaker] = {"layer": _layer, "network": _network, "footer": _footer, "timeline": _timeline}
