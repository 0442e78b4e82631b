"""The output as classes: bars of one sample's outputs, and the confusion matrix of a part of the data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nn_tui.core.data.classes import class_indices, class_names, has_classes
from nn_tui.core.data.labels import unit_labels
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import predict
from nn_tui.core.text import printable, truncate
from nn_tui.core.translation import message_plural, tr
from nn_tui.tui.draw.canvas import Canvas, clip, draw_message
from nn_tui.tui.draw.confusion import confusion_cell_at, draw_confusion
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.probabilities import draw_probabilities, select_outputs
from nn_tui.tui.draw.text import first_fitting
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.predictions import (
    PART_NAMES,
    Part,
    Predictions,
    SampleHit,
    has_predictions,
    predict_part,
)

_GAP = 2  # cells between two pictures side by side
_MIN_TWO_MATRICES_WIDTH = 100  # cells from which the matrices of both parts stand side by side
_MIN_MATRIX_EXTRA = 4  # lines besides one for each class, from which a matrix has a heading
_MIN_BELOW_EXTRA = 7  # lines besides two for each class, from which a matrix stands below the bars
_MIN_BESIDE_WIDTH = 64  # cells from which a matrix stands beside the bars


def draw_sample(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the selected sample's outputs as bars; if there is room, the confusion matrix below or beside them."""
    bars_width, bars_height = _bars_size(session, width, height)
    part = _matrix_part(session)
    bars = draw_bars(session, palette, bars_width, bars_height)
    if bars_height < height:
        return [*bars, *draw_matrix(session, palette, width, height - bars_height, part)]
    if bars_width == width:
        return bars
    gap = Canvas(_GAP, height, palette).strips()
    matrix = draw_matrix(session, palette, width - bars_width - _GAP, height, part)
    return [Strip.join(row) for row in zip(bars, gap, matrix, strict=True)]


def sample_view_at(
    session: Session, palette: Palette, width: int, height: int, x: int, y: int
) -> SampleHit | Ref | None:
    """Return the output whose bar is in line ``y``, or a sample of the confusion matrix at (x, y)."""
    bars_width, bars_height = _bars_size(session, width, height)
    part = _matrix_part(session)
    if x < bars_width and y < bars_height:
        return bar_at(session, palette, bars_width, bars_height, x, y)
    if bars_height < height:
        return _matrix_sample_at(session, width, height - bars_height, x, y - bars_height, part)
    left = bars_width + _GAP
    return _matrix_sample_at(session, width - left, height, x - left, y, part) if x >= left else None


def _matrix_part(session: Session) -> Part:
    return "test" if len(session.experiment.data.x_test) else "train"


