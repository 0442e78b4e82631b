"""Tests of the app behind a web server: packets in pipes instead of a terminal."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from nn_tui.tui.serve.visitor_folder import make_visitor_folder, visitor_environment
from nn_tui.tui.terminal.packets import DATA, META, READY, PacketParser, encode_meta, encode_packet
from tests._pty import DEADLINE

COLUMNS, ROWS = 100, 30
SCRIPT = "import sys; from nn_tui.tui.__main__ import main; sys.exit(main(sys.argv[1:]))"


class BrowserApp:
    """The app in a process, and the screen that a browser would show."""

    def __init__(self, folder: Path, **environment: str) -> None:
        environ = {**visitor_environment(folder, os.environ, (COLUMNS, ROWS)), **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, "xor"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environ, cwd=folder,
        )  # fmt: skip
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.meta: list[bytes] = []
        self._stream, self._parser = pyte.ByteStream(self.screen), PacketParser()
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == READY

    def send(self, packet: bytes) -> None:
        """Send a packet to the app."""
        assert self.process.stdin is not None
        self.process.stdin.write(packet)
        self.process.stdin.flush()

    def wait_for(self, text: str) -> None:
        """Read packets until the screen shows a text; fail at the end of the output."""
        while not any(text in line for line in self.screen.display):
            assert self.read(), "the app has ended"

    def read(self) -> bool:
        """Read what there is; return whether there is more to come."""
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], DEADLINE)[0], "\n".join(self.screen.display)
        data = os.read(self.process.stdout.fileno(), 65_536)
        for kind, payload in self._parser.feed(data):
            if kind == DATA:
                self._stream.feed(payload)
            else:
                self.meta.append(payload)
        return bool(data)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[BrowserApp]:
    app = BrowserApp(make_visitor_folder(tmp_path, []))
    with app.process:
        yield app
        app.process.kill()


@pytest.mark.skipif(os.name == "nt", reason="pipes cannot be polled on Windows")
def test_the_app_runs_in_a_browser_survives_invalid_input_and_ends_when_it_is_told(app: BrowserApp) -> None:
    app.wait_for("Press f, b, u")
    app.send(encode_packet(DATA, b"\x1b[99999999999u\xff\xfe"))  # no character has this number, and no text these bytes
    app.send(encode_packet(DATA, b"f"))
    app.wait_for("✓ forward ▸ ✓ loss")
    app.send(encode_packet(DATA, b"\x1a"))  # ctrl+z
    app.wait_for("no effect")
    app.send(encode_packet(META, b"no JSON") + encode_meta({"type": "quit"}))
    while app.read():
        pass
    assert app.process.wait() == 0
    assert app.meta == [b'{"type": "exit"}']


@pytest.mark.skipif(os.name == "nt", reason="pipes cannot be polled on Windows")
def test_the_app_ends_when_the_server_is_gone(app: BrowserApp) -> None:
    app.wait_for("Press f, b, u")
    assert app.process.stdin is not None
    app.process.stdin.close()
    while app.read():
        pass
    assert app.process.wait() == 129  # as after a hangup
