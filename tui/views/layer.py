"""The layer view: the matrices and vectors of a layer, as far as this pass has computed them.

A tall panel shows several layers below each other. The keys of the cells that are not in the selected layer start with
the layer, counted from 1: ``2:dw``.
"""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len

from nn_tui.core.engine.quantities import has_slope, input_gradient
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import Band, Cell, MatrixBlock, MatrixLayout, layout_bands
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import batch
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
    shown_layer,
    unit_names,
)
from nn_tui.tui.views.layer_arrangement import (
    INPUT_ROWS,
    MIN_BLOCK_WIDTHS,
    LayerGeometry,
    arrange,
    block_width,
    gutter_width,
    has_vectors_first,
    shown_layers,
)


def layout_layer(session: Session, glyphs: Glyphs, width: int, height: int = 0) -> MatrixLayout:
    """Lay out the blocks of the selected layer, and of other layers that fit a panel of that size with it."""
    selected = shown_layer(session)
    if session.batch:
        return batch.layout_batch(session, selected, glyphs, width)
    geometry = _geometry(session, glyphs)
    layers = shown_layers(geometry, selected, width, height)
    bands: list[Band] = []
    for layer in layers:
        prefix = "" if layer == selected else f"{layer + 1}:"
        arrangement = arrange(geometry, layer, width, is_first=layer == layers[0])
        named_columns = has_vectors_first(arrangement)
        for keys in arrangement:
            if keys[0] in INPUT_ROWS:
                blocks = tuple(_input_row(session, key, layer, prefix, named_columns) for key in keys)
                label = "dx" if keys[0] == "dx" else block_title("a" if layer else "x", layer - 1, glyphs)
                bands.append(Band(blocks, (label,)))
            else:
                blocks = tuple(_block(session, glyphs, key, layer, prefix, geometry) for key in keys)
                bands.append(Band(blocks, unit_names(session, layer)))
    return layout_bands(bands, session.digits, glyphs=glyphs, cell=cell_width(session))


def _geometry(session: Session, glyphs: Glyphs) -> LayerGeometry:
    engine = session.engine
    return LayerGeometry(
        sizes=engine.sizes,
        has_slope=tuple(has_slope(activation.name) for activation in engine.activations),
        slots=tuple(engine.optimizer.slots),
        gutters=tuple(gutter_width(unit_names(session, k), units, glyphs) for k, units in enumerate(engine.sizes[1:])),
        pitch=number_pitch(session),
    )


def _input_row(session: Session, key: str, layer: int, prefix: str, named_columns: bool) -> MatrixBlock:
    """Return a block of shape (1, inputs): the input of a layer, or ∂L/∂x."""
    trace, sample, inputs = session.trace, session.ref.sample, session.engine.sizes[layer]
    if key == "in":
        known = session.known_units("a", layer - 1)
    else:
        known = inputs * (key == "x" or session.is_known(Ref("dx", layer)))

    def read() -> tuple[Array, float]:
        if key == "dx":
            row = input_gradient(trace, layer, sample)
        else:
            row = (trace.a[layer - 1] if key == "in" else trace.x)[sample]
        return row[None, :], max_magnitude(row)

    return MatrixBlock(
        prefix + key, "", None, (1, inputs), known_columns=known,
        columns=input_names(session, layer) if named_columns else "",
        scale=block_scale(session, "a", layer - 1) if key == "in" else "diverging",
        read=read if known else None,
    )  # fmt: skip


def _block(session: Session, glyphs: Glyphs, key: str, layer: int, prefix: str, geometry: LayerGeometry) -> MatrixBlock:
    """Return a block of shape (units, inputs), or (units, 1) for a vector."""
    units, inputs, sample = session.engine.sizes[layer + 1], session.engine.sizes[layer], session.ref.sample
    is_matrix = Ref(key).is_weight
    known = session.known_units(key, layer)

    def read() -> tuple[Array, float]:
        values = quantity_values(session, key, layer)
        if is_matrix:
            return values, quantity_max_magnitude(session, key, layer)
        vector = values[sample] if key in BY_SAMPLE else values
        return vector[:, None], max_magnitude(vector)

    width, note = block_width(geometry, layer, key), block_note(session, key, layer)
    title = block_title(key, layer, glyphs, width)
    if key.startswith("m:") and is_matrix and cell_len(f" {title} {note}") > width:
        note = ""  # the block of the biases has the note too, and the title needs the room
    return MatrixBlock(
        prefix + key, title, None, (units, inputs) if is_matrix else (units, 1), known,
        block_scale(session, key, layer),
        shape_label=f"{units}{glyphs.by}{inputs}" if is_matrix else str(units),
        columns=input_names(session, layer) if is_matrix else "", note=note,
        read=read if known else None, min_width=MIN_BLOCK_WIDTHS.get(key, 0),
    )  # fmt: skip


def cell_of(session: Session) -> Cell | None:
    """Return the cell of the selected number; None if the layer view does not show it."""
    ref = session.ref
    if session.batch:
        return batch.cell_of(session)
    if ref.key == "loss":
        return None
    if ref.key in ("x", "dx"):
        return Cell(ref.key, 0, ref.unit)
    return Cell(ref.key, ref.unit, ref.input if ref.is_weight else 0)


def ref_of(session: Session, cell: Cell) -> Ref:
    """Return the address of the number in a cell."""
    layer, key, sample = shown_layer(session), cell.key, session.ref.sample
    if session.batch:
        return batch.ref_of(session, layer, cell)
    if key[0].isdigit():
        number, _, key = key.partition(":")
        layer = int(number) - 1
    if key in ("x", "dx"):
        return Ref(key, 0, cell.col, 0, sample)
    if key == "in":
        return Ref("a", layer - 1, cell.col, 0, sample)
    if key in ("y", "term"):
        return Ref(key, 0, cell.row, 0, sample)
    return Ref(key, layer, cell.row, cell.col if Ref(key).is_weight else session.ref.input, sample)


def related_cells(session: Session) -> dict[Cell, str]:
    """Return the cells that belong to the selected parameter or input, each with its style.

    These are the elements of W, dW, ΔW, W′ and the optimiser's state at the same indices, as far as they are known.
    """
    if session.batch:
        return {}
    ref = session.ref
    parameter = "w" if ref.is_weight else "b"
    parts = (parameter, f"{parameter}_after")
    state = [f"m:{slot}:{part}" for slot in session.engine.optimizer.slots for part in parts]
    group = (parameter, f"d{parameter}", f"step_{parameter}", f"{parameter}_after", *state)
    if ref.key in group:
        column = ref.input if ref.is_weight else 0
        others = [key for key in group if key != ref.key and session.is_known(replace(ref, key=key))]
        return {Cell(key, ref.unit, column): "accent" for key in others}
    if ref.key in ("x", "dx"):
        other = "dx" if ref.key == "x" else "x"
        return {Cell(other, 0, ref.unit): "accent"} if session.is_known(replace(ref, key=other, layer=0)) else {}
    return {}
