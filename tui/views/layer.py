"""The layer view: what enters, W b z a, their gradients, the step and what it leads to, as far as computed.

Where the panel is tall enough, several layers stand below each other; the cells of the ones that are not
selected have the layer, counted from 1, before their key: ``2:dw``.
"""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.quantities import has_slope, input_gradient
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix import Band, Block, Cell, Layout, layout
from nn_tui.tui.session import Session
from nn_tui.tui.views import batch
from nn_tui.tui.views.blocks import (
    cell_width,
    column_names,
    layer_of,
    limit,
    note_of,
    quantity_of,
    row_names,
    scale_of,
    title_of,
)

__all__ = ["cell_of", "column_names", "layer_of", "marks_of", "page", "plan", "ref_of", "row_names"]

_ROWS_OF_INPUTS = ("x", "in", "dx")  # vectors drawn as a row, above the columns of W or dW that they meet
Arrangement = list[list[str]]


def plan(session: Session, glyphs: Glyphs, width: int, height: int = 0) -> Layout:
    """Where every block stands in a panel of that size: of the selected layer, and of others that fit with it.

    Where W and its vectors fit beside each other they stand as W b z a; where they do not, the vectors come
    first, to stay in sight. Step and result share a band where there is room for both.
    """
    if session.batch:
        return batch.plan(session, layer_of(session), glyphs, width)
    selected, size = layer_of(session), cell_width(session)
    shown = page(session, glyphs, width, height, size)
    bands: list[Band] = []
    for layer in shown:
        prefix = "" if layer == selected else f"{layer + 1}:"
        rows = row_names(session, layer)
        for keys in _arranged(session, layer, glyphs, width, size, first=layer == shown[0]):
            blocks = tuple(_block(session, glyphs, key, layer, prefix) for key in keys)
            row = ("dx",) if keys[0] == "dx" else (title_of("a" if layer else "x", layer - 1, glyphs),)
            bands.append(Band(blocks, row if keys[0] in _ROWS_OF_INPUTS else rows))
    return layout(bands, session.digits, glyphs=glyphs, cell=size)


def page(session: Session, glyphs: Glyphs, width: int, height: int, size: int | None = None) -> range:
    """The layers shown together with the selected one: pages from the first layer on, each as full as fits."""
    selected, count = layer_of(session), len(session.engine.sizes) - 1
    start, used = 0, 0
    for layer in range(count):
        alone = _height(session, layer, _arranged(session, layer, glyphs, width, size, first=True))
        below = _height(session, layer, _arranged(session, layer, glyphs, width, size, first=False))
        if layer > start and used + below - 1 > height:  # no gap is needed below the last
            if start <= selected < layer:
                return range(start, layer)
            start, used = layer, alone
        else:
            used += below if layer > start else alone
    return range(start, count)


def _arranged(
    session: Session, layer: int, glyphs: Glyphs, width: int, size: int | None, *, first: bool
) -> Arrangement:
    """The blocks of a layer by band, in the arrangement that shows most of it in ``width`` cells."""
    pitch = (size or (session.digits or 20) + 4) + 1
    gutter = _gutter(session, layer, glyphs)
    tries = [
        _arrangement(session, layer, first=first, inline=inline, stacked=stacked, wide=False)
        for inline, stacked in ((True, False), (False, False), (False, True))
    ]
    for found in tries:
        if gutter + max(sum(_columns(session, layer, key) * pitch + 1 for key in keys) for keys in found) <= width:
            return found
    return _arrangement(session, layer, first=first, inline=False, stacked=True, wide=True)


def _arrangement(session: Session, layer: int, *, first: bool, inline: bool, stacked: bool, wide: bool) -> Arrangement:
    """Keys of blocks by band. ``inline`` puts σ′, y and the losses beside what they belong to, not below.

    ``wide`` puts the vectors before the matrix, ``stacked`` the result below the step; the ``first`` layer of
    a page says what enters it, the others have it above them.
    """
    last = layer == len(session.engine.sizes) - 2
    slope = ["slope"] if has_slope(session.engine.activations[layer].name) else []
    truth = ["y", "term"] if last else []

    def band(matrix: str, *vectors: str) -> list[str]:
        return [*vectors, matrix] if wide else [matrix, *vectors]

    step, after = band("step_w", "step_b"), band("w_after", "b_after")
    found = [
        ["in" if layer else "x"] if first else [],
        band("w", "b", "z", "a", *(truth if inline else [])),
        [] if inline else [*truth, *slope],
        band("dw", "db", "da", *(slope if inline else []), "dz"),
        [] if layer else ["dx"],
        # A narrow step and its result fit side by side: old W, step and new W′ are then one look apart.
        *([step, after] if stacked else [[*step, *after]]),
        *(band(f"m:{name}:w", f"m:{name}:b") for name in session.engine.optimizer.slots),
    ]
    return [keys for keys in found if keys]


