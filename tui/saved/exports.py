"""Writing an export to the disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nn_tui.core.export.values import ExportedFile
from nn_tui.core.export.writers import export_files, writer_for
from nn_tui.core.program.values import Framework
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.text import shown_path
from nn_tui.core.translation import Message, all_of, message
from nn_tui.tui.saved.files import check_folder, write_file

_MAX_NAMES = 3  # names of files in a sentence


def write_export(path: Path, checkpoint: Checkpoint, framework: Framework = "pytorch") -> tuple[Message, Message]:
    """Write an export to a file, or replace one, and the files beside it; the ending of its name says in which format.

    Returns:
        A sentence that names what was written, and one that says what to do with it.

    Raises:
        InputError: If the ending is unknown, the network cannot be written so, or a file cannot be written.
    """
    check_folder(path)
    written = write_files(path, export_files(checkpoint, path, framework))
    return written, writer_for(path).usage(shown_path(path))


def write_files(path: Path, files: Sequence[ExportedFile]) -> Message:
    """Write the files of an export, or replace them.

    Args:
        path: The place of the first one; the others have theirs beside it.
        files: The files.

    Returns:
        A sentence that names them.

    Raises:
        InputError: If a file cannot be written.
    """
    paths, is_new = file_paths(path, files), not path.exists()
    for place, file in reversed(list(zip(paths, files, strict=True))):  # the file that reads the others comes last
        write_file(place, file.content)
    named: object
    if len(paths) > _MAX_NAMES:
        first, last = shown_path(paths[1]), shown_path(paths[-1])
        named = message(
            "{file} and {count} files beside it, {first} to {last}",
            file=shown_path(path), count=len(paths) - 1, first=first, last=last,
        )  # fmt: skip
    else:
        named = all_of([shown_path(place) for place in paths])
    return message("Wrote {files}.", files=named) if is_new else message("Replaced {files}.", files=named)


def file_paths(path: Path, files: Sequence[ExportedFile]) -> tuple[Path, ...]:
    """Return the places of the files of an export, of which the first one is at ``path``."""
    return (path, *(path.with_name(file.name) for file in files[1:]))
