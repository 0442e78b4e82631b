"""The arithmetic for a projector: the selected number in large characters, then the chain rule, then the rest."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt
from nn_tui.core.explain.explain import value_of
from nn_tui.core.translation import tr
from nn_tui.tui.draw.big_text import big_lines
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display
from nn_tui.tui.session.scales import number_style
from nn_tui.tui.session.session import Session
from nn_tui.tui.view import Click
from nn_tui.tui.views import notes
from nn_tui.tui.views.explanation_layout import layout_explanation

_MIN_TEXT_LINES = 2  # below the large number
_DIGITS = 6  # of a number if the screen shows all


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the large number and the explanation for a projector; otherwise the notes or the arithmetic."""
    if not session.is_presented:
        return notes.draw(session, palette, width, height)
    lines = _number_lines(session, palette, width, max(1, height - _MIN_TEXT_LINES))
    layout = layout_explanation(session, palette, width, history=False)
    order = _chain_first(layout.groups, len(layout.lines), is_known=session.is_known(session.ref))
    blank = make_strip([], width, palette.style("text"))
    if len(lines) + 1 + len(order) <= height:
        lines.append(blank)
    lines += [layout.lines[index] for index in order]
    return [*lines, *[blank] * (height - len(lines))][:height]


def title(session: Session, palette: Palette) -> str:
    """Return the title: for a projector only the name of the number."""
    if not session.is_presented:
        return notes.title(session, palette)
    text = tr("Arithmetic {dot} {symbol}", dot=palette.glyphs.dot, symbol=session.ref.symbol)
    return to_display(text, palette.glyphs.is_ascii)


def click(session: Session, click: Click) -> Session:
    """Follow the number that was clicked, except for a projector, where the lines have another order."""
    return session if session.is_presented else notes.click(session, click)


def _number_lines(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Return the selected number as large as it fits; a question mark while it is still to come or hidden."""
    text, style = "?", palette.style("title")
    if session.is_known(session.ref):
        value = value_of(session.engine, session.trace, session.ref)
        text = fmt(value, session.digits or _DIGITS, sign=False, glyphs=palette.glyphs).strip()
        style = number_style(session, palette, session.ref, value)
    name = to_display(f" {session.ref.symbol} = ", palette.glyphs.is_ascii)
    large = big_lines(text, width - len(name) - 1, height, palette.glyphs)
    middle = len(large) // 2
    return [
        make_strip(
            [
                Segment(name if row == middle else " " * len(name), palette.style("title")),
                Segment(line, palette.style("title") if len(large) > 1 else style),
            ],
            width,
            palette.style("text"),
        )
        for row, line in enumerate(large)
    ]


def _chain_first(groups: list[list[int]], count: int, *, is_known: bool) -> list[int]:
    """Return the indices of the lines of an explanation: those of its most important group first, then the others.

    Without a chain rule the formula is the most important one. The sentence above a number that is still to come is
    left out.
    """
    skipped = set() if is_known or not groups else {*groups[0]}
    shown = groups if is_known else groups[1:]
    starts = [group[0] for group in shown if group]
    first = max((group for group in shown if group[:1] == starts[:1]), key=len, default=[])
    return [*first, *(index for index in range(count) if index not in {*first, *skipped})]
