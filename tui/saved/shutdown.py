"""The end of the app: keep the session, discard output that nobody reads, and report a crash in one line."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
import traceback
from pathlib import Path

from textual.worker import WorkerFailed

from nn_tui.core.preset.loader import preset_ids
from nn_tui.core.saved.atomic_write import write_atomically
from nn_tui.core.text import printable
from nn_tui.core.translation import tr
from nn_tui.tui.config.files import describe_os_error, state_folder
from nn_tui.tui.config.log import append_traceback
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.saved.auto_saver import AutoSaver, not_saved_message
from nn_tui.tui.session.document import is_changed, is_worth_saving
from nn_tui.tui.session.session import Session
from nn_tui.tui.terminal.termination import termination

_MAX_ERROR_LENGTH = 200


def save_on_exit(auto_saver: AutoSaver | None, session: Session | None) -> str:
    """Save the session that was on screen when the app ended.

    Args:
        auto_saver: Saves the session; None if saving is switched off.
        session: The session on screen; None if the app ended before it showed one.

    Returns:
        A message with the path of the kept session, or with the error; empty if there was nothing to save.
    """
    if auto_saver is None or session is None:
        return ""
    with termination.deferred(second_interrupts=True):
        try:
            is_saved = auto_saver.save(session)
            path = auto_saver.path
            message = ""
            if not is_saved:
                message = not_saved_message(auto_saver.problem)
            elif path:
                message = tr("The session is kept in {path}; nn-tui --resume continues it.", path=path)
        except Exception as error:  # the session itself may be what broke the app
            message = not_saved_message(_describe(error))
        auto_saver.close()
    return message


def kept_notice(session: Session) -> str:
    """Return the message that work is kept, and how to get it back; empty if there is none.

    A signal says nothing about work that is in no document: nobody may be there to read it.

    Args:
        session: The session that was on screen when the app ended.
    """
    if session.document is None:
        if (command := _practice_command(session)) and not termination.number:
            return tr("your practice is kept; this offers it again: {command}", command=command)
        notice = tr("your session is kept; this continues it: nn-tui --resume")
        return notice if is_worth_saving(session) and not termination.number else ""
    if not is_changed(session):
        return ""
    file = shlex.quote(printable(str(session.document.path)))
    return tr("your unsaved changes are kept; this offers them again: nn-tui {file}", file=file)


def _practice_command(session: Session) -> str:
    """Return the command that offers the practice of a session again; empty if there is none."""
    practice, preset = session.practice, session.experiment.preset.id
    if practice is None or not practice.is_begun:
        return ""
    if practice.exercise is not None:
        return f"nn-tui practice --topic {practice.exercise.topic}"
    return f"nn-tui {preset} --practice" if preset in preset_ids() else ""


def discard_output() -> None:
    """Discard output that a closed terminal has not read. Flushing it at exit would change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:  # closed from the start
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def report_crash(error: BaseException, save_message: str, log: Path | None) -> int:
    """Print one line about an internal error and write its traceback to a file.

    Args:
        error: The error that ended the app.
        save_message: The result of :func:`save_on_exit`.
        log: The log, which gets the traceback; None means a file of its own.

    Returns:
        The exit code.
    """
    error = error.error if isinstance(error, WorkerFailed) else error
    path = log or state_folder(os.environ) / "crash.txt"
    try:
        if log is None:
            write_atomically(path, "".join(traceback.format_exception(error)))
        else:
            append_traceback(log, error)
        report = tr("Please report it with the traceback in {path}.", path=path)
    except (OSError, ValueError) as write_error:
        reason = describe_os_error(write_error) if isinstance(write_error, OSError) else write_error
        report = tr("The traceback cannot be written: {reason}.", reason=reason)
    parts = [tr("internal error: {error}.", error=_describe(error)), save_message, report]
    return print_error(" ".join(part for part in parts if part), FAILED)


def _describe(error: BaseException) -> str:
    text = str(error)
    if len(text) > _MAX_ERROR_LENGTH:
        text = f"{text[: _MAX_ERROR_LENGTH - 1]}…"
    return f"{type(error).__name__}: {text}"
