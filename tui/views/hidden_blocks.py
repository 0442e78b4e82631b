"""The note on the hidden parts of a panel with matrices: the blocks above and below, and the columns at the sides."""

from __future__ import annotations

from rich.cells import cell_len

from nn_tui.core.translation import tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import MatrixLayout, PlacedBlock
from nn_tui.tui.draw.matrix_navigation import band_name, hidden_bands, is_drawn
from nn_tui.tui.draw.text import fit, to_display


def hidden_note(layout: MatrixLayout, glyphs: Glyphs, column: int, y: int, height: int, width: int) -> str:
    """Return a note of at most ``width`` cells on what a window does not show; "" if it shows everything.

    It names the first bands that are hidden above and below, and the columns of a wide matrix that are visible.
    """
    above, below = ([band_name(band, glyphs) for band in bands] for bands in hidden_bands(layout, y, height))
    seen = [placed for band in layout.bands if is_drawn(band, y, height) for placed in band.blocks]
    is_wide = any(placed.block.visible_columns < placed.block.shape[1] for placed in seen)
    columns = [_visible_columns(seen, glyphs, column)] if is_wide else []
    most = max(len(above), len(below))
    note = ""
    for count in [*((count, count) for count in range(most, 0, -1)), (0, 1)]:  # the most names that fit
        parts = list(columns)
        if above:
            names = _first_names(above, count[0], glyphs)
            parts.append(tr("{arrow} above: {names}", arrow=glyphs.arrow_up, names=names))
        if below:
            names = _first_names(below, count[1], glyphs)
            parts.append(tr("{arrow} below: {names}", arrow=glyphs.arrow_down, names=names))
        note = to_display(f" {glyphs.dot} ".join(parts), glyphs.is_ascii)
        if cell_len(note) <= width:
            return note
    arrows = " ".join(arrow for arrow, bands in ((glyphs.arrow_up, above), (glyphs.arrow_down, below)) if bands)
    note = to_display(f" {glyphs.dot} ".join(filter(None, [*columns, arrows])), glyphs.is_ascii)
    return note if cell_len(note) <= width else fit(note, width, ellipsis=glyphs.ellipsis)


def _first_names(names: list[str], count: int, glyphs: Glyphs) -> str:
    return " ".join(names if count >= len(names) else [*names[:count], glyphs.ellipsis])


def _visible_columns(blocks: list[PlacedBlock], glyphs: Glyphs, column: int) -> str:
    """Return a note on the columns that are visible, of the matrix that hides the most."""
    placed = max(blocks, key=lambda each: each.block.shape[1] - each.block.visible_columns)
    first, count = placed.first_column(column), placed.block.shape[1]
    last = first + placed.block.visible_columns
    left, right = glyphs.arrow_left if first else "", glyphs.arrow if last < count else ""
    arrows = left + right
    if first + 1 == last:
        return tr("{arrows} column {first} of {count}", arrows=arrows, first=first + 1, count=count)
    return tr("{arrows} columns {first}–{last} of {count}", arrows=arrows, first=first + 1, last=last, count=count)
