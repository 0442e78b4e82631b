"""The app: theme, signals and the main screen. ``run`` is what the command line calls."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rich.console import RenderableType
from textual import events, on
from textual.app import App, SystemCommand
from textual.driver import Driver
from textual.filter import LineFilter, NoColor
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES, Theme
from textual.timer import Timer
from textual.widgets import Input

from nn_tui.core.spec import Experiment
from nn_tui.tui.config import Config
from nn_tui.tui.draw.palette import Palette, palette
from nn_tui.tui.files import config_file
from nn_tui.tui.hangul import is_hangul
from nn_tui.tui.keymap import Keymap, keymap
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.palette_commands import commands
from nn_tui.tui.session import begin
from nn_tui.tui.settings import SPEED_NAMES, Settings
from nn_tui.tui.welcome import Welcome, is_first_start

FAR_BEHIND = 32_000  # characters that wait to be sent: one or two full screens
CATCH_UP = 0.02  # seconds between two looks at a terminal that was far behind
SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")


@dataclass(frozen=True, slots=True)
class Start:
    """How the app starts: first values of the session's view, moved keys, what to say, whether to welcome."""

    view: Mapping[str, Any] = field(default_factory=dict)
    keys: Keymap = field(default_factory=Keymap)
    message: str = ""
    welcome: bool = False


