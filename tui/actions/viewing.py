"""Choosing the chart and the view of the output."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from textual import on

from nn_tui.core.refs import Ref
from nn_tui.tui.actions.base import SessionScreen
from nn_tui.tui.session.session import Session, Tab, select
from nn_tui.tui.views import chart_panel, chart_series
from nn_tui.tui.views.output import output_views
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.views.output.predictions import SampleHit, selected_unit
from nn_tui.tui.widgets.panel import Panel


class ViewActions(SessionScreen):
    """The actions that choose a chart or an output view; a view that is not visible is shown first."""

    def action_chart(self) -> None:
        """Show the next chart."""
        if not self._reveal("loss"):
            self.change_view(next_chart)

    def action_recent(self) -> None:
        """Show the last part of the run, or all of it."""
        self._reveal("loss")
        self.change_view(toggle_recent)

    def action_log(self) -> None:
        """Switch the chart's scale."""
        self._reveal("loss")
        self.change_view(toggle_log)

    def action_output_view(self) -> None:
        """Show the next view of the output."""
        if not self._reveal("output"):
            self.change_view(next_output)

    def select_unit(self, ref: Ref) -> None:
        """Select a unit's number, and show a hidden unit's response in the output if its first view is chosen."""
        size = self.query_one("#output").size
        is_visible = output_views.shows_unit_response(self.session, size.width, size.height)
        self.change_view(lambda s: show_unit(select(s, ref), is_visible))

    @on(Panel.Clicked, "#output")
    def _select_sample(self, message: Panel.Clicked) -> None:
        size = message.panel.size
        hit = output.hit(self.session, self.palette, size.width, size.height, message.x, message.y)
        if hit is not None:
            self.change_view(lambda s: select(s, hit) if isinstance(hit, Ref) else show_sample(s, hit))

    def _reveal(self, tab: Tab) -> bool:
        """Show the view ``tab`` if it is not visible; return whether it was not."""
        if self.query_one(f"#{tab}").display and self.query_one(f"#{tab}").size.area:
            return False
        name = "output" if tab == "output" else "chart"
        again = "`y` shows the next one." if tab == "output" else "`v` shows the next one."
        self.change_view(lambda s: replace(s, tab=tab, message=f"Here is the {name}: {again}"))
        return True


def next_chart(session: Session) -> Session:
    """Take the next chart that has something to show for this run."""
    names = chart_panel.available_charts(session)
    index = names.index(session.chart) if session.chart in names else 0
    name = names[(index + 1) % len(names)]
    return replace(session, chart=name, message=chart_series.CHARTS[name].sentence)


def toggle_recent(session: Session) -> Session:
    """Show the last part of the run, or all of it."""
    part = "the whole run" if session.recent else f"the last {chart_panel.RECENT_PASSES} passes, or a tenth of the run"
    return replace(session, recent=not session.recent, message=f"The chart shows {part}.")


def toggle_log(session: Session) -> Session:
    """Take the other scale for the chart on screen; accuracy has only one."""
    name = chart_panel.current_name(session)
    if name == "accuracy":
        return replace(session, message="Accuracy lies between 0 and 1: it has no logarithmic scale.")
    own = name == "loss" and not chart_panel.are_far_apart(session)
    changed = replace(session, log=not session.log) if own else replace(session, swapped=session.swapped ^ {name})
    scale = "logarithmic" if chart_panel.is_log(changed) else "linear"
    text = f"The loss is {scale}." if name == "loss" else f"This chart is {scale}; every chart has a scale of its own."
    return replace(changed, message=text)


def show_unit(session: Session, is_visible: bool) -> Session:
    """Show the selected hidden unit's response in the output.

    Args:
        session: The session.
        is_visible: Whether the response is visible already. Then, and if the user chose another output view, the
            session stays as it is.
    """
    views = output_views.available_views(session)
    unit = selected_unit(session)
    is_hidden = unit is not None and unit[0] < len(session.engine.sizes) - 2
    if "unit" not in views or is_visible or output_views.current_name(session) not in (next(iter(views)), "unit"):
        return session
    if not is_hidden:
        return replace(session, output_view="")
    return replace(session, output_view="unit", message=f"{views['unit'].sentence} `y` goes on to the other views.")


def show_sample(session: Session, hit: SampleHit) -> Session:
    """Select the sample that was clicked in the output, if it is in the batch on screen."""
    name = f"Sample {hit.row + 1} of the {'training' if hit.part == 'train' else 'test'} part"
    answer = f"{hit.note}. " if hit.note else ""
    if hit.part == "test":
        return replace(session, message=f"{answer}{name}: no pass trains on it, so that no batch has it.")
    rows = session.trace.rows
    samples = [hit.row] if rows is None else np.flatnonzero(rows == hit.row).tolist()
    if not samples:
        return replace(
            session, message=f"{answer}{name} is not in the batch of this pass: `n` goes on to other batches."
        )
    chosen = select(session, replace(session.ref, sample=int(samples[0])))
    where = "" if rows is None else f", {samples[0] + 1} of {session.trace.n} in this batch"
    return replace(chosen, message=f"{answer}{name}{where}.")


def next_output(session: Session) -> Session:
    """Take the next view of the output that fits the data."""
    views = output_views.available_views(session)
    names = list(views)
    if len(names) == 1:
        return replace(session, message="There is one way to show the output of this data.")
    name = names[(names.index(output_views.current_name(session)) + 1) % len(names)]
    return replace(session, output_view=name, message=views[name].sentence)
