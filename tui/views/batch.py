"""The layer view of a whole batch: a row for each sample, and the sum of the rows of δ, the gradient of b."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from nn_tui.core.data.labels import prediction_labels, target_labels
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.engine.quantities import has_slope
from nn_tui.core.refs import BY_SAMPLE, Quantity, QuantityKey, Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import Band, BlockKey, Cell, MatrixBlock, MatrixLayout, layout_bands
from nn_tui.tui.draw.names import label_width
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.block_properties import (
    block_note,
    block_title,
    cell_width,
    input_names,
    number_pitch,
    quantity_values,
    shown_layer,
    unit_names,
)

_BY_OUTPUT: tuple[Quantity, ...] = ("y", "term")  # quantities that exist for the output layer only
_MAX_WRAPPED_ROWS = 12  # samples up to which bands that are too wide are wrapped
_MAX_PRODUCTS = 4_000_000  # multiplications that ∂L/∂x of the whole batch may take in every drawing


def layout_batch(session: Session, layer: int, glyphs: Glyphs, width: int) -> MatrixLayout:
    """Lay out a layer's quantities for all samples of the batch, in an order that does not depend on the width.

    Below δ is its sum over the samples, the gradient of b, and then dW with the product that gives it.
    """
    n, names, units = session.trace.n, unit_names(session, layer), session.engine.sizes[layer + 1]
    labels = (("n", n), (names, units), ((glyphs.sum,), 1))
    gutter = max(label_width(stem, count, glyphs) for stem, count in labels) + 1
    pitch = number_pitch(session, glyphs)

    def wrap(keys: list[BlockKey]) -> list[tuple[list[BlockKey], int]]:
        return _wrap(session, layer, keys, width - gutter, pitch)

    def samples(keys: list[BlockKey]) -> list[Band]:
        return [
            Band(tuple(_sample_rows(session, glyphs, key, layer, columns) for key in band), "n")
            for band, columns in wrap(keys)
        ]

    delta = _blocks(layer, "dz")
    [(_, columns)] = wrap(delta)
    bands = [*samples(_forward_keys(session, layer)), *samples(_backward_keys(session, layer)), *samples(delta)]
    bands.append(Band((_bias_gradient(session, glyphs, layer, columns),), (glyphs.sum,)))
    for keys, columns in wrap(_blocks(layer, "dw", "w")):
        bands.append(Band(tuple(_matrix(session, glyphs, key, columns) for key in keys), names))
    if layer == 0 and n * session.engine.sizes[layer] * units <= _MAX_PRODUCTS:
        bands += samples(_blocks(layer, "dx"))
    return layout_bands(bands, session.digits, glyphs=glyphs, cell=cell_width(session))


def cell_of(session: Session) -> Cell | None:
    """Return the cell of the selected number; None if the batch does not show it."""
    ref = session.ref
    key = BlockKey(ref.key, shown_layer(session))
    if ref.quantity == "dw" or (ref.quantity == "w" and not ref.after):
        return Cell(key, ref.unit, ref.input)
    if ref.quantity == "db":
        return Cell(key, 0, ref.unit)
    return Cell(key, ref.sample, ref.unit) if ref.quantity in BY_SAMPLE else None


def ref_of(session: Session, cell: Cell) -> Ref:
    """Return the address of the number in a cell."""
    array, layer = cell.key.array, cell.key.layer
    if array.is_weight:
        return array.at(layer, cell.row, cell.col, session.ref.sample)
    if array.quantity == "db":
        return array.at(layer, cell.col, session.ref.input, session.ref.sample)
    return array.at(0 if array.quantity in _BY_OUTPUT else layer, cell.col, session.ref.input, cell.row)


def _forward_keys(session: Session, layer: int) -> list[BlockKey]:
    """Return the quantities of the forward pass."""
    layer_input = BlockKey(QuantityKey("a"), layer - 1, is_input=True) if layer else BlockKey(QuantityKey("x"), 0)
    targets = _BY_OUTPUT if layer == len(session.engine.sizes) - 2 else ()
    return [layer_input, *_blocks(layer, "z", "a", *targets)]


def _backward_keys(session: Session, layer: int) -> list[BlockKey]:
    """Return the factors of δ."""
    return _blocks(layer, "da", *(("slope",) if has_slope(session.engine.activations[layer].name) else ()))


def _blocks(layer: int, *quantities: Quantity) -> list[BlockKey]:
    return [BlockKey(QuantityKey(quantity), layer) for quantity in quantities]


def _wrap(
    session: Session, layer: int, keys: list[BlockKey], room: int, pitch: int
) -> list[tuple[list[BlockKey], int]]:
    """Return the keys in bands, each with the columns of a block that are visible at once.

    Blocks of few rows stand side by side if all their columns are visible. Others share a line as long as possible,
    because the next line would be far below.

    Args:
        session: The session.
        layer: The layer.
        keys: The keys, all by sample or all by unit.
        room: The cells of a line.
        pitch: The cells from the start of a number to the start of the next.
    """
    bands: list[tuple[list[BlockKey], int]] = []
    for key in keys:
        together = [*(bands[-1][0] if bands else []), key]
        counts = [_column_count(session, layer, each) for each in together]
        rows = session.engine.sizes[layer + 1] if key.array.is_weight else session.trace.n
        needed = max(counts) if rows <= _MAX_WRAPPED_ROWS else 1
        visible = _shared_columns(counts, room, pitch)
        if bands and visible >= needed:
            bands[-1] = together, visible
        else:
            bands.append(([key], max(1, _shared_columns(counts[-1:], room, pitch))))
    return bands


def _shared_columns(counts: list[int], room: int, pitch: int) -> int:
    """Return how many columns of each block are visible at once if ``room`` cells have to show all blocks."""
    fits = (sum(min(count, limit) * pitch + 1 for count in counts) <= room for limit in range(1, max(counts) + 1))
    return sum(takewhile(bool, fits))


def _column_count(session: Session, layer: int, key: BlockKey) -> int:
    return session.engine.sizes[layer if key.is_by_input or key.array.is_weight else layer + 1]


def _sample_rows(session: Session, glyphs: Glyphs, key: BlockKey, layer: int, visible: int) -> MatrixBlock:
    """Return a quantity with a row for each sample."""
    n, columns = session.trace.n, _column_count(session, layer, key)
    if key.array.quantity in ("x", "dx"):
        known = columns * session.is_known(key.array.at(layer))
    else:
        known = session.known_units(key.array, key.layer)
    return MatrixBlock(
        key, block_title(key.array, key.layer, glyphs), None, (n, columns),
        shape_label=f"{n}{glyphs.by}{columns}", known_columns=known,
        columns=_column_names(session, key, layer), max_columns=visible,
        read=_reader(session, key) if known else None,
    )  # fmt: skip


def _column_names(session: Session, key: BlockKey, layer: int) -> str | tuple[str, ...]:
    """Return the names of the inputs, the units or the targets that have a column."""
    if key.is_by_input:
        return input_names(session, layer)
    names, data = unit_names(session, layer), session.experiment.data
    return target_labels(data) if key.array.quantity == "y" and names == prediction_labels(data) else names


def _bias_gradient(session: Session, glyphs: Glyphs, layer: int, visible: int) -> MatrixBlock:
    """Return the gradient of b, as the sum of the rows of δ."""
    units = session.engine.sizes[layer + 1]
    known = session.known_units("db", layer)
    values = quantity_values(session, "db", layer)[None, :]
    key = BlockKey(QuantityKey("db"), layer)
    title = f"{block_title('db', layer, glyphs)} = {glyphs.sum} {block_title('dz', layer, glyphs)}"
    return MatrixBlock(
        key, title, values if known else None, (1, units), scale=scale_of(session, "db", layer), known_columns=known,
        shape_label=str(units), max_columns=visible,
    )  # fmt: skip


def _matrix(session: Session, glyphs: Glyphs, key: BlockKey, visible: int) -> MatrixBlock:
    """Return the block of W, or that of dW; the title of dW has the product that gives it."""
    quantity, layer = key.array.quantity, key.layer
    units, inputs = session.engine.sizes[layer + 1], session.engine.sizes[layer]
    known = session.known_units(quantity, layer)
    title = block_title(quantity, layer, glyphs)
    if quantity == "dw":
        layer_input = block_title("a" if layer else "x", layer - 1, glyphs)
        title = f"{title} = {block_title('dz', layer, glyphs)}{glyphs.transpose} {layer_input}"
    return MatrixBlock(
        key, title, None, (units, inputs), known, shape_label=f"{units}{glyphs.by}{inputs}",
        columns=input_names(session, layer), note=block_note(session, quantity, layer), max_columns=visible,
        read=_reader(session, key) if known else None,
    )  # fmt: skip


def _reader(session: Session, key: BlockKey) -> Callable[[], tuple[Array, NumberScale]]:
    """Return a function that returns a quantity of the batch and its scale."""
    array, layer = key.array, key.layer
    return lambda: (quantity_values(session, array, layer), scale_of(session, array, layer))
