"""Tests of the file with the progress in lessons."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from nn_tui.tui.saved.lesson_progress import LessonStore, merge_progress
from nn_tui.tui.session.lesson_progress import LessonProgress


def environ(folder: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(folder)}


def test_progress_is_read_as_it_was_written(tmp_path: Path) -> None:
    store = LessonStore(environ(tmp_path))
    assert store.read() == {}
    progress = LessonProgress(False, 3, {0: "at once", 2: "revealed"})
    assert store.record("neuron", progress) is None
    assert store.record("line", LessonProgress(True)) is None
    assert LessonStore(environ(tmp_path)).read() == {"neuron": progress, "line": LessonProgress(True)}
    assert progress.score == 1


def test_the_best_outcome_and_the_end_stay() -> None:
    old = LessonProgress(True, 0, {0: "later", 1: "at once"})
    new = LessonProgress(False, 4, {0: "at once", 1: "revealed", 3: "later"})
    assert merge_progress(old, new) == LessonProgress(True, 4, {0: "at once", 1: "at once", 3: "later"})


def test_two_apps_lose_nothing(tmp_path: Path) -> None:
    def app(name: str) -> None:
        for step in range(12):
            LessonStore(environ(tmp_path)).record(name, LessonProgress(False, step, {step: "at once"}))
            LessonStore(environ(tmp_path)).record("both", LessonProgress(False, step, {step: "later"}))

    apps = [Thread(target=app, args=(name,)) for name in ("one", "two")]
    for each in apps:
        each.start()
    for each in apps:
        each.join()
    found = LessonStore(environ(tmp_path)).read()
    assert {name: len(progress.outcomes) for name, progress in found.items()} == {"one": 12, "two": 12, "both": 12}
    assert [path.name for path in (tmp_path / "nn-tui").iterdir()] == ["lessons.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"[1]", b"{", b"\xff", b'{"a": 1}', b"[" * 100_000],
    ids=["empty", "list", "torn", "binary", "number", "deep"],
)
def test_a_damaged_file_is_no_progress(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "lessons.json").write_bytes(content)
    store = LessonStore(environ(tmp_path))
    assert store.read() == {}
    assert store.record("neuron", LessonProgress(True)) is None
    assert store.read() == {"neuron": LessonProgress(True)}


def test_values_that_are_not_valid_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "lessons.json").write_text(
        '{"a": {"done": 1, "next": -3, "outcomes": {"x": "later", "1": "later", "2": 5, "99999": "later"}},'
        ' "b": {"next": "4", "outcomes": []}}'
    )
    found = LessonStore(environ(tmp_path)).read()
    assert found == {"a": LessonProgress(False, 0, {1: "later"}), "b": LessonProgress()}


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "nn-tui").write_text("a file where a folder should be")
    problem = LessonStore(environ(tmp_path)).record("neuron", LessonProgress(True))
    assert problem is not None and str(problem).startswith("Your progress cannot be saved: ")
