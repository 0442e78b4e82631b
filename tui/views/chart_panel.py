"""The chart panel: the chosen chart of the run, or of several runs that are compared, with the cursor marked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from operator import itemgetter

import numpy as np
from textual.strip import Strip

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.display.colors import CLASS_COLOR_COUNT
from nn_tui.core.run.run import Run
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.charts import draw_chart
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import Series
from nn_tui.tui.session import comparison
from nn_tui.tui.session.overlay import overlaid_runs
from nn_tui.tui.session.progress import progress_text
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import chart_overlay, compare
from nn_tui.tui.views.chart_series import CHARTS, Chart

RECENT_PASSES = 200
"""Passes in the last part of a run; a tenth of the run if that is more."""

_MIN_STACKED_LINES = 10  # lines from which a panel has room for another chart
_FAR_APART = 10.0  # ratio of two losses from which a linear scale would show the smaller one as 0
_DOTS = 256  # across a chart; a run moves the curve by less than a dot until it has grown by this fraction
_LOSSES = ("loss", "test_loss")  # the charts that share one scale
_OTHER_SHAPES = 4  # from the marker of a series to that of the same one in the other run: its outline
_SHIFT = 5  # from the colour of a class or layer to that of the same one in the other run
# The styles of run B where two runs are compared; every curve has a marker of its own besides.
_OTHER_STYLES = {
    "train": "class1", "test": "class5", "class2": "class3", "accent": "class1",
    **{f"class{k}": f"class{(k + _SHIFT) % CLASS_COLOR_COUNT}" for k in range(CLASS_COLOR_COUNT) if k != 2},
}  # fmt: skip


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the chart, and below it as many of the next ones as there is room for.

    If two runs are compared, their figures stand above the chart, which then is the only one. The runs of an overlay
    have a table above the charts.
    """
    if session.overlaid:
        if not chart_overlay.has_table(session, height):
            return _draw_chart(session, palette, width, height, has_names=True)
        table = chart_overlay.draw_table(session, palette, width)
        return [*table, *_draw_charts(session, palette, width, height - len(table))]
    if session.other is not None:
        above = compare.height_of(height)
        return [*compare.draw(session, palette, width, above), *_draw_chart(session, palette, width, height - above)]
    return _draw_charts(session, palette, width, height)


