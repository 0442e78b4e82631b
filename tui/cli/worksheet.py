"""The command worksheet, which writes task sheets and their keys."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.preset.warnings import experiment_warnings
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.text import shown_path
from nn_tui.core.translation import Message, message, tr, tr_plural
from nn_tui.core.worksheet.formats import FORMATS
from nn_tui.core.worksheet.nice_weights import with_nice_weights
from nn_tui.core.worksheet.request import Request
from nn_tui.core.worksheet.sheet import Worksheet, worksheet
from nn_tui.core.worksheet.write_markdown import markdown
from nn_tui.tui.cli.output import check_json_of_files, print_note, print_written
from nn_tui.tui.cli.start import open_start, print_assumptions, start_with_notes
from nn_tui.tui.cli.training import train_with_progress
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.saved.files import check_folder, check_writable, write_file
from nn_tui.tui.terminal.termination import termination

_DEFAULT_FORMAT = "md"


@dataclass(frozen=True, slots=True)
class _Target:
    """Where the sheets go.

    Attributes:
        format: The name of the format.
        file: The file with all sheets; None for none.
        folder: The folder with a file for each sheet; None for none.
    """

    format: str
    file: Path | None = None
    folder: Path | None = None


def write_worksheet(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui worksheet``: write one sheet, or one for each seed."""
    if args.seeds is not None and args.seed is not None:
        raise UsageError(tr("--seeds names all seeds; leave out --seed"))
    check_json_of_files(args)
    target = _target(args)
    seeds = [settings.seed] if args.seeds is None else list(args.seeds)
    if len(seeds) > 1 and target.folder is None and not FORMATS[target.format].is_for_many:
        raise UsageError(tr("a file of this format has one sheet; name a folder with -o FOLDER"))
    is_for_programs = FORMATS[target.format].is_for_programs
    request = Request(
        args.blank, args.only, args.level, args.digits,
        is_key=args.key and not is_for_programs, has_answers=args.key and is_for_programs,
    )  # fmt: skip
    sheets = []
    experiment = open_start(args.preset, args, replace(settings, seed=seeds[0]))
    print_assumptions(experiment, args, settings)
    for index, seed in enumerate(seeds):
        if index:
            experiment = load_experiment(experiment.preset, seed, table=experiment.data.table)
        run = _start(experiment, args, with_warnings=index == 0, settings=settings)
        with termination.deferred(second_interrupts=True):
            train_with_progress(run, args.updates - 1, settings)
        sheets.append(worksheet(run, args.updates, request))
    if target.format == "gift" and not args.key:
        print_note(tr("without --key the questions have no answers, so Moodle marks nothing"), settings)
    _write(sheets, target, args, settings)
    return 0


def _target(args: argparse.Namespace) -> _Target:
    """Return where the sheets go; the ending of a file says in which format."""
    if args.output is None:
        return _Target(args.format or _DEFAULT_FORMAT)
    path = Path(args.output)
    by_ending = next((name for name, format in FORMATS.items() if path.suffix.lower() == format.suffix), None)
    format = args.format or by_ending
    if path.is_dir() or (args.seeds is not None and by_ending is None):
        check_folder(path)
        return _Target(format or _DEFAULT_FORMAT, folder=path)
    if format is None:
        endings = ", ".join(each.suffix for each in FORMATS.values())
        problem = message(
            "it has no ending that names a format; write one of {endings}, or add --format.", endings=endings
        )
        raise InputError("not_a_choice", problem, file=shown_path(path))
    check_writable(path)
    return _Target(format, file=path)


def _start(experiment: Experiment, args: argparse.Namespace, *, with_warnings: bool, settings: Settings) -> Run:
    """Return the run of a sheet at its start, and print what is probably not meant for the first of several."""
    notes: list[Message] = []
    if args.weights is None:
        run = Run.start(experiment)
    else:
        run, notes = start_with_notes(experiment, args.set or (), args.weights)
    if with_warnings:
        is_given = args.seed is not None or args.seeds is not None
        for warning in (*notes, *experiment_warnings(run.experiment, is_seed_given=is_given)):
            print_note(warning, settings)
    if args.weights is None:
        run = start_with(with_nice_weights(run) if args.nice else run, args.set or ())
    # A change may have drawn weights anew.
    return (
        with_nice_weights(run) if args.nice and any(layer.weights is None for layer in run.experiment.layers) else run
    )


def _write(sheets: list[Worksheet], target: _Target, args: argparse.Namespace, settings: Settings) -> None:
    """Write sheets to a file, to a folder or to stdout; all of them are UTF-8."""
    format = FORMATS[target.format]
    if target.folder is not None:
        paths = [
            target.folder / f"{sheet.id}-seed{sheet.seed}{'-key' if sheet.has_answers else ''}{format.suffix}"
            for sheet in sheets
        ]
        for path, sheet in zip(paths, sheets, strict=True):
            write_file(path, format.text([sheet]).encode())
        _print_written(target.folder, paths, sheets, args, settings)
    elif target.file is not None:
        write_file(target.file, format.text(sheets).encode())
        _print_written(target.file, [target.file], sheets, args, settings)
    else:
        is_ascii = settings.ascii and target.format == _DEFAULT_FORMAT
        text = "\n".join(markdown(sheet, ascii_only=True) for sheet in sheets) if is_ascii else format.text(sheets)
        sys.stdout.buffer.write(text.encode())


def _print_written(
    named: Path, paths: list[Path], sheets: list[Worksheet], args: argparse.Namespace, settings: Settings
) -> None:
    """Say where sheets have been written.

    Args:
        named: The file or the folder that a person named.
        paths: The files.
        sheets: The sheets in them.
        args: The options of the command.
        settings: The settings.
    """
    shown = shlex.quote(shown_path(named))
    written = tr_plural("Wrote {count:,} sheet: {path}", "Wrote {count:,} sheets: {path}", len(sheets), path=shown)
    print_written(written, paths, args, settings, preset=sheets[0].id, seeds=[sheet.seed for sheet in sheets])
