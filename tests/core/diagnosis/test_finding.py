"""Tests of the JSON form of findings."""

from __future__ import annotations

from nn_tui.core.diagnosis.finding import KINDS, findings_json
from nn_tui.core.preset.loader import find_preset
from tests.core.diagnosis._presets import findings_at, start


def test_a_finding_for_json_counts_layers_and_units_from_1() -> None:
    findings = findings_at(start(find_preset("dying-relu")), 10)
    report = findings_json(findings)[1]
    assert report == {
        "kind": "dead_units",
        "severity": "bad",
        "layer": 1,
        "unit": 1,
        "units": [1, 2, 3, 4, 5, 6],
        "text": f"{findings[1].symptom} {findings[1].cause} {findings[1].advice}",
        "remedies": ["eta = 1", "activation 1 = leaky_relu"],
    }


def test_a_finding_about_the_network_has_no_layer() -> None:
    (report,) = findings_json(findings_at(start(find_preset("too-fast")), 1000))
    assert (report["kind"], report["layer"], report["unit"], report["units"]) == ("diverged", None, None, [])


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({str(name) for name in KINDS.values()}) == len(KINDS)
