"""The layers as a figure: matrices and vectors as numbers on their colours, as far as the pass has computed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.number_text import UNICODE_SIGNS, fmt, number_width
from nn_tui.core.engine.quantities import has_slope
from nn_tui.core.figure import svg
from nn_tui.core.figure.heading import MARGIN, heading, moment_text, sample_text, standardized_text
from nn_tui.core.figure.layer_blocks import (
    MAX_COLUMNS,
    MAX_ROWS,
    LayerBlock,
    array_title,
    block_scale,
    block_values,
    column_names,
    input_titles,
    known_rows,
    ref_at,
    row_names,
    shape_text,
)
from nn_tui.core.figure.legend import LEGEND_HEIGHT, SMALL, scale_legend
from nn_tui.core.figure.names import fit_names
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import Theme, text_on, theme_of
from nn_tui.core.refs import Quantity, QuantityKey
from nn_tui.core.translation import tr, tr_plural

_NUMBER_SIZE = 11.0
_CELL_HEIGHT = 20.0
_BLOCK_GAP, _BAND_GAP = 16.0, 12.0
_TITLE_HEIGHT, _NAMES_HEIGHT = 16.0, 13.0
_MORE_WIDTH = 62.0
_MAX_WIDTH = 900.0
_MIN_WIDTH = 540.0
_MAX_RATIO = 1.45  # of the height to the width of a page, which is as wide as the widest figure
_SIZES = ((MAX_ROWS, MAX_COLUMNS), (8, 6), (6, 4))  # of the largest matrices, tried in this order
_SCALE_WIDTH = 90.0


@dataclass(frozen=True, slots=True)
class _Style:
    """The colours and sizes of all blocks.

    Attributes:
        theme: The colours.
        cell: The width of a cell.
        gutter: The width of the names of rows.
        rows: The most rows of a block.
        columns: The most columns of a block.
    """

    theme: Theme
    cell: float
    gutter: float
    rows: int
    columns: int

    def width(self, block: LayerBlock) -> float:
        """Return the width of a block, with the dots that stand for columns that are not shown."""
        return block.shown_columns * self.cell + (_MORE_WIDTH if block.columns > block.shown_columns else 0.0)


def draw_layer(request: FigureRequest) -> str:
    """Return the figure of all layers if they fit on a page, else of the layer of the selected number."""
    everything, own = list(range(len(request.engine.sizes) - 1)), [_selected_layer(request)]
    tries = [(everything, *_SIZES[0])] if not request.is_selected else []
    tries += [(own, *size) for size in _SIZES]
    for layers, rows, columns in tries:
        drawn = _draw_layers(request, layers, rows, columns)
        if drawn.height <= _MAX_RATIO * max(drawn.width, _MAX_WIDTH):
            break
    return drawn.document


class _Drawn(NamedTuple):
    """A figure and its size."""

    document: str
    width: float
    height: float


def _draw_layers(request: FigureRequest, layers: list[int], rows: int, columns: int) -> _Drawn:
    """Return the figure of some layers, of whose matrices some rows and columns are shown."""
    theme = theme_of(request.palette)
    cell = number_width(request.digits) * 0.64 * _NUMBER_SIZE + 6
    names = [name for layer in layers for name in (*row_names(request, layer), *input_titles(layer))]
    gutter = max(svg.text_width(name) for name in names) + 8
    style = _Style(theme, cell, gutter, rows, columns)
    plans = [(layer, _bands(request, layer, style, is_first=layer == layers[0])) for layer in layers]
    widest = max(_band_width(band, style) for _, bands in plans for band in bands)
    width = max(_MIN_WIDTH, gutter + widest + 2 * MARGIN)
    above = heading(
        request, theme, width, _about(request), standardized_text(request), moment=moment_text(request, is_pass=True)
    )
    body, y = list(above.items), above.bottom
    for layer, bands in plans:
        y += 14
        body.append(svg.text(MARGIN, y, _layer_title(request, layer), fill=theme.text, weight="bold", class_="layer"))
        y += 8
        for band in bands:
            items, height = _draw_band(request, band, style, y)
            body.append(svg.group(items, class_="band"))
            y += height + _BAND_GAP
        y += 6
    body += _legend(theme, y)
    y += LEGEND_HEIGHT + 8
    title = tr("{title}: layers in numbers", title=above.title)
    description = tr(
        "Matrices and vectors as far as the pass has computed them; every row is a unit. {moment}",
        moment=" ".join(above.lines),
    )
    height = y + MARGIN - _BAND_GAP
    return _Drawn(svg.document(width, height, theme, title, description, body), width, height)


def _legend(theme: Theme, y: float) -> list[str]:
    """Return the two scales of colours; every quantity of a layer has its own limit."""
    ends = (tr("−max"), tr("+max")), ("0", tr("max"))
    words = tr("max is the largest magnitude of a quantity in the shown part of its layer; weights and biases share it")
    left = MARGIN + 2 * _SCALE_WIDTH + 40
    return [
        *scale_legend(MARGIN, y, _SCALE_WIDTH, tr("with a sign"), NumberScale("diverging", 1.0), theme, ends[0]),
        *scale_legend(
            MARGIN + _SCALE_WIDTH + 16,
            y,
            _SCALE_WIDTH,
            tr("never negative"),
            NumberScale("sequential", 1.0),
            theme,
            ends[1],
        ),
        *(
            svg.text(left, y + 14 + 13 * line, part, fill=theme.dim, size=SMALL, class_="note")
            for line, part in enumerate(svg.wrap(words, _MIN_WIDTH - MARGIN - left, SMALL))
        ),
    ]


def _about(request: FigureRequest) -> str:
    """Return what the numbers belong to."""
    texts = []
    if request.trace.n > 1:
        texts.append(tr("x, z, a and δ are of {sample}; dW and db add up the batch.", sample=sample_text(request)))
    if request.step.phase == "update":
        texts.append(
            tr(
                "W is the matrix before update {update:,}, with which all of this is computed; W′ is the one after it.",
                update=request.trace.update,
            )
        )
    return " ".join(texts)


def _selected_layer(request: FigureRequest) -> int:
    """Return the layer of the selected number."""
    return len(request.engine.sizes) - 2 if request.ref.quantity in ("y", "term", "loss") else request.ref.layer


def _layer_title(request: FigureRequest, layer: int) -> str:
    sizes = request.engine.sizes
    if layer == len(sizes) - 2:
        return tr(
            "Layer {number} of {count} · output · {activation} · {inputs} → {units}",
            number=layer + 1, count=len(sizes) - 1, activation=request.engine.activations[layer].name,
            inputs=sizes[layer], units=sizes[layer + 1],
        )  # fmt: skip
    return tr(
        "Layer {number} of {count} · hidden · {activation} · {inputs} → {units}",
        number=layer + 1, count=len(sizes) - 1, activation=request.engine.activations[layer].name,
        inputs=sizes[layer], units=sizes[layer + 1],
    )  # fmt: skip


def _bands(request: FigureRequest, layer: int, style: _Style, *, is_first: bool) -> list[list[LayerBlock]]:
    """Return the blocks of a layer, those of each band side by side; later phases only once they have begun."""
    engine = request.engine
    inputs, units = engine.sizes[layer], engine.sizes[layer + 1]
    is_last = layer == len(engine.sizes) - 2

    def blocks(*names: Quantity, after: bool = False, slot: str = "") -> list[LayerBlock]:
        keys = [QuantityKey(name, slot, after) for name in names]
        return [
            LayerBlock(
                key, layer, units, inputs if key.is_weight else 1, max_rows=style.rows, max_columns=style.columns
            )
            for key in keys
        ]

    def input_row(key: QuantityKey, layer: int) -> list[LayerBlock]:
        most = max(style.columns, MAX_COLUMNS)
        return [LayerBlock(key, layer, 1, inputs, is_input_row=True, max_columns=most)]

    groups: list[list[LayerBlock]] = []
    if is_first:
        groups.append(input_row(QuantityKey("a") if layer else QuantityKey("x"), max(0, layer - 1)))
    groups.append(blocks("w", "b", "z", "a", *(("y", "term") if is_last else ())))
    slopes: tuple[Quantity, ...] = ("slope",) if has_slope(engine.activations[layer].name) else ()
    backward = blocks("dw", "db", "dz", "da", *slopes)
    if any(request.known_units(block.key, layer) for block in backward if block.key.quantity != "slope"):
        groups.append(backward)
        if layer == 0:
            groups.append(input_row(QuantityKey("dx"), 0))
    if request.known_units("step_w", layer):
        groups += _joined([blocks("step_w", "step_b"), blocks("w", "b", after=True)], style)
        states = [blocks("state_w", "state_b", after=True, slot=slot) for slot in engine.optimizer.slots]
        groups += _joined(states, style)
    return [band for group in groups for band in _wrapped(group, style)]


def _joined(groups: list[list[LayerBlock]], style: _Style) -> list[list[LayerBlock]]:
    """Return groups of blocks as a single one if they have room side by side."""
    blocks = [block for group in groups for block in group]
    return [blocks] if blocks and style.gutter + _band_width(blocks, style) <= _MAX_WIDTH else groups


def _wrapped(blocks: list[LayerBlock], style: _Style) -> list[list[LayerBlock]]:
    """Return blocks in bands that are not too wide."""
    bands: list[list[LayerBlock]] = [[]]
    for block in blocks:
        if bands[-1] and style.gutter + _band_width([*bands[-1], block], style) > _MAX_WIDTH:
            bands.append([])
        bands[-1].append(block)
    return bands


def _band_width(blocks: list[LayerBlock], style: _Style) -> float:
    return sum(style.width(block) for block in blocks) + _BLOCK_GAP * (len(blocks) - 1)


def _draw_band(request: FigureRequest, blocks: list[LayerBlock], style: _Style, top: float) -> tuple[list[str], float]:
    """Return the elements of a band and its height."""
    theme, first = style.theme, blocks[0]
    has_names = any(block.key.is_weight for block in blocks) or first.is_input_row
    title_height = 0.0 if first.is_input_row else _TITLE_HEIGHT
    y = top + title_height + (_NAMES_HEIGHT if has_names else 0.0)
    items, x = [], MARGIN + style.gutter
    layer = first.layer if first.key.quantity in ("x", "dx") or not first.is_input_row else first.layer + 1
    rows = row_names(request, layer)
    if first.is_input_row:
        rows = (array_title(first.key, first.layer),)
    for row in range(first.shown_rows):
        base = y + row * _CELL_HEIGHT + 0.7 * _CELL_HEIGHT
        items.append(svg.text(x - 8, base, rows[row], fill=theme.text, anchor="end", class_="row-name"))
    height = y - top + first.shown_rows * _CELL_HEIGHT
    if first.rows > first.shown_rows:
        more = tr_plural("⋮ {count:,} more", "⋮ {count:,} more", first.rows - first.shown_rows)
        items.append(svg.text(x, top + height + 12, more, fill=theme.dim, size=SMALL, class_="more"))
        height += 14
    for block in blocks:
        items += _draw_block(request, block, style, x, y, has_names)
        x += style.width(block) + _BLOCK_GAP
    return items, height


def _draw_block(
    request: FigureRequest, block: LayerBlock, style: _Style, x: float, y: float, has_names: bool
) -> list[str]:
    theme, items = style.theme, []
    width = style.width(block)
    if not block.is_input_row:
        name, shape = array_title(block.key, block.layer), shape_text(request, block)
        base = y - (_NAMES_HEIGHT if has_names else 0.0) - 4
        room = width + _BLOCK_GAP - 4
        items.append(svg.text(x, base, svg.shorten(name, room), fill=theme.text, class_="array"))
        left = svg.text_width(name) + 6
        if left + svg.text_width(shape, SMALL) <= room:
            items.append(svg.text(x + left, base, shape, fill=theme.dim, size=SMALL, class_="shape"))
    if block.key.is_weight or block.is_input_row:
        layer = block.layer if block.key.quantity in ("x", "dx") or block.key.is_weight else block.layer + 1
        for column, name in enumerate(
            fit_names(column_names(request, layer)[: block.shown_columns], style.cell - 4, SMALL)
        ):
            middle = x + (column + 0.5) * style.cell
            items.append(
                svg.text(middle, y - 3, name, fill=theme.dim, size=SMALL, anchor="middle", class_="column-name")
            )
    items += _cells(request, block, style, x, y)
    if block.columns > block.shown_columns:
        more = tr("… of {count:,}", count=block.columns)
        base = y + 0.7 * _CELL_HEIGHT
        items.append(svg.text(x + width - 2, base, more, fill=theme.dim, size=SMALL, anchor="end", class_="more"))
    return items


def _cells(request: FigureRequest, block: LayerBlock, style: _Style, x: float, y: float) -> list[str]:
    """Return the cells of a block; those that the pass has not computed are blank."""
    theme, items = style.theme, []
    known = known_rows(request, block)
    values = block_values(request, block) if known else None
    scale = block_scale(request, block) if known else None
    digits, width = request.digits, number_width(request.digits)
    for row in range(block.shown_rows):
        for column in range(block.shown_columns):
            left, top = x + column * style.cell, y + row * _CELL_HEIGHT
            is_known = values is not None and (block.is_input_row or row < known)
            is_selected = request.is_selected and ref_at(request, block, row, column) == request.ref
            value = float(values[row, column]) if values is not None and is_known else 0.0
            fill = theme.fill(value, scale) if scale is not None and is_known else theme.background
            items.append(
                svg.element(
                    "rect", class_="cell" if is_known else "blank", x=left, y=top, width=style.cell,
                    height=_CELL_HEIGHT, fill=fill, stroke=theme.grid, stroke_width=0.8,
                )
            )  # fmt: skip
            if is_known:
                words = fmt(value, digits, width=width, glyphs=UNICODE_SIGNS).strip()
                items.append(
                    svg.text(
                        left + style.cell - 4, top + 0.7 * _CELL_HEIGHT, words, fill=text_on(fill), size=_NUMBER_SIZE,
                        anchor="end", class_="number",
                    )
                )  # fmt: skip
            if is_selected:
                frame = svg.element(
                    "rect", class_="selected", x=left + 1, y=top + 1, width=style.cell - 2, height=_CELL_HEIGHT - 2,
                    fill="none", stroke=theme.text, stroke_width=2.0,
                )  # fmt: skip
                items.append(frame)
    return items
