"""The visits: each has a place, a folder and a process of the app, and ends with the connection or with the app."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Literal

from nn_tui.core.text import printable, truncate
from nn_tui.core.translation import tr
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.serve.app_process import AppProcess
from nn_tui.tui.serve.app_start import AppStart
from nn_tui.tui.serve.messages import packets_of
from nn_tui.tui.serve.rate_limit import RateLimit
from nn_tui.tui.serve.starter import Starter
from nn_tui.tui.serve.values import ServeOptions
from nn_tui.tui.serve.visitor_folder import (
    MAX_FOLDER,
    VisitorResults,
    folder_size,
    make_visitor_folder,
    saved_files,
    visitor_environment,
)
from nn_tui.tui.terminal.packets import DATA, read_packet

_MESSAGES_PER_SECOND, _MESSAGE_BURST = 150, 600  # a mouse sends up to 125
_CHARACTERS_PER_SECOND, _CHARACTER_BURST = 100_000, 512_000
_PLACE_TIMEOUT = 5.0  # seconds to wait for a place: after a reload of the page, the visit before is still ending
_READ_TIMEOUT = 10.0  # seconds until an app that reads no input is ended
_KEEP_SECONDS = 600.0  # in which a visitor whose connection was lost comes back
_RELOAD_SECONDS = 10.0  # in which a page that is reloaded comes back; its place is nobody else's until then
_WATCH_PAUSE = 0.5  # seconds between two looks for files that the visitor has saved


Departure = Literal["closed", "left", "lost"]
"""How a connection ends: the app or the visit has ended; the page was closed or reloaded; the network failed."""


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
        self._keys: Counter[str] = Counter()
        self._held: dict[str, asyncio.TimerHandle] = {}
        self._lost: dict[str, tuple[VisitorResults, asyncio.TimerHandle]] = {}
        self.is_ending = False

    @property
    def is_full(self) -> bool:
        """Whether every place has a visitor who is still connected, or is held for one."""
        return self._connected >= self.options.visitors

    def may_come(self, key: str) -> bool:
        """Return whether a page may try to connect.

        A browser asks for a page again before it closes the one that it shows: its visitor is still connected.
        """
        return not self.is_full or key in self._held or self._keys[key] > 0

    async def reserve(self, key: str) -> bool:
        """Take a place: the one that is held for a browser, or another, also one that is about to become free.

        Args:
            key: The key of the browser; "" if it has none.

        Returns:
            Whether there was a place.
        """
        self._release(key)
        if self.is_full or self.is_ending:
            return False
        self._connected += 1
        try:
            await asyncio.wait_for(self._free.acquire(), _PLACE_TIMEOUT)
        except TimeoutError:
            self._connected -= 1
            return False
        self._keys.update([key] if key else [])
        return True

    def _hold(self, key: str) -> None:
        """Hold a place for a browser for some seconds."""
        self._release(key)
        self._connected += 1
        self._held[key] = asyncio.get_running_loop().call_later(_RELOAD_SECONDS, self._release, key)

    def _release(self, key: str) -> None:
        """Give back the place that is held for a browser, if there is one."""
        if key in self._held:
            self._held.pop(key).cancel()
            self._connected -= 1

    def add(self, visit: Visit) -> None:
        """Note a visit that has begun."""
        self._visits.add(visit)

    def keep(self, key: str, kept: VisitorResults, seconds: float) -> None:
        """Keep the folder of a visitor who may come back; ``key`` is the browser's.

        There are at most as many such folders as places: the oldest one goes.
        """
        self.forget(key)
        if len(self._lost) >= self.options.visitors:
            self.forget(next(iter(self._lost)))
        self._lost[key] = kept, asyncio.get_running_loop().call_later(seconds, self.forget, key)

    def take_kept(self, key: str, name: str) -> VisitorResults | None:
        """Return the folder that was kept for a browser, once; None if there is none of a visitor of this name."""
        if key in self._lost and self._lost[key][0].name != name:
            self.forget(key)
        kept, timer = self._lost.pop(key, (None, None))
        if timer is not None:
            timer.cancel()
        return kept

    async def wait_until_kept(self, key: str) -> None:
        """Wait until the visits of a browser that are ending have left their folders."""
        await asyncio.gather(*(visit.end() for visit in tuple(self._visits) if key and visit.ending_key == key))

    def forget(self, key: str) -> None:
        """Collect the results of a visitor who does not come back, and remove the folder."""
        if key in self._lost:
            kept, timer = self._lost.pop(key)
            timer.cancel()
            kept.finish()

    async def end(self, visit: Visit, key: str = "", departure: Departure = "closed") -> None:
        """End a visit, also if it never began, and give back its place.

        Args:
            visit: The visit.
            key: The key of the browser; "" if it has none.
            departure: How the connection has ended.
        """
        self._connected -= 1
        self._keys.subtract([key] if key else [])
        self._keys += Counter()  # keeps no key without a visit
        may_return = bool(key) and departure != "closed" and not self.is_ending
        if may_return:
            self._hold(key)
        seconds = 0.0 if not may_return else _KEEP_SECONDS if departure == "lost" else _RELOAD_SECONDS
        try:
            await asyncio.shield(visit.end(key, seconds))
        finally:
            self._visits.discard(visit)
            self._free.release()

    async def end_all(self) -> None:
        """End all visits at once; no new one begins."""
        self.is_ending = True
        await asyncio.gather(*(visit.end() for visit in tuple(self._visits)), return_exceptions=True)
        for key in tuple(self._held):
            self._release(key)
        for key in tuple(self._lost):
            self.forget(key)

    def download(self, key: str) -> Path | None:
        """Return the file with this key, once; None if there is none."""
        return next((found for visit in self._visits if (found := visit.downloads.pop(key, None))), None)


class Visit:
    """One visitor.

    Args:
        visits: The visits of the server.
        kept: The folder that was kept for the browser; None for a new one.
        name: The name of the visitor; "" if the server does not ask for it.
        send_bytes: Sends output of the terminal to the browser.
        send_text: Sends another message to the browser.

    Attributes:
        downloads: The files that the browser may fetch now.
        ending_key: The key of the browser for which the folder will be kept, while the visit ends; "" otherwise.
    """

    def __init__(
        self,
        visits: Visits,
        kept: VisitorResults | None,
        name: str,
        *,
        send_bytes: Callable[[bytes], Awaitable[None]],
        send_text: Callable[[str], Awaitable[None]],
    ) -> None:
        self._options, self._visits, self._name = visits.options, visits, name
        self._send_bytes, self._send_text = send_bytes, send_text
        self._kept = kept
        self._process: AppProcess | None = None
        self._output: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._end: asyncio.Task[None] | None = None
        self._message_limit = RateLimit(_MESSAGES_PER_SECOND, _MESSAGE_BURST)
        self._length_limit = RateLimit(_CHARACTERS_PER_SECOND, _CHARACTER_BURST)
        self.downloads: dict[str, Path] = {}
        self.ending_key = ""

    async def start(self, size: tuple[int, int]) -> None:
        """Make the folder and start the process."""
        self._visits.add(self)
        if self._kept is None:
            folder = make_visitor_folder(self._visits.folder, self._options.materials)
            self._kept = VisitorResults(folder, self._options.results, self._name)
        folder = self._kept.folder
        environ = visitor_environment(folder, os.environ, size, self._name)
        self._process = await self._visits.starter.start(AppStart(folder, environ, self._options.words))
        self._output = asyncio.create_task(self._pass_on_output(self._process))
        self._watch = asyncio.create_task(self._watch_files(self._kept))

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
        packets = packets_of(content)
        if packets and self._process is not None:
            await asyncio.wait_for(self._process.send(packets), _READ_TIMEOUT)
            return
        match content:
            case ["ping", int() | str() as text]:
                await self._send_text(json.dumps(["pong", str(text)[:20]]))

    async def end(self, key: str = "", keep_seconds: float = 0.0) -> None:
        """End the process, collect the results and remove the folder; a second call waits for the first one.

        Args:
            key: The key of the browser.
            keep_seconds: How long the folder is kept for it.
        """
        if self._end is None:
            self.ending_key = key if keep_seconds else ""
            self._end = asyncio.create_task(self._end_once(key, keep_seconds))
        await asyncio.shield(self._end)

    async def _end_once(self, key: str, keep_seconds: float) -> None:
        tasks = {task for task in (self._output, self._watch) if task is not None}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._process is not None:
            code = await self._process.stop()
            if code > 0 and self._process.errors:
                print_error(tr("a visitor's app has failed: {error}", error=_short(self._process.errors)), FAILED)
        if self._kept is not None and keep_seconds and not self._visits.is_ending:
            self._visits.keep(key, self._kept, keep_seconds)
        elif self._kept is not None:
            self._kept.finish()

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

    async def _watch_files(self, kept: VisitorResults) -> None:
        """Offer each file that the visitor saves and collect the results, until the files are too large together."""
        folder = kept.folder
        known = saved_files(folder)
        max_size = MAX_FOLDER + sum(file.stat().st_size for file in self._options.materials)
        while folder_size(folder) <= max_size:
            await asyncio.sleep(_WATCH_PAUSE)
            with contextlib.suppress(OSError):  # the end of the visit reports it
                kept.collect()
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


def _short(errors: str) -> str:
    lines = [line for line in errors.splitlines() if line.strip()]
    return truncate(printable(lines[-1] if lines else ""))
