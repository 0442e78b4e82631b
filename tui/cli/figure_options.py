"""The options of ``nn-tui figure``. They are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser

from nn_tui.core.translation import tr
from nn_tui.tui.cli.examples import examples_text
from nn_tui.tui.config.settings import parse_updates

FIGURE_NAMES = ("network", "layer", "loss", "regions", "landscape")


def add_figure_options(parser: ArgumentParser) -> None:
    """Add the options that say what is drawn."""
    views = tr("what to draw: {names} (default: network)", names=", ".join(FIGURE_NAMES))
    parser.add_argument("--view", metavar="NAME", default=FIGURE_NAMES[0], help=views)
    moment = parser.add_mutually_exclusive_group()
    moment.add_argument(
        "--updates", metavar="N", type=parse_updates, default=None, help=tr("train N updates first (default: 0)")
    )
    moment.add_argument(
        "--at",
        metavar="MOMENT",
        help=tr("draw a moment, such as 3, 3.backward or 3.backward.1.2: pass, phase, layer, unit"),
    )
    parser.add_argument(
        "--select", metavar="NAME", help=tr("mark a number, such as dw1[2,1] or z1[2]@3 (sample 3); one layer is drawn")
    )
    parser.add_argument("--no-title", action="store_true", help=tr("leave out the title and the lines below it"))
    parser.add_argument(
        "-o", "--output", metavar="FILE.svg", help=tr("the file to write or replace (default or -: print the SVG)")
    )


def figure_examples() -> str:
    """Return the examples in the help."""
    rows = {
        "xor --updates 2000 -o network.svg": tr("the trained network"),
        "xor --view layer --at 3.backward -o pass.svg": tr("all numbers of pass 3 up to its gradients"),
        "spiral --view regions --updates 1500 -o regions.svg": tr("the decision regions with the points"),
    }
    return examples_text("figure", rows)
