"""The run with which a command starts, and the session with which the app does."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.engine.moments import parse_moment
from nn_tui.core.errors import locate_errors
from nn_tui.core.fields import check_choice
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message
from nn_tui.tui.cli.training import train_with_progress
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.terminal.termination import termination

if TYPE_CHECKING:
    from nn_tui.tui.session.session import Session


def start_run(args: argparse.Namespace, settings: Settings, preset: str | None = None) -> Run:
    """Return the run of a preset, changed at its start as ``--set`` says.

    Args:
        args: The options of the command line.
        settings: The settings, with the seed.
        preset: The preset; None for that of the command line.

    Raises:
        InputError: For anything wrong with the preset or with a change.
    """
    run = Run.start(open_experiment(preset or args.preset, settings.seed))
    return start_with(run, args.set or ())


def session_at(args: argparse.Namespace, settings: Settings, run: Run) -> Session | None:
    """Return the session at the moment that ``--at``, ``--select`` and ``--view`` name.

    Args:
        args: The options of the command line.
        settings: The settings, for the line of progress while the run is trained up to the moment.
        run: The run at its start.

    Returns:
        The session; None if the command line names no moment and no change, so that the app starts as usual.

    Raises:
        InputError: If there is no such moment, number or view.
    """
    if not (args.at or args.select or args.view or args.set):
        return None
    from nn_tui.tui.registry import VIEWS
    from nn_tui.tui.session.moment import go_to_moment
    from nn_tui.tui.session.session import session_of, show_notes

    moment = None
    if args.at:
        with locate_errors(path=("--at",)):
            moment = parse_moment(args.at)
        with termination.deferred(second_interrupts=True):
            train_with_progress(run, moment.update, settings)
    session = go_to_moment(session_of(run), moment, args.select or "")
    if not (args.at or args.select):
        session = show_notes(session)
    if args.view:
        session = replace(session, tab=check_choice(args.view, ("--view",), VIEWS, message("a view")))
    return session
