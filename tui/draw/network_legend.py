"""The lines around the network drawing: the names of the layers above it, the colour scales below it."""

from __future__ import annotations

from itertools import pairwise

from rich.cells import cell_len

from nn_tui.core.display.number_text import fmt
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, StyledText, put_items
from nn_tui.tui.draw.legend import items_width
from nn_tui.tui.draw.network_layout import NetworkLayout
from nn_tui.tui.draw.network_view import NetworkView, unit_name
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.scale_legend import scale_item

HEAVY_EDGE_SHARE = 0.6
"""The fraction of full colour from which an edge is a heavy line."""

_SCALE_STEPS = 3  # in each direction


def uses_dashes(palette: Palette) -> bool:
    """Return whether edges below 0 are dashed: without colours, and in ASCII, which is copied without its colours."""
    return not palette.has_color or palette.glyphs.is_ascii


def draw_header(canvas: Canvas, view: NetworkView, palette: Palette, layout: NetworkLayout) -> None:
    """Draw the name of each layer, and whether the current phase has passed it."""
    glyphs = palette.glyphs
    names, marks = [], []
    for column in layout.columns:
        layer, center = column.layer, column.box_x + column.box_width // 2
        if layer == view.current:
            mark, style = glyphs.current, palette.style("current")
        elif layer in view.done:
            mark, style = glyphs.done, palette.style("good")
        else:
            mark, style = glyphs.todo, palette.style("dim")
        name = f"{mark} {view.activations[layer - 1] if 0 < layer <= len(view.activations) else ''}".rstrip()
        if layer == 0:
            name, mark, style = tr("inputs"), "", palette.style("dim")
        names.append((_centered(name, center, canvas.width), name, style))
        marks.append((_centered(mark, center, canvas.width), mark, style))
    is_overlapping = any(x + cell_len(text) >= right for (x, text, _), (right, _, _) in pairwise(names))
    for x, text, style in marks if is_overlapping else names:
        canvas.put(x, 0, text, style)


def _centered(text: str, center: int, width: int) -> int:
    """Return the first cell of a text around a centre, within ``width`` cells."""
    return max(0, min(width - cell_len(text), center - cell_len(text) // 2))


def draw_legend(
    canvas: Canvas, view: NetworkView, palette: Palette, layout: NetworkLayout, drawn: int, total: int
) -> None:
    """Draw the scales of a layer's edges and values and, at the right, the selection or the number of edges drawn.

    The layer is that of the selection, else the current one. The scale of the values needs the most room.

    Args:
        canvas: The canvas.
        view: The network.
        palette: Colours and characters.
        layout: The layout of the drawing.
        drawn: Number of edges that are drawn.
        total: Number of edges of the network.
    """
    dim, row = palette.style("dim"), canvas.height - 1
    if all(edges is None for edges in view.edges):
        return
    layer = _legend_layer(view)
    is_hidden = layer in view.hidden_edge_scales
    note = tr("{drawn} of {total} edges", drawn=drawn, total=total) if drawn < total else ""
    for text in [*filter(None, (_selection_text(view, palette, layout), note)), ""]:
        end = canvas.width - cell_len(text)
        edges = [] if is_hidden else _edge_scale(view, layer, palette, end - 2 if text else end)
        if edges or is_hidden:
            canvas.put(end, row, text, dim)
            break
    x = put_items(canvas, 0, row, [edges], gap=0) if edges else 0
    if layer in view.hidden_value_scales or not (x or is_hidden):
        return
    item = scale_item(f"a{palette.glyphs.sub(layer)}", view.value_scales[layer], palette)
    if x + 5 + items_width([item]) <= end:
        put_items(canvas, x + 3 if x else 0, row, [item])


def _legend_layer(view: NetworkView) -> int:
    """Return the layer, from 1, whose scales the legend shows."""
    layer = view.selected[0] if view.selected else view.current or 1
    return min(max(1, layer), len(view.sizes) - 1)


def _edge_scale(view: NetworkView, layer: int, palette: Palette, width: int) -> list[StyledText]:
    """Return the longest form of the scale of a layer's edges that fits ``width`` cells, or nothing."""
    glyphs, dim, scale = palette.glyphs, palette.style("dim"), view.edge_scales[layer - 1]
    name = f"{_edge_name(view, palette)}{glyphs.sub(layer)}"
    low, high = (fmt(sign * scale.limit, 2, glyphs=glyphs).strip() for sign in (-1.0, 1.0))
    forms = [(f"{name} {low} ", f" {high}"), (f"{low} ", f" {high}"), (f"{glyphs.minus} ", " +")]
    lines: list[StyledText] = []
    if scale.limit:
        positive = (glyphs.hline, glyphs.hline_thick)
        negative = (glyphs.hline_below, glyphs.hline_thick_below) if uses_dashes(palette) else positive
        gap = 2 - _SCALE_STEPS if glyphs.is_ascii else None  # ASCII has no dashed lines of one character
        for k in range(-_SCALE_STEPS, _SCALE_STEPS + 1):
            is_heavy = abs(k) >= HEAVY_EDGE_SHARE * _SCALE_STEPS
            style = palette.number_fg(k / _SCALE_STEPS * scale.limit, scale)
            char = " " if k == gap else (negative if k < 0 else positive)[is_heavy]
            lines.append((char, style))
    else:
        forms = [(tr("{name}: all 0", name=name), "")]
    scales: list[list[StyledText]] = [[(start, dim), *lines, (end, dim)] for start, end in forms]
    return next((texts for texts in scales if sum(cell_len(text) for text, _ in texts) <= width), [])


def _selection_text(view: NetworkView, palette: Palette, layout: NetworkLayout) -> str:
    """Return the selected weight with its two units, or the name of a selected unit that has no name beside it."""
    selected, glyphs = view.selected, palette.glyphs
    if selected is None or not 0 <= selected[0] < len(view.sizes):
        return ""
    layer, unit = selected[0], selected[1]
    name = unit_name(view, layer, unit, glyphs)
    if len(selected) == 2:
        column = layout.columns[layer]
        if column.name_above or column.name_width:
            return ""
        biases = view.biases[layer - 1] if layer else None
        bias = "b" if view.mode == "weights" else f"{glyphs.partial}L/{glyphs.partial}b"
        return name if biases is None else f"{name} {bias} {fmt(float(biases[unit]), view.digits, glyphs=glyphs)}"
    weights = view.edges[layer - 1]
    if weights is None:
        return ""
    value = fmt(float(weights[unit, selected[2]]), view.digits, glyphs=glyphs)
    edge = f"{unit_name(view, layer - 1, selected[2], glyphs)} {glyphs.to} {name}"
    return f"{edge} {value}" if view.mode == "weights" else f"{edge} {_edge_name(view, palette)} {value}"


def _edge_name(view: NetworkView, palette: Palette) -> str:
    """Return the symbol of an edge: the weight, or its gradient."""
    return "w" if view.mode == "weights" else f"{palette.glyphs.partial}L/{palette.glyphs.partial}w"
