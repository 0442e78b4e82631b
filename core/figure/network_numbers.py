"""The numbers and the names in the figure of the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_tui.core.data.labels import input_labels, prediction_labels, unit_labels
from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.number_text import UNICODE_SIGNS, fmt, number_width
from nn_tui.core.display.scales import Part, quantity_scale
from nn_tui.core.figure.names import fit_names
from nn_tui.core.figure.network_layout import UnitColumn, UnitLayout
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.spec import Array
from nn_tui.core.text import subscript
from nn_tui.core.translation import tr

_MAX_DIGITS = 4
_MAX_NAME_WIDTH = 130.0


@dataclass(frozen=True, slots=True, eq=False)
class NetworkNumbers:
    """The numbers of the network.

    Attributes:
        values: The outputs (units,) of each layer, the inputs first; NaN for those that are not computed, None if none
            is.
        edges: The weights (units, inputs) of each layer, or their gradients; None if they are not computed.
        biases: The biases (units,) of each layer, or their gradients; None likewise.
        is_gradient: Whether edges and biases are gradients.
    """

    values: tuple[Array | None, ...]
    edges: tuple[Array | None, ...]
    biases: tuple[Array | None, ...]
    is_gradient: bool


def network_numbers(request: FigureRequest) -> NetworkNumbers:
    """Return the numbers at the moment of the request.

    After the whole pass, they are those of the new parameters: the weights after the update, and what these give.
    """
    engine, trace, sample = request.engine, request.trace, request.ref.sample
    layers, sizes = range(len(engine.sizes) - 1), engine.sizes
    if request.is_whole_pass:
        outputs = run_forward(engine, trace.after, trace.x[[sample]])[1]
        values: tuple[Array | None, ...] = (trace.x[sample], *(a[0] for a in outputs))
        return NetworkNumbers(values, tuple(trace.after.weights), tuple(trace.after.biases), False)
    known = [_known(trace.a[layer][sample], request.known_units("a", layer)) for layer in layers]
    is_gradient = request.step.phase == "backward"
    if not is_gradient:
        return NetworkNumbers((trace.x[sample], *known), tuple(trace.before.weights), tuple(trace.before.biases), False)
    edges = tuple(trace.dw[layer] if request.known_units("dw", layer) == sizes[layer + 1] else None for layer in layers)
    biases = tuple(
        trace.db[layer] if request.known_units("db", layer) == sizes[layer + 1] else None for layer in layers
    )
    return NetworkNumbers((trace.x[sample], *known), edges, biases, True)


def _known(values: Array, count: int) -> Array | None:
    """Return the first ``count`` values, and NaN for the others; None for none."""
    if not count:
        return None
    return values if count >= len(values) else np.where(np.arange(len(values)) < count, values, np.nan)


def unit_names(request: FigureRequest) -> list[tuple[str, ...]]:
    """Return the names of the units of each layer, the inputs first."""
    data, sizes = request.data, request.engine.sizes
    inputs, outputs = input_labels(data), unit_labels(data)
    if request.engine.loss.is_mistake_driven:
        outputs = tuple(tr("z of {name}", name=name) for name in prediction_labels(data))
    names = [tuple(f"h{subscript(unit + 1)}" for unit in range(size)) for size in sizes]
    names[0] = inputs if len(inputs) == sizes[0] else tuple(f"x{subscript(unit + 1)}" for unit in range(sizes[0]))
    if len(outputs) == sizes[-1]:
        names[-1] = outputs
    ends = (0, len(sizes) - 1)
    return [fit_names(column, _MAX_NAME_WIDTH) if layer in ends else column for layer, column in enumerate(names)]


def edge_scale(request: FigureRequest, numbers: NetworkNumbers, layout: UnitLayout, layer: int) -> NumberScale:
    """Return the scale of the drawn weights and biases of a layer (from 1), or of their gradients."""
    before, after = layout.columns[layer - 1], layout.columns[layer]
    is_cut = len(before.units) < before.count or len(after.units) < after.count
    part = Part(list(after.units), list(before.units)) if is_cut else None
    return quantity_scale(request.engine, request.trace, "dw" if numbers.is_gradient else "w", layer - 1, part)


def value_scale(request: FigureRequest, column: UnitColumn, layer: int) -> NumberScale:
    """Return the scale of the drawn outputs of a layer, whose layer 0 are the inputs."""
    if not layer:
        return request.input_scale(column.units)
    part = Part(list(column.units), []) if len(column.units) < column.count else None
    return quantity_scale(request.engine, request.trace, "a", layer - 1, part)


def signed_text(request: FigureRequest, value: float) -> str:
    """Return a weight, a bias or a gradient, with as many digits as in the figure of the layers."""
    digits = _shown_digits(request)
    return fmt(value, digits, width=number_width(digits), glyphs=UNICODE_SIGNS).strip()


def value_texts(request: FigureRequest, values: Array, layer: int) -> list[str]:
    """Return the outputs of the drawn units of a layer; inputs have no decimals if all of them are whole."""
    digits = _shown_digits(request)
    width = number_width(digits)
    finite = values[np.isfinite(values)]
    if layer == 0 and (finite == np.round(finite)).all() and (np.abs(finite) < 100).all():
        digits = 0
    return [fmt(value, digits, width=width, sign=False, glyphs=UNICODE_SIGNS).strip() for value in values.tolist()]


def _shown_digits(request: FigureRequest) -> int:
    """Return the decimals of the numbers in the figure."""
    return _MAX_DIGITS if request.digits is None else min(request.digits, _MAX_DIGITS)


def is_selected_unit(request: FigureRequest, layer: int, unit: int, last: int) -> bool:
    """Return whether the selected number belongs to a unit of a column."""
    ref = request.ref
    if not request.is_selected or ref.quantity == "loss" or ref.is_weight:
        return False
    if ref.quantity in ("x", "dx"):
        return (layer, unit) == (ref.layer, ref.unit)
    if ref.quantity in ("y", "term"):
        return (layer, unit) == (last, ref.unit)
    return (layer, unit) == (ref.layer + 1, ref.unit)
