"""Tests of writing files that a person names: all files of an export are written, and a sentence names them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.export.values import ExportedFile
from nn_tui.tui.saved.files import check_writable, write_file, write_files

SCRIPT, DATA = ExportedFile("mine.py", b"print()\n"), ExportedFile("mine-data.npz", b"PK")


def test_the_files_beside_are_written_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for verb in ("Wrote", "Replaced"):
        assert str(write_files(Path("mine.py"), (SCRIPT, DATA))) == f"{verb} mine.py and mine-data.npz."
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "mine.py": b"print()\n", "mine-data.npz": b"PK",
    }  # fmt: skip


def test_the_old_script_stays_if_its_data_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "mine-data.npz").mkdir()
    (tmp_path / "mine.py").write_text("old", encoding="utf-8")
    with pytest.raises(InputError, match="it cannot be written"):
        write_files(tmp_path / "mine.py", (SCRIPT, DATA))
    assert (tmp_path / "mine.py").read_text(encoding="utf-8") == "old"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are Unix's")
def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    pipe, link = tmp_path / "rows.csv", tmp_path / "link.csv"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(InputError, match=r"it is a pipe or a device, .* write - for stdout"):
            check_writable(path)
        with pytest.raises(InputError, match="it is a pipe or a device"):
            write_file(path, b"new")
    assert stat.S_ISFIFO(pipe.stat().st_mode) and link.is_symlink()


def test_the_target_of_a_symbolic_link_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "rows.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    link.symlink_to(Path("there") / "rows.csv")
    for content in (b"new", b"newer"):
        check_writable(link)
        write_file(link, content)
        assert link.is_symlink() and target.read_bytes() == content
        target.unlink()  # a link without a target makes it
