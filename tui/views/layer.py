"""The layer view: the matrices and vectors of a layer, as far as this pass has computed them.

A tall panel shows several layers below each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.engine.quantities import has_slope, input_gradient, input_of
from nn_tui.core.refs import BY_SAMPLE, QuantityKey, Ref
from nn_tui.core.spec import Array
from nn_tui.core.translation import tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import (
    Band,
    BlockKey,
    Cell,
    MatrixBlock,
    MatrixLayout,
    layout_bands,
)
from nn_tui.tui.draw.names import AxisLabels, label_width
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import batch, health
from nn_tui.tui.views.block_properties import (
    block_note,
    block_title,
    cell_width,
    input_names,
    number_pitch,
    quantity_values,
    shown_layer,
    target_width,
    unit_names,
)
from nn_tui.tui.views.layer_arrangement import BandPlan, LayerGeometry, arrange, block_width


def title(session: Session, palette: Palette) -> str:
    """Return the panel's title: the layer, its first problem, its kind, activation and sizes."""
    layer = shown_layer(session)
    sizes, glyphs = session.engine.sizes, palette.glyphs
    kind = tr("output") if layer == len(sizes) - 2 else tr("hidden")
    parts = [
        tr("Layer {number} of {count}", number=layer + 1, count=len(sizes) - 1),
        kind,
        session.engine.activations[layer].name,
    ]
    parts.append(f"{sizes[layer]} {glyphs.to} {sizes[layer + 1]}")
    if session.batch:
        parts.append(tr("batch of {count}", count=session.trace.n))
    if layer == len(sizes) - 2 and has_standardized_targets(session.experiment.data):
        parts.append(tr("y and ŷ standardised"))
    problem = health.layer_summary(session, palette, layer)
    if problem:  # near the beginning, because a narrow panel leaves out the end
        parts.insert(1, problem)
    return f" {glyphs.dot} ".join(parts)


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the beginning of the layer's matrices; the panel scrolls them."""
    plan = layout_layer(session, palette.glyphs, width, height)
    return draw_matrix(plan, palette, 0, 0, width, height, cell_of(session), related_cells(session))


def layout_layer(session: Session, glyphs: Glyphs, width: int, height: int = 0) -> MatrixLayout:
    """Lay out the blocks of the selected layer, and of other layers that fit a panel of that size with it."""
    selected = shown_layer(session)
    if session.batch:
        return batch.layout_batch(session, selected, glyphs, width)
    geometry = _geometry(session, glyphs)
    return _layout(session, glyphs, geometry, arrange(geometry, selected, width, height))


class LayerSize(NamedTuple):
    """The cells and lines that a layer takes alone, and whether all columns of its matrices are visible."""

    width: int
    lines: int
    has_all_columns: bool


def layer_sizes(session: Session, glyphs: Glyphs, widths: Iterable[int]) -> Iterator[LayerSize]:
    """Yield the size that the selected layer has alone, of one sample, in a panel of each width."""
    geometry, sizes = _geometry(session, glyphs), dict[tuple[BandPlan, ...], LayerSize]()
    for width in widths:
        plans = arrange(geometry, shown_layer(session), width, 1)
        if plans not in sizes:  # most widths have the bands of the one before
            layout = _layout(session, glyphs, geometry, plans)
            sizes[plans] = LayerSize(layout.width, layout.height, not layout.max_column)
        yield sizes[plans]


def _layout(session: Session, glyphs: Glyphs, geometry: LayerGeometry, plans: tuple[BandPlan, ...]) -> MatrixLayout:
    bands: list[Band] = []
    for plan in plans:
        first = plan.keys[0]
        if first.is_by_input:
            blocks: tuple[MatrixBlock, ...] = (_input_row(session, first, plan),)
            rows: AxisLabels = (block_title(first.array, first.layer, glyphs),)
        else:
            blocks = tuple(_block(session, glyphs, key, geometry, plan.columns) for key in plan.keys)
            rows = unit_names(session, plan.layer)
        bands.append(Band(blocks, rows, plan.gap))
    return layout_bands(bands, session.digits, glyphs=glyphs, cell=cell_width(session))


def _geometry(session: Session, glyphs: Glyphs) -> LayerGeometry:
    engine = session.engine
    return LayerGeometry(
        sizes=engine.sizes,
        has_slope=tuple(has_slope(activation.name) for activation in engine.activations),
        slots=tuple(engine.optimizer.slots),
        gutters=tuple(_gutter(session, layer, glyphs) for layer in range(len(engine.sizes) - 1)),
        pitch=number_pitch(session, glyphs),
        target=target_width(glyphs),
    )


def _gutter(session: Session, layer: int, glyphs: Glyphs) -> int:
    """Return the cells of the labels of a layer's rows: those of its units, and of its inputs and their gradient."""
    units = label_width(unit_names(session, layer), session.engine.sizes[layer + 1], glyphs)
    inputs = block_title("a", layer - 1, glyphs) if layer else block_title("dx", 0, glyphs)
    return max(units, label_width((inputs,), 1, glyphs)) + 1


