"""Lists of samples with bad predictions: those that are classified wrongly, and those with the largest errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nn_tui.core.data.classes import class_names
from nn_tui.core.data.labels import output_labels
from nn_tui.core.data.units import raw_targets, raw_targets_test, to_raw_units
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.number_text import fmt, fmt_quantity
from nn_tui.core.run.evaluation_sample import spread_rows
from nn_tui.core.run.metrics import predict
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.lists import ListColumn, draw_list, list_row_at
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import first_fitting
from nn_tui.tui.session.evaluations import known_evaluations
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.predictions import (
    PART_NAMES,
    Part,
    Predictions,
    SampleHit,
    is_probability,
    max_rows,
    predict_part,
    target_size,
)

_PARTS: tuple[Part, ...] = ("train", "test")
_MAX_NARROW_WIDTH = 36  # cells below which a mark stands for the part of a sample
_MAX_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sample that is classified wrongly: its row of a part, its true and predicted class, and the confidence."""

    part: Part
    row: int
    true: int
    predicted: int
    confidence: float


@dataclass(frozen=True, slots=True)
class OutputError:
    """The worst output of a sample.

    Attributes:
        part: The part of the data.
        row: The sample's row of it.
        index: The output's index.
        target: The target of the network, which has its colour.
        output: The output of the network.
        raw_target: The target in the units of the data.
        raw_output: The output in these units.
    """

    part: Part
    row: int
    index: int
    target: float
    output: float
    raw_target: float
    raw_output: float

    @property
    def size(self) -> float:
        """The distance of the output from its target; infinite if it is not a number."""
        return float(np.nan_to_num(abs(self.output - self.target), nan=np.inf))


def mistakes(session: Session, limit: int | None = None) -> list[Mistake]:
    """Return the wrongly classified samples of both parts, the most confident prediction first; at most ``limit``."""
    return _worst_mistakes(_predicted_parts(session), limit)


def _predicted_parts(session: Session) -> dict[Part, Predictions]:
    data = session.experiment.data
    parts = zip(_PARTS, (data.x, data.x_test), strict=True)
    return {part: predict_part(session, part) for part, x in parts if part == "train" or len(x)}


def _worst_mistakes(parts: Mapping[Part, Predictions], limit: int | None) -> list[Mistake]:
    # A large set may have many; only those that are shown become objects.
    places = [(part, k) for part, each in parts.items() for k in _most_confident(each, limit)]
    found = [
        Mistake(
            part,
            int(parts[part].rows[k]),
            int(parts[part].true[k]),
            int(parts[part].predicted[k]),
            float(parts[part].confidence[k]),
        )
        for part, k in places
    ]
    return sorted(found, key=lambda mistake: -np.nan_to_num(mistake.confidence, nan=np.inf))[:limit]


def _most_confident(predictions: Predictions, limit: int | None) -> list[int]:
    """Return the positions of at most ``limit`` wrong predictions, the most confident first."""
    wrong = np.flatnonzero(predictions.wrong)
    places: list[int] = wrong[_largest(np.nan_to_num(predictions.confidence[wrong], nan=np.inf), limit)].tolist()
    return places


def _largest(values: Array, limit: int | None) -> NDArray[np.intp]:
    """Return the positions of at most ``limit`` of the values, the largest first, equal ones in their order."""
    if limit is None or limit >= len(values):
        return np.argsort(-values, kind="stable")
    candidates = np.flatnonzero(values >= np.partition(values, -limit)[-limit])
    return np.asarray(candidates[np.argsort(-values[candidates], kind="stable")][:limit])


