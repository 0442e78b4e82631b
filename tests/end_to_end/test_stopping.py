"""Stopping with `ctrl+z` or SIGTSTP and going on with `fg`, in a real shell with job control."""

from __future__ import annotations

import shlex
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from tests._app import Hand, in_app
from tests._pty import APP, DEADLINE, Terminal, is_restored, terminal
from tests.end_to_end.test_faults import READY, app, check_clean, is_cooked, pause, place, resumed, train, updates

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="needs a shell with job control")
SHELL = "shell$ "


@contextmanager
def shell(folder: Path) -> Iterator[Terminal]:
    """An interactive shell, in which the app has been started."""
    plain = folder / "inputrc"
    plain.write_text("set enable-bracketed-paste off\n")  # which would look as if the app had left it on
    command = (BASH or "", "--norc", "--noprofile", "-i")
    with terminal(command, 120, 40, PS1=SHELL, INPUTRC=str(plain), **place(folder)) as screen:
        screen.wait_for(SHELL)
        screen.send(shlex.join(APP) + "\r")
        screen.wait_for(READY)
        yield screen


def stop(screen: Terminal) -> None:
    """Press `ctrl+z`, and see that the terminal is the shell's."""
    seen = screen.output.count(b"Stopped")
    screen.send("\x1a")
    screen.wait(lambda text: screen.output.count(b"Stopped") > seen)
    screen.settle()
    assert is_restored(bytes(screen.output)) == []
    clear(screen)


def clear(screen: Terminal) -> None:
    """What a terminal does that has another screen for the app: of the app's nothing stays."""
    screen._stream.feed(b"\x1b[2J\x1b[H")


def app_in(screen: Terminal) -> int:
    """The app's process, the one child of the shell."""
    (found,) = Path(f"/proc/{screen._process.pid}/task/{screen._process.pid}/children").read_text().split()
    return int(found)


def until_stopped(number: int) -> None:
    """Wait until a process does nothing any more."""
    end = time.monotonic() + DEADLINE
    while Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < end, "it goes on"


def leave_shell(screen: Terminal) -> None:
    """Leave the app and the shell; the shell's code is the app's."""
    screen.send("q")
    screen.wait_for(SHELL)
    screen.settle()
    assert is_restored(bytes(screen.output)) == []
    screen.send("exit\r")
    assert screen.end() == 0


@needs_bash
def test_ctrl_z_gives_the_shell_back_and_fg_the_whole_screen(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        pause(screen)
        before = screen.settle()
        stop(screen)
        screen.send("echo a$((6*7))b\r")
        screen.wait_for("a42b")
        screen.send("fg\r")
        screen.wait(lambda text: text == before)
        screen.send("b")
        screen.wait_for("✓ backward")
        leave_shell(screen)


@needs_bash
def test_a_resize_while_it_is_stopped(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        pause(screen)
        stop(screen)
        screen.resize(80, 24)
        screen.send("fg\r")
        screen.wait(lambda text: "2 Layer" in text and "q Quit" in text)
        shown = screen.settle()
        assert "shell$" not in shown and updates(shown) == 3
        screen.resize(81, 24)  # which paints all of it again
        screen.settle()
        screen.resize(80, 24)
        assert screen.settle() == shown
        leave_shell(screen)


@needs_bash
def test_a_training_stands_still_and_goes_on(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        train(screen)
        stop(screen)
        screen.send("fg\r")
        screen.wait(lambda text: "running flat out" in text and "Arithmetic" in text)
        seen = updates(screen.text)
        screen.wait(lambda text: updates(text) > seen)
        screen.send("r")
        screen.wait_for("paused")
        leave_shell(screen)


@needs_bash
def test_what_is_typed_around_it_is_not_lost(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        screen.send("nn\x1a")
        screen.wait_for("Stopped")
        screen.send("fg\rnnf")
        screen.wait(lambda text: updates(text) == 4 and "✓ loss" in text)
        leave_shell(screen)


@needs_bash
@pytest.mark.parametrize("key", ["t", "?", "o"])
def test_ctrl_z_with_a_dialog_open(tmp_path: Path, key: str) -> None:
    with shell(tmp_path) as screen:
        screen.send(key)
        screen.wait(lambda text: "esc" in text)
        before = screen.settle()
        stop(screen)
        screen.send("fg\r")
        screen.wait(lambda text: text == before)
        screen.send("\x1b")
        screen.wait(lambda text: text != before)
        leave_shell(screen)


@needs_bash
def test_stopped_again_and_again(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        before = screen.settle()
        for _ in range(3):
            stop(screen)
            screen.send("bg\r")
            screen.settle()
            assert "XOR" not in screen.text, "in the background it keeps off the terminal"
            screen.send("fg\r")
            screen.wait(lambda text: text == before)
        leave_shell(screen)


@needs_bash
def test_ending_it_while_it_is_stopped_keeps_the_session(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        pause(screen)
        stop(screen)
        number = app_in(screen)
        screen.send("kill %1\r")
        screen.wait(lambda _: not Path(f"/proc/{number}").exists())
        screen.send("jobs\r")
        screen.wait_for("Exit 143")
        assert is_restored(bytes(screen.output)) == []
        screen.send("exit\r")
        screen.end()
    assert resumed(tmp_path).updates_done == 3


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_a_signal_stops_it_and_another_paints_all_of_it(tmp_path: Path, number: signal.Signals) -> None:
    with app(tmp_path) as screen:
        screen.wait_for(READY)
        pause(screen)
        before = screen.settle()
        screen.kill(number)
        until_stopped(screen._process.pid)
        screen.settle()
        if number is signal.SIGTSTP:
            assert is_restored(bytes(screen.output)) == [] and is_cooked(screen)
        screen._stream.feed(b"\x1b[2J$ fg")
        screen.kill(signal.SIGCONT)
        screen.wait(lambda text: text == before)
        screen.send("bq")
        assert screen.end() == 0
        check_clean(screen)


def test_where_nothing_waits_ctrl_z_says_so(tmp_path: Path) -> None:
    with app(tmp_path) as screen:  # started by no shell
        screen.wait_for(READY)
        screen.send("\x1a")
        screen.wait_for("No shell waits here")
        screen.send("n")
        screen.wait(lambda text: updates(text) == 1)
        screen.send("q")
        assert screen.end() == 0
        check_clean(screen)


@in_app()
async def test_without_a_terminal_ctrl_z_says_so(hand: Hand) -> None:
    await hand.press("ctrl+z")
    await hand.wait_until(lambda: "No shell waits here" in hand.text("message"))
