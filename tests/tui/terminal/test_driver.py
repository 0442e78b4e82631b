"""Invalid input, which no keyboard sends: the app ignores it, and the next key works."""

from __future__ import annotations

import pytest

pytest.importorskip("termios", reason="pseudo-terminals are Unix's")

from tests._pty import modes_left_on, terminal

INVALID = {
    "part of a character": b"\xed\x95",
    "not UTF-8": b"\xff\xfe\xc0\xaf",
    "a key beyond Unicode": b"\x1b[99999999u",
    "a key far beyond": b"\x1b[99999999999999999999u",
    "a negative mouse": b"\x1b[<0;-5;-5M",
    "a mouse far outside": b"\x1b[<0;99999;99999M\x1b[<0;99999;99999m",
    "an old mouse": b"\x1b[M\xff\xff\xff",
    "a long sequence": b"\x1b[" + b"1;" * 40 + b"m",
    "a string": b"\x1bP" + b"x" * 100 + b"\x1b\\",
    "controls": bytes(c for c in range(32) if c not in (3, 16, 17, 27)),  # help, palette and quit are keys
}


def test_invalid_input_is_ignored() -> None:
    with terminal() as screen:
        screen.wait_for("f Forward")
        for sent in INVALID.values():
            screen.send(sent)
            screen.send("\x1b[27u")  # escape closes a dialog, if one is open
            screen.send("?")
            screen.wait_for("Keys and words")
            screen.send("\x1b[27u")
            screen.wait(lambda text: "Keys and words" not in text)
        screen.send("q")
        assert screen.end() == 0
        assert modes_left_on(bytes(screen.output)) == []
