"""Tests of the files that each visitor gets a copy of."""

from __future__ import annotations

from pathlib import Path

from nn_tui.tui.serve.materials import materials_of


def test_a_shipped_preset_needs_no_file() -> None:
    assert materials_of(Path("xor")) == ()


def test_a_lesson_comes_with_its_preset_and_the_table_of_it(tmp_path: Path) -> None:
    (tmp_path / "lesson.toml").write_text('preset = "mine.toml"\n[[steps]]\ntext = "Look at other.txt"\n')
    (tmp_path / "mine.toml").write_text('[data]\ncsv = "flowers.csv"\ntest_csv = "../secret.csv"\n')
    (tmp_path / "flowers.csv").write_text("a,b\n1,2\n")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    found = materials_of(tmp_path / "lesson.toml")
    assert {path.name for path in found} == {"lesson.toml", "mine.toml", "flowers.csv"}


def test_files_that_name_each_other_are_taken_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('next = "b.toml"\n')
    (tmp_path / "b.toml").write_text('next = "a.toml"\n')
    assert sorted(path.name for path in materials_of(tmp_path / "a.toml")) == ["a.toml", "b.toml"]
