"""The layer view of a whole batch: a row for each sample, and the sum of the rows of δ, the gradient of b."""

from __future__ import annotations

from collections.abc import Callable

from nn_tui.core.engine.quantities import has_slope
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import Band, Cell, MatrixBlock, MatrixLayout, layout_bands
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.block_properties import (
    block_note,
    block_scale,
    block_title,
    cell_width,
    input_names,
    max_magnitude,
    number_pitch,
    quantity_max_magnitude,
    quantity_values,
    unit_names,
)

_BY_INPUT = ("x", "in", "dx")  # quantities with a column for each input of the layer
_BY_OUTPUT = ("y", "term")  # quantities that exist for the output layer only
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
    if ref.key in ("w", "dw"):
        return Cell(ref.key, ref.unit, ref.input)
    if ref.key == "db":
        return Cell("db", 0, ref.unit)
    return Cell(ref.key, ref.sample, ref.unit) if ref.key in BY_SAMPLE else None


def ref_of(session: Session, layer: int, cell: Cell) -> Ref:
    """Return the address of the number in a cell."""
    if cell.key in ("w", "dw"):
        return Ref(cell.key, layer, cell.row, cell.col, session.ref.sample)
    if cell.key == "db":
        return Ref("db", layer, cell.col, session.ref.input, session.ref.sample)
    if cell.key == "in":
        return Ref("a", layer - 1, cell.col, session.ref.input, cell.row)
    return Ref(cell.key, 0 if cell.key in ("x", *_BY_OUTPUT) else layer, cell.col, session.ref.input, cell.row)


def _forward_keys(session: Session, layer: int, width: int) -> list[list[str]]:
    """Return the quantities of the forward pass by band."""
    keys = ["z", "a", *(_BY_OUTPUT if layer == len(session.engine.sizes) - 2 else ())]
    layer_input = "in" if layer else "x"
    # A row of hundreds of inputs would push z and a out of view.
    is_narrow = session.engine.sizes[layer] * number_pitch(session) < width // 2
    return _wrap(session, layer, [layer_input, *keys] if is_narrow else [*keys, layer_input], width)


def _backward_keys(session: Session, layer: int, width: int) -> list[list[str]]:
    """Return the quantities of the backward pass by band; δ is the first of the last band, above its sum."""
    products = session.trace.n * session.engine.sizes[layer] * session.engine.sizes[layer + 1]
    keys = ["da"]
    keys += ["slope"] if has_slope(session.engine.activations[layer].name) else []
    keys += ["dx"] if layer == 0 and products <= _MAX_PRODUCTS else []
    together = _wrap(session, layer, ["dz", *keys], width)
    return together if len(together) == 1 else [*_wrap(session, layer, keys, width), ["dz"]]


def _wrap(session: Session, layer: int, keys: list[str], width: int) -> list[list[str]]:
    """Return the keys in bands of at most ``width`` cells; all in one band for a large batch."""
    bands: list[list[str]] = [[]]
    used = _GUTTER
    for key in keys:
        columns = session.engine.sizes[layer if key in _BY_INPUT else layer + 1]
        size = columns * number_pitch(session) + 1
        if bands[-1] and used + size > width and session.trace.n <= _MAX_WRAPPED_ROWS:
            bands.append([])
            used = _GUTTER
        bands[-1].append(key)
        used += size
    return bands


def _sample_rows(session: Session, glyphs: Glyphs, key: str, layer: int) -> MatrixBlock:
    """Return a quantity with a row for each sample; the key "in" is the output of the layer before."""
    n = session.trace.n
    name, source = ("a", layer - 1) if key == "in" else (key, layer)
    by_input = key in _BY_INPUT
    columns = session.engine.sizes[layer if by_input else layer + 1]
    if key in ("x", "dx"):
        known = columns * (key == "x" or session.is_known(Ref("dx", layer)))
    else:
        known = session.known_units(name, source)
    return MatrixBlock(
        key, block_title(name, source, glyphs), None, (n, columns), scale=block_scale(session, name, source),
        shape_label=f"{n}{glyphs.by}{columns}", known_columns=known,
        columns=input_names(session, layer) if by_input else unit_names(session, layer),
        read=_reader(session, name, source) if known else None,
    )  # fmt: skip


def _bias_gradient(session: Session, glyphs: Glyphs, layer: int) -> MatrixBlock:
    """Return the gradient of b, as the sum of the rows of δ."""
    units = session.engine.sizes[layer + 1]
    known = session.known_units("db", layer)
    values = quantity_values(session, "db", layer)[None, :]
    title = f"{block_title('db', layer, glyphs)} = {glyphs.sum} {block_title('dz', layer, glyphs)}"
    return MatrixBlock(
        "db", title, values if known else None, (1, units), limit=max_magnitude(values), known_columns=known,
        shape_label=str(units),
    )  # fmt: skip


def _matrix(session: Session, glyphs: Glyphs, key: str, layer: int) -> MatrixBlock:
    """Return the block of W, or that of dW; the title of dW has the product that gives it."""
    units, inputs = session.engine.sizes[layer + 1], session.engine.sizes[layer]
    known = session.known_units(key, layer)
    title = block_title(key, layer, glyphs)
    if key == "dw":
        layer_input = block_title("a" if layer else "x", layer - 1, glyphs)
        title = f"{title} = {block_title('dz', layer, glyphs)}{glyphs.transpose} {layer_input}"
    return MatrixBlock(
        key, title, None, (units, inputs), known, shape_label=f"{units}{glyphs.by}{inputs}",
        columns=input_names(session, layer), note=block_note(session, key, layer),
        read=_reader(session, key, layer) if known else None,
    )  # fmt: skip


def _reader(session: Session, key: str, layer: int) -> Callable[[], tuple[Array, float]]:
    """Return a function that returns a quantity of the batch and its largest magnitude."""
    return lambda: (quantity_values(session, key, layer), quantity_max_magnitude(session, key, layer))
