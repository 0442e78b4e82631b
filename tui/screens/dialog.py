"""What every screen over the main one has in common, however fast the keys come."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A screen that takes no key before it is whole, and that closes once, whatever lies over it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key acts; one that was typed before the screen was there finds it half made."""
        return self.is_mounted and super().check_action(action, parameters)

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with a result; a second time nothing happens. What was opened over it closes first."""
        return super().dismiss(result) if _uncover(self) else AwaitComplete()


class Commands(CommandPalette):
    """Textual's command palette, careful likewise: a command chosen twice would close the screen below, too, and
    a click that ends outside of a screen that has just shrunk would end the app."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key acts."""
        return self.is_mounted and super().check_action(action, parameters)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, once."""
        return super().dismiss(result) if _uncover(self) else AwaitComplete()

    def on_click(self, event: events.Click) -> None:
        """Keep a click from Textual where nothing is under it."""
        if not self.region.contains(event.screen_x, event.screen_y):
            event.prevent_default()


def _uncover(screen: ModalScreen[Answer]) -> bool:
    """Close what lies over a screen; False when it is closed itself."""
    stack = screen.app.screen_stack
    if screen not in stack:
        return False
    for above in reversed(stack[stack.index(screen) + 1 :]):
        above.dismiss()
    return True
