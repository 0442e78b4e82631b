"""One pass as data and as text: what ``nn-tui trace`` prints, with full precision and for any reader."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from nn_tui.core.engine import Engine
from nn_tui.core.quantities import prediction, quantity
from nn_tui.core.spec import Array, Experiment
from nn_tui.core.timeline import Run
from nn_tui.core.trace import Trace

FORMAT = "nn-tui-trace/1"


def trace_pass(experiment: Experiment, update: int, run: Run | None = None) -> tuple[Engine, Trace]:
    """Pass ``update`` ≥ 1 from the experiment's start, even beyond a divergence; ``run`` may have gone part of it."""
    run = run or Run.start(experiment)
    run.goto(update - 1, past_divergence=True)
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

    Matrices of samples are (batch, units), weights (units, inputs).
    """
    engine, trace = trace_pass(experiment, update, run)
    layers = []
    for index, layer in enumerate(experiment.layers):
        entry: dict[str, Any] = {"activation": layer.activation}
        for name, key in (
            ("weights", "w"), ("bias", "b"), ("z", "z"), ("a", "a"), ("da", "da"), ("dz", "dz"), ("dw", "dw"),
            ("db", "db"), ("dx", "dx"), ("weights_after", "w_after"), ("bias_after", "b_after"),
        ):  # fmt: skip
            entry[name] = numbers(quantity(engine, trace, key, index))
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
