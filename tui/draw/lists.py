"""A list of rows under headings, as many as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.tui.draw.canvas import Canvas, clip
from nn_tui.tui.draw.palette import Palette

_LEAST = 3
_ROWS_WITH_REST = 4  # from which one says how many outputs have none
_GAP, _TIGHT = 2, 1
_ROOMY = 36  # cells from which columns stand two apart


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: ``flexible`` texts may be cut where it is tight, a ``spare`` column is left out first."""

    name: str
    texts: Sequence[str]
    right: bool = False
    flexible: bool = False
    spare: bool = False


def draw_list(
    head: str,
    columns: Sequence[ListColumn],
    palette: Palette,
    width: int,
    height: int,
    *,
    cursor: int | None = None,
    total: int | None = None,
    note: str = "",
) -> list[Strip]:
    """``head``, the headings and the rows; ``cursor`` is a row to mark, ``total`` counts all rows there are.

    Without columns ``note`` stands below the head.
    """
    canvas = Canvas(width, height, palette)
    dim = palette.style("dim")
    canvas.put(0, 0, clip(head, canvas.width, palette), palette.style("title"))
    canvas.put(0, 2, clip(note, canvas.width, palette), dim)
    gap = _GAP if canvas.width >= _ROOMY else _TIGHT
    shown = _fitting([one for one in columns if not one.spare], canvas.width, gap)
    count = len(shown[0][0].texts) if shown else 0
    all_rows = count if total is None else total
    room = max(0, canvas.height - 2)
    fits = _fits(all_rows, canvas.height)
    x = 2
    for column, size in shown:
        _put(canvas, x, 1, column.name, size, column.right, palette, dim=True)
        for row, value in enumerate(column.texts[:fits]):
            _put(canvas, x, row + 2, value, size, column.right, palette, dim=False)
        x += size + gap
    if cursor is not None and cursor < fits:
        canvas.put(0, cursor + 2, palette.glyphs.arrow, palette.style("accent"))
    if shown and all_rows > fits and room:
        canvas.put(2, canvas.height - 1, clip(f"{all_rows - min(fits, count)} more", canvas.width - 2, palette), dim)
    return canvas.strips()


def list_row_at(total: int, height: int, y: int) -> int | None:
    """The row of :func:`draw_list` in line ``y``; None for the head and below the rows."""
    row = y - 2
    return row if 0 <= row < min(total, _fits(total, height)) else None


def _fits(total: int, height: int) -> int:
    room = max(0, height - 2)
    return room if total <= room else max(0, room - 1)


def _put(canvas: Canvas, x: int, y: int, text: str, size: int, right: bool, palette: Palette, *, dim: bool) -> None:
    shown = clip(text, size, palette)
    canvas.put(x + (size - cell_len(shown) if right else 0), y, shown, palette.style("dim" if dim else "text"))


def _fitting(columns: Sequence[ListColumn], width: int, gap: int) -> list[tuple[ListColumn, int]]:
    """Each column with its width; flexible ones are cut until all fit, then the last ones go."""
    sized = [(one, max([cell_len(one.name), *map(cell_len, one.texts)], default=0)) for one in columns]
    while sized and 2 + sum(size + gap for _, size in sized) - gap > width:
        longest = max((k for k, (one, _) in enumerate(sized) if one.flexible), key=lambda k: sized[k][1], default=None)
        if longest is None or sized[longest][1] <= _LEAST:
            sized.pop()
        else:
            sized[longest] = (sized[longest][0], sized[longest][1] - 1)
    return sized


def select_outputs(values: NDArray[np.float64], wanted: NDArray[np.float64], rows: int) -> list[int]:
    """At most ``rows`` indices in order: targets first, then the largest outputs.

    One fewer where some are left out and there is a row to say how many.
    """
    if len(values) <= rows:
        return list(range(len(values)))
    rows -= rows >= _ROWS_WITH_REST
    size = np.where(np.isnan(values), np.inf, values)
    order = sorted(range(len(values)), key=lambda k: (wanted[k] != 1.0, -size[k]))
    return sorted(order[:rows])
