"""After the app: the session is kept, whatever ended it, and what went wrong is said in one line."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from pathlib import Path

from textual.worker import WorkerFailed

from nn_tui.tui.config.files import state_folder, why, write_whole
from nn_tui.tui.config.log import append_traceback
from nn_tui.tui.exit import FAILED, complain
from nn_tui.tui.saved.auto_saver import Keeper
from nn_tui.tui.session.session import Session
from nn_tui.tui.terminal.termination import termination

_LONGEST = 200


def keep_last(keeper: Keeper | None, session: Session | None) -> str:
    """Keep the session that was on screen when the app ended; says where, or why not. Nothing there was: ""."""
    if keeper is None or session is None:
        return ""
    with termination.deferred(second_interrupts=True):
        try:
            kept = keeper.keep(session)
            where = f"the session is kept in {keeper.path}, and nn-tui --resume goes on with it" if keeper.path else ""
            said = where if kept else keeper.trouble
        except Exception as error:  # it was this session that broke the app
            said = f"This session is not kept: {_named(error)}."
        keeper.leave()
    return said


def drop_unsent() -> None:
    """Forget what a terminal that is gone has not taken, which would spoil the exit code at the very end."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:  # closed from the start
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def crashed(error: BaseException, kept: str, log: Path | None) -> int:
    """Say in one line what happened, where the session is and how to report it; returns the exit code."""
    error = error.error if isinstance(error, WorkerFailed) else error
    path = log or state_folder(os.environ) / "crash.txt"
    try:
        if log is None:
            write_whole(path, "".join(traceback.format_exception(error)))
        else:
            append_traceback(log, error)
        report = f"please report it with the traceback in {path}"
    except (OSError, ValueError) as failed:
        report = f"the traceback cannot be written: {why(failed) if isinstance(failed, OSError) else failed}"
    parts = [f"internal error: {_named(error)}", kept.removesuffix("."), report]
    return complain("; ".join(part for part in parts if part), FAILED)


def _named(error: BaseException) -> str:
    said = str(error)
    return f"{type(error).__name__}: {said if len(said) <= _LONGEST else said[: _LONGEST - 1] + '…'}"
