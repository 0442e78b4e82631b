"""What the network predicts for a row that a person types, and how the dialog draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.data.input_rows import raw_blocks, raw_cells, raw_names, typed_rows
from nn_tui.core.data.labels import point_labels, prediction_labels
from nn_tui.core.data.typed_cells import TypedCell, join_cells, typed_cells
from nn_tui.core.errors import InputError
from nn_tui.core.run.predict import RowPredictions, predict_rows
from nn_tui.core.table.encode import InputBlock
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
class RowForm:
    """The inputs of a row.

    Attributes:
        labels: Their labels.
        blocks: The network inputs of each input of a table; empty for data from elsewhere.
        text: The selected sample, as a row that can be typed.
    """

    labels: tuple[str, ...]
    blocks: tuple[InputBlock, ...]
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class TypedPrediction:
    """A typed row, and what the network predicts for it.

    Attributes:
        form: The inputs of the row.
        cells: The cells of the row.
        current: The index of the cell at the cursor.
        problem: Why the row is not valid; None if it is.
        predictions: The predictions; None if the row is not valid.
    """

    form: RowForm
    cells: tuple[TypedCell, ...]
    current: int
    problem: InputError | None = None
    predictions: RowPredictions | None = None

    def at(self, cursor: int) -> TypedPrediction:
        """Return the same row with the cursor at another position of the text."""
        return replace(self, current=_cell_at(self.cells, cursor))


def row_form(session: Session) -> RowForm:
    """Return the inputs of a row, with the selected sample to begin with."""
    data, row = session.experiment.data, session.data_row
    labels = point_labels(data) if data.table is None else raw_names(data)
    decimal = "." if data.table is None else data.table.layout.decimal
    return RowForm(labels, raw_blocks(data), join_cells(raw_cells(data, data.points[row : row + 1])[0], decimal))


def predict_typed(session: Session, form: RowForm, text: str, cursor: int) -> TypedPrediction:
    """Predict a typed row with the parameters on screen.

    Args:
        session: The session.
        form: The inputs of the row.
        text: The row.
        cursor: The position in the text.
    """
    cells = typed_cells(text, len(form.labels))
    current = _cell_at(cells, cursor)
    try:
        rows = typed_rows(session.experiment.data, [[cell.text for cell in cells]], form.blocks)
    except InputError as error:
        return TypedPrediction(form, cells, current, error)
    return TypedPrediction(form, cells, current, None, predict_rows(session.engine, session.state, rows))


def _cell_at(cells: Sequence[TypedCell], cursor: int) -> int:
    return next((index for index, cell in enumerate(cells) if cursor <= cell.end), len(cells) - 1)


def input_height(form: RowForm) -> int:
    """Return the lines that all inputs take."""
    return 1 + len(form.labels)


def draw_inputs(session: Session, typed: TypedPrediction, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the inputs around the current one: names, values, and the numbers that the network gets for them."""
    canvas = Canvas(width, height, palette)
    labels = typed.form.labels
    count, room = len(labels), max(1, height - 1)
    first = max(0, min(typed.current - room // 2, count - room))
    shown = range(first, min(count, first + room))
    notes = _notes(session, typed)
    names = [clip(labels[index], _MAX_NAME, palette) for index in shown]
    values = [clip(_value_text(typed, index), _MAX_VALUE, palette) for index in shown]
    heads = (tr("input"), tr("value"), tr("the network gets"))
    left = _MARGIN + max(map(cell_len, (heads[0], *names))) + _GAP
    right = left + max(map(cell_len, (heads[1], *values))) + _GAP
    dim, text, title = palette.style("dim"), palette.style("text"), palette.style("title")
    canvas.put(_MARGIN, 0, heads[0], dim)
    canvas.put(left, 0, heads[1], dim)
    if typed.predictions is not None and any(notes):
        canvas.put(right, 0, clip(heads[2], width - right, palette), dim)
    for line, (index, name, value) in enumerate(zip(shown, names, values, strict=True), 1):
        style = title if index == typed.current else text
        if index == typed.current:
            canvas.put(0, line, palette.glyphs.arrow, title)
        canvas.put(_MARGIN, line, name, style)
        canvas.put(left, line, value, style)
        canvas.put(right, line, clip(notes[index], width - right, palette), dim)
    if len(shown) < count:
        note = tr("{first:,} to {last:,} of {count:,}", first=first + 1, last=shown.stop, count=count)
        canvas.put(max(0, width - cell_len(note)), 0, note, dim)
    return canvas.strips()


def _value_text(typed: TypedPrediction, index: int) -> str:
    """Return the value of an input as it was typed, or that it is missing."""
    if index >= len(typed.cells):
        return ""
    if typed.predictions is not None and typed.predictions.rows.cells[0][index] is None:
        return tr("missing")
    return typed.cells[index].text


def _notes(session: Session, typed: TypedPrediction) -> list[str]:
    """Return what stands beside each input: what the network gets for it, and the values that the current one has."""
    notes = _network_inputs(session, typed) or [""] * len(typed.form.labels)
    if 0 <= typed.current < len(typed.form.blocks):
        categories = typed.form.blocks[typed.current].column.categories
        if categories:
            choices = tr("one of: {names}", names=", ".join(categories))
            notes[typed.current] = f"{notes[typed.current]}   {choices}".strip()
    return notes


def _network_inputs(session: Session, typed: TypedPrediction) -> list[str]:
    """Return the numbers that the network gets for each input; none if they are those that were typed."""
    data = session.experiment.data
    if typed.predictions is None or data.features:
        return []
    if not typed.form.blocks and not (np.any(data.x_mean != 0.0) or np.any(data.x_scale != 1.0)):
        return []
    # A mean that is filled in becomes a number such as 1e-16, since the scale of the numbers is 1.
    x = [plain_number(round(value, 8), 4) for value in typed.predictions.rows.x[0].tolist()]
    if not typed.form.blocks:
        return x
    return [" ".join(x[block.start : block.start + block.width]) for block in typed.form.blocks]


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
    outputs, table = found.outputs[0], session.experiment.data.table
    heading = tr("prediction") if table is None else tr("predicted {name}", name=table.plan.target.name)
    if not found.classes:
        names = (heading,) if len(outputs) == 1 else prediction_labels(session.experiment.data)
        size = min(_MAX_NAME, max(map(cell_len, names)))
        for line, (name, value) in enumerate(zip(names, outputs.tolist(), strict=True)):
            canvas.put(0, line, clip(name, size, palette), dim)
            canvas.put(size + _GAP, line, plain_number(value), title)
        return canvas.strips()
    index = int(found.predicted[0])
    x = canvas.put(0, 0, clip(heading, width // 2, palette), dim)
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
