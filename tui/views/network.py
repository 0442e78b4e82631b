"""The network view: units of the selected sample, edges by weight and, once backward has run, by gradient."""

from __future__ import annotations

import numpy as np

from nn_tui.core.refs import BY_WEIGHT
from nn_tui.core.spec import Array
from nn_tui.tui.draw.network_layout import NetworkView
from nn_tui.tui.session import Session, phase_of
from nn_tui.tui.views.layer import column_names, row_names


def network_view(session: Session) -> NetworkView:
    """What the diagram shows at the cursor."""
    trace, sizes, sample = session.trace, session.engine.sizes, session.ref.sample
    layers = range(len(sizes) - 1)
    phase = phase_of(session)
    gradients = phase == "backward"
    moved = phase == "update"
    values: list[Array | None] = [trace.x[sample]]
    edges: list[Array | None] = []
    biases: list[Array | None] = []
    done: set[int] = set()
    for layer in layers:
        known = session.known("a", layer)
        values.append(_partly(trace.a[layer][sample], known))
        if gradients:
            count = session.known("dw", layer)
            edges.append(trace.dw[layer] if count else None)
            biases.append(trace.db[layer] if session.known("db", layer) else None)
            complete = session.known("db", layer) == sizes[layer + 1]
        elif moved and session.known("w_after", layer) == sizes[layer + 1]:
            edges.append(trace.after.weights[layer])
            biases.append(trace.after.biases[layer])
            complete = True
        else:
            edges.append(trace.before.weights[layer])
            biases.append(trace.before.biases[layer])
            complete = not moved and known == sizes[layer + 1]
        if complete:
            done.add(layer + 1)
    ref = session.ref
    selected: tuple[int, int] | tuple[int, int, int] | None
    if ref.key in BY_WEIGHT or ref.key.endswith(":w"):
        selected = (ref.layer + 1, ref.unit, ref.input)
    elif ref.key == "x":
        selected = (0, ref.unit)
    elif ref.key in ("loss", "y"):
        selected = None
    else:
        selected = (ref.layer + 1, ref.unit)
    stop = session.stop
    return NetworkView(
        sizes=sizes,
        input_names=_names(column_names(session, 0)),
        output_names=_names(row_names(session, len(sizes) - 2)),
        values=tuple(values),
        edges=tuple(edges),
        biases=tuple(biases),
        mode="gradients" if gradients else "weights",
        activations=tuple(activation.name for activation in session.engine.activations),
        selected=selected,
        done=frozenset(done),
        current=None if stop.layer is None else stop.layer + 1,
        digits=2 if session.digits is None else min(session.digits, 4),
    )


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
