"""The command predict; its options are read without NumPy."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence

from nn_tui.core.table.file_names import TABLE_ENDINGS
from nn_tui.core.text import MAX_QUOTE, parse_int
from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.command import Command
from nn_tui.tui.cli.completers import complete, files
from nn_tui.tui.cli.shared_options import add_json, add_preset, add_start_options, add_updates
from nn_tui.tui.config.settings import Settings

_MAX_ROW = 10**9
_NEGATIVE_ROW = re.compile(r"-[0-9.]")


def _add_options(parser: ArgumentParser) -> None:
    add_preset(parser)
    rows = parser.add_mutually_exclusive_group(required=True)
    rows.add_argument(
        "--rows",
        metavar="1-5,8",
        type=parse_rows,
        help=tr(
            "rows of the data, from 1, in the order of the file or the generator, whether they are for testing or not"
        ),
    )
    rows.add_argument(
        "--input",
        metavar="A,B",
        action="append",
        help=tr("a row of your own: a value for each input, as the data has them; may be repeated"),
    )
    table = rows.add_argument(
        "--csv",
        metavar="FILE",
        help=tr("a file with rows of your own: the inputs by name, in any order; - for standard input"),
    )
    complete(table, files(*TABLE_ENDINGS))
    add_updates(parser)
    add_start_options(parser)
    add_json(parser)


def parse_rows(text: str) -> tuple[range, ...]:
    """Parse numbers of rows and ranges of them: ``1-5,8``."""
    ranges = tuple(map(_parse_range, text.split(",")))
    if not all(ranges):
        shown = repr(text[:MAX_QUOTE])
        raise ArgumentTypeError(tr("{value} is not a list of row numbers from 1; write one such as 1-5,8", value=shown))
    return ranges


def _parse_range(text: str) -> range:
    """Return the numbers of a range such as ``1-5`` or ``8``; none if it is not valid."""
    first, dash, last = text.replace("–", "-").partition("-")
    start = parse_int(first, 1, _MAX_ROW)
    end = parse_int(last, 1, _MAX_ROW) if dash else start
    return range(0) if start is None or end is None else range(start, end + 1)


def attach_negative_inputs(words: Sequence[str]) -> list[str]:
    """Return a command line in which ``--input -1,0`` is one word, since its value looks like an option."""
    attached: list[str] = []
    for word in words:
        if attached and attached[-1] == "--input" and _NEGATIVE_ROW.match(word):
            attached[-1] = f"--input={word}"
        else:
            attached.append(word)
    return attached


def _run(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.predict import predict

    return predict(args, settings)


PREDICT = Command(
    "predict",
    message("train, and predict rows of the data or rows of your own"),
    message("Train a preset or a table, and predict rows of its data or rows of your own, in the units of the data."),
    _add_options,
    {
        "xor --updates 2000 --rows 1-4": message("the rows of the data"),
        "iris --updates 500 --input 5.1,3.5,1.4,0.2": message("a row of your own"),
        "houses.csv --updates 500 --csv new.csv --json": message("the rows of another file, as one JSON object"),
        "mine.nntui --rows 1,3,8-10": message("with the weights that a document shows"),
    },
    _run,
)
