"""The base of the screens over the main one, and Textual widgets made safe against fast keys and clicks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Self, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette, SearchIcon
from textual.content import Content
from textual.screen import ModalScreen
from textual.visual import VisualType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkType

from nn_tui.core.translation import tr
from nn_tui.tui.draw.text import to_display

Answer = TypeVar("Answer")
_RETRY_DELAY = 0.01  # seconds; by then a screen that is being opened is mounted


class Dialog(ModalScreen[Answer]):
    """A screen that takes no key before it is mounted, and that closes once, with the screens over it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key may act: only while the screen is mounted and open."""
        return _is_open(self) and super().check_action(action, parameters)

    def shown(self, text: object) -> str:
        """Return a text as the dialog shows it: in ASCII if the app is."""
        return to_display(str(text), self.app.has_class("-ascii"))

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with a result, after the screens over this one; a second call does nothing."""
        return super().dismiss(result) if _close_above(self, partial(self.dismiss, result)) else AwaitComplete()


class SafeOptionList(OptionList):
    """A list of options that may change between being drawn and being clicked, and that may have no room."""

    def action_page_up(self) -> None:
        """Highlight the option a page above."""
        if self.scrollable_content_region:  # Textual has no lines before the first layout, and without room
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """Highlight the option a page below."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]

    def on_click(self, event: events.Click) -> None:
        """Ignore a click on an option that no longer exists, which Textual would look up."""
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()


class CommandMatches(CommandList, SafeOptionList, can_focus=False):
    """The commands that the command palette has found so far."""

    def add_option(self, option: Option | VisualType | None = None) -> Self:
        """Add a command; the only option that is none is Textual's note that there are no matches."""
        if isinstance(option, Option) and option.disabled:
            note = to_display(tr("No command matches."), self.app.has_class("-ascii"))
            option = Option(Content(note), disabled=True, id=option.id)
        return super().add_option(option)


class AppCommandPalette(CommandPalette):
    """Textual's command palette, made safe against fast keys and clicks.

    Without this, a command that is chosen twice would also close the screen below, and a click that ends outside of a
    screen that has just become smaller would end the app.
    """

    def compose(self) -> ComposeResult:
        """Compose Textual's widgets with a safe list, with our words, and in ASCII if the app is."""
        is_ascii = self.app.has_class("-ascii")
        for widget in super().compose():
            if is_ascii and isinstance(widget, SearchIcon):
                widget.icon = ">"
            elif isinstance(widget, Input):
                widget.placeholder = to_display(tr("Search for commands"), is_ascii)
            yield CommandMatches() if isinstance(widget, CommandList) else widget

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key may act: only while the screen is mounted and open."""
        return _is_open(self) and super().check_action(action, parameters)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close; a second call does nothing."""
        return super().dismiss(result) if _close_above(self, partial(self.dismiss, result)) else AwaitComplete()

    def run_worker(self, work: WorkType[Any], *args: Any, **options: Any) -> Worker[Any]:
        """Start Textual's search for commands; it does nothing if the palette is closing and has lost its list."""

        async def search() -> None:
            if callable(work) and self.query(CommandList):
                await cast(Awaitable[None], work())

        return super().run_worker(search, *args, **options)

    def on_click(self, event: events.Click) -> None:
        """Ignore a click outside of the screen."""
        if not self.region.contains(event.screen_x, event.screen_y):
            event.prevent_default()


def _is_open(screen: ModalScreen[Answer]) -> bool:
    return screen.is_mounted and screen.is_attached and screen in screen.app.screen_stack


def _close_above(screen: ModalScreen[Answer], retry: Callable[[], object]) -> bool:
    """Close the screens over ``screen``.

    Returns:
        Whether ``screen`` can be closed now. It cannot if it is closed already, or if a screen over it is not mounted
        yet; then ``retry`` is called later.
    """
    stack = screen.app.screen_stack
    if screen not in stack:
        return False
    above = stack[stack.index(screen) + 1 :]

    def call_retry() -> None:  # without its result, which Textual would wait for
        retry()

    if not all(each.is_mounted for each in above):
        asyncio.get_running_loop().call_later(_RETRY_DELAY, screen.call_later, call_retry)
        return False
    for each in reversed(above):
        each.dismiss()
    return True