def _draw_charts(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the chosen chart, and below it as many of the next ones as there is room for."""
    names = chart_names(session, height)
    lines = height // len(names)
    drawn = _draw_chart(session, palette, width, height - lines * (len(names) - 1))
    for name in names[1:]:
        shown = replace(session, chart=name)
        heading = Canvas(width, 1, palette)
        text = f" {palette.glyphs.dot} ".join(_name_and_scale(shown, str(_title_of(shown))))
        heading.put(0, 0, clip(text, width, palette), palette.style("title"))
        drawn += [*heading.strips(), *_draw_chart(shown, palette, width, lines - 1)]
    return drawn


def chart_names(session: Session, height: int) -> list[str]:
    """Return the names of the charts that a panel of ``height`` lines shows: the chosen one, and those that follow."""
    available = available_charts(session)
    first = available.index(current_name(session))
    count = min(len(available), max(1, height // _MIN_STACKED_LINES))
    return [available[(first + k) % len(available)] for k in range(count)]


def _draw_chart(session: Session, palette: Palette, width: int, height: int, *, has_names: bool = False) -> list[Strip]:
    """Draw the chart on screen; ``has_names`` tells whether its legend names the runs of an overlay."""
    chart, series = current_chart(session), shown_series(session, palette.glyphs)
    if has_names:
        series = chart_overlay.with_names(session, series, palette.glyphs)
    x = float(session.trace.update if chart.by_pass else session.updates_done)
    return draw_chart(
        series, palette, width, height, log=is_log(session),
        cursor=x if session.run.reached > 1 else None, guide=chart.guide, unit=chart.unit,
        empty=format_keys(str(chart.empty), session.key_labels),
    )  # fmt: skip


def title(session: Session, palette: Palette) -> str:
    """Return the panel's title: the chart, its number, its scale, and the update of its values."""
    chart, available = current_chart(session), available_charts(session)
    name = f"{_title_of(session)} {1 + available.index(current_name(session))}/{len(available)}"
    parts = _name_and_scale(session, name)
    if session.recent:
        parts.append(tr("recent"))
    if chart.by_pass:
        parts.append(tr("for update {update}", update=session.trace.update))
    else:
        parts.append(progress_text(session))
    return f" {palette.glyphs.dot} ".join(parts)


def _title_of(session: Session) -> Message:
    """Return the name of the chart on screen; that of the loss says whether the targets are standardised."""
    name = current_name(session)
    if session.overlaid and name in chart_overlay.LAYER_CHARTS:
        return message("{chart}, layer {layer}", chart=CHARTS[name].title, layer=session.ref.layer + 1)
    if not session.overlaid and name == "loss" and has_standardized_targets(session.experiment.data):
        return message("Loss (standardised target)")
    return current_chart(session).title


def _name_and_scale(session: Session, name: str) -> list[str]:
    """Return the name of the chart on screen, and a word for a logarithmic scale."""
    if not is_log(session):
        return [name]
    is_automatic = current_name(session) in _LOSSES and are_far_apart(session)
    return [name, tr("log scale") if is_automatic else tr("log")]


def cache_key(session: Session, height: int) -> Hashable:
    """Return the values that the charts depend on; for a running run, rounded to what a dot can show."""
    run = session.run
    length = run.reached if not session.recent else max(RECENT_PASSES, run.reached // 10)
    # A power of two, so that it does not change with every frame.
    dot = 1 << max(0, (length // _DOTS).bit_length() - 1) if session.running else 1
    position = None if session.running else _position(session, height)
    view = (session.chart, session.recent, session.log, session.swapped, session.running)
    other = None
    if session.other is not None:
        other_pass = None if session.other_trace is None else session.other_trace.update
        figures = (session.trace.update, session.cursor, other_pass, session.ref, session.digits)
        other = (session.other, session.other.reached // dot, figures)
    evaluations = len(run.evaluations.items)
    overlay = (session.overlaid, session.runs, session.ref.layer, session.updates_done) if session.overlaid else None
    return (run, other, overlay, run.reached // dot, session.trace.update // dot, dot, position, view, evaluations)


def _position(session: Session, height: int) -> Hashable:
    """Return what the charts show of the cursor: the updates done, and which figures of the pass are known."""
    is_loss_known = session.cursor >= session.pass_steps.after("loss")
    charts = _charts_of(session)
    gradients: Hashable = None
    if any(charts[name].by_pass for name in chart_names(session, height)):
        layers = range(len(session.engine.sizes) - 1)
        gradients = tuple((session.known_units("dz", layer), session.known_units("dw", layer)) for layer in layers)
    return session.trace.update, session.updates_done, is_loss_known, gradients


def available_charts(session: Session) -> list[str]:
    """Return the names of the charts for this run, in order: for classes the accuracy, for numbers R²."""
    if session.overlaid:
        return chart_overlay.available_overlay_charts(session)
    first = session.run.evaluations.items[:1]
    missing = {
        "accuracy": not any(each.train_accuracy is not None for each in first),
        "r2": not any(each.train_r2 is not None for each in first),
        "delta": len(session.engine.sizes) == 2,
    }
    return [name for name in CHARTS if not missing.get(name)]


def current_name(session: Session) -> str:
    """Return the name of the chart on screen: the chosen one, or the loss if that is not available."""
    return session.chart if session.chart in available_charts(session) else "loss"


def current_chart(session: Session) -> Chart:
    """Return the chart on screen."""
    return _charts_of(session)[current_name(session)]


def _charts_of(session: Session) -> Mapping[str, Chart]:
    """Return the charts by name: those of an overlay, or those of the run."""
    return chart_overlay.OVERLAY_CHARTS if session.overlaid else CHARTS


def is_log(session: Session) -> bool:
    """Return whether the chart on screen has a logarithmic scale; accuracy and R² never have."""
    name = current_name(session)
    if name in _LOSSES:
        return "loss" not in session.swapped if are_far_apart(session) else session.log
    chart = current_chart(session)
    return chart.has_log and (name in session.swapped) != chart.is_log


def are_far_apart(session: Session) -> bool:
    """Return whether compared runs have losses of different magnitude, so that the scale starts as logarithmic."""
    if session.overlaid:
        losses = list(filter(None, (_last_loss(each.run) for each in overlaid_runs(session))))
        return len(losses) > 1 and min(losses) * _FAR_APART < max(losses)
    if session.other is None:
        return False
    newest = [run.evaluations.items[-1:] for run in (session.run, session.other)]
    losses = [evaluations[0].train_loss for evaluations in newest if evaluations]
    return len(losses) == 2 and 0 < min(losses) * _FAR_APART < max(losses) < np.inf


def _last_loss(run: Run) -> float | None:
    """Return the last loss of a run that is finite and above 0; None without one."""
    losses = (each.train_loss for each in reversed(list(run.evaluations.items)))
    return next((loss for loss in losses if np.isfinite(loss) and loss > 0), None)


def shown_series(session: Session, glyphs: Glyphs) -> list[Series]:
    """Return the series of the chart on screen, within the part of the run that is shown.

    While the run is training they have no values in the legend.
    """
    low, high = _x_range(session)
    shown = []
    for series in _series_of_runs(session, glyphs):
        x, y = series.arrays()
        is_inside = (x >= low) & (x <= high)
        shown.append(replace(series, x=x[is_inside], y=y[is_inside], value="" if session.running else series.value))
    return shown


def _x_range(session: Session) -> tuple[float, float]:
    """Return the first and the last update that are shown."""
    if not session.recent:
        return -np.inf, np.inf
    reached = session.run.reached
    length = max(RECENT_PASSES, reached // 10)
    end = min(reached, session.updates_done + length // 2)
    return float(end - length), float(end)


def _series_of_runs(session: Session, glyphs: Glyphs) -> list[Series]:
    """Return the series of the run on screen, or of both runs that are compared: A first, named by letter."""
    make = current_chart(session).series
    other = comparison.other_session(session)
    if other is None:  # the series of an overlay are those of all its runs
        return make(session, glyphs)
    own, others = make(session, glyphs), make(other, glyphs)
    if session.other_trace is None:  # the other run has no such pass, so no values of it either
        others = [replace(each, value="") for each in others]
    both = []
    for letter, series in sorted(zip(comparison.letters(session), (own, others), strict=True), key=itemgetter(0)):
        for each in series:
            style = each.style_key if letter == "A" else _OTHER_STYLES.get(each.style_key, each.style_key)
            label = f"{letter} {each.end_label}" if each.end_label else ""
            shape = each.shape if each.shape is None or letter == "A" else each.shape + _OTHER_SHAPES
            name = f"{letter} {each.name}"
            both.append(replace(each, name=name, style_key=style, group=letter, end_label=label, shape=shape))
    return both


def next_chart(session: Session) -> Session:
    """Take the next chart that has something to show for this run."""
    names = available_charts(session)
    index = names.index(session.chart) if session.chart in names else 0
    name = names[(index + 1) % len(names)]
    chosen = replace(session, chart=name)
    return replace(chosen, message=current_chart(chosen).sentence)


def toggle_recent(session: Session) -> Session:
    """Show the last part of the run, or all of it."""
    if session.recent:
        return replace(session, recent=False, message=message("The chart shows the whole run."))
    text = message("The chart shows the last {count} passes, or a tenth of the run.", count=RECENT_PASSES)
    return replace(session, recent=True, message=text)


def toggle_log(session: Session) -> Session:
    """Take the other scale for the chart on screen; accuracy and R² have only one."""
    name = current_name(session)
    if name in ("accuracy", "test_accuracy"):
        return replace(session, message=message("Accuracy lies between 0 and 100 %: it has no logarithmic scale."))
    if name in ("r2", "test_r2"):
        return replace(session, message=message("R² can be negative: it has no logarithmic scale."))
    is_loss = name in _LOSSES
    own = is_loss and not are_far_apart(session)
    swapped = session.swapped ^ {"loss" if is_loss else name}
    changed = replace(session, log=not session.log) if own else replace(session, swapped=swapped)
    if is_loss:
        text = (
            message("The loss has a logarithmic scale.") if is_log(changed) else message("The loss has a linear scale.")
        )
    elif is_log(changed):
        text = message("This chart has a logarithmic scale; every chart has a scale of its own.")
    else:
        text = message("This chart has a linear scale; every chart has a scale of its own.")
    return replace(changed, message=text)
