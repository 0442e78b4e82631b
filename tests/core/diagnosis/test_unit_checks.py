"""Tests of the checks of one pass."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.preset.loader import find_preset
from nn_tui.core.spec import LayerSpec
from tests.core.diagnosis._presets import findings_at, kinds, start, with_layers
from tests.core.diagnosis._problems import preset, start_text


def test_dead_units_are_named_with_their_layer() -> None:
    finding = findings_at(start(find_preset("dying-relu")), 10)[1]
    assert (finding.kind, finding.severity, finding.layer, finding.units) == (
        "dead_units",
        "bad",
        0,
        (0, 1, 2, 3, 4, 5),
    )
    assert str(finding.symptom) == "Units 1, 2, 3, 4, 5 and 6 of layer 1 are 0 for all 100 training rows."


def test_a_few_dead_units_count_only_in_a_run_that_does_not_learn() -> None:
    assert findings_at(start(find_preset("vanishing-relu")), 0) == ()  # one of eight units in two layers
    xor = find_preset("xor")
    dead = LayerSpec(4, "relu", "normal", (("mean", 0.0), ("std", 0.01)), bias=(-5.0, 0.0, 0.0, 0.0))
    run = start(with_layers(xor, dead, xor.layers[1]))
    assert "dead_units" not in kinds(findings_at(run, 0))
    slow = apply_edit("eta = 0.000001", run, 0)
    finding = next(finding for finding in findings_at(slow, 300) if finding.kind == "dead_units")
    assert (finding.severity, finding.layer, finding.units) == ("warn", 0, (0,))


def test_a_unit_that_one_row_switches_on_is_not_dead() -> None:
    run = start(find_preset("xor-relu-exact"))
    assert findings_at(run, 0) == ()
    flat = replace(find_preset("xor-relu-exact").layers[0], bias=(0.0, -2.0))
    lower = with_layers(find_preset("xor-relu-exact"), flat, find_preset("xor-relu-exact").layers[1])
    (finding,) = findings_at(start(lower), 0)
    assert (finding.kind, finding.layer, finding.units) == ("dead_units", 0, (1,))


def test_large_initial_weights_saturate_units() -> None:
    wide = LayerSpec(4, "tanh", "normal", (("mean", 0.0), ("std", 60.0)), bias=(20.0, 20.0, 20.0, 20.0))
    xor = find_preset("xor")
    findings = findings_at(start(with_layers(xor, wide, xor.layers[1])), 0)
    saturated = [finding for finding in findings if finding.kind == "saturated"]
    assert [(finding.layer, finding.units) for finding in saturated] == [(0, (0, 1, 2, 3))]
    assert "−1 or 1" in str(saturated[0].symptom)


def test_a_saturated_output_counts_only_if_its_slope_matters() -> None:
    neuron = find_preset("neuron")
    wrong = replace(neuron, layers=(replace(neuron.layers[0], weights=((-5.0,),)),))
    assert kinds(findings_at(start(wrong), 0)) == ("saturated",)
    # With the cross-entropy σ′ cancels: δ = ŷ − y is as large as can be.
    fused = replace(wrong, training=replace(wrong.training, loss="binary_cross_entropy"))
    assert "saturated" not in kinds(findings_at(start(fused), 0))


def test_large_weights_in_many_layers_make_delta_explode() -> None:
    circles = find_preset("circles")
    wide = LayerSpec(8, "leaky_relu", "normal", (("mean", 0.0), ("std", 4.0)))
    deep = with_layers(circles, *[wide] * 7, LayerSpec(1, "sigmoid"))
    findings = [finding for finding in findings_at(start(deep), 0) if finding.kind == "exploding"]
    assert [finding.layer for finding in findings] == [0]
    assert "larger" in str(findings[0].symptom)


def test_units_with_equal_inputs_but_unequal_outputs_are_not_symmetric() -> None:
    xor = find_preset("xor")
    equal = replace(xor.layers[0], weights=((0.5, 0.5),) * 4, bias=(0.1,) * 4)
    parting = replace(xor.layers[1], weights=((0.1, 0.2, 0.3, 0.4),))
    assert kinds(findings_at(start(with_layers(xor, equal, parting)), 0)) == ()
    staying = replace(xor.layers[1], weights=((0.1, 0.2, 0.1, 0.4),))
    (finding,) = findings_at(start(with_layers(xor, equal, staying)), 0)
    assert (finding.kind, finding.layer, finding.units) == ("symmetric", 0, (0, 2))


def test_a_change_of_the_loss_does_not_count_as_a_growing_gradient() -> None:
    run = start(find_preset("gaussians"))
    run.goto(5)
    summed = apply_edit("reduction = sum", apply_edit("eta = 0.0001", run, 5), 5)
    for update in (6, 7, 15):
        assert kinds(findings_at(summed, update)) == (), update


def test_the_finding_of_a_large_data_set_names_the_rows_that_were_looked_at() -> None:
    digits = find_preset("digits")
    off = LayerSpec(3, "relu", bias=(-1e3, -1e3, 1.0))
    (finding,) = findings_at(start(replace(digits, layers=(off, digits.layers[-1]))), 0)
    assert str(finding.symptom) == "Units 1 and 2 of layer 1 are 0 for all 500 training rows that were checked."


def test_units_are_compared_relative_to_their_own_weights() -> None:
    xor = find_preset("xor")
    apart = replace(xor.layers[0], weights=((1e9, 1.0), (0.5, 0.2), (0.1, 0.7), (-0.3, 0.4)), bias=(0.0,) * 4)
    run = start(with_layers(xor, apart, replace(xor.layers[1], weights=((0.1, 0.2, 0.1, 0.4),))))
    assert "symmetric" not in kinds(findings_at(run, 0))


def test_a_lower_eta_comes_second_for_dead_units_that_die_with_it_too() -> None:
    run = start_text(preset("moons samples=100", "8 tanh, 1 relu", "mean_squared_error sgd 0.5"))
    (finding,) = findings_at(run, 100)
    assert (finding.kind, finding.remedies) == ("dead_units", ("activation 2 = leaky_relu", "eta = 0.2"))
    dying = findings_at(start(find_preset("dying-relu")), 100)[1]
    assert (dying.kind, dying.remedies) == ("dead_units", ("eta = 1", "activation 1 = leaky_relu"))
