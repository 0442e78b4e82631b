"""The question to the terminal, asked of a fake one that answers, answers late, answers nonsense, or never does."""

from __future__ import annotations

import os
import re
import select
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

import pty
import termios

from nn_tui.tui.terminal.capabilities import SAMPLES, carries, draws_wide, fitted
from tests._pty import APP, Terminal, terminal

ASKED = b"\x1b[6n"


@dataclass
class Fake:
    """The other end of a pseudo-terminal: it answers each question with ``answer``."""

    answer: bytes
    got: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._fd, self.child = pty.openpty()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._over.is_set():
            if select.select([self._fd], [], [], 0.01)[0]:
                self.got += os.read(self._fd, 1024)
                if self.got.endswith(ASKED) and self.answer:
                    os.write(self._fd, self.answer)

    def close(self) -> None:
        """Hang up."""
        self._over.set()
        self._thread.join()
        os.close(self._fd)
        os.close(self.child)


@pytest.fixture
def fakes() -> Iterator[list[Fake]]:
    """Fake terminals to hang up at the end."""
    made: list[Fake] = []
    yield made
    for fake in made:
        fake.close()


def ask(fakes: list[Fake], answer: bytes) -> tuple[bool | None, float, Fake]:
    """What is found out about a terminal that gives this answer, and how long that took."""
    fake = Fake(answer)
    fakes.append(fake)
    began = time.monotonic()
    found = draws_wide(fake.child, fake.child)
    return found, time.monotonic() - began, fake


NARROW = b"\x1b[7;%dR" % (1 + len(SAMPLES))
WIDE = b"\x1b[7;%dR" % (1 + 2 * len(SAMPLES))


