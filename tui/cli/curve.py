"""The option --curve of the command train: a row of numbers for each pass, in a file or on stdout."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nn_tui.core.run.curve_rows import CurveRows
from nn_tui.core.run.run import Run
from nn_tui.core.text import shown_path
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.cli.output import STANDARD_OUTPUT, check_csv_file, print_note
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.saved.files import open_file


def check_curve_options(args: argparse.Namespace) -> None:
    """Raise an error unless the curve can be written where the options say."""
    if args.curve is None:
        if args.curve_every is not None:
            raise UsageError(tr("--curve-every is the distance of the rows of a curve; add --curve FILE.csv"))
        return
    if args.curve == STANDARD_OUTPUT:
        if args.json:
            raise UsageError(tr("--curve - and --json both print on stdout; name a file for --curve"))
        return
    check_csv_file("--curve", args.curve, args.preset)


@contextmanager
def curve_rows(args: argparse.Namespace, run: Run, settings: Settings) -> Iterator[CurveRows | None]:
    """Open the curve that the options ask for, if any, and finish it at the end of the block.

    Raises:
        InputError: If the file cannot be written; an old file stays as it is.
    """
    if args.curve is None:
        yield None
        return
    if args.curve == STANDARD_OUTPUT:
        rows = CurveRows(run, sys.stdout.write, args.curve_every)
        yield rows
        rows.finish()
        return
    path = Path(args.curve)
    with open_file(path) as stream:
        rows = CurveRows(run, lambda text: stream.write(text.encode()), args.curve_every)
        yield rows
        rows.finish()
    shown = shown_path(path)
    written = tr_plural("Wrote {file}: {count:,} row.", "Wrote {file}: {count:,} rows.", rows.count, file=shown)
    print_note(written, settings, prefix="")
