"""Opening what the app opens: documents, and presets and tables to start with."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from nn_tui.core.errors import InputError, locate_errors, os_error_reason
from nn_tui.core.preset.loader import is_export_name, is_table_name, open_experiment
from nn_tui.core.preset.table_options import NO_CHANGES, DataChanges, not_a_table_error
from nn_tui.core.preset.toml import MAX_BYTES
from nn_tui.core.saved.document import read_info
from nn_tui.core.spec import Experiment
from nn_tui.core.table.file_names import is_document_name, nearest_files
from nn_tui.core.text import quote, shown_path
from nn_tui.core.translation import message
from nn_tui.tui.saved.session_store import read
from nn_tui.tui.session.document import file_stamp, with_document
from nn_tui.tui.session.session import Session


def open_document(name: str | Path) -> Session:
    """Return the session in a document, paused.

    Raises:
        InputError: If the file cannot be read, or is not a document that this version can open.
    """
    from nn_tui.tui.saved.snapshot import restore_session

    path = Path(name)
    with locate_errors(file=shown_path(path)):
        try:
            if path.is_dir():
                raise InputError("unreadable", message("it is a folder; a document is a file."))
            if path.exists() and not path.is_file():
                raise InputError("unreadable", message("it is not a regular file; a document must be one."))
            stamp, content = file_stamp(path), read(path)
            if b"\n[[layers]]" in content[:MAX_BYTES] and not content.startswith(b"PK"):
                problem = message(
                    "it is a preset, and not a document; rename it to {name}.", name=quote(f"{path.stem}.toml")
                )
                raise InputError("unreadable", problem)
            session = restore_session(content, {})
            return with_document(session, path, read_info(BytesIO(content)).saved_at, stamp)
        except OSError as error:
            problem = message("it cannot be read: {reason}.", reason=os_error_reason(error))
            raise InputError("unreadable", problem, suggestions=nearest_files(path)) from None


def is_openable(path: Path) -> bool:
    """Return whether there is a file that the app opens: a document, a preset, a lesson or a table of any ending.

    A file with weights counts, too: its error says how to open it.
    """
    is_known = (
        is_document_name(path) or path.suffix.lower() == ".toml" or is_export_name(path) or is_table_name(str(path))
    )
    return path.is_file() and is_known


def open_any(
    name_or_path: str,
    seed: int | None = None,
    *,
    changes: DataChanges = NO_CHANGES,
    progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Session | Experiment:
    """Open a document by its ending, another file, or a preset by its id.

    Args:
        name_or_path: The id of a preset, or the path of a file.
        seed: Replaces the seed of an experiment.
        changes: Other values of keys of ``[data]``, for tables.
        progress: Gets the share of a large table that is read, from 0 to 1.
        should_stop: Returns whether to stop reading.

    Raises:
        InputError: If there is no such file or preset, and for anything wrong with it.
    """
    if not is_document_name(name_or_path):
        return open_experiment(name_or_path, seed, changes=changes, progress=progress, should_stop=should_stop)
    if changes:
        raise not_a_table_error(changes, Path(name_or_path).name)
    return open_document(name_or_path)
