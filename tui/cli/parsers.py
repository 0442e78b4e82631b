"""The parsers of the command line: the options of the app and of each command, and which command a line names."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from nn_tui.core import __version__
from nn_tui.core.translation import tr
from nn_tui.tui.cli.export_options import add_export_options, export_examples
from nn_tui.tui.cli.figure_options import add_figure_options, figure_examples
from nn_tui.tui.cli.practice_options import add_practice_options
from nn_tui.tui.cli.predict_options import add_predict_options, predict_examples
from nn_tui.tui.cli.table_options import OPTIONS_WITH_VALUE, add_table_options, table_examples
from nn_tui.tui.cli.worksheet_options import (
    add_mark_options,
    add_worksheet_options,
    mark_examples,
    worksheet_examples,
)
from nn_tui.tui.config.settings import UsageError, parse_digits, parse_palette, parse_pass, parse_seed, parse_updates
from nn_tui.tui.draw.palette_colors import PALETTES

DEFAULT_PRESET = "xor"
APP_COMMANDS = ("", "practice", "learn")  # commands that open the app
_OPTIONS_WITH_VALUE = (
    "--log", "--seed", "--palette", "--set", "--at", "--select", "--view", "--blank", "--only",
    "--seeds", "--format", "--level", "--digits", "--topic", "--results", "--student", "--until",
    "--rows", "--input", "--csv", "--framework", "--weights",
    *OPTIONS_WITH_VALUE,
)  # fmt: skip
_USAGE = """nn-tui [options] [PRESET | FILE.toml | FILE.csv | FILE.nntui]
       nn-tui practice | learn | list | train | predict | trace | check | export | figure | worksheet | mark
              [options] ..."""


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Raise the error, with the command whose help explains the options."""
        raise UsageError(tr("{problem}; see {command} --help", problem=message, command=self.prog))


def _commands_help() -> str:
    """Return the list of commands for the help of the app."""
    rows = {
        "practice": tr("open exercises for work by hand in the app"),
        "learn": tr("open a lesson in the app, or list the lessons"),
        "list": tr("list the presets, in the order of the course"),
        "train PRESET": tr("train, and print a summary"),
        "predict PRESET": tr("train, and predict rows of the data or rows of your own"),
        "trace PRESET": tr("print one pass as a worked example"),
        "check PRESET": tr("say what was read from a preset, a table or a lesson, and what is wrong"),
        "export PRESET": tr("train, and write the network as a preset, code, or arrays"),
        "figure PRESET": tr("train, and draw the network, its numbers or its output as SVG"),
        "worksheet PRESET": tr("write a task sheet, or its key"),
        "mark SHEET.json CSV": tr("mark the answers to a sheet, or a program's arrays"),
    }
    return "\n".join(
        [
            tr("commands, which need no terminal except practice and learn:"),
            *(f"  {command:<22}{text}" for command, text in rows.items()),
            "",
            tr("Run nn-tui COMMAND --help for details. Exit codes: 0 done, 1 failed, 2 usage, 128 + n on a signal."),
        ]
    )


def _file_help() -> str:
    return tr("a preset, a file of any ending with a table, or - for a table on standard input")


