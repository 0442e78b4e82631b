"""Tests of the log: its content, and its failures, after which the app continues."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from nn_tui.tui.config.log import Log
from tests._pty import APP, terminal

FULL = Path("/dev/full")
LIMIT = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1000,) * 2); "
LIMITED = (sys.executable, "-c", f"{LIMIT}os.execvp(sys.argv[1], sys.argv[1:])")
full = pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")


def test_the_log_has_the_messages_and_nothing_else(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with terminal((*APP, "--log", str(log), "--no-resume"), NN_TUI_WELCOME="0") as screen:
        screen.wait_for("f Forward")
        screen.send("ff+r")
        screen.wait(lambda text: "running at full speed" in text and re.search(r"update \d{3}", text))
        screen.send("r")
        screen.wait_for("paused")
        screen.send("zq")
        assert screen.end() == 0
    lines = log.read_text(encoding="utf-8").splitlines()
    messages = [line[25:] for line in lines]
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} ", line) for line in lines)
    assert re.fullmatch(r"nn-tui \S+ opens xor\.", messages[0])
    assert any("full speed" in line for line in messages)
    assert len(lines) < 10, "a line for each message and none for each frame or key"


@full
def test_a_log_on_a_full_disk_is_reported_once_and_the_app_goes_on() -> None:
    with terminal((*APP, "--log", str(FULL), "--no-resume"), NN_TUI_WELCOME="0") as screen:
        screen.wait_for("The log /dev/full cannot be written, so logging stops: no space left on device.")
        screen.send("n+r")
        going = re.compile(r"update \d{3}")
        screen.wait(lambda text: "running at full speed" in text and going.search(text) and "/dev/full" not in text)
        screen.send("q")
        assert screen.end() == 0


def test_a_log_over_the_size_limit_is_reported_once_and_the_app_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("." * 920)
    # Otherwise Python would write an incomplete compiled module, because of the limit.
    quiet = {"NN_TUI_WELCOME": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    with terminal((*LIMITED, *APP, "--log", str(log), "--no-resume"), 200, 40, **quiet) as screen:
        screen.wait_for("f Forward")
        start = len(screen.output)
        screen.send("z")
        screen.wait_for("cannot be written, so logging stops: file too large.")  # as long as the path leaves room
        assert screen.output.index(b"The log") > start
        screen.send("n")
        screen.wait(lambda text: "update 1" in text and "too large" not in text)
        screen.send("q")
        assert screen.end() == 0
    assert log.stat().st_size <= 1000


def test_nothing_is_written_after_the_first_failure(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    log = Log(folder / "log.txt")
    assert (
        log.append_message("one")
        == f"The log {folder / 'log.txt'} cannot be written, so logging stops: no such file or directory."
    )
    folder.mkdir()
    assert log.append_message("two") == ""
    assert list(folder.iterdir()) == []


def test_a_message_is_one_line_of_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    assert Log(path).append_message("δ\n of \udc80") == ""
    assert path.read_text(encoding="utf-8")[25:] == "δ of \\udc80\n"


def test_a_folder_as_log_in_the_config_file_is_reported_and_the_app_starts(tmp_path: Path) -> None:
    path = tmp_path / "nn-tui" / "config.toml"
    path.parent.mkdir()
    path.write_text('log = "/"\n')
    with terminal((*APP, "--no-resume"), columns=240, NN_TUI_WELCOME="0", XDG_CONFIG_HOME=str(tmp_path)) as screen:
        screen.wait_for('config.toml: log: "/" cannot be written: is a directory. No log is written.')
        screen.send("q")
        assert screen.end() == 0
