"""What the network predicts for a row that a person types, and how the dialog draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.data.input_rows import raw_blocks, raw_cells, raw_names, row_positions, typed_rows
from nn_tui.core.data.labels import point_labels, prediction_labels
from nn_tui.core.data.training_range import NewValue, TrainingRange, new_values, training_range
from nn_tui.core.data.typed_cells import cell_text
from nn_tui.core.display.number_text import fmt_quantity
from nn_tui.core.errors import InputError
from nn_tui.core.run.predict import RowPredictions, TypicalError, predict_rows, typical_error
from nn_tui.core.table.encode import InputBlock
from nn_tui.core.text import plain_number, printable, truncate
from nn_tui.core.translation import all_of, tr, tr_plural
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.probabilities import draw_probabilities
from nn_tui.tui.session.session import Session

_MAX_NAME, _MIN_VALUE, _MAX_VALUE = 28, 8, 20  # cells of a column
_MARGIN = 2  # cells before the names, for the mark of the current input and of wrong ones
_GAP = 2
_MAX_NAMES = 5  # inputs that a sentence names
_MAX_PROBLEMS = 20  # wrong values that are marked


@dataclass(frozen=True, slots=True, eq=False)
class RowForm:
    """The inputs of a row.

    Attributes:
        labels: Their labels.
        blocks: The network inputs of each input of a table; empty for data from elsewhere.
        cells: The values of the selected sample, as a person types them.
        known: The values of the training rows.
        error: How far predicted quantities are typically off; None for classes.
        name_width: The cells of the column of labels.
        value_width: The cells of the column of values.
    """

    labels: tuple[str, ...]
    blocks: tuple[InputBlock, ...]
    cells: tuple[str, ...]
    known: TrainingRange
    error: TypicalError | None
    name_width: int
    value_width: int


@dataclass(frozen=True, slots=True, eq=False)
class TypedPrediction:
    """A typed row, and what the network predicts for it.

    Attributes:
        form: The inputs of the row.
        cells: The typed values.
        current: The index of the input that is being typed.
        problems: Why values are not valid, by the index of the input; −1 for the row as a whole.
        predictions: The predictions; None if the row is not valid.
        new: The values that are in none of the training rows.
    """

    form: RowForm
    cells: tuple[str, ...]
    current: int
    problems: Mapping[int, InputError] = field(default_factory=dict)
    predictions: RowPredictions | None = None
    new: tuple[NewValue, ...] = ()

    def at(self, current: int) -> TypedPrediction:
        """Return the same row with another input that is being typed."""
        return replace(self, current=current)

    @property
    def problem(self) -> tuple[int, InputError] | None:
        """The index of a wrong value and why it is wrong, that of the current input first; None if all are valid."""
        index = self.current if self.current in self.problems else next(iter(self.problems), None)
        return None if index is None else (index, self.problems[index])

    @property
    def warning(self) -> str:
        """What is new to the network in the row; "" if nothing is."""
        names = {new.column: printable(truncate(self.form.labels[new.column])) for new in self.new}
        if not names:
            return ""
        first = next((new for new in self.new if new.column == self.current), self.new[0])
        name = names.pop(first.column)
        if names:
            others = all_of(list(names.values())[:_MAX_NAMES])
            return tr("{name}: {problem} Values of {others} are new to the network, too.",
                      name=name, problem=first.text, others=others)  # fmt: skip
        return tr("{name}: {problem} The network was trained on no such value.", name=name, problem=first.text)


def row_form(session: Session) -> RowForm:
    """Return the inputs of a row, with the selected sample to begin with."""
    data, row = session.experiment.data, session.data_row
    labels = point_labels(data) if data.table is None else raw_names(data)
    decimal = "." if data.table is None else data.table.layout.decimal
    blocks = raw_blocks(data)
    cells = tuple(cell_text(cell, decimal) for cell in raw_cells(data, data.points[row : row + 1])[0])
    values = [*cells, tr("missing"), *(text for block in blocks for text in block.column.categories)]
    return RowForm(
        labels,
        blocks,
        cells,
        training_range(data),
        typical_error(session.engine, session.state),
        min(_MAX_NAME, max(map(cell_len, (tr("input"), *labels)))),
        min(_MAX_VALUE, max(_MIN_VALUE, *map(cell_len, values)) + 1),  # with a cell for the cursor
    )


def predict_typed(session: Session, form: RowForm, cells: Sequence[str], current: int) -> TypedPrediction:
    """Predict a typed row with the parameters on screen.

    Args:
        session: The session.
        form: The inputs of the row.
        cells: The typed values, one for each input.
        current: The index of the input that is being typed.
    """
    data, names = session.experiment.data, raw_names(session.experiment.data)
    problems: dict[int, InputError] = {}
    checked = list(cells)
    while len(problems) < _MAX_PROBLEMS:
        try:
            rows = typed_rows(data, [checked], form.blocks)
            break
        except InputError as error:
            index = names.index(str(error.path[-1])) if error.path and error.path[-1] in names else -1
            problems[index] = error
            if index < 0 or checked[index] == form.cells[index]:
                break
            checked[index] = form.cells[index]  # which is valid, so that the next wrong value is found
    if problems:
        return TypedPrediction(form, tuple(cells), current, problems)
    new = tuple(new_values(data, form.known, rows, form.blocks))
    return TypedPrediction(form, tuple(cells), current, {}, predict_rows(session.engine, session.state, rows), new)


def sample_text(session: Session) -> str:
    """Return which sample the row is at first, and its row of the file."""
    row = session.data_row
    if session.experiment.data.table is not None:
        with suppress(InputError):  # a document whose rows have lost their numbers
            number = int(np.flatnonzero(row_positions(session.experiment) == row)[0]) + 1
            return tr("Type a value for each input. At first they are those of sample {sample:,}, "
                      "row {number:,} of the file.", sample=row + 1, number=number)  # fmt: skip
    return tr("Type a value for each input. At first they are those of sample {sample:,}.", sample=row + 1)


def input_height(form: RowForm) -> int:
    """Return the lines that all inputs take."""
    return 1 + len(form.labels)


def visible_inputs(typed: TypedPrediction, height: int) -> range:
    """Return which inputs are drawn, one on each line below the first."""
    count, room = len(typed.form.labels), max(1, height - 1)
    first = max(0, min(typed.current - room // 2, count - room))
    return range(first, min(count, first + room))


def value_column(form: RowForm, width: int) -> tuple[int, int]:
    """Return where the column of values begins, and its width, if the inputs are drawn in ``width`` cells."""
    names = min(form.name_width, max(1, (width - _MARGIN - _GAP) // 2))
    left = _MARGIN + names + _GAP
    return left, max(1, min(form.value_width, width - left))


def draw_inputs(session: Session, typed: TypedPrediction, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the inputs around the current one: names, values, and the numbers that the network gets for them."""
    canvas = Canvas(width, height, palette)
    labels = typed.form.labels
    shown = visible_inputs(typed, height)
    notes = _notes(session, typed)
    left, size = value_column(typed.form, width)
    right = left + size + _GAP
    dim, text, title = palette.style("dim"), palette.style("text"), palette.style("title")
    canvas.put(_MARGIN, 0, tr("input"), dim)
    canvas.put(left, 0, tr("value"), dim)
    if typed.predictions is not None and any(notes):
        canvas.put(right, 0, clip(tr("network gets"), width - right, palette), dim)
    for line, index in enumerate(shown, 1):
        style = title if index == typed.current else text
        if index == typed.current:
            canvas.put(0, line, palette.glyphs.arrow, title)
        elif index in typed.problems:
            canvas.put(0, line, palette.glyphs.fail, palette.style("warn"))
        canvas.put(_MARGIN, line, clip(labels[index], left - _GAP - _MARGIN, palette), style)
        canvas.put(left, line, clip(typed.cells[index] or tr("missing"), size, palette), style)
        canvas.put(right, line, clip(notes[index], width - right, palette), dim)
    if len(shown) < len(labels):
        note = tr("{first:,} to {last:,} of {count:,}", first=shown.start + 1, last=shown.stop, count=len(labels))
        canvas.put(max(0, width - cell_len(note)), 0, note, dim)
    return canvas.strips()


