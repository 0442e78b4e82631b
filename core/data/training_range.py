"""The values that a network was trained on, and which values of other rows are not among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nn_tui.core.data.input_rows import InputRows, raw_cells
from nn_tui.core.data.typed_cells import cell_text
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.table.encode import InputBlock
from nn_tui.core.table.values import RawValue
from nn_tui.core.text import printable, truncate
from nn_tui.core.translation import Message, message


@dataclass(frozen=True, slots=True, eq=False)
class TrainingRange:
    """The lowest and the highest value (columns,) of the training rows, before features and standardisation."""

    lowest: Array
    highest: Array


class NewValue(NamedTuple):
    """A value that no training row has.

    Attributes:
        row: The index of the row.
        column: The index of the raw input.
        text: What is new about it: ``50 is more than the 10.5 of the training rows.``
    """

    row: int
    column: int
    text: Message


def training_range(data: Dataset) -> TrainingRange:
    """Return the range of the training rows."""
    return TrainingRange(data.points.min(axis=0), data.points.max(axis=0))


def new_values(
    data: Dataset, known: TrainingRange, rows: InputRows, blocks: Sequence[InputBlock]
) -> Iterator[NewValue]:
    """Yield the values of rows that are outside of those of the training rows.

    Args:
        data: The data of the network.
        known: Its range, from :func:`training_range`.
        rows: The rows.
        blocks: The inputs of a table, from :func:`~nn_tui.core.data.input_rows.raw_blocks`.
    """
    outside = (rows.points < known.lowest) | (rows.points > known.highest)
    if not outside.any():
        return
    limits = np.stack([known.lowest, known.highest])
    limits[:, [block.start + 1 for block in blocks if block.has_gaps and block.column.kind != "category"]] = 0.0
    low, high = raw_cells(data, limits)
    decimal = "." if data.table is None else data.table.layout.decimal
    starts = [block.start for block in blocks] or list(range(rows.points.shape[1]))
    for row, point in np.argwhere(outside).tolist():
        column = int(np.searchsorted(starts, point, side="right")) - 1
        kind = blocks[column].column.kind if blocks else "number"
        value, is_higher = rows.cells[row][column], bool(rows.points[row, point] > known.highest[point])
        if kind == "category" and not is_higher:
            continue  # the input of the row's category says it, not that of a category which all training rows have
        if value is None:
            text = message("it is missing in none of the training rows.")
        elif kind in ("boolean", "category"):
            text = message("{value} is in none of the training rows.", value=_shown(value, decimal))
        elif is_higher:
            value, limit = _shown(value, decimal), _shown(high[column], decimal)
            text = message("{value} is more than the {limit} of the training rows.", value=value, limit=limit)
        else:
            value, limit = _shown(value, decimal), _shown(low[column], decimal)
            text = message("{value} is less than the {limit} of the training rows.", value=value, limit=limit)
        yield NewValue(row, column, text)


def _shown(value: RawValue, decimal: str) -> str:
    return printable(truncate(cell_text(value, decimal)))
