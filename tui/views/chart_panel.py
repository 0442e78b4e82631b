"""The chart panel: one curve or more of the run, with the cursor's place and the values there."""

from __future__ import annotations

from collections.abc import Hashable

from textual.strip import Strip

from nn_tui.tui.draw.charts import draw_chart
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import chart_series, compare

DOTS = 256  # a run moves the curve by less than a dot until it has grown by this part of itself


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The chosen chart against updates, the cursor marked; log or linear, all of the run or its last stretch.

    Above it, where two runs are compared, the numbers of both.
    """
    chart = chart_series.chart_of(session)
    above = 0 if session.other is None else compare.height_of(height)
    plot = draw_chart(
        chart_series.shown_series(session, palette.glyphs), palette, width, height - above,
        log=chart_series.is_log(session), cursor=chart_series.cursor(session) if session.run.reached > 1 else None,
        guide=chart.guide, empty=format_keys(chart.empty, session.keys),
    )  # fmt: skip
    return [*compare.draw(session, palette, width, above), *plot]


def depends(session: Session) -> Hashable:
    """What the chart is drawn from; while running, to what a chart of a few hundred dots can show."""
    run = session.run
    length = run.reached if not session.recent else max(chart_series.RECENT, run.reached // 10)
    # In powers of two, or the dot's own growth would be a change with every frame.
    dot = 1 << max(0, (length // DOTS).bit_length() - 1) if session.running else 1
    moment = None if session.running else (session.trace.update, session.cursor)
    view = (session.chart, session.recent, session.log, session.swapped, session.running)
    other = None
    if session.other is not None:
        pass_of_other = None if session.other_trace is None else session.other_trace.update
        numbers = (session.trace.update, pass_of_other, session.ref, session.digits)
        other = (session.other, session.other.reached // dot, numbers)
    return (run, other, run.reached // dot, session.trace.update // dot, dot, moment, view, len(run.evaluations.items))


def title(session: Session, palette: Palette) -> str:
    """Which chart of how many, and the update whose values stand in it."""
    known = chart_series.names(session)
    chart = chart_series.chart_of(session)
    number = 1 + known.index(next(name for name in known if chart_series.CHARTS[name] is chart))
    parts = [f"{chart.title} {number}/{len(known)}"]
    if chart_series.is_log(session):
        parts.append(
            "log scale" if chart_series.name_of(session) == "loss" and chart_series.is_far_apart(session) else "log"
        )
    if session.recent:
        parts.append("recent")
    if chart.by_pass:
        parts.append(f"pass {session.trace.update}")
    else:
        parts.append(f"after update {session.updates_done}")
    return f" {palette.glyphs.dot} ".join(parts)
