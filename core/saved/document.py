"""The file format of a document: a ZIP archive that is not compressed.

Its first entry, ``document.json``, describes the session. ``session.json`` has everything but the numbers of the
arrays, which are in ``arrays/0.npy``, ``arrays/1.npy``, … in NumPy's own format. Nothing in it names the machine, and
nothing in it is code. The checksums of ZIP find damage.

The reader trusts nothing: an entry is as large in memory as in the file, so the limit of the file bounds both.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import prod
from typing import BinaryIO, TypeVar
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.saved.codec import from_json, invalid_value, to_json
from nn_tui.core.spec import Array
from nn_tui.core.text import truncate
from nn_tui.core.translation import message

FORMAT, VERSION = "nn-tui-document", 2  # 1 differs only in fields that later versions add; it is read too
MAX_BYTES = 128 * 2**20  # of the whole file
MAX_TREE_BYTES = 32 * 2**20  # of session.json, which takes several times its size when it is read
MAX_TREE_VALUES = 4_000_000  # in session.json; reading one takes about a microsecond
_MAX_INFO_BYTES = 4096
_MAX_DIRECTORY_BYTES = 2**20  # of the list of entries
_INFO, _TREE = "document.json", "session.json"
_OLD_START = b'{"format": "nn-tui-session/'  # of the files of versions before the first document
_END = b"PK\x05\x06"  # starts the last 22 bytes of an archive; with 64-bit sizes, 20 other bytes come before them
_END_BYTES = 22
_MISFITS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError)
_DAMAGES = (BadZipFile, EOFError, KeyError, OSError, RuntimeError)  # KeyError: an entry is missing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """The description of a session.

    Attributes:
        preset: The id of the preset.
        title: The title of the preset.
        update: The last update that the session has finished.
        reached: The last update of its run.
        saved_at: The time of the save in seconds since 1970.
        kernels: The numerical libraries that computed it.
        document_saved_at: The time of the save of the document that lacks changes of this session; 0 if none does.
        is_practice: Whether the session has a practice that was begun and not ended.
        topic: The topic of its exercises; empty if they are those of the preset.
        answered: How many of its questions are answered.
        lesson: The title of the lesson on screen; empty outside of lessons.
    """

    preset: str
    title: str
    update: int
    reached: int
    saved_at: int
    kernels: str
    document_saved_at: int = 0
    is_practice: bool = False
    topic: str = ""
    answered: int = 0
    lesson: str = ""


def write_document(info: DocumentInfo, tree: object, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the content of a document; the same values give the same bytes.

    Args:
        info: The description of the session.
        tree: A dataclass with the session, which :func:`nn_tui.core.saved.codec.to_json` can convert.
        max_bytes: How large the document may be.

    Raises:
        InputError: For a session that is too large.
    """
    arrays: dict[int, tuple[int, Array]] = {}  # by the id of the array, so that each is written once

    def add_array(array: Array) -> int:
        return arrays.setdefault(id(array), (len(arrays), array))[0]

    text = json.dumps(to_json(tree, add_array), allow_nan=False, separators=(",", ":")).encode()
    _check_tree_size(text)
    if sum(array.nbytes for _, array in arrays.values()) > max_bytes:
        raise too_large_error()
    head = {"format": f"{FORMAT}/{VERSION}", **to_json(info, add_array)}
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        archive.writestr(ZipInfo(_INFO), json.dumps(head, ensure_ascii=False))
        archive.writestr(ZipInfo(_TREE), text)
        for number, array in arrays.values():
            plain = np.ascontiguousarray(array, "<f8")
            with archive.open(ZipInfo(_array_name(number)), "w") as entry:
                np.lib.format.write_array_header_1_0(entry, np.lib.format.header_data_from_array_1_0(plain))
                entry.write(plain.data)
    if stream.tell() > max_bytes:
        raise too_large_error()
    return stream.getvalue()


def read_info(stream: BinaryIO) -> DocumentInfo:
    """Return the description of the session in a document, without reading the session.

    Raises:
        InputError: For a file that is not a document of this version, or is cut.
    """
    with rejecting_misfits(), _open(stream) as archive:
        return _read_info(archive)


