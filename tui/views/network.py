"""The network view: the units for the selected sample; edges by weight or, in the backward pass, by gradient."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from textual.strip import Strip

from nn_tui.core.data.labels import prediction_labels
from nn_tui.core.nn.activations import Activation
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.translation import tr
from nn_tui.tui.draw.network import draw_network, unit_at
from nn_tui.tui.draw.network_edges import edge_labels, nearest_edge
from nn_tui.tui.draw.network_layout import layout_network
from nn_tui.tui.draw.network_view import NetworkSelection, NetworkView
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.progress import pass_text
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.session import Session, select
from nn_tui.tui.view import Click
from nn_tui.tui.views import health
from nn_tui.tui.views.block_properties import input_names, unit_names
from nn_tui.tui.views.output.moves import show_unit
from nn_tui.tui.views.output.output_views import shows_unit_response
from nn_tui.tui.views.tips import exact_value

_MAX_EDGE_DISTANCE = 0.75  # lines between an edge and a click on it
_MAX_DIGITS = 4
_MAX_INTEGER_INPUT = 100


def network_view(session: Session) -> NetworkView:
    """Return the network at the cursor; its parameters are those before the update, from which z and a come."""
    trace, sizes, sample = session.trace, session.engine.sizes, session.ref.sample
    layers = range(len(sizes) - 1)
    is_backward = session.step.phase == "backward"
    last_quantity = QuantityKey("db" if is_backward else "a")
    if session.step.phase == "update":
        last_quantity = QuantityKey("w", after=True)
    if is_backward:
        edges = tuple(trace.dw[layer] if session.known_units("dw", layer) else None for layer in layers)
        biases = tuple(trace.db[layer] if session.known_units("db", layer) else None for layer in layers)
    else:
        edges, biases = tuple(trace.before.weights), tuple(trace.before.biases)
    hidden = {
        name: frozenset(k + 1 for k in layers if session.known_units(name, k) < sizes[k + 1]) for name in ("a", "db")
    }
    fixed = {k + 1 for k in layers if _has_fixed_scale(session.engine.activations[k])}
    outputs = [_known_part(trace.a[layer][sample], session.known_units("a", layer)) for layer in layers]
    return NetworkView(
        sizes=sizes,
        input_names=_as_tuple(input_names(session, 0)),
        output_names=_output_names(session),
        values=(trace.x[sample], *outputs),
        edges=edges,
        biases=biases,
        mode="gradients" if is_backward else "weights",
        value_scales=(scale_of(session, "x", 0), *(scale_of(session, "a", layer) for layer in layers)),
        edge_scales=tuple(scale_of(session, "dw" if is_backward else "w", layer) for layer in layers),
        activations=tuple(activation.name for activation in session.engine.activations),
        selected=_network_selection(session),
        done=frozenset(k + 1 for k in layers if session.known_units(last_quantity, k) == sizes[k + 1]),
        current=None if session.step.layer is None else session.step.layer + 1,
        digits=_MAX_DIGITS if session.digits is None else min(session.digits, _MAX_DIGITS),
        integer_inputs=has_small_integer_inputs(session.experiment.data),
        hidden_value_scales=hidden["a"] - fixed,
        hidden_edge_scales=hidden["db"] if is_backward else frozenset(),
    )


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the network diagram."""
    return draw_network(network_view(session), palette, width, height)


def title(session: Session, palette: Palette) -> str:
    """Return the panel's title: the name of the first finding that concerns a layer, and the update."""
    glyphs = palette.glyphs
    finding = next((finding.name for finding in health.current_findings(session) if finding.layer is not None), None)
    parts = [tr("Network"), *([f"{glyphs.warn} {finding}"] if finding else []), pass_text(session)]
    return f" {glyphs.dot} ".join(parts)


