"""A Chromium without a window, driven through its debugging protocol over two pipes.

The protocol is described at https://chromedevtools.github.io/devtools-protocol.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium")
DEADLINE = 60.0  # seconds; reached only if something hangs
PLAIN_HOST = "class.test"  # leads to this machine, but a page there has the rights of one from elsewhere without https
OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run", "--disable-gpu",
    "--enable-unsafe-swiftshader",  # xterm.js draws with WebGL
    # Nothing else than the page talks to the network, so that the requests of the page are all that there are.
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
)  # fmt: skip
# The protocol's bits of pressed keys.
MODIFIERS = {"alt": 1, "ctrl": 2, "meta": 4, "shift": 8}
_CONNECT = 'exec "$@" 3<&{} 4>&{}'  # Chromium reads commands from 3 and writes answers and events to 4
_NAMED_KEYS = {
    "enter": ("Enter", "Enter", 13, "\r"),
    "escape": ("Escape", "Escape", 27, ""),
    "tab": ("Tab", "Tab", 9, ""),
    "space": (" ", "Space", 32, " "),
    "backspace": ("Backspace", "Backspace", 8, ""),
    "left": ("ArrowLeft", "ArrowLeft", 37, ""),
    "up": ("ArrowUp", "ArrowUp", 38, ""),
    "right": ("ArrowRight", "ArrowRight", 39, ""),
    "down": ("ArrowDown", "ArrowDown", 40, ""),
    "insert": ("Insert", "Insert", 45, ""),
    "f1": ("F1", "F1", 112, ""),
}


class Chromium:
    """A running Chromium.

    Attributes:
        events: The events so far, of all pages: dictionaries with ``method``, ``params`` and ``sessionId``.
    """

    def __init__(self, profile: Path, *options: str) -> None:
        """Start Chromium with a new profile in the folder ``profile``."""
        self.events: list[Mapping[str, Any]] = []
        self._answers: dict[int, Mapping[str, Any]] = {}
        self._ids = itertools.count(1)
        self._rest = b""
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()
        with (profile.with_suffix(".log")).open("wb") as log:
            self._process = subprocess.Popen(
                ["bash", "-c", _CONNECT.format(to_read, to_write), "chromium", CHROMIUM, *OPTIONS, *options,
                 f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(to_read, to_write), start_new_session=True,
            )  # fmt: skip
        os.close(to_read)
        os.close(to_write)

    def call(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        """Send a command and return its result.

        Args:
            method: The name of the command.
            session: The page that it is for; None for the browser.
            **parameters: The parameters of the command.

        Raises:
            RuntimeError: Chromium reports an error.
        """
        number = next(self._ids)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + DEADLINE
        while number not in self._answers:
            assert time.monotonic() < end, f"no answer to {method}"
            self.read(0.5)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def read(self, seconds: float) -> None:
        """Read the answers and the events that arrive within some time."""
        if not select.select([self._from], [], [], seconds)[0]:
            return
        data = os.read(self._from, 1 << 20)
        assert data, f"Chromium ended with {self._process.wait(DEADLINE)}"
        *messages, self._rest = (self._rest + data).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self._answers[message["id"]] = message
            else:
                self.events.append(message)

    def open(self, url: str, width: int = 1100, height: int = 800, script: str = "") -> Page:
        """Open a page in a profile of its own, as a private window has.

        Args:
            url: The address.
            width: The width of the page in pixels.
            height: Its height in pixels.
            script: A script to run before those of the page.
        """
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        page = Page(self, target, self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        self.call("Browser.grantPermissions", browserContextId=context,
                  permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])  # fmt: skip
        for domain in ("Page", "Network", "Runtime", "Log"):
            page.call(f"{domain}.enable")
        page.call("Emulation.setFocusEmulationEnabled", enabled=True)  # each page believes to be the one in front
        page.set_size(width, height)
        if script:
            page.call("Page.addScriptToEvaluateOnNewDocument", source=script)
        page.call("Page.navigate", url=url)
        return page

    def close(self) -> None:
        """End Chromium with all its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._to)
        os.close(self._from)


