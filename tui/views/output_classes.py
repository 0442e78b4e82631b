"""Output in classes: one sample's probabilities, the confusion matrix of a part, the most confident mistakes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import predict
from nn_tui.tui.draw.canvas import Canvas, clip, draw_message
from nn_tui.tui.draw.confusion import confusion_cell_at, draw_confusion
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.lists import ListColumn, draw_list, list_row_at
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.probabilities import draw_probabilities, select_outputs
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output_predictions import (
    Found,
    Judged,
    Part,
    affordable,
    class_names,
    has_answers,
    has_classes,
    is_probability,
    judge,
    labels,
    spread,
)

NO_ANSWER = "This pass has no answer yet: `f` runs forward."
NARROW = 36  # cells below which a mark stands for the part
BESIDE = 100  # cells of width from which the matrices of both parts stand side by side
HEADING = 4  # lines beyond one a class from which the matrix has a heading
BARS_AND_MATRIX = 6  # lines beyond one a class from which the matrix fits below the bars
BARS_BESIDE = 64  # cells of width from which it fits beside them


def draw_sample(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The selected sample's outputs as bars, and below or beside them, where there is room, a part's confusion."""
    left, bars = _bars_size(session, width, height)
    part = _matrix_part(session)
    if bars < height:
        return [
            *draw_bars(session, palette, width, bars),
            *draw_matrix(session, palette, width, height - bars, part),
        ]
    shown = draw_bars(session, palette, left, height)
    if left == width:
        return shown
    gap = Canvas(2, height, palette).strips()
    matrix = draw_matrix(session, palette, width - left - 2, height, part)
    return [Strip.join(row) for row in zip(shown, gap, matrix, strict=True)]


