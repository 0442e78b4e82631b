"""One pass as JSON data with full precision, as ``nn-tui trace --json`` prints it."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import prediction, quantity
from nn_tui.core.engine.trace import Trace
from nn_tui.core.refs import QuantityKey, QuantityLike
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment

FORMAT = "nn-tui-trace/1"
_KEYS: dict[str, QuantityLike] = {
    "weights": "w", "bias": "b", "z": "z", "a": "a", "da": "da", "dz": "dz", "dw": "dw", "db": "db", "dx": "dx",
    "weights_after": QuantityKey("w", after=True), "bias_after": QuantityKey("b", after=True),
}  # fmt: skip


def trace_pass(
    experiment: Experiment, update: int, run: Run | None = None, *, past_divergence: bool = False
) -> tuple[Engine, Trace]:
    """Compute one pass of an experiment, and return the engine in force and the trace.

    Args:
        experiment: The experiment.
        update: The number of the pass, from 1.
        run: A run of the experiment from which to continue; None means a new one.
        past_divergence: Whether to continue after a divergence. Otherwise a run that diverges before ``update``
            returns the pass that diverges.
    """
    run = run or Run.start(experiment)
    run.goto(update - 1, past_divergence=past_divergence)
    if run.divergence and not past_divergence:
        update = min(update, run.divergence.update)
    return run.engine, run.trace(update)


def json_number(value: float) -> float | str:
    """Return a number that JSON can hold; NaN and infinities become the strings "nan", "inf" and "-inf"."""
    if isfinite(value):
        return float(value)
    return "nan" if value != value else ("inf" if value > 0 else "-inf")


def json_array(array: Array) -> Any:
    """Return the array as a nested list of its shape, with numbers as in :func:`json_number`."""
    if np.isfinite(array).all():
        return array.tolist()
    return json_number(float(array)) if array.ndim == 0 else [json_array(row) for row in array]


def trace_json(experiment: Experiment, update: int = 1, run: Run | None = None) -> dict[str, Any]:
    """Return one pass as an object with the keys on which other tools rely.

    Values of samples have the shape (batch, units) and weights the shape (units, inputs). A layer has the arrays of the
    optimiser's state by name, if the optimiser has a state. Targets and predictions are those of the network, so
    standardised ones stay so. A divergence before the pass does not stop it.

    Args:
        experiment: The experiment.
        update: The number of the pass, from 1.
        run: A run of the experiment from which to continue; None means a new one.
    """
    engine, trace = trace_pass(experiment, update, run, past_divergence=True)
    layers = []
    for index, layer in enumerate(experiment.layers):
        entry: dict[str, Any] = {"activation": layer.activation}
        for name, key in _KEYS.items():
            entry[name] = json_array(quantity(engine, trace, key, index))
        if engine.optimizer.slots:
            entry["optimizer_state"] = {name: _slot(engine, trace, name, index) for name in engine.optimizer.slots}
        layers.append(entry)
    return {
        "format": FORMAT,
        "preset": experiment.preset.id,
        "update": trace.update,
        "epoch": trace.epoch,
        "loss": json_number(trace.loss),
        "data_loss": json_number(trace.data_loss),
        "penalty": json_number(trace.penalty),
        "learning_rate": json_number(trace.learning_rate),
        "x": json_array(trace.x),
        "y": json_array(trace.y),
        "prediction": json_array(prediction(engine, trace)),
        "layers": layers,
    }


def _slot(engine: Engine, trace: Trace, name: str, layer: int) -> dict[str, Any]:
    """Return one array of the optimiser's state for a layer, before and after the pass."""
    slot = engine.optimizer.slots.index(name)
    parts: dict[str, Any] = {}
    for state, suffix in ((trace.before, ""), (trace.after, "_after")):
        weights, biases = state.slot(slot)
        parts |= {f"weights{suffix}": json_array(weights[layer]), f"bias{suffix}": json_array(biases[layer])}
    return parts
