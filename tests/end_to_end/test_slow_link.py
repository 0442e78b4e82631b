"""Training at full speed over a slow or blocked link: only the frames wait for the terminal.

`bench/slow.py` measures how long a key takes; these tests hold on any machine.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from tests._pty import APP, terminal
from tests._throttled_terminal import ThrottledTerminal, throttled_terminal

DEADLINE = 60.0  # seconds; only a program that hangs takes so long
IN_FLIGHT = 150_000  # bytes: the most that the app and the kernel hold back when nothing new is drawn
WHOLE_SCREEN = 35_000  # bytes at least
_UPDATE = re.compile(r"update ([0-9,]+)")


def counters(app: ThrottledTerminal, mark: int) -> list[int]:
    """Return the update counters that were shown after a mark."""
    return [int(number.replace(",", "")) for number in _UPDATE.findall(app.text_since(mark))]


def train(app: ThrottledTerminal) -> None:
    """Start training at full speed and wait until it runs."""
    assert app.wait(lambda: "Forward" in app.text_since(0), DEADLINE)
    app.send("++++++r")
    assert app.wait(lambda: max(counters(app, 0), default=0) > 100, DEADLINE), app.text_since(0)


def press(app: ThrottledTerminal, key: str, expected: str) -> None:
    """Press a key and wait until its effect has come over the link."""
    mark = app.bytes_read
    app.send(key)
    assert app.wait(lambda: expected in app.text_since(mark), DEADLINE), app.text_since(mark)


def press_unseen(app: ThrottledTerminal, key: str, log: Path, expected: str) -> str:
    """Press keys while the link is blocked, and wait until the log has the message; return the log."""
    app.send(key)
    assert app.wait(lambda: expected in log.read_text(encoding="utf-8"), DEADLINE), log.read_text(encoding="utf-8")
    return log.read_text(encoding="utf-8")


def quit_app(app: ThrottledTerminal) -> None:
    """Quit, and check that the terminal is restored."""
    app.send("q")
    assert app.end(DEADLINE) == 0
    assert app.left_on() == []


@pytest.mark.parametrize(("preset", "rate"), [("xor", 100_000), ("digits", 500_000)])
def test_keys_work_over_a_slow_link(tmp_path: Path, preset: str, rate: int) -> None:
    with throttled_terminal(tmp_path, (*APP, preset)) as app:
        train(app)
        app.rate = rate
        for expected in ("logarithmic", "linear", "logarithmic", "linear"):
            press(app, "L", expected)  # does not stop the training
        press(app, "r", "paused")
        quit_app(app)


def test_a_blocked_link_delays_frames_but_neither_keys_nor_training(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with throttled_terminal(tmp_path, (*APP, "xor", "--log", str(log))) as app:
        train(app)
        app.rate = 0
        seen = max(counters(app, 0))
        press_unseen(app, "L", log, "logarithmic")
        text = press_unseen(app, "*", log, "Bookmark at update")  # pauses too
        (update,) = re.findall(r"Bookmark at update ([0-9,]+)", text)
        assert int(update.replace(",", "")) > seen, "training has waited for the terminal"
        mark = app.bytes_read
        app.rate = None
        assert app.wait(lambda: f"Bookmark at update {update}" in app.text_since(mark), DEADLINE)
        quit_app(app)


def test_only_what_has_changed_is_written(tmp_path: Path) -> None:
    with throttled_terminal(tmp_path, (*APP, "xor")) as app:
        assert app.wait(lambda: "Forward" in app.text_since(0), DEADLINE)
        for update in range(1, 21):
            press(app, "n", f"update {update} ")
        assert app.bytes_read < 20 * WHOLE_SCREEN
        quit_app(app)


def test_pending_output_is_bounded_and_the_newest_frame_follows(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with throttled_terminal(tmp_path, (*APP, "xor", "--log", str(log))) as app:
        assert app.wait(lambda: "Forward" in app.text_since(0), DEADLINE)
        press(app, "n", "update 1 ")
        app.rate = 0
        mark = app.bytes_read
        for _ in range(60):
            app.send("n2m")  # each key draws the screen; together they draw far more than the limit
        press_unseen(app, "1n*", log, "Bookmark at update 62.")
        app.rate = None
        assert app.wait(lambda: "Bookmark at update 62." in app.text_since(mark), DEADLINE), app.text_since(mark)
        assert app.bytes_read - mark < IN_FLIGHT
        assert max(counters(app, mark)) == 62
        quit_app(app)


def test_after_a_blocked_link_the_screen_is_the_same_as_without(tmp_path: Path) -> None:
    keys = "n2m" * 30 + "1n*"
    log = tmp_path / "log.txt"
    with terminal() as quick, terminal((*APP, "--log", str(log))) as stopped:
        stopped.wait_for("f Forward")
        stopped.send(keys)
        quick.wait_for("f Forward")
        quick.send(keys)
        quick.wait(lambda text: "Bookmark at update 31." in text)
        # Until then nothing is read from the other terminal, and its app has handled all keys.
        quick.wait(lambda text: "Bookmark at update 31." in log.read_text(encoding="utf-8"))
        stopped.wait(lambda text: "Bookmark at update 31." in text and text == quick.look())
        for screen in (quick, stopped):
            screen.send("q")
            assert screen.end() == 0


def test_quitting_waits_for_a_blocked_link(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with throttled_terminal(tmp_path, (*APP, "xor", "--log", str(log))) as app:
        train(app)
        app.rate = 0
        press_unseen(app, "2" + "m" * 40 + "L", log, "logarithmic")
        app.send("q")  # more output is pending than the kernel takes, so the app cannot end yet
        app.rate = 100_000
        assert app.end(DEADLINE) == 0
        assert app.left_on() == []
