"""The command serve; its options are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from nn_tui.core.text import parse_int
from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.app_options import DEFAULT_PRESET
from nn_tui.tui.cli.command import Command
from nn_tui.tui.cli.completers import changes, complete, folders, served
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.serve.values import DEFAULT_HOST, DEFAULT_PORT, DEFAULT_VISITORS, MAX_VISITORS


def _add_options(parser: ArgumentParser) -> None:
    preset = parser.add_argument(
        "preset",
        nargs="?",
        default=DEFAULT_PRESET,
        metavar="PRESET | LESSON | FILE",
        help=tr("a preset, a lesson, or a file with one (default: {preset})", preset=DEFAULT_PRESET),
    )
    complete(preset, served)
    parser.add_argument(
        "--host",
        metavar="NAME",
        default=DEFAULT_HOST,
        help=tr(
            "the address to listen on; 0.0.0.0 is every network of this machine (default: {host}, this machine only)",
            host=DEFAULT_HOST,
        ),
    )
    parser.add_argument(
        "--port",
        metavar="N",
        type=parse_port,
        default=DEFAULT_PORT,
        help=tr("the port to listen on; 0 takes a free one (default: {port})", port=DEFAULT_PORT),
    )
    parser.add_argument(
        "--visitors",
        metavar="N",
        type=parse_visitors,
        default=DEFAULT_VISITORS,
        help=tr("how many people may be there at the same time (default: {visitors})", visitors=DEFAULT_VISITORS),
    )
    results = parser.add_argument(
        "--results",
        metavar="FOLDER",
        type=Path,
        help=tr("ask each visitor for a name, and keep the marks of practice and the progress in lessons in FOLDER"),
    )
    complete(results, folders)
    change = parser.add_argument(
        "--set",
        metavar="CHANGE",
        action="append",
        help=tr("change the start of every visitor, as e does in the app: --set 'eta = 0.5'; may be repeated"),
    )
    complete(change, changes)


def _run(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.serve import serve

    return serve(args, settings)


def parse_port(text: str) -> int:
    """Parse the number of a port."""
    return _parse_number(text, 0, 65_535)


def parse_visitors(text: str) -> int:
    """Parse a number of visitors."""
    return _parse_number(text, 1, MAX_VISITORS)


def _parse_number(text: str, min_: int, max_: int) -> int:
    number = parse_int(text, min_, max_)
    if number is None:
        raise ArgumentTypeError(
            tr("{value} is not a whole number from {min} up to {max:,}", value=repr(text[:40]), min=min_, max=max_)
        )
    return number


SERVE = Command(
    "serve",
    message("open the app in the browsers of a class"),
    message("Serve the app to browsers: one process and one folder for each visitor."),
    _add_options,
    {
        "xor": message("the app in a browser on this machine"),
        "xor --host 0.0.0.0": message("for the browsers of a class; the address is printed"),
        "chain-rule --host 0.0.0.0 --results marks": message("a lesson, with the results of the class"),
    },
    _run,
)