def _bars_size(session: Session, width: int, height: int) -> tuple[int, int]:
    """Return the cells and lines of the bars: all of the panel if it has no room for the confusion matrix."""
    classes = session.experiment.data.y.shape[1]
    if height >= 2 * classes + _MIN_BELOW_EXTRA:
        return width, classes + 1
    is_beside = width >= _MIN_BESIDE_WIDTH and height >= classes + _MIN_MATRIX_EXTRA
    return (width // 2 - 1 if is_beside else width), height


def draw_bars(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the selected sample's outputs as bars with its target marked, once the pass has computed them."""
    data, row = session.experiment.data, session.data_row
    if not has_predictions(session):
        text = tr("This pass has no prediction yet: `f` runs forward.")
        if has_classes(data) and (
            name := class_names(session.experiment.data)[class_indices(data.y[row : row + 1])[0]]
        ):
            text = tr("Its class is {name}. This pass has no prediction yet: `f` runs forward.", name=name)
        return draw_message(format_keys(text, session.key_labels), palette, width, height)
    outputs = predict(session.engine, session.state, data.x[row : row + 1])[0]
    return draw_probabilities(
        unit_labels(data), outputs, data.y[row], palette, width, height, scale_of(session, "y", 0)
    )


def bar_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """Return the output whose bar is in line ``y``."""
    data, row = session.experiment.data, session.data_row
    if not has_predictions(session):
        return None
    outputs = predict(session.engine, session.state, data.x[row : row + 1])[0]
    shown = select_outputs(outputs, data.y[row], max(1, height))
    if not (0 <= y < len(shown) and 0 <= x < width):
        return None
    return Ref("a", len(session.engine.sizes) - 2, shown[y], 0, session.ref.sample)


def draw_matrix(session: Session, palette: Palette, width: int, height: int, part: Part) -> list[Strip]:
    """Draw the confusion matrix of a part of the data, under a heading if there is room for it."""
    predictions, names = predict_part(session, part), class_names(session.experiment.data)
    counts = confusion(predictions, len(names))
    seen, total = len(predictions.rows), predictions.total
    label = str(PART_NAMES[part])
    if seen < total:
        label = tr("{seen} of {total} {part}", seen=seen, total=total, part=label)
    commonest = int(np.bincount(class_indices(session.experiment.data.y)).argmax())  # what a guess would be
    if height < len(names) + _MIN_MATRIX_EXTRA:
        return draw_confusion(counts, names, palette, width, height, part=label, constant=commonest)
    heading = Canvas(width, 1, palette)
    x = heading.put(0, 0, label, palette.style("title"))
    axes_texts = [tr("rows: true class, columns: predicted class"), tr("y down, ŷ across")]
    if (table := session.experiment.data.table) is not None:
        target = truncate(printable(table.plan.target.name))
        axes_texts.insert(0, tr("{target}: y down, ŷ across", target=target))
        axes_texts.insert(0, tr("rows: true {target}, columns: predicted {target}", target=target))
    axes = first_fitting(axes_texts, width - x - 2) or axes_texts[-1]
    heading.put(x + 2, 0, clip(axes, width - x - 2, palette), palette.style("dim"))
    return [*heading.strips(), *draw_confusion(counts, names, palette, width, height - 1, constant=commonest)]


def draw_matrices(session: Session, palette: Palette, width: int, height: int, part: Part) -> list[Strip]:
    """Draw the confusion matrix of a part of the data; if there is room, that of the other part beside it."""
    if not _has_two_matrices(session, width):
        return draw_matrix(session, palette, width, height, part)
    half = (width - _GAP) // 2
    left, right = (draw_matrix(session, palette, half, height, each) for each in (part, _other_part(part)))
    gap = Canvas(width - 2 * half, height, palette).strips()
    return [Strip.join(row) for row in zip(left, gap, right, strict=True)]


def matrices_sample_at(
    session: Session, palette: Palette, width: int, height: int, x: int, y: int, part: Part
) -> SampleHit | None:
    """Return a sample of the count at (x, y): the most confident one, or the one after the selected sample."""
    if _has_two_matrices(session, width):
        half = (width - _GAP) // 2
        if x >= half:
            x, part = x - (width - half), _other_part(part)
        width = half
    return _matrix_sample_at(session, width, height, x, y, part)


def _has_two_matrices(session: Session, width: int) -> bool:
    return width >= _MIN_TWO_MATRICES_WIDTH and len(session.experiment.data.x_test) > 0


def _other_part(part: Part) -> Part:
    return "test" if part == "train" else "train"


def _matrix_sample_at(session: Session, width: int, height: int, x: int, y: int, part: Part) -> SampleHit | None:
    """Return a sample of the count at (x, y) of :func:`draw_matrix`."""
    predictions, names = predict_part(session, part), class_names(session.experiment.data)
    if height >= len(names) + _MIN_MATRIX_EXTRA:
        height, y = height - 1, y - 1
    cell = confusion_cell_at(confusion(predictions, len(names)), names, width, height, x, y)
    if cell is None:
        return None
    true, predicted = cell
    indices = np.flatnonzero((predictions.true == true) & (predictions.predicted == predicted))
    if not len(indices):
        return None
    confidence = np.nan_to_num(predictions.confidence[indices], nan=np.inf)
    rows = predictions.rows[indices[np.argsort(-confidence, kind="stable")]].tolist()
    note = message_plural(
        "{count} of class {true} was predicted as {predicted}.",
        "{count} of class {true} were predicted as {predicted}, the most confident first.",
        len(rows),
        true=names[true],
        predicted=names[predicted],
    )
    if part == "train" and session.trace.rows is not None:
        batch = set(session.trace.rows.tolist())
        rows = [row for row in rows if row in batch] or rows
    is_selected = part == "train" and session.data_row in rows
    index = rows.index(session.data_row) + 1 if is_selected else 0
    return SampleHit(part, int(rows[index % len(rows)]), note)


def confusion(predictions: Predictions, classes: int) -> NDArray[np.intp]:
    """Return the counts (classes, classes) by true class, a row each, and predicted class."""
    counts = np.zeros((classes, classes), dtype=np.intp)
    np.add.at(counts, (predictions.true, predictions.predicted), 1)
    return counts
