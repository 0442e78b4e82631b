"""What the network on screen can be exported as: each format with each framework."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nn_tui.core.export.values import ExportedFile
from nn_tui.core.export.writers import WRITERS, export_files
from nn_tui.core.program.values import FRAMEWORKS, Framework
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.translation import Message, message
from nn_tui.tui.session.session import Session

FRAMEWORK_NAMES: Mapping[Framework, str] = {"pytorch": "PyTorch", "numpy": "NumPy"}


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


def export_choices(session: Session) -> tuple[ExportChoice, ...]:
    """Return what can be written of the network on screen, with its parameters after the last complete update."""
    return tuple(_network_choices(session))


def _network_choices(session: Session) -> Iterator[ExportChoice]:
    checkpoint, stem = checkpoint_at(session.run, session.updates_done), session.experiment.preset.id
    for ending, writer in WRITERS.items():
        for framework in FRAMEWORKS if writer.has_framework else FRAMEWORKS[:1]:
            label = writer.label
            if writer.has_framework:
                label = message("{framework}: {label}", framework=FRAMEWORK_NAMES[framework], label=label)
            make_files = partial(export_files, checkpoint, framework=framework)
            yield ExportChoice(ending, label, stem, make_files, writer.usage)