def _is_matrix(key: str) -> bool:
    return Ref(key).is_weight


def _columns(session: Session, layer: int, key: str) -> int:
    return session.engine.sizes[layer] if _is_matrix(key) or key in _ROWS_OF_INPUTS else 1


def _height(session: Session, layer: int, arrangement: Arrangement) -> int:
    """Lines of a layer's bands: a row of inputs is one, dx in place of a gap; the others have a title, perhaps column
    names, and a gap.
    """
    units = session.engine.sizes[layer + 1]
    bands = [keys for keys in arrangement if keys[0] not in _ROWS_OF_INPUTS]
    named = sum(any(map(_is_matrix, keys)) for keys in bands)
    return (["x"] in arrangement) + (["in"] in arrangement) + named + len(bands) * (units + 2)


def _gutter(session: Session, layer: int, glyphs: Glyphs) -> int:
    names = row_names(session, layer)
    units = session.engine.sizes[layer + 1]
    longest = len(names) + len(glyphs.sub(units)) if isinstance(names, str) else max(map(len, names), default=0)
    return min(longest, 12) + 1


def _block(session: Session, glyphs: Glyphs, key: str, layer: int, prefix: str) -> Block:
    units, inputs, sample = session.engine.sizes[layer + 1], session.engine.sizes[layer], session.ref.sample
    if key in _ROWS_OF_INPUTS:
        values, known = _row(session, key, layer)
        return Block(
            prefix + key, "", values if known else None, (1, inputs), known_columns=known, limit=limit(values),
            scale=scale_of(session, "a", layer - 1) if key == "in" else "diverging",
        )  # fmt: skip
    is_matrix = _is_matrix(key)
    shape = (units, inputs) if is_matrix else (units, 1)
    known = session.known(key, layer)
    found: Array | None = None
    if known:
        found = quantity_of(session, key, layer)
        if key in BY_SAMPLE:
            found = found[sample]
        if not is_matrix:
            found = found[:, None]
    return Block(
        prefix + key, title_of(key, layer, glyphs), found, shape, known, scale_of(session, key, layer), limit(found),
        f"{units}{glyphs.by}{inputs}" if is_matrix else str(units), column_names(session, layer) if is_matrix else "",
        note=note_of(session, key, layer),
    )  # fmt: skip


def _row(session: Session, key: str, layer: int) -> tuple[Array, int]:
    """What is drawn as a row (1, inputs), and how many of its numbers the pass has computed."""
    sample, inputs = session.ref.sample, session.engine.sizes[layer]
    if key == "dx":
        return input_gradient(session.trace, layer, sample)[None, :], inputs * session.is_known(Ref("dx", layer))
    values = session.trace.a[layer - 1] if key == "in" else session.trace.x
    return values[sample][None, :], session.known("a", layer - 1) if key == "in" else inputs


def cell_of(session: Session) -> Cell | None:
    """The selected number's cell in the layer view; None where the selection is not a cell there."""
    ref = session.ref
    if session.batch:
        return batch.cell_of(session, layer_of(session))
    if ref.key == "loss":
        return None
    if ref.key in ("x", "dx"):
        return Cell(ref.key, 0, ref.unit)
    return Cell(ref.key, ref.unit, ref.input if ref.is_weight else 0)


def ref_of(session: Session, cell: Cell) -> Ref:
    """The address of a cell of the layer view."""
    layer, key = layer_of(session), cell.key
    if session.batch:
        return batch.ref_of(session, layer, cell)
    if key[0].isdigit():
        number, _, key = key.partition(":")
        layer = int(number) - 1
    sample = session.ref.sample
    if key in ("x", "dx"):
        return Ref(key, 0, cell.col, 0, sample)
    if key == "in":
        return Ref("a", layer - 1, cell.col, 0, sample)
    if key in ("y", "term"):
        return Ref(key, 0, cell.row, 0, sample)
    return Ref(key, layer, cell.row, cell.col if _is_matrix(key) else session.ref.input, sample)


def marks_of(session: Session) -> dict[Cell, str]:
    """The cells that belong to the selected one: the same place in W, dW, ΔW, W′ and what the optimiser keeps."""
    ref = session.ref
    kept = [f"m:{name}:{'w' if ref.is_weight else 'b'}" for name in session.engine.optimizer.slots]
    for group in (("w", "dw", "step_w", "w_after", *kept), ("b", "db", "step_b", "b_after", *kept)):
        if ref.key in group and not session.batch:
            column = ref.input if ref.is_weight else 0
            others = [key for key in group if key != ref.key and session.is_known(replace(ref, key=key))]
            return {Cell(key, ref.unit, column): "accent" for key in others}
    if ref.key in ("x", "dx") and not session.batch:
        twin = "dx" if ref.key == "x" else "x"
        return {Cell(twin, 0, ref.unit): "accent"} if session.is_known(replace(ref, key=twin, layer=0)) else {}
    return {}
