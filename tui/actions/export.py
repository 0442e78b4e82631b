"""The command that writes the network on screen, or a figure of it, to files for use elsewhere."""

from __future__ import annotations

from pathlib import Path

from nn_tui.core.text import shown_path
from nn_tui.core.translation import tr_plural
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.saved.writers import WRITERS as SAVED
from nn_tui.tui.session.session import with_message


async def export(screen: SessionScreen) -> None:
    """Ask what to write and where, and write it."""
    # Imported here, because the start of the app waits for every import and this screen is seldom opened.
    from nn_tui.tui.saved.export_choices import export_choices
    from nn_tui.tui.screens.export import ExportScreen

    await screen.pause()
    session = screen.session
    about = tr_plural(
        "The network after {count:,} update; a figure shows the step on screen. The folder is {folder}.",
        "The network after {count:,} updates; a figure shows the step on screen. The folder is {folder}.",
        session.updates_done,
        folder=shown_path(Path.cwd()),
    )
    choices = export_choices(session, screen.trainer.other_run_lock)
    first = next(index for index, choice in enumerate(choices) if choice.ending not in SAVED)  # what `s` lacks
    written = await screen.ask(ExportScreen(about, choices, first))
    if written is not None:
        screen.show(with_message(screen.session, written))
