"""The options of ``nn-tui export``. They are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser

from nn_tui.core.translation import tr
from nn_tui.tui.cli.examples import examples_text
from nn_tui.tui.config.settings import parse_framework

ENDINGS = (".toml", ".py", ".ipynb", ".npz", ".safetensors", ".csv", ".onnx")  # WRITERS needs NumPy


def add_export_options(parser: ArgumentParser) -> None:
    """Add the options that say what is written."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=tr(
            "the file to write or replace (default or -: print the text of a preset); its ending is one of: {endings}",
            endings=" ".join(ENDINGS),
        ),
    )
    parser.add_argument(
        "--framework",
        metavar="NAME",
        type=parse_framework,
        help=tr("what an exported program computes with: pytorch or numpy (default: pytorch)"),
    )


def export_examples() -> str:
    """Return the examples in the help."""
    rows = {
        "xor --updates 2000 -o mine.py": tr("a program for PyTorch that goes on with the training"),
        "xor --framework numpy -o mine.ipynb": tr("a notebook for NumPy, with the mathematics"),
        "iris --updates 500 -o mine.npz": tr("the trained weights and biases as NumPy arrays"),
        "iris --updates 500 -o mine.onnx": tr("a model that predicts rows of the data elsewhere"),
        "flowers.csv --target species -o mine.toml": tr("a preset with all that was assumed"),
    }
    return examples_text("export", rows)
