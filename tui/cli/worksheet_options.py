"""The commands worksheet and mark; their options are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from nn_tui.core.limits import MAX_SEED
from nn_tui.core.text import parse_int
from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.command import Command
from nn_tui.tui.cli.completers import complete, files, lists, marking
from nn_tui.tui.cli.shared_options import add_json, add_preset, add_start_options
from nn_tui.tui.config.settings import Settings, parse_answer_digits, parse_pass

FORMAT_NAMES = ("md", "html", "tex", "gift", "json")
MAX_SEEDS = 1000


def _add_worksheet_options(parser: ArgumentParser) -> None:
    add_preset(parser)
    parser.add_argument(
        "--updates", metavar="N", type=parse_pass, default=1, help=tr("number of the pass on the sheet (default: 1)")
    )
    parser.add_argument(
        "--format",
        metavar="NAME",
        choices=FORMAT_NAMES,
        help=tr("{names} (default: by the ending of the file, or md)", names=", ".join(FORMAT_NAMES)),
    )
    blank = parser.add_argument(
        "--blank",
        metavar="NAMES",
        default="all",
        help=tr("what is asked: all, forward, backward, update, or names such as dw1,db2 or z1[2] (default: all)"),
    )
    complete(blank, lists(("all", "forward", "backward", "update")))
    only = parser.add_argument(
        "--only", metavar="LIMITS", default="", help=tr("ask only for layer=1,sample=1-2,unit=1,input=1")
    )
    complete(only, lists(("layer=", "sample=", "unit=", "input=")))
    parser.add_argument(
        "--level",
        metavar="N",
        type=_parse_level,
        default=1,
        help=tr("1: examples and lines with their numbers; 2: half of the numbers; 3: only the names (default: 1)"),
    )
    parser.add_argument("--seeds", metavar="A-B", type=parse_seeds, help=tr("one sheet for each seed from A to B"))
    parser.add_argument("--nice", action="store_true", help=tr("round weights that are drawn to one decimal"))
    parser.add_argument(
        "--digits",
        metavar="N",
        type=parse_answer_digits,
        default=4,
        help=tr("significant digits, 2 to 12 (default: 4)"),
    )
    parser.add_argument("--key", action="store_true", help=tr("write the key, with all numbers"))
    output = parser.add_argument(
        "-o", "--output", metavar="FILE | FOLDER", help=tr("the file to write or replace, or a folder for many sheets")
    )
    complete(output, files(*(f".{name}" for name in FORMAT_NAMES)))
    add_start_options(parser)
    add_json(parser)


def _add_mark_options(parser: ArgumentParser) -> None:
    marked_by = parser.add_argument(
        "preset", metavar="SHEET.json | PRESET | FOLDER", help=tr("what the answers are marked by")
    )
    complete(marked_by, marking)
    mine = parser.add_argument(
        "mine", nargs="?", metavar="ANSWERS.csv | MINE.npz | MINE.json", help=tr("what is marked; a folder needs none")
    )
    complete(mine, files(".csv", ".npz", ".json"))
    parser.add_argument(
        "--updates", metavar="N", type=parse_pass, default=1, help=tr("number of the pass of your program (default: 1)")
    )
    add_start_options(parser)
    add_json(parser)


def parse_seeds(text: str) -> range:
    """Parse seeds such as ``1-25``."""
    first, dash, last = text.partition("-")
    low = parse_int(first, 0, MAX_SEED)
    high = parse_int(last, 0, MAX_SEED) if dash else low
    if low is None or high is None or high < low:
        raise ArgumentTypeError(tr("{value} is not a range of seeds; write 1-25", value=repr(text[:40])))
    if high - low >= MAX_SEEDS:
        raise ArgumentTypeError(
            tr("{value} is more than {max:,} seeds; write a smaller range", value=repr(text[:40]), max=MAX_SEEDS)
        )
    return range(low, high + 1)


def _parse_level(text: str) -> int:
    level = parse_int(text, 1, 3)
    if level is None:
        raise ArgumentTypeError(tr("{value} is not a level; the levels are 1, 2 and 3", value=repr(text[:40])))
    return level


def _worksheet(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.worksheet import write_worksheet

    return write_worksheet(args, settings)


def _mark(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.mark import mark_command

    return mark_command(args, settings)


WORKSHEET = Command(
    "worksheet",
    message("write a task sheet, or its key"),
    message("Write a task sheet: one pass with blanks to fill in, or its key."),
    _add_worksheet_options,
    {
        "mazur -o mazur.html": message("a sheet to print"),
        "mazur -o mazur-key.html --key": message("its key"),
        "xor --nice --seeds 1-25 -o class": message("a sheet for each of 25 students"),
        "xor --blank dw2,db2 --level 2": message("the gradients of layer 2 only"),
        "mazur -o sheet.json": message("a sheet whose answers a program marks"),
    },
    _worksheet,
)
MARK = Command(
    "mark",
    message("mark the answers to a sheet, or a program's arrays"),
    message("Mark the answers of a class, the arrays of your own program, or a folder of results of practice."),
    _add_mark_options,
    {
        "sheet.json answers.csv": message("the answers of a class: student,quantity,answer"),
        "mazur mine.npz": message("the arrays z1, a1, dz1, dw1, … of your own program"),
        "results": message("a folder of results of practice"),
    },
    _mark,
)
