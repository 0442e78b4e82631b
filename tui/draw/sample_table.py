"""A table of samples with their inputs, targets, outputs and errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette

_GAP = 2  # cells between columns, and before the first one
_OUTPUT_WIDTH = 19  # cells of an output and its target side by side
_MIN_STACKED_WIDTH = 20  # cells from which the outputs of a sample may have a line each
_STACKED_NAME_WIDTH = 6  # cells for the name of the output in such a line

_ColumnKind = Literal["input", "target", "output", "error"]


@dataclass(frozen=True, slots=True)
class _TableColumn:
    """A column with a text and a style for each sample."""

    name: str
    kind: _ColumnKind
    texts: list[str]
    styles: list[Style]

    @property
    def width(self) -> int:
        return max([cell_len(self.name), *map(len, self.texts)])


def draw_sample_table(
    input_names: Sequence[str],
    inputs: Array,
    output_names: Sequence[str],
    targets: Array,
    outputs: Array | None,
    palette: Palette,
    width: int,
    height: int,
    *,
    cursor: int,
    digits: int = 2,
    hidden: tuple[int, int] = (0, 0),
) -> list[Strip]:
    """Draw a table with a row for each sample or, if several outputs do not fit side by side, for each output.

    Args:
        input_names: Names of the inputs to show, the first columns of ``inputs``.
        inputs: Inputs (n, d).
        output_names: Names (K,) of the outputs.
        targets: Targets (n, K).
        outputs: Outputs (n, K), or None to leave outputs and errors blank.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        cursor: Index of the sample to mark; it is always visible.
        digits: Decimals of the numbers.
        hidden: The numbers of samples before and after these ones that are not shown.
    """
    width, height = max(1, width), max(1, height)
    lines = lines_per_sample(len(targets), targets.shape[1], width, height)
    if lines > 1:
        strips = draw_sample_table(
            (), np.empty((targets.size, 0)), (tr("answer"),), targets.reshape(-1, 1),
            None if outputs is None else outputs.reshape(-1, 1), palette, width - _STACKED_NAME_WIDTH, height,
            digits=digits, cursor=cursor * lines,
        )  # fmt: skip
        names = [*output_names[:lines], *[""] * (lines - len(output_names))] * len(targets)
        labels = ["", *names, *[""] * height]
        return [_with_label(strip, label, palette) for strip, label in zip(strips, labels, strict=False)]
    columns = _columns(input_names, inputs, output_names, targets, outputs, digits, palette)
    _drop_columns(columns, width)
    canvas = Canvas(width, height, palette)
    dim, count = palette.style("dim"), len(inputs)
    first, visible = _visible_rows(count, height, cursor, hidden)
    rows = range(first, min(count, first + visible))
    x = _GAP
    for column in columns:
        name = clip(column.name, column.width, palette)
        canvas.put(x + column.width - cell_len(name), 0, name, dim)
        for y, row in enumerate(rows, 1):
            canvas.put(x, y, column.texts[row].rjust(column.width), column.styles[row])
        x += column.width + _GAP
    if cursor in rows:
        canvas.put(0, cursor - first + 1, palette.glyphs.arrow, palette.style("accent"))
    above, below = hidden[0] + first, hidden[1] + count - first - visible
    if height > 1 and (above or below):
        if above and below:
            note = tr("more: {above:,} above, {below:,} below", above=above, below=below)
        else:
            note = tr("more: {count:,} above", count=above) if above else tr("more: {count:,} below", count=below)
        canvas.put(_GAP, height - 1, clip(note, width - _GAP, palette), dim)
    return canvas.strips()


def lines_per_sample(count: int, outputs: int, width: int, height: int) -> int:
    """Return how many lines of :func:`draw_sample_table` a sample takes: one, or one for each of its outputs."""
    fits_side_by_side = width >= _OUTPUT_WIDTH * outputs + 2
    return outputs if width >= _MIN_STACKED_WIDTH and not fits_side_by_side and count * outputs < height else 1


def table_row_at(count: int, height: int, cursor: int, y: int, hidden: tuple[int, int] = (0, 0)) -> int | None:
    """Return the row of :func:`draw_sample_table` in line ``y``, or None outside of the rows."""
    first, visible = _visible_rows(count, max(1, height), cursor, hidden)
    row = first + y - 1
    return row if first <= row < min(count, first + visible) else None


def _visible_rows(count: int, height: int, cursor: int, hidden: tuple[int, int]) -> tuple[int, int]:
    """Return the first visible row and how many rows fit, with a line left for the count of the others."""
    room = max(0, height - 1)
    visible = count if count <= room and not any(hidden) else min(count, max(0, room - 1))
    return max(0, min(count - visible, cursor - visible // 2)), visible


def _columns(
    input_names: Sequence[str],
    inputs: Array,
    output_names: Sequence[str],
    targets: Array,
    outputs: Array | None,
    digits: int,
    palette: Palette,
) -> list[_TableColumn]:
    """Return a column for each input, and three for each output: the target, the output and the error."""
    text = palette.style("text")

    def column(name: str, kind: _ColumnKind, values: Array, styles: list[Style] | None = None) -> _TableColumn:
        return _TableColumn(name, kind, _texts(values, kind, digits, palette), styles or [text] * len(values))

    def blank(name: str, kind: _ColumnKind) -> _TableColumn:
        return _TableColumn(name, kind, [palette.glyphs.blank] * len(inputs), [text] * len(inputs))

    columns = [column(name, "input", inputs[:, k]) for k, name in enumerate(input_names)]
    with np.errstate(all="ignore"):
        errors = None if outputs is None else outputs - targets
    largest = 1.0 if errors is None else float(np.abs(errors[np.isfinite(errors)]).max(initial=0.0)) or 1.0
    for k, name in enumerate(output_names):
        target = tr("{name} target", name=name) if len(output_names) > 1 else tr("target")
        columns.append(column(target, "target", targets[:, k]))
        if outputs is None or errors is None:
            columns += [blank(name, "output"), blank(tr("error"), "error")]
            continue
        error_styles = [palette.diverging(error / largest) for error in errors[:, k].tolist()]
        output_styles = [palette.sequential(output) for output in outputs[:, k].tolist()]
        columns.append(column(name, "output", outputs[:, k], output_styles))
        columns.append(column(tr("error"), "error", errors[:, k], error_styles))
    return columns


def _texts(values: Array, kind: _ColumnKind, digits: int, palette: Palette) -> list[str]:
    """Return the numbers of a column; inputs and targets that are all whole numbers have no decimals."""
    is_given = kind in ("input", "target")
    is_whole = is_given and bool(np.isfinite(values).all()) and bool((values == np.rint(values)).all())
    has_sign = kind == "error" or bool((values < 0).any())
    return [fmt(value, 0 if is_whole else digits, sign=has_sign, glyphs=palette.glyphs) for value in values.tolist()]


def _drop_columns(columns: list[_TableColumn], width: int) -> None:
    """Remove columns until the others fit.

    Errors go first because they follow from the other columns, then inputs because the position of a row identifies
    the sample.
    """
    while len(columns) > 1 and sum(column.width + _GAP for column in columns) > width:
        errors = [k for k, column in enumerate(columns) if column.kind == "error"]
        inputs = [k for k, column in enumerate(columns) if column.kind == "input"]
        del columns[(errors or inputs or [len(columns) - 1])[-1]]


def _with_label(line: Strip, name: str, palette: Palette) -> Strip:
    """Return a line of the table with the name of an output before it."""
    label = clip(name, _STACKED_NAME_WIDTH - 1, palette)
    padded = label + " " * (_STACKED_NAME_WIDTH - cell_len(label))
    return Strip([Segment(padded, palette.style("text")), *line])
