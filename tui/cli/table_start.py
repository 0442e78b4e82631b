"""The start of the app with a table: its columns are shown over the network that follows from what was assumed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tui.core.preset.loader import is_table_name
from nn_tui.tui.cli.reading import reading_progress
from nn_tui.tui.cli.table_options import data_changes, named_by_options
from nn_tui.tui.config.settings import Settings

if TYPE_CHECKING:
    from nn_tui.tui.actions.table import TableStart
    from nn_tui.tui.session.session import Session


def shows_columns(args: argparse.Namespace, preset: str) -> bool:
    """Return whether the app starts with the columns of a table: not if an option names a moment or a mode."""
    options = (
        "set", "weights", "at", "select", "view", "resume_now", "practice", "present", "level", "practice_digits",
        "results", "student",
    )  # fmt: skip
    return is_table_name(preset) and not any(getattr(args, name, None) for name in options)


def table_session(args: argparse.Namespace, settings: Settings, name: str) -> tuple[Session, TableStart]:
    """Return the session below the columns of a table, and the table, which is read here.

    Args:
        args: The options of the command line.
        settings: The settings, with the seed.
        name: The path of the file.

    Raises:
        InputError: If there is no table in the file, and if an option does not fit it.
    """
    from nn_tui.tui.actions.table import TableStart
    from nn_tui.tui.background.table_opener import TableOpener
    from nn_tui.tui.session.session import new_session, show_notes

    opener, changes = TableOpener(Path(name), settings.seed), data_changes(args)
    with named_by_options(changes, is_preset=False), reading_progress(opener.name, settings) as progress:
        experiment, tables = opener.open(changes, progress)
    return show_notes(new_session(experiment)), TableStart(opener, tables, changes)
