"""Training flat out over a link that is slow, or that stops: nothing waits for the terminal but the frames.

`bench/slow.py` measures how long a key takes; here stands what must hold on any machine.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from tests._link import Link, link
from tests._pty import APP, terminal

PATIENCE = 60.0  # seconds; only a hang takes so long
IN_FLIGHT = 150_000  # bytes at most that are still to come when nothing new is drawn: what the app and the kernel hold
_UPDATE = re.compile(r"update ([0-9,]+)")


def counters(app: Link, mark: int) -> list[int]:
    """The update counters that were shown after a mark."""
    return [int(found.replace(",", "")) for found in _UPDATE.findall(app.words_since(mark))]


def train(app: Link) -> None:
    """Start training flat out and wait until it is under way."""
    assert app.wait(lambda: "Forward" in app.words_since(0), PATIENCE)
    app.send("++++++r")
    assert app.wait(lambda: max(counters(app, 0), default=0) > 100, PATIENCE), app.words_since(0)


def press(app: Link, key: str, words: str) -> None:
    """Press a key and wait until its answer has come over the link."""
    mark = app.taken
    app.send(key)
    assert app.wait(lambda: words in app.words_since(mark), PATIENCE), app.words_since(mark)


def press_unseen(app: Link, key: str, log: Path, words: str) -> str:
    """Press keys while nobody reads the terminal, and wait until the log has the answer; returns the log."""
    app.send(key)
    assert app.wait(lambda: words in log.read_text(encoding="utf-8"), PATIENCE), log.read_text(encoding="utf-8")
    return log.read_text(encoding="utf-8")


def leave(app: Link) -> None:
    """Quit; the terminal is as it was."""
    app.send("q")
    assert app.end(PATIENCE) == 0
    assert app.left_on() == []


@pytest.mark.parametrize("preset", ["xor", "digits"])
@pytest.mark.parametrize("rate", [500_000, 100_000])
def test_keys_are_answered_over_a_slow_link(tmp_path: Path, preset: str, rate: int) -> None:
    with link(tmp_path, (*APP, preset)) as app:
        train(app)
        app.rate = rate
        for words in ("logarithmic", "linear", "logarithmic", "linear"):
            press(app, "L", words)  # looks on while the training goes on
        press(app, "r", "paused")
        leave(app)


def test_a_reader_that_stops_holds_up_frames_and_neither_keys_nor_training(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with link(tmp_path, (*APP, "xor", "--log", str(log))) as app:
        train(app)
        app.rate = 0
        seen = max(counters(app, 0))
        press_unseen(app, "L", log, "logarithmic")
        said = press_unseen(app, "*", log, "Bookmark at update")  # pauses too
        (found,) = re.findall(r"Bookmark at update ([0-9,]+)", said)
        assert int(found.replace(",", "")) > seen, "training has waited for the terminal"
        mark = app.taken
        app.rate = None
        assert app.wait(lambda: f"Bookmark at update {found}" in app.words_since(mark), PATIENCE)
        leave(app)


def test_what_waits_for_the_terminal_is_bounded_and_the_newest_is_shown_after_it(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with link(tmp_path, (*APP, "xor", "--log", str(log))) as app:
        assert app.wait(lambda: "Forward" in app.words_since(0), PATIENCE)
        press(app, "n", "update 1 ")
        app.rate = 0
        mark = app.taken
        for _ in range(60):
            app.send("n2m")  # each key draws the screen, and all together draw far more than may wait
        press_unseen(app, "1n*", log, "Bookmark at update 62.")
        app.rate = None
        assert app.wait(lambda: "Bookmark at update 62." in app.words_since(mark), PATIENCE), app.words_since(mark)
        assert app.taken - mark < IN_FLIGHT
        assert max(counters(app, mark)) == 62
        leave(app)


def test_after_a_stop_the_screen_is_what_it_would_have_been(tmp_path: Path) -> None:
    keys = "n2m" * 30 + "1n*"
    log = tmp_path / "log.txt"
    with terminal() as quick, terminal((*APP, "--log", str(log))) as stopped:
        stopped.wait_for("f Forward")
        stopped.send(keys)
        quick.wait_for("f Forward")
        quick.send(keys)
        quick.wait(lambda text: "Bookmark at update 31." in text)
        # Until then nobody reads from the other one, and it has dealt with all of the keys.
        quick.wait(lambda text: "Bookmark at update 31." in log.read_text(encoding="utf-8"))
        stopped.wait(lambda text: "Bookmark at update 31." in text and text == quick.look())
        for screen in (quick, stopped):
            screen.send("q")
            assert screen.end() == 0


def test_leaving_waits_for_a_reader_that_has_stopped(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with link(tmp_path, (*APP, "xor", "--log", str(log))) as app:
        train(app)
        app.rate = 0
        press_unseen(app, "2" + "m" * 40 + "L", log, "logarithmic")
        app.send("q")  # more waits to be sent than the kernel takes, so the app cannot end yet
        app.rate = 100_000
        assert app.end(PATIENCE) == 0
        assert app.left_on() == []
