"""The command figure, which draws a view of a run as SVG."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nn_tui.core.engine.moments import Moment, parse_moment
from nn_tui.core.engine.quantities import first_nonzero_weight
from nn_tui.core.engine.steps import steps_of
from nn_tui.core.errors import locate_errors
from nn_tui.core.export.values import ExportedFile
from nn_tui.core.fields import check_choice
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.svg import SVG_ENDING
from nn_tui.core.figure.theme import THEMES
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.run.moment import go_to_moment
from nn_tui.core.run.run import Run
from nn_tui.core.text import quote
from nn_tui.core.translation import any_of, message, tr
from nn_tui.tui.cli.output import STANDARD_OUTPUT, check_json_of_files, print_note, print_written
from nn_tui.tui.cli.start import opened_document, start_run
from nn_tui.tui.cli.training import train_with_progress
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.saved.files import check_writable, write_files
from nn_tui.tui.terminal.termination import termination

_DIGITS = 4  # as on the screen


def figure(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui figure``: go to a moment, and draw a view of it."""
    from nn_tui.core.figure.figures import FIGURES  # the other commands start without them

    check_json_of_files(args)
    output = None if args.output in (None, STANDARD_OUTPUT) else Path(args.output)
    if output is not None:  # before the training, which may take long
        _check_output(output)
    palette = args.palette or "light"  # a figure is for paper, whatever the palette of the screen is
    if palette not in THEMES:
        raise UsageError(tr("a figure has the palette {names}; leave out --palette", names=any_of(THEMES)))
    view = check_choice(args.view, ("--view",), FIGURES, message("a figure"))
    request = _request(args, settings, palette)
    content = FIGURES[view].draw(request).encode()  # SVG is UTF-8, whatever the terminal is
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        written = write_files(output, [ExportedFile(output.name, content)])
        values = {"preset": request.run.experiment.preset.id, "view": view, "update": request.trace.update}
        print_written(written, [output], args, settings, **values)
    return 0


def _request(args: argparse.Namespace, settings: Settings, palette: str) -> FigureRequest:
    """Return what the figure shows; a document shows its moment and its number, a new run its start."""
    moment = None
    if args.at:
        with locate_errors(path=("--at",)):
            moment = parse_moment(args.at)
    document = opened_document(args, settings)
    if document is None:
        run, update, cursor, ref = start_run(args, settings, says_assumptions=False), 1, 0, None
    else:
        run, update, cursor, ref = document.run, document.trace.update, document.cursor, document.ref
        run.goto(document.updates_done)
    if args.updates:  # a document goes on from the update that it shows, as in export
        moment = Moment(run.position + args.updates)
    if moment is not None:
        update, cursor = _go_to(run, moment, settings)
    trace = run.trace(update)
    if ref is None:
        ref = first_nonzero_weight(trace)
    if args.select:
        engine = run.segment(update - 1).engine
        with locate_errors(path=("--select",)):
            ref = parse_ref(args.select, engine.sizes, ref.sample, engine.optimizer.slots, trace.n)
    return FigureRequest(
        run, trace, cursor, ref, is_selected=bool(args.select), digits=settings.view.get("digits", _DIGITS),
        palette=palette, is_log=bool(settings.view.get("log_scale")), has_heading=not args.no_title,
    )  # fmt: skip


def _check_output(path: Path) -> None:
    """Raise an error unless a figure can be written to a file of that name."""
    if path.suffix.lower() != SVG_ENDING:
        raise UsageError(
            tr(
                '{name} is not the name of an SVG file; write for example "{example}"',
                name=quote(path.name), example=f"{path.stem or 'mine'}{SVG_ENDING}",
            )
        )  # fmt: skip
    check_writable(path)


def _go_to(run: Run, moment: Moment, settings: Settings) -> tuple[int, int]:
    """Train a run up to a moment; where it diverges before, the moment is its last pass.

    Returns:
        The number of the pass, and the cursor in it.
    """
    with termination.deferred(second_interrupts=True):
        train_with_progress(run, moment.update - bool(moment.part), settings)
    divergence = run.divergence
    if divergence is not None and moment.update > divergence.update:
        warning = tr(
            "pass {number:,} is not reached: training diverges at {finding}; drawing pass {last:,}",
            number=moment.update, finding=divergence.sentence, last=divergence.update,
        )  # fmt: skip
        print_note(warning, settings)
        run.goto(divergence.update)
        return divergence.update, steps_of(run.segment(divergence.update - 1).engine.sizes[1:]).end
    with locate_errors(path=("--at",)):
        return go_to_moment(run, moment)
