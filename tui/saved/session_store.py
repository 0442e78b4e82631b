"""The folder where sessions are kept: a file for each app that is or was open, and no file that two apps write.

An app holds a lock beside its file for as long as it lives, and the system lets go of it however the app ends.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.saved.read import read_header
from nn_tui.core.saved.write import MAX_BYTES, MAX_HEADER_BYTES
from nn_tui.core.text import printable
from nn_tui.tui.config.files import make_folder, write_whole

ENDING = ".session"
KEPT = 8  # sessions, the newest
ROOM = 2 * MAX_BYTES  # for all of them
_FORGOTTEN = 86_400  # seconds after which a temporary file is nobody's any more


@dataclass(frozen=True, slots=True)
class Offer:
    """A kept session that no open app writes: of which preset, where it stands, when that was, computed with what.

    Its run goes as far as update ``reached``.
    """

    path: Path
    preset: str
    title: str
    update: int
    reached: int
    kept: int
    kernels: str

    @property
    def place(self) -> str:
        """Where it stands, and how far its run goes where that is further."""
        return f"update {self.update:,}" + (f" of {self.reached:,}" if self.reached > self.update else "")

    @property
    def when(self) -> str:
        """The time of day, with the day if that is another one."""
        then = time.localtime(self.kept)
        is_today = then[:3] == time.localtime(time.time())[:3]
        return time.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M", then)


@dataclass(frozen=True, slots=True)
class Slot:
    """An app's own file, and the descriptor of its lock."""

    path: Path
    lock: int


def offers(folder: Path, own: Path | None = None) -> tuple[list[Offer], list[str]]:
    """The sessions that can be resumed, the newest first, and a sentence for each file that is none."""
    found: list[Offer] = []
    notices: list[str] = []
    for path, _ in _files(folder):
        if path == own or _is_open(path):
            continue
        try:
            found.append(_offer(path))
        except InputError as error:
            notices.append(left_out(path, error))
        except OSError as error:
            notices.append(left_out(path, InputError(f"it cannot be read: {(error.strerror or 'error').lower()}")))
    return sorted(found, key=lambda offer: -offer.kept), notices


def left_out(path: Path, error: InputError) -> str:
    """The sentence about a file that cannot be resumed."""
    return f"{printable(str(path))} is left out, because {printable(str(error))}."


def all_left_out(folder: Path, notices: Sequence[str]) -> str:
    """The sentences about all of them, short enough for one line; "" for none."""
    if len(notices) <= 1:
        return "".join(notices)
    return f"{len(notices)} files in {printable(str(folder))} are left out. nn-tui list --kept says why."


def none_can_be(folder: Path, notices: Sequence[str]) -> str:
    """The sentences about there being no session to resume."""
    if not notices:
        return "No session is kept."
    where = printable(str(folder))
    none = f"The file in {where} cannot" if len(notices) == 1 else f"None of the {len(notices)} files in {where} can"
    return f"{none} be resumed. nn-tui list --kept says why."


def _offer(path: Path) -> Offer:
    with path.open("rb") as stream:
        first = stream.readline(MAX_HEADER_BYTES)
        size = os.fstat(stream.fileno()).st_size
    said = read_header(first)
    texts = [said.get(name) for name in ("preset", "title", "kernels")]
    wholes = [said.get("update"), said.get("reached", said.get("update")), said.get("kept")]
    if not all(isinstance(text, str) and text.isprintable() for text in texts):
        raise InputError("it is damaged")
    if not all(isinstance(whole, int) and 0 <= whole < 2**40 for whole in wholes):
        raise InputError("it is damaged")
    # The digest is left to who resumes it; a file of before does not say its size.
    if said.get("bytes", size - len(first)) != size - len(first):
        raise InputError("it is damaged")
    update, reached, moment = (int(whole or 0) for whole in wholes)
    return Offer(path, str(texts[0]), str(texts[1]), update, reached, moment, str(texts[2]))


def read(path: Path) -> bytes:
    """The bytes of a kept session, one more than there may be of a file that is too large; OSError."""
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def unkept(folder: Path) -> str:
    """The sentence about a folder that no session could be kept in, as far as a look at it tells; "" for a good one."""
    if not folder.is_absolute():
        return "Sessions cannot be kept: there is no home folder."
    there = next(place for place in (folder, *folder.parents) if os.path.exists(place))
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return ""
    what = "cannot be written to" if there.is_dir() else "is not a folder"
    return f"Sessions cannot be kept: {printable(str(there))} {what}."


def new_slot(folder: Path) -> Slot:
    """A file that is nobody's yet, locked; OSError."""
    make_folder(folder, private=True)
    stem, number = time.strftime("%Y%m%dT%H%M%S"), 0
    while True:
        path = folder / f"{stem}-{os.getpid()}{f'-{number}' if number else ''}{ENDING}"
        slot = None if path.exists() else claim(path)
        if slot is not None:
            return slot
        number += 1


def claim(path: Path) -> Slot | None:
    """The file as this app's own; None where another app has it. Raises OSError."""
    lock = _lock_of(path)
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(handle):
            os.close(handle)
            return None
        # Whoever gave it up may have removed the file between the two calls.
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(handle), os.stat(lock)):
                return Slot(path, handle)
        os.close(handle)


def release(slot: Slot) -> None:
    """Give the file up; what is in it stays."""
    with contextlib.suppress(OSError):
        os.unlink(_lock_of(slot.path))
    os.close(slot.lock)


def put(slot: Slot, pieces: Iterable[bytes | memoryview]) -> None:
    """Write the slot's file, and let the oldest ones of others go; OSError."""
    write_whole(slot.path, pieces, private=True)
    with contextlib.suppress(OSError):
        _tidy(slot.path.parent, slot.path)


def _tidy(folder: Path, own: Path) -> None:
    room = ROOM
    for place, (path, size) in enumerate(_files(folder)):
        room -= size
        if (place >= KEPT or room < 0) and path != own and (slot := claim(path)) is not None:
            path.unlink(missing_ok=True)
            release(slot)
    for path in folder.iterdir():
        # What a power cut or a kill has left: a half-written file, a lock without an app.
        old = path.name.startswith(".") and path.stat().st_mtime < time.time() - _FORGOTTEN
        orphan = path.name.endswith(f"{ENDING}.lock") and not path.with_suffix("").exists()
        if old:
            path.unlink(missing_ok=True)
        elif orphan and (slot := claim(path.with_suffix(""))) is not None:
            release(slot)


def _files(folder: Path) -> list[tuple[Path, int]]:
    """The kept sessions and their sizes, the last written first; none where the folder cannot be read."""
    found: list[tuple[float, Path, int]] = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                if path.suffix == ENDING and not path.name.startswith(".") and path.is_file():
                    found.append((path.stat().st_mtime, path, path.stat().st_size))
    return [(path, size) for _, path, size in sorted(found, reverse=True)]


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _is_open(path: Path) -> bool:
    if not _lock_of(path).exists():
        return False
    try:
        slot = claim(path)
    except OSError:
        return False
    if slot is not None:
        release(slot)
    return slot is None


def _locked(handle: int) -> bool:
    """Whether this process now holds the lock; where there are none, every name is unique all the same."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
