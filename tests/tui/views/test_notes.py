"""Tests of the notes of a preset above the arithmetic."""

from __future__ import annotations

import pytest

from nn_tui.core.preset.loader import shipped_presets
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, hide_notes_after_step, new_session, select, show_notes
from nn_tui.tui.view import Click
from nn_tui.tui.views import arithmetic, notes
from tests._app import DARK, experiment

PRESETS = [preset.id for preset in shipped_presets()]


def opened(name: str) -> Session:
    return show_notes(new_session(experiment(name)))


def text(session: Session, width: int, height: int, *, ascii: bool = False) -> str:
    lines = notes.draw(session, get_palette("dark", ascii=ascii), width, height)
    assert len(lines) == height and all(line.cell_length == width for line in lines)
    return " ".join(" ".join(line.text for line in lines).split())


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("name", PRESETS)
def test_notes_are_shown_in_full(name: str, ascii: bool) -> None:
    session = opened(name)
    height = len(notes.note_lines(session, DARK, 78))
    shown = text(session, 78, height + 4 * ascii, ascii=ascii)
    preset = session.experiment.preset
    assert height <= 10, "as many lines as a screen of 80 x 24 has for them"
    for part in (preset.summary, preset.notes):
        assert to_display(" ".join(part.split()), ascii) in shown
    assert preset.title in notes.title(session, DARK)


def test_notes_that_do_not_fit_name_the_key_that_shows_the_rest() -> None:
    shown = text(opened("exploding"), 58, 8)
    assert "o shows the rest" in shown
    assert "o shows the rest" not in text(opened("exploding"), 78, 12)


def test_a_remapped_key_is_named_in_the_notes() -> None:
    session = show_notes(new_session(experiment("xor"), key_labels={"o": "F3"}))
    assert "F3 shows it again" in text(session, 78, 12)


def test_the_arithmetic_has_the_rest_of_the_panel() -> None:
    session = opened("mazur")
    used = len(notes.note_lines(session, DARK, 78)) + 1
    lines = [line.text for line in notes.draw(session, DARK, 78, 20)]
    assert lines[used:] == [line.text for line in arithmetic.draw(session, DARK, 78, 20 - used)]


def test_without_notes_the_panel_is_the_arithmetic() -> None:
    session = new_session(experiment("mazur"))
    assert notes.draw(session, DARK, 78, 12) == arithmetic.draw(session, DARK, 78, 12)
    assert notes.title(session, DARK) == arithmetic.title(session, DARK)
    assert not notes.note_lines(session, DARK, 78)


def test_a_click_follows_a_number_below_the_notes() -> None:
    session = show_notes(stepping.forward(new_session(experiment("mazur"))))
    used = len(notes.note_lines(session, DARK, 78)) + 1
    height = 24 - used
    span = arithmetic.visible_spans(session, DARK, 78, height)[0]
    below = notes.click(session, Click(DARK, 78, 24, span.start, used + span.line))
    assert below.ref == arithmetic.click(session, Click(DARK, 78, height, span.start, span.line)).ref != session.ref
    assert notes.click(session, Click(DARK, 78, 24, 3, 0)) is session


def test_a_step_or_a_selection_hides_the_notes() -> None:
    session = opened("mazur")
    assert not hide_notes_after_step(session, stepping.forward(session)).notes
    assert not hide_notes_after_step(session, stepping.next_stop(session)).notes
    assert not select(session, session.ref).notes, "the name of a number asks for its arithmetic"
    assert hide_notes_after_step(session, stepping.previous_stop(session)).notes, "this is already the start"


def test_new_initial_weights_show_the_notes_again() -> None:
    session = stepping.whole_pass(new_session(experiment("xor")))
    fresh = hide_notes_after_step(session, stepping.new_seed(session))
    assert fresh.notes and fresh.cursor == 0
