"""The charts of several runs: in each one curve for every run, and above them a table that names the runs.

A curve has a letter at its end and a marker of its own, and the table has both beside the name of the run, so that no
curve is known by its colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt
from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message, tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import Series, legend_number, markers_of, point_arrays
from nn_tui.tui.draw.text import fit, make_strip, to_display
from nn_tui.tui.session.evaluations import known_evaluations
from nn_tui.tui.session.overlay import OverlaidRun, overlaid_runs
from nn_tui.tui.session.run_names import displayed
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.chart_series import CHARTS, Chart, SeriesFunction
from nn_tui.tui.views.layer_series import learning_rates

Figure = Callable[[Evaluation], float | None]

_MIN_CHART_LINES = 6  # lines that the chart below the table must have
_MIN_NAME_WIDTH = 16  # cells of a run's name in the table
_MARK_WIDTH = 6  # cells before the name: the arrow, the marker and the letter


def _figure_curves(figure: Figure, factor: float = 1.0) -> SeriesFunction:
    """Return a function that makes the curve of a figure for each run."""

    def curves(session: Session, glyphs: Glyphs) -> list[Series]:
        return [
            _curve(k, each, point_arrays([
                (item.update, factor * value)
                for item in _evaluations(session, each.run)
                if (value := figure(item)) is not None
            ]))
            for k, each in enumerate(overlaid_runs(session))
        ]  # fmt: skip

    return curves


def _layer_curves(values: Callable[[Evaluation], tuple[float, ...]]) -> SeriesFunction:
    """Return a function that makes the curve of the selected layer for each run."""

    def figure(item: Evaluation, layer: int) -> float | None:
        of_layers = values(item)
        return of_layers[layer] if layer < len(of_layers) else None

    return lambda session, glyphs: _figure_curves(lambda item: figure(item, session.ref.layer))(session, glyphs)


def _rate_curves(session: Session, glyphs: Glyphs) -> list[Series]:
    """Return the learning rates of each run."""
    return [
        _curve(k, each, learning_rates(replace(session, runs=(each.run,), active=0), glyphs)[0].arrays())
        for k, each in enumerate(overlaid_runs(session))
    ]


def _curve(index: int, each: OverlaidRun, points: tuple[np.ndarray, np.ndarray]) -> Series:
    return Series(each.letter, *points, f"class{index}", end_label=each.letter, shape=index)


def _evaluations(session: Session, run: Run) -> Sequence[Evaluation]:
    return known_evaluations(session) if run is session.run else list(run.evaluations.items)


OVERLAY_CHARTS: dict[str, Chart] = {
    "loss": replace(
        CHARTS["loss"],
        title=message("Loss, training part"),
        sentence=message("The loss of each run on the whole training part."),
        series=_figure_curves(lambda item: item.train_loss),
    ),
    "test_loss": replace(
        CHARTS["loss"],
        title=message("Loss, test part"),
        sentence=message("The loss of each run on the whole test part."),
        series=_figure_curves(lambda item: item.test_loss),
    ),
    "accuracy": replace(
        CHARTS["accuracy"],
        title=message("Accuracy, training part"),
        sentence=message("The share of samples of the training part that each run classifies correctly."),
        series=_figure_curves(lambda item: item.train_accuracy, 100.0),
    ),
    "test_accuracy": replace(
        CHARTS["accuracy"],
        title=message("Accuracy, test part"),
        sentence=message("The share of samples of the test part that each run classifies correctly."),
        series=_figure_curves(lambda item: item.test_accuracy, 100.0),
    ),
    "r2": replace(
        CHARTS["r2"],
        title=message("R², training part"),
        sentence=message("The explained part of the variance of the training part in each run."),
        series=_figure_curves(lambda item: item.train_r2),
    ),
    "test_r2": replace(
        CHARTS["r2"],
        title=message("R², test part"),
        sentence=message("The explained part of the variance of the test part in each run."),
        series=_figure_curves(lambda item: item.test_r2),
    ),
    "gradient": replace(
        CHARTS["gradient"],
        sentence=message("The norm of ∂L/∂W in each run, of the layer that is selected (`[` and `]`)."),
        series=_layer_curves(lambda item: item.gradient_norms),
    ),
    "delta": replace(
        CHARTS["delta"],
        sentence=message("The mean of |δ| in each run, of the layer that is selected (`[` and `]`)."),
        series=_layer_curves(lambda item: item.delta_sizes),
    ),
    "ratio": replace(
        CHARTS["ratio"],
        sentence=message("‖ΔW‖ / ‖W‖ in each run, of the layer that is selected (`[` and `]`)."),
        series=_layer_curves(lambda item: item.update_ratios),
    ),
    "eta": replace(
        CHARTS["eta"],
        sentence=message("The learning rate η of every pass of each run."),
        series=_rate_curves,
    ),
}
"""The charts of an overlay by name, in the order in which the key goes through them."""

LAYER_CHARTS = frozenset({"gradient", "delta", "ratio"})
"""The charts of an overlay that show one layer of each run."""


def available_overlay_charts(session: Session) -> list[str]:
    """Return the names of the charts for which a run has figures."""
    first = [run.evaluations.items[0] for _, _, run in overlaid_runs(session) if run.evaluations.items]
    missing = {
        "test_loss": not any(each.test_loss is not None for each in first),
        "accuracy": not any(each.train_accuracy is not None for each in first),
        "test_accuracy": not any(each.test_accuracy is not None for each in first),
        "r2": not any(each.train_r2 is not None for each in first),
        "test_r2": not any(each.test_r2 is not None for each in first),
        "delta": len(session.engine.sizes) == 2,
    }
    return [name for name in OVERLAY_CHARTS if not missing.get(name)]


def has_table(session: Session, height: int) -> bool:
    """Return whether a panel of that height has room for the table."""
    return height >= len(overlaid_runs(session)) + 1 + _MIN_CHART_LINES


def table_height(session: Session) -> int:
    """Return the lines of the table: one for each run, and the headings."""
    return len(overlaid_runs(session)) + 1


def with_names(session: Session, series: Sequence[Series], glyphs: Glyphs) -> list[Series]:
    """Return the curves with the names of their runs, for a legend in place of the table."""
    names = {each.letter: displayed(each.name, glyphs) for each in overlaid_runs(session)}
    return [replace(each, name=f"{each.name} {names[each.name]}", short_name=each.name, end_label="")
            for each in series]  # fmt: skip


def draw_table(session: Session, palette: Palette, width: int) -> list[Strip]:
    """Draw a row for each run with its newest figures up to the update on screen; an arrow marks the run on screen."""
    glyphs, base, dim = palette.glyphs, palette.style("text"), palette.style("dim")
    runs = overlaid_runs(session)
    rows = [_figures(session, each.run, palette) for each in runs]
    headings = [to_display(text, glyphs.is_ascii) for text in _headings()]
    shown = [k for k in range(len(headings)) if any(row[k] for row in rows)]
    widths = {k: 2 + max(cell_len(headings[k]), *(cell_len(row[k]) for row in rows)) for k in shown}
    names = [displayed(each.name, glyphs) for each in runs]
    wanted = min(max(map(cell_len, names)), max(_MIN_NAME_WIDTH, width // 2))
    while shown and _MARK_WIDTH + wanted + sum(widths[k] for k in shown) > width:
        shown.remove(next((k for k in _DROPPED_FIRST if k in shown), shown[-1]))
    name_width = max(0, width - _MARK_WIDTH - sum(widths[k] for k in shown))
    name_width = min(name_width, max(wanted, max(map(cell_len, names))))
    markers = markers_of(OVERLAY_CHARTS["loss"].series(session, glyphs), glyphs)
    head = [Segment(" " * _MARK_WIDTH + fit("", name_width), dim)]
    lines = [make_strip([*head, *(Segment(fit(headings[k], widths[k], right=True), dim) for k in shown)], width, base)]
    for index, (each, name, marker, figures) in enumerate(zip(runs, names, markers, rows, strict=True)):
        is_shown = each.run is session.run
        style = palette.style("accent") if is_shown else base
        segments = [
            Segment(f"{glyphs.arrow if is_shown else ' '} ", style),
            Segment(f"{marker} ", palette.style(f"class{index}")),
            Segment(f"{each.letter} ", style),
            Segment(fit(name, name_width, ellipsis=glyphs.cut), style),
            *(Segment(fit(figures[k], widths[k], right=True), base) for k in shown),
        ]
        lines.append(make_strip(segments, width, base))
    return lines


_DROPPED_FIRST = (0, 3, 1)  # the columns that a narrow table leaves out: update, then figures of the training part


def _headings() -> tuple[str, ...]:
    return tr("update"), tr("train loss"), tr("test loss"), tr("right"), tr("test right"), tr("R²"), tr("test R²")


def _figures(session: Session, run: Run, palette: Palette) -> tuple[str, ...]:
    """Return the figures of a run by column, "" for one that it does not have."""
    known = [item for item in _evaluations(session, run) if item.update <= session.updates_done]
    if not known:
        return ("",) * len(_headings())
    newest = known[-1]

    def texts() -> Iterator[str]:
        yield f"{newest.update:,}"
        for loss in (newest.train_loss, newest.test_loss):
            yield "" if loss is None else legend_number(loss, palette.glyphs)
        for share in (newest.train_accuracy, newest.test_accuracy):
            yield "" if share is None else f"{share:.1%}"
        for r2 in (newest.train_r2, newest.test_r2):
            yield "" if r2 is None else fmt(r2, 3, sign=False, glyphs=palette.glyphs)

    return tuple(texts())
