"""Everything about one number: all its digits, its explanation, its value for every sample."""

from __future__ import annotations

from dataclasses import replace

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import BY_SAMPLE
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import arithmetic
from nn_tui.tui.views.side_panel import curve, has_curve

MOST_SAMPLES = 500
CURVE = (48, 13)  # cells


def title(session: Session) -> str:
    """The name of the selected number."""
    return session.ref.symbol


def document(session: Session, palette: Palette, width: int) -> list[Strip]:
    """The selected number in full: exact value, explanation, and its value for every sample of the batch."""
    text, dim = palette.style("text"), palette.style("dim")
    ref = session.ref
    lines: list[Strip] = []

    def add(words: str, style: Style = text) -> None:
        lines.append(make_strip([Segment(fit(to_display(words, palette.glyphs.is_ascii), width), style)], width, text))

    known = session.is_known(ref)
    if known:
        add(f"exact value  {value_of(session.engine, session.trace, ref)!r}", palette.style("accent"))
    if ref.key in ("w", "b", "x", "y"):
        add(f"{session.keys.get('e', 'e')} edits it: the run goes on with another value, the old run is kept.", dim)
    add("")
    lines += arithmetic.document(session, palette, width)
    if has_curve(session) and width >= CURVE[0]:
        add("")
        lines += [line.adjust_cell_length(width, text) for line in curve(session, palette, *CURVE)]
    if known and ref.key in BY_SAMPLE and ref.key != "slope" and session.trace.n > 1:
        add("")
        add(f"for every sample of the batch ({session.trace.n})", palette.style("title"))
        for sample in range(min(session.trace.n, MOST_SAMPLES)):
            value = value_of(session.engine, session.trace, replace(ref, sample=sample))
            mark = palette.glyphs.arrow if sample == ref.sample else " "
            add(f"{mark} sample {sample + 1:<4} {fmt(value, session.digits, glyphs=palette.glyphs)}")
        if session.trace.n > MOST_SAMPLES:
            add(f"  {session.trace.n - MOST_SAMPLES} more", dim)
    if ref.key == "w":
        add("")
        add("Its gradient is one row below (arrow down), its step and w′ below that.", dim)
    return lines
