"""The matrices and vectors in the figure of the layers: their numbers, titles and names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nn_tui.core.data.labels import input_labels, unit_labels
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.scales import Part, quantity_scale
from nn_tui.core.engine.quantities import input_of, is_frozen, quantity
from nn_tui.core.figure.names import fit_names
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.refs import BY_SAMPLE, STATE_LETTERS, Quantity, QuantityKey, Ref
from nn_tui.core.spec import Array
from nn_tui.core.text import subscript
from nn_tui.core.translation import tr

MAX_ROWS, MAX_COLUMNS = 12, 8
"""The rows and columns of a matrix that are shown if there is room; of more, the first ones are."""

_MAX_NAME_WIDTH = 90.0


@dataclass(frozen=True, slots=True)
class LayerBlock:
    """A matrix, or a vector as a column, or the inputs as a row.

    Attributes:
        key: The quantity.
        layer: Its layer.
        rows: The number of its rows.
        columns: The number of its columns.
        is_input_row: Whether it is the row of inputs of the layer after it, or of their gradient.
        max_rows: The rows that there is room for.
        max_columns: The columns that there is room for.
    """

    key: QuantityKey
    layer: int
    rows: int
    columns: int
    is_input_row: bool = False
    max_rows: int = MAX_ROWS
    max_columns: int = MAX_COLUMNS

    @property
    def shown_rows(self) -> int:
        """The rows that are shown."""
        return min(self.rows, self.max_rows)

    @property
    def shown_columns(self) -> int:
        """The columns that are shown."""
        return min(self.columns, self.max_columns)


def block_scale(request: FigureRequest, block: LayerBlock) -> NumberScale:
    """Return the scale of a block: that of the part of its layer that is shown."""
    if block.key.quantity == "x":
        return request.input_scale(range(block.shown_columns))
    sizes, is_row = request.engine.sizes, block.is_input_row
    # A row of inputs has the units of the layer before as its columns, and dx the inputs of its own layer.
    counts = (block.columns, 0) if is_row else (sizes[block.layer + 1], sizes[block.layer])
    units = min(counts[0], block.max_columns if is_row else block.max_rows)
    inputs = min(counts[1], block.max_columns)
    is_cut = units < counts[0] or inputs < counts[1]
    part = Part(list(range(units)), list(range(inputs))) if is_cut else None
    return quantity_scale(request.engine, request.trace, block.key, block.layer, part)


def known_rows(request: FigureRequest, block: LayerBlock) -> int:
    """Return how many rows of a block the pass has computed; of a row of inputs, whether all of it is."""
    known = request.known_units(block.key, block.layer)
    if block.key.quantity == "dx":
        return int(known == request.engine.sizes[1])
    if block.is_input_row and block.key.quantity == "a":
        return int(known == block.columns)
    return known


def block_values(request: FigureRequest, block: LayerBlock) -> Array:
    """Return the numbers of a block (rows, columns)."""
    trace, sample = request.trace, request.ref.sample
    if block.is_input_row and block.key.quantity == "a":
        return input_of(trace, block.layer + 1)[[sample]]
    values = quantity(request.engine, trace, block.key, block.layer)
    if block.key.is_weight:
        return values
    if block.key.quantity in BY_SAMPLE:
        return values[[sample]] if block.is_input_row else values[sample][:, None]
    return values[:, None]


def ref_at(request: FigureRequest, block: LayerBlock, row: int, column: int) -> Ref:
    """Return the address of a number of a block, with the sample of the request."""
    sample = request.ref.sample
    if block.is_input_row:
        return block.key.at(block.layer, column, 0, sample)
    layer = 0 if block.key.quantity in ("y", "term") else block.layer
    ref = block.key.at(layer, row, column if block.key.is_weight else request.ref.input, sample)
    return ref if block.key.is_weight else replace(ref, input=request.ref.input)


def row_names(request: FigureRequest, layer: int) -> tuple[str, ...]:
    """Return the names of the units of a layer."""
    units = request.engine.sizes[layer + 1]
    if layer == len(request.engine.sizes) - 2:
        names = unit_labels(request.data)
        if request.engine.loss.is_mistake_driven:
            names = tuple(tr("unit {number}", number=number) for number in range(1, len(names) + 1))
        if len(names) == units:
            return fit_names(names, _MAX_NAME_WIDTH)
    return tuple(f"h{subscript(unit + 1)}" for unit in range(units))


def column_names(request: FigureRequest, layer: int) -> tuple[str, ...]:
    """Return the names of the inputs of a layer."""
    inputs = request.engine.sizes[layer]
    names = input_labels(request.data)
    if layer == 0 and len(names) == inputs:
        return names
    return tuple(f"{'h' if layer else 'x'}{subscript(unit + 1)}" for unit in range(inputs))


def input_titles(layer: int) -> tuple[str, ...]:
    """Return the titles of the rows that have the inputs of a layer as columns."""
    return ("x", "dx") if layer == 0 else (array_title(QuantityKey("a"), layer - 1),)


def array_title(key: QuantityKey, layer: int) -> str:
    """Return the title of an array: ``W₁``, ``dW₁``, ``ΔW₁``, ``W₁′``."""
    sub, prime = subscript(layer + 1), "′" if key.after else ""
    if key.is_optimizer_state:
        parameters = f"{'W' if key.is_weight else 'b'}{sub}"
        return tr("{state} of {parameters}", state=f"{STATE_LETTERS[key.slot]}{prime}", parameters=parameters)
    titles: dict[Quantity, str] = {
        "x": "x", "y": tr("target y"), "dx": "dx", "w": f"W{sub}{prime}", "b": f"b{sub}{prime}", "z": f"z{sub}",
        "a": f"a{sub}", "term": tr("loss"), "dw": f"dW{sub}", "db": f"db{sub}", "da": f"da{sub}",
        "slope": f"∂a/∂z{sub}", "dz": f"δ{sub}", "step_w": f"ΔW{sub}", "step_b": f"Δb{sub}",
    }  # fmt: skip
    return titles[key.quantity]


def shape_text(request: FigureRequest, block: LayerBlock) -> str:
    """Return the shape of an array, and that it is frozen."""
    shape = f"{block.rows}×{block.columns}" if block.key.is_weight else f"{block.rows}"
    is_parameter = block.key.quantity in ("w", "b") and not block.key.after
    if (is_parameter or block.key.is_step) and is_frozen(request.engine, block.key, block.layer):
        return tr("{shape} · frozen", shape=shape)
    return shape
