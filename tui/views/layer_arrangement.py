"""Arrange the blocks of the layer view: the blocks that share a band, and the layers that share a panel.

The blocks of a layer have one order, whatever the size of the panel and the width of the numbers:

    x | W b z a y loss | dW db δ da slope | ΔW Δb W′ b′ | state of the optimiser before and after the update | dx

Only where a line ends depends on the width. So each derivative stands below the number that it belongs to, and δ before
its two factors, as in δ = da · ∂a/∂z. The arrangement depends on the network and on the width of a number, but not on
the numbers themselves, so it is cached.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nn_tui.core.refs import Quantity, QuantityKey
from nn_tui.tui.draw.matrix_layout import BlockKey

Blocks = tuple[BlockKey, ...]
"""The keys of blocks that stand side by side."""

_MAX_WRAPPED_UNITS = 6  # units up to which vectors stand below a matrix that leaves no room beside it
_MANY_COLUMNS = 4  # visible columns that a matrix keeps beside all its vectors
_MIN_COLUMNS = 2  # visible columns that it keeps beside the first vectors
_VECTORS = 3  # the first vectors: b z a, or db δ da


@dataclass(frozen=True, slots=True)
class LayerGeometry:
    """The sizes that decide the arrangement.

    Attributes:
        sizes: Units per layer, the inputs first.
        has_slope: Whether each layer has a block for the slope of its activation.
        slots: The names of the arrays of the optimiser's state.
        gutters: The cells of the labels of each layer's rows.
        pitch: The cells from the start of a number to the start of the next.
        target: The cells of the title of the targets, which would otherwise reach into the next block.
    """

    sizes: tuple[int, ...]
    has_slope: tuple[bool, ...]
    slots: tuple[str, ...]
    gutters: tuple[int, ...]
    pitch: int
    target: int


@dataclass(frozen=True, slots=True)
class BandPlan:
    """A band of the layer view.

    Attributes:
        keys: The keys of its blocks.
        layer: The layer, from 0.
        columns: The columns of a matrix, or of a row of inputs, that are visible at once.
        gap: The empty lines above the band.
    """

    keys: Blocks
    layer: int
    columns: int
    gap: int


@lru_cache(maxsize=256)
def arrange(geometry: LayerGeometry, selected: int, width: int, height: int) -> tuple[BandPlan, ...]:
    """Return the bands of a panel that shows layer ``selected``, and as many other layers as fit with it.

    The layers are divided into pages from the first layer on, each as full as possible. The bands of a page have an
    empty line between them if the panel then still shows all of them.

    Args:
        geometry: The sizes of the network.
        selected: The layer, from 0.
        width: The cells of the panel.
        height: The lines of the panel.
    """
    start, count = 0, len(geometry.sizes) - 1
    for layer in range(1, count):
        if _height(geometry, _page(geometry, range(start, layer + 1), width, gap=0)) > height:
            if selected < layer:
                count = layer
                break
            start = layer
    roomy = _page(geometry, range(start, count), width, gap=1)
    return roomy if _height(geometry, roomy) <= height else _page(geometry, range(start, count), width, gap=0)


def block_width(geometry: LayerGeometry, layer: int, key: BlockKey, columns: int) -> int:
    """Return the cells of a block of a layer whose matrices show ``columns`` columns at once."""
    count = min(columns, geometry.sizes[layer]) if key.array.is_weight or key.is_by_input else 1
    return max(count * geometry.pitch + 1, geometry.target if key.array.quantity == "y" else 0)


def _page(geometry: LayerGeometry, layers: range, width: int, *, gap: int) -> tuple[BandPlan, ...]:
    """Return the bands of some layers; the first of them shows its inputs, which the others have above them."""
    room = width - max(geometry.gutters[layer] for layer in layers)
    plans: list[BandPlan] = []
    for layer in layers:
        columns = _visible_columns(geometry, layer, room)
        bands = _bands(geometry, layer, room, columns, is_first=layer == layers[0])
        for index, keys in enumerate(bands):
            is_below_inputs = index == 1 and bands[0][0].is_by_input
            own_gap = 1 if index == 0 else 0 if is_below_inputs else gap
            shown = _columns_in(geometry, layer, keys, room, columns)
            plans.append(BandPlan(keys, layer, shown, own_gap if plans else 0))
    return tuple(plans)


def _visible_columns(geometry: LayerGeometry, layer: int, room: int) -> int:
    """Return the columns of a layer's matrices that are visible at once; in a layer of few units all, if they fit.

    A matrix that shows a part of its columns has its vector beside it. In a layer of many units it leaves room for more
    vectors, which would be far below otherwise.
    """
    columns, pitch = geometry.sizes[layer], geometry.pitch
    most = min(columns, max(1, (room - 1) // pitch))
    is_short = geometry.sizes[layer + 1] <= _MAX_WRAPPED_UNITS
    if is_short and most == columns:
        return columns
    groups = (keys[1:] for keys in (_forward(geometry, layer), _backward(geometry, layer)))
    vectors = max(sum(block_width(geometry, layer, key, 1) for key in keys) for keys in groups)
    some = (pitch + 1) * (1 if is_short else _VECTORS)
    for beside, least in ((some, _MIN_COLUMNS),) if is_short else ((vectors, _MANY_COLUMNS), (some, _MIN_COLUMNS)):
        visible = (room - 1 - beside) // pitch
        if visible >= min(columns, least):
            return min(columns, visible)
    return most


def _columns_in(geometry: LayerGeometry, layer: int, keys: Blocks, room: int, columns: int) -> int:
    """Return the columns of the matrices in a band: all if the band leaves room for them, else ``columns``.

    W and dW have the same columns, so that each derivative stands below its number.
    """
    matrices = [key.array for key in keys if key.array.is_weight]
    if not matrices or any(array.quantity == "dw" or array == QuantityKey("w") for array in matrices):
        return columns
    spare = room - sum(block_width(geometry, layer, key, columns) for key in keys)
    has_room = spare >= (geometry.sizes[layer] - columns) * geometry.pitch * len(matrices)
    return geometry.sizes[layer] if has_room else columns


def _bands(geometry: LayerGeometry, layer: int, room: int, columns: int, *, is_first: bool) -> list[Blocks]:
    """Return the blocks of a layer by band, in their order, wrapped to ``room`` cells."""

    def width(keys: Blocks) -> int:
        return sum(block_width(geometry, layer, key, columns) for key in keys)

    def wrap(keys: Blocks) -> list[Blocks]:
        bands: list[Blocks] = []
        for key in keys:
            # A target and its loss stand together, unless they need a line each.
            pair = keys[keys.index(key) :] if key.array.quantity == "y" else (key,)
            needed = pair if width(pair) <= room else (key,)
            if bands and width(bands[-1] + needed) <= room:
                bands[-1] = (*bands[-1], key)
            else:
                bands.append((key,))
        return bands

    inputs = _keys(layer, "x") if layer == 0 else (BlockKey(QuantityKey("a"), layer - 1, is_input=True),)
    bands = [inputs] if is_first else []
    bands += [*wrap(_forward(geometry, layer)), *wrap(_backward(geometry, layer))]
    update: list[Blocks] = []
    for before, after in _update(geometry, layer):
        for keys in [before + after] if width(before + after) <= room else [before, after]:
            if update and width(update[-1] + keys) <= room:
                update[-1] += keys
            else:
                update += wrap(keys)
    return [*bands, *update, *([] if layer else [_keys(layer, "dx")])]


def _forward(geometry: LayerGeometry, layer: int) -> Blocks:
    """Return the matrix and the vectors of the forward pass; an output layer has its targets and losses, too."""
    targets = _keys(layer, "y", "term") if layer == len(geometry.sizes) - 2 else ()
    return _keys(layer, "w", "b", "z", "a") + targets


def _backward(geometry: LayerGeometry, layer: int) -> Blocks:
    return _keys(layer, "dw", "db", "dz", "da") + (_keys(layer, "slope") if geometry.has_slope[layer] else ())


def _update(geometry: LayerGeometry, layer: int) -> list[tuple[Blocks, Blocks]]:
    """Return the step and the new parameters, and each state of the optimiser before and after the update."""
    pairs = [(_keys(layer, "step_w", "step_b"), _keys(layer, "w", "b", after=True))]
    for slot in geometry.slots:
        old, new = (_keys(layer, "state_w", "state_b", slot=slot, after=after) for after in (False, True))
        pairs.append((old, new))
    return pairs


def _keys(layer: int, *quantities: Quantity, slot: str = "", after: bool = False) -> Blocks:
    return tuple(BlockKey(QuantityKey(quantity, slot, after), layer) for quantity in quantities)


def _height(geometry: LayerGeometry, plans: tuple[BandPlan, ...]) -> int:
    """Return the lines of bands: their rows, the titles of blocks by unit, and the names of columns."""
    lines = 0
    for plan in plans:
        first = plan.keys[0]
        has_names = first.array.quantity == "dx" or any(key.array.is_weight for key in plan.keys)
        rows = 1 if first.is_by_input else 1 + geometry.sizes[plan.layer + 1]
        lines += plan.gap + has_names + rows
    return lines
