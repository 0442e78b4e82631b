"""The outputs of a network in numbers: class probabilities, the confusion matrix, a truth table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, clip, draw_message
from nn_tui.tui.draw.lists import select_outputs
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette

_MOST_DIGITS = 6
_SHORTEST_BAR = 6
_OUTPUT_WIDTH = 19  # cells of an output and its target beside each other
_STACKED_NAME, _STACKED_FROM = 6, 20  # cells of an output's name before its own line, and of the lines


def draw_probabilities(
    names: Sequence[str],
    outputs: Array,
    target: Array | None,
    palette: Palette,
    width: int,
    height: int,
    *,
    digits: int | None = 2,
) -> list[Strip]:
    """One sample's outputs (K,) as bars from 0 to 1, or to the largest size where one is beyond ±1.

    A target (K,) of zeros and ones is marked at its rows; any other is printed beside the output. Where not
    all rows fit, those with the largest outputs and the targets are shown, in their order, and how many are not.
    """
    width, height = max(1, width), max(1, height)
    values = np.asarray(outputs, dtype=np.float64).reshape(-1)
    if not len(values):
        return draw_message("No outputs yet.", palette, width, height)
    canvas = Canvas(width, height, palette)
    glyphs, dim, text = palette.glyphs, palette.style("dim"), palette.style("text")
    places = _MOST_DIGITS if digits is None else min(digits, _MOST_DIGITS)
    wanted = np.full(len(values), np.nan) if target is None else np.asarray(target, dtype=np.float64).reshape(-1)
    hot = bool(np.isin(wanted, (0.0, 1.0)).all()) and len(values) > 1
    shown = select_outputs(values, wanted, height)
    hidden = len(values) - len(shown)
    sign = bool((values < 0).any())
    number = max(len(fmt(float(v), places, sign=sign, glyphs=glyphs)) for v in values[shown])
    label = min(max(cell_len(names[k]) if k < len(names) else 0 for k in shown), max(1, width // 3))
    tail = 2 if hot else 0 if target is None else number + 3
    bar = width - label - 1 - number - 1 - tail
    if bar < _SHORTEST_BAR:
        tail, bar = (tail, 0) if width >= label + 1 + number + tail else (0, 0)
    top = float(np.abs(values[np.isfinite(values)]).max(initial=1.0))
    winner = int(np.argmax(np.where(np.isnan(values), -np.inf, values)))
    for row, k in enumerate(shown):
        name = clip(names[k] if k < len(names) else str(k), label, palette)
        canvas.put(0, row, name, palette.style("title") if k == winner and len(values) > 1 else text)
        x = label + 1
        if bar:
            share = float(np.nan_to_num(abs(values[k]) / top, nan=0.0, posinf=1.0))
            full = round(min(1.0, share) * bar)
            canvas.put(x, row, glyphs.hline_thick * full, palette.style(f"class{k % 10}"))
            rest = glyphs.blank if glyphs.is_ascii else glyphs.hline
            canvas.put(x + full, row, rest * (bar - full), dim)
            x += bar + 1
        x = canvas.put(x, row, fmt(float(values[k]), places, width=number, sign=sign, glyphs=glyphs), text)
        if tail and hot and wanted[k] == 1.0:
            canvas.put(x + 1, row, glyphs.arrow_left, palette.style("good" if k == winner else "bad"))
        elif tail and not hot:
            goal = fmt(float(wanted[k]), places, width=number, sign=sign, glyphs=glyphs)
            canvas.put(x + 1, row, glyphs.arrow_left + " " + goal, dim)
    if hidden and len(shown) < height:
        canvas.put(label + 1, height - 1, clip(f"{hidden} more", max(0, width - label - 1), palette), dim)
    return canvas.strips()


def draw_confusion(
    matrix: NDArray[np.integer],
    names: Sequence[str],
    palette: Palette,
    width: int,
    height: int,
    *,
    part: str | None = None,
) -> list[Strip]:
    """Counts (K, K), true classes down and predicted ones across, with the share that is right.

    Right answers are blue and wrong ones orange, by their share of the row. Where it is tight, row totals go
    first, then gaps between columns, then the last classes. Who says elsewhere which way is true gives the
    ``part`` that was counted, perhaps "".
    """
    width, height = max(1, width), max(1, height)
    counts = np.asarray(matrix)
    classes = len(counts)
    total = int(counts.sum())
    if not classes or not total:
        return draw_message("No predictions yet.", palette, width, height)
    canvas = Canvas(width, height, palette)
    dim, text = palette.style("dim"), palette.style("text")
    labels = [names[k] if k < len(names) else str(k) for k in range(classes)]
    sums = counts.sum(axis=1)
    cell, label, with_sums, head, foot, fit_rows, fit_columns = _confusion_layout(counts, labels, width, height)
    for k in range(fit_columns) if head else ():
        name = clip(labels[k], max(1, cell - 1), palette)
        canvas.put(label + (k + 1) * cell - cell_len(name), 0, name, dim)
    end = label + 1 + classes * cell
    total_head = "total" if with_sums and end + 1 + len("total") <= width else ""
    canvas.put(end + 1, 0, total_head if head else "", dim)
    for i in range(fit_rows):
        canvas.put(0, head + i, clip(labels[i], label, palette), text)
        canvas.put(label, head + i, palette.glyphs.vline, dim)
        for j in range(fit_columns):
            count = int(counts[i, j])
            share = count / max(1, int(sums[i]))
            style = palette.diverging(-share if i == j else share) if count else dim
            shown = str(count) if count or i == j else palette.glyphs.blank
            canvas.put(label + 1 + j * cell, head + i, f"{shown.rjust(cell - 1)} ", style)
        if with_sums:
            canvas.put(end, head + i, palette.glyphs.vline, dim)
            canvas.put(end + 1, head + i, str(int(sums[i])).rjust(len(total_head)), dim)
    if foot:
        right = int(np.trace(counts))
        note = f"{part}: {right} of {total} right" if part else f"{right} of {total} right"
        if fit_columns < classes or fit_rows < classes:
            note += f", {fit_rows}{palette.glyphs.times}{fit_columns} of {classes} classes"
        long = f"rows true, columns predicted {palette.glyphs.dot if not palette.glyphs.is_ascii else '-'} {note}"
        below = min(height - 1, head + fit_rows + 1)
        shown = long if cell_len(long) <= width and part is None else note
        canvas.put(0, below, clip(shown, width, palette), dim)
    return canvas.strips()


def draw_table(
    input_names: Sequence[str],
    inputs: Array,
    output_names: Sequence[str],
    targets: Array,
    predictions: Array | None,
    palette: Palette,
    width: int,
    height: int,
    *,
    digits: int | None = 2,
    cursor: int | None = None,
    beyond: tuple[int, int] = (0, 0),
) -> list[Strip]:
    """Every sample in a row: inputs (n, d), targets (n, K), outputs (n, K) and their errors output − target.

    ``predictions`` None leaves output and error blank; the sample ``cursor`` is marked and stays in view. Where
    several outputs have no room beside each other they stand below each other. ``beyond`` are the samples above
    and below these, which are only counted.
    """
    width, height = max(1, width), max(1, height)
    glyphs = palette.glyphs
    places = _MOST_DIGITS if digits is None else min(digits, _MOST_DIGITS)
    each = lines_per_sample(len(targets), targets.shape[1], width, height)
    if each > 1:
        flat = None if predictions is None else np.asarray(predictions, dtype=np.float64).reshape(-1, 1)
        rows = cursor if cursor is None else cursor * each
        lines = draw_table(
            (), np.empty((np.size(targets), 0)), ("answer",), np.reshape(targets, (-1, 1)), flat, palette,
            width - _STACKED_NAME, height, digits=digits, cursor=rows,
        )  # fmt: skip
        named = [*output_names[:each], *[""] * (each - len(output_names))] * len(targets)
        labels = ["", *named, *[""] * height]
        return [_labelled(line, name, palette) for line, name in zip(lines, labels, strict=False)]
    outs = np.full(np.shape(targets), np.nan) if predictions is None else np.asarray(predictions, dtype=np.float64)
    with np.errstate(all="ignore"):
        errors = outs - targets
    columns: list[tuple[str, Array, str]] = [(name, inputs[:, k], "input") for k, name in enumerate(input_names)]
    for k, name in enumerate(output_names):
        columns.append((f"{name} target" if len(output_names) > 1 else "target", targets[:, k], "input"))
        columns.append((name, outs[:, k], "output"))
        columns.append(("error", errors[:, k], "error"))
    known = predictions is not None
    texts = [_column_texts(values, kind, known, places, palette) for _, values, kind in columns]
    widths = [max([cell_len(name), *map(len, cells)]) for (name, _, _), cells in zip(columns, texts, strict=True)]
    while len(widths) > 1 and sum(widths) + 2 * len(widths) > width:
        # Errors can be worked out from what stays, and a row is known by its place: answers are what it is for.
        errors_left = [k for k, column in enumerate(columns) if column[2] == "error"]
        inputs_left = [k for k, column in enumerate(columns) if column[0] in input_names and column[2] == "input"]
        drop = (errors_left or inputs_left or [len(widths) - 1])[-1]
        del widths[drop], columns[drop], texts[drop]
    canvas = Canvas(width, height, palette)
    x = 2
    for (name, _, _), size in zip(columns, widths, strict=True):
        shown = clip(name, size, palette)
        canvas.put(x + size - cell_len(shown), 0, shown, palette.style("dim"))
        x += size + 2
    count, room = len(inputs), max(0, height - 1)
    first, fits = _table_window(count, height, cursor, beyond)
    largest = float(np.abs(errors[np.isfinite(errors)]).max(initial=0.0)) or 1.0
    for row, k in enumerate(range(first, min(count, first + fits))):
        if k == cursor:
            canvas.put(0, row + 1, glyphs.arrow, palette.style("accent"))
        x = 2
        for (_, values, kind), cells, size in zip(columns, texts, widths, strict=True):
            style = _table_style(kind, float(values[k]), largest, palette) if known else palette.style("text")
            canvas.put(x, row + 1, cells[k].rjust(size), style if kind != "input" else palette.style("text"))
            x += size + 2
    above, below = beyond[0] + first, beyond[1] + count - first - fits
    if room and (above or below):
        left = [f"{number:,} {where}" for number, where in ((above, "above"), (below, "below")) if number]
        canvas.put(2, height - 1, clip(f"more: {', '.join(left)}", width - 2, palette), palette.style("dim"))
    return canvas.strips()


def lines_per_sample(count: int, outputs: int, width: int, height: int) -> int:
    """How many lines a sample has in :func:`draw_table`: one, or one for each of its outputs."""
    return outputs if _STACKED_FROM <= width < _OUTPUT_WIDTH * outputs + 2 and count * outputs < height else 1


def _labelled(line: Strip, name: str, palette: Palette) -> Strip:
    """A line of a table with an output's name before it."""
    label = clip(name, _STACKED_NAME - 1, palette)
    before = Segment(label + " " * (_STACKED_NAME - cell_len(label)), palette.style("text"))
    return Strip([before, *line])


