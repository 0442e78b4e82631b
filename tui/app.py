"""The app: theme and the main screen. ``run`` is what the command line calls."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich.console import RenderableType
from textual import events, on
from textual.app import SystemCommand
from textual.driver import Driver
from textual.filter import LineFilter, NoColor
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from nn_tui.core.spec import Experiment
from nn_tui.tui.config.config import Config
from nn_tui.tui.config.log import Log
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.draw.ansi16 import ansi16_filter
from nn_tui.tui.draw.palette import Palette, get_palette
from nn_tui.tui.exit import complain
from nn_tui.tui.keys.hangul import is_hangul
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.palette_commands import commands
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.saved.shutdown import discard_output, report_crash, save_on_exit
from nn_tui.tui.screens.dialog import AppCommandPalette
from nn_tui.tui.session.session import begin, with_message
from nn_tui.tui.start import Start, make_start, with_log_started, with_saved_session
from nn_tui.tui.terminal.signals import Signalled
from nn_tui.tui.terminal.termination import termination
from nn_tui.tui.widgets.theme import make_theme
from nn_tui.tui.widgets.welcome import Welcome

FAR_BEHIND = 32_000  # characters that wait to be sent: one or two full screens
CATCH_UP = 0.02  # seconds between two looks at a terminal that was far behind


class NNTui(Signalled):
    """The terminal app on one experiment."""

    TITLE = "nn-tui"
    CSS_PATH = "style.tcss"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, experiment: Experiment, palette: Palette, start: Start | None = None) -> None:
        super().__init__()
        self.experiment = experiment
        self.palette = palette
        self.start = start or Start()
        self.main: MainScreen | None = None
        self._catching_up: Timer | None = None
        self._no_color = NoColor()
        self._is_hangul = False
        self._is_styled = False
        self._take_theme(palette)
        self.stylesheet.set_variables(self.get_css_variables())

    def _take_theme(self, palette: Palette) -> None:
        """Give Textual's own widgets the palette's colours."""
        self.palette = palette
        if f"nn-{palette.name}" not in self.available_themes:
            self.register_theme(make_theme(palette))
        self.theme = f"nn-{palette.name}"
        self.ansi_color = palette.background == "default"
        self.set_class(not palette.has_color, "-mono")

    def refresh_css(self, animate: bool = True) -> None:
        """Work out every style anew; not for the first theme, with which they are worked out anyway."""
        if self._is_styled:
            super().refresh_css(animate)
        self._is_styled = True

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver, and on Unix ours, which stands more."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        from nn_tui.tui.terminal.driver import TerminalDriver  # needs termios, which only Unix has

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
        """Textual's filters; no colour at all with the palette mono, and what can be read where there are sixteen."""
        filters = super().get_line_filters()
        if self.palette.name == "mono":
            return [*filters, self._no_color]
        is_few = self.console.color_system == "standard" and not self.is_headless
        if is_few and self.palette.background != "default":
            return [*filters, ansi16_filter(self.palette.name)]
        return filters

    def get_default_screen(self) -> Screen[None]:
        """The main screen, at the start of the experiment or where a saved session was left."""
        start = self.start
        session = start.session or begin(self.experiment, keys=start.keys.written, **start.view)
        self.main = MainScreen(with_message(session, start.message), self.palette)
        self.main.auto_saver, self.main.offer, self.main.log_file = start.auto_saver, start.offer, start.log
        return self.main

    async def on_mount(self) -> None:
        """Leave the terminal clean when the process is told to end."""
        if self.palette.glyphs.is_ascii:
            self.add_class("-ascii")
        if self.start.keys.bindings:
            self.set_keymap(self.start.keys.bindings)
        if self.start.welcome:
            await self.screen.mount(Welcome(self.palette, self.start.keys.written))
        if not self.is_headless:
            self.obey_signals()

    async def on_event(self, event: events.Event) -> None:
        """Every event; the first key or click ends the welcome, and does what it does all the same."""
        if self.start.welcome and isinstance(event, events.Key | events.MouseDown):
            self.start = replace(self.start, welcome=False)
            await self.query(Welcome).remove()
        await super().on_event(event)

    def meant_by(self, event: events.Key) -> list[events.Key]:
        """The keys that were meant by what an input method made of them, unless text is typed."""
        if event.character is None or isinstance(self.focused, Input):
            return []
        self._is_hangul |= is_hangul(event.character)
        return [events.Key(name, character) for name, character in self.start.keys.meant(event.character)]

    def at_rest(self) -> None:
        """Every key has been dealt with: say what there is to say about how they are typed."""
        if self._is_hangul and isinstance(self.screen, MainScreen):
            self.screen.explain_hangul()
            self._is_hangul = False

    def action_command_palette(self) -> None:
        """Open the command palette, unless it is open."""
        if not isinstance(self.screen, AppCommandPalette):
            self.push_screen(AppCommandPalette(id="--command-palette"))

    @on(MainScreen.Recolor)
    def _recolor(self, message: MainScreen.Recolor) -> None:
        palette = get_palette(message.name, ascii=self.palette.glyphs.is_ascii)
        self._take_theme(palette)
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.recolor(palette)

    def _fatal_error(self) -> None:
        """End; what there is to say about it is said in one line when the terminal is itself again."""
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print nothing about an error, likewise."""
        if self._exception is not None:
            self._exit_renderables.clear()
        super()._print_error_renderables()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action, preset and setting, for the command palette."""
        main = next((s for s in self.screen_stack if isinstance(s, MainScreen)), None)
        return () if main is None else commands(main)


def run(
    experiment: Experiment,
    chosen: Settings | None = None,
    config: Config | None = None,
    *,
    resume_now: bool = False,
    any_preset: bool = True,
) -> int:
    """Open the app on an experiment; returns the process's exit code once the terminal is restored.

    The settings are in force already; of ``config`` the keys and the notices are read. ``resume_now`` goes on with
    the newest saved session, or the newest of this preset where that was asked for (not ``any_preset``).
    """
    chosen, config = chosen or Settings(), config or Config()
    # The palette mono says it already, and a key may ask for colours all the same.
    os.environ.pop("NO_COLOR", None)
    start = make_start(chosen, config)
    if chosen.resume:
        start = with_saved_session(
            start, AutoSaver(os.environ), resume_now, None if any_preset else experiment.preset.id
        )
    log = None if chosen.log is None else Log(chosen.log)
    start = with_log_started(start, log, experiment.preset.id)
    app = NNTui(experiment, get_palette(chosen.palette or "dark", ascii=chosen.ascii), start)
    # A full collection walks every widget and style and shows as a stutter; what is there now stays anyway.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    gc.enable()
    # While training, the screen waits at most this long for its turn.
    sys.setswitchinterval(0.001)
    error: Exception | None = None
    with termination.deferred():  # nothing may interrupt giving the terminal back and saving the session
        try:
            app.run()
        except Exception as failed:
            error = failed
        finally:
            save_message = save_on_exit(start.auto_saver, app.main.session if app.main else None)
            discard_output()
        error = error or app._exception
        if error is not None:
            return report_crash(error, save_message, None if log is None else log.path)
        if start.auto_saver is not None and start.auto_saver.problem:
            complain(save_message, 0)
    return app.return_code or 0