def draw_mistakes(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the wrongly classified samples, the most confident prediction first."""
    glyphs, names, data = palette.glyphs, class_names(session.experiment.data), session.experiment.data
    predicted = _predicted_parts(session)
    wrong_counts = {part: int(each.wrong.sum()) for part, each in predicted.items()}
    is_narrow, has_test = width < _MAX_NARROW_WIDTH, len(data.x_test) > 0
    counts = []
    for part, total in zip(_PARTS, (len(data.x), len(data.x_test)), strict=True):
        seen = len(spread_rows(total, max_rows(session)))
        wrong = wrong_counts.get(part, 0)
        if total:
            name = PART_NAMES[part]
            if is_narrow and has_test:
                counts.append(f"{wrong} {_mark(part, palette)} {name}")
            else:
                counts.append(tr("{wrong} of {seen} {part}", wrong=wrong, seen=seen, part=name))
    if is_narrow:
        title = tr("wrong {counts}", counts=" ".join(counts))
    else:
        title = tr("wrong: {counts}", counts=", ".join(counts))
    if not any(wrong_counts.values()):
        return draw_list(title, [], palette, width, height, note=tr("Every sample is classified correctly."))
    shown = _worst_mistakes(predicted, max(1, height))
    confidences = [fmt(mistake.confidence, 2, sign=False, glyphs=glyphs) for mistake in shown]
    columns = [
        *_sample_columns([(mistake.part, mistake.row) for mistake in shown], palette, is_narrow, has_test),
        ListColumn(tr("true"), [names[mistake.true] for mistake in shown], names=names),
        ListColumn(
            tr("pred.") if is_narrow else tr("predicted"), [names[mistake.predicted] for mistake in shown], names=names
        ),
        ListColumn("p" if is_probability(session) else tr("by"), confidences, right=True),
    ]
    cursor = _cursor(session, [(mistake.part, mistake.row) for mistake in shown])
    return draw_list(title, columns, palette, width, height, cursor=cursor, total=sum(wrong_counts.values()))


def mistake_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample in line ``y`` of the list of mistakes."""
    total = sum(int(each.wrong.sum()) for each in _predicted_parts(session).values())
    return _sample_at(mistakes(session, max(1, height)), total, height, y)


def output_errors(session: Session, limit: int | None = None) -> list[OutputError]:
    """Return the worst output of each sample of both parts, the largest error first; at most ``limit``."""
    data = session.experiment.data
    errors: list[OutputError] = []
    parts = ((data.x, data.y, raw_targets(data)), (data.x_test, data.y_test, raw_targets_test(data)))
    for part, (x, y, raw) in zip(_PARTS, parts, strict=True):
        rows = spread_rows(len(x), max_rows(session))
        if not len(rows):
            continue
        is_all = len(rows) == len(x)
        outputs = predict(session.engine, session.state, x if is_all else x[rows])
        with np.errstate(all="ignore"):
            sizes = np.nan_to_num(np.abs(outputs - (y if is_all else y[rows])), nan=np.inf)
        worst = sizes.argmax(axis=1)
        # Of a large set only the samples that are shown become objects.
        order = _largest(sizes[np.arange(len(rows)), worst], limit)
        raw_outputs = to_raw_units(data, outputs[order])
        errors += [
            OutputError(
                part, int(row), int(k), float(y[row, k]), float(outputs[place, k]),
                float(raw[row, k]), float(raw_outputs[i, k]),
            )
            for i, (place, row, k) in enumerate(zip(order, rows[order], worst[order], strict=True))
        ]  # fmt: skip
    return sorted(errors, key=lambda error: -error.size)[:limit]


def _error_count(session: Session) -> int:
    """Return the number of samples whose errors are compared."""
    data = session.experiment.data
    return sum(len(spread_rows(len(x), max_rows(session))) for x in (data.x, data.x_test))


def draw_errors(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the samples by the error of their worst output, the largest first."""
    glyphs, data = palette.glyphs, session.experiment.data
    digits = 2 if session.digits is None else min(session.digits, _MAX_DIGITS)
    shown = output_errors(session, max(1, height))
    is_narrow, has_test = width < _MAX_NARROW_WIDTH, len(data.x_test) > 0

    scale = scale_of(session, "y", 0)

    sizes = [target_size(data, error.index) for error in shown]

    def numbers(name: str, values: list[float], raw: list[float], scale: NumberScale, sign: bool = False) -> ListColumn:
        """Return a column with the numbers ``raw`` in the colours of ``values``."""
        texts = [
            fmt_quantity(value, digits, size=size, sign=sign or value < 0, glyphs=glyphs)
            for value, size in zip(raw, sizes, strict=True)
        ]
        return ListColumn(name, texts, right=True, styles=[palette.number(value, scale) for value in values])

    names = output_labels(data)
    output_names = [names[error.index] for error in shown]
    columns = [
        *_sample_columns([(error.part, error.row) for error in shown], palette, is_narrow, has_test),
        ListColumn(tr("output"), output_names, names=names, hidden=data.y.shape[1] == 1),
        numbers("y", [error.target for error in shown], [error.raw_target for error in shown], scale),
        numbers("ŷ", [error.output for error in shown], [error.raw_output for error in shown], scale),
        numbers(
            f"ŷ{glyphs.minus}y",
            [error.output - error.target for error in shown],
            [error.raw_output - error.raw_target for error in shown],
            scale.of_differences(),
            sign=True,
        ),
    ]
    title = first_fitting(_error_titles(session, palette), width) or tr("largest errors")
    if is_narrow and has_test:
        marks = " ".join(f"{_mark(part, palette)} {PART_NAMES[part]}" for part in _PARTS)
        title = tr("worst  {marks}", marks=marks)
    elif is_narrow:
        title = tr("largest errors")
    cursor = _cursor(session, [(error.part, error.row) for error in shown])
    return draw_list(title, columns, palette, width, height, cursor=cursor, total=_error_count(session))


def _error_titles(session: Session, palette: Palette) -> list[str]:
    """Return titles of the list of errors, the longest first: with RMSE in the units of the target, and a baseline."""
    minus, glyphs = palette.glyphs.minus, palette.glyphs
    titles = [tr("largest errors, prediction {minus} target", minus=minus), tr("largest errors")]
    now = [each for each in known_evaluations(session) if each.update == session.updates_done]
    if not now or now[0].train_rmse is None:
        return titles
    data, train = session.experiment.data, fmt_quantity(now[0].train_rmse, 3, glyphs=glyphs)
    mean = raw_targets(data).mean(axis=0)
    if now[0].test_rmse is None:
        base = fmt_quantity(_rmse_of(raw_targets(data), mean), 3, glyphs=glyphs)
        short = tr("largest errors; RMSE {train}", train=train)
        return [tr("{title}; always the mean: {base}", title=short, base=base), short, *titles]
    base = fmt_quantity(_rmse_of(raw_targets_test(data), mean), 3, glyphs=glyphs)
    test = fmt_quantity(now[0].test_rmse, 3, glyphs=glyphs)
    short = tr("largest errors; RMSE test {test}, train {train}", test=test, train=train)
    return [tr("{title}; test, always the mean: {base}", title=short, base=base), short, *titles]


def _rmse_of(targets: Array, constant: Array) -> float:
    """Return the root mean squared error of a constant prediction (outputs,), the mean over the outputs."""
    return float(np.sqrt(np.square(targets - constant).mean(axis=0)).mean())


def error_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample in line ``y`` of the list of errors."""
    return _sample_at(output_errors(session, max(1, height)), _error_count(session), height, y)


def _sample_at(listed: Sequence[Mistake | OutputError], total: int, height: int, y: int) -> SampleHit | None:
    """Return the sample in line ``y`` of a list of that height, which shows the first of ``total`` samples."""
    row = list_row_at(total, height, y)
    return None if row is None else SampleHit(listed[row].part, listed[row].row)


def _sample_columns(
    samples: list[tuple[Part, int]], palette: Palette, is_narrow: bool, has_test: bool
) -> list[ListColumn]:
    """Return the columns with the number and the part of each sample."""
    parts = [_mark(part, palette) if is_narrow else str(PART_NAMES[part]) for part, _ in samples]
    return [
        ListColumn(tr("row") if is_narrow else tr("sample"), [f"{row + 1}" for _, row in samples], right=True),
        ListColumn("" if is_narrow else tr("part"), parts, hidden=not has_test),
    ]


def _mark(part: str, palette: Palette) -> str:
    return palette.glyphs.node if part == "train" else palette.glyphs.node_open


def _cursor(session: Session, samples: list[tuple[Part, int]]) -> int | None:
    """Return the index of the selected sample, None if it is not among the samples."""
    selected: tuple[Part, int] = ("train", session.data_row)
    return samples.index(selected) if selected in samples else None
