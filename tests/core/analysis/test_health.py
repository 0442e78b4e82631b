"""Health badges: each is raised by a preset that has its trouble, and none by the presets that learn well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.core.analysis.health import KINDS, Badge, Kind, diagnose
from nn_tui.core.edits.parser import parse_edit
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec, OptimizerSpec, Preset
from nn_tui.presets import COURSE
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.views.health import lines, short

HEALTHY = (
    "neuron", "and", "or", "nand", "xor", "xor-221", "xor-relu-exact", "mazur", "plane", "sine", "hills",
    "gaussians", "circles", "features", "moons", "spiral", "blobs", "ravine-sgd", "ravine-momentum",
    "ravine-rmsprop", "ravine-adam", "autoencoder", "iris", "penguins", "digits",
)  # fmt: skip

# The others by the update, the end of their [expect] last: what is wrong there. An update past the divergence stands
# at it.
TROUBLED: dict[str, dict[int, set[Kind]]] = {
    "xor-perceptron": {0: set(), 1: set(), 10: set(), 100: set(), 200: {"plateau"}, 400: {"plateau"}},
    "xor-221-stuck": {0: set(), 1: set(), 10: set(), 100: set(), 500: set(), 2000: {"plateau"}},
    "xor-zeros": {
        0: {"symmetric"}, 1: {"symmetric"}, 10: {"symmetric"}, 100: {"symmetric"},
        500: {"symmetric", "stuck_at_mean"}, 2000: {"symmetric", "stuck_at_mean"},
    },
    "too-fast": {
        0: {"update_large"}, 1: {"update_large"}, 5: {"divergence", "update_large"},
        10: {"divergence", "exploding", "update_large"}, 100: {"divergence", "exploding", "update_large"},
        1000: {"divergence"},
    },
    "too-slow": {
        0: {"update_small"}, 1: {"update_small"}, 10: {"update_small"}, 100: {"update_small"},
        1000: {"update_small", "plateau"},
    },
    "vanishing": {
        0: {"vanishing"}, 1: {"vanishing"}, 10: {"vanishing"}, 100: {"vanishing"},
        500: {"vanishing", "stuck_at_mean"}, 1000: {"vanishing", "stuck_at_mean"},
    },
    # It learns in spite of two units that no row switches on.
    "vanishing-relu": {0: {"dead"}, 1: {"dead"}, 10: {"dead"}, 100: {"dead"}, 1000: {"dead"}},
    "exploding": {
        0: {"exploding", "update_large"}, 1: {"divergence", "exploding", "update_large"}, 10: {"divergence"},
    },
    "dying-relu": {
        0: {"update_large"}, 1: {"update_large"}, 10: {"dead"}, 100: {"dead"}, 200: {"dead", "stuck_at_mean"},
    },
    "local-minimum-full": {
        0: {"update_large"}, 1: {"update_large"}, 10: set(), 75: set(), 100: set(), 300: {"plateau"},
    },
    "local-minimum-single": {0: set(), 1: set(), 10: {"update_large"}, 100: set(), 150: set(), 300: set()},
    "penguins-raw": {
        0: {"saturated"}, 1: {"saturated"}, 10: {"saturated"}, 100: {"saturated"}, 300: {"saturated", "stuck_at_mean"},
    },
}  # fmt: skip


def badges_at(run: Run, update: int) -> tuple[Badge, ...]:
    """As after the update that led there; at the start of a segment, as before the one that follows."""
    at = run.goto(update)
    starts = {segment.start for segment in run.segments}
    trace = run.trace(at + 1 if at in starts else at)
    found = diagnose(run, trace, at)
    run.release(trace)
    return found


def start(preset: Preset) -> Run:
    return Run.start(load_experiment(preset))


def kinds(found: tuple[Badge, ...]) -> set[Kind]:
    return {badge.kind for badge in found}


def with_layers(preset: Preset, *layers: LayerSpec) -> Preset:
    return replace(preset, layers=layers)


def test_every_shipped_preset_is_in_one_of_the_two_tables() -> None:
    assert sorted([*HEALTHY, *TROUBLED]) == sorted(COURSE)


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_said_of_a_preset_that_learns(name: str) -> None:
    preset = find_preset(name)
    assert preset.expect is not None
    run, end = start(preset), preset.expect.updates
    said = {at: kinds(badges_at(run, at)) for at in sorted({0, 1, min(10, end), min(100, end), end // 2, end})}
    assert said == {at: set() for at in said}


@pytest.mark.parametrize("name", TROUBLED)
def test_a_preset_in_trouble_is_told_so(name: str) -> None:
    run = start(find_preset(name))
    assert {at: kinds(badges_at(run, at)) for at in TROUBLED[name]} == TROUBLED[name]
    expect = find_preset(name).expect
    assert expect is not None and expect.updates == max(TROUBLED[name])


def test_dead_units_are_named_in_their_layer() -> None:
    (badge,) = badges_at(start(find_preset("dying-relu")), 10)
    assert (badge.kind, badge.severity, badge.layer, badge.units) == ("dead", "bad", 0, (0, 1, 2, 3, 4, 5))
    assert badge.symptom == "Units 1, 2, 3, 4, 5 and 6 of layer 1 are 0 for all 100 training rows."
    found = badges_at(start(find_preset("vanishing-relu")), 0)
    assert [(b.layer, b.units, b.severity) for b in found] == [(4, (6,), "warn"), (5, (6,), "warn")]
    assert short(found, get_palette("mono", ascii=True)) == "! dead ReLU: h7 of layer 5 (+1)"


def test_the_unit_of_xor_that_one_row_in_four_switches_on_is_not_dead() -> None:
    run = start(find_preset("xor-relu-exact"))
    assert badges_at(run, 0) == ()
    flat = replace(find_preset("xor-relu-exact").layers[0], bias=(0.0, -2.0))
    lower = with_layers(find_preset("xor-relu-exact"), flat, find_preset("xor-relu-exact").layers[1])
    (badge,) = badges_at(start(lower), 0)
    assert (badge.kind, badge.layer, badge.units) == ("dead", 0, (1,))


def test_large_first_weights_saturate_the_units_they_lead_to() -> None:
    wide = LayerSpec(4, "tanh", "normal", (("mean", 0.0), ("std", 60.0)), bias=(20.0, 20.0, 20.0, 20.0))
    xor = find_preset("xor")
    found = badges_at(start(with_layers(xor, wide, xor.layers[1])), 0)
    saturated = [badge for badge in found if badge.kind == "saturated"]
    assert [(badge.layer, badge.units) for badge in saturated] == [(0, (0, 1, 2, 3))]
    assert "−1 or 1" in saturated[0].symptom


def test_an_output_at_its_rail_is_saturated_only_where_its_slope_matters() -> None:
    neuron = find_preset("neuron")
    wrong = replace(neuron, layers=(replace(neuron.layers[0], weights=((-5.0,),)),))
    assert kinds(badges_at(start(wrong), 0)) == {"saturated"}
    assert short(badges_at(start(wrong), 0), get_palette("dark")) == "! saturated: output 1 of layer 1"
    # With the cross-entropy σ′ cancels: δ = a − y is as large as can be.
    fused = replace(wrong, training=replace(wrong.training, loss="binary_cross_entropy"))
    assert "saturated" not in kinds(badges_at(start(fused), 0))


def test_a_tiny_rate_makes_steps_that_are_too_short_and_a_flat_loss() -> None:
    plane = find_preset("plane")
    slow = replace(plane, training=replace(plane.training, optimizer=OptimizerSpec("sgd", 1e-7)))
    run = start(slow)
    assert kinds(badges_at(run, 0)) == {"update_small"}
    found = badges_at(run, 300)
    assert kinds(found) == {"update_small", "plateau"}
    assert found[1].cause == "The steps are too short to get anywhere."


def test_large_weights_in_many_layers_make_delta_grow_on_its_way_back() -> None:
    circles = find_preset("circles")
    wide = LayerSpec(8, "leaky_relu", "normal", (("mean", 0.0), ("std", 4.0)))
    deep = with_layers(circles, *[wide] * 7, LayerSpec(1, "sigmoid"))
    found = [badge for badge in badges_at(start(deep), 0) if badge.kind == "exploding"]
    assert [badge.layer for badge in found] == [0]
    assert "larger" in found[0].symptom


def test_units_with_equal_inputs_but_unequal_outputs_are_not_symmetric() -> None:
    xor = find_preset("xor")
    equal = replace(xor.layers[0], weights=((0.5, 0.5),) * 4, bias=(0.1,) * 4)
    parting = replace(xor.layers[1], weights=((0.1, 0.2, 0.3, 0.4),))
    assert kinds(badges_at(start(with_layers(xor, equal, parting)), 0)) == set()
    staying = replace(xor.layers[1], weights=((0.1, 0.2, 0.1, 0.4),))
    (badge,) = badges_at(start(with_layers(xor, equal, staying)), 0)
    assert (badge.kind, badge.layer, badge.units) == ("symmetric", 0, (0, 2))


def one_weight(optimizer: str) -> Run:
    """The start of L = ½(w − 3)² at w = 9, with an optimiser."""
    text = f"""
