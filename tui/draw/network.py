"""The network as columns of units with their values, and the edges between them."""

from __future__ import annotations

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import Canvas, draw_message
from nn_tui.tui.draw.network_edges import draw_gap
from nn_tui.tui.draw.network_layout import LayerColumn, UnitRows, layout_network
from nn_tui.tui.draw.network_legend import draw_header, draw_legend
from nn_tui.tui.draw.network_view import NetworkView, bias_label, unit_name
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import first_fitting

_MIN_BIAS_WIDTH, _MIN_SPACED_BIAS_WIDTH = 4, 5  # cells; a narrower bias has no space before it


def draw_network(view: NetworkView, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the network.

    If units or edges do not fit, the drawing says how many are left out. The selected unit and its edges are drawn
    first. Deep or narrow drawings show a mark for each unit instead of its value.
    """
    width, height = max(1, width), max(1, height)
    layout = layout_network(view, palette.glyphs, width, height)
    if layout is None:
        return draw_message(tr("{count} layers: widen", count=len(view.sizes)), palette, width, height)
    canvas = Canvas(width, height, palette)
    drawn = total = 0
    for left, right in zip(layout.columns, layout.columns[1:], strict=False):
        drawn_here, total_here = draw_gap(canvas, view, palette, left, right)
        drawn, total = drawn + drawn_here, total + total_here
    for column in layout.columns:
        _draw_column(canvas, view, palette, column)
    if layout.header:
        draw_header(canvas, view, palette, layout)
    if layout.legend:
        draw_legend(canvas, view, palette, layout, drawn, total)
    return canvas.strips()


def unit_at(view: NetworkView, palette: Palette, width: int, height: int, x: int, y: int) -> tuple[int, int] | None:
    """Return the (layer, unit) that :func:`draw_network` draws at a cell, or None."""
    layout = layout_network(view, palette.glyphs, max(1, width), max(1, height))
    for column in layout.columns if layout else ():
        if column.x - 1 <= x <= column.x + column.width:
            for unit in column.units:
                if unit.top <= y < unit.bottom:
                    return column.layer, unit.index
    return None


def _draw_column(canvas: Canvas, view: NetworkView, palette: Palette, column: LayerColumn) -> None:
    """Draw the values, names and biases of a layer's visible units, and the number of hidden units."""
    values = view.values[column.layer]
    biases = view.biases[column.layer - 1] if column.layer else None
    for unit in column.units:
        is_selected = _is_selected(view, column.layer, unit.index)
        value = None if values is None else float(values[unit.index])
        _draw_value(canvas, view, palette, column, unit.row, value, is_selected)
        if column.width == 1:
            continue
        _draw_name(canvas, view, palette, column, unit, is_selected)
        if column.bias_below and biases is not None:
            _draw_bias(canvas, view, palette, column, unit.row + 1, float(biases[unit.index]))
    for row, count in column.hidden:
        mark = ":" if palette.glyphs.is_ascii else "⋮"
        more = tr("{mark} {count} more", mark=mark, count=count)
        text = first_fitting((more, f"{mark} {count}"), column.width) or mark
        canvas.put(column.x + (column.width - cell_len(text)) // 2, row, text, palette.style("dim"))


def _is_selected(view: NetworkView, layer: int, unit: int) -> bool:
    """Return whether a unit is selected, or is one of the two units of the selected weight."""
    selected = view.selected
    if selected is None:
        return False
    is_source = len(selected) == 3 and (selected[0] - 1, selected[2]) == (layer, unit)
    return is_source or (selected[0], selected[1]) == (layer, unit)


def _draw_name(
    canvas: Canvas, view: NetworkView, palette: Palette, column: LayerColumn, unit: UnitRows, is_selected: bool
) -> None:
    """Draw a unit's name above its box, or beside it: at the left, or at the right of an output."""
    is_output = column.layer == len(view.sizes) - 1 and column.layer > 0
    style = palette.style("title" if is_selected else "text")
    width = column.width if column.name_above else column.name_width
    name = unit_name(view, column.layer, unit.index, palette.glyphs, width)
    if column.name_above:
        spare = column.width - cell_len(name)
        # Inputs are aligned to the right of the column, outputs to the left, and hidden units are centred.
        shift = 1 if is_output else spare - 1 if column.layer == 0 else spare // 2
        canvas.put(column.x + max(0, min(spare, shift)), unit.row - 1, name, style)
    elif column.name_width:
        shift = column.box_width + 1 if is_output else column.name_width - cell_len(name)
        canvas.put(column.x + shift, unit.row, name, style)


def _draw_value(
    canvas: Canvas,
    view: NetworkView,
    palette: Palette,
    column: LayerColumn,
    row: int,
    value: float | None,
    is_selected: bool,
) -> None:
    """Draw the box with a unit's value, or its mark if the column is one cell wide."""
    glyphs, scale, blank = palette.glyphs, view.value_scales[column.layer], palette.style("blank")
    x, width = column.box_x, column.box_width
    if width == 1:
        mark = glyphs.node_open if value is None else glyphs.node
        style = blank if value is None else palette.number_fg(value, scale)
        canvas.put(x, row, mark, palette.style("selected") if is_selected else style)
        return
    text, style = glyphs.node_open, blank
    if value is not None:
        text = fmt(value, view.digits_of(column.layer), width=width - 2, sign=column.is_signed, glyphs=glyphs)
        style = palette.number(value, scale)
    canvas.put(x, row, f" {text.center(width - 2)} ", style)
    if is_selected or not palette.has_color or glyphs.is_ascii:
        style = palette.style("selected") if is_selected else palette.style("border")
        canvas.put(x, row, ">" if is_selected and not palette.has_color else glyphs.open, style)
        canvas.put(x + width - 1, row, "<" if is_selected and not palette.has_color else glyphs.close, style)


def _draw_bias(canvas: Canvas, view: NetworkView, palette: Palette, column: LayerColumn, row: int, bias: float) -> None:
    label = bias_label(view)
    room = column.box_width - len(label)  # no wider than the box, beside which the edges run
    if room < _MIN_BIAS_WIDTH:
        return
    has_space = room - 1 >= _MIN_SPACED_BIAS_WIDTH
    text = fmt(bias, view.digits, width=min(room - has_space, view.digits + 4), glyphs=palette.glyphs).strip()
    if palette.glyphs.overflow in text:
        return
    label += " " * (len(text) < room)
    size = len(label) + len(text)
    x = max(0, min(column.box_x + (column.box_width - size) // 2, canvas.width - size))
    x = canvas.put(x, row, label, palette.style("dim"))
    canvas.put(x, row, text, palette.number(bias, view.edge_scales[column.layer - 1]))
