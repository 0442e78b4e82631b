"""What every screen over the main one has in common, however fast the keys come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Literal, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette, SearchIcon
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

Answer = TypeVar("Answer")
_SOON = 0.01  # seconds after which a screen that is being opened is there


class Dialog(ModalScreen[Answer]):
    """A screen that takes no key before it is whole, and that closes once, whatever lies over it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key acts; one that was typed before the screen was there, or after its end, finds it half made."""
        return _is_whole(self) and super().check_action(action, parameters)

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with a result; a second time nothing happens. What was opened over it closes first."""
        return super().dismiss(result) if _on_top(self, partial(self.dismiss, result)) else AwaitComplete()


class SafeOptionList(OptionList):
    """Options that may have become others between being drawn and being clicked, at any width."""

    # Where the padding leaves no room for a character, Textual would wrap options to lines of no width, and fail.

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines that the options take."""
        return super().get_content_height(container, viewport, max(width, self._padding + 1))

    def _update_lines(self) -> None:
        if self.scrollable_content_region.width > self._padding:
            super()._update_lines()

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        if self._lines:  # none where there is no room for them, or none yet
            super()._move_page(direction)

    @property
    def _padding(self) -> int:
        return self.get_component_styles("option-list--option").padding.width + self._get_left_gutter_width()

    def on_click(self, event: events.Click) -> None:
        """Keep a click on an option that is no more from Textual, which would look for it."""
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()


class CommandMatches(CommandList, SafeOptionList, can_focus=False):
    """What the command palette has found so far."""


class AppCommandPalette(CommandPalette):
    """Textual's command palette, careful likewise: a command chosen twice would close the screen below, too, and
    a click that ends outside of a screen that has just shrunk would end the app."""

    def compose(self) -> ComposeResult:
        """Textual's, with a list that may change below a click, and in ASCII where that is asked for."""
        is_ascii = self.app.has_class("-ascii")
        for widget in super().compose():
            if is_ascii and isinstance(widget, SearchIcon):
                widget.icon = ">"
            elif is_ascii and isinstance(widget, Input):
                widget.placeholder = "Search for commands"
            yield CommandMatches() if isinstance(widget, CommandList) else widget

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key acts."""
        return _is_whole(self) and super().check_action(action, parameters)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, once."""
        return super().dismiss(result) if _on_top(self, partial(self.dismiss, result)) else AwaitComplete()

    def on_click(self, event: events.Click) -> None:
        """Keep a click from Textual where nothing is under it."""
        if not self.region.contains(event.screen_x, event.screen_y):
            event.prevent_default()


def _is_whole(screen: ModalScreen[Answer]) -> bool:
    return screen.is_mounted and screen.is_attached and screen in screen.app.screen_stack


def _on_top(screen: ModalScreen[Answer], again: Callable[[], object]) -> bool:
    """Close what lies over a screen; False when it is closed itself, or has to try ``again`` and will."""
    stack = screen.app.screen_stack
    if screen not in stack:
        return False
    above = stack[stack.index(screen) + 1 :]

    def retry() -> None:  # what Textual calls must not give it anything to wait for
        again()

    if not all(each.is_mounted for each in above):
        asyncio.get_running_loop().call_later(_SOON, screen.call_later, retry)
        return False
    for each in reversed(above):
        each.dismiss()
    return True
