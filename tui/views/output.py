"""The output view: what the network answers, drawn as fits the data.

Two inputs: decision regions or a surface with the points. One input: the curve. Images: the sample with its
probabilities. A handful of samples: the table of all of them. Many classes: probabilities and confusion matrix.
"""

from __future__ import annotations

import numpy as np
from textual.strip import Strip

from nn_tui.core.features import inputs_for
from nn_tui.core.metrics import is_classification, outputs, wrong_rows
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.trace import State
from nn_tui.tui.draw.images import draw_image
from nn_tui.tui.draw.outputs import draw_confusion, draw_probabilities, draw_table
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.regions import draw_curve, draw_regions, draw_surface, fit_extent, region_points
from nn_tui.tui.session import Session

TABLE_ROWS = 16  # a truth table or a worked example is shown whole
POINTS = 400  # points drawn at most: more hide the regions
CONFUSION_ROWS = 600  # rows judged for the confusion matrix of one frame
CURVE_POINTS = 160


def title(session: Session, palette: Palette) -> str:
    """What the panel shows and after which update."""
    return f"Output {palette.glyphs.dot} after update {session.updates_done}"


def state_of(session: Session) -> State:
    """The parameters that the output is drawn with: the new ones once the update is done."""
    return session.trace.after if session.at >= session.course.end else session.trace.before


