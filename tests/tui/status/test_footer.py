"""Tests of the footer: the keys that it shows, and what a click on them does."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from nn_tui import core
from nn_tui.core.preset.loader import open_experiment
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.keys.answer_keys import ANSWER_KEYS, BETWEEN_KEYS, CHOICE_KEYS
from nn_tui.tui.screens.help import INDENT, help_page
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.status import footer
from tests._app import DARK, experiment


def text(session: Session, width: int) -> str:
    return footer.draw(session, DARK, width, 1)[0].text


def passes_of(session: Session) -> list[Session]:
    """Return the session at each phase of its first pass, and after it."""
    sessions = [session]
    for step in (stepping.forward, stepping.backward, stepping.update):
        sessions.append(step(sessions[-1]))
    return sessions


@pytest.mark.parametrize("width", [80, 100, 120, 200])
@pytest.mark.parametrize("preset", ["xor", "mazur", "iris", "digits"])
def test_a_whole_pass_can_be_made_and_layer_digits_and_saving_found(preset: str, width: int) -> None:
    for session, phase in zip(
        passes_of(new_session(experiment(preset))), ("Forward", "Backward", "Update", "Forward"), strict=True
    ):
        line = text(session, width)
        for item in (phase, "n Pass", "r Run", "e Edit", "[ ] Layer", "d Digits", "s Save", "? Help", "q Quit"):
            assert item in line, line
        assert ("␣ ⌫ Step" in line) == (session.cursor > 0) and ("␣ Next" in line) == (session.cursor == 0)
        assert line.startswith(" ") and cell_len(line) == width


@pytest.mark.parametrize("preset", ["xor", "mazur", "iris", "digits"])
def test_the_footer_of_a_narrow_ascii_screen_has_save_too(preset: str) -> None:
    for session in passes_of(new_session(experiment(preset))):
        line = footer.draw(session, get_palette("dark", ascii=True), 80, 1)[0].text
        for item in ("n Pass", "r Run", "e Edit", "[ ] Layer", "s Save", "? Help", "q Quit"):
            assert item in line, line
        assert ("spc bksp Step" in line) == (session.cursor > 0)


def test_the_findings_and_the_next_views_are_in_a_footer_of_120_cells_and_of_a_table_the_prediction() -> None:
    for session in passes_of(new_session(experiment("xor"))):
        assert "i Health" in text(session, 120) and "v y Views" in text(session, 120)
        assert "R Predict" not in text(session, 120)
    table = Path(__file__).parents[2] / "core" / "table" / "files" / "titanic-seaborn.csv"
    for session in passes_of(new_session(open_experiment(str(table)))):
        line = text(session, 120)
        assert "i Health" in line and "R Predict" in line, line
        assert ("v y Views" in line) == ("b Backward" not in line), line


def test_keys_that_cannot_act_are_left_out() -> None:
    one_layer = text(new_session(experiment("or")), 200)
    assert "Layer" not in one_layer and "Sample" not in one_layer, "it has one layer, and batches of one sample"
    assert ", . Sample" in text(new_session(experiment("xor")), 200)


@pytest.mark.parametrize("ascii", [False, True])
def test_a_click_does_the_action_of_the_key_or_the_label_under_it(ascii: bool) -> None:
    palette = get_palette("dark", ascii=ascii)
    session = stepping.forward(new_session(experiment("xor")))
    line = footer.draw(session, palette, 300, 1)[0].text
    step, back = ("space", "backspace") if ascii else ("␣", "⌫")
    expected = {
        f"{step} {back} Step": {0: "next_stop", len(step) + 1: "previous_stop", len(f"{step} {back} "): "next_stop"},
        "[ ] Layer": {0: "layer_back", 2: "layer_on", 4: "layer_on", 8: "layer_on"},
        "b Backward": {0: "backward", 2: "backward"},
    }
    for item, actions in expected.items():
        start = line.index(item)
        assert {k: footer.hit(session, palette, start + k, 300) for k in actions} == actions
    assert footer.hit(session, palette, 299, 300) is None and footer.hit(session, palette, 0, 300) is None


def test_a_running_session_shows_the_keys_of_the_speed() -> None:
    session = replace(stepping.forward(new_session(experiment("xor"))), running=True)
    assert "+ - Speed" in text(session, 80) and "r Pause" in text(session, 80)


def test_every_key_that_a_sentence_names_stands_in_the_footer_or_the_help() -> None:
    catalogue = (Path(core.__file__).parent / "locale" / "nn_tui.pot").read_text(encoding="utf-8")
    named = {
        key
        for line in catalogue.splitlines()
        if line.startswith(("msgid", '"'))
        for key in re.findall("`([^`{]+)`", line)
    }
    labels = {label for line in help_page(DARK, 100) for label in line.text[:INDENT].split("  ") if label}
    keys = {key for label in labels for key in (label.strip(), *label.split())}
    answering = {entry.key_label for entry in (*ANSWER_KEYS, *BETWEEN_KEYS, *CHOICE_KEYS)}
    assert {"f", "⌫", "ctrl+r", "ctrl+p"} <= named
    assert named <= keys | answering
