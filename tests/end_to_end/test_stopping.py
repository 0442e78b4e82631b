"""Stopping with `ctrl+z` or SIGTSTP and going on with `fg`, in a real shell with job control."""

from __future__ import annotations

import shlex
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from tests._app import Hand, in_app
from tests._pty import APP, FILLER, Terminal, is_restored, terminal
from tests.end_to_end.test_faults import READY, app, check_clean, pause, place, resumed, train, updates

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="needs a shell with job control")
SHELL = "shell$ "
PANELS = ("XOR", "Network", "Layer", "Output 1/5", "Arithmetic", "Loss 1/5", "q Quit")


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


def prompt(screen: Terminal, mark: int) -> None:
    """Wait for the shell's prompt after the first ``mark`` bytes: all that the app has written by then comes before."""
    screen.wait(lambda text: SHELL.encode() in screen.output[mark:])


def say(screen: Terminal, line: str) -> None:
    """Give the shell a line, and wait until it has done what that says."""
    mark = len(screen.output)
    screen.send(f"{line}\r")
    prompt(screen, mark)


def stop(screen: Terminal) -> None:
    """Press `ctrl+z`, see that the terminal is the shell's, and cover what the app has drawn."""
    mark = len(screen.output)
    screen.send("\x1a")
    screen.wait(lambda text: b"Stopped" in screen.output[mark:])
    prompt(screen, screen.output.index(b"Stopped", mark))
    assert is_restored(bytes(screen.output)) == []
    screen.fill()


def go_on(screen: Terminal, *words: str) -> None:
    """Let the shell go on with the app, and wait until that has painted the whole screen, with some words on it."""
    screen.send("fg\r")
    wait_for_all(screen, *words)


def wait_for_all(screen: Terminal, *words: str) -> None:
    """Wait until the app has painted the whole screen, with some words on it."""
    gone = (FILLER, SHELL, "Stopped")
    screen.wait(lambda text: all(each in text for each in words) and not any(each in text for each in gone))


def app_in(screen: Terminal) -> int:
    """The app's process, the one child of the shell."""
    (found,) = Path(f"/proc/{screen.pid}/task/{screen.pid}/children").read_text().split()
    return int(found)


def is_stopped(number: int) -> bool:
    """Whether the system has stopped a process."""
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def leave_shell(screen: Terminal) -> None:
    """Leave the app and the shell; the shell's code is the app's."""
    mark = len(screen.output)
    screen.send("q")
    prompt(screen, mark)
    assert is_restored(bytes(screen.output)) == []
    screen.send("exit\r")
    assert screen.end() == 0


@needs_bash
def test_ctrl_z_gives_the_shell_back_and_fg_the_whole_screen(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        pause(screen)
        stop(screen)
        say(screen, "echo a$((6*7))b")
        screen.wait_for("a42b")
        go_on(screen, *PANELS, "update 3", "✓ loss")
        screen.send("b")
        screen.wait_for("✓ backward")
        leave_shell(screen)


@needs_bash
def test_a_resize_while_it_is_stopped(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        pause(screen)
        stop(screen)
        screen.resize(80, 24)
        screen.fill()
        go_on(screen, "update 3", "2 Layer", "q Quit")
        leave_shell(screen)


@needs_bash
def test_a_training_stands_still_and_goes_on(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        train(screen)
        stop(screen)
        go_on(screen, *PANELS, "running flat out")
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
@pytest.mark.parametrize(("key", "title"), [("t", "Go to update"), ("?", "Keys and words"), ("o", "Presets: a course")])
def test_ctrl_z_with_a_dialog_open(tmp_path: Path, key: str, title: str) -> None:
    with shell(tmp_path) as screen:
        screen.send(key)
        screen.wait_for(title)
        stop(screen)
        go_on(screen, title)
        screen.send("\x1b")
        screen.wait(lambda text: title not in text)
        leave_shell(screen)


@needs_bash
def test_stopped_again_and_again(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        for _ in range(3):
            stop(screen)
            mark = len(screen.output)
            say(screen, "bg")  # the app runs before the shell prompts again
            number = app_in(screen)
            screen.wait(lambda text, number=number: is_stopped(number))  # type: ignore[misc]
            say(screen, "echo a$((6*7))b")
            screen.wait_for("a42b")
            assert b"XOR" not in screen.output[mark:], "in the background it keeps off the terminal"
            go_on(screen, *PANELS, READY)
        leave_shell(screen)


@needs_bash
def test_ending_it_while_it_is_stopped_keeps_the_session(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        pause(screen)
        stop(screen)
        number = app_in(screen)
        screen.send("kill %1\r")
        screen.wait(lambda text: not Path(f"/proc/{number}").exists())
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
        screen.kill(number)
        screen.wait(lambda text: is_stopped(screen.pid))
        if number is signal.SIGTSTP:
            screen.wait(lambda text: is_restored(bytes(screen.output)) == [])
            assert screen.is_cooked
        screen.fill()
        screen.kill(signal.SIGCONT)
        wait_for_all(screen, *PANELS, "update 3", "✓ loss")
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
