"""A table of samples with their inputs, targets y, predictions ŷ and errors ŷ − y."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.sample_columns import SampleColumn, SampleColumns, TableSamples, columns_of

_MARGIN = 2  # cells before the first column, for the mark of the selected sample
_GAPS = (2, 1)  # cells between columns
_MIN_DIGITS = 2


@dataclass(frozen=True, slots=True, eq=False)
class TableLayout:
    """The columns of a table that fit its width.

    Attributes:
        columns: The columns.
        gap: Cells between two columns.
        lines_per_sample: One, or one for each output.
    """

    columns: tuple[SampleColumn, ...]
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
    dim, plain, count = palette.style("dim"), palette.style("text"), len(samples.targets) * per_sample
    first, visible = _visible_lines(samples, per_sample, height, cursor)
    lines = range(first, min(count, first + visible))
    x = _MARGIN
    for column in layout.columns:
        scale = column.scale
        for y, line in enumerate((-1, *lines)):
            text, style = (column.texts[line], plain) if y else (column.name, dim)
            if y and text and scale is not None:
                style = palette.number(column.values[line], scale)
            shift = 0 if column.kind == "output" else column.width - cell_len(text)
            canvas.put(x + shift, y, text, style)
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
    columns = columns_of(samples, palette.glyphs, _MIN_DIGITS)
    form, gap = next(
        (each for each in product(_forms(samples), _GAPS) if _arrange(samples, columns, *each).width <= width),
        (_Form(samples.targets.shape[1] > 1, has_short_names=True, has_errors=False, max_inputs=0), min(_GAPS)),
    )
    for decimals in range(digits, _MIN_DIGITS, -1):
        more = columns_of(samples, palette.glyphs, decimals)
        for narrow in _GAPS:
            layout = _arrange(samples, more, form, narrow)
            if layout.width <= width:
                return layout
    return _arrange(samples, columns, form, gap)


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


def _arrange(samples: TableSamples, columns: Mapping[bool, SampleColumns], form: _Form, gap: int) -> TableLayout:
    """Return the columns of a form of the table."""
    source = columns[form.is_stacked]
    inputs = source.short_inputs if form.has_short_names else source.inputs
    outputs = [column for column in source.outputs if form.has_errors or column.kind != "error"]
    shown = [*inputs, *outputs]
    if form.max_inputs is not None:
        rows, more = [source.row] * (samples.total > 1), [source.more] * (form.max_inputs > 0)
        shown = [*rows, *inputs[: form.max_inputs], *more, *outputs]
    return TableLayout(tuple(shown), gap, source.lines_per_sample)
