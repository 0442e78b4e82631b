"""Tests of exports on the disk: all files are written, and a sentence names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.tui.saved.exports import write_export
from tests.core.export.test_write_arrays import trained


def test_the_files_beside_are_written_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    checkpoint = trained("digits", 1)
    for verb in ("Wrote", "Replaced"):
        sentences = write_export(Path("mine.py"), checkpoint, "numpy")
        assert [str(sentence) for sentence in sentences] == [
            f"{verb} mine.py and mine-data.npz.", "Run it with: python mine.py --updates 10",
        ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine-data.npz", "mine.py"]


def test_the_old_script_stays_if_its_data_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "mine-data.npz").mkdir()
    (tmp_path / "mine.py").write_text("old", encoding="utf-8")
    with pytest.raises(InputError, match="it cannot be written"):
        write_export(tmp_path / "mine.py", trained("digits", 1), "numpy")
    assert (tmp_path / "mine.py").read_text(encoding="utf-8") == "old"
