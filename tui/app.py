"""The app: theme, signals and the main screen. ``run`` is what the command line calls."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from textual.app import App, SystemCommand
from textual.screen import Screen
from textual.theme import Theme

from nn_tui.core.preset import shipped_presets
from nn_tui.core.spec import Experiment
from nn_tui.tui import session as moves
from nn_tui.tui.draw.palette import Palette, palette
from nn_tui.tui.keys import KEYS
from nn_tui.tui.main_screen import MainScreen

SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")


class NNTui(App[int]):
    """The terminal app on one experiment."""

    TITLE = "nn-tui"
    CSS_PATH = "style.tcss"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, experiment: Experiment, colors: Palette) -> None:
        plain_colors = colors.background == "default"
        super().__init__(ansi_color=plain_colors)
        self.experiment = experiment
        self.inks = colors
        if plain_colors:
            self.theme = "ansi-dark"
        else:
            self.register_theme(_theme(colors))
            self.theme = f"nn-{colors.name}"

    def get_default_screen(self) -> Screen[None]:
        """The main screen, at the start of the experiment."""
        return MainScreen(moves.start(self.experiment), self.inks)

    def on_mount(self) -> None:
        """Leave the terminal clean when the process is told to end."""
        if self.inks.glyphs.is_ascii:
            self.add_class("-ascii")
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is not None:
                loop.add_signal_handler(number, self._leave, 128 + int(number))

    def _leave(self, code: int) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.stop_training()
        self.exit(return_code=code)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action and every preset, for the command palette."""
        main = next((s for s in self.screen_stack if isinstance(s, MainScreen)), None)
        if main is None:
            return
        for key in KEYS:
            if key.label:

                async def act(action: str = key.action) -> None:
                    await main.run_action(action)

                yield SystemCommand(f"{key.label} ({key.shown})", key.help, act)
        for preset in shipped_presets():

            async def open_preset(name: str = preset.id) -> None:
                await main.open_preset(name)

            yield SystemCommand(f"Open {preset.title}", preset.summary, open_preset)


def _theme(colors: Palette) -> Theme:
    """Textual's theme with this palette's colours, for borders, dialogs and inputs."""

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


def run(experiment: Experiment, *, palette: str | None = None, ascii: bool = False, log: Path | None = None) -> int:
    """Open the app on an experiment; returns the process's exit code once the terminal is restored.

    ``palette`` is one of dark (default), light, contrast, ansi, mono; ``log`` takes Textual's own log.
    """
    if log is not None:
        os.environ["TEXTUAL_LOG"] = str(log)
    name = palette or ("mono" if os.environ.get("NO_COLOR") else "dark")
    app = NNTui(experiment, _palette(name, ascii))
    # A full collection walks every widget and style and shows as a stutter; what is there now stays anyway.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    # While training, the screen waits at most this long for its turn.
    sys.setswitchinterval(0.001)
    app.run()
    sys.stdout.flush()
    return app.return_code or 0


def _palette(name: str, ascii_only: bool) -> Palette:
    return palette(name, ascii=ascii_only)
