"""The footer: only the keys that can act now, the most telling first, as many as fit."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display
from nn_tui.tui.keys.keys import KEYS, Key
from nn_tui.tui.session.session import Session

PHASE_KEYS = {"forward", "backward", "update"}


def _items(session: Session, width: int, ascii_only: bool) -> list[tuple[Key, str, str]]:
    """The keys that fit, in table order; less important ones are dropped first."""
    usable = [key for key in KEYS if key.footer and key.can_act(session)]
    texts = {key.action: (to_display(_written(key, session), ascii_only), _label(key, session)) for key in usable}
    room = width - 1
    kept: set[str] = set()
    for key in sorted(usable, key=lambda key: key.footer):
        size = cell_len(texts[key.action][0]) + cell_len(texts[key.action][1]) + 3
        if size <= room:
            kept.add(key.action)
            room -= size
    return [(key, *texts[key.action]) for key in usable if key.action in kept]


def _written(key: Key, session: Session) -> str:
    return session.keys.get(key.shown, key.shown)


def _label(key: Key, session: Session) -> str:
    return "Pause" if key.action == "run" and session.running else key.label


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """One line of keys."""
    base = palette.style("dim")
    segments = [Segment(" ", base)]
    for key, shown, label in _items(session, width, palette.glyphs.is_ascii):
        lit = key.action in PHASE_KEYS
        segments.append(Segment(shown, palette.style(key.action if lit else "accent") + palette.style("title")))
        segments.append(Segment(f" {label}  ", palette.style(key.action) if lit else base))
    return [make_strip(segments, width, base)]


def hit(session: Session, palette: Palette, x: int, width: int) -> str | None:
    """The action under column ``x``."""
    at = 1
    for key, shown, label in _items(session, width, palette.glyphs.is_ascii):
        end = at + cell_len(shown) + cell_len(label) + 3
        if at <= x < end:
            return key.action
        at = end
    return None
