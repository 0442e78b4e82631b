"""The command export, which writes a network to a file for use elsewhere."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from nn_tui.core.preset.from_network import network_text
from nn_tui.core.text import printable, quote, shorten_path
from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.start import start_run
from nn_tui.tui.cli.training import train_with_progress
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.saved.writers import check_folder, write_file
from nn_tui.tui.terminal.termination import termination

SUFFIX = ".toml"


def export(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui export``: train some updates, and write the network as a preset."""
    output = None if args.output is None else Path(args.output)
    if output is not None:  # before the training, which may take long
        if output.suffix.lower() != SUFFIX:
            raise UsageError(
                tr(
                    '{name} is not the name of a preset file, which ends in .toml, as in "{example}"',
                    name=quote(output.name), example=f"{output.stem or 'mine'}{SUFFIX}",
                )
            )  # fmt: skip
        check_folder(output)
    run = start_run(args, settings)
    with termination.deferred(second_interrupts=True):
        train_with_progress(run, args.updates, settings)
    if run.divergence:
        problem = tr("training diverged and stopped: {finding} Export fewer updates.", finding=run.divergence.sentence)
        return print_error(problem, FAILED)
    text = network_text(run.experiment, run.state, run.position, None if output is None else output.parent)
    if output is None:
        sys.stdout.buffer.write(text.encode())  # a preset is UTF-8, whatever the terminal is
        return 0
    shown, is_new = shlex.quote(shorten_path(printable(str(output)))), not output.exists()
    write_file(output, text.encode())
    written = message("Wrote {file}; open it with: nn-tui {file}", file=shown)
    replaced = message("Replaced {file}; open it with: nn-tui {file}", file=shown)
    sys.stderr.write(f"{written if is_new else replaced}\n")
    return 0
