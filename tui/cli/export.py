"""The command export, which writes a network to files for use elsewhere."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nn_tui.core.export.usage import program_needs
from nn_tui.core.export.values import ExportOptions, Writer
from nn_tui.core.export.write_preset import write_preset
from nn_tui.core.export.writers import WRITERS, ending_error, export_files, writer_for
from nn_tui.core.figure.svg import SVG_ENDING
from nn_tui.core.program.values import Framework
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.text import quote, shown_path
from nn_tui.core.translation import any_of, tr
from nn_tui.tui.cli.output import STANDARD_OUTPUT, check_json_of_files, check_output_file, print_note, print_written
from nn_tui.tui.cli.start import opened_document, start_run
from nn_tui.tui.cli.training import train_with_progress
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.saved.files import check_writable, file_paths, write_files
from nn_tui.tui.terminal.termination import termination


def export(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui export``: train some updates, and write the network in the format of the file's ending."""
    check_json_of_files(args)
    output = None if args.output in (None, STANDARD_OUTPUT) else Path(args.output)
    writer = None if output is None else _writer(output, args.preset)  # before the training, which may take long
    if args.framework and not (writer and writer.has_framework):
        endings = any_of([ending for ending, writer in WRITERS.items() if writer.has_framework])
        raise UsageError(
            tr("--framework is for programs; add -o with a file name that ends in {endings}", endings=endings)
        )
    document = opened_document(args, settings)
    if document is None:
        run = start_run(args, settings, counts_warnings=True)
    else:  # it goes on from the update that it shows, as in the app
        run = document.run
        run.goto(document.updates_done)
    first = run.position
    last = first + args.updates
    with termination.deferred(second_interrupts=True):
        if run.divergence:  # of a document, perhaps after the last update
            run.goto(last)
        else:
            train_with_progress(run, last, settings)
    if run.divergence and run.position == run.divergence.update:
        finding, finite = run.divergence.sentence, run.divergence.update - 1 - first
        problem = tr(
            "training diverged and stopped: {finding} Before that, --updates {count} gives the last network.",
            finding=finding, count=finite,
        )  # fmt: skip
        if finite < 0:  # a document that was saved there
            problem = tr("training has diverged: {finding} Save the document at an earlier update.", finding=finding)
        return print_error(problem, FAILED)
    checkpoint = checkpoint_at(run, run.position)
    if output is None or writer is None:
        sys.stdout.buffer.write(write_preset(checkpoint, ExportOptions(""))[0].content)  # UTF-8 on every terminal
        return 0
    framework: Framework = args.framework or "pytorch"
    files = export_files(checkpoint, output, framework)
    written, paths = write_files(output, files), file_paths(output, files)
    print_written(written, paths, args, settings, preset=run.experiment.preset.id, updates=run.position)
    if args.json:
        return 0
    print_note(writer.usage(shown_path(output), checkpoint), settings, prefix="")
    needs = program_needs(framework) if writer.has_framework else None
    if needs is not None:
        print_note(f"{needs} {tr('With --framework numpy, it needs NumPy only.')}", settings, prefix="")
    return 0


def _writer(output: Path, source: str) -> Writer:
    """Return the writer of a file; raise an error unless the file can be written, and is not what is exported."""
    if output.suffix.lower() == SVG_ENDING:
        raise UsageError(
            tr("{name} would be a figure; draw one with: nn-tui figure PRESET -o {name}", name=quote(output.name))
        )
    if output.suffix.lower() not in WRITERS:
        raise UsageError(str(ending_error(output)))
    writer = writer_for(output)
    if output.suffix.lower() == ".toml":
        check_writable(output)  # a preset may replace the one from which it comes
    else:
        check_output_file("-o", output, source)
    return writer
