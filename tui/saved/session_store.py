"""The folder of kept sessions: one file for each app that is or was open. Two apps never write the same file.

An app holds a lock on a second file beside its own. The system releases the lock however the app ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from nn_tui.core.errors import InputError, locate_errors, os_error_reason
from nn_tui.core.saved.atomic_write import make_folder, write_atomically
from nn_tui.core.saved.document import MAX_BYTES, DocumentInfo, read_info
from nn_tui.core.table.file_names import DOCUMENT_ENDING
from nn_tui.core.text import path_from_home, printable
from nn_tui.core.translation import message, tr, tr_plural

OLD_SUFFIX = ".session"  # of files of versions before the first document; they are named, and stay
MAX_SESSIONS = 8
MAX_TOTAL_BYTES = 2 * MAX_BYTES
_MAX_DOCUMENT_PATH = 50_000  # bytes of the file that names the document of a session
_STALE_SECONDS = 86_400  # age of a temporary file that no app can be writing any more


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionInfo(DocumentInfo):
    """A kept session that no open app writes: the description in its file, and what is known on this machine.

    Attributes:
        path: The file of the session.
        document: The document of the session, and the time of its save; None without one.
    """

    path: Path
    document: tuple[Path, int] | None = None

    @property
    def name(self) -> str:
        """The name of the document, or the title of the preset."""
        return self.title if self.document is None else printable(self.document[0].name)

    @property
    def progress(self) -> str:
        """The update, and the last update of the run if that is a later one."""
        if self.reached > self.update:
            return tr("update {update:,} of {reached:,}", update=self.update, reached=self.reached)
        return tr("update {update:,}", update=self.update)

    @property
    def time_text(self) -> str:
        """The time of the save, with the date if that is not today."""
        then = time.localtime(self.saved_at)
        is_today = then[:3] == time.localtime(time.time())[:3]
        return time.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M", then)


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A locked session file; ``descriptor`` is the open lock file."""

    path: Path
    descriptor: int


def find_sessions(folder: Path, own: Path | None = None) -> tuple[list[SessionInfo], list[str]]:
    """Find the kept sessions that no app has locked.

    Args:
        folder: The folder of the kept sessions.
        own: A file to skip.

    Returns:
        The sessions, newest first, and a message for each file that is not a session.
    """
    sessions: list[SessionInfo] = []
    notices: list[str] = []
    for path, _ in _session_files(folder, DOCUMENT_ENDING, OLD_SUFFIX):
        if path == own or _is_locked(path):
            continue
        try:
            sessions.append(_read_info(path))
        except InputError as error:
            notices.append(left_out_message(error))
        except OSError as error:
            problem = message("it cannot be read: {reason}.", reason=os_error_reason(error))
            notices.append(left_out_message(InputError("unreadable", problem, file=path_from_home(path))))
    return sorted(sessions, key=lambda saved: -saved.saved_at), notices


def left_out_message(error: InputError) -> str:
    """Return the message about a file that cannot be resumed; ``error`` names the file."""
    return tr("{problem} The file is left out.", problem=error)


def left_out_summary(folder: Path, notices: Sequence[str]) -> str:
    """Return one message for all files that cannot be resumed; the only notice itself if there is one."""
    if len(notices) <= 1:
        return "".join(notices)
    return tr(
        "{count} files in {folder} are left out. nn-tui list --kept says why.",
        count=len(notices),
        folder=path_from_home(folder),
    )


def no_session_message(folder: Path, notices: Sequence[str]) -> str:
    """Return the message that there is no session to resume; ``notices`` are those about damaged files."""
    if not notices:
        return tr("No session is kept.")
    return tr_plural(
        "The file in {folder} cannot be resumed. nn-tui list --kept says why.",
        "None of the {count} files in {folder} can be resumed. nn-tui list --kept says why.",
        len(notices),
        folder=path_from_home(folder),
    )


def _read_info(path: Path) -> SessionInfo:
    with path.open("rb") as stream, locate_errors(file=path_from_home(path)):
        return SessionInfo(path=path, document=_read_document_path(path), **asdict(read_info(stream)))


def save_document_path(file: SessionFile, document: Path, saved_at: int) -> None:
    """Write beside a session file where the document of the session is, which no document may contain.

    Args:
        file: The locked file.
        document: The document of the session.
        saved_at: The time of its save in seconds since 1970.

    Raises:
        OSError: If the file cannot be written.
    """
    content = json.dumps({"path": os.path.abspath(document), "saved_at": saved_at})
    write_atomically(_document_path(file.path), content, private=True)