def _kind(session: Session) -> str:
    data = session.experiment.data
    if data.image_shape:
        return "sample"
    points = data.points.shape[1]
    if points == 2 and (data.y.shape[1] > 1 and not is_classification(data.y)):
        return "table"
    if points == 2 and len(data.x) >= 4:
        return "regions" if is_classification(data.y) else "surface"
    if points == 1 and data.y.shape[1] == 1 and len(data.x) > 2:
        return "curve"
    if len(data.x) <= TABLE_ROWS:
        return "table"
    return "classes" if is_classification(data.y) and data.y.shape[1] > 1 else "table"


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """``height`` lines of the view that fits the data."""
    kind = _kind(session)
    data, state = session.experiment.data, state_of(session)
    if kind == "regions" and len(data.x) <= TABLE_ROWS and height >= 14:
        # A truth table is worth its lines beside the picture.
        rows = min(len(data.x) + 2, height // 3)
        return [
            *_regions(session, data, state, palette, width, height - rows),
            *_table(session, data, state, palette, width, rows),
        ]
    if kind == "regions":
        return _regions(session, data, state, palette, width, height)
    if kind == "surface":
        return _surface(session, data, state, palette, width, height)
    if kind == "curve":
        return _curve(session, data, state, palette, width, height)
    if kind == "sample":
        return _sample(session, data, state, palette, width, height)
    if kind == "classes":
        return _classes(session, data, state, palette, width, height)
    return _table(session, data, state, palette, width, height)


def _cursor(session: Session) -> int:
    """The data row of the selected sample."""
    rows = session.trace.rows
    return session.ref.sample if rows is None else int(rows[session.ref.sample])


def _shown(session: Session, count: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The training rows that are drawn: all, or an even spread that holds the selected one."""
    if count <= POINTS:
        return np.arange(count)
    spread = np.linspace(0, count - 1, POINTS).astype(np.intp)
    return np.unique(np.append(spread, _cursor(session)))


def _labels(y: Array) -> Array:
    return y.argmax(axis=1) if y.shape[1] > 1 else (y[:, 0] > (0.0 if (y < 0).any() else 0.5)).astype(int)


def _regions(session: Session, data: Dataset, state: State, palette: Palette, width: int, height: int) -> list[Strip]:
    engine = session.engine
    extent = fit_extent(np.concatenate([data.points, data.points_test]), 0.25 if len(data.x) <= TABLE_ROWS else 0.1)
    grid = outputs(engine, state, inputs_for(data, region_points(extent, width, height, palette)))
    if (data.y < 0).any():
        grid = (grid + 1.0) / 2.0
    shown = _shown(session, len(data.x))
    test_shown = np.arange(min(len(data.x_test), POINTS))
    points = np.concatenate([data.points[shown], data.points_test[test_shown]])
    y = np.concatenate([data.y[shown], data.y_test[test_shown]])
    answers = outputs(engine, state, np.concatenate([data.x[shown], data.x_test[test_shown]]))
    test = np.arange(len(points)) >= len(shown)
    cursor = int(np.searchsorted(shown, _cursor(session)))
    return draw_regions(
        grid, points, _labels(y), palette, width, height, extent,
        test=test, wrong=wrong_rows(answers, y), names=data.classes, cursor=cursor,
    )  # fmt: skip


def _surface(session: Session, data: Dataset, state: State, palette: Palette, width: int, height: int) -> list[Strip]:
    extent = fit_extent(data.points)
    grid = outputs(session.engine, state, inputs_for(data, region_points(extent, width, height, palette)))
    shown = _shown(session, len(data.x))
    cursor = int(np.searchsorted(shown, _cursor(session)))
    return draw_surface(grid[:, 0], data.points[shown], data.y[shown, 0], palette, width, height, extent, cursor=cursor)


def _curve(session: Session, data: Dataset, state: State, palette: Palette, width: int, height: int) -> list[Strip]:
    points = np.concatenate([data.points, data.points_test])[:, 0]
    low, high = float(points.min()), float(points.max())
    pad = (high - low) * 0.05 or 1.0
    x = np.linspace(low - pad, high + pad, CURVE_POINTS)
    prediction = outputs(session.engine, state, inputs_for(data, x[:, None]))[:, 0]
    targets = np.concatenate([data.y, data.y_test])[:, 0]
    test = np.arange(len(points)) >= len(data.x)
    return draw_curve(
        x, prediction, points, targets, palette, width, height, test=test, cursor=float(points[_cursor(session)])
    )


def _table(session: Session, data: Dataset, state: State, palette: Palette, width: int, height: int) -> list[Strip]:
    cursor = _cursor(session)
    first = max(0, min(cursor - height // 2, len(data.x) - max(1, height - 1)))
    rows = slice(first, first + max(1, height))
    answers = outputs(session.engine, state, data.x[rows])
    names = data.input_names if len(data.input_names) == data.points.shape[1] else ()
    return draw_table(
        names, data.points[rows], data.output_names, data.y[rows], answers, palette, width, height,
        digits=2 if session.digits is None else min(session.digits, 4), cursor=cursor - first,
    )  # fmt: skip


def _sample(session: Session, data: Dataset, state: State, palette: Palette, width: int, height: int) -> list[Strip]:
    assert data.image_shape is not None
    row = _cursor(session)
    image_height = min(height // 2 + 1, max(4, height - data.y.shape[1]), data.image_shape[0])
    picture = draw_image(data.points[row].reshape(data.image_shape), palette, width, image_height)
    return [*picture, *_probabilities(session, data, state, row, palette, width, height - image_height)][:height]


def _probabilities(
    session: Session, data: Dataset, state: State, row: int, palette: Palette, width: int, height: int
) -> list[Strip]:
    answer = outputs(session.engine, state, data.x[row : row + 1])[0]
    names = data.classes if len(data.classes) == len(answer) else data.output_names
    return draw_probabilities(names, answer, data.y[row], palette, width, height)


def _classes(session: Session, data: Dataset, state: State, palette: Palette, width: int, height: int) -> list[Strip]:
    classes = data.y.shape[1]
    bars = min(classes + 1, height // 2)
    rows = slice(0, CONFUSION_ROWS)
    answers = outputs(session.engine, state, data.x[rows])
    matrix = np.zeros((classes, classes), dtype=np.intp)
    np.add.at(matrix, (data.y[rows].argmax(axis=1), answers.argmax(axis=1)), 1)
    names = data.classes if len(data.classes) == classes else data.output_names
    return [
        *_probabilities(session, data, state, _cursor(session), palette, width, bars),
        *draw_confusion(matrix, names, palette, width, height - bars),
    ][:height]
