"""The network as a figure: units with their outputs, edges with width and colour by weight, biases and names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_tui.core.figure import svg
from nn_tui.core.figure.heading import MARGIN, Heading, heading, sample_text, standardized_text
from nn_tui.core.figure.legend import LEGEND_HEIGHT, SMALL, scale_legend
from nn_tui.core.figure.network_layout import (
    UNIT_HEIGHT,
    PlacedLabel,
    UnitEdge,
    UnitLayout,
    layout_units,
    place_labels,
    segments_of,
)
from nn_tui.core.figure.network_numbers import (
    NetworkNumbers,
    edge_scale,
    is_selected_unit,
    network_numbers,
    signed_text,
    unit_names,
    value_scale,
    value_texts,
)
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import Theme, text_on, theme_of
from nn_tui.core.text import sizes_text, subscript
from nn_tui.core.translation import tr, tr_plural

_UNIT_WIDTH = 62.0
_MIN_EDGE, _MAX_EDGE, _MAX_DENSE_EDGE = 0.7, 5.0, 2.8  # widths
_LABEL_SIZE, _LABEL_HEIGHT = 10.0, 12.0
_DASHES = "7 2.5"
_VALUE_SIZE = 11.5
_MAX_SCALE_WIDTH = 100.0
_MIN_WIDTH = 480.0


@dataclass(frozen=True, slots=True, eq=False)
class _Drawing:
    """What all parts of the figure need; the places of the weights by layer are None if they have no room."""

    request: FigureRequest
    numbers: NetworkNumbers
    theme: Theme
    layout: UnitLayout
    places: dict[int, list[PlacedLabel]] | None


def draw_network(request: FigureRequest) -> str:
    """Return the figure of the network."""
    theme, numbers = theme_of(request.palette), network_numbers(request)
    names = unit_names(request)
    left = MARGIN + max((svg.text_width(name) for name in names[0]), default=0.0) + 10
    right = MARGIN + max((svg.text_width(name) for name in names[-1]), default=0.0) + 10
    sizes = request.engine.sizes
    flat = layout_units(sizes, _UNIT_WIDTH, left, 0.0)
    width = max(_MIN_WIDTH, flat.columns[-1].x + _UNIT_WIDTH / 2 + right)
    left += (width - right - flat.columns[-1].x - _UNIT_WIDTH / 2) / 2
    above = heading(request, theme, width, _about(request, numbers), standardized_text(request))
    layout = layout_units(sizes, _UNIT_WIDTH, left, above.bottom + 40)
    drawing = _Drawing(request, numbers, theme, layout, _label_places(request, numbers, layout))
    body = [*above.items, *_column_titles(drawing, above.bottom)]
    edges = [_edges(drawing, layer) for layer in range(1, len(sizes))]
    body += [item for item, _ in edges]
    body += [_units(drawing, layer, names[layer]) for layer in range(len(sizes))]
    y = layout.bottom + 8
    body += _legends(drawing, y)
    y += LEGEND_HEIGHT + 8
    notes = _notes(layout, has_dashes=any(has_dashes for _, has_dashes in edges))
    for note in notes:
        for line in svg.wrap(note, width - 2 * MARGIN):
            y += 15
            body.append(svg.text(MARGIN, y, line, fill=theme.dim, size=SMALL, class_="note"))
    title = tr("{title}: network {sizes}", title=above.title, sizes=sizes_text(request.engine.sizes))
    return svg.document(width, y + MARGIN, theme, title, _description(request, above, notes), body)


def _about(request: FigureRequest, numbers: NetworkNumbers) -> str:
    """Return what the edges and the units show."""
    if numbers.is_gradient:
        return tr("Edges: gradients ∂L/∂w. Units: outputs for {sample}.", sample=sample_text(request))
    if numbers.values[-1] is None:
        return tr("Edges: weights.")
    if request.is_whole_pass:
        return tr(
            "Edges: weights after update {update:,}. Units: outputs of these weights for {sample}.",
            update=request.updates, sample=sample_text(request),
        )  # fmt: skip
    return tr("Edges: weights. Units: outputs for {sample}.", sample=sample_text(request))


def _label_places(
    request: FigureRequest, numbers: NetworkNumbers, layout: UnitLayout
) -> dict[int, list[PlacedLabel]] | None:
    """Return the places of the weights by layer, as far as they are known; None if any layer has no room for them."""
    found: dict[int, list[PlacedLabel]] = {}
    for layer, weights in enumerate(numbers.edges if layout.is_roomy else (), 1):
        if weights is not None:
            segments = segments_of(layout, layer)
            texts = [signed_text(request, weights[edge.target, edge.source]) for edge in segments]
            width = max(svg.text_width(words, _LABEL_SIZE) for words in texts) + 6
            places = place_labels(segments, width, _LABEL_HEIGHT)
            if places is None:
                return None
            found[layer] = places
    return found if layout.is_roomy else None


def _column_titles(drawing: _Drawing, y: float) -> list[str]:
    items, theme = [], drawing.theme
    for layer, column in enumerate(drawing.layout.columns):
        if layer:
            activation = drawing.request.engine.activations[layer - 1].name
            first = tr("layer {number}", number=layer)
            second = f"{tr_plural('{count:,} unit', '{count:,} units', column.count)} · {activation}"
        else:
            first = tr("inputs")
            second = tr_plural("{count:,} input", "{count:,} inputs", column.count)
        items.append(
            svg.text(column.x, y + 12, first, fill=theme.text, anchor="middle", class_="column", weight="bold")
        )
        items.append(svg.text(column.x, y + 26, second, fill=theme.dim, size=SMALL, anchor="middle", class_="column"))
    return items


def _edges(drawing: _Drawing, layer: int) -> tuple[str, bool]:
    """Return the edges into a layer (from 1) and whether some are dashed.

    The strongest lie on top, with their weights where there is room in all layers. Where there is none, edges below 0
    are dashed, so that the sign is seen without colours too.
    """
    request, numbers, theme, layout = drawing.request, drawing.numbers, drawing.theme, drawing.layout
    segments, weights = segments_of(layout, layer), numbers.edges[layer - 1]
    if weights is None:
        lines = [_line(edge, theme.grid, _MIN_EDGE, None, "1 3") for edge in segments]
        return svg.group(lines, class_="edges"), False
    scale, places = edge_scale(request, numbers, layout, layer), drawing.places and drawing.places[layer]
    letter, widest = "∂L/∂w" if numbers.is_gradient else "w", _MAX_EDGE if layout.is_roomy else _MAX_DENSE_EDGE
    values = {edge: float(weights[edge.target, edge.source]) for edge in segments}
    texts = {edge: signed_text(request, value) for edge, value in values.items()}

    def size(edge: UnitEdge) -> float:
        value = abs(values[edge])
        return min(1.0, value / scale.limit) if scale.limit and np.isfinite(value) else 0.0

    lines = []
    for edge in sorted(segments, key=size):
        value, line_width = values[edge], _MIN_EDGE + (widest - _MIN_EDGE) * size(edge)
        name = f"{letter}{subscript(layer)}[{edge.target + 1},{edge.source + 1}]"
        tooltip = f"{name} = {texts[edge].removeprefix('+')}"
        is_selected = request.is_selected and request.ref.is_weight and request.ref.layer == layer - 1 and (
            (request.ref.unit, request.ref.input) == (edge.target, edge.source)
        )  # fmt: skip
        if is_selected:
            lines.append(_line(edge, theme.text, line_width + 4, None, class_="selected"))
        dashes = _DASHES if places is None and value < 0 else None
        lines.append(_line(edge, theme.line(value, scale), line_width, tooltip, dashes))
    labels = [
        item
        for place, edge in zip(places or (), segments, strict=False)
        for item in _label(texts[edge], place, edge, theme)
    ]
    return svg.group([*lines, *labels], class_="edges"), places is None and min(values.values()) < 0


def _label(words: str, place: PlacedLabel, edge: UnitEdge, theme: Theme) -> list[str]:
    """Return the weight of an edge on it."""
    (x, y), width = place.center, svg.text_width(words, _LABEL_SIZE) + 4
    turn = f"rotate({svg.number(edge.angle)} {svg.number(x)} {svg.number(y)})"
    background = svg.element(
        "rect", class_="label-background", x=x - width / 2, y=y - _LABEL_HEIGHT / 2, width=width,
        height=_LABEL_HEIGHT, fill=theme.background, transform=turn,
    )  # fmt: skip
    label = svg.text(
        x, y + 0.36 * _LABEL_SIZE, words, fill=theme.text, size=_LABEL_SIZE, anchor="middle", class_="weight",
        transform=turn,
    )  # fmt: skip
    return [background, label]


def _line(
    edge: UnitEdge, color: str, width: float, tooltip: str | None, dashes: str | None = None, class_: str = "edge"
) -> str:
    inside = "" if tooltip is None else svg.element("title", svg.escape(tooltip))
    return svg.element(
        "line", inside, class_=class_, x1=edge.start[0], y1=edge.start[1], x2=edge.end[0], y2=edge.end[1],
        stroke=color, stroke_width=width, stroke_dasharray=dashes,
    )  # fmt: skip


def _units(drawing: _Drawing, layer: int, names: tuple[str, ...]) -> str:
    """Return the units of a column with their outputs, names and biases."""
    request, numbers, theme, layout = drawing.request, drawing.numbers, drawing.theme, drawing.layout
    column, values, last = layout.columns[layer], numbers.values[layer], len(layout.columns) - 1
    biases = numbers.biases[layer - 1] if layer else None
    half, items = layout.unit_width / 2, []
    texts = [] if values is None else value_texts(request, values[list(column.units)], layer)
    for row, (unit, y) in enumerate(zip(column.units, column.ys, strict=True)):
        value = float("nan") if values is None else float(values[unit])
        is_known = values is not None and (
            layer == 0 or request.is_whole_pass or unit < request.known_units("a", layer - 1)
        )
        fill = theme.fill(value, value_scale(request, column, layer)) if is_known else theme.background
        is_selected = is_selected_unit(request, layer, unit, last)
        items.append(
            svg.element(
                "rect", class_="unit", x=column.x - half, y=y - UNIT_HEIGHT / 2, width=layout.unit_width,
                height=UNIT_HEIGHT, rx=UNIT_HEIGHT / 2, fill=fill, stroke=theme.text if is_selected else theme.border,
                stroke_width=3.0 if is_selected else 1.0,
            )
        )  # fmt: skip
        if is_known:
            items.append(
                svg.text(
                    column.x, y + 0.36 * _VALUE_SIZE, texts[row], fill=text_on(fill), size=_VALUE_SIZE,
                    anchor="middle", class_="value",
                )
            )  # fmt: skip
        if layer == 0:
            items.append(
                svg.text(column.x - half - 8, y + 4, names[unit], fill=theme.text, anchor="end", class_="name")
            )
        elif layer == last:
            items.append(svg.text(column.x + half + 8, y + 4, names[unit], fill=theme.text, class_="name"))
        else:
            top = y - UNIT_HEIGHT / 2 - 3
            items.append(svg.plate(column.x, top, names[unit], theme.background, size=SMALL, anchor="middle"))
            items.append(
                svg.text(column.x, top, names[unit], fill=theme.text, size=SMALL, anchor="middle", class_="name")
            )
        if biases is not None:
            items += _bias(drawing, layer, (column.x, y), float(biases[unit]))
    if column.dots is not None:
        more = tr_plural("⋮ {count:,} more", "⋮ {count:,} more", column.count - len(column.units))
        items.append(
            svg.text(column.x, column.dots + 4, more, fill=theme.dim, size=SMALL, anchor="middle", class_="more")
        )
    return svg.group(items, class_="column")


def _bias(drawing: _Drawing, layer: int, center: tuple[float, float], value: float) -> list[str]:
    """Return the bias of a unit: a mark in its colour at the unit's edge, and its number below if there is room."""
    (x, y), theme, layout = center, drawing.theme, drawing.layout
    symbol = f"∂L/∂b{subscript(layer)}" if drawing.numbers.is_gradient else f"b{subscript(layer)}"
    words = f"{symbol} {signed_text(drawing.request, value)}"
    bottom = y + UNIT_HEIGHT / 2
    color = theme.line(value, edge_scale(drawing.request, drawing.numbers, layout, layer))
    mark = svg.element(
        "circle", svg.element("title", svg.escape(words)), class_="bias", cx=x - layout.unit_width / 2 + 9,
        cy=bottom - 0.5, r=3.5, fill=color, stroke=theme.background, stroke_width=0.8,
    )  # fmt: skip
    if drawing.places is None:
        return [mark]
    return [
        mark,
        svg.plate(x, bottom + 13, words, theme.background, size=SMALL, anchor="middle"),
        svg.text(x, bottom + 13, words, fill=theme.text, size=SMALL, anchor="middle", class_="bias-value"),
    ]


