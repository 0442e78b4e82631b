"""The command line: its grammar, its settings, and the promise of one line and an exit code for whatever happens.

Exit codes: 0 done, 1 failed, 2 usage, 128 + n on a signal. Only what a command needs is imported, when it
is needed: NumPy not for the help, Textual for the app alone.
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
from nn_tui.core.errors import InputError
from nn_tui.tui.config.files import config_file
from nn_tui.tui.config.log import append_traceback, with_log
from nn_tui.tui.config.settings import Settings, UsageError, digits, palette, passes, seed, settings, updates
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.exit import FAILED, SIGNALLED, USAGE, complain
from nn_tui.tui.terminal.termination import termination

if TYPE_CHECKING:
    from nn_tui.tui.config.config import Config

DEFAULT_PRESET = "xor"
_VALUED = ("--log", "--seed", "--palette")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


# The grammar

_HELP_COMMANDS = """commands, which need no terminal:
  list                  list the presets, in the order of the course
  train PRESET          train, and print a summary
  trace PRESET          print one pass as a worked example
  check PRESET          validate a preset and check its gradients

Run nn-tui COMMAND --help for details. Exit codes: 0 done, 1 failed, 2 usage, 128 + n on a signal."""


_USAGE = """nn-tui [options] [PRESET | FILE.toml | FILE.csv]
       nn-tui list | train | trace | check [options] ..."""


def _new(command: str, description: str) -> _Parser:
    parser = _Parser(
        prog=f"nn-tui {command}".strip(),
        usage=None if command else _USAGE,
        description=description,
        epilog=None if command else _HELP_COMMANDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    ascii_help = "print and draw only ASCII characters"
    parser.add_argument("--ascii", action=argparse.BooleanOptionalAction, default=None, help=ascii_help)
    parser.add_argument("--log", metavar="FILE", type=Path, help="append tracebacks and messages to FILE")
    parser.add_argument("--palette", metavar="NAME", type=palette, help=f"colours: {', '.join(PALETTES)}")
    parser.add_argument("--seed", metavar="N", type=seed, help="use this seed instead of the preset's")
    parser.add_argument("-V", "--version", action="version", version=f"nn-tui {__version__}")
    return parser


def _parsers() -> dict[str, _Parser]:
    """The parser of each command; the app's own is the one without a name."""
    app = _new("", "Train a small neural network in the terminal, one pass at a time.")
    app.add_argument(
        "preset",
        nargs="?",
        metavar="PRESET | FILE.toml | FILE.csv",
        help=f"what to open (default: {DEFAULT_PRESET})",
    )
    kept = app.add_mutually_exclusive_group()
    kept.add_argument("--resume", dest="resume_now", action="store_true", help="resume the newest saved session")
    kept.add_argument(
        "--no-resume", dest="resume", action="store_false", default=None, help="do not save or offer sessions"
    )
    listing = _new("list", "List the presets in the order of the course, or the saved sessions.")
    listing.add_argument("--kept", action="store_true", help="list the saved sessions instead, newest first")
    train = _new("train", "Train a preset. Divergence is a valid result: it is reported, and the exit code is 0.")
    trace = _new("trace", "Print one pass as a worked example in plain text.")
    check = _new("check", "Validate a preset and compare its gradients with finite differences.")
    for parser in (train, trace, check):
        parser.add_argument("preset", metavar="PRESET | FILE.toml | FILE.csv")
    for parser in (listing, train, trace):
        parser.add_argument("--json", action="store_true", help="print one JSON object")
    length = train.add_mutually_exclusive_group(required=True)
    length.add_argument("--epochs", metavar="N", type=updates, help="number of epochs to train")
    length.add_argument("--updates", metavar="N", type=updates, help="number of updates to train")
    trace.add_argument(
        "--updates", metavar="N", type=passes, default=1, help="number of the pass to print (default: 1)"
    )
    trace.add_argument(
        "--digits", metavar="N", type=digits, default=6, help="significant digits in the text, or all (default: 6)"
    )
    return {"": app, "list": listing, "train": train, "trace": trace, "check": check}


def _split(argv: Sequence[str], commands: Sequence[str]) -> tuple[str, list[str]]:
    """The command, which is the first word that is no option or an option's value, and the other words.

    Raises UsageError for a slip in its name.
    """
    valued = False
    for place, word in enumerate(argv):
        if valued or (word.startswith("-") and word != "--"):
            valued = not valued and word in _VALUED
        elif word in commands:
            return word, [*argv[:place], *argv[place + 1 :]]
        else:
            _refuse_slip(word, commands)
            break
    return "", list(argv)


