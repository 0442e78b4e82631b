"""Lists of samples with bad predictions: those that are classified wrongly, and those with the largest errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from textual.strip import Strip

from nn_tui.core.data.labels import output_labels
from nn_tui.core.data.units import raw_targets, raw_targets_test, to_raw_units
from nn_tui.core.run.metrics import predict
from nn_tui.core.translation import tr
from nn_tui.tui.draw.lists import ListColumn, draw_list, list_row_at
from nn_tui.tui.draw.numbers import fmt, fmt_quantity
from nn_tui.tui.draw.palette import NumberScale, Palette
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.predictions import (
    PART_NAMES,
    Part,
    SampleHit,
    class_names,
    is_probability,
    max_rows,
    predict_part,
    spread_rows,
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


def mistakes(session: Session) -> list[Mistake]:
    """Return the wrongly classified samples of both parts, the most confident prediction first."""
    wrong_samples = []
    for part in _PARTS:
        if part == "test" and not len(session.experiment.data.x_test):
            continue
        predictions = predict_part(session, part)
        wrong_samples += [
            Mistake(
                part,
                int(predictions.rows[k]),
                int(predictions.true[k]),
                int(predictions.predicted[k]),
                float(predictions.confidence[k]),
            )
            for k in np.flatnonzero(predictions.wrong)
        ]
    return sorted(wrong_samples, key=lambda mistake: -np.nan_to_num(mistake.confidence, nan=np.inf))


def draw_mistakes(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the wrongly classified samples, the most confident prediction first."""
    glyphs, names, data = palette.glyphs, class_names(session), session.experiment.data
    wrong_samples = mistakes(session)
    is_narrow, has_test = width < _MAX_NARROW_WIDTH, len(data.x_test) > 0
    counts = []
    for part, total in zip(_PARTS, (len(data.x), len(data.x_test)), strict=True):
        seen = len(spread_rows(total, max_rows(session)))
        wrong = sum(mistake.part == part for mistake in wrong_samples)
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
    if not wrong_samples:
        return draw_list(title, [], palette, width, height, note=tr("Every sample is classified correctly."))
    shown = wrong_samples[: max(1, height)]
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
    return draw_list(title, columns, palette, width, height, cursor=cursor, total=len(wrong_samples))


def mistake_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample in line ``y`` of the list of mistakes."""
    return _sample_at(mistakes(session), height, y)


def output_errors(session: Session) -> list[OutputError]:
    """Return the worst output of each sample of both parts, the largest error first."""
    data = session.experiment.data
    errors: list[OutputError] = []
    parts = ((data.x, data.y, raw_targets(data)), (data.x_test, data.y_test, raw_targets_test(data)))
    for part, (x, y, raw) in zip(_PARTS, parts, strict=True):
        rows = spread_rows(len(x), max_rows(session))
        if not len(rows):
            continue
        outputs = predict(session.engine, session.state, x[rows])
        with np.errstate(all="ignore"):
            worst = np.nan_to_num(np.abs(outputs - y[rows]), nan=np.inf).argmax(axis=1)
        raw_outputs = to_raw_units(data, outputs)
        errors += [
            OutputError(
                part, int(row), int(k), float(y[row, k]), float(outputs[i, k]),
                float(raw[row, k]), float(raw_outputs[i, k]),
            )
            for i, (row, k) in enumerate(zip(rows, worst, strict=True))
        ]  # fmt: skip
    return sorted(errors, key=lambda error: -error.size)


def draw_errors(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the samples by the error of their worst output, the largest first."""
    glyphs, data = palette.glyphs, session.experiment.data
    digits = 2 if session.digits is None else min(session.digits, _MAX_DIGITS)
    errors = output_errors(session)
    is_narrow, has_test = width < _MAX_NARROW_WIDTH, len(data.x_test) > 0
    shown = errors[: max(1, height)]

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
    title = tr("largest errors, prediction {minus} target", minus=glyphs.minus)
    if is_narrow and has_test:
        marks = " ".join(f"{_mark(part, palette)} {PART_NAMES[part]}" for part in _PARTS)
        title = tr("worst  {marks}", marks=marks)
    elif is_narrow:
        title = tr("largest errors")
    cursor = _cursor(session, [(error.part, error.row) for error in shown])
    return draw_list(title, columns, palette, width, height, cursor=cursor, total=len(errors))


def error_at(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> SampleHit | None:
    """Return the sample in line ``y`` of the list of errors."""
    return _sample_at(output_errors(session), height, y)


def _sample_at(listed: Sequence[Mistake | OutputError], height: int, y: int) -> SampleHit | None:
    """Return the sample in line ``y`` of a list of that height."""
    row = list_row_at(len(listed), height, y)
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
