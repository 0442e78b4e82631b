"""A table of samples with their inputs, targets y, predictions ŷ and errors ŷ − y."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.names import SHORT_WIDTH, fit_names
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import NumberScale, Palette
from nn_tui.tui.draw.text import to_display

_MARGIN = 2  # cells before the first column, for the mark of the selected sample
_GAPS = (2, 1)  # cells between columns
_MIN_DIGITS = 2


@dataclass(frozen=True, slots=True, eq=False)
class TableSamples:
    """The samples of a table.

    Attributes:
        input_names: Names (d,) of the inputs.
        inputs: Inputs (n, d).
        output_names: Names (K,) of the outputs.
        target_names: Names (K,) of the targets, if each is a column.
        prediction_names: Names (K,) of the predictions, if each is a column.
        targets: Targets (n, K).
        predictions: Predictions (n, K); None while the pass has none.
        input_scale: Colour scale of the inputs; None for none.
        output_scale: Colour scale of targets and predictions.
        before: The number of samples before these ones that are not given.
        after: The number of samples after these ones that are not given.
    """

    input_names: tuple[str, ...]
    inputs: Array
    output_names: tuple[str, ...]
    target_names: tuple[str, ...]
    prediction_names: tuple[str, ...]
    targets: Array
    predictions: Array | None
    input_scale: NumberScale | None = None
    output_scale: NumberScale = NumberScale("sequential", 1.0)
    before: int = 0
    after: int = 0

    @property
    def total(self) -> int:
        """The number of all samples."""
        return self.before + len(self.targets) + self.after


@dataclass(frozen=True, slots=True)
class _Column:
    """A column with a text and a style for each line; numbers are aligned to the right."""

    name: str
    texts: list[str]
    styles: list[Style]
    min_width: int = 0
    is_text: bool = False

    @property
    def width(self) -> int:
        return max([self.min_width, cell_len(self.name), *map(cell_len, self.texts)])


@dataclass(frozen=True, slots=True)
class TableLayout:
    """The columns of a table that fit its width.

    Attributes:
        columns: The columns.
        gap: Cells between two columns.
        lines_per_sample: One, or one for each output.
    """

    columns: tuple[_Column, ...]
    gap: int
    lines_per_sample: int

    @property
    def width(self) -> int:
        """The cells that the columns take."""
        return _MARGIN + sum(column.width for column in self.columns) + self.gap * (len(self.columns) - 1)


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of the table.

    Attributes:
        is_stacked: Whether each output of a sample has a line, instead of columns of its own.
        has_short_names: Whether the inputs have their short names.
        has_errors: Whether there are columns of errors.
        max_inputs: The number of inputs with a column; None for all. Otherwise a column has the numbers of the samples.
    """

    is_stacked: bool = False
    has_short_names: bool = False
    has_errors: bool = True
    max_inputs: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Texts:
    """The numbers of the samples with some number of decimals: of each column, a text for each sample.

    Attributes:
        inputs: The texts of each input.
        targets: The texts of each target.
        predictions: The texts of each prediction.
        errors: The texts of each error.
        min_width: The width of predictions and errors that are not known yet.
    """

    inputs: list[list[str]]
    targets: list[list[str]]
    predictions: list[list[str]]
    errors: list[list[str]]
    min_width: int


