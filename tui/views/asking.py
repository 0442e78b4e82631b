"""Views that are computed from the parameters or from the whole run: they are hidden while a question is open."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from textual.strip import Strip

from nn_tui.core.translation import Message, tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, text_strip, to_display, wrap
from nn_tui.tui.session.blanked import is_blanked
from nn_tui.tui.session.session import Session

Draw = Callable[[Session, Palette, int, int], list[Strip]]
Title = Callable[[Session, Palette], str]


def hidden_while_asking(draw: Draw) -> Draw:
    """Return a drawing function that says in place of the view why it is hidden."""

    def drawn(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
        if not is_blanked(session):
            return draw(session, palette, width, height)
        reason = tr("Hidden until you have answered: it would show the number.")
        if session.is_presented:
            reason = tr("Hidden until the next key: it would show the number.")
        text = to_display(reason, palette.glyphs.is_ascii)
        lines = [text_strip(line, width, palette.style("dim")) for line in wrap(text, width)]
        blank = make_strip([], width, palette.style("text"))
        above = max(0, (height - len(lines)) // 2)
        return [*[blank] * above, *lines, *[blank] * (height - above - len(lines))][:height]

    return drawn


def title_while_asking(title: Title, name: Message) -> Title:
    """Return a title that is only the name of the view while a question is open."""
    return lambda session, palette: str(name) if is_blanked(session) else title(session, palette)


def key_while_asking(key: Callable[[Session, int], Hashable]) -> Callable[[Session, int], Hashable]:
    """Return a cache key that also changes when the view is hidden or shown."""
    return lambda session, height: None if is_blanked(session) else (key(session, height),)
