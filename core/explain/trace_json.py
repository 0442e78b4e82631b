"""One pass as data and as text: what ``nn-tui trace`` prints, with full precision and for any reader."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import prediction, quantity
from nn_tui.core.engine.trace import Trace
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment

FORMAT = "nn-tui-trace/1"


def trace_pass(
    experiment: Experiment, update: int, run: Run | None = None, *, past_divergence: bool = False
) -> tuple[Engine, Trace]:
    """Pass ``update`` ≥ 1 from the experiment's start; ``run`` may have gone part of it.

    Of a run that diverges before, the pass that diverges, unless ``past_divergence``.
    """
    run = run or Run.start(experiment)
    run.goto(update - 1, past_divergence=past_divergence)
    if run.divergence and not past_divergence:
        update = min(update, run.divergence.update)
    return run.engine, run.trace(update)


def number(value: float) -> float | str:
    """A JSON-safe number: NaN and the infinities as the strings "nan", "inf", "-inf"."""
    if isfinite(value):
        return float(value)
    return "nan" if value != value else ("inf" if value > 0 else "-inf")


def numbers(array: Array) -> Any:
    """A (nested) list of JSON-safe numbers of the array's shape, full round-trip precision."""
    if np.isfinite(array).all():
        return array.tolist()
    return number(float(array)) if array.ndim == 0 else [numbers(row) for row in array]


def trace_json(experiment: Experiment, update: int = 1, run: Run | None = None) -> dict[str, Any]:
    """Pass ``update`` as one object with the keys that other tools rely on; shapes as in the conventions.

    Matrices of samples are (batch, units), weights (units, inputs); so are those of an optimiser's state, which a
    layer has by name where its optimiser has one. It is that pass also beyond a divergence.
    """
    engine, trace = trace_pass(experiment, update, run, past_divergence=True)
    layers = []
    for index, layer in enumerate(experiment.layers):
        entry: dict[str, Any] = {"activation": layer.activation}
        for name, key in (
            ("weights", "w"), ("bias", "b"), ("z", "z"), ("a", "a"), ("da", "da"), ("dz", "dz"), ("dw", "dw"),
            ("db", "db"), ("dx", "dx"), ("weights_after", "w_after"), ("bias_after", "b_after"),
        ):  # fmt: skip
            entry[name] = numbers(quantity(engine, trace, key, index))
        if engine.optimizer.slots:
            entry["optimizer_state"] = {name: _slot(engine, trace, name, index) for name in engine.optimizer.slots}
        layers.append(entry)
    return {
        "format": FORMAT,
        "preset": experiment.preset.id,
        "update": trace.update,
        "epoch": trace.epoch,
        "loss": number(trace.loss),
        "data_loss": number(trace.data_loss),
        "penalty": number(trace.penalty),
        "x": numbers(trace.x),
        "y": numbers(trace.y),
        "prediction": numbers(prediction(engine, trace)),
        "layers": layers,
    }


def _slot(engine: Engine, trace: Trace, name: str, layer: int) -> dict[str, Any]:
    """One array of the optimiser's state for a layer, before and after the pass."""
    slot = engine.optimizer.slots.index(name)
    parts: dict[str, Any] = {}
    for state, ending in ((trace.before, ""), (trace.after, "_after")):
        weights, biases = state.slot(slot)
        parts |= {f"weights{ending}": numbers(weights[layer]), f"bias{ending}": numbers(biases[layer])}
    return parts
