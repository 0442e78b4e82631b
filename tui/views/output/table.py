"""The output as a table: every sample with its inputs, target, prediction and error."""

from __future__ import annotations

from textual.strip import Strip

from nn_tui.core.data.labels import error_labels, output_labels, point_labels, prediction_labels, target_labels
from nn_tui.core.data.units import raw_targets, to_raw_units
from nn_tui.core.run.metrics import predict
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.sample_columns import TableSamples
from nn_tui.tui.draw.sample_table import draw_sample_table, sample_at
from nn_tui.tui.session.scales import input_scale, scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.predictions import SampleHit, has_predictions

MAX_TABLE_ROWS = 16
"""Samples up to which a data set is small, as a truth table or a worked example is."""
_MAX_DIGITS = 6  # decimals while other views show all digits


def draw_table(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the samples around the selected one."""
    rows = _visible_rows(session, height)
    digits = _MAX_DIGITS if session.digits is None else session.digits
    return draw_sample_table(
        _samples(session, rows), palette, width, height, cursor=session.data_row - rows.start, digits=digits
    )


def table_sample_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample in line ``y`` of the table."""
    rows = _visible_rows(session, height)
    sample = sample_at(_samples(session, rows), palette, width, height, session.data_row - rows.start, y)
    return None if sample is None else SampleHit("train", rows.start + sample)


def _samples(session: Session, rows: slice) -> TableSamples:
    """Return rows of the training part with what the network predicts for them."""
    data = session.experiment.data
    predictions = predict(session.engine, session.state, data.x[rows]) if has_predictions(session) else None
    return TableSamples(
        input_names=point_labels(data),
        inputs=data.points[rows],
        output_names=output_labels(data),
        target_names=target_labels(data),
        prediction_names=prediction_labels(data),
        error_names=error_labels(data),
        targets=data.y[rows],
        predictions=predictions,
        input_scale=input_scale(session),
        output_scale=scale_of(session, "y", 0),
        predicts_classes=session.engine.loss.is_mistake_driven,
        before=rows.start,
        after=len(data.x) - rows.stop,
        shown_targets=raw_targets(data)[rows],
        shown_predictions=None if predictions is None else to_raw_units(data, predictions),
    )


def is_small(session: Session) -> bool:
    """Return whether the data set is small enough for a table of all of it."""
    return len(session.experiment.data.x) <= MAX_TABLE_ROWS


def _visible_rows(session: Session, height: int) -> slice:
    """Return as many rows as the table can show, around the selected one."""
    count = len(session.experiment.data.x)
    first = max(0, min(session.data_row - height // 2, count - max(1, height - 1)))
    return slice(first, min(count, first + max(1, height)))
