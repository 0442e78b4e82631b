"""The page of one number: its exact value, its whole explanation, and its value for every sample of the batch."""

from __future__ import annotations

from dataclasses import replace

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt, fmt_quantity
from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import BY_SAMPLE
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display
from nn_tui.tui.session.scales import number_style
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import arithmetic
from nn_tui.tui.views.side_panel import draw_curve, has_curve
from nn_tui.tui.views.tips import raw_value

_MAX_SAMPLES = 500
_CURVE_WIDTH, _CURVE_HEIGHT = 48, 13
_LABEL_WIDTH = 11  # cells of the name of a sample


def title(session: Session) -> str:
    """Return the name of the selected number."""
    return session.ref.symbol


def document(session: Session, palette: Palette, width: int) -> list[Strip]:
    """Return the lines of the selected number's page, each ``width`` cells."""
    text, dim = palette.style("text"), palette.style("dim")
    ref = session.ref
    lines: list[Strip] = []

    def add(line: str, style: Style = text) -> None:
        lines.append(make_strip([Segment(fit(to_display(line, palette.glyphs.is_ascii), width), style)], width, text))

    is_known = session.is_known(ref)
    if is_known:
        value = value_of(session.engine, session.trace, ref)
        add(tr("exact value  {value}", value=repr(value)), palette.style("title"))
        if (raw := raw_value(session, ref)) is not None:
            shown = fmt_quantity(raw, session.digits, glyphs=palette.glyphs)
            add(tr("in the units of the data  {value}", value=shown), palette.style("title"))
    if ref.is_parameter or ref.quantity in ("x", "y"):
        words = tr("`e` edits it: the run goes on with another value, and the old run stays.")
        add(format_keys(words, session.key_labels), dim)
    add("")
    lines += arithmetic.document(session, palette, width)
    if has_curve(session) and width >= _CURVE_WIDTH:
        add("")
        curve = draw_curve(session, palette, _CURVE_WIDTH, _CURVE_HEIGHT)
        lines += [line.adjust_cell_length(width, text) for line in curve]
    if is_known and ref.quantity in BY_SAMPLE and ref.quantity != "slope" and session.trace.n > 1:
        add("")
        add(tr("for every sample of the batch ({count})", count=session.trace.n), palette.style("title"))
        for sample in range(min(session.trace.n, _MAX_SAMPLES)):
            value = value_of(session.engine, session.trace, replace(ref, sample=sample))
            mark = palette.glyphs.arrow if sample == ref.sample else " "
            label = tr("sample {sample}", sample=sample + 1)
            number = Segment(
                fmt(value, session.digits, glyphs=palette.glyphs).strip(), number_style(session, palette, ref, value)
            )
            lines.append(make_strip([Segment(f"{mark} {label:<{_LABEL_WIDTH}} ", text), number], width, text))
        if session.trace.n > _MAX_SAMPLES:
            more = session.trace.n - _MAX_SAMPLES
            add(f"  {tr_plural('{count:,} more sample', '{count:,} more samples', more)}", dim)
    if ref.quantity == "w" and not ref.after:
        add("")
        add(tr("Its gradient is one row below (arrow down), its step and w′ below that."), dim)
    return lines