def _input_row(session: Session, key: BlockKey, plan: BandPlan) -> MatrixBlock:
    """Return a block of shape (1, inputs): the input of a layer, or ∂L/∂x."""
    trace, sample, layer = session.trace, session.ref.sample, plan.layer
    inputs = session.engine.sizes[layer]
    if key.is_input:
        known = session.known_units(key.array, key.layer)
    else:
        known = inputs * session.is_known(key.array.at(layer))

    def read() -> tuple[Array, NumberScale]:
        is_gradient = key.array.quantity == "dx"
        row = input_gradient(trace, layer, sample) if is_gradient else input_of(trace, layer)[sample]
        return row[None, :], scale_of(session, key.array, key.layer)

    return MatrixBlock(
        key, "", None, (1, inputs), known_columns=known, max_columns=plan.columns,
        columns=input_names(session, layer) if key.array.quantity == "dx" else "",  # x stands above the names of W
        read=read if known else None,
    )  # fmt: skip


def _block(session: Session, glyphs: Glyphs, key: BlockKey, geometry: LayerGeometry, visible: int) -> MatrixBlock:
    """Return a block of shape (units, inputs) of which some columns are visible, or (units, 1) for a vector."""
    array, layer, sample = key.array, key.layer, session.ref.sample
    units, inputs, is_matrix = session.engine.sizes[layer + 1], session.engine.sizes[layer], array.is_weight
    known = session.known_units(array, layer)

    def read() -> tuple[Array, NumberScale]:
        values, scale = quantity_values(session, array, layer), scale_of(session, array, layer)
        if is_matrix:
            return values, scale
        vector = values[sample] if array.quantity in BY_SAMPLE else values
        return vector[:, None], scale

    width, note = block_width(geometry, layer, key, visible), block_note(session, array, layer)
    title = block_title(array, layer, glyphs, width)
    if array.is_optimizer_state and is_matrix and cell_len(f" {title} {note}") > width:
        note = ""  # the block of the biases has the note too, and the title needs the room
    return MatrixBlock(
        key, title, None, (units, inputs) if is_matrix else (units, 1), known,
        shape_label=_shape_label(session, glyphs, array, (units, inputs)),
        columns=input_names(session, layer) if is_matrix else "", note=note,
        read=read if known else None, min_width=target_width(glyphs) if array.quantity == "y" else 0,
        max_columns=visible if is_matrix else 0,
    )  # fmt: skip


def _shape_label(session: Session, glyphs: Glyphs, key: QuantityKey, shape: tuple[int, int]) -> str:
    """Return the shape of a block, and Σₙ if its numbers are sums over a batch beside numbers of one sample."""
    units, inputs = shape
    if key.quantity == "term" and units == 1:
        return ""  # "loss 1" would read as a number
    label = f"{units}{glyphs.by}{inputs}" if key.is_weight else str(units)
    if key.quantity in ("dw", "db") and session.trace.n > 1:
        sum_sign = glyphs.sum if glyphs.is_ascii else f"{glyphs.sum}ₙ"
        return f"{label} {sum_sign}" if key.is_weight else sum_sign  # beside a vector's name there is room for one
    return label


def cell_of(session: Session) -> Cell | None:
    """Return the cell of the selected number; None if the layer view does not show it."""
    ref = session.ref
    if session.batch:
        return batch.cell_of(session)
    if ref.quantity == "loss":
        return None
    key = BlockKey(ref.key, shown_layer(session))
    return Cell(key, 0, ref.unit) if key.is_by_input else Cell(key, ref.unit, ref.input if ref.is_weight else 0)


def cell_to_show(session: Session) -> Cell | None:
    """Return the cell that a small panel scrolls to: that of the selected number; for the loss, its first term."""
    if session.batch or session.ref.quantity != "loss":
        return cell_of(session)
    return Cell(BlockKey(QuantityKey("term"), shown_layer(session)), 0, 0)


def ref_of(session: Session, cell: Cell) -> Ref:
    """Return the address of the number in a cell."""
    array, layer, sample = cell.key.array, cell.key.layer, session.ref.sample
    if session.batch:
        return batch.ref_of(session, cell)
    if cell.key.is_by_input:
        return array.at(layer, cell.col, 0, sample)
    if array.quantity in ("y", "term"):
        return array.at(0, cell.row, 0, sample)
    return array.at(layer, cell.row, cell.col if array.is_weight else session.ref.input, sample)


def related_cells(session: Session) -> dict[Cell, str]:
    """Return the cells that belong to the selected parameter or input, each with its style.

    These are the elements of W, dW, ΔW, W′ and the optimiser's state at the same indices, as far as they are known.
    """
    if session.batch:
        return {}
    ref = session.ref
    if ref.quantity in ref.parameter:
        value, gradient, step, state = ref.parameter
        group = [QuantityKey(value), QuantityKey(gradient), QuantityKey(step), QuantityKey(value, after=True)]
        group += [QuantityKey(state, slot, after) for slot in session.engine.optimizer.slots for after in (False, True)]
        column = ref.input if ref.is_weight else 0
        others = [key for key in group if key != ref.key and session.is_known(ref.with_key(key))]
        return {Cell(BlockKey(key, ref.layer), ref.unit, column): "accent" for key in others}
    if ref.quantity in ("x", "dx"):
        other = QuantityKey("dx" if ref.quantity == "x" else "x")
        is_known = session.is_known(other.at(0, ref.unit))
        return {Cell(BlockKey(other, 0), 0, ref.unit): "accent"} if is_known else {}
    return {}
