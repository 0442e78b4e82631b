"""The command export, which writes a network to files for use elsewhere."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from nn_tui.core.export.values import ExportOptions
from nn_tui.core.export.write_preset import write_preset
from nn_tui.core.export.writers import WRITERS, ending_error, writer_for
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.run.run import Run
from nn_tui.core.text import quote
from nn_tui.core.translation import any_of, tr
from nn_tui.tui.cli.start import start_run
from nn_tui.tui.cli.table_options import data_changes
from nn_tui.tui.cli.training import train_with_progress
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.saved.exports import write_export
from nn_tui.tui.saved.files import check_folder
from nn_tui.tui.terminal.termination import termination


def export(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui export``: train some updates, and write the network in the format of the file's ending."""
    output = None if args.output is None else Path(args.output)
    if output is not None:  # before the training, which may take long
        if output.suffix.lower() == ".svg":
            raise UsageError(
                tr("{name} would be a figure; draw one with: nn-tui figure PRESET -o {name}", name=quote(output.name))
            )
        if output.suffix.lower() not in WRITERS:
            raise UsageError(str(ending_error(output)))
        writer_for(output)
        check_folder(output)
        if output.suffix.lower() != ".toml" and _is_same_file(output, Path(args.preset)):
            raise UsageError(
                tr("-o would replace {name}, which is what is exported; choose another name", name=quote(output.name))
            )
    if args.framework and (output is None or not WRITERS[output.suffix.lower()].has_framework):
        endings = any_of([ending for ending, writer in WRITERS.items() if writer.has_framework])
        raise UsageError(
            tr("--framework is for programs; add -o with a file name that ends in {endings}", endings=endings)
        )
    run = _first_run(args, settings)
    last = run.position + args.updates
    with termination.deferred(second_interrupts=True):
        if run.divergence:  # of a document, perhaps after the last update
            run.goto(last)
        else:
            train_with_progress(run, last, settings)
    if run.divergence and run.position == run.divergence.update:
        problem = tr("training diverged and stopped: {finding} Export fewer updates.", finding=run.divergence.sentence)
        return print_error(problem, FAILED)
    checkpoint = checkpoint_at(run, run.position)
    if output is None:
        sys.stdout.buffer.write(write_preset(checkpoint, ExportOptions(""))[0].content)  # UTF-8 on every terminal
        return 0
    for sentence in write_export(output, checkpoint, args.framework or "pytorch"):
        sys.stderr.write(f"{sentence}\n")
    return 0


def _is_same_file(first: Path, second: Path) -> bool:
    """Return whether two paths are those of one file."""
    with suppress(OSError, ValueError):  # one of them does not exist
        return first.samefile(second)
    return False


def _first_run(args: argparse.Namespace, settings: Settings) -> Run:
    """Return the run to train; that of a document goes on from the update that it shows, as it would in the app."""
    is_document = Path(args.preset).suffix.lower() == ".nntui"
    if not is_document or args.set or args.weights or settings.seed is not None or data_changes(args):
        return start_run(args, settings)
    from nn_tui.tui.saved.readers import open_document  # it imports Textual

    session = open_document(Path(args.preset))
    session.run.goto(session.updates_done)
    return session.run
