"""The hint about what can be done next."""

from __future__ import annotations

from nn_tui.tui.session.session import new_session
from nn_tui.tui.views.status import message_line
from tests._app import DARK, experiment
from tests._sessions import MOVES


def test_every_hint_fits_eighty_columns_in_whole_sentences() -> None:
    session = new_session(experiment("xor"))
    for move in ("f", "space", "b", "space", "u", "train 90", "p", "0", "N", "a", "c", "c"):
        session = MOVES[move](session)
        shown = message_line.draw(session, DARK, 80, 1)[0].text
        assert "…" not in shown.replace("η, a layer, …", ""), (move, shown)
