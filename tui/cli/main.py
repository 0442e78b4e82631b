"""The command line: ``main`` runs a command and reports an error in one line.

Exit codes: 0 done, 1 failed, 2 usage, 128 + n on a signal. Modules are imported when a command needs them: the help
works without NumPy, and only the app imports Textual.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import shlex
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.table.file_names import STANDARD_INPUT
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.cli.app_options import DEFAULT_PRESET
from nn_tui.tui.cli.parsers import parse
from nn_tui.tui.config.files import config_file
from nn_tui.tui.config.log import append_traceback, without_bad_log
from nn_tui.tui.config.settings import Settings, UsageError, read_settings
from nn_tui.tui.exit import FAILED, SIGNALLED, USAGE, print_error
from nn_tui.tui.terminal.termination import termination

if TYPE_CHECKING:
    from nn_tui.tui.config.config import Config


def main(argv: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit code.

    Raises:
        Terminated: A signal told the process to end.
    """
    log: Path | None = None
    try:
        args = parse(argv)
        is_app = args.command.opens_app and not getattr(args, "list", False)
        config = _read_config(is_app=is_app)
        settings = read_settings(args, os.environ, config.values)
        settings, log_error = without_bad_log(settings, args.log, os.environ)
        log = settings.log
        if log_error and not is_app:
            print_error(str(log_error), 0)
        elif log_error:
            config = replace(config, errors=(*config.errors, log_error))
        if not is_app and sys.stdout is None:
            return print_error(tr("the output cannot be written: stdout is closed"), FAILED)
        code = _run_app(args, settings, config) if is_app else args.command.run(args, settings)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except SystemExit as error:  # --help and --version
        return error.code if isinstance(error.code, int) else FAILED
    except UsageError as error:
        return print_error(str(error), USAGE)
    except InputError as error:
        return print_error(str(error), FAILED)
    except KeyboardInterrupt:
        return SIGNALLED + signal.SIGINT
    except BrokenPipeError:
        # The reader has closed the pipe. Nothing may be flushed into it at exit.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SIGNALLED + getattr(signal, "SIGPIPE", 13)
    except MemoryError:
        return print_error(tr("there is not enough memory for this; use smaller layers or batches"), FAILED)
    except Exception as error:
        return _internal_error(error, log)
    finally:
        gc.enable()  # also if the app did not come to it


def _internal_error(error: Exception, log: Path | None) -> int:
    if isinstance(error, OSError) and error.filename is None:
        # Writing the output failed: the disk is full or the terminal is closed.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return print_error(tr("the output cannot be written: {reason}", reason=os_error_reason(error)), FAILED)
    problem = f"{type(error).__name__}: {error}"
    if log is None:
        return print_error(
            tr("internal error: {problem}; run with --log FILE for the traceback", problem=problem), FAILED
        )
    try:
        append_traceback(log, error)
    except (OSError, ValueError):
        return print_error(
            tr("internal error: {problem}; the log {log} cannot be written", problem=problem, log=log), FAILED
        )
    return print_error(tr("internal error: {problem}; the traceback is in {log}", problem=problem, log=log), FAILED)


def _read_config(*, is_app: bool) -> Config:
    """Read the config file, and print its errors for a command; the app shows them on the screen."""
    from nn_tui.tui.config.config import read_config

    config = read_config(config_file(os.environ))
    for error in () if is_app else config.errors:
        print_error(str(error), 0)
    return config


def _needs_terminal(command: str, preset: str, reason: Message) -> str:
    """Return the error that a command of the app has no terminal, with a command that does without."""
    if command == "learn":
        return tr("the app needs a terminal, but {reason}; for a list of the lessons, run: {command}",
                  reason=reason, command="nn-tui learn --list")  # fmt: skip
    if command == "practice":
        return tr("the app needs a terminal, but {reason}; for exercises on paper, run: {command}",
                  reason=reason, command=shlex.join(["nn-tui", "worksheet", "mazur", "-o", "mazur.html"]))  # fmt: skip
    return tr("the app needs a terminal, but {reason}; to train without a terminal, run: {command}",
              reason=reason, command=shlex.join(["nn-tui", "train", preset, "--epochs", "100"]))  # fmt: skip


