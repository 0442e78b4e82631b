"""Tests of the folder of a visitor, and of the environment of the process."""

from __future__ import annotations

from pathlib import Path

from nn_tui.tui.config.files import config_file, state_folder
from nn_tui.tui.serve.visitor_folder import (
    VisitorResults,
    folder_size,
    make_visitor_folder,
    remove_folder,
    saved_files,
    visitor_environment,
)

SERVER = {
    "HOME": "/home/teacher", "PATH": "/usr/bin", "API_KEY": "secret", "SSH_AUTH_SOCK": "/run/agent",
    "LANG": "ko_KR.UTF-8", "NN_TUI_PALETTE": "light", "NN_TUI_LOG": "/home/teacher/log",
    "PYTHONPATH": "/home/teacher/lib",
}  # fmt: skip


def test_only_the_owner_reads_a_folder_and_it_has_copies_of_the_materials(tmp_path: Path) -> None:
    (tmp_path / "flowers.csv").write_text("1\n")
    folder = make_visitor_folder(tmp_path, [tmp_path / "flowers.csv"])
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*")) if path.is_dir()} == {0}
    assert (folder / "flowers.csv").read_text() == "1\n"
    remove_folder(folder)
    assert not folder.exists()


def test_the_environment_has_nothing_of_the_server_but_language_and_settings(tmp_path: Path) -> None:
    found = visitor_environment(tmp_path, SERVER, (100, 30))
    of_server = {name for name, value in found.items() if SERVER.get(name) == value}
    assert of_server == {"LANG", "NN_TUI_PALETTE"}
    assert not {"PATH", "API_KEY", "SSH_AUTH_SOCK", "NN_TUI_LOG", "PYTHONPATH"} & set(found)
    assert (found["COLUMNS"], found["ROWS"], found["TEXTUAL_FPS"]) == ("100", "30", "10")


def test_config_and_state_are_in_the_folder(tmp_path: Path) -> None:
    environ = visitor_environment(tmp_path, {}, (80, 24))
    assert config_file(environ).is_relative_to(tmp_path)
    assert state_folder(environ).is_relative_to(tmp_path)


def test_a_file_is_saved_when_it_is_new_or_changed(tmp_path: Path) -> None:
    folder = make_visitor_folder(tmp_path, [])
    assert saved_files(folder) == {}
    (folder / "mine.nntui").write_bytes(b"1")
    (folder / ".hidden").write_bytes(b"1")
    (folder / "link.csv").symlink_to("/etc/hostname")
    before = saved_files(folder)
    assert [path.name for path in before] == ["mine.nntui"]
    (folder / "mine.nntui").write_bytes(b"12")
    assert saved_files(folder) != before


def test_the_size_of_a_folder_counts_hidden_files_too_but_follows_no_links(tmp_path: Path) -> None:
    folder = make_visitor_folder(tmp_path, [])
    (folder / "mine.nntui").write_bytes(b"12345")
    (folder / ".local" / "hidden").write_bytes(b"123")
    (tmp_path / "large").write_bytes(b"1" * 1000)
    (folder / "link").symlink_to(tmp_path / "large")
    assert 8 <= folder_size(folder) < 1000


def test_results_are_the_marks_and_the_progress_under_the_name_of_the_visitor(tmp_path: Path) -> None:
    folder, results = make_visitor_folder(tmp_path, []), tmp_path / "results"
    results.mkdir()
    (folder / ".results" / "Ann----x-20260101T000000.json").write_text("{}")
    (folder / ".results" / "Bo-20260101T000000.json").write_text("{}")  # a table that was saved under this name
    progress = folder / ".local/state/nn-tui/lessons.json"
    progress.parent.mkdir()
    progress.write_text('{"chain-rule": {}}')
    for _ in range(2):  # a second visitor of the same name replaces nothing
        VisitorResults(folder, results, "Ann/../x").collect()
    names = sorted(path.relative_to(results).as_posix() for path in results.rglob("*.json"))
    assert names[:2] == ["Ann----x-20260101T000000-2.json", "Ann----x-20260101T000000.json"]
    assert [name.startswith("lessons/Ann----x-2") for name in names[2:]] == [True, True]


def test_results_that_change_are_copied_again_to_the_same_file(tmp_path: Path) -> None:
    folder, results = make_visitor_folder(tmp_path, []), tmp_path / "results"
    marks = folder / ".results" / "Ann-20260101T000000.json"
    marks.write_text("[1]")
    kept = VisitorResults(folder, results, "Ann")
    assert kept.collect() == [results / marks.name]
    assert kept.collect() == []
    marks.write_text("[1, 2]")
    assert kept.collect() == [results / marks.name]
    assert [path.read_text() for path in results.iterdir()] == ["[1, 2]"]