def find_in_sample(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Found | Ref | None:
    """The output whose bar is at a point, or a sample of the confusion matrix's cell there."""
    left, bars = _bars_size(session, width, height)
    part = _matrix_part(session)
    if x < left and y < bars:
        return find_bar(session, palette, left, bars, x, y)
    if bars < height:
        return _find_in_matrix(session, width, height - bars, x, y - bars, part)
    return _find_in_matrix(session, width - left - 2, height, x - left - 2, y, part) if x >= left + 2 else None


def _matrix_part(session: Session) -> Part:
    return "test" if len(session.experiment.data.x_test) else "train"


def _bars_size(session: Session, width: int, height: int) -> tuple[int, int]:
    """The cells and lines of the bars; the confusion matrix stands beside or below them where they leave room."""
    classes = session.experiment.data.y.shape[1]
    if height >= 2 * classes + 1 + BARS_AND_MATRIX:
        return width, classes + 1
    beside = width >= BARS_BESIDE and height >= classes + HEADING
    return (width // 2 - 1 if beside else width), height


def find_bar(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """The output whose bar is in a line."""
    data, row = session.experiment.data, session.data_row
    if not has_answers(session):
        return None
    answer = predict(session.engine, session.state, data.x[row : row + 1])[0]
    shown = select_outputs(answer, data.y[row], max(1, height))
    if not (0 <= y < len(shown) and 0 <= x < width):
        return None
    return Ref("a", len(session.engine.sizes) - 2, shown[y], 0, session.ref.sample)


def draw_bars(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The selected sample's outputs as bars with its target marked, once the pass has computed them."""
    data, row = session.experiment.data, session.data_row
    if not has_answers(session):
        true = class_names(session)[labels(data.y[row : row + 1])[0]] if has_classes(data) else ""
        words = f"Its class is {true}. " if true else ""
        return draw_message(words + format_keys(NO_ANSWER, session.keys), palette, width, height)
    answer = predict(session.engine, session.state, data.x[row : row + 1])[0]
    names = data.classes if len(data.classes) == len(answer) else data.output_names
    return draw_probabilities(names, answer, data.y[row], palette, width, height)


def draw_matrix(session: Session, palette: Palette, width: int, height: int, part: Part) -> list[Strip]:
    """The confusion matrix of the training or the test part, under a heading where there is room for one."""
    judged, names, glyphs = judge(session, part), class_names(session), palette.glyphs
    counts = confusion(judged, len(names))
    of = part if len(judged.rows) == judged.total else f"{len(judged.rows)} of {judged.total} {part}"
    if height < len(names) + HEADING:
        return draw_confusion(counts, names, palette, width, height, part=of)
    heading = Canvas(width, 1, palette)
    x = heading.put(0, 0, of, palette.style("title"))
    ways = f"true {glyphs.arrow_down}  answer {glyphs.arrow}"
    heading.put(x + 2, 0, clip(ways, width - x - 2, palette), palette.style("dim"))
    return [*heading.strips(), *draw_confusion(counts, names, palette, width, height - 1, part="")]


def draw_matrices(session: Session, palette: Palette, width: int, height: int, part: Part) -> list[Strip]:
    """The confusion matrix of a part, with the other part's beside it where there is room for both."""
    other: Part = "test" if part == "train" else "train"
    if width < BESIDE or not len(session.experiment.data.x_test):
        return draw_matrix(session, palette, width, height, part)
    half = (width - 2) // 2
    left, right = (draw_matrix(session, palette, half, height, one) for one in (part, other))
    gap = Canvas(width - 2 * half, height, palette).strips()
    return [Strip.join(row) for row in zip(left, gap, right, strict=True)]


def find_cell(session: Session, palette: Palette, width: int, height: int, x: int, y: int, part: Part) -> Found | None:
    """A sample of the confusion matrix's cell at a point: the surest one, or the next one after the selected one."""
    if width >= BESIDE and len(session.experiment.data.x_test):
        half = (width - 2) // 2
        if x >= half:
            x, part = x - (width - half), "test" if part == "train" else "train"
        width = half
    return _find_in_matrix(session, width, height, x, y, part)


def _find_in_matrix(session: Session, width: int, height: int, x: int, y: int, part: Part) -> Found | None:
    """A sample of a cell of :func:`draw_matrix`."""
    judged, names = judge(session, part), class_names(session)
    if height >= len(names) + HEADING:
        height, y = height - 1, y - 1
    cell = confusion_cell_at(confusion(judged, len(names)), names, width, height, x, y)
    if cell is None:
        return None
    inside = np.flatnonzero((judged.true == cell[0]) & (judged.predicted == cell[1]))
    if not len(inside):
        return None
    order = inside[np.argsort(-np.nan_to_num(judged.strength[inside], nan=np.inf), kind="stable")]
    rows = judged.rows[order].tolist()
    if part == "train" and session.trace.rows is not None:
        here = set(session.trace.rows.tolist())
        rows = [row for row in rows if row in here] or rows
    at = rows.index(session.data_row) + 1 if part == "train" and session.data_row in rows else 0
    words = f"{len(order)} of class {names[cell[0]]} answered {names[cell[1]]}, the surest first"
    return Found(part, int(rows[at % len(rows)]), words)


def find_mistake(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Found | None:
    """The mistake in a line of the list."""
    found = mistakes(session)
    row = list_row_at(len(found), height, y)
    return None if row is None else Found(found[row][0].part, int(found[row][0].rows[found[row][1]]))


def find_error(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Found | None:
    """The sample in a line of the list of errors."""
    found = errors(session)
    row = list_row_at(len(found), height, y)
    return None if row is None else Found(found[row][0], found[row][1])


def confusion(judged: Judged, classes: int) -> NDArray[np.intp]:
    """Counts (classes, classes): true classes down, predicted ones across."""
    counts = np.zeros((classes, classes), dtype=np.intp)
    np.add.at(counts, (judged.true, judged.predicted), 1)
    return counts


def mistakes(session: Session) -> list[tuple[Judged, int]]:
    """Every mistake of both parts as (judged, index into it), the surest first."""
    parts: tuple[Part, ...] = ("train", "test")
    data = session.experiment.data
    found = [judge(session, part) for part in parts if part == "train" or len(data.x_test)]
    out = [(judged, int(k)) for judged in found for k in np.flatnonzero(judged.wrong)]
    return sorted(out, key=lambda one: -np.nan_to_num(one[0].strength[one[1]], nan=np.inf))


def draw_mistakes(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The mistakes: row of its part, true and predicted class, and how sure the network is."""
    glyphs, names = palette.glyphs, class_names(session)
    found = mistakes(session)
    data = session.experiment.data
    one_part = not len(data.x_test)
    narrow = width < NARROW
    marks = {"train": glyphs.node, "test": glyphs.node_open}
    counts = []
    for part, total in (("train", len(data.x)), ("test", len(data.x_test))):
        seen = len(spread(total, affordable(session)))
        wrong = sum(j.part == part for j, _ in found)
        if total:
            marked = narrow and not one_part
            counts.append(f"{wrong} {marks[part]} {part}" if marked else f"{wrong} of {seen} {part}")
    head = f"wrong {' '.join(counts)}" if narrow else f"wrong: {', '.join(counts)}"
    if not found:
        return draw_list(head, [], palette, width, height, note="Every sample is classified correctly.")
    shown = found[: max(1, height)]
    sure = [fmt(float(j.strength[k]), 2, sign=False, glyphs=glyphs) for j, k in shown]
    columns = [
        ListColumn("row" if narrow else "sample", [f"{j.rows[k] + 1}" for j, k in shown], right=True),
        ListColumn("" if narrow else "part", [marks[j.part] if narrow else j.part for j, _ in shown], hidden=one_part),
        ListColumn("true", [names[j.true[k]] for j, k in shown], flexible=True),
        ListColumn("said", [names[j.predicted[k]] for j, k in shown], flexible=True),
        ListColumn("p" if is_probability(session) else "by", sure, right=True),
    ]
    here = session.data_row
    cursor = next((i for i, (j, k) in enumerate(shown) if j.part == "train" and j.rows[k] == here), None)
    return draw_list(head, columns, palette, width, height, cursor=cursor, total=len(found))


def errors(session: Session) -> list[tuple[Part, int, int, float, float]]:
    """(part, row, output, target, answer) by how far they are apart, the farthest first; one a row."""
    data = session.experiment.data
    out: list[tuple[Part, int, int, float, float]] = []
    parts: tuple[Part, ...] = ("train", "test")
    for part, x, y in zip(parts, (data.x, data.x_test), (data.y, data.y_test), strict=True):
        rows = spread(len(x), affordable(session))
        if not len(rows):
            continue
        answers = predict(session.engine, session.state, x[rows])
        with np.errstate(all="ignore"):
            worst = np.nan_to_num(np.abs(answers - y[rows]), nan=np.inf).argmax(axis=1)
        out += [
            (part, int(row), int(k), float(y[row, k]), float(answers[i, k]))
            for i, (row, k) in enumerate(zip(rows, worst, strict=True))
        ]
    return sorted(out, key=lambda one: -np.nan_to_num(abs(one[4] - one[3]), nan=np.inf))


def draw_errors(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The samples whose output is farthest from its target."""
    glyphs, data = palette.glyphs, session.experiment.data
    digits = 2 if session.digits is None else min(session.digits, 3)
    found = errors(session)
    narrow, one_part = width < NARROW, not len(data.x_test)
    marks = {"train": glyphs.node, "test": glyphs.node_open}
    shown = found[: max(1, height)]

    def number(value: float, sign: bool) -> str:
        return fmt(value, digits, sign=sign, glyphs=glyphs)

    columns = [
        ListColumn("row" if narrow else "sample", [f"{row + 1}" for _, row, *_ in shown], right=True),
        ListColumn("" if narrow else "part", [marks[part] if narrow else part for part, *_ in shown], hidden=one_part),
        ListColumn("", [data.output_names[k] for _, _, k, *_ in shown], flexible=True, hidden=data.y.shape[1] == 1),
        ListColumn("target", [number(target, target < 0) for *_, target, _ in shown], right=True),
        ListColumn("output", [number(answer, answer < 0) for *_, answer in shown], right=True),
        ListColumn("error", [number(answer - target, True) for *_, target, answer in shown], right=True),
    ]
    here = session.data_row
    cursor = next((i for i, (part, row, *_) in enumerate(shown) if part == "train" and row == here), None)
    head = f"largest errors, output {glyphs.minus} target"
    if narrow:
        head = "largest errors" if one_part else f"worst  {marks['train']} train {marks['test']} test"
    return draw_list(head, columns, palette, width, height, cursor=cursor, total=len(found))
