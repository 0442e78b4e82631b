"""Writing a network to files."""

from __future__ import annotations

import os
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.export.writers import export_files
from nn_tui.core.fields import check_choice
from nn_tui.core.program.values import FRAMEWORKS
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.run.run import Run
from nn_tui.core.saved.atomic_write import write_named_file
from nn_tui.core.table.file_names import DOCUMENT_ENDING, is_document_name
from nn_tui.core.text import quote
from nn_tui.core.translation import message


def save_document(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a document, and return its path.

    Raises:
        InputError: If the name does not end in .nntui.
        OSError: If the file cannot be written.
    """
    file = Path(path)
    if not is_document_name(file):
        problem = message(
            "{name} does not end in .nntui; write for example {example}. export writes other formats.",
            name=quote(file.name),
            example=quote(f"{file.stem or 'mine'}{DOCUMENT_ENDING}"),
        )
        raise InputError("not_a_choice", problem, path=("path",), value=file.name)
    write_named_file(file, content)
    return file


def export_network(run: Run, update: int, path: str | os.PathLike[str], framework: str) -> tuple[Path, ...]:
    """Write the files of an export, and return their paths; arguments and errors are those of ``Network.export``."""
    file = Path(path)
    check_choice(framework, ("framework",), FRAMEWORKS, message("a framework"))
    chosen = next(each for each in FRAMEWORKS if each == framework)
    written = export_files(checkpoint_at(run, update), file, chosen)
    paths = tuple(file.parent / each.name for each in written)
    for target, each in zip(paths, written, strict=True):
        write_named_file(target, each.content)
    return paths
