"""Arrange the blocks of the layer view: the blocks that share a band, and the layers that share a panel.

The arrangement depends on the network and on the width of a number, but not on the numbers themselves, so it is cached.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nn_tui.core.refs import Quantity, QuantityKey
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.matrix_layout import BlockKey
from nn_tui.tui.draw.names import label_width

Arrangement = tuple[tuple[BlockKey, ...], ...]
"""The keys of the blocks of a layer, band by band."""


@dataclass(frozen=True, slots=True)
class LayerGeometry:
    """The sizes that decide the arrangement.

    Attributes:
        sizes: Units per layer, the inputs first.
        has_slope: Whether each layer has a block for σ′(z).
        slots: The names of the arrays of the optimiser's state.
        gutters: The cells of the labels of each layer's units.
        pitch: The cells from the start of a number to the start of the next.
        target: The cells of the title of the targets, which would otherwise reach into the next block.
    """

    sizes: tuple[int, ...]
    has_slope: tuple[bool, ...]
    slots: tuple[str, ...]
    gutters: tuple[int, ...]
    pitch: int
    target: int


@lru_cache(maxsize=64)
def shown_layers(geometry: LayerGeometry, selected: int, width: int, height: int) -> range:
    """Return the layers that a panel of that size shows together with layer ``selected``.

    The layers are divided into pages from the first layer on, each as full as possible.
    """
    start, used, count = 0, 0, len(geometry.sizes) - 1
    for layer in range(count):
        alone = _height(geometry, layer, arrange(geometry, layer, width, is_first=True))
        below = _height(geometry, layer, arrange(geometry, layer, width, is_first=False))
        if layer > start and used + below - 1 > height:  # no gap is needed below the last
            if start <= selected < layer:
                return range(start, layer)
            start, used = layer, alone
        else:
            used += below if layer > start else alone
    return range(start, count)


@lru_cache(maxsize=256)
def arrange(geometry: LayerGeometry, layer: int, width: int, *, is_first: bool) -> Arrangement:
    """Return the blocks of a layer by band, in the arrangement that shows most of them in ``width`` cells.

    Args:
        geometry: The sizes of the network.
        layer: The layer, from 0.
        width: The cells of the panel.
        is_first: Whether the layer is the first of its page. It then shows its input, which the other layers have
            above them as the output of the layer before.
    """
    for is_inline, is_stacked in ((True, False), (False, False), (False, True)):
        bands = _bands(geometry, layer, is_first, is_inline=is_inline, is_stacked=is_stacked)
        if geometry.gutters[layer] + max(_band_width(geometry, layer, keys) for keys in bands) <= width:
            return _join_state_bands(geometry, layer, bands, width)
    return _bands(geometry, layer, is_first, is_inline=False, is_stacked=True, vectors_first=True)


def has_vectors_first(arrangement: Arrangement) -> bool:
    """Return whether the vectors stand before the matrix, so that a row of inputs is not above its columns."""
    w = QuantityKey("w")
    return any(keys[0].array != w and any(key.array == w for key in keys) for keys in arrangement)


def block_width(geometry: LayerGeometry, layer: int, key: BlockKey) -> int:
    """Return the cells of a block that stands with the blocks of a layer."""
    columns = geometry.sizes[layer] if key.array.is_weight or key.is_by_input else 1
    return max(columns * geometry.pitch + 1, geometry.target if key.array.quantity == "y" else 0)


def gutter_width(names: str | tuple[str, ...], units: int, glyphs: Glyphs) -> int:
    """Return the cells of the labels of a layer's units."""
    return label_width(names, units, glyphs) + 1


def _bands(
    geometry: LayerGeometry,
    layer: int,
    is_first: bool,
    *,
    is_inline: bool,
    is_stacked: bool,
    vectors_first: bool = False,
) -> Arrangement:
    """Return the blocks of a layer by band.

    Args:
        geometry: The sizes of the network.
        layer: The layer, from 0.
        is_first: Whether the layer shows its input.
        is_inline: Whether σ′, y and the losses stand beside the vectors that they belong to, instead of below.
        is_stacked: Whether the new values stand below the step, and below the old state, instead of beside.
        vectors_first: Whether the vectors stand before the matrix, to stay in view beside a wide one.
    """

    def blocks(*quantities: Quantity, slot: str = "", after: bool = False) -> list[BlockKey]:
        return [BlockKey(QuantityKey(quantity, slot, after), layer) for quantity in quantities]

    def band(matrix: list[BlockKey], vectors: list[BlockKey]) -> list[BlockKey]:
        return vectors + matrix if vectors_first else matrix + vectors

    slope = blocks("slope") if geometry.has_slope[layer] else []
    targets = blocks("y", "term") if layer == len(geometry.sizes) - 2 else []
    inputs = [BlockKey(QuantityKey("a"), layer - 1, is_input=True)] if layer else blocks("x")
    step = band(blocks("step_w"), blocks("step_b"))
    after = band(blocks("w", after=True), blocks("b", after=True))
    bands = [
        inputs if is_first else [],
        band(blocks("w"), blocks("b", "z", "a") + (targets if is_inline else [])),
        [] if is_inline else targets + slope,
        band(blocks("dw"), blocks("db", "da") + (slope if is_inline else []) + blocks("dz")),
        [] if layer else blocks("dx"),
        *([step, after] if is_stacked else [step + after]),
    ]
    for slot in geometry.slots:
        old = band(blocks("state_w", slot=slot), blocks("state_b", slot=slot))
        new = band(blocks("state_w", slot=slot, after=True), blocks("state_b", slot=slot, after=True))
        bands += [old, new] if is_stacked else [old + new]
    return tuple(tuple(keys) for keys in bands if keys)


def _join_state_bands(geometry: LayerGeometry, layer: int, bands: Arrangement, width: int) -> Arrangement:
    """Join the bands from the step on, which includes the optimiser's state, where ``width`` has room for both."""
    step = next(index for index, keys in enumerate(bands) if any(key.array.is_step for key in keys))
    joined = list(bands[: step + 1])
    for keys in bands[step + 1 :]:
        together = joined[-1] + keys
        fits = geometry.gutters[layer] + _band_width(geometry, layer, together) <= width
        joined[-1:] = [together] if fits else [joined[-1], keys]
    return tuple(joined)


def _band_width(geometry: LayerGeometry, layer: int, keys: tuple[BlockKey, ...]) -> int:
    return sum(block_width(geometry, layer, key) for key in keys)


def _height(geometry: LayerGeometry, layer: int, arrangement: Arrangement) -> int:
    """Return the lines of a layer's bands.

    A row of inputs has one line, and one for names if the vectors are first; dx stands in the gap of the band before.
    Every other band has a line for titles, one for the names of a matrix's columns, its rows and a gap.
    """
    units = geometry.sizes[layer + 1]
    input_rows = [keys[0] for keys in arrangement if keys[0].is_by_input]
    bands = [keys for keys in arrangement if not keys[0].is_by_input]
    names = sum(any(key.array.is_weight for key in keys) for keys in bands)
    rows = sum(key.array.quantity != "dx" for key in input_rows)
    if has_vectors_first(arrangement):
        rows += len(input_rows)
    return rows + names + len(bands) * (units + 2)