def _run_app(args: argparse.Namespace, settings: Settings, config: Config) -> int:
    from nn_tui.tui.cli.start import first_session, session_at
    from nn_tui.tui.cli.table_start import shows_columns, table_session

    command, preset = args.command.name, args.preset or DEFAULT_PRESET
    if preset == STANDARD_INPUT:
        raise UsageError(
            tr(
                "the app reads keys from standard input, and opens a table from a file; "
                "to train without the app, run: {command}",
                command="nn-tui train - --epochs 100",
            )
        )
    if args.resume_now and (args.set or args.weights or args.at or args.select or args.view):
        raise UsageError(
            tr("--resume opens a kept session as it is; leave out --set, --weights, --at, --select and --view")
        )
    if command == "learn" and args.json:
        raise UsageError(tr("--json prints the list of the lessons; add --list"))
    chooses_lesson, table = command == "learn" and args.lesson is None, None
    if command == "learn" and not chooses_lesson:
        from nn_tui.tui.cli.learning import lesson_session

        session = lesson_session(args.lesson, os.environ)
    elif command == "practice":
        from nn_tui.tui.cli.practising import exercise_session

        session = exercise_session(args, settings)
    elif command == "open" and shows_columns(args, preset):
        session, table = table_session(args, settings, preset)
    else:
        session = first_session(args, settings, preset)
    if args.practice and getattr(args, "present", False):
        raise UsageError(tr("--present hides the numbers by itself; leave out --practice"))
    output = sys.stdout if os.name == "nt" else sys.stderr
    reason = _why_no_terminal(sys.stdin, output, os.environ)
    if reason:
        return print_error(_needs_terminal(command, preset, reason), USAGE)
    session = session_at(args, settings, session)
    if getattr(args, "present", False):
        from nn_tui.tui.session.presenting import start_presenting

        session = start_presenting(session)
    if args.practice:
        from nn_tui.tui.cli.practising import practising_session

        session = practising_session(args, session)
    results = None
    if args.practice or os.environ.get("NN_TUI_RESULTS"):
        from nn_tui.tui.cli.practising import results_of

        results = results_of(args, os.environ)
    gc.disable()  # collections cost a tenth of the start and find nothing; run() enables them again
    from nn_tui.tui.app import run

    if not settings.is_ascii_set:
        from nn_tui.tui.terminal.capabilities import can_draw, draws_ambiguous_wide

        # A signal waits until the terminal's modes are restored.
        with contextlib.suppress(OSError, ValueError), termination.deferred():  # a stream without a descriptor
            needs_ascii = not can_draw(output.encoding) or draws_ambiguous_wide(sys.stdin.fileno(), sys.stderr.fileno())
            settings = replace(settings, ascii=bool(needs_ascii))
    if args.resume_now:
        settings = replace(settings, resume=True)
    return run(
        session,
        settings,
        config,
        resume_now=args.resume_now,
        any_preset=args.preset is None and not args.practice and command != "learn",
        results=results,
        chooses_lesson=chooses_lesson,
        table=table,
    )


def _why_no_terminal(stdin: TextIO | None, output: TextIO | None, environ: Mapping[str, str]) -> Message | None:
    """Return the reason for which the app cannot run here, or None. Textual draws on ``output``.

    A web driver needs no terminal: the server that names it has a browser at the other end of stdin and stdout.
    """
    if environ.get("TEXTUAL_DRIVER"):
        return None
    if stdin is None or not stdin.isatty():
        return message("stdin is not a terminal")
    if output is None or not output.isatty():
        stream = "stdout" if os.name == "nt" else "stderr"
        return message("{stream}, on which it draws, is not a terminal", stream=stream)
    if environ.get("TERM") == "dumb":
        return message("TERM=dumb means that this terminal cannot move its cursor")
    return None
