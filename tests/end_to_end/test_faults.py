"""Check every end of the app in a real terminal: it restores the terminal and saves the session."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from nn_tui.core.run.run import Run
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.saved.readers import open_document
from nn_tui.tui.saved.writers import write_session
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from tests._app import experiment
from tests._edits import bits
from tests._pty import APP, Terminal, modes_left_on, terminal

READY = "f Forward"


def updates(text: str) -> int:
    """The update in the header."""
    match = re.search(r"update (\d+)", text)
    return int(match[1]) if match else -1


def app_environment(folder: Path) -> dict[str, str]:
    """The environment of an app that saves its sessions there."""
    # The last bits depend on the kernels of OpenBLAS, so the app has to use those of this process.
    kernels = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    return {
        "XDG_STATE_HOME": str(folder),
        "NN_TUI_RESUME": "1",
        "NN_TUI_WELCOME": "0",
        **kernels,
    }


def app(folder: Path, command: Sequence[str] = APP, columns: int = 120) -> contextlib.AbstractContextManager[Terminal]:
    """Start the app in a terminal; it saves its sessions in ``folder``."""
    return terminal(command, columns, 40, **app_environment(folder))


def load_saved(folder: Path) -> Session:
    """Load the session that the next start offers, and compare its numbers to those of an undisturbed run."""
    auto_saver = AutoSaver({"XDG_STATE_HOME": str(folder)})
    (offer,), notices = auto_saver.find_sessions()
    assert notices == []
    session = auto_saver.load(offer, {})
    auto_saver.close()
    run = Run.start(experiment("xor"))
    run.goto(session.run.reached)
    assert bits(run.state) == bits(session.run.state_after(session.run.reached))
    assert bits(run.state_after(session.trace.update)) == bits(session.trace.after)
    assert sorted(path.suffix for path in offer.path.parent.iterdir()) == [".nntui"], (
        "neither a lock nor a temporary file"
    )
    return session


def remaining_processes(screen: Terminal) -> list[int]:
    """Return the processes of the app's terminal session that still exist."""
    processes = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == screen.pid:
            processes.append(int(path.parent.name))
    return processes


def check_ended(screen: Terminal) -> str:
    """Check that the terminal is restored and no process is left; return the output after the app's screen."""
    assert modes_left_on(bytes(screen.output)) == []
    assert screen.is_cooked
    assert remaining_processes(screen) == []
    return screen.output[screen.output.rindex(b"\x1b[?1049l") :].decode("utf-8", "replace")


def last_line(output: str) -> str:
    """Return the only line after the app's screen; a terminal may have wrapped it."""
    (line,) = re.findall(r"nn-tui: .*", output)
    return str(line).rstrip("\r")


def train(screen: Terminal) -> None:
    """Train at full speed."""
    screen.send("+r")
    screen.wait(lambda text: "running at full speed" in text and updates(text) > 300)


def step_into_pass(screen: Terminal) -> None:
    """Run some passes, and stop in the middle of one."""
    screen.send("nnnf")
    screen.wait(lambda text: updates(text) == 3 and "✓ loss" in text)


def ask(screen: Terminal) -> None:
    """Run some passes, and open a dialog."""
    step_into_pass(screen)
    screen.send("t")
    screen.wait_for("Go to update")


def read_help(screen: Terminal) -> None:
    """Run some passes, and open the help."""
    step_into_pass(screen)
    screen.send("?")
    screen.wait_for("Keys and words")


SIGNALS = [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGQUIT, 131)]


@pytest.mark.parametrize(
    ("number", "code", "state"),
    [(*each, train) for each in SIGNALS]
    + [(*each, state) for each, state in zip(SIGNALS, (step_into_pass, ask, read_help), strict=False)],
)
def test_a_signal_restores_the_terminal_and_saves_the_session(
    tmp_path: Path, number: signal.Signals, code: int, state: Callable[[Terminal], None]
) -> None:
    with app(tmp_path) as screen:
        screen.wait_for(READY)
        state(screen)
        seen = updates(screen.text) if state is train else 3
        screen.kill(number)
        assert screen.end() == code
        assert "nn-tui:" not in check_ended(screen)
    session = load_saved(tmp_path)
    if state is train:
        assert session.updates_done == session.run.reached >= seen
    else:
        assert (session.updates_done, session.cursor) == (3, session.pass_steps.after("loss"))


CURSOR_REQUEST, ALTERNATE, PASTE = b"\x1b[6n", b"\x1b[?1049h", b"\x1b[?2004h"


