"""Test that a file is written as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.saved.atomic_write import write_atomically


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "file.txt"
    write_atomically(path, "one\n")
    assert path.read_text() == "one\n"

    def fail(*names: object) -> None:
        raise OSError("full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="full"):
        write_atomically(path, "two\n")
    assert path.read_text() == "one\n" and [entry.name for entry in path.parent.iterdir()] == ["file.txt"]
