"""Tests of the text that the copy key copies."""

from __future__ import annotations

import numpy as np

from nn_tui.core.refs import Ref
from nn_tui.tui.session import hints
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import arithmetic
from nn_tui.tui.views.clipboard import clipboard_text
from tests._app import DARK, experiment
from tests._moves import session_after_passes


def test_a_number_that_is_not_computed_is_not_copied() -> None:
    session = select(new_session(experiment("ravine-adam")), Ref("state_w", slot="m", after=True))
    lines = [strip.text.rstrip() for strip in arithmetic.document(session, DARK, 100)]
    assert lines[0] == "m′₁[1,1] is not computed yet in this pass: it needs forward (f), backward (b), then update (u)."
    assert clipboard_text(session) == (hints.not_computed_text(session), "")


def test_a_matrix_is_copied_with_every_digit() -> None:
    session = select(session_after_passes(experiment("ravine-adam"), 2), Ref("state_w", slot="m", after=True))
    description, text = clipboard_text(session)
    values = session.trace.after.slot(0)[0][0]
    assert description == "m′₁ (1×2, every digit)"
    assert np.array_equal([[float(number) for number in line.split("\t")] for line in text.splitlines()], values)
