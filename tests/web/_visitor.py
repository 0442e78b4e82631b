"""A visitor of ``nn-tui serve`` without a browser: the WebSocket of the page, and the screen that it shows."""

from __future__ import annotations

import json
import socket
import time
from types import TracebackType
from typing import Any
from urllib.parse import quote

import aiohttp
import pyte

from tests._pty import DEADLINE
from tests.web._server import websocket_url

SIZE = (120, 40)


class Visitor:
    """A connection to a server; ``async with Visitor(address) as visitor``.

    Attributes:
        messages: The messages for the page so far, besides output of the terminal.
        close_code: The code with which the server has closed the connection; None before.
    """

    def __init__(self, address: str, name: str = "", **headers: str) -> None:
        self._url, self._headers = websocket_url(address, *SIZE), headers
        if name:
            self._url = self._url.replace("/ws?", f"/ws/{quote(name, safe='')}?")
        self.messages: list[Any] = []
        self.close_code: int | None = None
        self._screen = pyte.Screen(*SIZE)
        self._stream = pyte.ByteStream(self._screen)

    async def __aenter__(self) -> Visitor:
        self._session = aiohttp.ClientSession()
        try:
            self._socket = await self._session.ws_connect(self._url, headers=self._headers)
        except BaseException:
            await self._session.close()
            raise
        return self

    async def __aexit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the page."""
        await self._socket.close()
        await self._session.close()

    async def leave(self) -> None:
        """Leave the page as a browser does, which then closes it or loads it again."""
        await self._socket.close(code=aiohttp.WSCloseCode.GOING_AWAY)

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self._screen.display)

    async def type(self, text: str) -> None:
        """Send keys."""
        await self.send(["stdin", text])

    async def send(self, message: object) -> None:
        """Send any message as JSON."""
        await self._socket.send_str(json.dumps(message))

    async def send_text(self, text: str) -> None:
        """Send any text."""
        await self._socket.send_str(text)

    async def wait_for(self, words: str) -> None:
        """Receive until the screen shows some words; fail at the deadline."""
        await self._receive(lambda: words in self.text)

    async def wait_until_gone(self, words: str) -> None:
        """Receive until the screen does not show some words any more; fail at the deadline."""
        await self._receive(lambda: words not in self.text)

    async def wait_for_message(self, kind: str) -> Any:
        """Receive until there is a message of a kind, and return its content."""
        await self._receive(lambda: any(message[0] == kind for message in self.messages))
        return next(message[1] for message in self.messages if message[0] == kind)

    def lose_connection(self) -> None:
        """Cut the connection without a word, as a network does."""
        transport = self._socket.get_extra_info("socket")
        transport.shutdown(socket.SHUT_RDWR)

    async def wait_until_closed(self) -> None:
        """Receive until the server closes the connection."""
        await self._receive(lambda: self.close_code is not None)

    async def _receive(self, is_done: Any) -> None:
        end = time.monotonic() + DEADLINE
        while not is_done():
            assert self.close_code is None, f"closed with {self.close_code}:\n{self.text}"
            try:
                message = await self._socket.receive(max(end - time.monotonic(), 0.01))
            except TimeoutError:
                raise AssertionError(f"the deadline is over:\n{self.text}\n{self.messages}") from None
            if message.type is aiohttp.WSMsgType.BINARY:
                self._stream.feed(message.data)
            elif message.type is aiohttp.WSMsgType.TEXT:
                self.messages.append(json.loads(message.data))
            else:
                self.close_code = self._socket.close_code
