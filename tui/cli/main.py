"""The command line: its parsers, and ``main``, which runs a command and reports an error in one line.

Exit codes: 0 done, 1 failed, 2 usage, 128 + n on a signal. Modules are imported when a command needs them: the help
works without NumPy, and only the app imports Textual.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from nn_tui.core import __version__
from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.config.files import config_file
from nn_tui.tui.config.log import append_traceback, without_bad_log
from nn_tui.tui.config.settings import (
    Settings,
    UsageError,
    parse_digits,
    parse_palette,
    parse_pass,
    parse_seed,
    parse_updates,
    read_settings,
)
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.exit import FAILED, SIGNALLED, USAGE, print_error
from nn_tui.tui.terminal.termination import termination

if TYPE_CHECKING:
    from nn_tui.tui.config.config import Config

DEFAULT_PRESET = "xor"
_OPTIONS_WITH_VALUE = ("--log", "--seed", "--palette", "--set", "--at", "--select", "--view")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(tr("{problem}; see {command} --help", problem=message, command=self.prog))


def _commands_help() -> str:
    """Return the list of commands for the help of the app."""
    rows = {
        "list": tr("list the presets, in the order of the course"),
        "train PRESET": tr("train, and print a summary"),
        "trace PRESET": tr("print one pass as a worked example"),
        "check PRESET": tr("validate a preset and check its gradients"),
        "export PRESET": tr("train, and write the network as a preset"),
    }
    return "\n".join(
        [
            tr("commands, which need no terminal:"),
            *(f"  {command:<22}{text}" for command, text in rows.items()),
            "",
            tr("Run nn-tui COMMAND --help for details. Exit codes: 0 done, 1 failed, 2 usage, 128 + n on a signal."),
        ]
    )


_USAGE = """nn-tui [options] [PRESET | FILE.toml | FILE.csv | FILE.nntui]
       nn-tui list | train | trace | check | export [options] ..."""


def _make_parser(command: str, description: str) -> _Parser:
    parser = _Parser(
        prog=f"nn-tui {command}".strip(),
        usage=None if command else _USAGE,
        description=description,
        epilog=None if command else _commands_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    ascii_help = tr("print and draw only ASCII characters")
    parser.add_argument("--ascii", action=argparse.BooleanOptionalAction, default=None, help=ascii_help)
    parser.add_argument("--log", metavar="FILE", type=Path, help=tr("append tracebacks and messages to FILE"))
    colours_help = tr("colours: {names}", names=", ".join(PALETTES))
    parser.add_argument("--palette", metavar="NAME", type=parse_palette, help=colours_help)
    parser.add_argument("--seed", metavar="N", type=parse_seed, help=tr("use this seed instead of the preset's"))
    parser.add_argument("-V", "--version", action="version", version=f"nn-tui {__version__}")
    return parser


def _make_parsers() -> dict[str, _Parser]:
    """Return the parser of each command by its name; that of the app has an empty name."""
    app = _make_parser("", tr("Train a small neural network in the terminal, one pass at a time."))
    app.add_argument(
        "preset",
        nargs="?",
        metavar="PRESET | FILE.toml | FILE.csv | FILE.nntui",
        help=tr("what to open (default: {preset})", preset=DEFAULT_PRESET),
    )
    app.add_argument(
        "--at",
        metavar="MOMENT",
        help=tr("open a moment, such as 3, 3.backward or 3.backward.1.2: pass, phase, layer, unit"),
    )
    app.add_argument("--select", metavar="NAME", help=tr("select a number, such as dw1[2,1] or z1[2]@3 (sample 3)"))
    app.add_argument("--view", metavar="NAME", help=tr("choose a view, such as layer or network"))
    resume = app.add_mutually_exclusive_group()
    resume.add_argument("--resume", dest="resume_now", action="store_true", help=tr("resume the newest saved session"))
    resume.add_argument(
        "--no-resume", dest="resume", action="store_false", default=None, help=tr("do not save or offer sessions")
    )
    listing = _make_parser("list", tr("List the presets in the order of the course, or the saved sessions."))
    listing.add_argument("--kept", action="store_true", help=tr("list the saved sessions instead, newest first"))
    train = _make_parser(
        "train", tr("Train a preset. Divergence is a valid result: it is reported, and the exit code is 0.")
    )
    trace = _make_parser("trace", tr("Print one pass as a worked example in plain text."))
    check = _make_parser("check", tr("Validate a preset and compare its gradients with finite differences."))
    export = _make_parser(
        "export",
        tr("Write a preset that starts from the weights of a network, without the state of the optimiser."),
    )
    for parser in (train, trace, check, export):
        parser.add_argument("preset", metavar="PRESET | FILE.toml | FILE.csv")
    for parser in (app, train, trace, check, export):
        parser.add_argument(
            "--set",
            metavar="CHANGE",
            action="append",
            help=tr("change the start, as e does in the app: --set 'eta = 0.5'; may be repeated"),
        )
    for parser in (listing, train, trace):
        parser.add_argument("--json", action="store_true", help=tr("print one JSON object"))
    length = train.add_mutually_exclusive_group(required=True)
    length.add_argument("--epochs", metavar="N", type=parse_updates, help=tr("number of epochs to train"))
    length.add_argument("--updates", metavar="N", type=parse_updates, help=tr("number of updates to train"))
    export.add_argument(
        "--updates", metavar="N", type=parse_updates, default=0, help=tr("train N updates first (default: 0)")
    )
    export.add_argument(
        "-o", "--output", metavar="FILE.toml", help=tr("the file to write or replace (default: print the text)")
    )
    trace.add_argument(
        "--updates", metavar="N", type=parse_pass, default=1, help=tr("number of the pass to print (default: 1)")
    )
    trace.add_argument(
        "--digits",
        metavar="N",
        type=parse_digits,
        default=6,
        help=tr("significant digits in the text, or all (default: 6)"),
    )
    return {"": app, "list": listing, "train": train, "trace": trace, "check": check, "export": export}


def _split_command(argv: Sequence[str], commands: Sequence[str]) -> tuple[str, list[str]]:
    """Split a command line into the command and the other words; no command is the empty string.

    The command is the first word that is neither an option nor the value of one.

    Raises:
        UsageError: If that word looks like a misspelled command.
    """
    is_value = False
    for index, word in enumerate(argv):
        if is_value or (word.startswith("-") and word != "--"):
            is_value = not is_value and word in _OPTIONS_WITH_VALUE
        elif word in commands:
            return word, [*argv[:index], *argv[index + 1 :]]
        else:
            _reject_misspelled_command(word, commands)
            break
    return "", list(argv)


def _reject_misspelled_command(word: str, commands: Sequence[str]) -> None:
    """Raise UsageError if a word is neither a preset nor a file, and is closer to a command than to any preset."""
    from nn_tui.core.preset.loader import preset_ids
    from nn_tui.core.text import closest_names, quote

    names = closest_names(word, commands)
    if not names or word.endswith((".toml", ".csv", ".nntui")):
        return
    is_file_or_preset = word in preset_ids() or os.path.exists(word)
    if closest_names(word, (*preset_ids(), *commands)) == names and not is_file_or_preset:
        raise UsageError(
            tr('there is no command {word}; did you mean "{command}"?', word=quote(word), command=names[0])
        )


def main(argv: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit code.

    Raises:
        Terminated: A signal told the process to end.
    """
    log: Path | None = None
    try:
        parsers = _make_parsers()
        command, rest = _split_command(argv, list(parsers))
        args = parsers[command].parse_args(rest)
        config = _read_config(command)
        settings = read_settings(args, os.environ, config.values)
        settings, log_error = without_bad_log(settings, args.log, os.environ)
        log = settings.log
        if log_error and command:
            print_error(str(log_error), 0)
        elif log_error:
            config = replace(config, errors=(*config.errors, log_error))
        if command and sys.stdout is None:
            return print_error(tr("the output cannot be written: stdout is closed"), FAILED)
        code = _run_command(command, args, settings) if command else _run_app(args, settings, config)
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


