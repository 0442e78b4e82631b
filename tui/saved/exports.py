"""Writing an export to the disk."""

from __future__ import annotations

from pathlib import Path

from nn_tui.core.export.writers import export_files, writer_for
from nn_tui.core.program.values import Framework
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.text import printable, shorten_path
from nn_tui.core.translation import Message, all_of, message
from nn_tui.tui.saved.writers import check_folder, write_file

_MAX_NAMES = 3  # names of files in a sentence


def write_export(path: Path, checkpoint: Checkpoint, framework: Framework = "pytorch") -> tuple[Message, Message]:
    """Write an export to a file, or replace one, and the files beside it; the ending of its name says in which format.

    Returns:
        A sentence that names what was written, and one that says what to do with it.

    Raises:
        InputError: If the ending is unknown, the network cannot be written so, or a file cannot be written.
    """
    check_folder(path)
    files = export_files(checkpoint, path, framework)
    paths = [path, *(path.with_name(file.name) for file in files[1:])]
    is_new = not path.exists()
    for place, file in reversed(list(zip(paths, files, strict=True))):  # the file that reads the others comes last
        write_file(place, file.content)
    named: object
    if len(paths) > _MAX_NAMES:
        first, last = _shown(paths[1]), _shown(paths[-1])
        named = message(
            "{file} and {count} files beside it, {first} to {last}",
            file=_shown(path), count=len(paths) - 1, first=first, last=last,
        )  # fmt: skip
    else:
        named = all_of([_shown(place) for place in paths])
    written = message("Wrote {files}.", files=named) if is_new else message("Replaced {files}.", files=named)
    return written, writer_for(path).usage(_shown(path))


def _shown(path: Path) -> str:
    return shorten_path(printable(str(path)))
