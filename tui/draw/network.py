"""The network as columns of units with their values, and the edges between them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas, draw_message
from nn_tui.tui.draw.edges import Edge, draw_edges
from nn_tui.tui.draw.network_layout import (
    LayerColumn,
    NetworkSelection,
    NetworkView,
    layout_network,
    unit_name,
    value_digits,
)
from nn_tui.tui.draw.network_legend import HEAVY_EDGE_SHARE, draw_header, draw_legend, uses_dashes
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import shorten, to_display

_HEAVY_WIDTH = 5
_CELLS_PER_EDGE = 12
_FEWEST_EDGES = 10
_ALWAYS_ALL = 16
_OUT_OF_FOCUS = 0.4


def draw_network(view: NetworkView, palette: Palette, width: int, height: int) -> list[Strip]:
    """The network in ``height`` lines of ``width`` cells.

    Where units or edges do not fit, the drawing says how many it leaves out; the selected unit, its inputs'
    and its outputs' edges come first. Deep or narrow drawings show a mark for each unit instead of its value.
    """
    width, height = max(1, width), max(1, height)
    plan = layout_network(view, palette.glyphs, width, height)
    if plan is None:
        return draw_message(f"{len(view.sizes)} layers: widen", palette, width, height)
    canvas = Canvas(width, height, palette)
    limits = _limits(view)
    drawn = total = 0
    for left, right in zip(plan.columns, plan.columns[1:], strict=False):
        counts = _draw_gap(canvas, view, palette, left, right, limits[right.layer - 1])
        drawn, total = drawn + counts[0], total + counts[1]
    for column in plan.columns:
        _draw_column(canvas, view, palette, column)
    if plan.header:
        draw_header(canvas, view, palette, plan)
    if plan.legend:
        draw_legend(canvas, view, palette, plan, limits, (drawn, total))
    return canvas.strips()


def unit_at(view: NetworkView, palette: Palette, width: int, height: int, x: int, y: int) -> tuple[int, int] | None:
    """The (layer, unit) that :func:`draw_network` shows at cell (x, y), if any."""
    plan = layout_network(view, palette.glyphs, max(1, width), max(1, height))
    for column in plan.columns if plan else ():
        if column.x - 1 <= x <= column.x + column.width:
            for unit in column.units:
                if unit.top <= y < unit.bottom:
                    return column.layer, unit.index
    return None


def _limits(view: NetworkView) -> tuple[float, ...]:
    """The edge value of full colour for each layer: as given, or one for all."""
    if len(view.limits) == len(view.sizes) - 1:
        return view.limits
    largest = 0.0
    for edges in view.edges:
        if edges is not None and edges.size:
            most = float(max(edges.max(), -edges.min()))
            if not math.isfinite(most):
                most = float(np.max(np.abs(edges), where=np.isfinite(edges), initial=0.0))
            largest = max(largest, most)
    return (largest,) * max(0, len(view.sizes) - 1)


def _share(value: float, limit: float) -> float:
    """``value`` as a fraction of full colour; an infinity is full, NaN stays."""
    if math.isinf(value):
        return math.copysign(1.0, value)
    return max(-1.0, min(1.0, value / limit)) if limit > 0 and not math.isnan(value) else value * 0.0


def _is_selected(view: NetworkView, layer: int, unit: int) -> bool:
    selected = view.selected
    if selected is None:
        return False
    is_source = len(selected) == 3 and (selected[0] - 1, selected[2]) == (layer, unit)
    return is_source or (selected[0], selected[1]) == (layer, unit)


def _shares(values: Array, limit: float) -> Array:
    """:func:`_share` of each value."""
    if limit > 0:
        with np.errstate(over="ignore"):
            shares = np.clip(values / limit, -1.0, 1.0)
    else:
        shares = np.where(np.isnan(values), values, 0.0)
    return np.where(np.isinf(values), np.sign(values), shares)


def _focus(
    selected: NetworkSelection, layer: int, targets: NDArray[np.intp], sources: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Whether the edge from each source to each unit of ``layer`` belongs to what is selected: (targets, sources)."""
    shape = len(targets), len(sources)
    if selected is None:
        return np.ones(shape, dtype=np.bool_)
    focus = np.zeros(shape, dtype=np.bool_)
    if selected[0] == layer:
        focus[targets == selected[1]] = True if len(selected) == 2 else sources == selected[2]
    elif selected[0] == layer - 1 and len(selected) == 2:
        focus[:, sources == selected[1]] = True
    return focus


