"""The layout of the network drawing: a column for each layer, and the units of each that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len

from nn_tui.core.display.number_text import fmt
from nn_tui.tui.draw.edge_labels import MIN_LABELLED_GAP
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.names import MAX_LABEL_WIDTH
from nn_tui.tui.draw.network_view import NetworkView, bias_label, unit_name

_MAX_PITCH = 16  # lines from one unit to the next
_MAX_GAP = 60  # cells between two columns
_MAX_VALUE_WIDTH = 9
_MIN_BIAS_CELLS = 5
_MIN_PITCH_WITH_BIAS = 2
_DECIMAL_CELLS = 4  # of a value below 10 with two decimals and no sign


class _Variant(NamedTuple):
    """A variant of the drawing: whether units have names, the fewest cells of values and gaps, and biases or not."""

    has_names: bool
    min_cells: int
    min_gap: int
    has_biases: bool


_VARIANTS = (
    _Variant(True, 0, 6, True), _Variant(False, 0, 5, True), _Variant(False, 5, 4, True), _Variant(False, 4, 3, True),
    _Variant(False, 4, 3, False),
)  # fmt: skip
_VARIANTS_WITH_LABELS = tuple(variant._replace(min_gap=MIN_LABELLED_GAP) for variant in _VARIANTS[:4])


@dataclass(frozen=True, slots=True)
class UnitRows:
    """A unit whose value is in line ``row``; the lines from ``top`` to ``bottom`` (not included) belong to it."""

    index: int
    row: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class LayerColumn:
    """The column of a layer.

    Attributes:
        layer: The layer, 0 for the inputs.
        x: First cell of the column.
        width: Cells of the column; 1 if units are drawn as marks.
        box_x: First cell of the boxes with the values.
        box_width: Cells of a box.
        is_signed: Whether values above 0 have a sign too.
        name_width: Cells for a name in the line of the box, 0 for none.
        name_above: Whether a unit's name is in the line above its box.
        bias_below: Whether a unit's bias is in the line below its box.
        units: The visible units from the top.
        hidden: Lines that count units left out, and how many.
    """

    layer: int
    x: int
    width: int
    box_x: int
    box_width: int
    is_signed: bool
    name_width: int
    name_above: bool
    bias_below: bool
    units: tuple[UnitRows, ...]
    hidden: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class NetworkLayout:
    """The columns, and whether there is a header above and a legend below them."""

    columns: tuple[LayerColumn, ...]
    header: bool
    legend: bool


@dataclass(frozen=True, slots=True)
class _ColumnWidths:
    """Cells of a column, its boxes and the names beside them; whether values have signs, and whether biases fit."""

    total: int
    box: int
    name: int
    is_signed: bool
    has_bias: bool


@dataclass(frozen=True, slots=True)
class _LayerNeeds:
    """What a layer needs in a variant of the drawing.

    Attributes:
        cells: The cells of its values.
        is_signed: Whether they have signs.
        name: The cells of its longest name; 0 without names.
        name_above: Whether names stand above the boxes.
        bias: The cells of a bias with its label, without a space between them; 0 without biases.
    """

    cells: int
    is_signed: bool
    name: int
    name_above: bool
    bias: int

    def widths(self, space: int) -> _ColumnWidths:
        """Return the widths with ``space`` cells between a bias and its label."""
        box = max(self.cells + 2, self.bias + space if self.bias else 0)
        if self.name_above:
            return _ColumnWidths(max(box, self.name), box, 0, self.is_signed, self.bias > 0)
        total = box + (self.name + 1 if self.name else 0)
        return _ColumnWidths(total, box, self.name, self.is_signed, self.bias > 0)


def gap_between(left: LayerColumn, right: LayerColumn) -> tuple[int, int]:
    """Return the first cell of the edges between two neighbouring columns, and how many cells they have."""
    x = left.box_x + left.box_width
    has_names_in_gap = right.name_width and right.box_x > right.x
    return x, right.box_x - (right.name_width + 1 if has_names_in_gap else 0) - x


def layout_network(view: NetworkView, glyphs: Glyphs, width: int, height: int) -> NetworkLayout | None:
    """Lay out the drawing; None if not even a mark for each layer fits."""
    count = len(view.sizes)
    if count == 0 or width < count or height < 1:
        return None
    has_header, has_legend = height >= 8 and width >= 12, height >= 6 and width >= 12
    top, rows = int(has_header), height - int(has_legend) - int(has_header)
    visible = [_visible_units(units, rows, _selected_units(view, layer)) for layer, units in enumerate(view.sizes)]
    pitches = [max(1, min(_MAX_PITCH, rows // max(1, len(units)))) for units in visible]
    widths = _column_widths(view, glyphs, width, visible, pitches)
    spare = width - sum(item.total for item in widths)
    gap = min(_MAX_GAP, spare // (count - 1)) if count > 1 else 0
    x = (spare - gap * (count - 1)) // 2
    columns = []
    for layer in range(count):
        start = top + (rows - pitches[layer] * len(visible[layer])) // 2
        columns.append(_layer_column(view, layer, x, widths[layer], visible[layer], pitches[layer], start))
        x += widths[layer].total + gap
    return NetworkLayout(tuple(columns), has_header, has_legend)


def _selected_units(view: NetworkView, layer: int) -> list[int]:
    """Return the units of a layer that must be visible because they or their weight are selected."""
    selected = view.selected
    if selected is None:
        return []
    units = [selected[1]] if selected[0] == layer else []
    if len(selected) == 3 and selected[0] - 1 == layer:
        units.append(selected[2])
    return [unit for unit in units if 0 <= unit < view.sizes[layer]]


def _visible_units(units: int, rows: int, required: Sequence[int]) -> Sequence[int | None]:
    """Choose the units to show in ``rows`` lines: the required ones, the last, and as many of the first as fit.

    Returns:
        Units in ascending order, with a None for each line that counts the units left out there.
    """
    if units <= rows:
        return list(range(units))
    chosen: set[int] = set()
    for unit in [*required, 0, units - 1, *range(1, min(units, rows))]:
        if len(_with_gaps(chosen | {unit}, units)) <= rows:
            chosen.add(unit)
    return _with_gaps(chosen, units) if chosen else [*required, 0][:1]


def _with_gaps(chosen: set[int], units: int) -> list[int | None]:
    """Return the chosen units in ascending order, with a None wherever some of ``units`` are left out."""
    out: list[int | None] = []
    previous = -1
    for unit in [*sorted(chosen), units]:
        if unit > previous + 1:
            out.append(None)
        if unit < units:
            out.append(unit)
        previous = unit
    return out


def _column_widths(
    view: NetworkView,
    glyphs: Glyphs,
    width: int,
    visible: Sequence[Sequence[int | None]],
    pitches: Sequence[int],
) -> list[_ColumnWidths]:
    """Return the widths of the first variant that leaves room for edges, with their values if a stack of these fits.

    The variants are: names and values, values alone, values of five and of four cells, these without biases, and marks.
    """
    layers = range(len(view.sizes))
    can_have_labels = all(len(visible[layer - 1]) <= pitches[layer] for layer in layers[1:])
    variants = (*(_VARIANTS_WITH_LABELS if can_have_labels else ()), *_VARIANTS)
    for variant in variants:
        needs = [_layer_needs(view, glyphs, layer, visible[layer], pitches[layer], variant) for layer in layers]
        # The space between a bias and its label is the first to be left out.
        for space in (1, 0):
            widths = [item.widths(space) for item in needs]
            if sum(item.total for item in widths) + variant.min_gap * (len(layers) - 1) <= width:
                return widths
    return [_ColumnWidths(1, 1, 0, False, False) for _ in layers]


def _layer_needs(
    view: NetworkView, glyphs: Glyphs, layer: int, visible: Sequence[int | None], pitch: int, variant: _Variant
) -> _LayerNeeds:
    """Return what a layer needs in a variant of the drawing."""
    units = [unit for unit in visible if unit is not None]
    is_signed_decimal = variant.min_gap == MIN_LABELLED_GAP and variant.min_cells == _DECIMAL_CELLS
    needs_sign = is_signed_decimal and _has_negative(view, layer, units)
    cells, is_signed = _value_cells(view, layer, units, variant.min_cells + needs_sign, glyphs)
    name = 0
    if variant.has_names:
        longest = max((cell_len(unit_name(view, layer, unit, glyphs)) for unit in units), default=0)
        name = min(longest, MAX_LABEL_WIDTH)
    bias = 0
    if variant.has_biases and layer > 0 and pitch >= _MIN_PITCH_WITH_BIAS:  # as wide as it is with its label below it
        bias = max(cells, _MIN_BIAS_CELLS) + len(bias_label(view))
    return _LayerNeeds(cells, is_signed, name, _has_name_above(layer, pitch), bias)


def _has_negative(view: NetworkView, layer: int, units: Sequence[int]) -> bool:
    """Return whether a value of some units of a layer is below 0."""
    values = view.values[layer]
    return values is not None and any(values[unit] < 0 for unit in units)


def _value_cells(
    view: NetworkView, layer: int, units: Sequence[int], min_cells: int, glyphs: Glyphs
) -> tuple[int, bool]:
    """Return the cells of a layer's values, and whether they have a sign.

    Args:
        view: The network.
        layer: The layer.
        units: Its visible units.
        min_cells: The fewest cells, which are enough if values that differ have different texts in them. Then a layer
            without values below 0 has no signs, to save a cell. 0 for all digits and signs.
        glyphs: The characters of the texts.
    """
    values = view.values[layer]
    known = [] if values is None else [float(values[unit]) for unit in units]
    digits = view.digits_of(layer)
    is_integer = layer == 0 and view.integer_inputs
    is_signed = not (min_cells or is_integer) or any(value < 0 for value in known)
    texts = [fmt(value, digits, sign=is_signed, glyphs=glyphs) for value in known]
    if is_integer:
        return max(map(len, texts), default=1), is_signed
    widest = max([digits + 3, *(len(fmt(value, digits, glyphs=glyphs)) for value in known)])
    widest = min(_MAX_VALUE_WIDTH, widest)
    for cells in range(min_cells, widest) if min_cells else ():
        shown = [fmt(value, digits, width=cells, sign=is_signed, glyphs=glyphs) for value in known]
        if len(set(shown)) == len(set(texts)):
            return cells, is_signed
    return widest, is_signed


def _lines_above(pitch: int) -> int:
    """Return the lines of a unit above its value."""
    return (pitch - 1) // 2


def _has_name_above(layer: int, pitch: int) -> bool:
    return pitch >= (3 if layer else 2)


def _layer_column(
    view: NetworkView,
    layer: int,
    x: int,
    widths: _ColumnWidths,
    visible: Sequence[int | None],
    pitch: int,
    start: int,
) -> LayerColumn:
    """Place the visible units of a layer from line ``start`` on, ``pitch`` lines each."""
    is_last = layer == len(view.sizes) - 1 and layer > 0
    spare = widths.total - widths.box
    # Inputs and their names stand on the left of the edges, outputs and theirs on the right.
    shift = 0 if is_last else spare if layer == 0 or widths.name else spare // 2
    name_above = widths.total > 1 and _has_name_above(layer, pitch)
    units, hidden = [], []
    previous = -1
    following = [*visible[1:], view.sizes[layer]]
    for k, unit in enumerate(visible):
        top = start + k * pitch
        if unit is None:
            hidden.append((top + (pitch - 1) // 2, (following[k] or 0) - previous - 1))
            continue
        offset = 1 if layer == 0 and pitch == 2 and name_above else _lines_above(pitch)
        units.append(UnitRows(unit, top + offset, top, top + pitch))
        previous = unit
    return LayerColumn(
        layer=layer,
        x=x,
        width=widths.total,
        box_x=x + shift,
        box_width=widths.box,
        is_signed=widths.is_signed,
        name_width=widths.name,
        name_above=name_above,
        bias_below=widths.has_bias,
        units=tuple(units),
        hidden=tuple(hidden),
    )