class Page:
    """A page: runs scripts in it, types, points and pastes as a person would."""

    def __init__(self, browser: Chromium, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command for this page and return its result."""
        return self._browser.call(method, self._session, **parameters)

    def run(self, script: str) -> Any:
        """Return the value of an expression of JavaScript; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:1000])
        return answer["result"].get("value")

    def run_between_pages(self, script: str) -> Any:
        """Return the value of an expression; None if the page is being replaced by another, as in a reload."""
        try:
            return self.run(script)
        except RuntimeError as error:
            if "navigated or closed" in str(error) or "context" in str(error):
                return None
            raise

    def wait(self, script: str, condition: Callable[[Any], object] = bool) -> Any:
        """Run a script until its value fulfils a condition, and return the value."""
        end = time.monotonic() + DEADLINE
        while not condition(value := self.run_between_pages(script)):
            assert time.monotonic() < end, f"still {value!r}: {script}"
            self._browser.read(0.05)
        return value

    def events(self, method: str) -> Iterator[Mapping[str, Any]]:
        """Yield the parameters of each event with this name that the page has had."""
        for event in self._browser.events:
            if event.get("sessionId") == self._session and event["method"] == method:
                yield event["params"]

    def wait_for_event(self, method: str, condition: Callable[[Mapping[str, Any]], object]) -> None:
        """Wait until the page has had an event that fulfils a condition."""
        end = time.monotonic() + DEADLINE
        while not any(map(condition, self.events(method))):
            assert time.monotonic() < end, f"no {method}"
            self._browser.read(0.05)

    def set_size(self, width: int, height: int) -> None:
        """Give the page another size in pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def press(self, key: str, *, commands: Sequence[str] = ()) -> None:
        """Press a key such as ``f``, ``N``, ``enter`` or ``ctrl+shift+v``.

        Args:
            key: The key.
            commands: What a browser with a window does with the key unless the page prevents it, such as ``paste``.
        """
        *modifiers, name = key.split("+") if len(key) > 1 else [key]
        bits = sum(MODIFIERS[modifier] for modifier in modifiers) or (8 if name.isupper() else 0)
        if name in _NAMED_KEYS:
            named, physical, number, text = _NAMED_KEYS[name]
        elif name.isascii() and name.isalpha():
            named, physical, number, text = name, f"Key{name.upper()}", ord(name.upper()), name
        else:
            named, physical, number, text = name, "", 0, name
        down = {"type": "keyDown" if text and not bits & 7 else "rawKeyDown", "commands": list(commands)}
        fields = {"key": named, "code": physical, "windowsVirtualKeyCode": number, "modifiers": bits}
        self.call("Input.dispatchKeyEvent", **down, **fields, text=text if not bits & 7 else "")
        self.call("Input.dispatchKeyEvent", type="keyUp", **fields)

    def type(self, text: str) -> None:
        """Press the key of each character."""
        for character in text:
            self.press("space" if character == " " else character)

    def compose(self, *steps: str) -> None:
        """Type with an input method: each key changes what it shows, and another key inserts the last step."""
        key = {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229}
        for step in steps:
            self.call("Input.dispatchKeyEvent", **key)
            self.call("Input.imeSetComposition", text=step, selectionStart=len(step), selectionEnd=len(step))
        self.call("Input.dispatchKeyEvent", **key)
        self.call("Input.insertText", text=steps[-1])

    def paste(self, text: str, key: str = "ctrl+v") -> None:
        """Paste with a key what another program has copied."""
        self.run(f"navigator.clipboard.writeText({json.dumps(text)})")
        self.press(key, commands=["paste"])

    def click(self, x: float, y: float) -> None:
        """Click with the left button of the mouse at a position in pixels."""
        self.point("mouseMoved", x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self.point(kind, x, y, button="left", clickCount=1)

    def point(self, kind: str, x: float, y: float, **fields: Any) -> None:
        """Send an event of the mouse, such as ``mouseMoved`` or ``mouseWheel``."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **fields)

    def save_picture(self, path: Path) -> None:
        """Write what the page shows as a PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self) -> None:
        """Close the page, as when a person closes its tab."""
        self._browser.call("Target.closeTarget", targetId=self._target)