[data]
inputs = [[1.0], [-1.0]]
targets = [[3.0], [-3.0]]
[[layers]]
units = 1
weights = [[9.0]]
train_bias = false
[training]
loss = "half_squared_error"
[training.optimizer]
{optimizer}
"""
    return start(parse_preset(text, id="t", file="t.toml", folder=None))


@pytest.mark.parametrize(("rate", "cause"), [(2e-5, "The steps are too short"), (2.0, "the updates undo each other")])
def test_a_flat_loss_is_told_from_steps_that_are_short_and_from_those_that_undo_each_other(
    rate: float, cause: str
) -> None:
    # From 9, η = 2 jumps to −3 and back for ever; 2e-5 changes w by a little more than 1e-5 of it.
    run = one_weight(f"learning_rate = {rate}")
    (badge,) = [badge for badge in badges_at(run, 300) if badge.kind not in ("update_large",)]
    assert badge.kind == "plateau" and cause in badge.cause
    assert badge.advice.startswith("Raise η" if rate < 1 else "Lower η")


def test_momentum_that_carries_uphill_is_not_short_of_breath() -> None:
    run = one_weight('name = "momentum"\nmomentum = 1.0\nlearning_rate = 0.01')
    causes = {badge.cause for at in range(300, 430, 3) for badge in badges_at(run, at) if badge.kind == "plateau"}
    assert causes == {"The gradient is not 0, but the updates undo each other."}


def test_a_change_of_the_loss_is_no_growth_of_its_gradient() -> None:
    run = start(find_preset("gaussians"))
    run.goto(5)
    summed = parse_edit("reduction = sum", parse_edit("eta = 0.0001", run, 5).run, 5).run
    for update in (6, 7, 15):
        assert kinds(badges_at(summed, update)) <= {"plateau"}, update


def test_of_a_large_set_the_rows_that_were_looked_at_are_named() -> None:
    digits = find_preset("digits")
    off = LayerSpec(3, "relu", bias=(-1e3, 1.0, 1.0))
    (badge,) = badges_at(start(replace(digits, layers=(off, digits.layers[-1]))), 0)
    assert badge.symptom == "Unit 1 of layer 1 is 0 for all 500 training rows that were looked at."


def test_units_are_equal_by_their_own_size_and_not_by_that_of_the_largest() -> None:
    xor = find_preset("xor")
    apart = replace(xor.layers[0], weights=((1e9, 1.0), (0.5, 0.2), (0.1, 0.7), (-0.3, 0.4)), bias=(0.0,) * 4)
    run = start(with_layers(xor, apart, replace(xor.layers[1], weights=((0.1, 0.2, 0.1, 0.4),))))
    assert "symmetric" not in kinds(badges_at(run, 0))


def test_a_network_that_has_learnt_is_not_told_to_hurry() -> None:
    exploding = find_preset("exploding")
    slow = replace(exploding, training=replace(exploding.training, optimizer=OptimizerSpec("sgd", 1e-3)))
    run = start(slow)
    badges_at(run, 1000)
    assert [sample.train_accuracy for sample in run.evaluations][-1] == 1.0
    assert badges_at(run, 1000) == ()
    # Nor is a δ that grows on its way back a trouble then.
    slower = replace(exploding, training=replace(exploding.training, optimizer=OptimizerSpec("sgd", 1e-4)))
    run = start(slower)
    assert "exploding" in kinds(badges_at(run, 0))
    assert badges_at(run, 1000) == () and [sample.train_accuracy for sample in run.evaluations][-1] == 1.0


def test_one_badge_names_the_layer_with_the_longest_step_and_the_others_that_are_as_bad() -> None:
    (badge,) = [badge for badge in badges_at(start(find_preset("exploding")), 0) if badge.kind == "update_large"]
    assert badge.layer == 6
    assert "of layer 7 by " in badge.symptom and "the same goes for layer" in badge.symptom


def test_a_divergence_names_the_update_and_the_number() -> None:
    run = start(find_preset("too-fast"))
    (badge,) = badges_at(run, 1000)
    assert run.divergence is not None
    assert badge.symptom == f"Update {run.divergence.update}: {run.divergence.sentence.split(': ')[1]}."
    assert "divergence" in kinds(badges_at(run, run.divergence.update - 1))
    assert badges_at(run, 2) == ()


def test_numbers_that_are_not_finite_raise_nothing() -> None:
    run = start(find_preset("too-fast"))
    run.goto(340, past_divergence=True)
    trace = run.trace(340)
    assert not np.isfinite(trace.loss)
    assert kinds(diagnose(run, trace, 340)) == {"divergence"}
    run.release(trace)


def test_a_new_learning_rate_starts_a_new_look_at_the_curve() -> None:
    run = start(find_preset("local-minimum-full"))
    assert kinds(badges_at(run, 300)) == {"plateau"}
    after = run.edited(300, run.experiment, "η")
    assert badges_at(after, 301) == ()
    assert kinds(badges_at(after, 500)) == {"plateau"}


def test_a_class_that_no_row_has_is_no_trouble() -> None:
    text = """
