"""What the start imports, and which kept session is offered where a practice is about to begin."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from nn_tui.core.practice.exercises import generate
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.saved.offers import practice_offer_message
from nn_tui.tui.session import stepping
from nn_tui.tui.session.exercise import begin_exercise, first_question
from nn_tui.tui.session.practice import finish_question, practise, start_practice
from nn_tui.tui.session.practice_answers import answer
from nn_tui.tui.session.practice_state import Exercise, Practice
from nn_tui.tui.session.session import Session, new_session, session_of
from nn_tui.tui.start import StartOptions, with_saved_session
from tests._app import experiment

# What a dialog or a key needs is imported when it opens, or after the first frame.
LATER = (
    "nn_tui.core.analysis.gradcheck", "nn_tui.core.analysis.seeds", "nn_tui.core.diagnosis.trial",
    "nn_tui.core.edits.parser", "nn_tui.core.export", "nn_tui.core.lesson.goal", "nn_tui.core.marking",
    "nn_tui.core.practice.marking", "nn_tui.core.saved.runs", "nn_tui.core.sweep", "nn_tui.core.table.reader",
    "nn_tui.core.weights", "nn_tui.core.worksheet", "nn_tui.tui.actions", "nn_tui.tui.cli.training",
    "nn_tui.tui.command_palette", "nn_tui.tui.saved.practice_results", "nn_tui.tui.saved.snapshot",
    "nn_tui.tui.saved.writers", "nn_tui.tui.screens",
)  # fmt: skip
OF_DELTA = Practice(exercise=Exercise("delta", 3))


def keep(folder: Path, session: Session) -> None:
    """Keep a session, as an app does at its end."""
    saver = AutoSaver({"XDG_STATE_HOME": str(folder)})
    assert saver.save(session)
    saver.close()


def asked(of: Experiment) -> Session:
    """Return a session with the first question of a practice."""
    return practise(stepping.next_stop)(start_practice(new_session(of), "formula", 4))


def offered(folder: Path, preset: str | None, practice: Practice | None, *, resume_now: bool = False) -> StartOptions:
    """Return the start options for a practice that is about to begin."""
    return with_saved_session(StartOptions(), AutoSaver({"XDG_STATE_HOME": str(folder)}), resume_now, preset, practice)


def test_only_an_unfinished_practice_of_the_preset_is_offered(tmp_path: Path) -> None:
    keep(tmp_path, finish_question(asked(experiment("mazur")), "at once"))
    keep(tmp_path, stepping.whole_pass(new_session(experiment("mazur"))))
    keep(tmp_path, finish_question(asked(experiment("xor")), "later"))
    start = offered(tmp_path, "mazur", Practice())
    assert start.offer is not None and start.offer.is_practice and start.offer.preset == "mazur"
    assert start.message.startswith("`⌫` goes on with your practice of ") and "(1 answer); `enter`" in start.message
    assert offered(tmp_path, "neuron", Practice()).offer is None
    assert offered(tmp_path, "mazur", OF_DELTA).offer is None
    resumed = offered(tmp_path, "mazur", Practice(), resume_now=True).session
    assert resumed is not None and resumed.practice is not None and len(resumed.practice.results) == 1


def test_the_offer_of_a_practice_of_another_day_has_its_date(tmp_path: Path) -> None:
    keep(tmp_path, finish_question(asked(experiment("mazur")), "at once"))
    offer = offered(tmp_path, "mazur", Practice()).offer
    assert offer is not None
    older = replace(offer, saved_at=int(time.mktime((2024, 3, 1, 9, 5, 0, 0, 0, -1))))
    assert practice_offer_message(older).startswith("`⌫` goes on with your practice of 2024-03-01 09:05 (1 answer); ")


def test_a_wrong_first_answer_is_kept_and_a_question_without_one_is_not(tmp_path: Path) -> None:
    keep(tmp_path, asked(experiment("mazur")))
    assert offered(tmp_path, "mazur", Practice()).offer is None
    keep(tmp_path, answer(asked(experiment("mazur")), "0.5"))
    start = offered(tmp_path, "mazur", Practice())
    assert start.offer is not None and "(0 answers)" in start.message
    loaded = AutoSaver({"XDG_STATE_HOME": str(tmp_path)}).load(start.offer, {})
    assert loaded.practice is not None and loaded.practice.question is not None
    assert loaded.practice.question.tries == 1 and loaded.practice.is_typing


def test_exercises_are_found_by_their_topic(tmp_path: Path) -> None:
    session = session_of(Run.start(generate("delta", 3)))
    session = first_question(begin_exercise(replace(session, practice=OF_DELTA)))
    keep(tmp_path, finish_question(session, "at once"))
    start = offered(tmp_path, "practice-delta-99-1", OF_DELTA)
    assert start.offer is not None and start.offer.topic == "delta"
    assert offered(tmp_path, "practice-bias-3-1", Practice(exercise=Exercise("bias", 3))).offer is None
    plain = offered(tmp_path, None, None)
    assert "`⌫` goes on with Practice: δ of every layer, exercise 1 (1 question answered), kept at" in plain.message


def test_the_start_imports_no_dialog_and_no_action() -> None:
    code = (
        "import sys, nn_tui.tui.app, nn_tui.tui.cli.main, nn_tui.tui.cli.start, nn_tui.tui.cli.table_start;"
        "print(*(name for name in sys.modules if name.startswith('nn_tui.')))"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert [name for name in printed.split() if f"{name}.".startswith(tuple(f"{later}." for later in LATER))] == []