def _refuse_slip(word: str, commands: Sequence[str]) -> None:
    """Raise UsageError for a word that is no preset and no file, and is more like a command than like any preset."""
    from nn_tui.core.fields import closest_names
    from nn_tui.core.preset.loader import preset_ids
    from nn_tui.core.text import quote

    near = closest_names(word, commands)
    if not near or word.endswith((".toml", ".csv")):
        return
    is_file_or_preset = word in preset_ids() or os.path.exists(word)
    if closest_names(word, (*preset_ids(), *commands)) == near and not is_file_or_preset:
        raise UsageError(f'there is no command {quote(word)}; did you mean "{near[0]}"?')


# Running


def main(argv: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit code.

    Raises:
        Terminated: A signal told the process to end.
    """
    log: Path | None = None
    try:
        parsers = _parsers()
        command, rest = _split(argv, list(parsers))
        args = parsers[command].parse_args(rest)
        config = _config(command)
        chosen, notice = with_log(settings(args, os.environ, config.values), args.log, os.environ)
        log = chosen.log
        if notice and command:
            complain(notice, 0)
        elif notice:
            config = replace(config, notices=(*config.notices, notice))
        if command and sys.stdout is None:
            return complain("the output cannot be written: stdout is closed", FAILED)
        code = _command(command, args, chosen) if command else _app(args, chosen, config)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except SystemExit as done:  # --help and --version
        return done.code if isinstance(done.code, int) else FAILED
    except UsageError as error:
        return complain(str(error), USAGE)
    except InputError as error:
        return complain(str(error), FAILED)
    except KeyboardInterrupt:
        return SIGNALLED + signal.SIGINT
    except BrokenPipeError:
        # The reader has what it wanted. Nothing may be flushed into the pipe at exit.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SIGNALLED + getattr(signal, "SIGPIPE", 13)
    except MemoryError:
        return complain("there is not enough memory for this; use smaller layers or batches", FAILED)
    except Exception as error:
        return _internal_error(error, log)


def _internal_error(error: Exception, log: Path | None) -> int:
    if isinstance(error, OSError) and error.filename is None:
        # Writing the output failed: the disk is full, the terminal is gone.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return complain(f"the output cannot be written: {(error.strerror or 'error').lower()}", FAILED)
    said = f"{type(error).__name__}: {error}"
    if log is None:
        return complain(f"internal error: {said}; run with --log FILE for the traceback", FAILED)
    try:
        append_traceback(log, error)
    except (OSError, ValueError):
        return complain(f"internal error: {said}; the log {log} cannot be written", FAILED)
    return complain(f"internal error: {said}; the traceback is in {log}", FAILED)


def _command(name: str, args: argparse.Namespace, chosen: Settings) -> int:
    from nn_tui.tui.cli import commands

    return commands.COMMANDS[name](args, chosen)


def _config(command: str) -> Config:
    """The config file; a command without a screen says on stderr what it leaves out of it, the app on the screen."""
    from nn_tui.tui.config.config import read_config

    found = read_config(config_file(os.environ))
    for notice in found.notices if command else ():
        complain(notice, 0)
    return found


def _app(args: argparse.Namespace, chosen: Settings, config: Config) -> int:
    from nn_tui.core.preset.loader import open_experiment

    preset = args.preset or DEFAULT_PRESET
    experiment = open_experiment(preset, chosen.seed)
    output = sys.stdout if os.name == "nt" else sys.stderr
    missing = _no_terminal(sys.stdin, output, os.environ)
    if missing:
        train = f"nn-tui train {preset} --epochs 100"
        return complain(f"the app needs a terminal, but {missing}; to train without a terminal, run: {train}", USAGE)
    gc.disable()  # all that is imported stays, and looking through it takes a tenth of the start; run() enables it
    from nn_tui.tui.app import run

    if not chosen.ascii_named:
        from nn_tui.tui.terminal.capabilities import can_draw, draws_ambiguous_wide

        # The terminal's modes are changed for a moment: a signal waits until they are as before.
        with contextlib.suppress(OSError, ValueError), termination.deferred():  # a stream without a descriptor
            is_plain = not can_draw(output.encoding) or draws_ambiguous_wide(sys.stdin.fileno(), sys.stderr.fileno())
            chosen = replace(chosen, ascii=bool(is_plain))
    if args.resume_now:
        chosen = replace(chosen, resume=True)
    return run(experiment, chosen, config, resume_now=args.resume_now, any_preset=args.preset is None)


def _no_terminal(stdin: TextIO | None, output: TextIO | None, environ: Mapping[str, str]) -> str | None:
    """Why the app cannot run here; ``output`` is the stream that Textual draws on."""
    if stdin is None or not stdin.isatty():
        return "stdin is not a terminal"
    if output is None or not output.isatty():
        return f"{'stdout' if os.name == 'nt' else 'stderr'}, on which it draws, is not a terminal"
    return "TERM=dumb means that this terminal cannot move its cursor" if environ.get("TERM") == "dumb" else None
