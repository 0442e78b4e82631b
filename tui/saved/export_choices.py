"""What the session on screen can be exported as: its network in each format with each framework, and its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

from nn_tui.core.export.values import ExportedFile, Writer
from nn_tui.core.export.writers import WRITERS, export_files
from nn_tui.core.figure.figures import FIGURES, Figure
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.svg import SVG_ENDING
from nn_tui.core.program.values import FRAMEWORK_NAMES, FRAMEWORKS
from nn_tui.core.run.checkpoint import Checkpoint, checkpoint_at
from nn_tui.core.translation import Message, message
from nn_tui.tui.session.session import Session


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """Something that can be written.

    Attributes:
        ending: The ending of the file's name.
        label: What it is, in a few words.
        stem: The proposed name without the ending.
        make_files: Returns the files of an export to a path, the one at the path first. A thread may call it.
        usage: Says in one sentence what to do with a file, of which it gets the name.
    """

    ending: str
    label: Message
    stem: str
    make_files: Callable[[Path], tuple[ExportedFile, ...]]
    usage: Callable[[str], Message]


def export_choices(session: Session, run_lock: Lock) -> tuple[ExportChoice, ...]:
    """Return what can be written of a session.

    The network has its parameters after the last complete update; a figure shows the step on screen.

    Args:
        session: The session, which stays on screen until all files are made.
        run_lock: Held by a thread that reads a run.
    """
    return (*_network_choices(session), *_figure_choices(session, run_lock))


def _network_choices(session: Session) -> Iterator[ExportChoice]:
    checkpoint, stem = checkpoint_at(session.run, session.updates_done), session.experiment.preset.id
    for ending, writer in WRITERS.items():
        for framework in FRAMEWORKS if writer.has_framework else FRAMEWORKS[:1]:
            label = writer.label
            if writer.has_framework:
                label = message("{framework}: {label}", framework=FRAMEWORK_NAMES[framework], label=label)
            make_files = partial(export_files, checkpoint, framework=framework)
            yield ExportChoice(ending, label, stem, make_files, partial(_usage, writer, checkpoint))


def _usage(writer: Writer, checkpoint: Checkpoint, file: str) -> Message:
    return writer.usage(file, checkpoint)


def _figure_choices(session: Session, run_lock: Lock) -> Iterator[ExportChoice]:
    request = FigureRequest(
        session.run, session.trace, session.cursor, session.ref, digits=session.digits, is_log=session.log
    )
    for name, figure in FIGURES.items():
        make_files = partial(_figure_file, figure, request, run_lock)
        stem = f"{session.experiment.preset.id}-{name}"
        label = message("figure: {label}", label=figure.label)
        yield ExportChoice(SVG_ENDING, label, stem, make_files, _figure_usage)


def _figure_file(figure: Figure, request: FigureRequest, run_lock: Lock, path: Path) -> tuple[ExportedFile, ...]:
    with run_lock:  # a figure may compute passes of the run again
        return (ExportedFile(path.name, figure.draw(request).encode()),)


def _figure_usage(_file: str) -> Message:
    return message("Open it in a browser, or put it into a text.")