def _make_parser(command: str, description: str, epilog: str = "") -> Parser:
    parser = Parser(
        prog=f"nn-tui {command}".strip(),
        usage=None if command else _USAGE,
        description=description,
        epilog=epilog if command else _commands_help(),
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


def make_parsers() -> dict[str, Parser]:
    """Return the parser of each command by its name; that of the app has an empty name."""
    app = _make_parser("", tr("Train a small neural network in the terminal, one pass at a time."))
    app.add_argument(
        "preset",
        nargs="?",
        metavar="PRESET | FILE.toml | FILE.csv | FILE.nntui",
        help=tr(
            "a preset, a file of any ending with a table, or a document (default: {preset})", preset=DEFAULT_PRESET
        ),
    )
    app.add_argument(
        "--at",
        metavar="MOMENT",
        help=tr("open a moment, such as 3, 3.backward or 3.backward.1.2: pass, phase, layer, unit"),
    )
    app.add_argument("--select", metavar="NAME", help=tr("select a number, such as dw1[2,1] or z1[2]@3 (sample 3)"))
    app.add_argument("--view", metavar="NAME", help=tr("choose a view, such as layer or network"))
    resume = app.add_mutually_exclusive_group()
    resume.add_argument("--resume", dest="resume_now", action="store_true", help=tr("resume the newest kept session"))
    resume.add_argument(
        "--no-resume", dest="resume", action="store_false", default=None, help=tr("do not keep or offer sessions")
    )
    practice = _make_parser("practice", tr("Practise with small networks for work by hand, the easy ones first."))
    add_practice_options(app, practice)
    learn = _make_parser("learn", tr("Open a lesson in the app, or list the lessons in the order of the course."))
    learn.add_argument("lesson", nargs="?", metavar="LESSON | FILE.toml", help=tr("the lesson to open"))
    # The options of the app that lessons do not need.
    learn.set_defaults(
        preset=None, set=None, weights=None, at=None, select=None, view=None, resume_now=False, resume=None,
        practice=False, level=None, practice_digits=None, results=None, student=None,
    )  # fmt: skip
    learn.add_argument("--list", action="store_true", help=tr("list the lessons, and which are done"))
    listing = _make_parser("list", tr("List the presets in the order of the course, or the kept sessions."))
    listing.add_argument("--kept", action="store_true", help=tr("list the kept sessions instead, newest first"))
    train = _make_parser(
        "train",
        tr("Train a preset or a table. Divergence is a valid result: it is reported, and the exit code is 0."),
        table_examples("train"),
    )
    trace = _make_parser("trace", tr("Print one pass as a worked example in plain text."))
    check = _make_parser(
        "check",
        tr(
            "Validate a preset and compare its gradients with finite differences, say what each column of a table is "
            "used for, or check a lesson."
        ),
        table_examples("check"),
    )
    export = _make_parser(
        "export",
        tr(
            "Train a preset or a table, and write the network to a file for use elsewhere; the file's ending says in "
            "which format."
        ),
        export_examples(),
    )
    add_export_options(export)
    figure = _make_parser(
        "figure", tr("Draw a view of a moment as SVG: vector graphics for print and the web."), figure_examples()
    )
    add_figure_options(figure)
    sheet = _make_parser(
        "worksheet", tr("Write a task sheet: one pass with blanks to fill in, or its key."), worksheet_examples()
    )
    add_worksheet_options(sheet)
    mark = _make_parser(
        "mark",
        tr("Mark the answers of a class, the arrays of your own program, or a folder of results of practice."),
        mark_examples(),
    )
    add_mark_options(mark)
    predict = _make_parser(
        "predict",
        tr("Train a preset or a table, and predict rows of its data or rows of your own, in the units of the data."),
        predict_examples(),
    )
    add_predict_options(predict)
    for parser in (train, predict, trace, export, figure, sheet):
        parser.add_argument("preset", metavar="PRESET | FILE.toml | FILE.csv | FILE.nntui | -", help=_file_help())
    check.add_argument(
        "preset", metavar="PRESET | lesson:ID | FILE.toml | FILE.csv | FILE.nntui | -", help=_file_help()
    )
    for parser in (app, train, predict, trace, check, export, figure, sheet, mark):
        add_table_options(parser)
    for parser in (app, train, predict, trace, check, export, figure, sheet, mark):
        parser.add_argument(
            "--set",
            metavar="CHANGE",
            action="append",
            help=tr("change the start, as e does in the app: --set 'eta = 0.5'; may be repeated"),
        )
        parser.add_argument(
            "--weights",
            metavar="FILE",
            type=Path,
            help=tr("start from the weights in FILE, which ends in {endings}", endings=".npz, .safetensors or .pt"),
        )
    for parser in (app, learn):
        parser.add_argument(
            "--present",
            action="store_true",
            help=tr("for a projector: a large number, hidden until a key shows it, and no hints"),
        )
    for parser in (learn, listing, train, predict, trace, check, mark):
        parser.add_argument("--json", action="store_true", help=tr("print one JSON object"))
    length = train.add_mutually_exclusive_group(required=True)
    length.add_argument("--epochs", metavar="N", type=parse_updates, help=tr("number of epochs to train"))
    length.add_argument("--updates", metavar="N", type=parse_updates, help=tr("number of updates to train"))
    train.add_argument(
        "--until",
        metavar="CONDITION",
        help=tr("stop as soon as it holds, such as 'train_loss < 0.01'; fail if it never does"),
    )
    for parser in (export, predict):
        parser.add_argument(
            "--updates", metavar="N", type=parse_updates, default=0, help=tr("train N updates first (default: 0)")
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
    commands = {"learn": learn, "list": listing, "train": train, "predict": predict, "trace": trace, "check": check}
    return {
        "": app,
        "practice": practice,
        **commands,
        "export": export,
        "figure": figure,
        "worksheet": sheet,
        "mark": mark,
    }


def split_command(argv: Sequence[str], commands: Sequence[str]) -> tuple[str, list[str]]:
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
    if not names or os.path.splitext(word)[1]:  # a table may have any ending
        return
    is_file_or_preset = word in preset_ids() or os.path.exists(word)
    if closest_names(word, (*preset_ids(), *commands)) == names and not is_file_or_preset:
        raise UsageError(
            tr('there is no command {word}; did you mean "{command}"?', word=quote(word), command=names[0])
        )
