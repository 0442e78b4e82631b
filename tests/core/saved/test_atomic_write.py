"""Test that a file is written as a whole or not at all."""

from __future__ import annotations

import errno
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


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "no file can be made in this folder"),
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
    ],
)
def test_an_error_names_the_file_and_not_the_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: OSError, said: str
) -> None:
    def fail(**names: object) -> None:
        raise type(reason)(reason.errno, reason.strerror, "/proc/.file.txt-1a2b")

    monkeypatch.setattr("tempfile.mkstemp", fail)
    with pytest.raises(PermissionError) as caught:
        write_atomically(tmp_path / "file.txt", "one")
    assert (caught.value.filename, caught.value.strerror) == (str(tmp_path / "file.txt"), said)
