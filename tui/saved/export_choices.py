"""What the session on screen can be exported as: its network in each format with each framework, and its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

from nn_tui.core.export.usage import program_needs
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
        needs: Says what a program needs besides NumPy; None for nothing.
        word: A word that chooses it among the choices with its ending, if it is in the name of the file.
        make_files: Returns the files of an export to a path, the one at the path first. A thread may call it.
        usage: Says in one sentence what to do with a file, of which it gets the name.
    """

    ending: str
    label: Message
    stem: str
    make_files: Callable[[Path], tuple[ExportedFile, ...]]
    usage: Callable[[str], Message]
    needs: Message | None = None
    word: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure."""
        return self.ending == SVG_ENDING


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
            word = framework if writer.has_framework else ""
            own_stem = f"{stem}-{framework}" if framework != FRAMEWORKS[0] else stem
            make_files = partial(export_files, checkpoint, framework=framework)
            needs = program_needs(framework) if writer.has_framework else None
            yield ExportChoice(ending, label, own_stem, make_files, partial(_usage, writer, checkpoint), needs, word)


def _usage(writer: Writer, checkpoint: Checkpoint, file: str) -> Message:
    return writer.usage(file, checkpoint)


def _figure_choices(session: Session, run_lock: Lock) -> Iterator[ExportChoice]:
    request = FigureRequest(
        session.run, session.trace, session.cursor, session.ref, digits=session.digits, is_log=session.log
    )
    for name, figure in FIGURES.items():
        make_files = partial(_figure_file, figure, request, run_lock)
        stem = f"{session.experiment.preset.id}-{name}"
        label = message("figure {name}: {label}", name=name, label=figure.label)
        yield ExportChoice(SVG_ENDING, label, stem, make_files, partial(_figure_usage, name), word=name)


def _figure_file(figure: Figure, request: FigureRequest, run_lock: Lock, path: Path) -> tuple[ExportedFile, ...]:
    with run_lock:  # a figure may compute passes of the run again
        return (ExportedFile(path.name, figure.draw(request).encode()),)


def _figure_usage(name: str, _file: str) -> Message:
    return message("It is the figure {name}: open it in a browser, or insert it into Word as a picture.", name=name)


def named_choice(choices: Sequence[ExportChoice], stem: str) -> ExportChoice | None:
    """Return the choice whose word is in a name, such as ``regions`` in ``xor-regions``; of several the last one."""
    words = re.findall("[a-z]+", stem.lower())
    named = [choice for choice in choices if choice.word in words]
    return max(named, key=lambda choice: len(words) - words[::-1].index(choice.word), default=None)


def with_word(stem: str, choice: ExportChoice, choices: Sequence[ExportChoice]) -> str:
    """Return a name that names a choice, if it names another one with the same ending."""
    named = named_choice([each for each in choices if each.ending == choice.ending], stem)
    if named is None or named.word == choice.word:
        return stem
    start = stem.lower().rindex(named.word)
    return f"{stem[:start]}{choice.word}{stem[start + len(named.word) :]}"
