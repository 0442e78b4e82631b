"""The visits: each has a place, a folder and a process of the app, and ends with the connection or with the app."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from nn_tui.core.errors import os_error_reason
from nn_tui.core.text import printable, truncate
from nn_tui.core.translation import tr
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.serve.app_process import AppProcess
from nn_tui.tui.serve.app_start import AppStart
from nn_tui.tui.serve.rate_limit import RateLimit
from nn_tui.tui.serve.starter import Starter
from nn_tui.tui.serve.values import ServeOptions, terminal_size
from nn_tui.tui.serve.visitor_folder import (
    MAX_FOLDER,
    collect_results,
    folder_size,
    make_visitor_folder,
    remove_folder,
    saved_files,
    visitor_environment,
)
from nn_tui.tui.terminal.packets import DATA, encode_meta, encode_packet, read_packet

_MESSAGES_PER_SECOND, _MESSAGE_BURST = 150, 600  # a mouse sends up to 125
_CHARACTERS_PER_SECOND, _CHARACTER_BURST = 100_000, 512_000
_PLACE_TIMEOUT = 5.0  # seconds to wait for a place: after a reload of the page, the visit before is still ending
_PACKET_BYTES = 1_000  # of input; the app takes packets as fast as it can handle them
_READ_TIMEOUT = 10.0  # seconds until an app that reads no input is ended
_KEEP_SECONDS = 600.0  # in which a visitor whose connection was lost comes back
_WATCH_PAUSE = 0.5  # seconds between two looks for files that the visitor has saved


class Visits:
    """The places of the server, and who has them.

    Args:
        options: What is served.
        folder: The folder for the folders of the visitors.
        starter: Starts the processes.
    """

    def __init__(self, options: ServeOptions, folder: Path, starter: Starter) -> None:
        self.options, self.folder, self.starter = options, folder, starter
        self._free = asyncio.Semaphore(options.visitors)
        self._connected = 0
        self._visits: set[Visit] = set()
        self._lost: dict[str, tuple[Path, str, asyncio.TimerHandle]] = {}
        self._is_ending = False

    @property
    def is_full(self) -> bool:
        """Whether every place has a visitor who is still connected."""
        return self._connected >= self.options.visitors

    async def reserve(self) -> bool:
        """Take a place, also one that is about to become free. Return whether there was one."""
        if self.is_full or self._is_ending:
            return False
        self._connected += 1
        try:
            await asyncio.wait_for(self._free.acquire(), _PLACE_TIMEOUT)
        except TimeoutError:
            self._connected -= 1
            return False
        return True

    def add(self, visit: Visit) -> None:
        """Note a visit that has begun."""
        self._visits.add(visit)

    def keep(self, key: str, folder: Path, name: str) -> None:
        """Keep the folder of a visitor whose connection was lost for some minutes; ``key`` is the browser's.

        There are at most as many such folders as places: the oldest one goes.
        """
        self.forget(key)
        if len(self._lost) >= self.options.visitors:
            self.forget(next(iter(self._lost)))
        self._lost[key] = folder, name, asyncio.get_running_loop().call_later(_KEEP_SECONDS, self.forget, key)

    def take_folder(self, key: str) -> Path | None:
        """Return the folder that was kept for a browser, once; None if there is none."""
        folder, _, timer = self._lost.pop(key, (None, "", None))
        if timer is not None:
            timer.cancel()
        return folder

    def forget(self, key: str) -> None:
        """Collect the results of a visitor who does not come back, and remove the folder."""
        if key in self._lost:
            folder, name, timer = self._lost.pop(key)
            timer.cancel()
            finish(self.options, folder, name)

    async def end(self, visit: Visit, key: str = "") -> None:
        """End a visit, also if it never began, and give back its place.

        Args:
            visit: The visit.
            key: The key of a browser whose connection was lost; "" if the page was closed or the app has ended.
        """
        self._connected -= 1
        try:
            await asyncio.shield(visit.end("" if self._is_ending else key))
        finally:
            self._visits.discard(visit)
            self._free.release()

    async def end_all(self) -> None:
        """End all visits at once; no new one begins."""
        self._is_ending = True
        await asyncio.gather(*(visit.end() for visit in tuple(self._visits)), return_exceptions=True)
        for key in tuple(self._lost):
            self.forget(key)

    def download(self, key: str) -> Path | None:
        """Return the file with this key, once; None if there is none."""
        return next((found for visit in self._visits if (found := visit.downloads.pop(key, None))), None)


class Visit:
    """One visitor.

    Args:
        visits: The visits of the server.
        folder: A folder that was kept after the connection was lost; None for a new one.
        name: The name of the visitor; "" if the server does not ask for it.
        send_bytes: Sends output of the terminal to the browser.
        send_text: Sends another message to the browser.

    Attributes:
        downloads: The files that the browser may fetch now.
    """

    def __init__(
        self,
        visits: Visits,
        folder: Path | None,
        name: str,
        *,
        send_bytes: Callable[[bytes], Awaitable[None]],
        send_text: Callable[[str], Awaitable[None]],
    ) -> None:
        self._options, self._visits, self._name = visits.options, visits, name
        self._send_bytes, self._send_text = send_bytes, send_text
        self._folder = folder
        self._process: AppProcess | None = None
        self._output: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._end: asyncio.Task[None] | None = None
        self._message_limit = RateLimit(_MESSAGES_PER_SECOND, _MESSAGE_BURST)
        self._length_limit = RateLimit(_CHARACTERS_PER_SECOND, _CHARACTER_BURST)
        self.downloads: dict[str, Path] = {}

    async def start(self, size: tuple[int, int]) -> None:
        """Make the folder and start the process."""
        self._visits.add(self)
        if self._folder is None:
            self._folder = make_visitor_folder(self._visits.folder, self._options.materials)
        environ = visitor_environment(self._folder, os.environ, size, self._name)
        self._process = await self._visits.starter.start(AppStart(self._folder, environ, self._options.words))
        self._output = asyncio.create_task(self._pass_on_output(self._process))
        self._watch = asyncio.create_task(self._offer_saved_files(self._folder))

    async def ended(self) -> None:
        """Wait until the app has ended, or has written too much."""
        if self._output is not None and self._watch is not None:
            await asyncio.wait({self._output, self._watch}, return_when=asyncio.FIRST_COMPLETED)

    async def receive(self, content: object, length: int) -> None:
        """Pass on a message of the browser; what is no message of the page is ignored.

        Args:
            content: The message, from JSON.
            length: Its length in characters. Whoever sends too much waits.

        Raises:
            TimeoutError: The app reads no more: it hangs, or has more input than it can handle.
        """
        delay = max(self._message_limit.delay(1), self._length_limit.delay(length))
        if delay:
            await asyncio.sleep(delay)
        packets = _packets_of(content)
        if packets and self._process is not None:
            await asyncio.wait_for(self._process.send(packets), _READ_TIMEOUT)
            return
        match content:
            case ["ping", int() | str() as text]:
                await self._send_text(json.dumps(["pong", str(text)[:20]]))

    async def end(self, key: str = "") -> None:
        """End the process, collect the results and remove the folder; a second call waits for the first one.

        Args:
            key: The key of the browser, if its connection was lost: the folder is kept for it.
        """
        self._end = self._end or asyncio.create_task(self._end_once(key))
        await asyncio.shield(self._end)

    async def _end_once(self, key: str) -> None:
        tasks = {task for task in (self._output, self._watch) if task is not None}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._process is not None:
            code = await self._process.stop()
            if code > 0 and self._process.errors:
                print_error(tr("a visitor's app has failed: {error}", error=_short(self._process.errors)), FAILED)
        if self._folder is not None and key:
            self._visits.keep(key, self._folder, self._name)
        elif self._folder is not None:
            finish(self._options, self._folder, self._name)

    async def _pass_on_output(self, process: AppProcess) -> None:
        """Pass on what the app sends, until it ends; what it prints before the first packet is no output."""
        if not await process.wait_ready():
            return
        while (packet := await read_packet(process.output)) is not None:
            kind, payload = packet
            if kind == DATA:
                with contextlib.suppress(ConnectionError):
                    await self._send_bytes(payload)
            elif await self._follow_meta(json.loads(payload)):
                return

    async def _follow_meta(self, fields: Mapping[str, object]) -> bool:
        """Do what the app asks for; return whether it ends."""
        url = str(fields.get("url"))
        if fields.get("type") == "open_url" and url.startswith(("https://", "http://")):
            await self._open_url(url, new_tab=True)
        return fields.get("type") == "exit"

    async def _offer_saved_files(self, folder: Path) -> None:
        """Let the browser fetch each file that the visitor saves, until the files are too large together."""
        known = saved_files(folder)
        max_size = MAX_FOLDER + sum(file.stat().st_size for file in self._options.materials)
        while folder_size(folder) <= max_size:
            await asyncio.sleep(_WATCH_PAUSE)
            found = saved_files(folder)
            for path in (path for path, state in found.items() if known.get(path) != state):
                key = secrets.token_hex(16)
                self.downloads[key] = path
                await self._open_url(f"download/{key}", new_tab=False)
            known = found
        megabytes = max_size // 10**6
        print_error(tr("a visit has ended: its files have more than {megabytes} MB", megabytes=megabytes), FAILED)

    async def _open_url(self, url: str, *, new_tab: bool) -> None:
        with contextlib.suppress(ConnectionError):
            await self._send_text(json.dumps(["open_url", {"url": url, "new_tab": new_tab}]))


def finish(options: ServeOptions, folder: Path, name: str) -> None:
    """Collect the results of a visitor, if they are asked for, and remove the folder."""
    if options.results is not None:
        try:
            collect_results(folder, options.results, name)
        except OSError as error:
            reason = os_error_reason(error)
            print_error(tr("the results of {name} cannot be written: {reason}", name=name, reason=reason), FAILED)
    remove_folder(folder)


def _packets_of(content: object) -> bytes:
    """Return the packets for the app from a message of the browser; empty if it has none."""
    match content:
        case ["stdin", str(text)]:
            data = text.encode("utf-8", "replace")
            pieces = (data[start : start + _PACKET_BYTES] for start in range(0, len(data), _PACKET_BYTES))
            return b"".join(encode_packet(DATA, piece) for piece in pieces)
        case ["resize", {"width": int(width), "height": int(height)}]:
            size = terminal_size(width, height)
            return encode_meta({"type": "resize", "width": size[0], "height": size[1]})
        case ["focus" | "blur" as kind]:
            return encode_meta({"type": kind})
        case _:
            return b""


def _short(errors: str) -> str:
    lines = [line for line in errors.splitlines() if line.strip()]
    return truncate(printable(lines[-1] if lines else ""))
