"""Other people's numbers: every figure of the published worked examples, through what `nn-tui trace` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.explain.trace_json import trace_json
from nn_tui.core.preset.loader import load_experiment, read_preset

CASES = Path(__file__).parents[1] / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.toml"))


def _figures(name: str) -> list[dict[str, Any]]:
    figures: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return figures


def _found(record: dict[str, Any], figure: dict[str, Any]) -> Any:
    value: Any = record
    for step in figure["key"].split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    for position in figure["index"]:
        value = value[position]
    return value


@pytest.mark.parametrize("name", NAMES)
def test_every_printed_figure_is_reproduced(name: str) -> None:
    experiment = load_experiment(read_preset(CASES / f"{name}.toml"))
    figures = _figures(name)
    # Through JSON text and back, as another program would read it.
    records = {
        update: json.loads(json.dumps(trace_json(experiment, update), allow_nan=False))
        for update in {figure["update"] for figure in figures}
    }
    assert figures
    for figure in figures:
        found = np.array(_found(records[figure["update"]], figure), dtype=np.float64)
        wanted = np.array(figure["value"], dtype=np.float64)
        assert found.shape == wanted.shape, figure["key"]
        worst = float(np.max(np.abs(found - wanted)))
        assert worst <= figure["tolerance"], f"{figure['key']}{figure['index']} is off by {worst:.3g}"


def test_the_cases_are_there() -> None:
    assert {path.stem for path in CASES.glob("*.json")} == set(NAMES)
    assert len(NAMES) >= 6
