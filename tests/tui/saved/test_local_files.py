"""Tests of the files that the picker lists, and of the completion of a path."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.tui.saved.local_files import complete_path, files_in, first_lines, is_path, matching_files, split_path

PRESET = 'title = "A"\n[data]\ninputs = [[1]]\n[[layers]]\nunits = 1\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, with files of every kind in it."""
    (tmp_path / "data").mkdir()
    (tmp_path / ".cache").mkdir()
    for name, text in {
        "iris.csv": "a,b\n1,2\n",
        "Wine.TSV": "a\tb\n1\t2\n",
        "banknote.txt": "1.5,2,0\n1,2,1\n",
        "README.txt": "Hello, you.\nThis is no table.\n",
        "homework.toml": PRESET,
        "course.toml": 'kind = "lesson"\n',
        "pyproject.toml": "[project]\n",
        "run.nntui": "PK",
        "notes.md": "a,b\n1,2\n",
        ".hidden.csv": "a,b\n1,2\n",
        "data/titanic-1.csv": "a,b\n",
        "data/titanic-2.csv": "a,b\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_files_that_the_app_opens_are_listed() -> None:
    assert {file.path: file.kind for file in files_in()} == {
        "banknote.txt": "table",
        "course.toml": "lesson",
        "homework.toml": "preset",
        "iris.csv": "table",
        "run.nntui": "document",
        "Wine.TSV": "table",
    }
    assert [file.path for file in files_in("", with_folders=True)][:2] == [".cache/", "data/"]
    assert files_in("no/such/folder/") == ()


def test_a_typed_path_lists_what_begins_with_it(folder: Path) -> None:
    assert [file.path for file in matching_files("data")] == ["data/titanic-1.csv", "data/titanic-2.csv"]
    assert [file.path for file in matching_files("data/")] == ["data/titanic-1.csv", "data/titanic-2.csv"]
    assert [file.path for file in matching_files("./D")] == ["./data/"]
    assert [file.path for file in matching_files("./.")] == ["./.cache/"]
    assert [file.title for file in matching_files(f"{folder}/i")] == ["iris.csv"]
    assert matching_files("data/x") == matching_files("a\0/") == ()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("da", "data/"),
        ("data/", "data/titanic-"),
        ("data/T", "data/titanic-"),
        ("data/titanic-1", "data/titanic-1.csv"),
        ("w", "Wine.TSV"),
        ("xor", "xor"),
        ("no/such", "no/such"),
    ],
)
def test_a_path_is_completed(typed: str, completed: str) -> None:
    assert complete_path(typed) == completed


def test_home_is_expanded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert "~/iris.csv" in [file.path for file in matching_files("~")]
    assert complete_path("~/iri") == "~/iris.csv"


@pytest.mark.usefixtures("folder")
def test_only_a_path_looks_into_folders() -> None:
    assert [is_path(text) for text in ("xor", "iris.csv", "", "data", "x/", "~", "./a")] == [False] * 3 + [True] * 4
    assert split_path("..") == ("../", "")


@pytest.mark.usefixtures("folder")
def test_a_table_is_previewed() -> None:
    file = next(file for file in files_in() if file.path == "banknote.txt")
    assert first_lines(file, 1) == ["1.5,2,0"]


def test_tables_of_exported_weights_are_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mine.csv", "mine-w1.csv", "mine-b1.csv", "flowers.csv", "study-b1.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    assert [file.path for file in files_in()] == ["flowers.csv", "study-b1.csv"]
