"""The layer view of a whole batch: a row for each sample, and the sum of the rows of δ, the gradient of b."""

from __future__ import annotations

from collections.abc import Callable

from nn_tui.core.engine.quantities import has_slope
from nn_tui.core.refs import BY_SAMPLE, Quantity, QuantityKey, Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import Band, BlockKey, Cell, MatrixBlock, MatrixLayout, layout_bands
from nn_tui.tui.draw.palette import NumberScale
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
_GUTTER = 4  # cells of the labels of the samples
_MAX_PRODUCTS = 4_000_000  # multiplications that ∂L/∂x of the whole batch may take in every drawing


def layout_batch(session: Session, layer: int, glyphs: Glyphs, width: int) -> MatrixLayout:
    """Lay out a layer's quantities for all samples of the batch.

    Below them are the sum of δ over the samples, and dW with the product that gives it.
    """
    sum_label = "sum" if glyphs.is_ascii else glyphs.sum
    bands = [Band(tuple(_sample_rows(session, glyphs, key, layer) for key in keys), "n")
             for keys in [*_forward_keys(session, layer, width), *_backward_keys(session, layer, width)]]  # fmt: skip
    bands.append(Band((_bias_gradient(session, glyphs, layer),), (sum_label,)))
    matrices = (_matrix(session, glyphs, "dw", layer), _matrix(session, glyphs, "w", layer))
    bands.append(Band(matrices, unit_names(session, layer)))
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


def _forward_keys(session: Session, layer: int, width: int) -> list[list[BlockKey]]:
    """Return the quantities of the forward pass by band."""
    keys = _blocks(layer, "z", "a", *(_BY_OUTPUT if layer == len(session.engine.sizes) - 2 else ()))
    layer_input = BlockKey(QuantityKey("a"), layer - 1, is_input=True) if layer else BlockKey(QuantityKey("x"), 0)
    # A row of hundreds of inputs would push z and a out of view.
    is_narrow = session.engine.sizes[layer] * number_pitch(session) < width // 2
    return _wrap(session, layer, [layer_input, *keys] if is_narrow else [*keys, layer_input], width)


def _backward_keys(session: Session, layer: int, width: int) -> list[list[BlockKey]]:
    """Return the quantities of the backward pass by band; δ is the first of the last band, above its sum."""
    products = session.trace.n * session.engine.sizes[layer] * session.engine.sizes[layer + 1]
    delta, keys = _blocks(layer, "dz"), _blocks(layer, "da")
    keys += _blocks(layer, "slope") if has_slope(session.engine.activations[layer].name) else []
    keys += _blocks(layer, "dx") if layer == 0 and products <= _MAX_PRODUCTS else []
    together = _wrap(session, layer, delta + keys, width)
    return together if len(together) == 1 else [*_wrap(session, layer, keys, width), delta]


def _blocks(layer: int, *quantities: Quantity) -> list[BlockKey]:
    return [BlockKey(QuantityKey(quantity), layer) for quantity in quantities]


def _wrap(session: Session, layer: int, keys: list[BlockKey], width: int) -> list[list[BlockKey]]:
    """Return the keys in bands of at most ``width`` cells; all in one band for a large batch."""
    bands: list[list[BlockKey]] = [[]]
    used = _GUTTER
    for key in keys:
        columns = session.engine.sizes[layer if key.is_by_input else layer + 1]
        size = columns * number_pitch(session) + 1
        if bands[-1] and used + size > width and session.trace.n <= _MAX_WRAPPED_ROWS:
            bands.append([])
            used = _GUTTER
        bands[-1].append(key)
        used += size
    return bands


def _sample_rows(session: Session, glyphs: Glyphs, key: BlockKey, layer: int) -> MatrixBlock:
    """Return a quantity with a row for each sample."""
    n = session.trace.n
    columns = session.engine.sizes[layer if key.is_by_input else layer + 1]
    if key.array.quantity in ("x", "dx"):
        known = columns * session.is_known(key.array.at(layer))
    else:
        known = session.known_units(key.array, key.layer)
    return MatrixBlock(
        key, block_title(key.array, key.layer, glyphs), None, (n, columns),
        shape_label=f"{n}{glyphs.by}{columns}", known_columns=known,
        columns=input_names(session, layer) if key.is_by_input else unit_names(session, layer),
        read=_reader(session, key) if known else None,
    )  # fmt: skip


def _bias_gradient(session: Session, glyphs: Glyphs, layer: int) -> MatrixBlock:
    """Return the gradient of b, as the sum of the rows of δ."""
    units = session.engine.sizes[layer + 1]
    known = session.known_units("db", layer)
    values = quantity_values(session, "db", layer)[None, :]
    key = BlockKey(QuantityKey("db"), layer)
    title = f"{block_title('db', layer, glyphs)} = {glyphs.sum} {block_title('dz', layer, glyphs)}"
    return MatrixBlock(
        key, title, values if known else None, (1, units), scale=scale_of(session, "db", layer), known_columns=known,
        shape_label=str(units),
    )  # fmt: skip


def _matrix(session: Session, glyphs: Glyphs, quantity: Quantity, layer: int) -> MatrixBlock:
    """Return the block of W, or that of dW; the title of dW has the product that gives it."""
    units, inputs = session.engine.sizes[layer + 1], session.engine.sizes[layer]
    key = BlockKey(QuantityKey(quantity), layer)
    known = session.known_units(quantity, layer)
    title = block_title(quantity, layer, glyphs)
    if quantity == "dw":
        layer_input = block_title("a" if layer else "x", layer - 1, glyphs)
        title = f"{title} = {block_title('dz', layer, glyphs)}{glyphs.transpose} {layer_input}"
    return MatrixBlock(
        key, title, None, (units, inputs), known, shape_label=f"{units}{glyphs.by}{inputs}",
        columns=input_names(session, layer), note=block_note(session, quantity, layer),
        read=_reader(session, key) if known else None,
    )  # fmt: skip


def _reader(session: Session, key: BlockKey) -> Callable[[], tuple[Array, NumberScale]]:
    """Return a function that returns a quantity of the batch and its scale."""
    array, layer = key.array, key.layer
    return lambda: (quantity_values(session, array, layer), scale_of(session, array, layer))