@pytest.mark.parametrize(
    ("number", "code", "sign"),
    [(*each, CURSOR_REQUEST) for each in SIGNALS] + [(*SIGNALS[0], ALTERNATE), (*SIGNALS[2], PASTE)],
)
def test_a_signal_during_the_start_restores_the_terminal(
    tmp_path: Path, number: signal.Signals, code: int, sign: bytes
) -> None:
    with app(tmp_path) as screen:
        screen.wait(lambda text: sign in screen.output)
        screen.kill(number)
        assert screen.end() == code
        check_restored(screen)


def check_restored(screen: Terminal) -> None:
    """Check that the app restored the terminal, at whatever point of its start or end a signal came."""
    assert modes_left_on(bytes(screen.output)) == []
    assert screen.is_cooked
    assert remaining_processes(screen) == []
    assert b"Traceback" not in screen.output and b"Exception" not in screen.output
    if ALTERNATE not in screen.output and CURSOR_REQUEST in screen.output:
        assert screen.output.endswith(CURSOR_REQUEST + b"\r\x1b[K"), "the line is cleared"


SIGNALLED = """
import os, sys, tty
import {module} as module

owner_path, _, name = "{name}".rpartition(".")
owner = getattr(module, owner_path) if owner_path else module
real = getattr(owner, name)

def signalled(*args, **options):
    setattr(owner, name, real)
    os.kill(os.getpid(), {number:d})
    return real(*args, **options)

setattr(owner, name, signalled)
from nn_tui.tui.__main__ import main
sys.exit(main())
"""
START = [
    ("nn_tui.tui.cli.main", "main"),
    ("nn_tui.tui.config.config", "read_config"),
    ("nn_tui.core.preset.loader", "load_experiment"),
    ("nn_tui.tui.terminal.capabilities", "draws_ambiguous_wide"),
    ("termios", "tcsetattr"),  # called in a finally block that puts the terminal's modes back
    ("nn_tui.tui.app", "run"),
    ("nn_tui.tui.app", "with_saved_session"),
    ("nn_tui.tui.app", "NNTui.__init__"),
    ("nn_tui.tui.app", "NNTui.run"),
    ("nn_tui.tui.app", "NNTui.get_driver_class"),
    ("nn_tui.tui.terminal.driver", "TerminalDriver.start_application_mode"),
    ("nn_tui.tui.app", "NNTui.get_default_screen"),
    ("nn_tui.tui.app", "NNTui.on_mount"),
]
END = [
    ("nn_tui.tui.terminal.driver", "TerminalDriver.stop_application_mode"),
    ("nn_tui.tui.app", "save_on_exit"),
    ("nn_tui.core.saved.atomic_write", "write_atomically"),
    ("nn_tui.tui.app", "discard_output"),
]


@pytest.mark.parametrize(("module", "name"), START)
def test_a_signal_at_each_step_of_the_start_ends_it(tmp_path: Path, module: str, name: str) -> None:
    with app(tmp_path, script(tmp_path, SIGNALLED.format(module=module, name=name, number=signal.SIGTERM))) as screen:
        assert screen.end() == 143
        check_restored(screen)


@pytest.mark.parametrize(("module", "name"), END)
def test_a_signal_at_each_step_of_leaving_waits_until_the_session_is_saved(
    tmp_path: Path, module: str, name: str
) -> None:
    with app(tmp_path, script(tmp_path, SIGNALLED.format(module=module, name=name, number=signal.SIGTERM))) as screen:
        screen.wait_for(READY)
        screen.send("nnq")
        assert screen.end() == 143
        check_restored(screen)
    assert load_saved(tmp_path).updates_done == 2


def test_of_two_signals_the_first_counts(tmp_path: Path) -> None:
    with app(tmp_path) as screen:
        screen.wait_for(READY)
        train(screen)
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGHUP, signal.SIGTERM):
            screen.kill(number)
        assert screen.end() == 129
        check_ended(screen)
    assert load_saved(tmp_path).run.reached > 300


def test_quitting_while_it_trains_saves_the_last_update(tmp_path: Path) -> None:
    with app(tmp_path) as screen:
        screen.wait_for(READY)
        train(screen)
        screen.send("q")
        assert screen.end() == 0
        notice = "nn-tui: your session is kept; this continues it: nn-tui --resume"
        assert last_line(check_ended(screen)) == notice
    session = load_saved(tmp_path)
    assert session.updates_done == session.run.reached > 300
    with app(tmp_path, (*APP, "--resume")) as screen:
        screen.wait(lambda text: updates(text) == session.updates_done)
        screen.wait_for("as kept at")
        screen.send("p")
        screen.wait(lambda text: updates(text) == session.updates_done - 1)
        screen.send("q")
        assert screen.end() == 0


