"""The layout of the layer panel: bands of number blocks on a plane of cells that the panel scrolls over.

At the left of the plane is a gutter for the row labels, which stays visible while the blocks scroll under it. Each band
begins with header lines, which stay visible while its rows scroll under them. A window that shows the plane from (x, y)
shows the plane's cell (x + column, y + row) at (column, row) in both cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nn_tui.core.refs import QuantityKey
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.names import AxisLabels, label_width
from nn_tui.tui.draw.numbers import number_width
from nn_tui.tui.draw.palette import NumberScale


@dataclass(frozen=True, slots=True)
class BlockKey:
    """The key of a block.

    Attributes:
        array: The quantity.
        layer: The layer that the quantity belongs to, from 0.
        is_input: Whether the outputs of that layer are shown as the inputs of the next one.
    """

    array: QuantityKey
    layer: int
    is_input: bool = False

    @property
    def is_by_input(self) -> bool:
        """Whether the block has a column for each input of a layer, and no unit."""
        return self.is_input or self.array.quantity in ("x", "dx")


@dataclass(frozen=True, slots=True)
class Cell:
    """The address of one number: the key of its block, and its row and column from 0."""

    key: BlockKey
    row: int
    col: int


@dataclass(frozen=True, slots=True, eq=False)
class MatrixBlock:
    """A matrix of the layer panel; a vector is a matrix of one column.

    Attributes:
        key: The key of the block in a :class:`Cell`.
        title: The title in the header.
        values: The numbers of shape ``shape``; None if they are not computed, or if ``read`` returns them.
        shape: (rows, columns).
        known_rows: The number of computed rows, from the first one; None for all.
        scale: The colour scale of ``values``.
        shape_label: The shape as text for the header.
        columns: The labels of the columns; empty for none.
        known_columns: The number of computed columns, from the first one; None for all.
        note: A word for the title line or, if it is too short and the columns have no labels, for the line below.
        min_width: The minimum width in cells.
        read: Returns values and scale; it is called only when a part of the block is drawn.
    """

    key: BlockKey
    title: str
    values: Array | None
    shape: tuple[int, int]
    known_rows: int | None = None
    scale: NumberScale = NumberScale("diverging", 0.0)
    shape_label: str = ""
    columns: AxisLabels = ""
    known_columns: int | None = None
    note: str = ""
    min_width: int = 0
    read: Callable[[], tuple[Array, NumberScale]] | None = None

    @property
    def is_computed(self) -> bool:
        """Whether the block has numbers."""
        return self.values is not None or self.read is not None

    @property
    def computed_rows(self) -> int:
        """The number of rows that have numbers, from the first one."""
        if not self.is_computed:
            return 0
        return self.shape[0] if self.known_rows is None else min(self.known_rows, self.shape[0])

    def numbers(self) -> tuple[Array | None, NumberScale]:
        """Return the values and the scale.

        Raises:
            ValueError: The values have another shape than the block.
        """
        values, scale = (self.values, self.scale) if self.read is None else self.read()
        if values is not None and values.shape != self.shape:
            raise ValueError(f"block {self.key.array.quantity}: values {values.shape}, shape {self.shape}")
        return values, scale


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Blocks side by side whose rows have the same meaning, such as a unit or a sample, and the rows' labels."""

    blocks: tuple[MatrixBlock, ...]
    rows: AxisLabels = ""


@dataclass(frozen=True, slots=True, eq=False)
class PlacedBlock:
    """A block whose first number starts at ``x``; the last column of its width is blank."""

    block: MatrixBlock
    x: int
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class PlacedBand:
    """A band whose header starts at line ``y``, and whose rows start at ``top`` and end before ``end``."""

    blocks: tuple[PlacedBlock, ...]
    rows: AxisLabels
    y: int
    top: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class MatrixLayout:
    """The plane with its bands.

    Attributes:
        bands: The bands from the top.
        digits: Decimals of the numbers; None for all digits.
        gutter: Width of the gutter in cells.
        cell: Width of a number; a space stands before it.
        width: Width of the plane.
        height: Height of the plane.
    """

    bands: tuple[PlacedBand, ...]
    digits: int | None
    gutter: int
    cell: int
    width: int
    height: int

    @property
    def pitch(self) -> int:
        """The distance in cells between the starts of two neighbouring numbers."""
        return self.cell + 1


def layout_bands(bands: Sequence[Band], digits: int | None, *, glyphs: Glyphs, cell: int | None = None) -> MatrixLayout:
    """Place the bands below each other. The cost does not depend on the sizes of the matrices.

    A band without titles has no header, and no gap before or after it.

    Args:
        bands: The bands from the top.
        digits: Decimals of the numbers; None for all digits.
        glyphs: Characters for the labels.
        cell: Width of a number, if not the usual one for ``digits``.

    Raises:
        ValueError: The values of a block have another shape than it states.
    """
    cell = number_width(digits) if cell is None else cell
    gutter = max((label_width(band.rows, _row_count(band), glyphs) for band in bands), default=0)
    gutter += gutter > 0
    placed_bands = []
    y = right = 0
    is_after_titles = False
    for band in bands:
        x = gutter
        blocks = []
        for block in band.blocks:
            if block.read is None:
                block.numbers()
            width = max(block.shape[1] * (cell + 1) + 1, block.min_width)
            blocks.append(PlacedBlock(block, x, width))
            x += width
        right = max(right, x)
        has_titles = any(block.title for block in band.blocks)
        y += is_after_titles and has_titles
        is_after_titles = has_titles
        top = y + has_titles + any(block.columns for block in band.blocks)
        end = top + _row_count(band)
        placed_bands.append(PlacedBand(tuple(blocks), band.rows, y, top, end))
        y = end
    height = max((band.end for band in placed_bands), default=0)
    return MatrixLayout(tuple(placed_bands), digits, gutter, cell, right, height)


def _row_count(band: Band) -> int:
    return max((block.shape[0] for block in band.blocks), default=0)
