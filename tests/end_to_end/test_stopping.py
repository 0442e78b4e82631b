"""Tests of stopping the app with `ctrl+z` or SIGTSTP and continuing it with `fg`, in a shell with job control."""

from __future__ import annotations

import shlex
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from tests._app import AppTester, in_app
from tests._pty import APP, FILLER, Terminal, modes_left_on, terminal
from tests.end_to_end.test_faults import (
    READY,
    app,
    app_environment,
    check_ended,
    load_saved,
    step_into_pass,
    train,
    updates,
)

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="needs a shell with job control")
SHELL = "shell$ "
PANELS = ("XOR", "Network", "Layer", "Output", "Arithmetic", "Loss", "q Quit")


@contextmanager
def shell(folder: Path) -> Iterator[Terminal]:
    """Start an interactive shell, and the app in it."""
    plain = folder / "inputrc"
    plain.write_text("set enable-bracketed-paste off\n")  # the app could have left it on too
    command = (BASH or "", "--norc", "--noprofile", "-i")
    with terminal(command, 120, 40, PS1=SHELL, INPUTRC=str(plain), **app_environment(folder)) as screen:
        screen.wait_for(SHELL)
        screen.send(shlex.join(APP) + "\r")
        screen.wait_for(READY)
        yield screen


def wait_for_prompt(screen: Terminal, mark: int) -> None:
    """Wait for the shell's prompt after the first ``mark`` bytes; it follows all output of the app."""
    screen.wait(lambda text: SHELL.encode() in screen.output[mark:])


def run_command(screen: Terminal, line: str) -> None:
    """Let the shell run a command, and wait for its end."""
    mark = len(screen.output)
    screen.send(f"{line}\r")
    wait_for_prompt(screen, mark)


def stop(screen: Terminal) -> None:
    """Press `ctrl+z`, check that the shell has the terminal, and overwrite what the app has drawn."""
    mark = len(screen.output)
    screen.send("\x1a")
    screen.wait(lambda text: b"Stopped" in screen.output[mark:])
    wait_for_prompt(screen, screen.output.index(b"Stopped", mark))
    assert modes_left_on(bytes(screen.output)) == []
    screen.fill()


def resume(screen: Terminal, *words: str) -> None:
    """Let the shell continue the app, and wait until the app has painted the whole screen with some words."""
    screen.send("fg\r")
    wait_for_all(screen, *words)


def wait_for_all(screen: Terminal, *words: str) -> None:
    """Wait until the app has painted the whole screen with some words."""
    gone = (FILLER, SHELL, "Stopped")
    screen.wait(lambda text: all(each in text for each in words) and not any(each in text for each in gone))


def app_process(screen: Terminal) -> int:
    """Return the app's process, the only child of the shell."""
    (number,) = Path(f"/proc/{screen.pid}/task/{screen.pid}/children").read_text().split()
    return int(number)


def is_stopped(number: int) -> bool:
    """Return whether a process is stopped."""
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def quit_shell(screen: Terminal) -> None:
    """Quit the app and the shell, which has the app's exit code."""
    mark = len(screen.output)
    screen.send("q")
    wait_for_prompt(screen, mark)
    assert modes_left_on(bytes(screen.output)) == []
    screen.send("exit\r")
    assert screen.end() == 0


@needs_bash
def test_ctrl_z_returns_to_the_shell_and_fg_paints_the_whole_screen(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        step_into_pass(screen)
        stop(screen)
        run_command(screen, "echo a$((6*7))b")
        screen.wait_for("a42b")
        resume(screen, *PANELS, "update 3", "✓ loss")
        screen.send("b")
        screen.wait_for("✓ backward")
        quit_shell(screen)


@needs_bash
def test_the_terminal_is_resized_while_the_app_is_stopped(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        step_into_pass(screen)
        stop(screen)
        screen.resize(80, 24)
        screen.fill()
        resume(screen, "update 3", "2 Layer", "q Quit")
        quit_shell(screen)


@needs_bash
def test_training_stops_and_continues(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        train(screen)
        stop(screen)
        resume(screen, *PANELS, "running at full speed")
        seen = updates(screen.text)
        screen.wait(lambda text: updates(text) > seen)
        screen.send("r")
        screen.wait_for("paused")
        quit_shell(screen)


@needs_bash
def test_keys_before_and_after_the_stop_are_not_lost(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        screen.send("nn\x1a")
        screen.wait_for("Stopped")
        screen.send("fg\rnnf")
        screen.wait(lambda text: updates(text) == 4 and "✓ loss" in text)
        quit_shell(screen)


@needs_bash
@pytest.mark.parametrize(("key", "title"), [("t", "Go to update"), ("?", "Keys and words"), ("o", "Presets: a course")])
def test_ctrl_z_with_a_dialog_open(tmp_path: Path, key: str, title: str) -> None:
    with shell(tmp_path) as screen:
        screen.send(key)
        screen.wait_for(title)
        stop(screen)
        resume(screen, title)
        screen.send("\x1b")
        screen.wait(lambda text: title not in text)
        quit_shell(screen)


@needs_bash
def test_the_app_is_stopped_several_times(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        for _ in range(3):
            stop(screen)
            mark = len(screen.output)
            run_command(screen, "bg")  # the app runs before the shell prompts again
            number = app_process(screen)
            screen.wait(lambda text: is_stopped(number))
            run_command(screen, "echo a$((6*7))b")
            screen.wait_for("a42b")
            assert b"XOR" not in screen.output[mark:], "in the background it does not draw"
            resume(screen, *PANELS[:4], "About", *PANELS[5:], READY)
        quit_shell(screen)


@needs_bash
def test_ending_the_stopped_app_saves_the_session(tmp_path: Path) -> None:
    with shell(tmp_path) as screen:
        step_into_pass(screen)
        stop(screen)
        number = app_process(screen)
        screen.send("kill %1\r")
        screen.wait(lambda text: not Path(f"/proc/{number}").exists())
        screen.send("jobs\r")
        screen.wait_for("Exit 143")
        assert modes_left_on(bytes(screen.output)) == []
        screen.send("exit\r")
        screen.end()
    assert load_saved(tmp_path).updates_done == 3


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_sigcont_after_a_stop_paints_the_whole_screen(tmp_path: Path, number: signal.Signals) -> None:
    with app(tmp_path) as screen:
        screen.wait_for(READY)
        step_into_pass(screen)
        screen.kill(number)
        screen.wait(lambda text: is_stopped(screen.pid))
        if number is signal.SIGTSTP:
            screen.wait(lambda text: modes_left_on(bytes(screen.output)) == [])
            assert screen.is_cooked
        screen.fill()
        screen.kill(signal.SIGCONT)
        wait_for_all(screen, *PANELS, "update 3", "✓ loss")
        screen.send("bq")
        assert screen.end() == 0
        check_ended(screen)


def test_ctrl_z_without_a_shell_shows_a_message(tmp_path: Path) -> None:
    with app(tmp_path) as screen:  # started by no shell
        screen.wait_for(READY)
        screen.send("\x1a")
        screen.wait_for("not started from a shell with job control")
        screen.send("n")
        screen.wait(lambda text: updates(text) == 1)
        screen.send("q")
        assert screen.end() == 0
        check_ended(screen)


@in_app()
async def test_ctrl_z_without_a_terminal_shows_a_message(tester: AppTester) -> None:
    await tester.press("ctrl+z")
    await tester.wait_until(lambda: "not started from a shell with job control" in tester.text("message"))
