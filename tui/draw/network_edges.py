"""The edges between two layers of the network drawing: which are drawn, their colours, and their values as labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from nn_tui.core.spec import Array
from nn_tui.tui.draw.canvas import Canvas
from nn_tui.tui.draw.edge_labels import Line, label_edges, stack_labels
from nn_tui.tui.draw.edges import Edge, draw_edges
from nn_tui.tui.draw.network_layout import LayerColumn, gap_between
from nn_tui.tui.draw.network_legend import HEAVY_EDGE_SHARE, uses_dashes
from nn_tui.tui.draw.network_view import NetworkSelection, NetworkView
from nn_tui.tui.draw.palette import Palette

_MIN_WIDTH_FOR_HEAVY_EDGES = 5
_MIN_ASCII_WIDTH = 6  # from which edges that cross are drawn in ASCII
_CELLS_PER_EDGE = 12
_MIN_EDGES = 10
_MAX_EDGES_ALL_DRAWN = 16  # between two layers
_BOLD = Style(bold=True)


@dataclass(frozen=True, slots=True)
class EdgeLabel:
    """The value of an edge from unit ``source`` to unit ``target``, written from the cell (x, y) on."""

    target: int
    source: int
    x: int
    y: int
    text: str
    value: float
    in_focus: bool


@dataclass(frozen=True, slots=True, eq=False)
class _GapEdges:
    """The edges between two columns.

    Attributes:
        values: Their values (targets, sources), for the visible units.
        focus: Mask (targets, sources) of the edges that belong to the selection.
        chosen: The edges to draw as (target, source) of visible units, the most important first.
        lines: The rows of each of these edges at its two ends.
        width: The cells of the lines.
        labels: The values of edges.
    """

    values: Array
    focus: NDArray[np.bool_]
    chosen: list[tuple[int, int]]
    lines: dict[tuple[int, int], Line]
    width: int
    labels: list[EdgeLabel]


def draw_gap(
    canvas: Canvas, view: NetworkView, palette: Palette, left: LayerColumn, right: LayerColumn
) -> tuple[int, int]:
    """Draw the edges between two columns, the strongest last.

    Returns:
        The number of edges that are drawn, and of all edges between the two layers.
    """
    gap = _gap_edges(view, palette, left, right, canvas.height)
    if gap is None:
        return 0, 0
    scale = view.edge_scales[right.layer - 1]
    x, _ = gap_between(left, right)
    fractions = _full_color_fractions(gap.values, scale.limit)
    is_weight_selected = view.selected is not None and len(view.selected) == 3
    can_be_heavy = gap.width >= _MIN_WIDTH_FOR_HEAVY_EDGES or bool(gap.labels)
    edges = []
    for target, source in reversed(gap.chosen):
        fraction, in_focus = float(fractions[target, source]), bool(gap.focus[target, source])
        is_large = not abs(fraction) < HEAVY_EDGE_SHARE  # NaN is drawn as a heavy line too
        edges.append(
            Edge(
                *gap.lines[target, source],
                palette.number_fg(float(gap.values[target, source]), scale),
                can_be_heavy and in_focus and (is_weight_selected or is_large),
                fraction < 0 and uses_dashes(palette),
                not in_focus,
            )
        )
    draw_edges(canvas, x, gap.width, edges, ascii_only=palette.glyphs.is_ascii)
    for label in gap.labels:
        canvas.put(label.x, label.y, label.text, palette.style("text"))
        number = label.text.strip()
        style = palette.number(label.value, scale)
        start = label.x + len(label.text) - len(label.text.lstrip())
        canvas.put(start, label.y, number, style + _BOLD if label.in_focus and is_weight_selected else style)
    return len(edges), view.sizes[left.layer] * view.sizes[right.layer]


def edge_labels(
    view: NetworkView, palette: Palette, left: LayerColumn, right: LayerColumn, height: int
) -> list[EdgeLabel]:
    """Return the labels of the edges between two columns of a drawing of ``height`` lines.

    If not all edges have room for a label, those in focus may have one.
    """
    gap = _gap_edges(view, palette, left, right, height)
    return [] if gap is None else gap.labels


def nearest_edge(
    view: NetworkView, palette: Palette, left: LayerColumn, right: LayerColumn, height: int, x: int, y: int
) -> tuple[float, int, int] | None:
    """Return the edge between two columns that is drawn nearest to a cell: (distance in lines, target, source)."""
    gap = _gap_edges(view, palette, left, right, height)
    start, _ = gap_between(left, right)
    if gap is None or not start <= x < start + gap.width:
        return None
    fraction = (x - start) / max(1, gap.width - 1)
    return min(
        (
            (abs(first + fraction * (last - first) - y), right.units[target].index, left.units[source].index)
            for (target, source), (first, last) in gap.lines.items()
        ),
        default=None,
    )


def _gap_edges(
    view: NetworkView, palette: Palette, left: LayerColumn, right: LayerColumn, height: int
) -> _GapEdges | None:
    """Return the edges between two columns; None if their values are not computed."""
    weights, scale = view.edges[right.layer - 1], view.edge_scales[right.layer - 1]
    if weights is None:
        return None
    targets, sources = (np.array([unit.index for unit in column.units]) for column in (right, left))
    values = weights[np.ix_(targets, sources)]
    focus = _focus(view.selected, right.layer, targets, sources)
    _, width = gap_between(left, right)
    total = view.sizes[left.layer] * view.sizes[right.layer]
    fractions = _full_color_fractions(values, scale.limit)
    chosen = _choose_edges(fractions, focus, total, width * height, view.selected is not None)
    if palette.glyphs.is_ascii and width < _MIN_ASCII_WIDTH and focus.any():  # crossing lines could not be told apart
        chosen = [index for index in chosen if focus.ravel()[index]]
    edges = [divmod(index, len(sources)) for index in chosen]
    lines = {edge: (left.units[edge[1]].row, right.units[edge[0]].row) for edge in edges}
    labels = _labels(view, palette, left, right, values, focus, lines)
    if not labels and len(edges) == total and (stacks := _stacks(view, palette, left, right, values, focus)):
        label_width = len(stacks[0].text)
        lines = {
            edge: (left.units[edge[1]].row, label.y)
            for edge, label in zip(np.ndindex(values.shape), stacks, strict=True)
        }
        return _GapEdges(values, focus, edges, lines, width - label_width, stacks)
    return _GapEdges(values, focus, edges, lines, width, labels)


def _labels(
    view: NetworkView,
    palette: Palette,
    left: LayerColumn,
    right: LayerColumn,
    values: Array,
    focus: NDArray[np.bool_],
    lines: dict[tuple[int, int], Line],
) -> list[EdgeLabel]:
    """Return labels on the lines of all edges, or of those in focus, or of none."""
    x, width = gap_between(left, right)
    drawn = sorted(lines)
    # Labels of edges in focus may cover other lines, which stand back.
    choices = [drawn] if len(drawn) == view.sizes[left.layer] * view.sizes[right.layer] else []
    choices += [[edge for edge in drawn if focus[edge]]] if view.selected is not None else []
    for edges in choices:
        numbers = np.array([values[edge] for edge in edges])
        labels = label_edges(
            numbers, [lines[edge] for edge in edges], width,
            digits=view.digits, toward_end=len(left.units) < len(right.units), glyphs=palette.glyphs,
        )  # fmt: skip
        if labels:
            return [
                EdgeLabel(
                    right.units[edge[0]].index, left.units[edge[1]].index,
                    x + column, row, text, value, bool(focus[edge]),
                )
                for edge, value, (column, row, text) in zip(edges, numbers.tolist(), labels, strict=True)
            ]  # fmt: skip
    return []


def _stacks(
    view: NetworkView,
    palette: Palette,
    left: LayerColumn,
    right: LayerColumn,
    values: Array,
    focus: NDArray[np.bool_],
) -> list[EdgeLabel]:
    """Return the values into each unit below each other, the last one beside it; none if a stack has no room.

    If a unit has fewer lines above its value, its stack begins in the first of its lines.
    """
    x, width = gap_between(left, right)
    count = len(left.units)
    firsts = [max(unit.top, unit.row - count + 1) for unit in right.units]
    if any(first + count > unit.bottom for first, unit in zip(firsts, right.units, strict=True)):
        return []
    is_beside_biases = any(first + count - 1 > unit.row for first, unit in zip(firsts, right.units, strict=True))
    end = " " if is_beside_biases else ""
    texts = stack_labels(values.ravel(), width - len(end), digits=view.digits, glyphs=palette.glyphs)
    return [
        EdgeLabel(
            right.units[target].index, left.units[source].index,
            x + width - len(text) - len(end), firsts[target] + source, text + end,
            float(values[target, source]), bool(focus[target, source]),
        )
        for (target, source), text in zip(np.ndindex(values.shape) if texts else (), texts, strict=True)
    ]  # fmt: skip


def _choose_edges(fractions: Array, focus: NDArray[np.bool_], total: int, cells: int, has_selection: bool) -> list[int]:
    """Choose the edges to draw: those in focus, then the strongest others, as many as ``cells`` allow.

    Args:
        fractions: Fractions (targets, sources) of full colour.
        focus: Mask (targets, sources) of the edges that belong to the selection.
        total: Number of edges between the two layers.
        cells: Cells between the two columns.
        has_selection: Whether a unit or a weight is selected.

    Returns:
        Indices of the flattened arrays, the most important first.
    """
    sizes = np.where(np.isnan(fractions), 2.0, np.abs(fractions))
    order: list[int] = np.lexsort((-sizes.ravel(), ~focus.ravel())).tolist()
    count = int(focus.sum())
    budget = max(_MIN_EDGES, cells // _CELLS_PER_EDGE)
    near = order[:count][: 2 * budget if has_selection else budget]
    rest = total if total <= _MAX_EDGES_ALL_DRAWN else max(0, budget - 2 * len(near))
    return [*near, *order[count:][:rest]]


def _focus(
    selected: NetworkSelection, layer: int, targets: NDArray[np.intp], sources: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Return a mask (targets, sources) of the edges into ``layer`` that belong to the selection; all without one."""
    shape = len(targets), len(sources)
    if selected is None:
        return np.ones(shape, dtype=np.bool_)
    focus = np.zeros(shape, dtype=np.bool_)
    if selected[0] == layer:
        focus[targets == selected[1]] = True if len(selected) == 2 else sources == selected[2]
    elif selected[0] == layer - 1 and len(selected) == 2:
        focus[:, sources == selected[1]] = True
    return focus


def _full_color_fractions(values: Array, limit: float) -> Array:
    """Return values as fractions of full colour, −1 to 1, same shape; an infinity is ±1, and NaN stays."""
    if limit > 0:
        with np.errstate(over="ignore"):
            fractions = np.clip(values / limit, -1.0, 1.0)
    else:
        fractions = np.where(np.isnan(values), values, 0.0)
    return np.where(np.isinf(values), np.sign(values), fractions)
