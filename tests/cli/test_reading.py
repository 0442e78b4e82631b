"""Tests of reading a table from standard input, and of the progress of a large file."""

from __future__ import annotations

import io
import sys

import pytest

from nn_tui.core.errors import InputError
from nn_tui.tui.cli.reading import read_stdin, reading_progress
from nn_tui.tui.config.settings import Settings


class _Stream(io.TextIOWrapper):
    """A stream with some bytes, which may say that it is a terminal."""

    def __init__(self, content: bytes = b"", *, is_terminal: bool = False) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", newline="")
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def test_all_bytes_of_standard_input_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = "날짜,값\n1,2\n".encode("cp949")
    monkeypatch.setattr(sys, "stdin", _Stream(content))
    assert read_stdin(Settings()) == content


def test_a_keyboard_gets_a_hint(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", _Stream(b"a,b\n", is_terminal=True))
    assert read_stdin(Settings()) == b"a,b\n"
    assert "end it with ctrl+d" in capsys.readouterr().err


def test_closed_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input is closed"):
        read_stdin(Settings())


def printed(monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool, after: float, shares: tuple[float, ...]) -> str:
    stream = _Stream(is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    seconds = iter([0.0, *(after + index for index in range(len(shares)))])
    with reading_progress("flights\x1b.csv", Settings(), clock=lambda: next(seconds)) as progress:
        for share in shares:
            progress(share)
    stream.flush()
    stream.seek(0)
    return stream.read()


def test_a_large_file_shows_its_progress_and_clears_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(monkeypatch, is_terminal=True, after=1.0, shares=(0.25, 0.5))
    first, second, blank, end = text.split("\r")[1:]
    assert first == r"reading flights\x1b.csv: 25% (ctrl+c stops)"
    assert second == r"reading flights\x1b.csv: 50% (ctrl+c stops)"
    assert blank.isspace() and len(blank) == len(second) + len("^C")
    assert end == ""


def test_a_small_file_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, is_terminal=True, after=0.1, shares=(0.5,)) == ""


def test_a_pipe_gets_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, is_terminal=False, after=9.0, shares=(0.5,)) == ""
