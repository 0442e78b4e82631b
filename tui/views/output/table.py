"""The output as a table: every sample with its target, the network's output and the error."""

from __future__ import annotations

from textual.strip import Strip

from nn_tui.core.run.metrics import predict
from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.sample_table import draw_sample_table, lines_per_sample, table_row_at
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.predictions import SampleHit, has_predictions

MAX_TABLE_ROWS = 16
"""Samples up to which a data set is small, as a truth table or a worked example is."""
_MIN_HEIGHT = 14  # lines from which the table of a small data set stands below the picture
_MAX_DIGITS = 4


def draw_table(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the samples around the selected one."""
    data, rows = session.experiment.data, _visible_rows(session, height)
    outputs = predict(session.engine, session.state, data.x[rows]) if has_predictions(session) else None
    input_names = data.input_names if len(data.input_names) == data.points.shape[1] else ()
    # The network view shows z of a perceptron's unit; its prediction is step(z).
    output_names = (tr("answer"),) if session.engine.loss.is_mistake_driven else data.output_names
    return draw_sample_table(
        input_names, data.points[rows], output_names, data.y[rows], outputs, palette, width, height,
        digits=2 if session.digits is None else min(session.digits, _MAX_DIGITS),
        cursor=session.data_row - rows.start, hidden=_hidden_rows(session, rows),
    )  # fmt: skip


def table_sample_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample in line ``y`` of the table."""
    rows = _visible_rows(session, height)
    count, cursor = rows.stop - rows.start, session.data_row - rows.start
    lines = lines_per_sample(count, session.engine.sizes[-1], width, height)
    line = table_row_at(count * lines, height, cursor * lines, y, _hidden_rows(session, rows))
    return None if line is None else SampleHit("train", rows.start + line // lines)


def has_table(session: Session, height: int) -> bool:
    """Return whether a picture of that height has the table of a small data set below it."""
    return len(session.experiment.data.x) <= MAX_TABLE_ROWS and height >= _MIN_HEIGHT


def table_height(session: Session, height: int) -> int:
    """Return the lines of the table in a panel of that height."""
    return min(len(session.experiment.data.x) + 2, height // 3)


def _visible_rows(session: Session, height: int) -> slice:
    """Return as many rows as the table can show, around the selected one."""
    count = len(session.experiment.data.x)
    first = max(0, min(session.data_row - height // 2, count - max(1, height - 1)))
    return slice(first, min(count, first + max(1, height)))


def _hidden_rows(session: Session, rows: slice) -> tuple[int, int]:
    """Return the number of rows before and after the visible ones."""
    return rows.start, len(session.experiment.data.x) - rows.stop
