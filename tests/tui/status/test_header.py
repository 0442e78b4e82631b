"""Tests of the header."""

from __future__ import annotations

import pytest

from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.status import header
from tests._app import DARK, experiment
from tests.tui.views._printed import after_passes


def test_a_sample_of_a_mini_batch_has_its_row() -> None:
    session = after_passes("and", 1)
    assert session.trace.n == 1 and session.trace.rows is not None
    row = int(session.trace.rows[0]) + 1
    lines = {width: header.draw(session, DARK, width, 1)[0].text for width in (80, 100, 120)}
    assert lines[120].endswith(f"sample 1 of 1 in this batch (row {row} of 4 in the data) ")
    assert lines[100].endswith("sample 1 of 1 in this batch ") and lines[80].endswith("sample 1 of 1 ")
    whole = header.draw(after_passes("xor", 1), DARK, 120, 1)[0].text
    assert "sample 3 of 4" in whole and "row" not in whole


@pytest.mark.parametrize("preset", ["digits", "xor", "too-fast", "iris"])
@pytest.mark.parametrize("width", range(60, 141, 5))
def test_the_halves_of_the_header_are_separated(preset: str, width: int) -> None:
    session = new_session(experiment(preset))
    left, _, _ = header.draw(session, DARK, width, 1)[0].text.partition("epoch")
    assert left.endswith("   ")


def test_a_title_that_does_not_fit_is_cut_at_its_end() -> None:
    session = new_session(experiment("local-minimum-full"))
    title = session.experiment.preset.title
    left = header.draw(session, DARK, 60, 1)[0].text.strip()
    shown, _, rest = left.partition("…")
    assert rest and title.startswith(shown) and len(shown) > 5


@pytest.mark.parametrize(("preset", "shape"), [("mazur", "2–2–2"), ("exploding", "2–(6×24)–1"), ("xor", "2–4–1")])
def test_sizes_are_written_in_a_short_form_only_if_it_is_shorter(preset: str, shape: str) -> None:
    assert f" {shape} · " in header.draw(new_session(experiment(preset)), DARK, 80, 1)[0].text


@pytest.mark.parametrize("name", ["mazur", "xor", "digits", "spiral", "penguins-raw", "vanishing"])
def test_the_narrowest_header_names_the_preset(name: str) -> None:
    session = new_session(experiment(name))
    left = header.draw(session, DARK, 60, 1)[0].text.partition("epoch")[0].strip()
    assert left.split(" · ")[0].rstrip("…").startswith(session.experiment.preset.title[:10])


def test_the_header_says_which_updates_are_done() -> None:
    session = stepping.forward(new_session(experiment("xor")))
    assert "epoch 1 · no update yet · " in header.draw(session, DARK, 120, 1)[0].text
    session = stepping.forward(stepping.whole_pass(session))
    assert "epoch 2 · after update 1 · " in header.draw(session, DARK, 120, 1)[0].text
    assert "epoch 2 · after update 1 · " in header.draw(session, DARK, 80, 1)[0].text
    assert "epoch 2 · update 1 · " in header.draw(session, DARK, 64, 1)[0].text, "the preset needs the room"
