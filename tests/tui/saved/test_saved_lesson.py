"""Tests of lessons in documents: a lesson goes on as it was saved, and a changed file ends it."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import load_lesson
from nn_tui.tui.saved.offers import offer_message
from nn_tui.tui.saved.saved_lesson import restore_lesson, save_lesson
from nn_tui.tui.saved.session_store import SessionInfo
from nn_tui.tui.saved.snapshot import pack_snapshot, restore_session, take_snapshot
from nn_tui.tui.session import stepping
from nn_tui.tui.session.document import is_worth_saving
from nn_tui.tui.session.lesson import is_away, next_step, step_again
from nn_tui.tui.session.lesson_answers import choose_answer, follow_lesson, give_up, show_hint
from nn_tui.tui.session.lesson_state import LessonState
from nn_tui.tui.session.practice import practise
from nn_tui.tui.session.presenting import start_presenting
from nn_tui.tui.session.session import Session, new_session
from tests._app import experiment
from tests.tui._lessons import TEXT, session_at


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """Return a lesson in a file."""
    path = tmp_path / "small.toml"
    path.write_text(TEXT)
    return load_lesson(str(path))


def saved_and_restored(session: Session) -> Session:
    return restore_session(pack_snapshot(take_snapshot(session, 7)).content, {})


def comparable(state: LessonState | None) -> object:
    """Return a lesson without its run, which a restored session has anew."""
    assert state is not None and state.given is not None
    given = state.given
    return replace(state, given=None), (given.update, given.cursor, given.updates)


@pytest.mark.parametrize("name", ["says", "asks", "hint", "wrong", "right", "done", "solution", "end"])
def test_a_lesson_goes_on_as_it_was_saved(name: str, lesson: Lesson) -> None:
    task = session_at(lesson, 3)
    session = {
        "says": session_at(lesson, 0),
        "asks": session_at(lesson, 1),
        "hint": show_hint(session_at(lesson, 2)),
        "wrong": choose_answer(session_at(lesson, 2), "a"),
        "right": choose_answer(session_at(lesson, 2), "b"),
        "done": follow_lesson(task, stepping.forward(task)),
        "solution": give_up(session_at(lesson, 4)),
        "end": next_step(session_at(lesson, 4)),
    }[name]
    restored = saved_and_restored(session)
    assert comparable(restored.lesson) == comparable(session.lesson)
    assert restored.practice == session.practice and is_away(restored) == is_away(session)
    assert is_away(stepping.whole_pass(replace(restored, practice=None))) or name == "end"
    assert not is_away(step_again(restored))


def test_a_lesson_that_was_changed_or_deleted_is_left_out(lesson: Lesson) -> None:
    session = session_at(lesson, 4)
    saved = save_lesson(session.lesson, [session.run])
    assert saved is not None and lesson.path is not None
    lesson.path.write_text(TEXT.rpartition("[[steps]]")[0])
    assert restore_lesson(saved, [session.run]) is None
    lesson.path.unlink()
    assert restore_lesson(saved, [session.run]) is None
    assert saved_and_restored(session).lesson is None


def test_numbers_out_of_range_are_left_out(lesson: Lesson) -> None:
    session = session_at(lesson, 2)
    saved = save_lesson(session.lesson, [session.run])
    assert saved is not None
    for step in (-1, 5):
        assert restore_lesson(replace(saved, step=step), [session.run]) is None
    state = restore_lesson(replace(saved, run=-1, chosen=(-1, 0, 2)), [session.run])
    assert state is not None and (state.given, state.chosen) == (None, (0,))


def test_a_step_that_was_only_opened_is_not_kept(lesson: Lesson) -> None:
    session = session_at(lesson, 0)
    assert not is_worth_saving(session) and is_worth_saving(next_step(session))
    assert is_worth_saving(stepping.forward(session))


def test_what_a_projector_hides_is_no_practice_later() -> None:
    session = practise(stepping.next_stop)(start_presenting(new_session(experiment("mazur"))))
    assert session.practice is not None and session.practice.question is not None
    restored = saved_and_restored(session)
    assert restored.practice is None and not restored.is_presented
    assert (restored.trace.update, restored.cursor) == (session.trace.update, session.cursor)


def test_a_kept_lesson_is_offered_by_its_title(lesson: Lesson) -> None:
    info = take_snapshot(session_at(lesson, 1), 7).info
    assert info.lesson == "A small lesson" and not info.is_practice
    assert not take_snapshot(new_session(experiment("xor")), 7).info.lesson
    kept = SessionInfo(**{each.name: getattr(info, each.name) for each in fields(info)}, path=Path("kept"))
    assert offer_message(kept).startswith('`⌫` goes on with the lesson "A small lesson", kept at ')
