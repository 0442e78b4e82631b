"""Tests of the whole program in a real terminal: a session from start to end, and a restored terminal after it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from nn_tui.presets import COURSE
from tests._pty import APP, modes_left_on, terminal

ESCAPES = re.compile(rb"\x1b(?:\[[0-9;:?<>=$]*[a-zA-Z@`~]|[P_^\]].*?(?:\x1b\\|\x07)|[()][A-Z0-9]|.)", re.DOTALL)


def updates(text: str) -> int:
    """Return the updates that are done, from the header, the first text with them; −1 without a header."""
    match = re.search(r"update (\d+)|no update yet", text)
    return -1 if match is None else int(match[1] or 0)


def test_a_lesson_from_start_to_end() -> None:
    # Some terminals, such as JupyterLab's, export their first size; it does not hold after a resize.
    with terminal(COLUMNS="120", LINES="40") as screen:
        screen.wait(lambda text: "f Forward" in text and "XOR" in text)
        assert b"\x1b[?1049h" in screen.output
        for key, words in (("f", "✓ loss 0.1255"), ("b", "✓ backward"), ("u", "✓ update")):
            screen.send(key)
            screen.wait_for(words)
        screen.wait(lambda text: updates(text) == 1)  # a screen comes in pieces
        screen.send("\x7f")  # backspace
        screen.wait(lambda text: updates(text) == 0 and "○ update" in text)
        screen.send("+r")
        screen.wait(lambda text: "running at full speed" in text and updates(text) > 100)
        screen.send("r")
        screen.wait_for("paused")
        screen.send("o")
        screen.wait_for("Presets: a course of")
        screen.send("\x1b[B" * (COURSE.index("iris") - COURSE.index("xor")))  # arrow down
        screen.wait(lambda text: re.search(r"nn-tui iris\b", text) is not None)
        screen.send("\r")
        screen.wait(lambda text: "4–10–3" in text and updates(text) == 0)
        screen.send("fbu")
        screen.wait(lambda text: updates(text) == 1)
        screen.resize(80, 24)
        screen.wait(lambda text: "2 Layer" in text and "q Quit" in text and updates(text) == 1)
        screen.send("r")
        screen.wait(lambda text: updates(text) > 100)
        screen.send("r")
        screen.wait_for("paused")
        screen.send("p")
        screen.send("q")
        assert screen.end() == 0
        assert modes_left_on(bytes(screen.output)) == []
        assert screen.output.rindex(b"\x1b[?1049l") > screen.output.rindex(b"\x1b[?1049h")


def test_a_saved_document_opens_at_the_same_place(tmp_path: Path) -> None:
    path = tmp_path / "lesson.nntui"
    with terminal((*APP, "mazur", "--at", "2.backward", "--select", "dw2[1,1]")) as screen:
        screen.wait(lambda text: "f Forward" not in text and "u Update" in text and updates(text) == 1)
        screen.send("s")
        screen.wait_for("saves a document")
        screen.send("\x15" + f"{path}\r")  # ctrl+u clears the line
        screen.wait_for("Open it with: nn-tui")
        screen.send("q")
        assert screen.end() == 0
    with terminal((*APP, str(path))) as screen:
        screen.wait(lambda text: "Mazur" in text and "∂L/∂w₂[1,1]" in text and updates(text) == 1)
        screen.send("u")
        screen.wait(lambda text: updates(text) == 2)
        screen.send("q")
        assert screen.end() == 0


def test_quitting_while_many_seeds_train() -> None:
    with terminal((*APP, "xor-221")) as screen:
        screen.wait_for("f Forward")
        screen.send("M")
        screen.wait_for("Updates for each:")
        screen.send("1000\t20000\r")  # the first start takes a second, and all of them take minutes
        screen.wait_for("starts trained")
        screen.send("\x11")  # ctrl+q
        assert screen.end() == 0
        assert modes_left_on(bytes(screen.output)) == []


def test_no_color_sends_no_colours() -> None:
    with terminal(NO_COLOR="1") as screen:
        screen.wait_for("f Forward")
        screen.send("fbu?")
        screen.wait_for("Keys and words")
        screen.send("\x1b")
        screen.wait(lambda text: "Keys and words" not in text)
        screen.send("q")
        assert screen.end() == 0
        colors = [codes for codes in re.findall(rb"\x1b\[([0-9;]*)m", screen.output) if is_color(codes.decode())]
        assert not colors


def is_color(codes: str) -> bool:
    """Return whether an SGR sequence sets a colour other than the terminal's own."""
    numbers = [int(code) for code in codes.split(";") if code]
    return any(30 <= n <= 38 or 40 <= n <= 48 or 90 <= n <= 97 or 100 <= n <= 107 for n in numbers)


def test_ascii_sends_only_ascii() -> None:
    with terminal((*APP, "--ascii"), 80, 24) as screen:
        screen.wait_for("f Forward")
        screen.send("fbu12345mm")
        screen.wait(lambda text: updates(text) == 1)
        for key, words in (("?", "Keys and words"), ("o", "Presets: a course"), ("t", "Go to update")):
            screen.send(key)
            screen.wait_for(words)
            screen.send("\x1b")
            screen.wait(lambda text: words not in text)
        screen.send("q")
        assert screen.end() == 0
        printed = ESCAPES.sub(b"", bytes(screen.output))
        other = {char for char in printed.decode() if not char.isascii()}
        assert not other


def test_a_dumb_terminal_is_rejected() -> None:
    with terminal(APP, TERM="dumb") as screen:
        assert screen.end() == 2
        assert b"nn-tui train" in screen.output
        assert b"\x1b[?1049h" not in screen.output
