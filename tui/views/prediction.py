"""What the network predicts for a row that a person types, and how the dialog draws it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.data.input_rows import raw_cells, raw_names, typed_rows
from nn_tui.core.data.labels import point_labels, prediction_labels
from nn_tui.core.data.typed_cells import TypedCell, join_cells, typed_cells
from nn_tui.core.errors import InputError
from nn_tui.core.run.predict import RowPredictions, predict_rows
from nn_tui.core.spec import Dataset
from nn_tui.core.text import plain_number
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.probabilities import draw_probabilities
from nn_tui.tui.session.session import Session

_MAX_NAME, _MAX_VALUE = 28, 20  # cells of a column
_MARGIN = 2  # cells before the names, for the mark of the current input
_GAP = 2


@dataclass(frozen=True, slots=True, eq=False)
class TypedPrediction:
    """A typed row, and what the network predicts for it.

    Attributes:
        labels: The labels of the inputs.
        cells: The cells of the row.
        current: The index of the cell at the cursor.
        problem: Why the row is not valid; None if it is.
        predictions: The predictions; None if the row is not valid.
    """

    labels: tuple[str, ...]
    cells: tuple[TypedCell, ...]
    current: int
    problem: InputError | None = None
    predictions: RowPredictions | None = None


def input_labels_of(data: Dataset) -> tuple[str, ...]:
    """Return the labels of the raw inputs on the screen."""
    return point_labels(data) if data.table is None else raw_names(data)


def row_text(session: Session) -> str:
    """Return the selected sample as a row that can be typed."""
    data, row = session.experiment.data, session.data_row
    return join_cells(raw_cells(data, data.points[row : row + 1])[0])


def predict_typed(session: Session, text: str, cursor: int) -> TypedPrediction:
    """Predict a typed row with the parameters on screen.

    Args:
        session: The session.
        text: The row.
        cursor: The position in the text.
    """
    data = session.experiment.data
    labels = input_labels_of(data)
    cells = typed_cells(text, len(labels))
    current = next((index for index, cell in enumerate(cells) if cursor <= cell.end), len(cells) - 1)
    try:
        rows = typed_rows(data, [[cell.text for cell in cells]])
    except InputError as error:
        return TypedPrediction(labels, cells, current, error)
    return TypedPrediction(labels, cells, current, None, predict_rows(session.engine, session.state, rows))


def input_height(session: Session) -> int:
    """Return the lines that all inputs take."""
    return 1 + len(input_labels_of(session.experiment.data))


def draw_inputs(session: Session, typed: TypedPrediction, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the inputs around the current one: names, values, and the numbers that the network gets for them."""
    canvas = Canvas(width, height, palette)
    count, room = len(typed.labels), max(1, height - 1)
    first = max(0, min(typed.current - room // 2, count - room))
    shown = range(first, min(count, first + room))
    inputs = _network_inputs(session, typed)
    names = [clip(typed.labels[index], _MAX_NAME, palette) for index in shown]
    values = [clip(typed.cells[index].text, _MAX_VALUE, palette) if index < len(typed.cells) else "" for index in shown]
    heads = (tr("input"), tr("value"), tr("the network gets"))
    left = _MARGIN + max(map(cell_len, (heads[0], *names))) + _GAP
    right = left + max(map(cell_len, (heads[1], *values))) + _GAP
    dim, text, title = palette.style("dim"), palette.style("text"), palette.style("title")
    canvas.put(_MARGIN, 0, heads[0], dim)
    canvas.put(left, 0, heads[1], dim)
    if inputs:
        canvas.put(right, 0, clip(heads[2], width - right, palette), dim)
    for line, (index, name, value) in enumerate(zip(shown, names, values, strict=True), 1):
        style = title if index == typed.current else text
        if index == typed.current:
            canvas.put(0, line, palette.glyphs.arrow, title)
        canvas.put(_MARGIN, line, name, style)
        canvas.put(left, line, value, style)
        if inputs:
            canvas.put(right, line, clip(inputs[index], width - right, palette), dim)
    if len(shown) < count:
        note = tr("{first:,} to {last:,} of {count:,}", first=first + 1, last=shown.stop, count=count)
        canvas.put(max(0, width - cell_len(note)), 0, note, dim)
    return canvas.strips()


def _network_inputs(session: Session, typed: TypedPrediction) -> list[str]:
    """Return the numbers that the network gets for each input; none if they are those that were typed."""
    data = session.experiment.data
    if typed.predictions is None or data.features:
        return []
    x = typed.predictions.rows.x[0]
    if not (np.any(data.x_mean != 0.0) or np.any(data.x_scale != 1.0)):
        return []
    return [plain_number(value, 4) for value in x.tolist()]


def prediction_height(session: Session) -> int:
    """Return the lines that a whole prediction takes."""
    data = session.experiment.data
    outputs = int(data.y.shape[1])
    return 1 + max(outputs, len(data.classes)) if data.classes else outputs


def draw_prediction(session: Session, typed: TypedPrediction, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the predicted class with the probability of each class, or the predicted numbers; nothing if invalid."""
    canvas = Canvas(width, height, palette)
    found = typed.predictions
    if found is None:
        return canvas.strips()
    dim, title = palette.style("dim"), palette.style("title")
    outputs = found.outputs[0]
    if not found.classes:
        names = (tr("prediction"),) if len(outputs) == 1 else prediction_labels(session.experiment.data)
        size = min(_MAX_NAME, max(map(cell_len, names)))
        for line, (name, value) in enumerate(zip(names, outputs.tolist(), strict=True)):
            canvas.put(0, line, clip(name, size, palette), dim)
            canvas.put(size + _GAP, line, plain_number(value), title)
        return canvas.strips()
    index = int(found.predicted[0])
    x = canvas.put(0, 0, tr("prediction"), dim)
    canvas.put(x + _GAP, 0, clip(found.classes[index] if index >= 0 else "NaN", width - x - _GAP, palette), title)
    if height < 2:
        return canvas.strips()
    names = found.classes if found.is_probability else prediction_labels(session.experiment.data)
    bars = outputs
    if found.is_probability and len(outputs) == 1:
        bars = np.array([1.0 - outputs[0], outputs[0]])
    room = min(height - 1, len(bars))
    lines = draw_probabilities(names, bars, np.zeros(len(bars)), palette, width, room)
    return [canvas.strips()[0], *lines, *Canvas(width, max(1, height - 1 - room), palette).strips()][:height]