def _draw_gap(
    canvas: Canvas, view: NetworkView, palette: Palette, left: LayerColumn, right: LayerColumn, limit: float
) -> tuple[int, int]:
    """The edges between two columns, strongest last; (edges drawn, edges between the two layers)."""
    weights = view.edges[right.layer - 1]
    total = view.sizes[left.layer] * view.sizes[right.layer]
    if weights is None:
        return 0, 0
    x = left.pill_x + left.pill_width
    width = right.pill_x - (right.name_width + 1 if right.name_width and right.pill_x > right.x else 0) - x
    targets, sources = (np.array([unit.index for unit in column.units]) for column in (right, left))
    shares = _shares(weights[np.ix_(targets, sources)], limit)
    focused = _focus(view.selected, right.layer, targets, sources)
    sizes = np.where(np.isnan(shares), 2.0, np.abs(shares))
    order = np.lexsort((-sizes.ravel(), ~focused.ravel())).tolist()
    count = int(focused.sum())
    budget = max(_FEWEST_EDGES, width * canvas.height // _CELLS_PER_EDGE)
    near = order[:count][: budget if view.selected is None else 2 * budget]
    rest = total if total <= _ALWAYS_ALL else max(0, budget - 2 * len(near))
    far = order[count:][:rest]
    heavy = width >= _HEAVY_WIDTH
    one = view.selected is not None and len(view.selected) == 3
    edges = []
    for place in reversed([*near, *far]):
        target, source = divmod(place, len(sources))
        share, focus = float(shares[target, source]), bool(focused[target, source])
        edges.append(
            Edge(
                left.units[source].row,
                right.units[target].row,
                _edge_style(palette, share, focus, one),
                heavy and focus and (one or not sizes[target, source] < HEAVY_EDGE_SHARE),
                share < 0 and uses_dashes(palette),
            )
        )
    draw_edges(canvas, x, width, edges, ascii_only=palette.glyphs.is_ascii)
    return len(edges), total


def _edge_style(palette: Palette, share: float, focus: bool, one: bool) -> Style:
    """An edge's colour; the ``one`` that is selected has its sign's full colour, so that a small one is seen too."""
    if focus and one:
        return palette.diverging_fg(math.copysign(1.0, share)) if share else palette.style("title")
    return palette.diverging_fg(share if focus else share * _OUT_OF_FOCUS)


def _draw_column(canvas: Canvas, view: NetworkView, palette: Palette, column: LayerColumn) -> None:
    values = view.values[column.layer]
    biases = view.biases[column.layer - 1] if column.layer else None
    fills = _fills(values, [unit.index for unit in column.units], palette)
    last = column.layer == len(view.sizes) - 1 and column.layer > 0
    for unit, fill in zip(column.units, fills, strict=True):
        chosen = _is_selected(view, column.layer, unit.index)
        value = None if values is None else float(values[unit.index])
        _draw_value(canvas, palette, column, unit.row, value, fill, chosen, value_digits(view))
        if column.width == 1:
            continue
        name_style = palette.style("accent" if chosen else "text")
        name = unit_name(view, column.layer, unit.index, palette.glyphs)
        if column.name_above:
            name = _cut(name, column.width, palette)
            shift = 1 if last else max(0, column.width - cell_len(name)) // (1 if column.layer == 0 else 2)
            shift = max(0, min(column.width - cell_len(name), shift - int(column.layer == 0)))
            canvas.put(column.x + shift, unit.row - 1, name, name_style)
        elif column.name_width:
            name = _cut(name, column.name_width, palette)
            shift = column.pill_width + 1 if last else column.name_width - cell_len(name)
            canvas.put(column.x + shift, unit.row, name, name_style)
        if column.bias_below and biases is not None:
            _draw_bias(canvas, view, palette, column, unit.row + 1, float(biases[unit.index]))
    for row, hidden in column.folds:
        mark = ":" if palette.glyphs.is_ascii else "⋮"
        texts = (f"{mark} {hidden} more", f"{mark} {hidden}", mark)
        text = next((t for t in texts if len(t) <= column.width), mark)
        canvas.put(column.x + (column.width - len(text)) // 2, row, text, palette.style("dim"))


def _cut(name: str, width: int, palette: Palette) -> str:
    """A name in ``width`` cells, cut in its middle: sepal_length and sepal_width differ at their ends."""
    mark = "." if palette.glyphs.is_ascii else palette.glyphs.ellipsis
    return shorten(to_display(name, palette.glyphs.is_ascii), width, ellipsis=mark)


def _draw_value(
    canvas: Canvas,
    palette: Palette,
    column: LayerColumn,
    row: int,
    value: float | None,
    fill: Style,
    chosen: bool,
    digits: int,
) -> None:
    glyphs = palette.glyphs
    x, width = column.pill_x, column.pill_width
    if width == 1:
        mark = glyphs.node_open if value is None else glyphs.node
        ink = fill if value is None else _as_ink(fill, palette)
        canvas.put(x, row, mark, palette.style("selected") if chosen else ink)
        return
    inner = glyphs.node_open.center(width - 2) if value is None else fmt(value, digits, width=width - 2, glyphs=glyphs)
    canvas.put(x, row, f" {inner} ", fill)
    if chosen or not palette.has_color or glyphs.is_ascii:
        ends = palette.style("selected") if chosen else palette.style("border")
        canvas.put(x, row, ">" if chosen and not palette.has_color else glyphs.open, ends)
        canvas.put(x + width - 1, row, "<" if chosen and not palette.has_color else glyphs.close, ends)


def _as_ink(fill: Style, palette: Palette) -> Style:
    """The colour of a filled cell as a text colour."""
    paper = palette.style("text")
    return paper if fill.bgcolor is None else paper + Style(color=fill.bgcolor, bold=True)


def _draw_bias(
    canvas: Canvas,
    view: NetworkView,
    palette: Palette,
    column: LayerColumn,
    row: int,
    bias: float,
) -> None:
    label = "b" if view.mode == "weights" else "db"
    digits = value_digits(view)
    # A cell more at each side than the value above it is better than fewer digits.
    room = max(column.pill_width + 2, column.width) - len(label) - 1
    if room < 4:
        return
    text = fmt(bias, digits, width=min(room, digits + 4), glyphs=palette.glyphs).strip()
    size = len(label) + 1 + len(text)
    x = max(0, min(column.pill_x + (column.pill_width - size) // 2, canvas.width - size))
    x = canvas.put(x, row, label + " ", palette.style("dim"))
    canvas.put(x, row, text, palette.style("text"))


def _fills(values: Array | None, units: Sequence[int], palette: Palette) -> list[Style]:
    """The colour of each of ``units``: sequential, or diverging in a layer that has negative values."""
    if values is None:
        return [palette.style("blank")] * len(units)
    finite = values[np.isfinite(values)]
    limit = max(1.0, float(np.abs(finite).max(initial=0.0)))
    ramp = palette.diverging if (finite < 0).any() else palette.sequential
    return [ramp(_share(float(values[unit]), limit)) for unit in units]
