"""Tests of the capabilities of a terminal, with fake terminals that reply, late or with nonsense, or never reply."""

from __future__ import annotations

import os
import re
import select
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

import pty
import termios

from nn_tui.tui.terminal.capabilities import AMBIGUOUS, can_draw, draws_ambiguous_wide, replace_unencodable
from tests._pty import APP, DEADLINE, terminal

CURSOR_REQUEST = b"\x1b[6n"


@dataclass
class FakeTerminal:
    """The other end of a pseudo-terminal: it replies to each request with ``answer``."""

    answer: bytes
    received: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._fd, self.child = pty.openpty()
        self._is_closed = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._is_closed.is_set():
            if select.select([self._fd], [], [], 0.01)[0]:
                with self._changed:
                    self.received += os.read(self._fd, 1024)
                    self._changed.notify_all()
                if self.received.endswith(CURSOR_REQUEST) and self.answer:
                    os.write(self._fd, self.answer)

    def wait_for(self, end: bytes) -> bool:
        """Wait until the bytes that it has received end with ``end``; return whether they do."""
        with self._changed:
            return self._changed.wait_for(lambda: self.received.endswith(end), DEADLINE)

    def close(self) -> None:
        """Hang up."""
        self._is_closed.set()
        self._thread.join()
        os.close(self._fd)
        os.close(self.child)


@pytest.fixture
def fakes() -> Iterator[list[FakeTerminal]]:
    """FakeTerminal terminals to hang up at the end."""
    made: list[FakeTerminal] = []
    yield made
    for fake in made:
        fake.close()


def fake_terminal(fakes: list[FakeTerminal], answer: bytes) -> FakeTerminal:
    """A terminal that sends this reply."""
    fakes.append(FakeTerminal(answer))
    return fakes[-1]


NARROW = b"\x1b[7;%dR" % (1 + len(AMBIGUOUS))
WIDE = b"\x1b[7;%dR" % (1 + 2 * len(AMBIGUOUS))


