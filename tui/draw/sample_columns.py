"""The columns of a table of samples: inputs, targets y, predictions ŷ and errors ŷ − y."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from rich.cells import cell_len

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.number_text import MIN_QUANTITY, fmt, fmt_quantity, number_width
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.names import SHORT_WIDTH, fit_names
from nn_tui.tui.draw.text import to_display

ColumnKind = Literal["row", "input", "output", "target", "prediction", "error"]


@dataclass(frozen=True, slots=True, eq=False)
class TableSamples:
    """The samples of a table.

    Attributes:
        input_names: Names (d,) of the inputs.
        inputs: Inputs (n, d).
        output_names: Names (K,) of the outputs.
        target_names: Names (K,) of the targets, if each is a column.
        prediction_names: Names (K,) of the predictions, if each is a column.
        error_names: Names (K,) of the errors, if each is a column.
        targets: Targets (n, K) of the network, which have its colours.
        predictions: Predictions (n, K) of the network; None while the pass has none.
        input_scale: Colour scale of the inputs; None for none.
        output_scale: Colour scale of targets and predictions.
        predicts_classes: Whether predictions are whole numbers that stand for classes, which have no decimals.
        before: The number of samples before these ones that are not given.
        after: The number of samples after these ones that are not given.
        shown_targets: Targets (n, K) in the units of the data; None if those are the units of the network.
        shown_predictions: Predictions (n, K) in these units.
    """

    input_names: tuple[str, ...]
    inputs: Array
    output_names: tuple[str, ...]
    target_names: tuple[str, ...]
    prediction_names: tuple[str, ...]
    error_names: tuple[str, ...]
    targets: Array
    predictions: Array | None
    input_scale: NumberScale | None = None
    output_scale: NumberScale = NumberScale("sequential", 1.0)
    predicts_classes: bool = False
    before: int = 0
    after: int = 0
    shown_targets: Array | None = None
    shown_predictions: Array | None = None

    @property
    def total(self) -> int:
        """The number of all samples."""
        return self.before + len(self.targets) + self.after


@dataclass(frozen=True, slots=True, eq=False)
class SampleColumn:
    """A column with a text for each line.

    Attributes:
        name: The heading.
        texts: The text of each line; numbers are aligned to the right.
        text_width: The cells of the longest text, or more if longer ones are to come.
        values: The number in each line, for its colour.
        scale: The colour scale of the numbers; None for no colours.
        kind: What the column has.
    """

    name: str
    texts: Sequence[str]
    text_width: int
    values: Sequence[float] = ()
    scale: NumberScale | None = None
    kind: ColumnKind = "input"

    @property
    def width(self) -> int:
        """The cells of the column."""
        return max(self.text_width, cell_len(self.name))


@dataclass(frozen=True, slots=True, eq=False)
class SampleColumns:
    """All columns that a table may have with some number of decimals, a line for each sample or for each output.

    Attributes:
        row: The numbers of the samples.
        more: The mark of inputs that are left out.
        inputs: The inputs with their names in full.
        short_inputs: The inputs with their short names.
        outputs: The names of the outputs, if each has a line; then targets, predictions and errors.
        lines_per_sample: One, or one for each output.
    """

    row: SampleColumn
    more: SampleColumn
    inputs: tuple[SampleColumn, ...]
    short_inputs: tuple[SampleColumn, ...]
    outputs: tuple[SampleColumn, ...]
    lines_per_sample: int


def columns_of(samples: TableSamples, glyphs: Glyphs, digits: int) -> dict[bool, SampleColumns]:
    """Return the columns with ``digits`` decimals, by whether each output of a sample has a line."""
    outputs = samples.targets.shape[1]
    side_by_side = [column for k in range(outputs) for column in _output_columns(samples, [k], glyphs, digits)]
    found = {False: _with_inputs(samples, side_by_side, 1, glyphs, digits)}
    if outputs > 1:
        names = fit_names(samples.output_names, SHORT_WIDTH, glyphs.is_ascii) * len(samples.targets)
        output = SampleColumn("k", names, max(map(cell_len, names), default=0), kind="output")
        stacked = [output, *_output_columns(samples, list(range(outputs)), glyphs, digits)]
        found[True] = _with_inputs(samples, stacked, outputs, glyphs, digits)
    return found


def _with_inputs(
    samples: TableSamples, outputs: Sequence[SampleColumn], per_sample: int, glyphs: Glyphs, digits: int
) -> SampleColumns:
    """Return the columns of the samples and of their inputs, which have a text in the first line of each sample."""
    longest = max(map(cell_len, samples.input_names), default=0)

    def column(name: str, texts: Sequence[str], values: Sequence[float] = ()) -> SampleColumn:
        spread = [""] * (len(texts) * per_sample)
        spread[::per_sample] = texts
        numbers = [value for value in values for _ in range(per_sample)]
        return SampleColumn(
            name, spread, max(map(cell_len, texts), default=0), numbers, samples.input_scale if numbers else None
        )

    inputs = [
        column(name, _given_texts(values, digits, glyphs), values.tolist())
        for name, values in zip(fit_names(samples.input_names, longest, glyphs.is_ascii), samples.inputs.T, strict=True)
    ]
    short = fit_names(samples.input_names, SHORT_WIDTH, glyphs.is_ascii)
    numbers = [str(samples.before + row + 1) for row in range(len(samples.targets))]
    return SampleColumns(
        column(tr("row"), numbers),
        column(glyphs.cut, [""] * len(numbers)),
        tuple(inputs),
        tuple(replace(each, name=name) for each, name in zip(inputs, short, strict=True)),
        tuple(outputs),
        per_sample,
    )


def _output_columns(
    samples: TableSamples, outputs: Sequence[int], glyphs: Glyphs, digits: int
) -> Iterator[SampleColumn]:
    """Yield the columns of the targets, predictions and errors of some outputs, in each line those of one output."""
    names = ("y", "ŷ", "ŷ−y")
    if len(outputs) == 1:
        k = outputs[0]
        names = (samples.target_names[k], samples.prediction_names[k], samples.error_names[k])
    target, prediction, error = (to_display(name, glyphs.is_ascii) for name in names)
    targets, scale = samples.targets[:, outputs], samples.output_scale
    shown_targets = targets if samples.shown_targets is None else samples.shown_targets[:, outputs]
    texts = [_given_texts(column, digits, glyphs) for column in shown_targets.T]
    yield _lines(target, texts, targets, scale, "target")
    decimals = 0 if samples.predicts_classes else digits
    sizes = [_size(column) for column in shown_targets.T]
    # A sign, a digit, and perhaps the point and the decimals; or the sign and the largest target.
    min_width = 2 if samples.predicts_classes else digits + 3
    min_width = max(
        [
            min_width,
            *(1 + cell_len(fmt_quantity(size, digits, glyphs=glyphs)) for size in sizes if size >= MIN_QUANTITY),
        ]
    )
    if samples.predictions is None:
        blanks = [glyphs.blank] * targets.size
        yield SampleColumn(prediction, blanks, min_width, kind="prediction")
        yield SampleColumn(error, blanks, min_width, kind="error")
        return
    predictions = samples.predictions[:, outputs]
    shown = predictions if samples.shown_predictions is None else samples.shown_predictions[:, outputs]
    texts = [_number_texts(column, decimals, glyphs, size=size) for column, size in zip(shown.T, sizes, strict=True)]
    yield _lines(prediction, texts, predictions, scale, "prediction", min_width)
    with np.errstate(all="ignore"):
        errors, shown_errors = predictions - targets, shown - shown_targets
    texts = [
        _number_texts(column, decimals, glyphs, size=size, sign=True)
        for column, size in zip(shown_errors.T, sizes, strict=True)
    ]
    yield _lines(error, texts, errors, scale.of_differences(), "error", min_width)


def _lines(
    name: str,
    texts: Sequence[Sequence[str]],
    values: Array,
    scale: NumberScale,
    kind: ColumnKind,
    min_width: int = 0,
) -> SampleColumn:
    """Return a column of numbers (n, outputs), with a line for each output of each sample, from texts by output."""
    lines = [text for row in zip(*texts, strict=True) for text in row]
    return SampleColumn(name, lines, max([min_width, *map(cell_len, lines)]), values.reshape(-1).tolist(), scale, kind)


def _given_texts(values: Array, digits: int, glyphs: Glyphs) -> list[str]:
    """Return the numbers of a column of the data; they have no decimals if all are whole numbers."""
    is_whole = bool(np.isfinite(values).all()) and bool((values == np.rint(values)).all())
    if is_whole:
        has_sign = bool((values < 0).any())
        return [fmt_quantity(value, 0, sign=has_sign, glyphs=glyphs).strip() for value in values.tolist()]
    return _number_texts(values, digits, glyphs, size=_size(values))


def _number_texts(values: Array, digits: int, glyphs: Glyphs, *, size: float, sign: bool = False) -> list[str]:
    """Return numbers as the matrices show them, or as quantities if ``size``, that of the data, is large."""
    has_sign, width = sign or bool((values < 0).any()), number_width(digits)
    if size >= MIN_QUANTITY:
        return [
            fmt_quantity(value, digits, size=size, sign=has_sign, glyphs=glyphs).strip() for value in values.tolist()
        ]
    return [fmt(value, digits, width=width, sign=has_sign, glyphs=glyphs).strip() for value in values.tolist()]


def _size(values: Array) -> float:
    """Return the largest magnitude of the finite numbers of a column of the data."""
    return float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
