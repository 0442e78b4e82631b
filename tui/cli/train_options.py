"""The commands list, train, trace and check; their options are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nn_tui.core.limits import MAX_UPDATES_TO_GOAL
from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.command import Command
from nn_tui.tui.cli.completers import GOAL_NAMES, checked, complete, files, words
from nn_tui.tui.cli.shared_options import add_json, add_length, add_preset, add_start_options
from nn_tui.tui.config.settings import Settings, parse_digits, parse_pass


def _add_list_options(parser: ArgumentParser) -> None:
    parser.add_argument("--kept", action="store_true", help=tr("list the kept sessions instead, newest first"))
    add_json(parser)


def _add_train_options(parser: ArgumentParser) -> None:
    add_preset(parser)
    add_length(parser, is_required=False)
    until = parser.add_argument(
        "--until",
        metavar="CONDITION",
        help=tr(
            "stop as soon as it holds, such as 'train_loss < 0.01'; fail if it does not within the updates, or within "
            "{count:,} of them if no number is given; it compares "
            "loss, train_loss, test_loss, accuracy, train_accuracy, test_accuracy, r2, train_r2, test_r2, rmse, "
            "train_rmse, test_rmse, updates, learning_rate and the numbers of the pass",
            count=MAX_UPDATES_TO_GOAL,
        ),
    )
    complete(until, words(GOAL_NAMES))
    curve = parser.add_argument(
        "--curve",
        metavar="FILE.csv",
        help=tr(
            "write a table with a row for each update: losses, accuracies, gradient norms; - for stdout. loss is that "
            "of the batch; train_loss and test_loss, of the whole data set, are empty in most rows if there are "
            "batches, unless --curve-every is given"
        ),
    )
    complete(curve, files(".csv"))
    parser.add_argument(
        "--curve-every",
        metavar="N",
        type=parse_pass,
        help=tr("write every N-th update only, each with the losses and accuracies of the whole data set"),
    )
    add_start_options(parser)
    add_json(parser)


def _add_trace_options(parser: ArgumentParser) -> None:
    add_preset(parser)
    parser.add_argument(
        "--updates", metavar="N", type=parse_pass, default=1, help=tr("number of the pass to print (default: 1)")
    )
    parser.add_argument(
        "--digits",
        metavar="N",
        type=parse_digits,
        default=6,
        help=tr("significant digits in the text, or all (default: 6)"),
    )
    add_start_options(parser)
    add_json(parser)


def _add_check_options(parser: ArgumentParser) -> None:
    add_preset(parser, "PRESET | lesson:ID | FILE.toml | FILE.csv | FILE.nntui | -", checked)
    add_start_options(parser)
    add_json(parser)


def _list(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.commands import list_presets

    return list_presets(args, settings)


def _train(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.commands import train

    return train(args, settings)


def _trace(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.commands import trace

    return trace(args, settings)


def _check(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.check import check

    return check(args, settings)


LIST = Command(
    "list",
    message("list the presets, in the order of the course"),
    message("List the presets in the order of the course, or the kept sessions."),
    _add_list_options,
    {
        "--json": message("the presets as one JSON object"),
        "--kept": message("the sessions that can be resumed"),
    },
    _list,
)
TRAIN = Command(
    "train",
    message("train, and print a summary"),
    message("Train a preset or a table. Divergence is a valid result: it is reported, and the exit code is 0."),
    _add_train_options,
    {
        "xor --updates 2000 --set 'eta = 0.1'": message("another learning rate"),
        "xor --until 'train_loss < 0.01'": message("until a goal is reached"),
        "iris --epochs 200 --curve iris.csv": message("also a table with the losses of each update"),
        "flowers.csv --epochs 200": message("a first network for a table; it predicts the last column"),
        "flowers.csv --target height --test 0.2 --epochs 200": message("another target, and a fifth for testing"),
        "- --separator tab --epochs 200 < flowers.txt": message("a table on standard input"),
    },
    _train,
)
TRACE = Command(
    "trace",
    message("print one pass as a worked example"),
    message("Print one pass as a worked example in plain text."),
    _add_trace_options,
    {
        "mazur": message("the first pass"),
        "xor --updates 3 --digits all": message("the third pass, with all digits"),
        "mazur --json": message("all numbers as one JSON object"),
    },
    _trace,
)
CHECK = Command(
    "check",
    message("say what was read from a file, and what is wrong with it"),
    message(
        "Validate a preset and compare its gradients with finite differences, say what each column of a table is "
        "used for, or check a lesson."
    ),
    _add_check_options,
    {
        "xor": message("a preset and its gradients"),
        "flowers.csv": message("what was read, and what each column is used for"),
        "flowers.csv --target species --drop id,note": message("another target, without two columns"),
    },
    _check,
)