title = "t"
summary = "s"
[data]
inputs = [[0.0], [1.0], [2.0]]
targets = [[1, 0, 0], [0, 1, 0], [1, 0, 0]]
[[layers]]
units = 3
activation = "softmax"
[training]
loss = "cross_entropy"
"""
    run = start(parse_preset(text, id="t", file="t.toml", folder=None))
    assert badges_at(run, 0) == () == badges_at(run, 50)


def test_every_kind_is_raised_by_a_shipped_preset() -> None:
    assert {kind for table in TROUBLED.values() for found in table.values() for kind in found} == set(KINDS)


BADGES = st.builds(
    Badge,
    st.sampled_from(list(KINDS)),
    st.sampled_from(["bad", "warn"]),
    st.none() | st.integers(0, 9),
    st.lists(st.integers(0, 600), max_size=8).map(tuple),
    *[st.sampled_from(["Unit 1 of layer 1 is close to −1.", "Lower η."])] * 3,
    st.booleans(),
)


@given(st.lists(BADGES, max_size=4), st.integers(1, 130), st.sampled_from(PALETTES), st.booleans())
def test_lines_have_the_width_asked_for(found: list[Badge], width: int, name: str, ascii_only: bool) -> None:
    p = get_palette(name, ascii=ascii_only)
    for strip in lines(found, p, width):
        assert strip.cell_length == width == sum(cell_len(segment.text) for segment in strip)
        assert all(segment.style is not None for segment in strip)
        assert not ascii_only or strip.text.isascii()


def test_the_view_says_what_why_and_what_to_try() -> None:
    found = badges_at(start(find_preset("xor-zeros")), 0)
    assert short(found, get_palette("dark")) == "! equal units: h₁, h₂, h₃ and 1 more of layer 1"
    text = " ".join(strip.text.strip() for strip in lines(found, get_palette("dark"), 60))
    assert text == f"{short(found, get_palette('dark'))} {found[0].sentence}"
    assert lines((), get_palette("dark"), 80)[0].text.strip().startswith("Nothing stands out")
    assert short((), get_palette("dark")) == ""
