"""What a writer of an export gets, and what it returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nn_tui.core.program.values import Framework
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.translation import Message


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a person chooses for an export.

    Attributes:
        name: The name of the file, without its ending; files beside it have names that start with it.
        folder: The folder of the file, from which paths of data start; None if the file has no place yet.
        framework: What an exported program computes with.
    """

    name: str
    folder: Path | None = None
    framework: Framework = "pytorch"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of an export: its name in the folder, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Writer:
    """A format of exports.

    Attributes:
        label: What the format is for, in a few words.
        write: Returns the files, the one that a person named first. It imports the package that it needs.
        usage: Says what to do with a file at this path, which it quotes, that has this network.
        package: The package that it needs, from the extra ``export``; "" for none.
        has_framework: Whether the framework makes a difference.
        modules: Names of Python's modules that a file may not have, because it would hide the module.
    """

    label: Message
    write: Callable[[Checkpoint, ExportOptions], tuple[ExportedFile, ...]]
    usage: Callable[[str, Checkpoint], Message]
    package: str = ""
    has_framework: bool = False
    modules: frozenset[str] = frozenset()
