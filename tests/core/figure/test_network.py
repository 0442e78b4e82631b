"""Tests of the figure of the network: as many units, edges and labels as the network has, with its numbers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from nn_tui.core.display.number_text import UNICODE_SIGNS, fmt
from nn_tui.core.figure.layer import draw_layer
from nn_tui.core.figure.network import draw_network
from nn_tui.core.figure.network_layout import MAX_UNITS, PlacedLabel, layout_units, place_labels, segments_of
from nn_tui.core.preset.loader import load_experiment, open_experiment, preset_ids
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import predict
from nn_tui.core.run.run import Run
from nn_tui.core.spec import DataSpec, LayerSpec, Preset
from tests.core.figure._figures import Picture, request_of

DRAWN_OF_MANY = 12


def drawn(count: int) -> int:
    """Return how many units of a column are drawn."""
    return count if count <= MAX_UNITS else DRAWN_OF_MANY


def check_counts(made: Picture, sizes: tuple[int, ...]) -> None:
    shown = [drawn(size) for size in sizes]
    assert len(made.all("unit")) == sum(shown) == len(made.texts("name"))
    assert len(made.all("edge")) == sum(a * b for a, b in pairwise(shown))
    assert len(made.all("bias")) == sum(shown[1:])
    assert len(made.texts("more")) == sum(size > MAX_UNITS for size in sizes)


@pytest.mark.parametrize("preset", preset_ids())
def test_every_unit_edge_and_bias_of_a_preset_is_drawn(preset: str) -> None:
    request = request_of(preset)
    made = Picture(draw_network(request))
    check_counts(made, request.engine.sizes)
    assert made.said().count("layer ") >= len(request.engine.sizes) - 1


def random_request(seed: int) -> tuple[tuple[int, ...], Picture]:
    rng = np.random.default_rng(seed)
    sizes = tuple(int(size) for size in rng.integers(1, 30, rng.integers(2, 6)))
    x, y = rng.standard_normal((3, sizes[0])), rng.standard_normal((3, sizes[-1]))
    inputs, targets = (tuple(map(tuple, rows.tolist())) for rows in (x, y))
    layers = tuple(LayerSpec(units, "tanh") for units in sizes[1:])
    preset = Preset("random", "Random", "", DataSpec(inputs=inputs, targets=targets), layers, seed=seed)
    return sizes, Picture(draw_network(request_of(load_experiment(preset), "1")))


@pytest.mark.parametrize("seed", range(6))
def test_random_networks_are_drawn_whole_or_say_what_is_left_out(seed: int) -> None:
    sizes, made = random_request(seed)
    check_counts(made, sizes)
    assert made.problems() == []
    pairs = enumerate(pairwise(sizes), 1)
    expected = [
        f"Layer {layer}: {drawn(a) * drawn(b)} of {a * b} weights are drawn."
        for layer, (a, b) in pairs
        if drawn(a) * drawn(b) < a * b
    ]
    assert [note for note in made.texts("note") if note.startswith("Layer")] == expected


def test_the_weights_after_the_update_stand_on_their_edges_with_what_they_give() -> None:
    request = request_of("xor", "20")
    made, after = Picture(draw_network(request)), request.trace.after
    weights = [
        fmt(float(w), 4, width=8, glyphs=UNICODE_SIGNS).strip() for matrix in after.weights for w in matrix.ravel()
    ]
    assert sorted(made.texts("weight")) == sorted(weights)
    biases = [
        f"b{sub} {fmt(float(b), 4, width=8, glyphs=UNICODE_SIGNS).strip()}"
        for sub, vector in zip("₁₂", after.biases, strict=True)
        for b in vector
    ]
    assert made.texts("bias-value") == biases
    output = predict(request.engine, after, request.trace.x[[request.ref.sample]])[0, 0]
    assert made.texts("value")[-1] == fmt(float(output), 4, width=8, sign=False, glyphs=UNICODE_SIGNS).strip()
    assert "after update 20" in made.texts("heading")[0]


def test_units_are_blank_until_the_pass_has_computed_them() -> None:
    assert len(Picture(draw_network(request_of("xor"))).texts("value")) == 2  # the inputs
    assert len(Picture(draw_network(request_of("xor", "1.forward.1"))).texts("value")) == 2 + 4
    assert len(Picture(draw_network(request_of("xor", "1.forward"))).texts("value")) == 2 + 4 + 1


def test_in_the_backward_pass_the_edges_are_gradients_as_far_as_they_are_known() -> None:
    request = request_of("xor", "1.backward.2")
    made = Picture(draw_network(request))
    gradients = [fmt(float(g), 4, width=8, glyphs=UNICODE_SIGNS).strip() for g in request.trace.dw[1].ravel()]
    assert sorted(made.texts("weight")) == sorted(gradients)
    assert [text.split()[0] for text in made.texts("bias-value")] == ["∂L/∂b₂"]
    assert len(made.all("edge")) == 12


def test_the_strongest_edge_is_the_widest_and_positive_weights_are_orange() -> None:
    request = request_of("xor")
    made, weights = Picture(draw_network(request)), request.trace.before.weights[0]
    first = made.all("edges")[0]
    lines = [item for item in first if item.get("class") == "edge"]
    widths = [float(line.get("stroke-width", "")) for line in lines]
    assert widths == sorted(widths)
    unit, column = np.unravel_index(np.abs(weights).argmax(), weights.shape)
    assert (lines[-1][0].text or "").startswith(f"w₁[{unit + 1},{column + 1}] = ")
    color = lines[-1].get("stroke", "")
    assert (int(color[1:3], 16) > int(color[5:7], 16)) == (weights[unit, column] > 0)


def test_without_room_for_labels_edges_below_zero_are_dashed() -> None:
    for preset, has_labels in (("xor", True), ("penguins", False)):
        made = Picture(draw_network(request_of(preset)))
        edges = made.all("edge")
        dashed = [edge for edge in edges if edge.get("stroke-dasharray")]
        negative = [edge for edge in edges if " = −" in (edge[0].text or "")]
        assert dashed == ([] if has_labels else negative) and negative
        assert made.texts("note") == ([] if has_labels else ["Dashed edges are below 0."])


@pytest.mark.parametrize("preset", preset_ids())
def test_all_layers_have_the_texts_of_their_weights_and_biases_or_none_has(preset: str) -> None:
    made = Picture(draw_network(request_of(preset)))
    assert len(made.texts("weight")) in (0, len(made.all("edge")))
    assert len(made.texts("bias-value")) in (0, len(made.all("bias")))
    assert bool(made.texts("weight")) == bool(made.texts("bias-value"))
    assert made.size()[0] <= 1200


def test_inputs_have_one_format() -> None:
    made = Picture(draw_network(request_of("xor")))
    assert set(made.texts("value")) <= {"0", "1"}
    assert [len(text.lstrip("−").partition(".")[2]) for text in Picture(draw_network(request_of("iris"))).texts("value")
            ] == [4] * 4  # fmt: skip


def test_small_numbers_have_the_text_that_they_have_in_the_layers() -> None:
    request = request_of("vanishing", "1.forward")
    trace = request.trace
    trace.before.biases[0][0] = 4.17798e-05
    tooltip = Picture(draw_network(request)).all("bias")[0][0].text
    assert tooltip == "b₁ +4.2e-05"
    assert "+4.2e-05" in Picture(draw_layer(request)).texts("number")


def test_inputs_that_are_not_drawn_do_not_set_the_scale_of_the_others() -> None:
    request = request_of("digits")
    made = Picture(draw_network(request))
    assert np.abs(request.data.x).max() > 30
    shown = [float(text.replace("−", "-")) for text in made.texts("value")]
    first = made.all("scale")[0]
    assert float((first[-1].text or "").lstrip("+")) == pytest.approx(np.abs(shown).max(), rel=0.05)


def test_after_a_pass_the_outputs_are_said_to_be_those_of_the_new_weights() -> None:
    said = " ".join(Picture(draw_network(request_of("xor", "50"))).texts("heading"))
    assert "Edges: weights after update 50. Units: outputs of these weights for sample" in said


def test_the_selected_weight_and_the_selected_unit_are_marked() -> None:
    assert len(Picture(draw_network(request_of("xor", ref=Ref("w", 0, 2, 1), is_selected=True))).all("selected")) == 1
    made = Picture(draw_network(request_of("xor", ref=Ref("z", 0, 2), is_selected=True)))
    assert [index for index, unit in enumerate(made.all("unit")) if unit.get("stroke-width") == "3"] == [2 + 2]


def test_a_network_with_many_inputs_leaves_out_those_between_the_first_ones_and_the_last() -> None:
    made = Picture(draw_network(request_of("digits")))
    assert made.texts("name")[:DRAWN_OF_MANY][-1] == "pixel_7_7" and made.texts("name")[10] == "pixel_1_2"
    assert made.texts("more") == ["⋮ 52 more", "⋮ 20 more"] and made.texts("weight") == []
    assert made.texts("note")[:2] == ["Dashed edges are below 0.", "Layer 1: 144 of 2,048 weights are drawn."]


def contains(place: PlacedLabel, points: np.ndarray, angle: float) -> np.ndarray:
    """Return which of some points (n, 2) lie on a label of 50 by 12."""
    turn = np.radians(angle)
    along = (points - place.center) @ np.array([np.cos(turn), np.sin(turn)])
    across = (points - place.center) @ np.array([-np.sin(turn), np.cos(turn)])
    return np.asarray((np.abs(along) < 25) & (np.abs(across) < 6))


@pytest.mark.parametrize(("sizes", "crossed"), [((2, 4), 0), ((4, 1), 0), ((2, 2), 0), ((1, 8), 0), ((4, 3), 20)])
def test_labels_lie_on_their_edges_and_touch_no_other_label(sizes: tuple[int, int], crossed: int) -> None:
    segments = segments_of(layout_units(sizes, 62.0, 60.0, 0.0), 1)
    places = place_labels(segments, 50.0, 12.0)
    assert places is not None
    parts, hidden = np.linspace(0, 1, 60)[:, None], 0
    for edge, place in zip(segments, places, strict=True):
        for other, other_place in zip(segments, places, strict=True):
            line = np.array(other.start) + parts * (np.array(other.end) - np.array(other.start))
            is_on = bool(contains(place, line, edge.angle).any())
            assert is_on or other is not edge
            hidden += is_on and other is not edge
            if other is not edge:
                assert not contains(place, np.array(other_place.corners), edge.angle).any()
    assert hidden <= crossed


def test_labels_without_room_are_left_out() -> None:
    segments = segments_of(layout_units((2, 4), 62.0, 60.0, 0.0), 1)
    assert place_labels(segments, 150.0, 12.0) is None
    many = segments_of(layout_units((5, 5), 62.0, 60.0, 0.0), 1)
    assert place_labels(many, 50.0, 12.0) is None


def test_a_diverged_network_is_drawn() -> None:
    run = Run.start(open_experiment("exploding"))
    run.train(50)
    assert run.divergence is not None
    made = Picture(draw_network(request_of(run, str(run.divergence.update))))
    assert made.problems() == [] and "nan" in made.said()
