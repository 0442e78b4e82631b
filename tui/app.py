"""The app, with its theme and main screen, and :func:`run`, which the command line calls."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import SystemCommand
from textual.driver import Driver
from textual.filter import LineFilter, NoColor
from textual.screen import Screen

from nn_tui.core.spec import Experiment
from nn_tui.core.translation import message
from nn_tui.tui.config.config import Config
from nn_tui.tui.config.log import Log
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.draw.ansi16 import ansi16_filter
from nn_tui.tui.draw.palette import Palette, get_palette
from nn_tui.tui.exit import print_error
from nn_tui.tui.keys.hangul import is_hangul
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.saved.lesson_progress import LessonStore
from nn_tui.tui.saved.opened import record_opened
from nn_tui.tui.saved.shutdown import discard_output, kept_notice, report_crash, save_on_exit
from nn_tui.tui.session.session import Session, new_session, show_notes, with_message
from nn_tui.tui.start import (
    StartOptions,
    start_options,
    with_log_started,
    with_saved_session,
    with_unsaved_changes,
)
from nn_tui.tui.terminal.signals import SignalHandling, pending_output
from nn_tui.tui.terminal.termination import termination
from nn_tui.tui.terminal.textual_private import QuietCrash
from nn_tui.tui.widgets.theme import Recolor, make_theme
from nn_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from nn_tui.tui.actions.table import TableStart
    from nn_tui.tui.saved.practice_results import PracticeResults

MAX_PENDING = 32_000  # characters: one or two full screens
PENDING_POLL = 0.005  # seconds


class NNTui(QuietCrash, SignalHandling):
    """The terminal app on one experiment."""

    TITLE = "nn-tui"
    CSS_PATH = "style.tcss"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, experiment: Experiment, palette: Palette, start: StartOptions | None = None) -> None:
        super().__init__()
        self.experiment = experiment
        self.palette = palette
        self.start = start or StartOptions()
        self.main: MainScreen | None = None
        self._is_drawing_paused = False
        self._is_frame_dropped = False  # while drawing was paused
        self._no_color = NoColor()
        self._is_hangul = False
        self._is_styled = False
        self._use_palette(palette)
        self.stylesheet.set_variables(self.get_css_variables())

    def _use_palette(self, palette: Palette) -> None:
        """Give Textual's own widgets the palette's colours."""
        self.palette = palette
        if f"nn-{palette.name}" not in self.available_themes:
            self.register_theme(make_theme(palette))
        self.theme = f"nn-{palette.name}"
        self.ansi_color = palette.background == "default"
        self.set_class(not palette.has_color, "-mono")

    def refresh_css(self, animate: bool = True) -> None:
        """Compute every style again, except for the first theme: Textual is about to compute its styles anyway."""
        if self._is_styled:
            super().refresh_css(animate)
        self._is_styled = True

    def get_driver_class(self) -> type[Driver]:
        """Return Textual's driver, but on Unix the app's own one."""
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":
            return driver
        from nn_tui.tui.terminal.driver import TerminalDriver  # needs termios, which only Unix has

        return TerminalDriver

    def post_display_hook(self) -> None:
        """Pause drawing if too much output is pending. Textual calls this after each frame, also a dropped one."""
        if self._is_drawing_paused:
            self._is_frame_dropped = True
        elif pending_output(self) > MAX_PENDING:
            self._is_drawing_paused = True
            pause = ExitStack()
            pause.enter_context(self.batch_update())
            self._draw_when_sent(pause)

    def _draw_when_sent(self, pause: ExitStack) -> None:
        """End a pause when the terminal has read all output, and draw what has changed meanwhile."""
        if pending_output(self):
            asyncio.get_running_loop().call_later(PENDING_POLL, self.call_later, self._draw_when_sent, pause)
            return
        pause.close()
        self._is_drawing_paused = False
        if not self.screen_stack:  # the app is ending
            return
        if self._is_frame_dropped:
            self._is_frame_dropped = False
            self.screen.refresh()
        else:
            self.screen.check_idle()  # Textual draws the changed widgets of a screen when it becomes idle

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters, and one for the palette mono or for a terminal with 16 colours."""
        filters = super().get_line_filters()
        if self.palette.name == "mono":
            return [*filters, self._no_color]
        has_16_colors = self.console.color_system == "standard" and not self.is_headless
        if has_16_colors and self.palette.background != "default":
            return [*filters, ansi16_filter(self.palette.name)]
        return filters

    def get_default_screen(self) -> Screen[None]:
        """Return the main screen on the session of the start options, or else on a new one."""
        start = self.start
        session = start.session or show_notes(new_session(self.experiment, key_labels=start.keys.labels, **start.view))
        if start.auto_saver is not None:
            record_opened(os.environ, session.experiment.preset.id)
        self.main = MainScreen(
            with_message(session, " ".join(text for text in (str(session.message), start.message) if text)),
            self.palette,
            log_file=start.log,
            auto_saver=start.auto_saver,
            offer=start.offer,
            results=start.results,
            lessons=start.lessons,
        )
        return self.main

    async def on_mount(self) -> None:
        """Set the keys, show the welcome and handle signals."""
        if self.palette.glyphs.is_ascii:
            self.add_class("-ascii")
        if self.start.keys.bindings:
            self.set_keymap(self.start.keys.bindings)
        if self.start.welcome:
            await self.screen.mount(Welcome(self.palette, self.start.keys.labels))
        if self.start.chooses_lesson and self.main is not None:
            self.call_after_refresh(self.main.action_do, "lessons")
        if self.start.table is not None and self.main is not None:
            from nn_tui.tui.actions.table import show_started_table

            self.main.run_worker(show_started_table(self.main, self.start.table))
            self.start = replace(self.start, table=None)  # its memory is the dialog's
        if not self.is_headless:
            self.handle_signals()

    async def on_event(self, event: events.Event) -> None:
        """Handle any event; the first key or click also closes the welcome, and may open the first lesson."""
        if self.start.welcome and isinstance(event, events.Key | events.MouseDown):
            self.start = replace(self.start, welcome=False)
            is_learning = any(each.is_choosing_lesson(event) for each in self.query(Welcome))
            await self.query(Welcome).remove()
            if is_learning and self.main is not None:
                await self.main.action_do("learn")
                return
        await super().on_event(event)

    def translate_key(self, event: events.Key) -> list[events.Key]:
        """Return the Latin keys for a character of an input method; none while the user types text."""
        focused = self.focused
        if event.character is None or (focused and focused.check_consume_key(event.key, event.character)):
            return []
        self._is_hangul |= is_hangul(event.character)
        return [events.Key(name, character) for name, character in self.start.keys.translate(event.character)]

    def keys_handled(self) -> None:
        """Explain the Hangul mode if keys were typed in it."""
        if self._is_hangul and isinstance(self.screen, MainScreen):
            self.screen.explain_hangul()
            self._is_hangul = False

    def before_termination(self) -> None:
        """Stop training."""
        if self.main is not None:
            self.main.request_stop()

    def explain_ignored_stop(self) -> None:
        """Say in the message line that ``ctrl+z`` had no effect."""
        if self.main is not None:
            text = message("nn-tui was not started from a shell with job control, so `ctrl+z` has no effect.")
            self.main.show(with_message(self.main.session, text))

    def action_command_palette(self) -> None:
        """Open the command palette, unless it is open."""
        from nn_tui.tui.screens.dialog import AppCommandPalette

        if not isinstance(self.screen, AppCommandPalette):
            self.push_screen(AppCommandPalette(id="--command-palette"))

    @on(Recolor)
    def _recolor(self, message: Recolor) -> None:
        palette = get_palette(message.name, ascii=self.palette.glyphs.is_ascii)
        self._use_palette(palette)
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.recolor(palette)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return every action, preset and setting for the command palette."""
        from nn_tui.tui.command_palette import commands

        main = next((s for s in self.screen_stack if isinstance(s, MainScreen)), None)
        return () if main is None else commands(main)


def run(
    session: Session,
    settings: Settings | None = None,
    config: Config | None = None,
    *,
    resume_now: bool = False,
    any_preset: bool = True,
    results: PracticeResults | None = None,
    chooses_lesson: bool = False,
    table: TableStart | None = None,
) -> int:
    """Open the app on a session, and restore the terminal at the end.

    Args:
        session: The session to start with, unless a kept one is resumed. One from a document keeps its own settings of
            the view, and of the kept sessions only its own unsaved changes are offered. One in the practice mode gets
            its first question, unless an unfinished practice is offered.
        settings: The settings, which include those of ``config``.
        config: The config file, for its keys and notices.
        resume_now: Whether to resume the newest kept session at once.
        any_preset: Whether sessions of other presets are offered or resumed too.
        results: The file for the marks of practice; None for none.
        chooses_lesson: Whether to show the list of the lessons first.
        table: The table whose columns are shown first; None for none.

    Returns:
        The exit code of the process.
    """
    settings, config = settings or Settings(), config or Config()
    # The palette mono replaces it, and a key can still switch to colours.
    os.environ.pop("NO_COLOR", None)
    settings = replace(settings, welcome=settings.welcome and any_preset)
    start = start_options(settings, config)
    start = replace(start, results=results, lessons=LessonStore(os.environ), chooses_lesson=chooses_lesson, table=table)
    if settings.resume and session.document is not None:
        start = with_unsaved_changes(start, AutoSaver(os.environ), session)
    elif settings.resume and (session.lesson is not None or chooses_lesson):
        start = replace(start, auto_saver=AutoSaver(os.environ))
    elif settings.resume:
        preset = None if any_preset else session.experiment.preset.id
        start = with_saved_session(start, AutoSaver(os.environ), resume_now, preset, session.practice)
    has_own_questions = session.lesson is not None or session.is_presented
    if session.practice is not None and session.document is None and not has_own_questions:
        from nn_tui.tui.session.exercise import first_question

        session = first_question(session) if start.offer is None else replace(session, message="")
    if start.session is None:
        view = start.view if session.document is None else {}
        start = replace(start, session=replace(session, key_labels=start.keys.labels, **view))
    log = None if settings.log is None else Log(settings.log)
    start = with_log_started(start, log, (start.session or session).experiment.preset.id)
    app = NNTui(session.experiment, get_palette(settings.palette or "dark", ascii=settings.ascii), start)
    # A full collection visits every widget and style and causes a stutter. The objects of now live to the end anyway.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    gc.enable()
    # While training, the screen waits at most this long for the interpreter lock.
    sys.setswitchinterval(0.001)
    error: Exception | None = None
    with termination.deferred():  # a signal must not interrupt restoring the terminal and saving the session
        try:
            app.run()
        except Exception as raised:
            error = raised
        finally:
            save_message = save_on_exit(start.auto_saver, app.main.session if app.main else None)
            discard_output()
        error = error or app.unhandled_error
        if error is not None:
            return report_crash(error, save_message, None if log is None else log.path)
        if start.auto_saver is not None and start.auto_saver.problem:
            print_error(save_message, 0)
        elif start.auto_saver is not None and app.main is not None and (notice := kept_notice(app.main.session)):
            print_error(notice, 0)
    return app.return_code or 0
