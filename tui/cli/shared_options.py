"""The options that several commands have; each is written here once. They are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path

from nn_tui.core import __version__
from nn_tui.core.translation import tr
from nn_tui.tui.cli.completers import WEIGHTS, Completer, changes, complete, files, opened, words
from nn_tui.tui.cli.table_options import add_table_options
from nn_tui.tui.config.settings import parse_palette, parse_seed, parse_updates
from nn_tui.tui.draw.palette_colors import PALETTES


def add_common_options(parser: ArgumentParser) -> None:
    """Add the options of every command."""
    ascii_help = tr("print and draw only ASCII characters")
    parser.add_argument("--ascii", action=BooleanOptionalAction, default=None, help=ascii_help)
    quiet_help = tr("print neither notes nor progress on stderr; errors stay")
    parser.add_argument("-q", "--quiet", action="store_true", help=quiet_help)
    log = parser.add_argument("--log", metavar="FILE", type=Path, help=tr("append tracebacks and messages to FILE"))
    complete(log, files())
    colours_help = tr("colours: {names}", names=", ".join(PALETTES))
    palette = parser.add_argument("--palette", metavar="NAME", type=parse_palette, help=colours_help)
    complete(palette, words(PALETTES))
    parser.add_argument("--seed", metavar="N", type=parse_seed, help=tr("use this seed instead of the preset's"))
    parser.add_argument("-V", "--version", action="version", version=f"nn-tui {__version__}")


def add_preset(
    parser: ArgumentParser,
    metavar: str = "PRESET | FILE.toml | FILE.csv | FILE.nntui | -",
    completer: Completer = opened,
) -> None:
    """Add what a command works on."""
    about = tr("a preset, a file of any ending with a table, or - for a table on standard input")
    complete(parser.add_argument("preset", metavar=metavar, help=about), completer)


def add_start_options(parser: ArgumentParser) -> None:
    """Add the options that change the start of a run: those for tables, changes, and weights from a file."""
    add_table_options(parser)
    change = parser.add_argument(
        "--set",
        metavar="CHANGE",
        action="append",
        help=tr("change the start, as e does in the app: --set 'eta = 0.5'; may be repeated"),
    )
    complete(change, changes)
    add_weights(parser)


def add_weights(parser: ArgumentParser) -> None:
    """Add the option for weights from a file."""
    weights = parser.add_argument(
        "--weights",
        metavar="FILE",
        type=Path,
        help=tr("start from the weights in FILE, which ends in {endings}", endings=".npz, .safetensors or .pt"),
    )
    complete(weights, files(*WEIGHTS))


def add_updates(parser: ArgumentParser) -> None:
    """Add the number of updates to train before a network is used."""
    parser.add_argument(
        "--updates", metavar="N", type=parse_updates, default=0, help=tr("train N updates first (default: 0)")
    )


def add_length(parser: ArgumentParser, *, is_required: bool = True) -> None:
    """Add the length of a training, which may have to be given."""
    length = parser.add_mutually_exclusive_group(required=is_required)
    length.add_argument("--epochs", metavar="N", type=parse_updates, help=tr("number of epochs to train"))
    length.add_argument("--updates", metavar="N", type=parse_updates, help=tr("number of updates to train"))


def add_json(parser: ArgumentParser) -> None:
    """Add the option for output that other programs read."""
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object"))


def add_present(parser: ArgumentParser) -> None:
    """Add the option for a projector."""
    parser.add_argument(
        "--present",
        action="store_true",
        help=tr("for a projector: a large number, hidden until a key shows it, and no hints"),
    )
