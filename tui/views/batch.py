"""The layer view of a whole batch: rows are samples, and the rows of δ collapse into the gradient of b."""

from __future__ import annotations

from collections.abc import Callable

from nn_tui.core.engine.quantities import has_slope
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import Band, Cell, MatrixBlock, MatrixLayout, layout_bands
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.block_properties import (
    cell_width,
    column_names,
    limit,
    limit_of,
    note_of,
    quantity_of,
    row_names,
    scale_of,
    title_of,
)

_OF_OUTPUTS = ("y", "term")
_SMALL = 12  # rows of a batch that are worth repeating below each other
_GUTTER = 4

_PRODUCTS = 4_000_000  # multiplications that the gradients of all inputs may cost in every drawing


def plan(session: Session, layer: int, glyphs: Glyphs, width: int) -> MatrixLayout:
    """What enters, z and a (and y) with a row for each sample; δ, its sum over the samples, and what it makes of W."""
    size, last = cell_width(session), layer == len(session.engine.sizes) - 2
    inputs = session.engine.sizes[layer]
    forward = ["z", "a", *(_OF_OUTPUTS if last else ())]
    pitch = (size or (session.digits or 20) + 4) + 1
    entering = "in" if layer else "x"
    # A row of hundreds of inputs would push z and a out of view.
    forward = [entering, *forward] if inputs * pitch < width // 2 else [*forward, entering]
    slope = ["slope"] if has_slope(session.engine.activations[layer].name) else []
    samples, total = "n", ((glyphs.sum if not glyphs.is_ascii else "sum"),)
    # δ is the first of its band, so that its sum stands below it.
    keys = [*_wrapped(session, layer, forward, width, pitch), *_backward(session, layer, slope, width, pitch)]
    bands = [
        *(Band(tuple(_rows(session, glyphs, key, layer) for key in band), samples) for band in keys),
        Band((_total(session, glyphs, layer),), total),
        Band((_matrix(session, glyphs, "dw", layer), _matrix(session, glyphs, "w", layer)),
             row_names(session, layer)),
    ]  # fmt: skip
    return layout_bands(bands, session.digits, glyphs=glyphs, cell=size)


def _wrapped(session: Session, layer: int, keys: list[str], width: int, pitch: int) -> list[list[str]]:
    """The keys in bands no wider than ``width`` where the batch is small; one band for a large batch."""
    bands: list[list[str]] = [[]]
    used = _GUTTER
    for key in keys:
        columns = session.engine.sizes[layer if key in ("x", "in", "dx") else layer + 1] * pitch + 1
        if bands[-1] and used + columns > width and session.trace.n <= _SMALL:
            bands.append([])
            used = _GUTTER
        bands[-1].append(key)
        used += columns
    return bands


def _backward(session: Session, layer: int, slope: list[str], width: int, pitch: int) -> list[list[str]]:
    products = session.trace.n * session.engine.sizes[layer] * session.engine.sizes[layer + 1]
    others = ["da", *slope, *(["dx"] if layer == 0 and products <= _PRODUCTS else [])]
    together = _wrapped(session, layer, ["dz", *others], width, pitch)
    return together if len(together) == 1 else [*_wrapped(session, layer, others, width, pitch), ["dz"]]


def _rows(session: Session, glyphs: Glyphs, key: str, layer: int) -> MatrixBlock:
    n, sizes = session.trace.n, session.engine.sizes
    source = layer - 1 if key == "in" else layer
    name = "a" if key == "in" else key
    columns = sizes[layer if key in ("x", "in", "dx") else layer + 1]
    if key in ("x", "dx"):
        known = columns * (key == "x" or session.is_known(Ref("dx", layer)))
    else:
        known = session.known_units(name, source)
    names = column_names(session, layer) if key in ("x", "in", "dx") else row_names(session, layer)
    return MatrixBlock(
        key, title_of(name, source, glyphs), None, (n, columns), scale=scale_of(session, name, source),
        shape_label=f"{n}{glyphs.by}{columns}", columns=names, known_columns=known,
        read=_reader(session, name, source) if known else None,
    )  # fmt: skip


def _total(session: Session, glyphs: Glyphs, layer: int) -> MatrixBlock:
    units = session.engine.sizes[layer + 1]
    known = session.known_units("db", layer)
    values = quantity_of(session, "db", layer)[None, :]
    title = f"{title_of('db', layer, glyphs)} = {glyphs.sum} {title_of('dz', layer, glyphs)}"
    return MatrixBlock(
        "db", title, values if known else None, (1, units), limit=limit(values), known_columns=known,
        shape_label=str(units),
    )  # fmt: skip


def _matrix(session: Session, glyphs: Glyphs, key: str, layer: int) -> MatrixBlock:
    units, inputs = session.engine.sizes[layer + 1], session.engine.sizes[layer]
    known = session.known_units(key, layer)
    title = title_of(key, layer, glyphs)
    if key == "dw":
        entering = title_of("a" if layer else "x", layer - 1, glyphs)
        title = f"{title} = {title_of('dz', layer, glyphs)}{glyphs.transpose} {entering}"
    return MatrixBlock(
        key, title, None, (units, inputs), known, shape_label=f"{units}{glyphs.by}{inputs}",
        columns=column_names(session, layer), note=note_of(session, key, layer),
        read=_reader(session, key, layer) if known else None,
    )  # fmt: skip


def _reader(session: Session, key: str, layer: int) -> Callable[[], tuple[Array, float]]:
    """What gives a quantity of the batch and the magnitude that takes full colour."""
    return lambda: (quantity_of(session, key, layer), limit_of(session, key, layer))


def cell_of(session: Session, layer: int) -> Cell | None:
    """The selected number's cell; None where the batch does not show it."""
    ref = session.ref
    if ref.key in ("w", "dw"):
        return Cell(ref.key, ref.unit, ref.input)
    if ref.key == "db":
        return Cell("db", 0, ref.unit)
    return Cell(ref.key, ref.sample, ref.unit) if ref.key in BY_SAMPLE else None


def ref_of(session: Session, layer: int, cell: Cell) -> Ref:
    """The address of a cell; a row of a batch is a sample."""
    if cell.key in ("w", "dw"):
        return Ref(cell.key, layer, cell.row, cell.col, session.ref.sample)
    if cell.key == "db":
        return Ref("db", layer, cell.col, session.ref.input, session.ref.sample)
    if cell.key == "in":
        return Ref("a", layer - 1, cell.col, session.ref.input, cell.row)
    where = 0 if cell.key in ("x", *_OF_OUTPUTS) else layer
    return Ref(cell.key, where, cell.col, session.ref.input, cell.row)
