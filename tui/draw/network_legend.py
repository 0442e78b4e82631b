"""What stands around a network drawing: the layers' names above it, the scale of its edges below it."""

from __future__ import annotations

from rich.cells import cell_len

from nn_tui.tui.draw.canvas import Canvas, StyledText
from nn_tui.tui.draw.network_layout import NetworkLayout, NetworkView, unit_name, value_digits
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette

HEAVY_EDGE_SHARE = 0.6
"""The share of full colour from which an edge is a heavy line."""


def uses_dashes(palette: Palette) -> bool:
    """Whether edges below 0 are dashed: where no colour says so, and in ASCII, which is read in logs and mails."""
    return not palette.has_color or palette.glyphs.is_ascii


def draw_header(canvas: Canvas, view: NetworkView, palette: Palette, plan: NetworkLayout) -> None:
    """What each column is, and whether the current phase has passed it."""
    glyphs = palette.glyphs
    for column in plan.columns:
        middle = column.pill_x + column.pill_width // 2
        others = [abs(c.pill_x + c.pill_width // 2 - middle) for c in plan.columns if c is not column]
        room = min([*others, canvas.width]) - 1
        layer = column.layer
        if layer == view.current:
            mark, style = glyphs.current, palette.style("current")
        elif layer in view.done:
            mark, style = glyphs.done, palette.style("good")
        else:
            mark, style = glyphs.todo, palette.style("dim")
        name = "inputs" if layer == 0 else (*view.activations, *[""] * layer)[layer - 1]
        text = name if layer == 0 else f"{mark} {name}".rstrip()
        if cell_len(text) > room:
            text = mark if layer else ""
        x = max(0, min(canvas.width - cell_len(text), middle - cell_len(text) // 2))
        canvas.put(x, 0, text, style if layer else palette.style("dim"))


def draw_legend(
    canvas: Canvas,
    view: NetworkView,
    palette: Palette,
    plan: NetworkLayout,
    limits: tuple[float, ...],
    counts: tuple[int, int],
) -> None:
    """The scale of the edges, and at the right the selection or how many edges are drawn."""
    glyphs, dim = palette.glyphs, palette.style("dim")
    row = canvas.height - 1
    if all(edges is None for edges in view.edges):
        return
    label = _weight(view, palette)
    largest = max(limits, default=0.0)
    same = all(limit == largest for limit in limits)
    low, high = ("min", "max") if not same else ("", "")
    if same:
        low, high = (fmt(sign * largest, 2, glyphs=glyphs).strip() for sign in (-1.0, 1.0))
    light, thick = glyphs.hline, glyphs.hline_thick
    below = (glyphs.hline_below, glyphs.hline_thick_below) if uses_dashes(palette) else (light, thick)
    ramp: list[StyledText] = [
        ((below if k < 0 else (light, thick))[abs(k) >= HEAVY_EDGE_SHARE * 3], palette.diverging_fg(k / 3))
        for k in range(-3, 4)
    ]
    minus, plus = (glyphs.minus, "+") if same else ("", "")
    choices = ((f"{label} {low} ", f" {high}"), (f"{low} ", f" {high}"), (f"{minus} ", f" {plus}"))
    if same and not largest:
        ramp, choices = [], ((f"{label}: all 0", ""),) * 3
    for start, end in choices:
        items: list[StyledText] = [(start, dim), *ramp, (end, dim)]
        if sum(len(text) for text, _ in items) <= canvas.width:
            break
    else:
        return
    x = 0
    for text, style in items:
        x = canvas.put(x, row, text, style)
    note = f"{counts[0]} of {counts[1]} edges" if counts[0] < counts[1] else ""
    for text in (_selection_text(view, palette, plan), note):
        if text and x + 2 + cell_len(text) <= canvas.width:
            canvas.put(canvas.width - cell_len(text), row, text, dim)
            break


def _selection_text(view: NetworkView, palette: Palette, plan: NetworkLayout) -> str:
    """The selected weight with its two ends, or the name of a selected unit that has none beside it."""
    selected, glyphs, digits = view.selected, palette.glyphs, value_digits(view)
    if selected is None or not 0 <= selected[0] < len(view.sizes):
        return ""
    layer, unit = selected[0], selected[1]
    name = unit_name(view, layer, unit, glyphs)
    if len(selected) == 2:
        column = plan.columns[layer]
        if column.name_above or column.name_width:
            return ""
        biases = view.biases[layer - 1] if layer else None
        bias = "b" if view.mode == "weights" else f"{glyphs.partial}L/{glyphs.partial}b"
        return name if biases is None else f"{name} {bias} {fmt(float(biases[unit]), digits, glyphs=glyphs)}"
    weights = view.edges[layer - 1]
    if weights is None:
        return ""
    value = fmt(float(weights[unit, selected[2]]), digits, glyphs=glyphs)
    edge = f"{unit_name(view, layer - 1, selected[2], glyphs)} {glyphs.to} {name}"
    return f"{edge} {value}" if view.mode == "weights" else f"{edge} {_weight(view, palette)} {value}"


def _weight(view: NetworkView, palette: Palette) -> str:
    """What an edge stands for: the weight, or its gradient."""
    return "w" if view.mode == "weights" else f"{palette.glyphs.partial}L/{palette.glyphs.partial}w"
