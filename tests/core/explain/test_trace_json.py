"""Check that the trace as JSON has every number of the published worked examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.explain.trace_json import trace_json
from nn_tui.core.preset.loader import load_experiment, read_preset

CASES = Path(__file__).parents[2] / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.toml"))


def _figures(name: str) -> list[dict[str, Any]]:
    figures: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return figures


def _value_at(record: dict[str, Any], figure: dict[str, Any]) -> Any:
    value: Any = record
    for step in figure["key"].split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    for position in figure["index"]:
        value = value[position]
    return value


@pytest.mark.parametrize("name", NAMES)
def test_every_published_number_is_reproduced(name: str) -> None:
    experiment = load_experiment(read_preset(CASES / f"{name}.toml"))
    figures = _figures(name)
    # As another program reads it: from JSON text.
    records = {
        update: json.loads(json.dumps(trace_json(experiment, update), allow_nan=False))
        for update in {figure["update"] for figure in figures}
    }
    assert figures
    for figure in figures:
        actual = np.array(_value_at(records[figure["update"]], figure), dtype=np.float64)
        expected = np.array(figure["value"], dtype=np.float64)
        assert actual.shape == expected.shape, figure["key"]
        worst = float(np.max(np.abs(actual - expected)))
        assert worst <= figure["tolerance"], f"{figure['key']}{figure['index']} is off by {worst:.3g}"


def test_every_case_has_a_preset_and_its_numbers() -> None:
    assert {path.stem for path in CASES.glob("*.json")} == set(NAMES)
    assert len(NAMES) >= 6
