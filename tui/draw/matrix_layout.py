"""The layout of the layer panel: bands of number blocks below each other on a plane that the panel scrolls over.

At the left of the plane is a gutter for the row labels. Each band begins with header lines, which stay visible while
its rows scroll under them. A block with too many columns shows some of them: its columns scroll, its place stays. So
nothing is drawn half at the edge, and the blocks to its right stay in view.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.number_text import number_width
from nn_tui.core.refs import QuantityKey
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.names import AxisLabels, label_width


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
        max_columns: The number of columns that are visible at once; 0 for all.
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
    max_columns: int = 0
    read: Callable[[], tuple[Array, NumberScale]] | None = None

    @property
    def is_computed(self) -> bool:
        """Whether the block has numbers."""
        return self.values is not None or self.read is not None

    @property
    def visible_columns(self) -> int:
        """The number of columns that are visible at once."""
        return min(self.max_columns or self.shape[1], self.shape[1])

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
    """Blocks side by side whose rows have the same meaning, such as a unit or a sample.

    Attributes:
        blocks: The blocks.
        rows: The labels of the rows.
        gap: The number of empty lines above the band; the first band has none.
    """

    blocks: tuple[MatrixBlock, ...]
    rows: AxisLabels = ""
    gap: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class PlacedBlock:
    """A block whose first visible number starts at ``x``; the last cell of its width is blank."""

    block: MatrixBlock
    x: int
    width: int

    def first_column(self, column: int) -> int:
        """Return the first visible column if the panel is scrolled to ``column``."""
        return max(0, min(column, self.block.shape[1] - self.block.visible_columns))


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
        cell: Width of a number.
        pitch: The distance in cells between the starts of two neighbouring numbers.
        width: Width of the plane.
        height: Height of the plane.
    """

    bands: tuple[PlacedBand, ...]
    digits: int | None
    gutter: int
    cell: int
    pitch: int
    width: int
    height: int

    @property
    def max_column(self) -> int:
        """The column to which the panel can be scrolled at most."""
        blocks = (placed.block for band in self.bands for placed in band.blocks)
        return max((block.shape[1] - block.visible_columns for block in blocks), default=0)


def number_gap(glyphs: Glyphs) -> int:
    """Return the cells between two numbers: one for the frame of a selection, or two in ASCII.

    The frame is drawn with half blocks. A bracket needs a blank beside it, so that it does not touch the next number.
    """
    return 2 if glyphs.is_ascii else 1


def layout_bands(bands: Sequence[Band], digits: int | None, *, glyphs: Glyphs, cell: int | None = None) -> MatrixLayout:
    """Place the bands below each other. The cost does not depend on the sizes of the matrices.

    A band without titles has no line for them.

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
    pitch = cell + number_gap(glyphs)
    placed_bands: list[PlacedBand] = []
    y = right = 0
    for band in bands:
        x = gutter
        blocks = []
        for block in band.blocks:
            if block.read is None:
                block.numbers()
            width = max(block.visible_columns * pitch + 1, block.min_width)
            blocks.append(PlacedBlock(block, x, width))
            x += width
        right = max(right, x)
        has_titles = any(block.title for block in band.blocks)
        y += band.gap if placed_bands else 0
        top = y + has_titles + any(block.columns for block in band.blocks)
        end = top + _row_count(band)
        placed_bands.append(PlacedBand(tuple(blocks), band.rows, y, top, end))
        y = end
    height = max((band.end for band in placed_bands), default=0)
    return MatrixLayout(tuple(placed_bands), digits, gutter, cell, pitch, right, height)


def _row_count(band: Band) -> int:
    return max((block.shape[0] for block in band.blocks), default=0)
