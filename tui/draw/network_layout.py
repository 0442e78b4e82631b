"""Where the units of a network drawing stand: columns of layers, and the units of each that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.numbers import fmt

NetworkSelection = tuple[int, int] | tuple[int, int, int] | None

_TALLEST_PITCH = 6
_WIDEST_GAP = 30
_WIDEST_NAME = 12
_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True, eq=False)
class NetworkView:
    """A network at one moment, as far as it is computed; layer 0 is the inputs.

    ``values[l]`` (units,) are the outputs of layer l for one sample, None before they are computed.
    ``edges[l - 1]`` (units, inputs) and ``biases[l - 1]`` (units,) belong to layer l, and are weights or,
    in the mode ``gradients``, their gradients; None where not computed. ``limits[l - 1]`` takes full colour
    (without limits: the largest edge). ``selected`` is (layer, unit), or (layer, unit, input) for a weight.
    ``done`` are the layers that the current phase has passed, ``current`` the one it is at.
    """

    sizes: tuple[int, ...]
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    values: tuple[Array | None, ...]
    edges: tuple[Array | None, ...]
    biases: tuple[Array | None, ...]
    mode: Literal["weights", "gradients"] = "weights"
    limits: tuple[float, ...] = ()
    activations: tuple[str, ...] = ()
    selected: NetworkSelection = None
    done: frozenset[int] = frozenset()
    current: int | None = None
    digits: int | None = 2


@dataclass(frozen=True, slots=True)
class UnitRows:
    """A unit shown at ``row``; the rows from ``top`` up to ``bottom`` (not included) are its own."""

    index: int
    row: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class LayerColumn:
    """One layer: its block of cells from ``x``, ``width`` wide, and in it the pill with the value.

    ``folds`` are (row, number of units left out there). ``name_width`` is the room for a name in the
    pill's own row; ``name_above`` and ``bias_below`` say whether each unit has those rows.
    """

    layer: int
    x: int
    width: int
    pill_x: int
    pill_width: int
    name_width: int
    name_above: bool
    bias_below: bool
    units: tuple[UnitRows, ...]
    folds: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class NetworkLayout:
    """The columns, and which rows they share: ``top`` to ``bottom``, with a header and a legend around."""

    columns: tuple[LayerColumn, ...]
    top: int
    bottom: int
    header: bool
    legend: bool


def unit_name(view: NetworkView, layer: int, unit: int, glyphs: Glyphs) -> str:
    """What a unit is called: its input's or output's name, ``h₂`` in between."""
    if layer == 0 and unit < len(view.input_names):
        return view.input_names[unit]
    if layer == len(view.sizes) - 1 and unit < len(view.output_names):
        return view.output_names[unit]
    return ("x" if layer == 0 else "h") + glyphs.sub(unit + 1)


def value_digits(view: NetworkView) -> int:
    """Decimals in the drawing, which has no room for all digits."""
    return _MOST_DIGITS if view.digits is None else min(view.digits, _MOST_DIGITS)


def layout_network(view: NetworkView, glyphs: Glyphs, width: int, height: int) -> NetworkLayout | None:
    """Places for everything that fits; None where not even a mark for each layer does."""
    count = len(view.sizes)
    if count == 0 or width < count or height < 1:
        return None
    header, legend = height >= 8 and width >= 12, height >= 6 and width >= 12
    top, bottom = int(header), height - int(legend)
    shown = [_choose(n, bottom - top, _needed(view, layer)) for layer, n in enumerate(view.sizes)]
    pitches = [max(1, min(_TALLEST_PITCH, (bottom - top) // max(1, len(s)))) for s in shown]
    shapes = _shapes(view, glyphs, width, shown, pitches)
    spare = width - sum(block for block, _, _ in shapes)
    gap = min(_WIDEST_GAP, spare // (count - 1)) if count > 1 else 0
    x = (spare - gap * (count - 1)) // 2
    columns = []
    for layer, (block, pill, name) in enumerate(shapes):
        columns.append(_column(view, layer, (x, block, pill, name), shown[layer], pitches[layer], (top, bottom)))
        x += block + gap
    return NetworkLayout(tuple(columns), top, bottom, header, legend)


def _needed(view: NetworkView, layer: int) -> list[int]:
    """The selected units of a layer: they are never folded away."""
    selected = view.selected
    if selected is None:
        return []
    needed = [selected[1]] if selected[0] == layer else []
    if len(selected) == 3 and selected[0] - 1 == layer:
        needed.append(selected[2])
    return [unit for unit in needed if 0 <= unit < view.sizes[layer]]


def _choose(units: int, rows: int, needed: Sequence[int]) -> Sequence[int | None]:
    """Units to show in ``rows`` lines, ascending, None for each fold: the first ones, the last, the needed."""
    if units <= rows:
        return list(range(units))
    kept: set[int] = set()
    for unit in [*needed, 0, units - 1, *range(1, min(units, rows))]:
        if len(_with_folds(kept | {unit}, units)) <= rows:
            kept.add(unit)
    if not kept:
        return [*needed, 0][:1]
    return _with_folds(kept, units)


def _with_folds(kept: set[int], units: int) -> list[int | None]:
    out: list[int | None] = []
    before = -1
    for unit in [*sorted(kept), units]:
        if unit > before + 1:
            out.append(None)
        if unit < units:
            out.append(unit)
        before = unit
    return out


def _shapes(
    view: NetworkView,
    glyphs: Glyphs,
    width: int,
    shown: Sequence[Sequence[int | None]],
    pitches: Sequence[int],
) -> list[tuple[int, int, int]]:
    """(block, pill, inline name) widths of each column: the most telling ones that leave room for edges."""
    count = len(view.sizes)
    digits = value_digits(view)
    for names, value_width, gap in ((True, 0, 6), (False, 0, 5), (False, 5, 4), (False, 4, 3)):
        shapes = []
        for layer in range(count):
            units = [u for u in shown[layer] if u is not None]
            value = value_width or _value_width(view.values[layer], units, digits, glyphs)
            # One cell beside the value at either end, and as wide as the bias with its label below it.
            pill = value + (2 if view.mode == "weights" else 3)
            name = max((cell_len(unit_name(view, layer, u, glyphs)) for u in units), default=0)
            name = min(name, _WIDEST_NAME) if names else 0
            above = _has_name_above(layer, pitches[layer])
            block = max(pill, name) if above else pill + (name + 1 if name else 0)
            shapes.append((block, pill, 0 if above else name))
        if sum(block for block, _, _ in shapes) + gap * (count - 1) <= width:
            return shapes
    return [(1, 1, 0)] * count


def _value_width(values: Array | None, units: Sequence[int], digits: int, glyphs: Glyphs) -> int:
    least = digits + 3
    if values is None:
        return least
    return min(9, max([least, *(len(fmt(float(values[u]), digits, glyphs=glyphs)) for u in units)]))


def _has_name_above(layer: int, pitch: int) -> bool:
    return pitch >= (3 if layer else 2)


def _column(
    view: NetworkView,
    layer: int,
    shape: tuple[int, int, int, int],
    shown: Sequence[int | None],
    pitch: int,
    rows: tuple[int, int],
) -> LayerColumn:
    x, block, pill, name = shape
    last = layer == len(view.sizes) - 1
    shift = block - pill if layer == 0 or name else (block - pill) // 2
    if last and layer:
        shift = 0
    above, below = block > 1 and _has_name_above(layer, pitch), block > 1 and layer > 0 and pitch >= 2
    start = rows[0] + (rows[1] - rows[0] - pitch * len(shown)) // 2
    units, folds = [], []
    before = -1
    after = [*shown[1:], view.sizes[layer]]
    for k, unit in enumerate(shown):
        top = start + k * pitch
        if unit is None:
            folds.append((top + (pitch - 1) // 2, (after[k] or 0) - before - 1))
            continue
        inner = 1 if layer == 0 and pitch == 2 and above else (pitch - 1) // 2
        units.append(UnitRows(unit, top + inner, top, top + pitch))
        before = unit
    return LayerColumn(layer, x, block, x + shift, pill, name, above, below, tuple(units), tuple(folds))
