"""The command sweep; its options are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from nn_tui.core.text import parse_int
from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.command import Command
from nn_tui.tui.cli.completers import complete, files, settings
from nn_tui.tui.cli.shared_options import add_length, add_preset, add_weights
from nn_tui.tui.cli.table_options import add_table_options
from nn_tui.tui.config.settings import Settings

MAX_JOBS = 256


def _add_options(parser: ArgumentParser) -> None:
    add_preset(parser)
    setting = parser.add_argument(
        "--set",
        metavar="NAME=VALUES",
        action="append",
        help=tr(
            "values of a setting, with commas between them: --set eta=0.3,0.1; its names are those of e in the app; "
            "may be repeated"
        ),
    )
    complete(setting, settings)
    parser.add_argument(
        "--seeds",
        metavar="LIST",
        help=tr(
            "train each combination with these seeds, such as 0-4,7; each draws the data, the test part and the "
            "initial weights. For other initial weights alone: --set seed=0,1,2"
        ),
    )
    add_length(parser)
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=_parse_jobs,
        help=tr("use N processes (default: one on each processor)"),
    )
    output = parser.add_mutually_exclusive_group()
    table = output.add_argument("--csv", metavar="FILE", help=tr("write or replace a table; - prints it"))
    complete(table, files(".csv"))
    output.add_argument("--json", action="store_true", help=tr("print one JSON object in a line for each combination"))
    add_weights(parser)
    add_table_options(parser)


def _parse_jobs(text: str) -> int:
    number = parse_int(text, 1, MAX_JOBS)
    if number is None:
        raise ArgumentTypeError(
            tr("{value} is not a whole number from {min} up to {max}", value=repr(text[:40]), min=1, max=MAX_JOBS)
        )
    return number


def _run(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.sweep import sweep

    return sweep(args, settings)


SWEEP = Command(
    "sweep",
    message("train with all combinations of some settings and seeds"),
    message(
        "Train a preset or a table with all combinations of some settings and seeds. Each result is that of "
        "nn-tui train with the same settings and seed. On a terminal it prints a table, elsewhere CSV. "
        "A combination that is not valid does not stop the others; it is named at the end, and the exit code is 1. "
        "Ctrl+c ends the sweep and keeps the rows so far."
    ),
    _add_options,
    {
        "xor --set eta=0.5,0.1,0.02 --updates 2000": message("three learning rates"),
        "xor --set 'optimizer = sgd 0.5, adam 0.02' --seeds 0-9 --updates 2000": message(
            "each optimiser with ten seeds"
        ),
        "iris --set batch=10,50,full --epochs 50 --csv iris.csv": message("a file for a spreadsheet or pandas"),
        "xor --set 'units 1 = 2,3,4' --seeds 0-4 --updates 2000 --json": message("lines for another program"),
    },
    _run,
)
