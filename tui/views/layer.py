"""The layer view: W, b, z, a over dW, db, ∂L/∂a, δ over the step and what it leads to, as far as computed."""

from __future__ import annotations

import numpy as np

from nn_tui.core.quantities import quantity
from nn_tui.core.refs import BY_SAMPLE, BY_WEIGHT, Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix import Band, Block, Cell, Layout, Scale, layout
from nn_tui.tui.session import Session


def plan(session: Session, glyphs: Glyphs, width: int) -> Layout:
    """Where every block of the selected layer stands in a panel of ``width`` cells.

    Where W and its vectors fit beside each other they stand as W b z a; where they do not, the vectors come
    first, to stay in sight. Step and result share a band where there is room for both.
    """
    narrow = layout(bands(session, glyphs, wide=False), session.digits, glyphs=glyphs, cell=_cell(session))
    if narrow.width <= width:
        return narrow
    stacked = bands(session, glyphs, wide=False, stacked=True)
    stacked_plan = layout(stacked, session.digits, glyphs=glyphs, cell=_cell(session))
    if stacked_plan.width <= width:
        return stacked_plan
    return layout(bands(session, glyphs, wide=True, stacked=True), session.digits, glyphs=glyphs, cell=_cell(session))


def _cell(session: Session) -> int | None:
    """The cells of a number: one less than usual while everything shown is below 10."""
    digits, trace, layer = session.digits, session.trace, layer_of(session)
    if digits is None:
        return None
    sample = session.ref.sample
    shown = (trace.before.weights[layer], trace.before.biases[layer], trace.z[layer][sample], trace.a[layer][sample])
    small = all(np.abs(values).max(initial=0.0) < 9.9 for values in shown)
    return digits + 3 if small and digits >= 4 else None


def bands(session: Session, glyphs: Glyphs, *, wide: bool, stacked: bool = False) -> tuple[Band, ...]:
    """The blocks of the selected layer; values of this pass, None where it has not computed them yet.

    ``wide`` puts the vectors before the matrix, ``stacked`` the result below the step.
    """
    g = glyphs
    layer = layer_of(session)
    partial = f"{g.partial}L/{g.partial}a"
    gradient = g.partial if not g.is_ascii else "d"
    rows = row_names(session, layer)

    def band(matrix: Block, *columns: Block) -> Band:
        return Band((*columns, matrix) if wide else (matrix, *columns), rows)

    def block(key: str, title: str, scale: Scale = "diverging") -> Block:
        return _block(session, glyphs, key, title, layer, scale)

    bounded = session.engine.activations[layer]
    activation_scale: Scale = "sequential" if bounded.low == 0.0 else "diverging"
    result = [
        band(block("w", "W"), block("b", "b"), block("z", "z"), block("a", "a", activation_scale)),
        band(block("dw", f"{gradient}W"), block("db", f"{gradient}b"), block("da", partial), block("dz", g.delta)),
        band(block("step_w", f"{g.step}W"), block("step_b", f"{g.step}b")),
        band(block("w_after", f"W{g.prime}"), block("b_after", f"b{g.prime}")),
    ]
    if not stacked:
        # A narrow step and its result fit side by side: old W, step and new W′ are then one look apart.
        step, after = result[2], result[3]
        result[2:] = [Band((*step.blocks, *after.blocks), rows)]
    slots = session.engine.optimizer.slots
    states = [band(block(f"m:{name}:w", f"{name} of W"), block(f"m:{name}:b", f"{name} of b")) for name in slots]
    return (*result, *states)


def layer_of(session: Session) -> int:
    """The layer whose matrices are shown: the selection's."""
    if session.ref.key == "y" or session.ref.key == "loss":
        return len(session.engine.sizes) - 2
    return session.ref.layer


def row_names(session: Session, layer: int) -> str | tuple[str, ...]:
    """How the units of a layer are called: output names in the last, h₁ h₂ … before."""
    if layer == len(session.engine.sizes) - 2:
        names = session.experiment.data.output_names
        if len(names) == session.engine.sizes[-1]:
            return names
    return "h"


def column_names(session: Session, layer: int) -> str | tuple[str, ...]:
    """How the inputs of a layer are called."""
    if layer == 0:
        names = session.experiment.data.input_names
        if len(names) == session.engine.sizes[0]:
            return names
    return "h" if layer else "x"


def _block(session: Session, glyphs: Glyphs, key: str, title: str, layer: int, scale: Scale) -> Block:
    units, inputs = session.engine.sizes[layer + 1], session.engine.sizes[layer]
    is_matrix = key in BY_WEIGHT or (key.startswith("m:") and key.endswith(":w"))
    shape = (units, inputs) if is_matrix else (units, 1)
    known = session.known(key, layer)
    values: Array | None = None
    if known:
        values = quantity(session.engine, session.trace, key, layer)
        if key in BY_SAMPLE:
            values = values[session.ref.sample][:, None]
        elif not is_matrix:
            values = values[:, None]
    return Block(
        key=key,
        title=title,
        values=values,
        shape=shape,
        known=known,
        scale=scale,
        limit=_limit(values),
        shape_label=f"{units}{glyphs.by}{inputs}" if is_matrix else str(units),
        columns=column_names(session, layer) if is_matrix else "",
    )


def _limit(values: Array | None) -> float:
    """The magnitude that takes full colour: the largest finite one."""
    if values is None or not values.size:
        return 0.0
    largest = float(np.abs(values).max())
    if not np.isfinite(largest):
        finite = np.abs(values[np.isfinite(values)])
        largest = float(finite.max()) if finite.size else 0.0
    return largest


def cell_of(session: Session) -> Cell | None:
    """The selected number's cell in the layer view; None where the selection is not a cell there."""
    ref = session.ref
    if ref.key in ("x", "y", "loss", "slope", "dx"):
        return None
    return Cell(ref.key, ref.unit, ref.input if ref.key in BY_WEIGHT or ref.key.endswith(":w") else 0)


def ref_of(session: Session, cell: Cell) -> Ref:
    """The address of a cell of the layer view."""
    is_matrix = cell.key in BY_WEIGHT or cell.key.endswith(":w")
    column = cell.col if is_matrix else session.ref.input
    return Ref(cell.key, layer_of(session), cell.row, column, session.ref.sample)
