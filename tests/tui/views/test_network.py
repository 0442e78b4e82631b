"""Check that the numbers drawn in the network view belong together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.refs import Ref
from nn_tui.tui.draw.network import draw_network
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import network
from nn_tui.tui.views.network import network_view
from tests._app import DARK, experiment
from tests.tui.views._printed import after_passes


@pytest.mark.parametrize("preset", ["iris", "xor", "mazur"])
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_z_follows_from_the_values_weights_and_biases_that_are_drawn(preset: str, steps: int) -> None:
    session = stepping.update(stepping.backward(stepping.forward(after_passes(preset, 1))))
    session = replace(session, cursor=session.cursor - steps)
    view = network_view(session)
    assert "pass 2" in network.title(session, DARK)
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