def draw_sample_table(
    samples: TableSamples, palette: Palette, width: int, height: int, *, cursor: int, digits: int = _MIN_DIGITS
) -> list[Strip]:
    """Draw a table with a row for each sample or, if several outputs do not fit side by side, for each output.

    Args:
        samples: The samples.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        cursor: Index of the sample to mark; it is always visible.
        digits: Decimals of the numbers, if so many fit.
    """
    width, height = max(1, width), max(1, height)
    layout = layout_sample_table(samples, palette, width, digits)
    per_sample = layout.lines_per_sample
    canvas = Canvas(width, height, palette)
    dim, count = palette.style("dim"), len(samples.targets) * per_sample
    first, visible = _visible_lines(samples, per_sample, height, cursor)
    lines = range(first, min(count, first + visible))
    x = _MARGIN
    for column in layout.columns:
        shift = 0 if column.is_text else column.width - cell_len(column.name)
        canvas.put(x + shift, 0, column.name, dim)
        for y, line in enumerate(lines, 1):
            text = column.texts[line]
            shift = 0 if column.is_text else column.width - cell_len(text)
            canvas.put(x + shift, y, text, column.styles[line])
        x += column.width + layout.gap
    if cursor * per_sample in lines:
        canvas.put(0, cursor * per_sample - first + 1, palette.glyphs.arrow, palette.style("accent"))
    above, below = -(-first // per_sample), -(-(count - first - visible) // per_sample)
    _draw_hidden_count(canvas, palette, samples.before + above, samples.after + below)
    return canvas.strips()


def _draw_hidden_count(canvas: Canvas, palette: Palette, above: int, below: int) -> None:
    """Draw how many samples there are above and below, if any, in a table of more than one line."""
    if canvas.height == 1 or not (above or below):
        return
    if above and below:
        note = tr("more: {above:,} above, {below:,} below", above=above, below=below)
    else:
        note = tr("more: {count:,} above", count=above) if above else tr("more: {count:,} below", count=below)
    canvas.put(_MARGIN, canvas.height - 1, clip(note, canvas.width - _MARGIN, palette), palette.style("dim"))


def layout_sample_table(samples: TableSamples, palette: Palette, width: int, digits: int) -> TableLayout:
    """Return the first form of the table that fits, with as many decimals as fit.

    The form is the same for all digits, and before and after the predictions are known.
    """
    texts = _to_texts(samples, _MIN_DIGITS, palette.glyphs)
    candidates = list(product(_forms(samples), _GAPS))
    form, gap = next(
        (each for each in candidates if _arrange(samples, texts, palette, *each).width <= width), candidates[-1]
    )
    for decimals in range(digits, _MIN_DIGITS, -1):
        more = _to_texts(samples, decimals, palette.glyphs)
        for narrow in _GAPS:
            layout = _arrange(samples, more, palette, form, narrow)
            if layout.width <= width:
                return layout
    return _arrange(samples, texts, palette, form, gap)


def sample_at(samples: TableSamples, palette: Palette, width: int, height: int, cursor: int, y: int) -> int | None:
    """Return the index of the sample in line ``y`` of :func:`draw_sample_table`; None outside of the rows."""
    per_sample = layout_sample_table(samples, palette, max(1, width), _MIN_DIGITS).lines_per_sample
    first, visible = _visible_lines(samples, per_sample, max(1, height), cursor)
    line = first + y - 1
    last = min(len(samples.targets) * per_sample, first + visible)
    return line // per_sample if first <= line < last else None


def _visible_lines(samples: TableSamples, per_sample: int, height: int, cursor: int) -> tuple[int, int]:
    """Return the first visible line and how many lines fit, with one left for the count of the others.

    The lines of a sample stay together if there is room for them.
    """
    room, count = max(0, height - 1), len(samples.targets) * per_sample
    fits = count <= room and not samples.before and not samples.after
    visible = count if fits else min(count, max(0, room - 1))
    if visible < 2 * per_sample:
        return max(0, min(count - visible, cursor * per_sample)), visible
    visible -= visible % per_sample
    first = max(0, min(count - visible, cursor * per_sample - visible // 2))
    return first - first % per_sample, visible


def _forms(samples: TableSamples) -> Iterator[_Form]:
    """Yield the forms, the best one first.

    Errors go first because they follow from the other columns. Inputs go last: they tell the samples apart, so the
    numbers of the samples replace them. A single sample needs neither.
    """
    has_several = samples.targets.shape[1] > 1
    yield from (_Form(*form) for form in product((False, True) if has_several else (False,), (False, True)))
    if samples.total == 1:
        yield _Form(has_several, max_inputs=0)
    yield _Form(has_several, has_short_names=True, has_errors=False)
    for max_inputs in range(samples.inputs.shape[1] - 1, -1, -1):
        yield _Form(has_several, has_short_names=True, max_inputs=max_inputs)
    yield _Form(has_several, has_short_names=True, has_errors=False, max_inputs=0)


def _to_texts(samples: TableSamples, digits: int, glyphs: Glyphs) -> _Texts:
    """Return the numbers with ``digits`` decimals."""
    targets, predictions = samples.targets, samples.predictions
    inputs = [_given_texts(column, digits, glyphs) for column in samples.inputs.T]
    shown_targets = [_given_texts(column, digits, glyphs) for column in targets.T]
    min_width = digits + 3  # a sign, a digit, the point and the decimals
    if predictions is None:
        blanks = [[glyphs.blank] * len(targets) for _ in range(targets.shape[1])]
        return _Texts(inputs, shown_targets, blanks, blanks, min_width)
    with np.errstate(all="ignore"):
        errors = predictions - targets
    shown_predictions = [_number_texts(column, digits, glyphs) for column in predictions.T]
    shown_errors = [_number_texts(column, digits, glyphs, sign=True) for column in errors.T]
    return _Texts(inputs, shown_targets, shown_predictions, shown_errors, min_width)


def _given_texts(values: Array, digits: int, glyphs: Glyphs) -> list[str]:
    """Return the numbers of a column of the data; they have no decimals if all are whole numbers."""
    is_whole = bool(np.isfinite(values).all()) and bool((values == np.rint(values)).all())
    return _number_texts(values, 0 if is_whole else digits, glyphs)


def _number_texts(values: Array, digits: int, glyphs: Glyphs, sign: bool = False) -> list[str]:
    has_sign = sign or bool((values < 0).any())
    return [fmt(value, digits, sign=has_sign, glyphs=glyphs) for value in values.tolist()]


def _arrange(samples: TableSamples, texts: _Texts, palette: Palette, form: _Form, gap: int) -> TableLayout:
    """Return the columns of a form of the table."""
    outputs, is_ascii = samples.targets.shape[1], palette.glyphs.is_ascii
    columns = [*_input_columns(samples, texts, palette, form)]
    if not form.is_stacked:
        for k, pair in enumerate(zip(samples.target_names, samples.prediction_names, strict=True)):
            columns += _output_columns(pair, samples, texts, [k], palette, form)
        return TableLayout(tuple(columns), gap, 1)
    names = list(fit_names(samples.output_names, SHORT_WIDTH, is_ascii)) * len(samples.targets)
    columns.append(_Column("k", names, [palette.style("text")] * len(names), is_text=True))
    columns += _output_columns(("y", "ŷ"), samples, texts, list(range(outputs)), palette, form)
    return TableLayout(tuple(columns), gap, outputs)


def _input_columns(samples: TableSamples, texts: _Texts, palette: Palette, form: _Form) -> Iterator[_Column]:
    """Yield a column for each input; if not all fit, the numbers of the samples and the first inputs."""
    glyphs, count = palette.glyphs, len(samples.targets)
    blanks = [""] * (samples.targets.shape[1] - 1 if form.is_stacked else 0)

    plain, scale = palette.style("text"), samples.input_scale

    def column(name: str, texts: list[str], values: Array | None = None) -> _Column:
        lines = [line for text in texts for line in (text, *blanks)]
        styles = [plain] * len(texts)
        if values is not None and scale is not None:
            styles = [palette.number(value, scale) for value in values.tolist()]
        return _Column(name, lines, [each for style in styles for each in (style, *[plain] * len(blanks))])

    if form.max_inputs is not None and samples.total > 1:
        yield column(tr("row"), [str(samples.before + row + 1) for row in range(count)])
    longest = max(map(cell_len, samples.input_names), default=0)
    names = fit_names(samples.input_names, SHORT_WIDTH if form.has_short_names else longest, glyphs.is_ascii)
    shown = len(names) if form.max_inputs is None else form.max_inputs
    yield from (column(name, texts.inputs[k], samples.inputs[:, k]) for k, name in enumerate(names[:shown]))
    if form.max_inputs:
        yield column(glyphs.cut, [""] * count)


def _output_columns(
    names: tuple[str, str], samples: TableSamples, texts: _Texts, outputs: list[int], palette: Palette, form: _Form
) -> Iterator[_Column]:
    """Yield the columns of the target, the prediction and the error of some outputs, a line for each output."""
    glyphs, text = palette.glyphs, palette.style("text")
    target, prediction = (to_display(name, glyphs.is_ascii) for name in names)
    error = f"{prediction}{glyphs.minus}{target}"
    lines = [(row, k) for row in range(len(samples.targets)) for k in outputs]
    plain = [text] * len(lines)
    scale = samples.output_scale
    target_styles = [palette.number(float(samples.targets[line]), scale) for line in lines]
    prediction_styles = error_styles = plain
    if samples.predictions is not None:
        with np.errstate(all="ignore"):
            errors = samples.predictions - samples.targets
        prediction_styles = [palette.number(float(samples.predictions[line]), scale) for line in lines]
        error_styles = [palette.number(float(errors[line]), scale.of_differences()) for line in lines]
    yield _Column(target, [texts.targets[k][row] for row, k in lines], target_styles)
    shown = [texts.predictions[k][row] for row, k in lines]
    yield _Column(prediction, shown, prediction_styles, texts.min_width)
    if form.has_errors:
        yield _Column(error, [texts.errors[k][row] for row, k in lines], error_styles, texts.min_width)