def _run_command(name: str, args: argparse.Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli import commands

    return commands.COMMANDS[name](args, settings)


def _read_config(command: str) -> Config:
    """Read the config file, and print its errors for a command; the app shows them on the screen."""
    from nn_tui.tui.config.config import read_config

    config = read_config(config_file(os.environ))
    for error in config.errors if command else ():
        print_error(str(error), 0)
    return config


def _run_app(args: argparse.Namespace, settings: Settings, config: Config) -> int:
    from nn_tui.tui.cli.start import first_session, is_document, session_at

    preset = args.preset or DEFAULT_PRESET
    if args.resume_now and (args.set or args.at or args.select or args.view):
        raise UsageError(tr("--resume opens a saved session as it is; leave out --set, --at, --select and --view"))
    session = first_session(args, settings, preset)
    output = sys.stdout if os.name == "nt" else sys.stderr
    reason = _why_no_terminal(sys.stdin, output, os.environ)
    if reason:
        command = f"nn-tui train {preset} --epochs 100"
        return print_error(
            tr(
                "the app needs a terminal, but {reason}; to train without a terminal, run: {command}",
                reason=reason, command=command,
            ),
            USAGE,
        )  # fmt: skip
    session = session_at(args, settings, session)
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
        any_preset=args.preset is None,
        is_document=is_document(preset),
    )


def _why_no_terminal(stdin: TextIO | None, output: TextIO | None, environ: Mapping[str, str]) -> Message | None:
    """Return the reason for which the app cannot run here, or None. Textual draws on ``output``."""
    if stdin is None or not stdin.isatty():
        return message("stdin is not a terminal")
    if output is None or not output.isatty():
        stream = "stdout" if os.name == "nt" else "stderr"
        return message("{stream}, on which it draws, is not a terminal", stream=stream)
    if environ.get("TERM") == "dumb":
        return message("TERM=dumb means that this terminal cannot move its cursor")
    return None
