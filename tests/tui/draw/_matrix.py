"""Layouts of the layer panel for tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.refs import Quantity, QuantityKey
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import UNICODE
from nn_tui.tui.draw.matrix_layout import Band, BlockKey, Cell, MatrixBlock, MatrixLayout, layout_bands
from nn_tui.tui.draw.matrix_navigation import find_block

WEIGHTS = np.array([[0.5, -1.25], [0.0, 12.0], [3e-7, np.nan]])


def block_key(quantity: Quantity, layer: int = 0) -> BlockKey:
    return BlockKey(QuantityKey(quantity), layer)


def cell(quantity: Quantity, row: int, col: int) -> Cell:
    """Return a cell of the layouts below."""
    return Cell(block_key(quantity), row, col)


def matrix_block(quantity: Quantity, title: str, values: Array, known: int | None = None) -> MatrixBlock:
    rows, cols = values.shape
    return MatrixBlock(
        key=block_key(quantity),
        title=title,
        values=None if known == 0 else values,
        shape=values.shape,
        known_rows=known,
        scale=NumberScale("diverging", 2.0),
        shape_label=f"{rows}×{cols}" if cols > 1 else f"{rows}",
        columns="x" if cols > 1 else "",
    )


def small_layout(known: int | None = None, digits: int | None = 2) -> MatrixLayout:
    bands = [
        Band((matrix_block("w", "W", WEIGHTS), matrix_block("b", "b", WEIGHTS[:, :1])), "h"),
        Band((matrix_block("dw", "dW", WEIGHTS, known), matrix_block("db", "db", WEIGHTS[:, :1], known)), "h"),
    ]
    return layout_bands(bands, digits, glyphs=UNICODE)


def big_layout(rows: int = 512, cols: int = 784, visible: int = 5) -> MatrixLayout:
    values = np.random.default_rng(3).normal(size=(rows, cols))
    wide = replace(matrix_block("w", "W", values), max_columns=visible)
    return layout_bands([Band((wide, matrix_block("b", "b", values[:, :1])), "h")], 4, glyphs=UNICODE)


def locate_cell(layout: MatrixLayout, cell: Cell, column: int = 0) -> tuple[int, int, int] | None:
    """Return the x, y and width of a number on the plane, or None if it is not there.

    Args:
        layout: The plane.
        cell: The number.
        column: The column to which the panel is scrolled.
    """
    found = find_block(layout, cell)
    if found is None:
        return None
    index, placed = found
    position = cell.col - placed.first_column(column)
    if not 0 <= position < placed.block.visible_columns:
        return None
    return placed.x + position * layout.pitch, layout.bands[index].top + cell.row, layout.pitch
