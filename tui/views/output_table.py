"""Output as a table: every sample with its target, the answer and the error."""

from __future__ import annotations

from textual.strip import Strip

from nn_tui.core.run.metrics import predict
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.sample_table import draw_sample_table, lines_per_sample, table_row_at
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output_predictions import Found, has_answers

TABLE_ROWS = 16  # a truth table or a worked example is shown whole
WITH_TABLE = 14  # lines from which such a table stands below the picture


def draw_samples(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The samples around the selected one, with targets, outputs and errors."""
    data, rows = session.experiment.data, rows_shown(session, height)
    answers = predict(session.engine, session.state, data.x[rows]) if has_answers(session) else None
    names = data.input_names if len(data.input_names) == data.points.shape[1] else ()
    # The perceptron's rule is written in z, which the network shows: what is judged is the step of it.
    answer = ("answer",) if session.engine.loss.name == "perceptron" else data.output_names
    return draw_sample_table(
        names, data.points[rows], answer, data.y[rows], answers, palette, width, height,
        digits=2 if session.digits is None else min(session.digits, 4), cursor=session.data_row - rows.start,
        hidden=_beyond(session, rows),
    )  # fmt: skip


def rows_shown(session: Session, height: int) -> slice:
    """As many rows as the table could show, around the selected one."""
    count = len(session.experiment.data.x)
    first = max(0, min(session.data_row - height // 2, count - max(1, height - 1)))
    return slice(first, min(count, first + max(1, height)))


def _beyond(session: Session, rows: slice) -> tuple[int, int]:
    return rows.start, len(session.experiment.data.x) - rows.stop


def find_in_table(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Found | None:
    """The sample in a line of the table."""
    rows = rows_shown(session, height)
    count, cursor = rows.stop - rows.start, session.data_row - rows.start
    each = lines_per_sample(count, session.engine.sizes[-1], width, height)
    row = table_row_at(count * each, height, cursor * each, y, _beyond(session, rows))
    row = None if row is None else row // each
    return None if row is None else Found("train", rows.start + row)


def has_table(session: Session, height: int) -> bool:
    """Whether a picture has the table of its handful of samples below it."""
    return len(session.experiment.data.x) <= TABLE_ROWS and height >= WITH_TABLE


def table_lines(session: Session, height: int) -> int:
    """The lines of that table."""
    return min(len(session.experiment.data.x) + 2, height // 3)
