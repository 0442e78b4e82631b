"""The tab bar: the views of a narrow screen with the keys that open them."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display
from nn_tui.tui.registry import TABS, VIEWS
from nn_tui.tui.session.session import Session


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the tabs with the open one highlighted."""
    text = palette.style("text")
    segments = [Segment(" ", text)]
    for tab, label in zip(TABS, _labels(session, palette, width), strict=True):
        segments.append(Segment(label, palette.style("selected" if tab == session.tab else "dim")))
        segments.append(Segment(" ", text))
    return [make_strip(segments, width, text)]


def hit(session: Session, palette: Palette, x: int, width: int) -> str | None:
    """Return the name of the view whose tab is at column ``x`` of a bar of that width; None where there is none."""
    start = 1
    for name, label in zip(TABS, _labels(session, palette, width), strict=True):
        end = start + cell_len(label)
        if start <= x < end:
            return name
        start = end + 1
    return None


def _labels(session: Session, palette: Palette, width: int) -> list[str]:
    """Return each tab's key and title; the key is the tab's number unless the user has moved it.

    They have spaces around them if all tabs have room for that. If there is not even room for the titles, only the
    open tab has one.
    """
    keys = [session.key_labels.get(str(number), str(number)) for number in range(1, len(VIEWS) + 1)]
    pairs = zip(keys, VIEWS.values(), strict=True)
    labels = [to_display(f"{key} {view.label}", palette.glyphs.is_ascii) for key, view in pairs]
    short = [label if tab == session.tab else key for tab, key, label in zip(TABS, keys, labels, strict=True)]
    forms = ([f" {label} " for label in labels], labels)
    return next((form for form in forms if 1 + sum(cell_len(label) + 1 for label in form) <= width), short)
