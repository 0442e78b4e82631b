"""The network view: units of the selected sample, edges by weight and, once backward has run, by gradient."""

from __future__ import annotations

import numpy as np

from nn_tui.core.refs import Ref
from nn_tui.core.spec import Array
from nn_tui.tui.draw.network_layout import NetworkView, layout_network
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import health
from nn_tui.tui.views.block_properties import input_names, quantity_max_magnitude, unit_names

_NEAR = 0.75  # lines between an edge and the click that means it


def network_view(session: Session) -> NetworkView:
    """What the diagram shows at the cursor: all of it of this pass, the parameters as they were before its update."""
    trace, sizes, sample = session.trace, session.engine.sizes, session.ref.sample
    layers = range(len(sizes) - 1)
    phase = session.step.phase
    gradients = phase == "backward"
    moved = phase == "update"
    values: list[Array | None] = [trace.x[sample]]
    edges: list[Array | None] = []
    biases: list[Array | None] = []
    largest = 0.0
    done: set[int] = set()
    for layer in layers:
        known = session.known_units("a", layer)
        values.append(_partly(trace.a[layer][sample], known))
        if gradients:
            count = session.known_units("dw", layer)
            edges.append(trace.dw[layer] if count else None)
            largest = max(largest, quantity_max_magnitude(session, "dw", layer) if count else 0.0)
            biases.append(trace.db[layer] if session.known_units("db", layer) else None)
            complete = session.known_units("db", layer) == sizes[layer + 1]
        else:  # after the update too: z and a come out of these, not out of what has replaced them
            edges.append(trace.before.weights[layer])
            largest = max(largest, quantity_max_magnitude(session, "w", layer))
            biases.append(trace.before.biases[layer])
            complete = session.known_units("w_after" if moved else "a", layer) == sizes[layer + 1]
        if complete:
            done.add(layer + 1)
    ref = session.ref
    selected: tuple[int, int] | tuple[int, int, int] | None
    if ref.is_weight:
        selected = (ref.layer + 1, ref.unit, ref.input)
    elif ref.key in ("x", "dx"):
        selected = (ref.layer, ref.unit)
    elif ref.key == "loss":
        selected = None
    elif ref.key in ("y", "term"):
        selected = (len(sizes) - 1, ref.unit)
    else:
        selected = (ref.layer + 1, ref.unit)
    step = session.step
    return NetworkView(
        sizes=sizes,
        input_names=_names(input_names(session, 0)),
        output_names=_outputs(session),
        values=tuple(values),
        edges=tuple(edges),
        biases=tuple(biases),
        mode="gradients" if gradients else "weights",
        limit=largest,
        activations=tuple(activation.name for activation in session.engine.activations),
        selected=selected,
        done=frozenset(done),
        current=None if step.layer is None else step.layer + 1,
        digits=2 if session.digits is None else min(session.digits, 4),
    )


def _outputs(session: Session) -> tuple[str, ...]:
    """The outputs' names; what a perceptron's unit holds is z, and its answer the step of it."""
    names = _names(unit_names(session, len(session.engine.sizes) - 2))
    return tuple(f"z of {name}" for name in names) if session.engine.loss.name == "perceptron" else names


def title(session: Session, palette: Palette) -> str:
    """The panel's title: which pass is drawn, and the first badge that concerns a layer."""
    glyphs = palette.glyphs
    named = next((badge.name for badge in health.current_badges(session) if badge.layer is not None), None)
    parts = ["Network", *([f"{glyphs.warn} {named}"] if named else []), f"pass {session.trace.update:,}"]
    if session.step.phase == "update" and not named:
        parts.append("old W, b")
    return f" {glyphs.dot} ".join(parts)


def edge_hit(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> Ref | None:
    """The weight whose edge passes nearest to cell (x, y) of the drawing, if one passes through it or beside it."""
    view = network_view(session)
    plan = layout_network(view, palette.glyphs, max(1, width), max(1, height))
    for left, right in zip(plan.columns, plan.columns[1:], strict=False) if plan else ():
        start, end = left.box_x + left.box_width, right.box_x - 1
        if not start <= x <= end or view.edges[right.layer - 1] is None:
            continue
        part = (x - start) / max(1, end - start)
        found = [
            (abs(source.row + part * (target.row - source.row) - y), target.index, source.index)
            for target in right.units
            for source in left.units
        ]
        off, unit, source_index = min(found, default=(1.0, 0, 0))
        if off < _NEAR:
            return Ref("w", right.layer - 1, unit, source_index, session.ref.sample)
    return None


def _partly(values: Array, known: int) -> Array | None:
    """The first ``known`` values; the others NaN, None where nothing is known."""
    if known == 0:
        return None
    if known >= values.size:
        return values
    shown = np.full(values.size, np.nan)
    shown[:known] = values[:known]
    return shown


def _names(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return () if isinstance(names, str) else names