def _notes(session: Session, typed: TypedPrediction) -> list[str]:
    """Return the notes beside each input: what the network gets for it, and the values that the current one has."""
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
    x = [plain_number(value, 4) for value in typed.predictions.rows.x[0].tolist()]
    if not typed.form.blocks:
        return x
    return [" ".join(x[block.start : block.start + block.width]) for block in typed.form.blocks]


def prediction_height(session: Session) -> int:
    """Return the lines that a whole prediction takes."""
    data = session.experiment.data
    outputs = int(data.y.shape[1])
    return 1 + max(outputs, len(data.classes)) if data.classes else max(3, outputs + 1)


def _error_notes(error: TypicalError | None, glyphs: Glyphs) -> list[str]:
    """Return the notes beside and below the predicted quantities on how far the network is typically off."""
    if error is None or not np.isfinite(error.values).all():
        return []
    notes = [
        tr("typically off by {error}", error=fmt_quantity(value, 2, glyphs=glyphs)) for value in error.values.tolist()
    ]
    if error.is_test:
        about = tr_plural("(RMSE on {count:,} test row)", "(RMSE on {count:,} test rows)", error.rows)
    else:
        about = tr_plural("(RMSE on {count:,} training row)", "(RMSE on {count:,} training rows)", error.rows)
    return [*notes, about]


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
        values = [plain_number(value) for value in outputs.tolist()]
        right = size + _GAP + max(map(len, values)) + _GAP
        notes = _error_notes(typed.form.error, palette.glyphs)
        first = 0  # the line of the first note
        if any(right + cell_len(note) > width for note in notes):
            right, first = 0, len(values)
            notes = notes if first == 1 else []
        for line, (name, value) in enumerate(zip(names, values, strict=True)):
            canvas.put(0, line, clip(name, size, palette), dim)
            canvas.put(size + _GAP, line, value, title)
        for line, note in enumerate(notes, first):
            canvas.put(right, line, clip(note, width - right, palette), dim)
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
