"""The command ``serve``: the app in the browsers of a class."""

from __future__ import annotations

import argparse
import ipaddress
import secrets
from importlib.util import find_spec
from pathlib import Path

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.errors import InputError, locate_errors, os_error_reason
from nn_tui.core.lesson.loader import PREFIX, is_lesson, lesson_ids, load_lesson
from nn_tui.core.preset.loader import load_experiment, open_experiment, preset_ids
from nn_tui.core.run.run import Run
from nn_tui.core.saved.atomic_write import make_folder
from nn_tui.core.table.file_names import is_document_name
from nn_tui.core.text import printable, shown_path, truncate
from nn_tui.core.translation import message, tr, tr_plural
from nn_tui.tui.cli.output import print_line
from nn_tui.tui.config.log import append_traceback
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.serve.materials import materials_of
from nn_tui.tui.serve.values import ServeOptions

_TOKEN_BYTES = 12  # 96 random bits: 16 characters


def serve(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui serve`` until ctrl+c or a signal ends it.

    Raises:
        InputError: If there is no such preset or lesson, and if nothing can be served at this host and port.
        UsageError: If the extra is not installed, or an option does not fit to a lesson.
    """
    if any(find_spec(name) is None for name in ("aiohttp", "textual_serve")):
        raise UsageError(
            tr("serve needs the packages aiohttp and textual-serve; install them with: pip install 'nn-tui[serve]'")
        )
    from nn_tui.tui.serve.run import run_server

    options = serve_options(args, settings)
    if options.results is not None:
        _make_results_folder(options.results)

    def announce(address: str) -> None:
        line = tr_plural(
            "nn-tui is at {address} for {count} visitor; ctrl+c ends it.",
            "nn-tui is at {address} for up to {count} visitors; ctrl+c ends it.",
            options.visitors,
            address=address,
        )
        print_line(line, settings)

    def report(error: Exception) -> None:
        if settings.log is not None:
            append_traceback(settings.log, error)
        problem = truncate(printable(f"{type(error).__name__}: {error}"))
        print_error(tr("a request was not answered: {problem}", problem=problem), FAILED)

    run_server(options, announce, report)
    return 0


def serve_options(args: argparse.Namespace, settings: Settings) -> ServeOptions:
    """Return what the command line asks to serve.

    Raises:
        InputError: If there is no such preset or lesson, and for anything wrong with it.
        UsageError: If an option does not fit to a lesson.
    """
    words, materials = _opened(args, settings)
    for flag, value in (("--palette", settings.palette), ("--seed", args.seed)):
        words += [] if value is None else [flag, str(value)]
    if settings.is_ascii_set:
        words.append("--ascii" if settings.ascii else "--no-ascii")
    results = None if args.results is None else args.results.absolute()
    token = "" if is_local(args.host) else secrets.token_urlsafe(_TOKEN_BYTES)
    return ServeOptions(words, materials, args.host, args.port, args.visitors, results, token)


def is_local(host: str) -> bool:
    """Return whether only programs on this machine reach what listens on a host."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _opened(args: argparse.Namespace, settings: Settings) -> tuple[list[str], tuple[Path, ...]]:
    """Return the command line that opens the preset or the lesson, and its files, after a try whether it can be."""
    name = args.preset
    if is_lesson(name) or (name in lesson_ids() and name not in preset_ids()):
        if args.set or settings.seed is not None:
            raise UsageError(tr("a lesson has its own numbers; leave out --set and --seed"))
        load_experiment(load_lesson(name).preset)
        file = Path(name.removeprefix(PREFIX))
        return ["learn", file.name], materials_of(file)
    file = Path(name)
    if is_document_name(file):
        if args.set:
            raise UsageError(tr("a document opens as it is; leave out --set"))
        from nn_tui.tui.saved.readers import open_document  # it imports Textual

        open_document(file)
    else:
        start_with(Run.start(open_experiment(name, settings.seed)), args.set or ())
    changes = [word for change in args.set or () for word in ("--set", change)]
    return [file.name, *changes], materials_of(file)


def _make_results_folder(folder: Path) -> None:
    with locate_errors(file=shown_path(folder)):
        try:
            make_folder(folder)
        except OSError as error:
            problem = message("it cannot be made: {reason}.", reason=os_error_reason(error))
            raise InputError("unreadable", problem, path=("--results",)) from None
