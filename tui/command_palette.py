"""The commands of the command palette: every action, preset and setting by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from textual.app import SystemCommand

from nn_tui.core.engine.steps import ZOOMS
from nn_tui.core.preset.loader import shipped_presets
from nn_tui.tui.actions.pages import Recolor
from nn_tui.tui.actions.saved_session import open_preset, resume
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.saved.offers import session_label
from nn_tui.tui.saved.session_store import SessionInfo
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from nn_tui.tui.session.session import Session

Command = Callable[[], Awaitable[None]]


def commands(main: MainScreen) -> Iterator[SystemCommand]:
    """Return every command for the main screen, actions first; in ASCII if the screen is."""
    is_ascii = main.palette.glyphs.is_ascii
    for command in _commands(main):
        yield command._replace(title=to_display(command.title, is_ascii), help=to_display(command.help, is_ascii))


def _commands(main: MainScreen) -> Iterator[SystemCommand]:
    for key in KEYS:
        label = main.session.key_labels.get(key.key_label, key.key_label)
        name = key.label or key.help.rstrip(".")
        about = format_keys(key.help, main.session.key_labels)
        yield SystemCommand(f"{name} ({label})", about, _action(main, key.action))
    yield from _resume_commands(main)
    yield SystemCommand("Screenshot (SVG)", "Write a picture of the screen into the current folder.", _screenshot(main))
    for colors in PALETTES:
        yield SystemCommand(f"Colours: {colors}", "Draw everything in these colours.", _colors(main, colors))
    for digits in sorted(DIGITS, key=lambda count: count or 99):
        shown = "all" if digits is None else str(digits)
        yield SystemCommand(f"Digits: {shown}", "How many decimals numbers have.", _digits(main, digits))
    for zoom in ZOOMS:
        yield SystemCommand(f"Zoom: {zoom}", "How far one stop goes.", _set(main, f"Zoom: {zoom}.", zoom=zoom))
    for index, speed in enumerate(SPEEDS):
        yield SystemCommand(f"Speed: {speed.label}", "How fast running goes.", _speed(main, index))
    for log, scale in ((False, "linear"), (True, "logarithmic")):
        yield SystemCommand(
            f"Loss scale: {scale}", "The axis of the loss plot.", _set(main, f"The loss is {scale}.", log=log)
        )
    for preset in shipped_presets():
        yield SystemCommand(f"Open {preset.title}", preset.summary, _preset(main, preset.id))


def _resume_commands(main: MainScreen) -> Iterator[SystemCommand]:
    """Return a command for each saved session, the newest first."""
    sessions = main.auto_saver.find_sessions()[0] if main.auto_saver is not None else []
    for index, saved in enumerate(sessions):
        name = "the last session" if not index else f"{saved.title}, {saved.progress}"
        about = f"{session_label(saved)}, left at {saved.time_text}; the session on screen is saved first."
        yield SystemCommand(f"Resume {name}", about, _resume(main, saved))


def _resume(main: MainScreen, saved: SessionInfo) -> Command:
    async def command() -> None:
        await resume(main, saved)

    return command


def _action(main: MainScreen, action: str) -> Command:
    async def command() -> None:
        await main.action_do(action)

    return command


def _preset(main: MainScreen, name: str) -> Command:
    async def command() -> None:
        await open_preset(main, name)

    return command


def _screenshot(main: MainScreen) -> Command:
    async def command() -> None:
        # After the palette has left the screen.
        main.call_after_refresh(main.action_do, "screenshot")

    return command


def _colors(main: MainScreen, name: str) -> Command:
    async def command() -> None:
        main.post_message(Recolor(name))

    return command


def _set(main: MainScreen, message: str, **values: object) -> Command:
    async def command() -> None:
        main.change_view(lambda session: replace(session, message=message, **values))  # type: ignore[arg-type]

    return command


def _digits(main: MainScreen, digits: int | None) -> Command:
    shown = "all digits" if digits is None else f"{digits} decimals"
    return _set(main, f"Numbers are shown with {shown}.", digits=digits)


def _speed(main: MainScreen, index: int) -> Command:
    def change_speed(session: Session) -> Session:
        return replace(session, speed=index, message=f"Speed: {SPEEDS[index].label}.")

    async def command() -> None:
        await main.set_speed(change_speed)

    return command