def edge_hit(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """Return the weight whose label is at cell (x, y) of a drawing of that size, or whose edge is near; or None."""
    view = network_view(session)
    layout = layout_network(view, palette.glyphs, max(1, width), max(1, height))
    for left, right in pairwise(layout.columns) if layout else ():
        for label in edge_labels(view, palette, left, right, max(1, height)):
            if label.y == y and label.x <= x < label.x + len(label.text):
                return Ref("w", right.layer - 1, label.target, label.source, session.ref.sample)
        edge = nearest_edge(view, palette, left, right, max(1, height), x, y)
        if edge is not None and edge[0] < _MAX_EDGE_DISTANCE:
            return Ref("w", right.layer - 1, edge[1], edge[2], session.ref.sample)
    return None


def unit_hit(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> tuple[int, int] | None:
    """Return (layer, unit) at cell (x, y) of a drawing of that size, None without a unit; layer 0 are the inputs."""
    return unit_at(network_view(session), palette, width, height, x, y)


def click(session: Session, click: Click) -> Session:
    """Select the unit or the edge that was clicked.

    A hidden unit's response is shown in the output, if the first view of the output is chosen.
    """
    point = (click.palette, click.width, click.height, click.x, click.y)
    hit = unit_hit(session, *point)
    if hit is not None:
        is_response_visible = shows_unit_response(session, click.palette, *click.sizes["output"])
        return show_unit(select(session, _ref_of_unit(session, *hit)), is_response_visible)
    edge = edge_hit(session, *point)
    return session if edge is None else select(session, edge)


def tip(session: Session, click: Click) -> str | None:
    """Return the exact z and a of the unit under the pointer, or the exact value of an input."""
    hit = unit_hit(session, click.palette, click.width, click.height, click.x, click.y)
    if hit is None:
        return None
    ref = _ref_of_unit(session, *hit)
    refs = (ref,) if ref.quantity == "x" else (replace(ref, quantity="z"), ref)
    return "\n".join(filter(None, (exact_value(session, each) for each in refs)))


def _ref_of_unit(session: Session, layer: int, unit: int) -> Ref:
    sample = session.ref.sample
    return Ref("a", layer - 1, unit, 0, sample) if layer else Ref("x", 0, unit, 0, sample)


def _network_selection(session: Session) -> NetworkSelection:
    """Return the selected number's unit or weight in the drawing, whose layer 0 is the inputs; None for the loss."""
    ref = session.ref
    if ref.quantity == "loss":
        return None
    if ref.is_weight:
        return (ref.layer + 1, ref.unit, ref.input)
    if ref.quantity in ("x", "dx"):
        return (ref.layer, ref.unit)
    if ref.quantity in ("y", "term"):
        return (len(session.engine.sizes) - 1, ref.unit)
    return (ref.layer + 1, ref.unit)


def _output_names(session: Session) -> tuple[str, ...]:
    """Return the names of the outputs; a perceptron's unit shows z, and its prediction is step(z)."""
    if session.engine.loss.is_mistake_driven:
        return tuple(tr("z of {name}", name=name) for name in prediction_labels(session.experiment.data))
    return _as_tuple(unit_names(session, len(session.engine.sizes) - 2))


def _has_fixed_scale(activation: Activation) -> bool:
    """Return whether the colour scale of an activation's values does not depend on the pass."""
    return activation.low is not None and activation.high is not None


@lru_cache(maxsize=2)
def has_small_integer_inputs(data: Dataset) -> bool:
    """Return whether all inputs are integers of at most two digits, such as the 0 and 1 of XOR."""
    return bool(np.all(np.rint(data.x) == data.x) and np.abs(data.x).max(initial=0.0) < _MAX_INTEGER_INPUT)


def _known_part(values: Array, known: int) -> Array | None:
    """Return the first ``known`` values and NaN for the others; None if none is known."""
    if known == 0:
        return None
    if known >= values.size:
        return values
    shown = np.full(values.size, np.nan)
    shown[:known] = values[:known]
    return shown


def _as_tuple(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return () if isinstance(names, str) else names
