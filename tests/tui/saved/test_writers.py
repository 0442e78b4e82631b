"""Tests of documents: they keep a session to the last bit, name nothing of the machine, and open on another one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.lesson.loader import load_lesson
from nn_tui.core.preset.loader import SHIPPED_DATA, open_experiment
from nn_tui.tui.saved import writers
from nn_tui.tui.saved.readers import open_document
from nn_tui.tui.saved.snapshot import pack_snapshot
from nn_tui.tui.saved.writers import WRITERS, write_session, writer_for
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.lesson import next_step, open_step
from nn_tui.tui.session.session import new_session
from tests._sessions import MOVE_LISTS, contents, session_after


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(MOVE_LISTS)
def test_a_document_keeps_a_random_session(tmp_path: Path, moves: list[str]) -> None:
    session = session_after(moves)
    write_session(tmp_path / "one.nntui", session)
    again = open_document(tmp_path / "one.nntui")
    assert contents(again) == contents(session)
    write_session(tmp_path / "two.nntui", again)
    assert contents(open_document(tmp_path / "two.nntui")) == contents(session)


def test_a_document_names_no_folder_and_opens_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = tmp_path / "a-private-folder", tmp_path / "elsewhere"
    here.mkdir()
    there.mkdir()
    rows = "\n".join(f"{n},{n * n}" for n in range(30))
    (here / "own.csv").write_text(f"x,y\n{rows}\n", encoding="utf-8")
    session = new_session(open_experiment(str(here / "own.csv")))
    session = stepping.goto(session, session.run.goto(3))
    write_session(there / "mine.nntui", session)
    content = (there / "mine.nntui").read_bytes()
    assert b"a-private-folder" not in content and str(Path.home()).encode() not in content
    (here / "own.csv").unlink()
    monkeypatch.chdir(there)
    assert contents(open_document(Path("mine.nntui"))) == contents(session)


def test_a_document_has_no_lesson_that_only_a_path_could_name(tmp_path: Path) -> None:
    folder = tmp_path / "a-private-folder"
    folder.mkdir()
    shipped = load_lesson("weighted-sum")
    assert shipped.path is not None
    (folder / "own.toml").write_bytes(shipped.path.read_bytes())
    for lesson in (shipped, load_lesson(str(folder / "own.toml"))):
        session = next_step(open_step(new_session(open_experiment("xor")), lesson, 0, {}))
        _, missing = write_session(tmp_path / "mine.nntui", session)
        assert b"a-private-folder" not in (tmp_path / "mine.nntui").read_bytes()
        again = open_document(tmp_path / "mine.nntui")
        assert (again.lesson is not None) == (missing is None) == (lesson is shipped)
        assert np.array_equal(again.trace.z[0], session.trace.z[0])


def test_data_that_come_with_nn_tui_are_found_again(tmp_path: Path) -> None:
    session = new_session(open_experiment("iris"))
    write_session(tmp_path / "iris.nntui", session)
    assert str(SHIPPED_DATA).encode() not in (tmp_path / "iris.nntui").read_bytes()
    again = open_document(tmp_path / "iris.nntui")
    again = branches.show_edited(again, apply_edit("data seed = 9", again.run, 0))
    other = branches.show_edited(session, apply_edit("data seed = 9", session.run, 0))
    assert np.array_equal(again.experiment.data.x, other.experiment.data.x)


@pytest.mark.parametrize("name", ["mine", "mine.txt", "mine.session", ".nntui"])
def test_a_name_without_a_known_ending_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"one of these file extensions: \.nntui, \.toml"):
        writer_for(Path(name))


def test_every_ending_has_a_sentence() -> None:
    for ending, writer in WRITERS.items():
        assert str(writer.about).startswith(ending) and str(writer.about).endswith(".")


def test_a_document_says_if_only_the_run_on_screen_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_after(["train 90", "eta", "train 90"])
    assert len(session.runs) == 2 and write_session(tmp_path / "all.nntui", session)[1] is None
    size = (tmp_path / "all.nntui").stat().st_size

    monkeypatch.setattr(writers, "pack_snapshot", partial(pack_snapshot, max_bytes=size - 1))
    assert "Only the run on screen is saved" in str(write_session(tmp_path / "one.nntui", session)[1])
    assert len(open_document(tmp_path / "one.nntui").runs) == 1