@pytest.mark.parametrize(
    ("answer", "wide"),
    [
        (NARROW, False),
        (WIDE, True),
        (b"\x1b[7;%dR" % (2 + len(AMBIGUOUS)), True),
        (b"abc" + NARROW, False),
        (b"\x1b[?1;2c" + WIDE, True),
    ],
)
def test_the_column_gives_the_width(fakes: list[FakeTerminal], answer: bytes, wide: bool) -> None:
    fake = fake_terminal(fakes, answer)
    assert draws_ambiguous_wide(fake.child, fake.child, timeout=DEADLINE) is wide
    assert fake.received.startswith(b"\r" + AMBIGUOUS.encode() + CURSOR_REQUEST)


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x1b[7;", b"hello", b"\x1b[;R", b"\x1b[7;7", pytest.param(b"\x1b[7;%bR" % (5000 * b"9"), id="long")],
)
def test_without_a_valid_reply_the_width_is_unknown(fakes: list[FakeTerminal], answer: bytes) -> None:
    fake = fake_terminal(fakes, answer)
    assert draws_ambiguous_wide(fake.child, fake.child) is None


@pytest.mark.parametrize("answer", [NARROW, WIDE, b""])
def test_the_terminal_is_restored(fakes: list[FakeTerminal], answer: bytes) -> None:
    fake = fake_terminal(fakes, answer)
    before = termios.tcgetattr(fake.child)
    draws_ambiguous_wide(fake.child, fake.child)
    assert termios.tcgetattr(fake.child) == before
    assert fake.wait_for(b"\r\x1b[K"), "the line is cleared again"


def test_a_file_is_not_asked(tmp_path: Path) -> None:
    with open(tmp_path / "file", "w+b") as file:
        assert draws_ambiguous_wide(file.fileno(), file.fileno()) is None
        file.seek(0)
        assert file.read() == b""
    assert draws_ambiguous_wide(-1, -1) is None


# The whole program


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
def test_the_app_draws_characters_that_the_terminal_displays(
    answer: bytes, arguments: tuple[str, ...], environment: dict[str, str], ascii: bool
) -> None:
    with terminal((*APP, *arguments), 120, 40, **environment) as screen:
        named = bool(arguments or environment)
        if not named:
            screen.send(answer)  # before the question, because the app waits for a moment only
        screen.wait(lambda text: "f Forward" in text and ("+-" if ascii else "╭") in text)
        screen.send("q")
        assert screen.end() == 0
        assert ("╭".encode() in screen.output) == (not ascii)
        assert (CURSOR_REQUEST in screen.output) == (not named), (
            "the terminal is asked only if the user has not decided"
        )


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
        screen.wait(lambda text: all(each in text for each in ("update 1", "Gro?e ?? |", "+-")))
        screen.send("q")
        assert screen.end() == 0
    assert bytes(screen.output).isascii()
    assert CURSOR_REQUEST not in screen.output, "the width does not matter"
    assert not re.search(rb"\\\\[uxU][0-9a-f]{2}", bytes(screen.output))


def test_ascii_can_be_refused_whatever_the_encoding() -> None:
    with terminal((*APP, "--no-ascii", "--no-resume"), NN_TUI_WELCOME="0", PYTHONIOENCODING="latin-1") as screen:
        screen.wait(lambda text: "f Forward" in text and "?? Network" in text)
        screen.send("q")
        assert screen.end() == 0
    assert b"\\u" not in screen.output


@pytest.mark.parametrize(
    ("encoding", "has_all"),
    [("utf-8", True), ("gb18030", True), ("ascii", False), ("iso8859-1", False), ("cp437", False), ("koi8-r", False)],
)
def test_an_encoding_has_all_characters_or_not(encoding: str, has_all: bool) -> None:
    assert can_draw(encoding) is has_all


def test_missing_characters_become_one_question_mark_per_cell() -> None:
    assert replace_unencodable("a é 한 ─ e\u0301", "ascii") == "a ? ?? ? e"
    assert replace_unencodable("a é 한 ─", "latin-1") == "a é ?? ?"
    assert replace_unencodable("a é 한 ─", "utf-8") == "a é 한 ─"


def test_the_first_start_shows_the_welcome_and_its_first_key_works(tmp_path: Path) -> None:
    places = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    for first in (True, False):
        with terminal(APP, 120, 40, NN_TUI_ASCII="0", **places) as screen:
            screen.wait_for("three keys" if first else "f Forward")
            screen.send("fbu")
            screen.wait(lambda text: "update 1" in text and "f Forward" in text and "three keys" not in text)
            screen.send("q")
            assert screen.end() == 0
            assert (b"three keys" in screen.output) == first


def test_the_app_starts_with_an_invalid_config_file(tmp_path: Path) -> None:
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "config.toml").write_text(
        'palette = "pink"\nthis is no TOML\ndigits = 6\n[keys]\nforward = "D"\nupdate = "D"\nquit = "ctrl+x"\n'
    )
    with terminal(APP, columns=300, NN_TUI_ASCII="0", XDG_CONFIG_HOME=str(tmp_path)) as screen:
        screen.wait(lambda text: "config.toml: line 2, " in text and "There are 2 more errors in the file." in text)
        screen.wait_for("D Forward")
        screen.send("D")
        screen.wait_for("✓ loss")
        screen.send("\x18")
        assert screen.end() == 0


def test_no_color_starts_without_colours_and_a_key_adds_them(tmp_path: Path) -> None:
    with terminal(APP, NO_COLOR="1", NN_TUI_ASCII="0") as screen:
        screen.wait_for("f Forward")
        assert not re.search(rb"\x1b\[[0-9;]*\b[34]8;[25];", bytes(screen.output)), "no colour was sent"
        screen.send("T")
        screen.wait_for("Colours: dark")
        screen.wait(lambda text: re.search(rb"\x1b\[[0-9;]*\b[34]8;2;", bytes(screen.output)))
        screen.send("q")
        assert screen.end() == 0
