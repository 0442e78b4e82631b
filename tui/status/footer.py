"""The footer: the keys that can act now, the most important ones first, as many as fit."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display
from nn_tui.tui.keys.keys import KEYS, KeyEntry
from nn_tui.tui.session.session import Session

_PHASE_ACTIONS = frozenset({"forward", "backward", "update"})


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the keys; those that run a phase have its colour."""
    base = palette.style("dim")
    segments = [Segment(" ", base)]
    for key, name, label in _items(session, width, palette.glyphs.is_ascii):
        is_phase = key.action in _PHASE_ACTIONS
        segments.append(Segment(name, palette.style(key.action if is_phase else "accent") + palette.style("title")))
        segments.append(Segment(f" {label}  ", palette.style(key.action) if is_phase else base))
    return [make_strip(segments, width, base)]


def hit(session: Session, palette: Palette, x: int, width: int) -> str | None:
    """Return the action of the key at column ``x``; None where there is none."""
    start = 1
    for key, name, label in _items(session, width, palette.glyphs.is_ascii):
        end = start + _width(name, label)
        if start <= x < end:
            return key.action
        start = end
    return None


def _items(session: Session, width: int, ascii_only: bool) -> list[tuple[KeyEntry, str, str]]:
    """Return the keys that fit, in the order of the table, as (key, name of the key, label)."""
    usable = [key for key in KEYS if key.footer_rank and key.can_act(session)]
    texts = {key.action: (_name(key, session, ascii_only), _label(key, session)) for key in usable}
    room = width - 1
    fitting: set[str] = set()
    for key in sorted(usable, key=lambda key: key.footer_rank):
        size = _width(*texts[key.action])
        if size <= room:
            fitting.add(key.action)
            room -= size
    return [(key, *texts[key.action]) for key in usable if key.action in fitting]


def _width(name: str, label: str) -> int:
    """Return the cells of a key and its label, with the space between them and two after it."""
    return cell_len(name) + cell_len(label) + 3


def _name(key: KeyEntry, session: Session, ascii_only: bool) -> str:
    return to_display(session.key_labels.get(key.key_label, key.key_label), ascii_only)


def _label(key: KeyEntry, session: Session) -> str:
    return tr("Pause") if key.action == "run" and session.running else str(key.label)