@pytest.mark.parametrize("running", [False, True], ids=["paused", "running"])
def test_a_closed_terminal_ends_the_app(tmp_path: Path, running: bool) -> None:
    with app(tmp_path) as screen:
        screen.wait_for(READY)
        (train if running else step_into_pass)(screen)
        screen.hang_up()
        assert screen.end() == 129
        assert remaining_processes(screen) == []
    session = load_saved(tmp_path)
    if running:
        assert session.run.reached > 300
    else:
        assert session.updates_done == 3


# Internal errors

BROKEN_VIEW = """
import sys
from nn_tui.tui.__main__ import main
from nn_tui.tui.status import phases

real = phases.draw

def broken(session, *rest):
    if session.updates_done >= 3:
        raise RuntimeError("made up\\nfor a test\\x1b[31m")
    return real(session, *rest)

phases.draw = broken
sys.exit(main(sys.argv[1:]))
"""
BROKEN_RUN = """
import sys
from nn_tui.core.run.curves import LossCurve
from nn_tui.tui.__main__ import main

real = LossCurve.appender

def appender(self):
    add = real(self)

    def broken(loss):
        if len(self) == 776:
            raise RuntimeError("made up\\nfor a test\\x1b[31m")
        add(loss)

    return broken

LossCurve.appender = appender
sys.exit(main(sys.argv[1:]))
"""
BROKEN_SESSION = """
import sys
from nn_tui.tui.saved import snapshot
from nn_tui.tui.__main__ import main

take_snapshot = snapshot.take_snapshot

def broken(*things, **others):
    if "is_training" in others:  # a save at an interval, which may come before the error
        return take_snapshot(*things, **others)
    raise ZeroDivisionError("made up as well")

snapshot.take_snapshot = broken
""" + BROKEN_VIEW.removeprefix("\nimport sys\n")


def script(folder: Path, text: str) -> tuple[str, ...]:
    """Return the command that runs some code, which starts the app."""
    path = folder / "broken.py"
    path.write_text(text, encoding="utf-8")
    return (sys.executable, str(path))


@pytest.mark.parametrize(
    ("text", "keys", "logging"),
    [(BROKEN_VIEW, "nnn", False), (BROKEN_VIEW, "+r", True), (BROKEN_RUN, "+r", False), (BROKEN_RUN, "+r", True)],
    ids=["a widget, stepping", "a widget, running, with a log", "the worker", "the worker, with a log"],
)
def test_an_internal_error_is_one_line_and_the_session_is_saved(
    tmp_path: Path, text: str, keys: str, logging: bool
) -> None:
    log = tmp_path / "log.txt"
    command = (*script(tmp_path, text), *(["--log", str(log)] if logging else []))
    with app(tmp_path, command, 400) as screen:
        screen.wait_for(READY)
        screen.send(keys)
        assert screen.end() == 1
        output = check_ended(screen)
    line = last_line(output)
    assert output.count("\n") == 1 and "Traceback" not in output and "\x1b[31m" not in output
    traces = log if logging else tmp_path / "nn-tui" / "crash.txt"
    assert line.startswith("nn-tui: internal error: RuntimeError: made up for a test\\x1b[31m. The session is kept in ")
    assert line.endswith(f"; nn-tui --resume continues it. Please report it with the traceback in {traces}.")
    traceback = traces.read_text()
    assert "Traceback (most recent call last)" in traceback and "in broken" in traceback
    assert (tmp_path / "nn-tui" / "crash.txt").exists() is not logging
    session = load_saved(tmp_path)
    if text is BROKEN_RUN:
        assert session.run.reached == 776
    else:
        assert session.updates_done >= 3


def test_a_session_that_cannot_be_saved_is_named_in_the_line(tmp_path: Path) -> None:
    with app(tmp_path, script(tmp_path, BROKEN_SESSION), 400) as screen:
        screen.wait_for(READY)
        screen.send("nnn")
        assert screen.end() == 1
        line = last_line(check_ended(screen))
    assert "RuntimeError: made up" in line and "This session is not kept: ZeroDivisionError: made up as well" in line


# Power cuts and full disks


