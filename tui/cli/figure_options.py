"""The command figure; its options are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.command import Command
from nn_tui.tui.cli.completers import complete, files, words
from nn_tui.tui.cli.shared_options import add_json, add_preset, add_start_options
from nn_tui.tui.config.settings import Settings, parse_updates

FIGURE_NAMES = ("network", "layer", "loss", "regions", "landscape")


def _add_options(parser: ArgumentParser) -> None:
    add_preset(parser)
    views = tr("what to draw: {names} (default: network)", names=", ".join(FIGURE_NAMES))
    view = parser.add_argument("--view", metavar="NAME", default=FIGURE_NAMES[0], help=views)
    complete(view, words(FIGURE_NAMES))
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
    output = parser.add_argument(
        "-o", "--output", metavar="FILE.svg", help=tr("the file to write or replace (default or -: print the SVG)")
    )
    complete(output, files(".svg"))
    add_start_options(parser)
    add_json(parser)


def _run(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.figure import figure

    return figure(args, settings)


FIGURE = Command(
    "figure",
    message("train, and draw the network, its numbers or its output as SVG"),
    message("Draw a view of a moment as SVG: vector graphics for print and the web."),
    _add_options,
    {
        "xor --updates 2000 -o network.svg": message("the trained network"),
        "xor --view layer --at 3.backward -o pass.svg": message("all numbers of pass 3 up to its gradients"),
        "spiral --view regions --updates 1500 -o regions.svg": message("the decision regions with the points"),
    },
    _run,
)
