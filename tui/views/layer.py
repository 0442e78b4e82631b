"""The layer view: what enters, W b z a, their gradients, the step and what it leads to, as far as computed.

Where the panel is tall enough, several layers stand below each other; the cells of the ones that are not
selected have the layer, counted from 1, before their key: ``2:dw``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from rich.cells import cell_len

from nn_tui.core.engine.quantities import has_slope, input_gradient
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import Band, Cell, MatrixBlock, MatrixLayout, layout_bands
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import batch
from nn_tui.tui.views.block_properties import (
    cell_width,
    column_names,
    layer_of,
    limit,
    limit_of,
    note_of,
    quantity_of,
    row_names,
    scale_of,
    title_of,
)

__all__ = ["cell_of", "column_names", "layer_of", "marks_of", "plan", "ref_of", "row_names"]

_ROWS_OF_INPUTS = ("x", "in", "dx")  # vectors drawn as a row, above the columns of W or dW that they meet
_LEAST = {"y": len(" target y ")}  # cells of a block whose title would run into the next one
Arrangement = tuple[tuple[str, ...], ...]


def plan(session: Session, glyphs: Glyphs, width: int, height: int = 0) -> MatrixLayout:
    """Where every block stands in a panel of that size: of the selected layer, and of others that fit with it.

    Where W and its vectors fit beside each other they stand as W b z a; where they do not, the vectors come
    first, to stay in sight. Step and result share a band where there is room for both; so do, of what the optimiser
    keeps, the old and the new.
    """
    if session.batch:
        return batch.plan(session, layer_of(session), glyphs, width)
    selected, size = layer_of(session), cell_width(session)
    form = _form(session, glyphs, size)
    shown = _page(form, selected, width, height)
    bands: list[Band] = []
    for layer in shown:
        prefix = "" if layer == selected else f"{layer + 1}:"
        rows = row_names(session, layer)
        arrangement = _arranged(form, layer, width, layer == shown[0])
        wide = _is_wide(arrangement)
        for keys in arrangement:
            blocks = tuple(_block(session, glyphs, key, layer, prefix, form, wide) for key in keys)
            row = ("dx",) if keys[0] == "dx" else (title_of("a" if layer else "x", layer - 1, glyphs),)
            bands.append(Band(blocks, row if keys[0] in _ROWS_OF_INPUTS else rows))
    return layout_bands(bands, session.digits, glyphs=glyphs, cell=size)


@dataclass(frozen=True, slots=True)
class _Form:
    """What the arrangement of the blocks depends on: nothing of the numbers, but for how wide they are."""

    sizes: tuple[int, ...]
    slopes: tuple[bool, ...]
    slots: tuple[str, ...]
    gutters: tuple[int, ...]
    pitch: int


def _form(session: Session, glyphs: Glyphs, size: int | None) -> _Form:
    engine = session.engine
    return _Form(
        sizes=engine.sizes,
        slopes=tuple(has_slope(activation.name) for activation in engine.activations),
        slots=tuple(engine.optimizer.slots),
        gutters=tuple(_gutter(row_names(session, k), units, glyphs) for k, units in enumerate(engine.sizes[1:])),
        pitch=(size or (session.digits or 20) + 4) + 1,
    )


@lru_cache(maxsize=64)
def _page(form: _Form, selected: int, width: int, height: int) -> range:
    """The layers shown together with the selected one: pages from the first layer on, each as full as fits."""
    start, used, count = 0, 0, len(form.sizes) - 1
    for layer in range(count):
        alone = _height(form, layer, _arranged(form, layer, width, True))
        below = _height(form, layer, _arranged(form, layer, width, False))
        if layer > start and used + below - 1 > height:  # no gap is needed below the last
            if start <= selected < layer:
                return range(start, layer)
            start, used = layer, alone
        else:
            used += below if layer > start else alone
    return range(start, count)


@lru_cache(maxsize=256)
def _arranged(form: _Form, layer: int, width: int, first: bool) -> Arrangement:
    """The blocks of a layer by band, in the arrangement that shows most of it in ``width`` cells."""
    tries = [
        _arrangement(form, layer, first=first, inline=inline, stacked=stacked, wide=False)
        for inline, stacked in ((True, False), (False, False), (False, True))
    ]
    for found in tries:
        widest = max(sum(_width(form, layer, key) for key in keys) for keys in found)
        if form.gutters[layer] + widest <= width:
            return _joined(form, layer, found, width)
    return _arrangement(form, layer, first=first, inline=False, stacked=True, wide=True)


def _joined(form: _Form, layer: int, found: Arrangement, width: int) -> Arrangement:
    """The same, with what the optimiser keeps beside the result of the step as far as ``width`` has room for it."""
    start = next(index for index, keys in enumerate(found) if "step_w" in keys)
    bands = list(found[: start + 1])
    for keys in found[start + 1 :]:
        together = bands[-1] + keys
        fits = form.gutters[layer] + sum(_width(form, layer, key) for key in together) <= width
        bands[-1:] = [together] if fits else [bands[-1], keys]
    return tuple(bands)


def _arrangement(form: _Form, layer: int, *, first: bool, inline: bool, stacked: bool, wide: bool) -> Arrangement:
    """Keys of blocks by band. ``inline`` puts σ′, y and the losses beside what they belong to, not below.

    ``wide`` puts the vectors before the matrix, ``stacked`` the result below the step; the ``first`` layer of
    a page says what enters it, the others have it above them.
    """
    last = layer == len(form.sizes) - 2
    slope = ["slope"] if form.slopes[layer] else []
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
    ]
    for name in form.slots:
        old, new = band(f"m:{name}:w", f"m:{name}:b"), band(f"m:{name}:w_after", f"m:{name}:b_after")
        found += [old, new] if stacked else [[*old, *new]]
    return tuple(tuple(keys) for keys in found if keys)


def _is_wide(arrangement: Arrangement) -> bool:
    """Whether the vectors stand before the matrix, so that a row of inputs is not above its columns."""
    return any("w" in keys and keys[0] != "w" for keys in arrangement)


def _is_matrix(key: str) -> bool:
    return Ref(key).is_weight


def _columns(form: _Form, layer: int, key: str) -> int:
    return form.sizes[layer] if _is_matrix(key) or key in _ROWS_OF_INPUTS else 1


def _width(form: _Form, layer: int, key: str) -> int:
    """Cells of a block."""
    return max(_columns(form, layer, key) * form.pitch + 1, _LEAST.get(key, 0))


def _height(form: _Form, layer: int, arrangement: Arrangement) -> int:
    """Lines of a layer's bands: a row of inputs is one, perhaps with names, dx in place of a gap; the others have a
    title, perhaps column names, and a gap.
    """
    units = form.sizes[layer + 1]
    bands = [keys for keys in arrangement if keys[0] not in _ROWS_OF_INPUTS]
    named = sum(any(map(_is_matrix, keys)) for keys in bands)
    rows = (("x",) in arrangement) + (("in",) in arrangement)
    if _is_wide(arrangement):
        rows += rows + (("dx",) in arrangement)
    return rows + named + len(bands) * (units + 2)


def _gutter(names: str | tuple[str, ...], units: int, glyphs: Glyphs) -> int:
    longest = len(names) + len(glyphs.sub(units)) if isinstance(names, str) else max(map(len, names), default=0)
    return min(longest, 12) + 1


def _block(session: Session, glyphs: Glyphs, key: str, layer: int, prefix: str, form: _Form, wide: bool) -> MatrixBlock:
    units, inputs, sample = session.engine.sizes[layer + 1], session.engine.sizes[layer], session.ref.sample
    if key in _ROWS_OF_INPUTS:
        known = _known_of_row(session, key, layer)
        return MatrixBlock(
            prefix + key, "", None, (1, inputs), known_columns=known,
            columns=column_names(session, layer) if wide else "",
            scale=scale_of(session, "a", layer - 1) if key == "in" else "diverging",
            read=(lambda: _row(session, key, layer)) if known else None,
        )  # fmt: skip
    is_matrix = _is_matrix(key)
    shape = (units, inputs) if is_matrix else (units, 1)
    known = session.known_units(key, layer)

    def read() -> tuple[Array, float]:
        found = quantity_of(session, key, layer)
        if is_matrix:
            return found, limit_of(session, key, layer)
        vector = found[sample] if key in BY_SAMPLE else found
        return vector[:, None], limit(vector)

    width, note = _width(form, layer, key), note_of(session, key, layer)
    title = title_of(key, layer, glyphs, width)
    if key.startswith("m:") and is_matrix and cell_len(f" {title} {note}") > width:
        note = ""  # it is said below the title of the biases' vector, too; half a title would not say whose this is
    return MatrixBlock(
        prefix + key, title, None, shape, known, scale_of(session, key, layer),
        shape_label=f"{units}{glyphs.by}{inputs}" if is_matrix else str(units),
        columns=column_names(session, layer) if is_matrix else "", note=note,
        read=read if known else None, least=_LEAST.get(key, 0),
    )  # fmt: skip


def _known_of_row(session: Session, key: str, layer: int) -> int:
    """How many numbers of what is drawn as a row the pass has computed."""
    if key == "in":
        return session.known_units("a", layer - 1)
    return session.engine.sizes[layer] * (key == "x" or session.is_known(Ref("dx", layer)))


def _row(session: Session, key: str, layer: int) -> tuple[Array, float]:
    """What is drawn as a row (1, inputs), and the magnitude that takes full colour."""
    trace, sample = session.trace, session.ref.sample
    if key == "dx":
        found = input_gradient(trace, layer, sample)
    else:
        found = (trace.a[layer - 1] if key == "in" else trace.x)[sample]
    return found[None, :], limit(found)


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
    own = "w" if ref.is_weight else "b"
    kept = [f"m:{name}:{part}" for name in session.engine.optimizer.slots for part in (own, f"{own}_after")]
    for group in (("w", "dw", "step_w", "w_after", *kept), ("b", "db", "step_b", "b_after", *kept)):
        if ref.key in group and not session.batch:
            column = ref.input if ref.is_weight else 0
            others = [key for key in group if key != ref.key and session.is_known(replace(ref, key=key))]
            return {Cell(key, ref.unit, column): "accent" for key in others}
    if ref.key in ("x", "dx") and not session.batch:
        twin = "dx" if ref.key == "x" else "x"
        return {Cell(twin, 0, ref.unit): "accent"} if session.is_known(replace(ref, key=twin, layer=0)) else {}
    return {}
