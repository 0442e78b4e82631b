"""Tests of the line of phases: the badges of health at its end."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.preset.loader import find_preset
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.status import phases
from tests._app import DARK, experiment
from tests.core.analysis._badges import badges_at, start


def test_the_number_of_problems_has_a_noun_where_there_is_room() -> None:
    session = stepping.update(stepping.backward(stepping.forward(new_session(experiment("xor-zeros")))))
    badge = badges_at(start(find_preset("xor-zeros")), 0)[0]
    session = replace(session, badges=(badge, replace(badge, layer=1)))
    lines = [phases.draw(session, DARK, width, 1)[0].text for width in range(40, 160)]
    assert any("! 2 problems (i)" in line for line in lines)
    assert not any("!2" in line for line in lines)
