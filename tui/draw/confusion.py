"""The confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, clip, draw_message
from nn_tui.tui.draw.names import MAX_LABEL_WIDTH, SHORT_WIDTH, fit_names
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import first_fitting

_SHARES = NumberScale("sequential", 1.0)


@dataclass(frozen=True, slots=True)
class _ConfusionLayout:
    """The sizes of a confusion matrix.

    Attributes:
        cell: Width of a count.
        name: Width of a row's name.
        has_totals: Whether the totals are shown.
        header: Lines above the counts.
        footer: Lines below the counts.
        rows: Number of rows that fit.
        columns: Number of columns that fit.
    """

    cell: int
    name: int
    has_totals: bool
    header: int
    footer: int
    rows: int
    columns: int


def draw_confusion(
    counts: NDArray[np.integer],
    names: Sequence[str],
    palette: Palette,
    width: int,
    height: int,
    *,
    part: str = "",
    constant: int | None = None,
) -> list[Strip]:
    """Draw a confusion matrix, with the number and the share of right predictions below it.

    Right predictions have a colour by their share of the row, and wrong ones that of a problem. If the width is small,
    the row totals go first, then the gaps between the columns, then the last classes.

    Args:
        counts: Samples (K, K) by true class (row) and predicted class (column).
        names: Names (K,) of the classes.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        part: Name of the data set for the line below the matrix.
        constant: A class with whose number the line below ends: how many would be right if it were always predicted.
    """
    width, height = max(1, width), max(1, height)
    classes, total = len(counts), int(counts.sum())
    if not classes or not total:
        return draw_message(tr("No predictions yet."), palette, width, height)
    canvas = Canvas(width, height, palette)
    glyphs, dim, text = palette.glyphs, palette.style("dim"), palette.style("text")
    sums = counts.sum(axis=1)
    layout = _layout(counts, names, width, height)
    cell, left = layout.cell, layout.name + 1
    column_names = fit_names(tuple(names), max(1, cell - 1), glyphs.is_ascii)
    for k in range(layout.columns) if layout.header else ():
        canvas.put(left - 1 + (k + 1) * cell - cell_len(column_names[k]), 0, column_names[k], dim)
    row_names = fit_names(tuple(names), layout.name, glyphs.is_ascii)
    right = left + classes * cell
    total_name = tr("total")
    total_name = total_name if layout.has_totals and right + 1 + cell_len(total_name) <= width else ""
    canvas.put(right + 1, 0, total_name if layout.header else "", dim)
    for i in range(layout.rows):
        y = layout.header + i
        canvas.put(0, y, row_names[i], text)
        canvas.put(left - 1, y, glyphs.vline, dim)
        for j in range(layout.columns):
            count = int(counts[i, j])
            share = count / max(1, int(sums[i]))
            style = palette.number(share, _SHARES) if i == j else palette.style("bad") if count else dim
            number = str(count) if count or i == j else glyphs.blank
            canvas.put(left + j * cell, y, f"{number.rjust(cell - 1)} ", style)
        if layout.has_totals:
            canvas.put(right, y, glyphs.vline, dim)
            canvas.put(right + 1, y, str(int(sums[i])).rjust(cell_len(total_name)), dim)
    if layout.footer:
        shown = ""
        if layout.columns < classes or layout.rows < classes:
            shown = f"{layout.rows}{glyphs.times}{layout.columns}"
        notes = _notes(counts, part, shown, None if constant is None else (names[constant], int(sums[constant])))
        note = first_fitting(notes, width) or notes[-1]
        canvas.put(0, min(height - 1, layout.header + layout.rows + 1), clip(note, width, palette), dim)
    return canvas.strips()


def _notes(counts: NDArray[np.integer], part: str, shown: str, constant: tuple[str, int] | None) -> list[str]:
    """Return the sentences for the line below a matrix, the longest first.

    Args:
        counts: The matrix.
        part: The name of the data set; "" leaves it out.
        shown: How many rows and columns there are of the matrix; "" for all.
        constant: The name of a class and how many samples it has; None leaves it out.
    """
    right, total = int(np.trace(counts)), int(counts.sum())
    count = tr("{right} of {total} right", right=right, total=total)
    share = tr("{right} of {total} right ({share:.1%})", right=right, total=total, share=right / total)
    notes = [share, count]
    if constant is not None:
        name, base = constant
        notes.insert(
            0, tr("{counts}; always {name}: {base} of {total}", counts=share, name=name, base=base, total=total)
        )
    if part:
        notes = [tr("{part}: {counts}", part=part, counts=note) for note in notes]
    if shown:
        classes = len(counts)
        notes = [tr("{counts}, {shown} of {classes} classes", counts=n, shown=shown, classes=classes) for n in notes]
    return notes


def confusion_cell_at(
    counts: NDArray[np.integer], names: Sequence[str], width: int, height: int, x: int, y: int
) -> tuple[int, int] | None:
    """Return (true class, predicted class) of the count that :func:`draw_confusion` draws at a cell, or None."""
    if not int(counts.sum()):
        return None
    layout = _layout(counts, names, max(1, width), max(1, height))
    i, j = y - layout.header, (x - layout.name - 1) // layout.cell
    return (i, j) if 0 <= i < layout.rows and x > layout.name and j < layout.columns else None


def _layout(counts: NDArray[np.integer], names: Sequence[str], width: int, height: int) -> _ConfusionLayout:
    classes = len(counts)
    header = int(height >= classes + 1 or height >= 4)
    footer = int(height >= 4 and height != classes + header)
    count_width, total_width = len(str(int(counts.max()))), len(str(int(counts.sum(axis=1).max())))
    longest = max(map(cell_len, names))
    wide = max(count_width + 3, min(longest + 2, 10))
    name = longest if longest <= MAX_LABEL_WIDTH else SHORT_WIDTH
    variants = (
        (wide, name, True),
        (count_width + 3, name, True),
        (count_width + 2, min(longest, SHORT_WIDTH), True),
        (count_width + 2, min(longest, SHORT_WIDTH), False),
        (count_width + 1, min(longest, SHORT_WIDTH), False),
        (count_width + 1, min(longest, 3), False),
    )
    cell, name, has_totals = next(
        (
            (cell, name, has_totals)
            for cell, name, has_totals in variants
            if name + 1 + classes * cell + (total_width + 1 if has_totals else 0) <= width
        ),
        variants[-1],
    )
    columns = max(1, min(classes, (width - name - 1) // cell))
    return _ConfusionLayout(cell, name, has_totals, header, footer, min(classes, height - header - footer), columns)