class NNTui(App[int]):
    """The terminal app on one experiment."""

    TITLE = "nn-tui"
    CSS_PATH = "style.tcss"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, experiment: Experiment, colors: Palette, start: Start | None = None) -> None:
        super().__init__()
        self.experiment = experiment
        self.inks = colors
        self.start = start or Start()
        self._catching_up: Timer | None = None
        self._no_color = NoColor()
        self._take_theme(colors)

    def _take_theme(self, colors: Palette) -> None:
        """Give Textual's own widgets the palette's colours."""
        self.inks = colors
        if f"nn-{colors.name}" not in self.available_themes:
            self.register_theme(_theme(colors))
        self.theme = f"nn-{colors.name}"
        self.ansi_color = colors.background == "default"

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver, and on Unix ours, which stands more."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        from nn_tui.tui.driver import TerminalDriver  # needs termios, which only Unix has

        return TerminalDriver

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Draw, unless the terminal is far behind: then draw all of it, as it is by then, when it has caught up."""
        if getattr(self._driver, "pending", 0) <= FAR_BEHIND:
            super()._display(screen, renderable)
        elif self._catching_up is None:
            self._catching_up = self.set_interval(CATCH_UP, self._catch_up)

    def _catch_up(self) -> None:
        if self._catching_up is not None and not getattr(self._driver, "pending", 0):
            self._catching_up.stop()
            self._catching_up = None
            self.screen.refresh()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and no colour at all with the palette mono."""
        filters = super().get_line_filters()
        return [*filters, self._no_color] if self.inks.name == "mono" else filters

    def get_default_screen(self) -> Screen[None]:
        """The main screen, at the start of the experiment."""
        start = self.start
        session = begin(self.experiment, keys=start.keys.written, message=start.message, **start.view)
        return MainScreen(session, self.inks)

    async def on_mount(self) -> None:
        """Leave the terminal clean when the process is told to end."""
        if self.inks.glyphs.is_ascii:
            self.add_class("-ascii")
        if self.start.keys.bindings:
            self.set_keymap(self.start.keys.bindings)
        if self.start.welcome:
            await self.screen.mount(Welcome(self.inks, self.start.keys.written))
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is not None:
                loop.add_signal_handler(number, self._leave, 128 + int(number))

    async def on_event(self, event: events.Event) -> None:
        """Every event; the first key or click ends the welcome, and does what it does all the same."""
        if self.start.welcome and isinstance(event, events.Key | events.MouseDown):
            self.start = Start(keys=self.start.keys)
            await self.query(Welcome).remove()
        if isinstance(event, events.Key) and not event.is_forwarded and await self._take_meant(event):
            return
        await super().on_event(event)

    async def _take_meant(self, event: events.Key) -> bool:
        """Put the keys that were meant in the place of what an input method made of them, unless text is typed.

        They go the way of every other key, so that none overtakes another.
        """
        if event.character is None or isinstance(self.focused, Input):
            return False
        keys = self.start.keys.meant(event.character)
        for name, character in keys:
            await super().on_event(events.Key(name, character))
        screen = self.screen
        if is_hangul(event.character) and isinstance(screen, MainScreen):
            # Behind the keys, first in the screen's queue and then in the app's.
            screen.call_later(self.call_later, screen.tell_of_hangul)
        return bool(keys)

    @on(MainScreen.Recolor)
    def _recolor(self, message: MainScreen.Recolor) -> None:
        colors = palette(message.name, ascii=self.inks.glyphs.is_ascii)
        self._take_theme(colors)
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.recolor(colors)

    def _leave(self, code: int) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.stop_training()
        self.exit(return_code=code)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action, preset and setting, for the command palette."""
        main = next((s for s in self.screen_stack if isinstance(s, MainScreen)), None)
        return () if main is None else commands(main)


def _theme(colors: Palette) -> Theme:
    """Textual's theme with this palette's colours, for borders, dialogs and inputs."""

    if colors.background == "default":
        # The terminal's own colours, whatever they are: only its text is sure to stand out from its ground.
        own = BUILTIN_THEMES["ansi-dark"]
        lines = {"border": "ansi_default", "border-blurred": "ansi_default"}
        return replace(own, name=f"nn-{colors.name}", variables={**own.variables, **lines})

    def ink(key: str) -> str:
        color = colors.style(key).color
        return colors.foreground if color is None else color.get_truecolor().hex

    dark = colors.name != "light"
    return Theme(
        name=f"nn-{colors.name}",
        primary=ink("accent"),
        secondary=ink("border"),
        accent=ink("accent"),
        warning=ink("warn"),
        error=ink("bad"),
        success=ink("good"),
        foreground=colors.foreground,
        background=colors.background,
        surface=colors.background,
        panel=colors.background,
        dark=dark,
        variables={"border": ink("border"), "border-blurred": ink("border")},
    )


def run(experiment: Experiment, chosen: Settings | None = None, config: Config | None = None) -> int:
    """Open the app on an experiment; returns the process's exit code once the terminal is restored.

    The settings are in force already; of ``config`` the keys and the notices are read.
    """
    chosen, config = chosen or Settings(), config or Config()
    if chosen.log is not None:
        os.environ["TEXTUAL_LOG"] = str(chosen.log)
    # The palette mono says it already, and a key may ask for colours all the same.
    os.environ.pop("NO_COLOR", None)
    app = NNTui(experiment, palette(chosen.palette or "dark", ascii=chosen.ascii), _start(chosen, config))
    # A full collection walks every widget and style and shows as a stutter; what is there now stays anyway.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    gc.enable()
    # While training, the screen waits at most this long for its turn.
    sys.setswitchinterval(0.001)
    app.run()
    sys.stdout.flush()
    return app.return_code or 0


def _start(chosen: Settings, config: Config) -> Start:
    """How the app starts with these settings."""
    keys = keymap(config.keys, f"{config_file(os.environ)}: ")
    view = {name: value for name, value in chosen.view.items() if name in ("digits", "zoom")}
    if "speed" in chosen.view:
        view["speed"] = SPEED_NAMES.index(chosen.view["speed"])
    if "log_scale" in chosen.view:
        view["log"] = chosen.view["log_scale"]
    notices = (*config.notices, *keys.notices)
    more = f" And {len(notices) - 1} more there." if len(notices) > 1 else ""
    message = f"{notices[0]}.{more}" if notices else ""
    return Start(view, keys, message, chosen.welcome and is_first_start())