def read_document(content: bytes, kind: type[T]) -> T:
    """Return the session in a document.

    Args:
        content: The content of the file.
        kind: The dataclass of the session, which :func:`write_document` was given.

    Raises:
        InputError: For anything that :func:`write_document` did not write.
    """
    if len(content) > MAX_BYTES:
        raise too_large_error()
    with rejecting_misfits(), _open(BytesIO(content)) as archive:
        _read_info(archive)
        get_array = cache(lambda number: _read_array(archive.read(_array_name(number))))
        text = archive.read(_TREE)
        _check_tree_size(text)
        return from_json(kind, json.loads(text), get_array, ())


@contextmanager
def rejecting_misfits() -> Iterator[None]:
    """Raise InputError instead of the errors of other kinds that damage, or parts that do not fit together, cause."""
    try:
        yield
    except InputError:
        raise
    except _DAMAGES:
        raise _damaged_error() from None
    except _MISFITS:
        raise InputError("conflict", message("its values do not fit together.")) from None


def _damaged_error() -> InputError:
    return InputError("damaged", message("it is damaged: a part is missing or was changed; use another copy."))


def too_large_error() -> InputError:
    """Return the error for a session beyond the limits; the caller raises it."""
    return InputError("too_large", message("it is larger than {max} MiB.", max=MAX_BYTES // 2**20))


def _check_tree_size(text: bytes) -> None:
    if len(text) > MAX_TREE_BYTES or text.count(b",") + text.count(b"[") > MAX_TREE_VALUES:
        raise too_large_error()


def _array_name(number: int) -> str:
    return f"arrays/{number}.npy"


def _open(stream: BinaryIO) -> ZipFile:
    """Return the archive in a stream, after the checks that keep its reader from using much memory."""
    start = stream.read(len(_OLD_START))
    if start == _OLD_START:
        problem = message("an earlier version of nn-tui saved it, and this version cannot read it.")
        raise InputError("other_version", problem)
    if not start.startswith(b"PK\x03\x04"):
        raise InputError("unreadable", message("it is not a document that nn-tui saved."))
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - 2 * _END_BYTES))
    before, end = stream.read(_END_BYTES), stream.read()
    has_wide_sizes = before[2:6] == b"PK\x06\x07"
    if end[:4] != _END or end[20:] != b"\0\0" or has_wide_sizes:
        raise _damaged_error()
    if int.from_bytes(end[12:16], "little") > _MAX_DIRECTORY_BYTES:
        raise too_large_error()
    archive = ZipFile(stream)
    entries = archive.infolist()
    is_plain = all(entry.compress_type == ZIP_STORED and not entry.flag_bits & 1 for entry in entries)
    if not is_plain or sum(max(entry.file_size, entry.compress_size) for entry in entries) > size:
        raise _damaged_error()
    return archive


def _read_info(archive: ZipFile) -> DocumentInfo:
    head: dict[str, object] = {}
    with suppress(*_MISFITS):
        if archive.getinfo(_INFO).file_size <= _MAX_INFO_BYTES:
            head = dict(json.loads(archive.read(_INFO)))
    name, _, version = str(head.pop("format", "")).partition("/")
    if name != FORMAT or not (version.isascii() and version.isdecimal()) or int(version) < 1:
        raise InputError("unreadable", message("it is not a document that nn-tui saved."))
    if int(version) > VERSION:
        problem = message(
            "a newer nn-tui saved it in version {theirs} of the format; this one reads version {ours}: update nn-tui.",
            theirs=truncate(version),
            ours=VERSION,
        )
        raise InputError("other_version", problem, value=version)
    info = from_json(DocumentInfo, head, _no_array, (_INFO,))
    if not all(text.isprintable() for text in (info.preset, info.title, info.kernels)) or info.saved_at >= 2**40:
        raise invalid_value(_INFO)
    return info


def _no_array(number: int) -> Array:
    raise invalid_value(_INFO)


def _read_array(content: bytes) -> Array:
    """Return the array in a file of NumPy's format: little-endian float64 in C order, as long as its header says."""
    stream = BytesIO(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # NumPy warns of some headers that it does not write itself
            version = np.lib.format.read_magic(stream)
            shape, is_fortran_order, dtype = np.lib.format.read_array_header_1_0(stream)
    except Exception:  # a wrong header raises errors of many kinds
        raise invalid_value("arrays") from None
    rest = memoryview(content)[stream.tell() :]
    is_plain = version == (1, 0) and not is_fortran_order and dtype.str == "<f8"
    if not is_plain or min(shape, default=0) < 0 or 8 * prod(shape) != len(rest):
        raise invalid_value("arrays")
    return np.frombuffer(rest, "<f8").reshape(shape).astype(np.float64, copy=False)
