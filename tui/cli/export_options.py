"""The command export; its options are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.command import Command
from nn_tui.tui.cli.completers import complete, files, words
from nn_tui.tui.cli.shared_options import add_json, add_preset, add_start_options, add_updates
from nn_tui.tui.config.settings import Settings, parse_framework

ENDINGS = (".toml", ".py", ".ipynb", ".npz", ".safetensors", ".csv", ".onnx")  # WRITERS needs NumPy


def _add_options(parser: ArgumentParser) -> None:
    add_preset(parser)
    output = parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=tr(
            "the file to write or replace (default or -: print the text of a preset); its ending is one of: {endings}",
            endings=" ".join(ENDINGS),
        ),
    )
    complete(output, files(*ENDINGS))
    framework = parser.add_argument(
        "--framework",
        metavar="NAME",
        type=parse_framework,
        help=tr("what an exported program computes with: pytorch or numpy (default: pytorch)"),
    )
    complete(framework, words(("pytorch", "numpy")))
    add_updates(parser)
    add_start_options(parser)
    add_json(parser)


def _run(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.export import export

    return export(args, settings)


EXPORT = Command(
    "export",
    message("train, and write the network as a preset, code, or arrays"),
    message(
        "Train a preset or a table, and write the network to a file for use elsewhere; the file's ending says in "
        "which format."
    ),
    _add_options,
    {
        "xor --updates 2000 -o mine.py": message("a program for PyTorch that goes on with the training"),
        "xor --framework numpy -o mine.ipynb": message("a notebook for NumPy, with the mathematics"),
        "iris --updates 500 -o mine.npz": message("the trained weights and biases as NumPy arrays"),
        "iris --updates 500 -o mine.onnx": message("a model that predicts rows of the data elsewhere"),
        "flowers.csv --target species -o mine.toml": message("a preset with all that was assumed"),
    },
    _run,
)
