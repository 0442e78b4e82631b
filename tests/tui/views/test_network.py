"""Check that the numbers drawn in the network view belong together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.display.number_text import fmt
from nn_tui.core.refs import Ref
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.names import SHORT_WIDTH, fit_names
from nn_tui.tui.draw.network import draw_network
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import network
from nn_tui.tui.views.layer import layout_layer
from nn_tui.tui.views.network import network_view
from tests._app import DARK, experiment
from tests.tui.views._printed import after_passes


@pytest.mark.parametrize("preset", ["iris", "xor", "mazur"])
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_z_follows_from_the_values_weights_and_biases_that_are_drawn(preset: str, steps: int) -> None:
    session = stepping.update(stepping.backward(stepping.forward(after_passes(preset, 1))))
    session = replace(session, cursor=session.cursor - steps)
    view = network_view(session)
    assert network.title(session, DARK).endswith("after update 1" if steps else "before update 2")
    for layer in range(len(view.sizes) - 1):
        values, weights, biases = view.values[layer], view.edges[layer], view.biases[layer]
        assert values is not None and weights is not None and biases is not None
        assert np.allclose(weights @ values + biases, session.trace.z[layer][session.ref.sample], rtol=1e-12)
    if not steps:
        assert view.done == frozenset(range(1, len(view.sizes))), "every layer has had its update"


def test_the_caption_of_a_selected_edge_says_that_its_number_is_a_gradient() -> None:
    session = select(stepping.backward(stepping.forward(new_session(experiment("xor")))), Ref("w", 1, 0, 2))
    drawn = draw_network(network_view(session), DARK, 78, 12)[-1].text.rstrip()
    shown = fmt(session.trace.dw[1][0, 2], session.digits, glyphs=DARK.glyphs)
    assert drawn.endswith(f"→ ŷ ∂L/∂w {shown}")


@pytest.mark.parametrize("size", [(26, 12), (30, 21), (60, 30)])
@pytest.mark.parametrize("preset", ["iris", "penguins"])
def test_network_and_matrices_cut_the_names_of_inputs_in_one_way(preset: str, size: tuple[int, int]) -> None:
    session = select(new_session(experiment(preset)), Ref("w"))
    names = session.experiment.data.input_names
    forms = names, fit_names(names, SHORT_WIDTH)
    picture = "\n".join(strip.text for strip in draw_network(network_view(session), DARK, *size))
    plan = layout_layer(session, DARK.glyphs, 80, 20)
    matrix = "\n".join(strip.text for strip in draw_matrix(plan, DARK, 0, 0, plan.width, plan.height))
    for text in (picture, matrix):
        assert any(all(name in text for name in form) for form in forms)


def test_a_click_on_a_weight_below_others_selects_it() -> None:
    session = stepping.forward(new_session(experiment("xor")))
    drawn = [strip.text for strip in draw_network(network_view(session), DARK, 35, 21)]
    for unit, source in np.ndindex(4, 2):
        text = fmt(float(session.trace.before.weights[0][unit, source]), 2, width=5, glyphs=DARK.glyphs)
        y = next(y for y, line in enumerate(drawn) if text in line)
        found = network.edge_hit(session, DARK, 35, 21, drawn[y].index(text) + 2, y)
        assert found == Ref("w", 0, unit, source, session.ref.sample)


def test_a_click_on_the_label_of_an_edge_selects_its_weight() -> None:
    session = select(stepping.forward(new_session(experiment("mazur"))), Ref("a", 1, 0))
    width, height = 70, 26
    drawn = [strip.text for strip in draw_network(network_view(session), DARK, width, height)]
    for layer, weights in enumerate(session.trace.before.weights):
        for unit, source in np.ndindex(weights.shape):
            text = fmt(float(weights[unit, source]), 4, glyphs=DARK.glyphs)
            y = next(y for y, line in enumerate(drawn) if f" {text} " in line and "b +" not in line)
            found = [network.edge_hit(session, DARK, width, height, drawn[y].index(text) + k, y) for k in (0, 3, 6)]
            assert {(ref.layer, ref.unit, ref.input) for ref in found if ref} == {(layer, unit, source)}
            assert None not in found


def test_more_digits_never_give_less() -> None:
    session = stepping.forward(new_session(experiment("mazur")))
    digits = [network_view(replace(session, digits=digits)).digits for digits in (2, 4, 6, None)]
    assert digits == sorted(digits)


def test_the_legend_has_no_scale_of_numbers_that_are_still_to_come() -> None:
    session = stepping.forward(new_session(experiment("mazur")))
    begun = select(replace(session, zoom="operation"), Ref("dw"))
    legends = {}
    for _ in range(8):
        begun = stepping.next_stop(begun)
        begun = select(begun, Ref("dw"))
        legend = draw_network(network_view(begun), DARK, 100, 20)[-1].text
        legends[begun.is_known(Ref("db"))] = legend
        assert ("∂L/∂w₁ −" in legend) == begun.is_known(Ref("db")), legend
        assert "all 0" not in legend
    assert set(legends) == {False, True}


def test_the_legend_has_no_scale_of_outputs_that_are_still_to_come() -> None:
    session = select(new_session(experiment("dying-relu")), Ref("w"))
    assert "a₁" not in draw_network(network_view(session), DARK, 100, 20)[-1].text
    done = select(stepping.forward(session), Ref("w"))
    assert "a₁ 0" in draw_network(network_view(done), DARK, 100, 20)[-1].text
