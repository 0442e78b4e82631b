"""The bytes of a file with a table: the size limit, gzip, and sentences for files that are no tables."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.table.file_errors import check_not_stopped, shown_path
from nn_tui.core.table.values import MAX_BYTES
from nn_tui.core.translation import Message, message

_PIECE = 2**20
_GZIP = b"\x1f\x8b"
_SAVE_AS_CSV = message("this is an Excel workbook; save the sheet as CSV.")
_PICTURE = message("this is a picture; a table is a text file with one line for each row.")
_ARCHIVE = message("this is an archive; unpack it and open the table in it.")
_ARRAYS = message("this is a file of NumPy arrays; write them as text, for example with numpy.savetxt.")
_R_DATA = message("this is an R data file; write the table with write.csv.")
_WEB_PAGE = message("this is a web page; download the file of the table itself, often behind a link named raw.")
# The first bytes of files that people take for tables, the longest first.
_SIGNATURES: tuple[tuple[bytes, Message], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _SAVE_AS_CSV),
    (b"%PDF", message("this is a PDF document; copy the table into a spreadsheet and save it as CSV.")),
    (b"{\\rtf", message("this is a text document (RTF); save it as plain text.")),
    (b"\x93NUMPY", _ARRAYS),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"PAR1", message("this is a Parquet file; save the table as CSV, for example with pandas.")),
    (b"ARROW1", message("this is an Arrow file; save the table as CSV, for example with pandas.")),
    (b"ORC", message("this is an ORC file; save the table as CSV, for example with pandas.")),
    (b"\x89HDF\r\n\x1a\n", message("this is an HDF5 file; save the table as CSV.")),
    (b"SQLite format 3\0", message("this is an SQLite database; export the table as CSV.")),
    (b"RDX", _R_DATA),
    (b"X\n\0\0\0", _R_DATA),
    (_GZIP, message("this is a gzip file within another one; unpack it once.")),
    (b"$FL2@(#)", message("this is an SPSS file; save the table as CSV.")),
    (b"<stata_dta>", message("this is a Stata file; save the table as CSV.")),
    (b"MATLAB 5.0", message("this is a MATLAB file; save the table as CSV.")),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ\0", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
)
_ZIPS: tuple[tuple[bytes, Message], ...] = (
    (b"xl/", _SAVE_AS_CSV),
    (b"word/", message("this is a Word document; copy the table into a spreadsheet and save it as CSV.")),
    (b"mimetypeapplication/vnd.oasis.opendocument", message("this is a LibreOffice spreadsheet; save it as CSV.")),
    (b".npy", _ARRAYS),
    (b"data.pkl", message("this is a PyTorch file; write the table as CSV.")),
)
_PICKLE = re.compile(rb"\x80[\x02-\x05](?:\x95.{8}|[\x00-\xff])", re.DOTALL)
_MARKUP = re.compile(r"<(!doctype\s+html|html|head|body|script|\?xml|svg|[a-z][a-z0-9]*[ >/])", re.IGNORECASE)


def read_bytes(
    source: Path | bytes, file: str, max_bytes: int = MAX_BYTES, should_stop: Callable[[], bool] | None = None
) -> tuple[bytes, str]:
    """Return the bytes of a file, and how they were compressed: ``gzip`` or an empty string.

    Args:
        source: The path, or the bytes of the file.
        file: The name of the file, for messages.
        max_bytes: The largest size that is read, also after it is unpacked.
        should_stop: Whether a person wants to stop.

    Raises:
        InputError: If the file cannot be read, is too large, or is of a kind that is no table.
    """
    if isinstance(source, bytes):
        data = source
        _check_size(len(data), file, max_bytes)
    else:
        data = read_file(source, max_bytes)
    compression = ""
    if data.startswith(_GZIP):
        data, compression = _unpack(data, file, max_bytes, should_stop), "gzip"
    problem = _other_kind(data)
    if problem:
        raise InputError("unreadable", problem, file=file)
    return data, compression


def check_text(start: str, file: str) -> None:
    """Raise an error if a text, of which this is the start, is a web page, JSON or another kind of text than a table.

    Raises:
        InputError: If it is.
    """
    text = start.lstrip("\ufeff \t\r\n")
    if match := _MARKUP.match(text):
        xml = match[1].lower() == "?xml" and "<html" not in text[:1000].lower()
        problem = message("this is an XML file; save the table as CSV.") if xml else _WEB_PAGE
        raise InputError("unreadable", problem, file=file)
    if text.startswith("version https://git-lfs.github.com/"):
        problem = message("this is a pointer of Git LFS in place of the file; fetch the file with git lfs pull.")
        raise InputError("unreadable", problem, file=file)
    if re.match(r"\[+ *[-+0-9.e]+ +[-+0-9.]", text):
        problem = message("this is a printed NumPy array; write the array with numpy.savetxt.")
        raise InputError("unreadable", problem, file=file)
    if re.match(r"\{ *[-+0-9.]+ *,", text):
        problem = message("this is an array of a program; write its rows without braces.")
        raise InputError("unreadable", problem, file=file)
    if re.match(r'\{\s*("|\}|$)|\[\s*[\[{]', text) or _is_json_list(text.partition("\n")[0].strip()):
        problem = message("this is a JSON file; write the table as CSV, for example with pandas.")
        if '"cell_type"' in text or '"nbformat"' in text:
            problem = message("this is a notebook; open the table that it reads.")
        raise InputError("unreadable", problem, file=file)
    if re.match(r"[+-]?[0-9.]+(?: [0-9]+:[0-9.eE+-]+)+\s*\n", text):
        problem = message("this is a LIBSVM file, which leaves out zeros; write all columns as CSV.")
        raise InputError("unreadable", problem, file=file)


def _is_json_list(line: str) -> bool:
    try:
        return line.startswith("[") and len(json.loads(line)) > 1
    except (ValueError, RecursionError):
        return False


def read_file(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        InputError: If there is no such file, or if it cannot be read or is larger than ``max_bytes``.
    """
    name = shown_path(path)
    try:
        if path.is_dir():
            raise InputError("unreadable", message("{name} is a folder; give a file.", name=name))
        if not path.exists():
            file, folder = shown_path(Path(path.name)), shown_path(path.parent.absolute())
            problem = message("there is no file {file} in {folder}.", file=file, folder=folder)
            raise InputError("not_found", problem, value=str(path))
        if not path.is_file():
            raise InputError("unreadable", message("{name} is not a regular file; give a file.", name=name))
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        problem = message("{name} cannot be read: {reason}.", name=name, reason=os_error_reason(error))
        raise InputError("unreadable", problem) from None
    _check_size(len(data), name, max_bytes)
    return data


