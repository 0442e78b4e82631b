"""Choosing what the chart and the output show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from textual import on

from nn_tui.core.refs import Ref
from nn_tui.tui.actions.base import SessionScreen
from nn_tui.tui.session.session import Session, Tab, select
from nn_tui.tui.views import chart_series, output
from nn_tui.tui.views.output_predictions import Found, unit_of
from nn_tui.tui.widgets.panel import Panel


class Viewing(SessionScreen):
    """The actions that go through charts and output views; a view out of sight is brought to the front first."""

    def action_chart(self) -> None:
        """Show the next chart."""
        if not self._bring("loss"):
            self.look(next_chart)

    def action_recent(self) -> None:
        """Show the last stretch of the run, or all of it."""
        self._bring("loss")
        self.look(toggle_recent)

    def action_log(self) -> None:
        """Switch the chart's scale."""
        self._bring("loss")
        self.look(toggle_log)

    def action_output_view(self) -> None:
        """Show the output in the next way."""
        if not self._bring("output"):
            self.look(next_output)

    def select_unit(self, ref: Ref) -> None:
        """Select a unit's number, and show what a hidden unit responds to where the output is the first view."""
        size = self.query_one("#output").size
        beside = output.joins_unit(self.session, size.width, size.height)
        self.look(lambda s: show_unit(select(s, ref), beside))

    @on(Panel.Clicked, "#output")
    def _select_sample(self, message: Panel.Clicked) -> None:
        size = message.panel.size
        found = output.hit(self.session, self.palette, size.width, size.height, message.x, message.y)
        if found is not None:
            self.look(lambda s: select(s, found) if isinstance(found, Ref) else show_sample(s, found))

    def _bring(self, tab: Tab) -> bool:
        """Choose the view ``tab`` if it is not on the screen; whether that was so."""
        if self.query_one(f"#{tab}").display and self.query_one(f"#{tab}").size.area:
            return False
        word = "output" if tab == "output" else "chart"
        again = "`y` shows the next one." if tab == "output" else "`v` shows the next one."
        self.look(lambda s: replace(s, tab=tab, message=f"Here is the {word}: {again}"))
        return True


def next_chart(session: Session) -> Session:
    """The next chart that says something about this run."""
    known = chart_series.names(session)
    here = known.index(session.chart) if session.chart in known else 0
    name = known[(here + 1) % len(known)]
    return replace(session, chart=name, message=chart_series.CHARTS[name].sentence)


def toggle_recent(session: Session) -> Session:
    """The last stretch of the run, or all of it."""
    words = "the whole run" if session.recent else f"the last {chart_series.RECENT} passes, or a tenth of the run"
    return replace(session, recent=not session.recent, message=f"The chart shows {words}.")


def toggle_log(session: Session) -> Session:
    """The other scale for the chart on screen; accuracy has only one."""
    name = chart_series.name_of(session)
    if name == "accuracy":
        return replace(session, message="Accuracy lies between 0 and 1: it has no logarithmic scale.")
    own = name == "loss" and not chart_series.is_far_apart(session)
    changed = replace(session, log=not session.log) if own else replace(session, swapped=session.swapped ^ {name})
    scale = "logarithmic" if chart_series.is_log(changed) else "linear"
    words = f"The loss is {scale}." if name == "loss" else f"This chart is {scale}; every chart has a scale of its own."
    return replace(changed, message=words)


def show_unit(session: Session, beside: bool) -> Session:
    """Let the output show the selected unit, unless the user chose a view or ``beside`` it is shown already."""
    known = output.views(session)
    unit = unit_of(session)
    hidden = unit is not None and unit[0] < len(session.engine.sizes) - 2
    if "unit" not in known or beside or output.chosen(session) not in (next(iter(known)), "unit"):
        return session
    if not hidden:
        return replace(session, output_view="")
    return replace(session, output_view="unit", message=f"{known['unit'].sentence} `y` goes on to the other views.")


def show_sample(session: Session, found: Found) -> Session:
    """Select the sample that was pointed at in the output, where the batch on screen has it."""
    name = f"Sample {found.row + 1} of the {'training' if found.part == 'train' else 'test'} part"
    told = f"{found.words}. " if found.words else ""
    if found.part == "test":
        return replace(session, message=f"{told}{name}: no pass trains on it, so that no batch has it.")
    rows = session.trace.rows
    places = [found.row] if rows is None else np.flatnonzero(rows == found.row).tolist()
    if not places:
        return replace(session, message=f"{told}{name} is not in the batch of this pass: `n` goes on to other batches.")
    chosen = select(session, replace(session.ref, sample=int(places[0])))
    where = "" if rows is None else f", {places[0] + 1} of {session.trace.n} in this batch"
    return replace(chosen, message=f"{told}{name}{where}.")


def next_output(session: Session) -> Session:
    """The output in the next way that fits the data."""
    known = output.views(session)
    names = list(known)
    if len(names) == 1:
        return replace(session, message="There is one way to show the output of this data.")
    name = names[(names.index(output.chosen(session)) + 1) % len(names)]
    return replace(session, output_view=name, message=known[name].sentence)
