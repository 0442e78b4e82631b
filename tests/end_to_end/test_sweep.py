"""Tests of a sweep in a terminal."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from tests._pty import APP, terminal


def test_ctrl_c_keeps_the_rows_so_far(tmp_path: Path) -> None:
    """Other processes train most of the rows; none of them sees the signal."""
    file = tmp_path / "rows.csv"
    words = ("sweep", "xor", "--seeds", "0-5000", "--updates", "300", "--jobs", "2", "--csv", str(file))
    with terminal((*APP, *words), 80, 24, XDG_CONFIG_HOME=str(tmp_path)) as screen:
        screen.wait(lambda text: text.count("    300  ") > 3 and " of 5,001 combinations · " in text)
        screen.send("\x03")
        assert screen.end() == 128 + signal.SIGINT
        text = screen.text
    assert "Traceback" not in screen.output.decode()
    wrote, stopped = (line.rstrip() for line in text.splitlines() if line.startswith(("Wrote ", "nn-tui: ")))
    assert "\nTrain loss over the seeds:" in text and wrote.startswith("Wrote ")
    header, *rows = file.read_text().splitlines()
    assert stopped.startswith(f"nn-tui: stopped after {len(rows)} of 5,001 combinations")
    assert header.startswith("seed,updates,train_loss,")
    seeds = [int(row.split(",")[0]) for row in rows]
    assert seeds == sorted(set(seeds)) and {row.split(",")[1] for row in rows} == {"300"}