def table_row_at(count: int, height: int, cursor: int | None, y: int, beyond: tuple[int, int] = (0, 0)) -> int | None:
    """The sample of :func:`draw_table` in line ``y``; None for the heads and below the samples."""
    first, fits = _table_window(count, max(1, height), cursor, beyond)
    row = first + y - 1
    return row if first <= row < min(count, first + fits) else None


def _table_window(count: int, height: int, cursor: int | None, beyond: tuple[int, int]) -> tuple[int, int]:
    """The first sample of a table and how many fit, above a line that counts the rest."""
    room = max(0, height - 1)
    fits = count if count <= room and not any(beyond) else min(count, max(0, room - 1))
    return 0 if cursor is None else max(0, min(count - fits, cursor - fits // 2)), fits


def confusion_cell_at(
    matrix: NDArray[np.integer], names: Sequence[str], width: int, height: int, x: int, y: int
) -> tuple[int, int] | None:
    """(true class, predicted class) of :func:`draw_confusion` at a point; None beside the counts."""
    counts = np.asarray(matrix)
    labels = [names[k] if k < len(names) else str(k) for k in range(len(counts))]
    if not int(counts.sum()):
        return None
    cell, label, _, head, _, fit_rows, fit_columns = _confusion_layout(counts, labels, max(1, width), max(1, height))
    i, j = y - head, (x - label - 1) // cell
    return (i, j) if 0 <= i < fit_rows and x > label and j < fit_columns else None


def _confusion_layout(
    counts: NDArray[np.integer], labels: Sequence[str], width: int, height: int
) -> tuple[int, int, bool, int, int, int, int]:
    """Cell and label widths, whether row totals fit, lines of heads and foot, rows and columns that fit."""
    classes, sums = len(counts), counts.sum(axis=1)
    head = int(height >= classes + 1 or height >= 4)
    foot = int(height >= 4 and height != classes + head)
    number, total = len(str(int(counts.max()))), len(str(int(sums.max())))
    cell, label, with_sums = _confusion_widths(width, classes, number, max(map(cell_len, labels)), total)
    fit_columns = max(1, min(classes, (width - label - 1) // cell))
    return cell, label, with_sums, head, foot, min(classes, height - head - foot), fit_columns


def _confusion_widths(width: int, classes: int, number: int, longest: int, total: int) -> tuple[int, int, bool]:
    """(cell, row label, whether row totals fit)."""
    roomy = max(number + 3, min(longest + 2, 10))
    for cell, label, sums in (
        (roomy, min(longest, 12), True),
        (number + 3, min(longest, 12), True),
        (number + 2, min(longest, 8), True),
        (number + 2, min(longest, 8), False),
        (number + 1, min(longest, 8), False),
        (number + 1, min(longest, 3), False),
    ):
        if label + 1 + classes * cell + (total + 1 if sums else 0) <= width:
            return cell, label, sums
    return number + 1, min(longest, 3), False


def _column_texts(values: Array, kind: str, known: bool, places: int, palette: Palette) -> list[str]:
    if kind != "input" and not known:
        return [palette.glyphs.blank] * len(values)
    whole = kind == "input" and bool(np.isfinite(values).all()) and bool((values == np.rint(values)).all())
    return [
        fmt(float(v), 0 if whole else places, sign=kind == "error" or bool((values < 0).any()), glyphs=palette.glyphs)
        for v in values
    ]


def _table_style(kind: str, value: float, largest: float, palette: Palette) -> Style:
    if kind == "error":
        return palette.diverging(value / largest)
    return palette.sequential(value) if kind == "output" else palette.style("text")
