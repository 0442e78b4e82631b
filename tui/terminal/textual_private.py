"""All private names of Textual that this program uses, behind functions and classes with public names.

A new version of Textual may change a private name without notice. A test finds every use of one in the source, compares
them to :data:`PRIVATE_NAMES`, and allows them in this module only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from rich.console import RenderableType
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.message import Message

if TYPE_CHECKING:
    from textual.drivers.linux_driver import LinuxDriver  # needs termios, which only Unix has

PRIVATE_NAMES: Mapping[str, str] = {
    "_xterm_parser": "The driver reads the terminal itself, to survive invalid input; no public parser exists.",
    "_file": "The driver counts the characters that the terminal has taken; its output stream has no public name.",
    "_writer_thread": "Only this thread shows whether Textual uses the terminal: start_application_mode() may give up.",
    "_fatal_error": "It would print a long traceback; this program reports a crash in one line and writes a log.",
    "_exception": "run() returns normally after a crash, and only this attribute holds the exception.",
}
"""Each private name with the reason for its use."""

Stream = TypeVar("Stream")
_ESCAPE_START = re.compile("(?=\x1b)")


class QuietCrash(App[int]):
    """An app that ends without printing anything after an unhandled exception."""

    @property
    def unhandled_error(self) -> Exception | None:
        """The exception that ended the app, if any."""
        return self._exception

    def panic(self, *renderables: RenderableType) -> None:
        """End the app; print ``renderables`` only if no exception is known."""
        if self.unhandled_error is None:
            super().panic(*renderables)
        else:
            self._fatal_error()

    def _fatal_error(self) -> None:
        """End the app."""
        self.exit(return_code=1)


class InputParser:
    """Turns the characters that a terminal sends into messages, and survives sequences that are invalid."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def feed(self, text: str) -> list[Message]:
        """Return the messages in ``text``; the parser starts again after an invalid sequence."""
        return [message for sequence in _ESCAPE_START.split(text) for message in self._feed_sequence(sequence)]

    def _feed_sequence(self, text: str) -> list[Message]:
        messages: list[Message] = []
        try:
            if text:  # the parser takes an empty text as the end of the input
                messages.extend(self._parser.feed(text))
        except (ValueError, OverflowError):  # a key code that is not a character
            old, self._parser = self._parser, XTermParser()
            self._parser.mouse_pixels = old.mouse_pixels
            self._parser.terminal_size = old.terminal_size
            self._parser.terminal_pixel_size = old.terminal_pixel_size
        return messages

    def tick(self) -> list[Message]:
        """Return the messages that are complete because no more characters came, such as a single escape key."""
        return list(self._parser.tick())


def replace_output(driver: LinuxDriver, wrap: Callable[[TextIO], Stream]) -> Stream:
    """Let a driver write to ``wrap(stream)`` instead of its stream, and return that."""
    assert driver._file is not None  # the app is started on a terminal only
    output: Any = wrap(driver._file)
    driver._file = output
    return output  # type: ignore[no-any-return]


def uses_terminal(driver: LinuxDriver) -> bool:
    """Return whether a driver has taken the terminal and has not released it yet."""
    return driver._writer_thread is not None and driver._writer_thread.is_alive()
