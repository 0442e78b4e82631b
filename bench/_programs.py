"""The programs that the screen's benchmark starts: the app, and a bare Textual app to compare it with."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from bench._pty import TimedTerminal

COLUMNS, LINES = 120, 40
APP_COMMAND = [sys.executable, "-m", "nn_tui.tui"]
HOMES = tempfile.TemporaryDirectory()
"""The folder in which each program gets a home of its own."""

BARE_TEXT = "A line of text"
_BARE_APP = """
{imports}
from textual.app import App
from textual.widgets import Static
class Bare(App):
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self):
        yield Static("{text}")
Bare().run()
"""


def bare_command(imports: str = "") -> list[str]:
    """Return the command of a Textual app that shows one line of text, after some import statements."""
    return [sys.executable, "-c", _BARE_APP.format(imports=imports, text=BARE_TEXT)]


def user_environment(home: str) -> dict[str, str]:
    """Return the environment of a user with a colour terminal, compiled modules, no settings and their own home."""
    private = ("NN_TUI_", "TEXTUAL", "XDG_", "PYTHONDONTWRITEBYTECODE", "NO_COLOR")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(private)}
    folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "DATA", "CACHE")}
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    return {**inherited, **folders, **terminal, "HOME": home, "NN_TUI_WELCOME": "0"}


def start_program(argv: Sequence[str], size: tuple[int, int] = (COLUMNS, LINES)) -> TimedTerminal:
    """Start a program in a terminal, with a new and empty home."""
    return TimedTerminal(argv, *size, user_environment(tempfile.mkdtemp(dir=HOMES.name)))


def start_app(preset: str, size: tuple[int, int] = (COLUMNS, LINES)) -> TimedTerminal:
    """Start the app with a preset and wait for its first frame."""
    terminal = start_program([*APP_COMMAND, preset], size)
    terminal.wait_for("epoch 1")
    terminal.wait_until_quiet(0.5)
    return terminal


def time_first_paint(argv: Sequence[str], texts: Sequence[str]) -> float:
    """Start a program and return the seconds to the frame that completes all texts."""
    with start_program(argv) as terminal:
        seconds = terminal.wait_for(*texts) - terminal.started
        terminal.wait_until_quiet(0.3)
        terminal.quit()
    return seconds


def time_command(argv: Sequence[str]) -> float:
    """Return the seconds that a command takes."""
    start = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, env=user_environment(HOMES.name))
    return time.perf_counter() - start
