"""The commands of the command palette: every action, preset and setting by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from textual.app import SystemCommand

from nn_tui.core.preset.loader import shipped_presets
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.actions.running import set_speed
from nn_tui.tui.actions.saved_session import open_preset, resume
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.saved.offers import session_label
from nn_tui.tui.saved.session_store import SessionInfo
from nn_tui.tui.session.choices import DIGITS, SPEEDS, ZOOM_NAMES
from nn_tui.tui.widgets.theme import Recolor

Command = Callable[[], Awaitable[None]]


def commands(main: MainScreen) -> Iterator[SystemCommand]:
    """Return every command for the main screen, actions first; in ASCII if the screen is."""
    is_ascii = main.palette.glyphs.is_ascii
    for command in _commands(main):
        yield command._replace(title=to_display(command.title, is_ascii), help=to_display(command.help, is_ascii))


def _commands(main: MainScreen) -> Iterator[SystemCommand]:
    for key in KEYS:
        label = main.session.key_labels.get(key.key_label, key.key_label)
        about = format_keys(str(key.help), main.session.key_labels)
        yield SystemCommand(tr("{action} ({key})", action=key.label, key=label), about, _action(main, key.action))
    about = tr("Type a network of your own: sizes, weights, data, loss and optimiser.")
    yield SystemCommand(tr("New network"), about, _action(main, "new_network"))
    about = tr("Train with all combinations of settings such as η and the optimiser, and compare the runs.")
    yield SystemCommand(tr("Sweep over settings"), about, _action(main, "seeds"))
    about = tr("What each column of the table on screen is used for, with keys that change it.")
    yield SystemCommand(tr("Columns of the table"), about, _action(main, "table_columns"))
    about = tr("Short lessons with questions and tasks: the course, chapter by chapter.")
    yield SystemCommand(tr("Lessons"), about, _action(main, "lessons"))
    about = tr("Leave the lesson; the network stays on screen.")
    yield SystemCommand(tr("Leave the lesson"), about, _action(main, "leave_lesson"))
    about = tr("Endless exercises: small networks with numbers for work by hand, from easy to hard.")
    yield SystemCommand(tr("Practice exercises"), about, _action(main, "exercises"))
    about = tr("Leave practice, with a summary.")
    yield SystemCommand(tr("Leave practice"), about, _action(main, "leave_practice"))
    yield from _resume_commands(main)
    about = tr("Write a picture of the screen into the current folder.")
    yield SystemCommand(tr("Screenshot (SVG)"), about, _screenshot(main))
    for colors in PALETTES:
        about = tr("Draw everything in these colours.")
        yield SystemCommand(tr("Colours: {palette}", palette=colors), about, _colors(main, colors))
    for digits in sorted(DIGITS, key=lambda count: count or 99):
        title = message("Digits: all") if digits is None else message("Digits: {count}", count=digits)
        about = tr("Set the number of decimals on the screen.")
        yield SystemCommand(str(title), about, _set(main, title, digits=digits))
    for zoom, name in ZOOM_NAMES.items():
        title = message("Zoom: {zoom}", zoom=name)
        yield SystemCommand(str(title), tr("Set how far one stop goes."), _set(main, title, zoom=zoom))
    for index, speed in enumerate(SPEEDS):
        title = message("Speed: {speed}", speed=speed.label)
        yield SystemCommand(str(title), tr("Set how fast the run goes."), _speed(main, title, index))
    for log, title in ((False, message("Loss scale: linear")), (True, message("Loss scale: logarithmic"))):
        yield SystemCommand(str(title), tr("Set the axis of the loss chart."), _set(main, title, log=log))
    for preset in shipped_presets():
        yield SystemCommand(tr("Open {preset}", preset=preset.title), preset.summary, _preset(main, preset.id))


def _resume_commands(main: MainScreen) -> Iterator[SystemCommand]:
    """Return a command for each kept session, the newest first."""
    sessions = main.auto_saver.find_sessions()[0] if main.auto_saver is not None else []
    for index, saved in enumerate(sessions):
        title = tr("Resume {preset}, {progress}", preset=saved.name, progress=saved.progress)
        if not index:
            title = tr("Resume the last session")
        about = tr(
            "{session}, kept at {time}; the session on screen is kept first.",
            session=session_label(saved),
            time=saved.time_text,
        )
        yield SystemCommand(title, about, _resume(main, saved))


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


def _set(main: MainScreen, sentence: Message, **values: object) -> Command:
    async def command() -> None:
        main.apply_view_move(lambda session: replace(session, message=sentence, **values))  # type: ignore[arg-type]

    return command


def _speed(main: MainScreen, sentence: Message, index: int) -> Command:
    async def command() -> None:
        await set_speed(main, lambda session: replace(session, speed=index, message=sentence))

    return command
