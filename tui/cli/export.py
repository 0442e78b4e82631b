"""The command export, which writes a network as a file for use elsewhere."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.preset.from_network import network_text
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.text import printable, shorten_path
from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.training import train_with_progress
from nn_tui.tui.config.files import describe_os_error, write_atomically
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.terminal.termination import termination

SUFFIX = ".toml"


def export(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui export``: train some updates, and write the network as a preset."""
    output = None if args.output is None else Path(args.output)
    if output is not None and output.suffix.lower() != SUFFIX:
        raise UsageError(
            tr("a preset is a file that ends in .toml: -o {name}.toml", name=printable(output.with_suffix("").name))
        )
    run = Run.start(open_experiment(args.preset, settings.seed))
    with termination.deferred(second_interrupts=True):
        train_with_progress(run, args.updates, settings)
    if run.divergence:
        problem = tr("training diverged and stopped: {finding} Export fewer updates.", finding=run.divergence.sentence)
        return print_error(problem, FAILED)
    text = network_text(run.experiment, run.state, run.position)
    if output is None:
        sys.stdout.buffer.write(text.encode())  # a preset is UTF-8, whatever the terminal is
        return 0
    write_preset(output, text)
    shown = shlex.quote(shorten_path(printable(str(output))))
    sys.stderr.write(tr("Wrote {file}; open it with: nn-tui {file}", file=shown) + "\n")
    return 0


def write_preset(path: Path, text: str) -> None:
    """Write a preset file, or replace one.

    Raises:
        InputError: If it cannot be written.
    """
    shown = shorten_path(printable(str(path)))
    if not path.absolute().parent.is_dir():
        problem = message("there is no such folder; make it first, or write the file elsewhere.")
        raise InputError("not_found", problem, file=shown)
    try:
        write_atomically(path.absolute(), text)
    except OSError as error:
        problem = message("it cannot be written: {reason}.", reason=describe_os_error(error))
        raise InputError("unreadable", problem, file=shown) from None
    except ValueError:  # the name contains NUL
        raise InputError("unreadable", message("this is not a file name."), file=shown) from None
