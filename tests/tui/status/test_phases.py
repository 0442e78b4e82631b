"""Tests of the line of phases: the findings of health at its end."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.preset.loader import find_preset
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.status import phases
from tests._app import DARK, experiment
from tests.core.diagnosis._presets import findings_at, start


def test_the_number_of_problems_has_a_noun_where_there_is_room() -> None:
    session = stepping.update(stepping.backward(stepping.forward(new_session(experiment("xor-zeros")))))
    finding = findings_at(start(find_preset("xor-zeros")), 0)[0]
    session = replace(session, findings=(finding, replace(finding, layer=1)))
    lines = [phases.draw(session, DARK, width, 1)[0].text for width in range(40, 160)]
    assert any("! 2 problems (i)" in line for line in lines)
    assert not any("!2" in line for line in lines)


def test_a_perceptron_s_loss_has_the_mistakes_of_the_batch_beside_it() -> None:
    first = stepping.forward(new_session(experiment("xor-perceptron")))
    assert first.trace.loss == 0.0
    assert "loss 0.0000, 1 of 1 wrong" in phases.draw(first, DARK, 120, 1)[0].text
    right = stepping.forward(stepping.whole_pass(stepping.whole_pass(first)))
    assert (right.trace.z[0][0, 0] >= 0) == (right.trace.y[0, 0] == 1)
    assert "loss 0.0000, 0 of 1 wrong" in phases.draw(right, DARK, 120, 1)[0].text
    assert "wrong" not in phases.draw(stepping.forward(new_session(experiment("xor"))), DARK, 120, 1)[0].text