def _legends(drawing: _Drawing, y: float) -> list[str]:
    """Return the scales of the values below the columns, and those of the edges below the gaps."""
    request, numbers, theme, layout = drawing.request, drawing.numbers, drawing.theme, drawing.layout
    items = []
    for layer, column in enumerate(layout.columns):
        values = numbers.values[layer]
        is_known = values is not None and np.isfinite(values).all()
        if is_known:
            name = f"a{subscript(layer)}" if layer else "x"
            width = layout.unit_width
            items.append(
                svg.group(
                    scale_legend(column.x - width / 2, y, width, name, value_scale(request, column, layer), theme),
                    class_="scale",
                )
            )
        if layer and numbers.edges[layer - 1] is not None:
            gap = layout.gap(layer)
            width = min(_MAX_SCALE_WIDTH, gap - 24)
            name = f"w{subscript(layer)}, b{subscript(layer)}"
            if numbers.is_gradient:
                name = f"∂L/∂w{subscript(layer)}, ∂L/∂b{subscript(layer)}"
            x = column.x - layout.unit_width / 2 - gap / 2 - width / 2
            scale = edge_scale(request, numbers, layout, layer)
            items.append(svg.group(scale_legend(x, y, width, name, scale, theme), class_="scale"))
    return items


def _notes(layout: UnitLayout, *, has_dashes: bool) -> list[str]:
    """Return sentences on dashed edges and on what is not drawn."""
    notes = [tr("Dashed edges are below 0.")] if has_dashes else []
    for layer in range(1, len(layout.columns)):
        left, right = layout.columns[layer - 1], layout.columns[layer]
        drawn, total = len(left.units) * len(right.units), left.count * right.count
        if drawn < total:
            notes.append(
                tr("Layer {number}: {drawn:,} of {total:,} weights are drawn.", number=layer, drawn=drawn, total=total)
            )
    return notes


def _description(request: FigureRequest, above: Heading, notes: list[str]) -> str:
    """Return what a screen reader says of the figure."""
    sizes = request.engine.sizes
    first = tr(
        "A network with {inputs:,} inputs and {layers:,} layers of {units} units; each unit is joined to all units of "
        "the layer before it. Colour and width of an edge show its weight.",
        inputs=sizes[0], layers=len(sizes) - 1, units=", ".join(map(str, sizes[1:])),
    )  # fmt: skip
    return " ".join([first, *above.lines, *notes])
