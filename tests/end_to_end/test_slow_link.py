"""Training flat out over a link that is slow, or that stops: nothing waits for the terminal but the frames.

How long a key takes is measured by `bench/slow.py`; here stands what must hold on any machine.
"""

from __future__ import annotations

import re
import time
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
    """Press a key and wait for its answer."""
    mark = app.taken
    app.send(key)
    assert app.wait(lambda: words in app.words_since(mark), PATIENCE), app.words_since(mark)


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


def test_a_reader_that_stops_holds_up_frames_and_not_training(tmp_path: Path) -> None:
    with link(tmp_path, (*APP, "xor")) as app:
        train(app)
        before, began = max(counters(app, 0)), time.monotonic()
        assert app.wait(lambda: max(counters(app, 0)) > before + 2_000, PATIENCE)
        rate = (max(counters(app, 0)) - before) / (time.monotonic() - began)
        app.rate = 0
        stopped, began = max(counters(app, 0)), time.monotonic()
        time.sleep(2.0)  # what is tested is that time passes
        held = time.monotonic() - began
        mark = app.taken
        app.rate = None
        press(app, "r", "paused")
        newest = counters(app, mark)[-1]
        assert newest > stopped + 0.2 * rate * held, "training has waited for the terminal"
        leave(app)


def test_what_waits_for_the_terminal_is_bounded_and_the_newest_is_shown_after_it(tmp_path: Path) -> None:
    with link(tmp_path, (*APP, "xor")) as app:
        assert app.wait(lambda: "Forward" in app.words_since(0), PATIENCE)
        press(app, "n", "update 1 ")
        app.rate = 0
        mark = app.taken
        for _ in range(60):
            app.send("n2m")  # each key draws the screen, and all together draw far more than may wait
        app.send("1n")
        app.rest(PATIENCE)
        app.rate = None
        assert app.wait(lambda: "update 62 " in app.words_since(mark), PATIENCE), app.words_since(mark)
        assert app.taken - mark < IN_FLIGHT
        assert max(counters(app, mark)) == 62
        leave(app)


def test_after_a_stop_the_screen_is_what_it_would_have_been() -> None:
    keys = "n2m" * 30 + "1n"
    with terminal() as quick, terminal() as stopped:
        for screen in (quick, stopped):
            screen.wait_for("f Forward")
            screen.send(keys)
        quick.wait(lambda text: "update 31 " in text)
        time.sleep(1.0)  # nobody reads from the other one
        quick.settle()
        assert stopped.wait(lambda text: text == quick.text)
        for screen in (quick, stopped):
            screen.send("q")
            assert screen.end() == 0


def test_leaving_waits_for_a_reader_that_has_stopped(tmp_path: Path) -> None:
    with link(tmp_path, (*APP, "xor")) as app:
        train(app)
        app.rate = 0
        app.send("v2mq")
        time.sleep(0.3)  # what is tested is that the reader comes back late
        app.rate = 100_000
        assert app.end(PATIENCE) == 0
        assert app.left_on() == []
