"""The timeline bar: the run from update 0 to the last computed update, with a mark at the current update."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip
from nn_tui.tui.session.session import Session

_START = " 0 "


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the bar with its marks, then the last update and, if there are several runs, the name of the run."""
    glyphs, run, last = palette.glyphs, session.run, session.run.finished
    text, dim, accent = palette.style("text"), palette.style("dim"), palette.style("accent")
    end_label = f" {last}" + (f" {glyphs.diverged}" if run.divergence else "")
    bar_width = _bar_width(session, width)

    def column(update: int) -> int:
        return round(min(update, last) / max(1, last) * (bar_width - 1))

    current = column(session.updates_done)
    bar = [(glyphs.hline_thick, accent)] * current + [(glyphs.hline, dim)] * (bar_width - current)
    for update, mark, style in _marks(session, palette):
        bar[column(update)] = (mark, style)
    bar[current] = (glyphs.node, palette.style("current"))
    segments = [
        Segment(_START, dim),
        *(Segment("".join(mark for mark, _ in run_), style) for style, run_ in groupby(bar, key=itemgetter(1))),
        Segment(end_label, palette.style("bad") if run.divergence else dim),
        Segment(_run_label(session), text),
    ]
    return [make_strip(segments, width, text)]


def hit(session: Session, x: int, width: int) -> int:
    """Return the update at column ``x`` of a timeline of ``width`` cells."""
    bar_width = _bar_width(session, width)
    column = min(max(x - len(_START), 0), bar_width - 1)
    return round(column / max(1, bar_width - 1) * session.run.finished)


def _marks(session: Session, palette: Palette) -> list[tuple[int, str, Style]]:
    """Return bookmarks, edits and divergence as (update, character, style); a later one covers an earlier one."""
    run, glyphs = session.run, palette.glyphs
    marks = [(update, "*", palette.style("title")) for update in session.bookmarks if update <= run.reached]
    marks += [(segment.start, glyphs.edit, palette.style("title")) for segment in run.segments[1:]]
    if run.divergence:
        marks.append((run.divergence.update, glyphs.diverged, palette.style("bad")))
    return marks


def _bar_width(session: Session, width: int) -> int:
    """Return the cells of the bar itself, between the labels at its ends."""
    labels = len(f" {session.run.finished}") + (2 if session.run.divergence else 0) + cell_len(_run_label(session))
    return max(1, width - labels - len(_START) - 1)


def _run_label(session: Session) -> str:
    if len(session.runs) < 2:
        return ""
    return " " + tr("run {number} of {count}", number=session.active + 1, count=len(session.runs))