@pytest.mark.parametrize(
    ("answer", "wide"),
    [
        (NARROW, False),
        (WIDE, True),
        (b"\x1b[7;%dR" % (2 + len(SAMPLES)), True),
        (b"abc" + NARROW, False),
        (b"\x1b[?1;2c" + WIDE, True),
    ],
)
def test_the_column_tells_the_width(fakes: list[Fake], answer: bytes, wide: bool) -> None:
    found, seconds, fake = ask(fakes, answer)
    assert found is wide and seconds < 0.2, "an answer ends the waiting"
    assert fake.got.startswith(b"\r" + SAMPLES.encode() + ASKED)


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x1b[7;", b"hello", b"\x1b[;R", b"\x1b[7;7", pytest.param(b"\x1b[7;%bR" % (5000 * b"9"), id="long")],
)
def test_without_an_answer_nothing_is_assumed_and_the_start_waits_no_longer(fakes: list[Fake], answer: bytes) -> None:
    found, seconds, _ = ask(fakes, answer)
    assert found is None and seconds <= 0.3


@pytest.mark.parametrize("answer", [NARROW, WIDE, b""])
def test_the_terminal_is_left_as_it_was(fakes: list[Fake], answer: bytes) -> None:
    fake = Fake(answer)
    fakes.append(fake)
    before = termios.tcgetattr(fake.child)
    draws_wide(fake.child, fake.child)
    assert termios.tcgetattr(fake.child) == before
    deadline = time.monotonic() + 10
    while not fake.got.endswith(b"\r\x1b[K") and time.monotonic() < deadline:
        time.sleep(0.005)
    assert fake.got.endswith(b"\r\x1b[K"), "the line is cleared again"


def test_what_is_no_terminal_is_not_asked(tmp_path: Path) -> None:
    with open(tmp_path / "file", "w+b") as file:
        assert draws_wide(file.fileno(), file.fileno()) is None
        file.seek(0)
        assert file.read() == b""
    assert draws_wide(-1, -1) is None


# The whole program


def answering(screen: Terminal, answer: bytes) -> None:
    """Wait for the question and answer it."""
    screen.wait(lambda text: ASKED in screen.output)
    screen.send(answer.decode())


@pytest.mark.parametrize(
    ("answer", "arguments", "environment", "ascii"),
    [
        (NARROW, (), {}, False),
        (WIDE, (), {}, True),
        (NARROW, ("--ascii",), {}, True),
        (WIDE, (), {"NN_TUI_ASCII": "0"}, False),
        (b"", (), {}, False),
    ],
    ids=["narrow", "wide", "flag", "variable", "silent"],
)
def test_the_app_draws_what_the_terminal_can(
    answer: bytes, arguments: tuple[str, ...], environment: dict[str, str], ascii: bool
) -> None:
    with terminal((*APP, *arguments), 120, 40, **environment) as screen:
        named = bool(arguments or environment)
        if answer and not named:
            answering(screen, answer)
        text = screen.wait(lambda text: re.search("Forward|nn-tui: ", text))
        assert ("╭" not in text and "+-" in text) == ascii
        assert (ASKED in screen.output) == (not named), "who says what to draw with is not asked"
        screen.send("q")
        assert screen.end() == 0


OWN = """
title = "Größe 한글"
[data]
generator = "plane"
samples = 8
[[layers]]
units = 1
[training]
loss = "mean_squared_error"
[training.optimizer]
learning_rate = 0.05
"""


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["by name", "by locale"],
)
def test_an_encoding_without_the_characters_starts_in_ascii(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    with terminal((*APP, str(path), "--no-resume"), 120, 40, NN_TUI_WELCOME="0", **environment) as screen:
        screen.wait_for("f Forward")
        screen.send("fbu")
        text = screen.wait(lambda text: "update 1" in text)
        assert "Gr??e ?? |" in text and "+-" in text
        screen.send("q")
        assert screen.end() == 0
    assert bytes(screen.output).isascii()
    assert ASKED not in screen.output, "how wide it draws them does not matter"
    assert not re.search(rb"\\\\[uxU][0-9a-f]{2}", bytes(screen.output))


def test_ascii_can_be_refused_whatever_the_encoding() -> None:
    with terminal((*APP, "--no-ascii", "--no-resume"), NN_TUI_WELCOME="0", PYTHONIOENCODING="latin-1") as screen:
        text = screen.wait_for("f Forward")
        assert "?? Network" in text
        assert "\\u" not in text
        screen.send("q")
        assert screen.end() == 0


@pytest.mark.parametrize(
    ("encoding", "all_of_it"),
    [("utf-8", True), ("gb18030", True), ("ascii", False), ("iso8859-1", False), ("cp437", False), ("koi8-r", False)],
)
def test_an_encoding_carries_all_of_the_characters_or_not(encoding: str, all_of_it: bool) -> None:
    assert carries(encoding) is all_of_it


def test_what_an_encoding_lacks_is_a_question_mark_for_each_cell() -> None:
    assert fitted("a é 한 ─ e\u0301", "ascii") == "a ? ?? ? e"
    assert fitted("a é 한 ─", "latin-1") == "a é ?? ?"
    assert fitted("a é 한 ─", "utf-8") == "a é 한 ─"


def test_a_first_start_welcomes_once_and_goes_on_with_the_key(tmp_path: Path) -> None:
    places = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    for first in (True, False):
        with terminal(APP, 120, 40, NN_TUI_ASCII="0", **places) as screen:
            screen.wait_for("f Forward")
            if first:
                screen.wait_for("three keys")
            assert ("three keys" in screen.text) == first
            screen.send("fbu")
            screen.wait(lambda text: "update 1" in text and "three keys" not in text)
            screen.send("q")
            assert screen.end() == 0


def test_a_config_file_full_of_mistakes_starts_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "config.toml").write_text(
        'palette = "pink"\nthis is no TOML\ndigits = 6\n[keys]\nforward = "x"\nupdate = "x"\nquit = "Q"\n'
    )
    with terminal(APP, columns=200, NN_TUI_ASCII="0", XDG_CONFIG_HOME=str(tmp_path)) as screen:
        screen.wait_for("x Forward")
        assert "config.toml, line 2: " in screen.text and "And 2 more there." in screen.text
        screen.send("x")
        screen.wait_for("✓ loss")
        screen.send("Q")
        assert screen.end() == 0


def test_no_color_starts_without_a_colour_and_a_key_brings_them(tmp_path: Path) -> None:
    with terminal(APP, NO_COLOR="1", NN_TUI_ASCII="0") as screen:
        screen.wait_for("f Forward")
        assert not re.search(rb"\x1b\[[0-9;]*\b[34]8;[25];", bytes(screen.output)), "no colour was sent"
        screen.send("T")
        screen.wait_for("Colours: dark")
        assert re.search(rb"\x1b\[[0-9;]*\b[34]8;2;", bytes(screen.output))
        screen.send("q")
        assert screen.end() == 0


def test_a_signal_during_the_start_leaves_the_terminal_clean() -> None:
    with terminal(APP) as screen:
        screen.wait(lambda text: ASKED in screen.output)
        screen.kill(signal.SIGTERM)
        assert screen.end() in (128 + signal.SIGTERM, -signal.SIGTERM)