def test_a_killed_process_loses_only_what_was_not_saved_yet(tmp_path: Path) -> None:
    folder = tmp_path / "nn-tui" / "sessions"
    with app(tmp_path) as screen:
        screen.wait_for(READY)
        train(screen)
        screen.wait(lambda text: any(folder.glob("*.nntui")))
        screen.kill(signal.SIGKILL)
        assert screen.end() == -signal.SIGKILL
    reached = load_saved(tmp_path).run.reached
    assert reached > 0
    with app(tmp_path) as screen:
        screen.wait(lambda text: re.search(r"⌫ resumes XOR at update [\d,]+( of [\d,]+)?, kept at \d", text))
        screen.send("\x7f")
        screen.wait_for("as kept at")
        screen.send("q")
        assert screen.end() == 0


def test_unsaved_changes_of_a_document_survive_a_kill_and_are_offered_with_it(tmp_path: Path) -> None:
    folder, path = tmp_path / "nn-tui" / "sessions", tmp_path / "a.nntui"
    write_session(path, stepping.whole_pass(new_session(experiment("xor"))))
    with app(tmp_path, (*APP, str(path))) as screen:
        screen.wait(lambda text: "a.nntui · " in text and updates(text) == 1)
        screen.send("nn")
        screen.wait(lambda text: "a.nntui (changed) · " in text and updates(text) == 3)
        screen.wait(lambda text: any(folder.glob("*.nntui")))
        screen.kill(signal.SIGKILL)
        assert screen.end() == -signal.SIGKILL
    with app(tmp_path, (*APP, str(path))) as screen:
        screen.wait_for("your unsaved changes to this document")
        screen.send("\x7f")
        screen.wait(lambda text: "a.nntui (changed) · " in text and updates(text) > 1)
        screen.send("q")
        assert screen.end() == 0
        line = last_line(check_ended(screen))
        assert line.startswith("nn-tui: your unsaved changes are kept; this offers them again: nn-tui ")
    with app(tmp_path, (*APP, str(path))) as screen:
        screen.wait_for("your unsaved changes to this document")
        screen.send("\x7f")
        screen.wait(lambda text: "a.nntui (changed) · " in text and updates(text) > 1)
        screen.send("s")
        screen.wait_for("Save as")
        screen.send("\r")  # the name of the document
        screen.wait(lambda text: "Open it with: nn-tui" in text and "(changed)" not in text)
        screen.send("q")
        assert screen.end() == 0
    assert open_document(path).updates_done > 1


FULL = """
import resource, sys
from nn_tui.tui.__main__ import main

resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
sys.exit(main(sys.argv[1:]))
"""


def test_a_full_disk_is_reported_and_the_old_session_stays(tmp_path: Path) -> None:
    with app(tmp_path) as screen:
        screen.wait_for(READY)
        screen.send("nnq")
        assert screen.end() == 0
    (path,) = (tmp_path / "nn-tui" / "sessions").iterdir()
    before = path.read_bytes()
    with app(tmp_path, (*script(tmp_path, FULL), "--resume")) as screen:
        screen.wait_for("as kept at")
        screen.send("nnn")
        screen.wait(lambda text: updates(text) == 5)
        screen.send("q")
        assert screen.end() == 0
        assert last_line(check_ended(screen)) == "nn-tui: This session is not kept: file too large."
    assert path.read_bytes() == before
    assert load_saved(tmp_path).updates_done == 2


def test_without_saving_nothing_is_written_or_offered(tmp_path: Path) -> None:
    off = {**app_environment(tmp_path), "NN_TUI_RESUME": "0"}
    ways: tuple[tuple[Sequence[str], dict[str, str]], ...] = (
        (APP, off),
        ((*APP, "--no-resume"), app_environment(tmp_path)),
    )
    for command, environment in ways:
        with terminal(command, 120, 40, **environment) as screen:
            screen.wait_for(READY)
            screen.send("nnq")
            assert screen.end() == 0
    assert not (tmp_path / "nn-tui").exists()


def test_without_a_home_it_starts_and_reports_that_it_cannot_save(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with terminal(HOME=str(tmp_path / "file"), XDG_STATE_HOME="", XDG_CONFIG_HOME="", NN_TUI_WELCOME="0") as screen:
        screen.wait_for(READY)
        screen.send("nq")
        assert screen.end() == 0
        line = last_line(check_ended(screen))
    assert line.startswith("nn-tui: This session is not kept: not a directory (")