def _check_size(size: int, file: str, max_bytes: int) -> None:
    if size > max_bytes:
        problem = message("{name} is larger than {max} MiB; use a part of it.", name=file, max=max_bytes // 2**20)
        raise InputError("too_large", problem)


def _unpack(data: bytes, file: str, max_bytes: int, should_stop: Callable[[], bool] | None) -> bytes:
    """Return the content of a gzip file, which may have several parts, without more memory than the limit."""
    pieces, size = [], 0
    try:
        while data.startswith(_GZIP):
            unpacker = zlib.decompressobj(wbits=31)
            while not unpacker.eof:
                check_not_stopped(should_stop)
                piece = unpacker.decompress(data, _PIECE)
                data = unpacker.unconsumed_tail
                if not piece and not data and not unpacker.eof:
                    raise zlib.error
                pieces.append(piece)
                size += len(piece)
                _check_size(size, file, max_bytes)
            data = unpacker.unused_data
    except zlib.error:
        problem = message("the compressed file is damaged or incomplete; download it again.")
        raise InputError("unreadable", problem, file=file) from None
    return b"".join(pieces)


def _other_kind(data: bytes) -> Message | None:
    """Return what a file is, if its first bytes say that it is no text."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((problem for mark, problem in _ZIPS if mark in data[:4096] or mark in data[-4096:]), _ARCHIVE)
    for mark, problem in _SIGNATURES:
        if data.startswith(mark):
            return problem
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _PICTURE
    if data.startswith(b"BM") and b"\0" in data[:32]:
        return _PICTURE
    if data[257:262] == b"ustar":
        return _ARCHIVE
    if data.startswith(b"\x80") and _PICKLE.match(data) and b"\0" in data[:4096]:
        return message("this is a Python pickle; write the table as CSV, for example with pandas.")
    return None
