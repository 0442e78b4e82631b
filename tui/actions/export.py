"""The command that writes the network on screen, or a figure of it, to files for use elsewhere."""

from __future__ import annotations

from pathlib import Path

from nn_tui.core.text import shown_path
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.saved.writers import WRITERS as SAVED
from nn_tui.tui.session.session import Session, with_message

_MAX_FOLDER = 48  # cells of a line of the dialog at 80 columns


async def export(screen: SessionScreen) -> None:
    """Ask what to write and where, and write it."""
    # Imported here, because the start of the app waits for every import and this screen is seldom opened.
    from nn_tui.tui.saved.export_choices import export_choices
    from nn_tui.tui.screens.export import ExportScreen

    await screen.pause()
    session = screen.session
    about = _about(session)
    choices = export_choices(session, screen.trainer.other_run_lock)
    first = next(index for index, choice in enumerate(choices) if choice.ending not in SAVED)  # what `s` lacks
    written = await screen.ask(ExportScreen(about, choices, first))
    if written is not None:
        screen.show(with_message(screen.session, written))


def _about(session: Session) -> str:
    """Say which network is written, and where; and if it is not the last one of the run."""
    done, last, folder = session.updates_done, session.run.finished, shown_path(Path.cwd())
    folder = folder if len(folder) <= _MAX_FOLDER else f"…{folder[1 - _MAX_FOLDER :]}"
    if not done and last:
        return tr(
            "The network on screen is not trained: it is the start of the run. Press esc and end to go to update "
            "{last:,}. The folder is {folder}.",
            last=last, folder=folder,
        )  # fmt: skip
    if done < last:
        return tr(
            "The network after {count:,} of {last:,} updates; a figure shows the step on screen. "
            "The folder is {folder}.",
            count=done, last=last, folder=folder,
        )  # fmt: skip
    return tr_plural(
        "The network after {count:,} update; a figure shows the step on screen. The folder is {folder}.",
        "The network after {count:,} updates; a figure shows the step on screen. The folder is {folder}.",
        done,
        folder=folder,
    )