def _read_document_path(path: Path) -> tuple[Path, int] | None:
    """Return what :func:`save_document_path` wrote; None if it wrote nothing, or if the file was changed."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, RecursionError):
        with _document_path(path).open("rb") as stream:
            saved = json.loads(stream.read(_MAX_DOCUMENT_PATH))
        return Path(str(saved["path"])), int(saved["saved_at"])
    return None


def _document_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.document")


def read(path: Path) -> bytes:
    """Read a session file, but at most one byte more than the allowed size. Raises OSError."""
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def why_not_writable(folder: Path) -> str:
    """Return a message if no session can be kept in ``folder``, else the empty string. Writes nothing."""
    if not folder.is_absolute():
        return tr("Sessions cannot be kept: there is no home folder.")
    existing = next(path for path in (folder, *folder.parents) if os.path.exists(path))
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return ""
    if existing.is_dir():
        return tr("Sessions cannot be kept: {folder} cannot be written to.", folder=path_from_home(existing))
    return tr("Sessions cannot be kept: {file} is not a folder.", file=path_from_home(existing))


def create(folder: Path) -> SessionFile:
    """Lock a new file name. Raises OSError."""
    make_folder(folder, private=True)
    stem, number = time.strftime("%Y%m%dT%H%M%S"), 0
    while True:
        path = folder / f"{stem}-{os.getpid()}{f'-{number}' if number else ''}{DOCUMENT_ENDING}"
        file = None if path.exists() else lock(path)
        if file is not None:
            return file
        number += 1


def lock(path: Path) -> SessionFile | None:
    """Lock a session file; return None if another app has locked it. Raises OSError."""
    lock_path = _lock_path(path)
    while True:
        descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _try_lock(descriptor):
            os.close(descriptor)
            return None
        # Another app may have deleted the lock file between the two calls.
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), os.stat(lock_path)):
                return SessionFile(path, descriptor)
        os.close(descriptor)


def lock_document(folder: Path, document: Path) -> SessionFile | None:
    """Lock a name that stands for a document; return None if another app has locked it. Raises OSError."""
    make_folder(folder, private=True)
    name = sha256(os.fsencode(document.resolve())).hexdigest()[:32]
    return lock(folder / f"{name}{DOCUMENT_ENDING}")


def unlock(file: SessionFile) -> None:
    """Unlock a session file; its content stays."""
    with contextlib.suppress(OSError):
        os.unlink(_lock_path(file.path))
    os.close(file.descriptor)


def save(file: SessionFile, content: bytes, max_total_bytes: int = MAX_TOTAL_BYTES) -> None:
    """Write a session file and delete the oldest ones beyond the limits.

    Args:
        file: The locked file.
        content: Its content.
        max_total_bytes: The limit of all session files together.

    Raises:
        OSError: If the file cannot be written.
    """
    write_atomically(file.path, content, private=True)
    with contextlib.suppress(OSError):
        _delete_old(file.path.parent, file.path, max_total_bytes)


def _delete_old(folder: Path, own: Path, max_total_bytes: int) -> None:
    free = max_total_bytes
    for index, (path, size) in enumerate(_session_files(folder, DOCUMENT_ENDING)):
        free -= size
        if (index >= MAX_SESSIONS or free < 0) and path != own and (file := lock(path)) is not None:
            path.unlink(missing_ok=True)
            unlock(file)
    for path in folder.iterdir():
        # A power cut or SIGKILL leaves temporary files, and lock files without a session.
        is_stale = path.name.startswith(".") and path.stat().st_mtime < time.time() - _STALE_SECONDS
        is_orphan = path.name.endswith(f"{DOCUMENT_ENDING}.lock") and not path.with_suffix("").exists()
        is_without_session = path.name.endswith(f"{DOCUMENT_ENDING}.document") and not path.with_suffix("").exists()
        if is_stale or is_without_session:
            path.unlink(missing_ok=True)
        elif is_orphan and (file := lock(path.with_suffix(""))) is not None:
            unlock(file)


def _session_files(folder: Path, *suffixes: str) -> list[tuple[Path, int]]:
    """Return the files with these endings and their sizes, last written first; none if the folder cannot be read."""
    files: list[tuple[float, Path, int]] = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                if path.suffix in suffixes and not path.name.startswith(".") and path.is_file():
                    files.append((path.stat().st_mtime, path, path.stat().st_size))
    return [(path, size) for _, path, size in sorted(files, reverse=True)]


def _lock_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _is_locked(path: Path) -> bool:
    if not _lock_path(path).exists():
        return False
    try:
        file = lock(path)
    except OSError:
        return False
    if file is not None:
        unlock(file)
    return file is None


def _try_lock(descriptor: int) -> bool:
    """Lock an open file and return whether that worked. On a file system without locks it always works."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
