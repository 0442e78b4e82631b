"""The encoding of a text file. UTF-8 is recognised for certain; other encodings are estimated.

This is the only module that imports charset-normalizer, and only for a file that is not UTF-8.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable
from encodings.aliases import aliases

from nn_tui.core.errors import InputError
from nn_tui.core.table.file_errors import check_not_stopped, line_error
from nn_tui.core.text import closest_names, quote
from nn_tui.core.translation import message

_PIECE = 2**20
_MARKS = (  # a byte order mark, and the encoding that it tells of; that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_FILE_ENCODINGS = {  # of names and of bytes, and those that a system or a codec forbids
    *("idna", "punycode", "unicode-escape", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape", "undefined"),
    *("mbcs", "oem", "base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"),
}
_WESTERN = ("cp1252", "cp1250", "iso8859-2", "mac-roman", "cp437")  # the likeliest first
_SCRIPTS = (  # an encoding, a strict one, the letters of its language, their least share of all beyond ASCII
    ("cp949", "euc_kr", re.compile("[가-힣]"), 0.75),
    ("cp932", "cp932", re.compile("[ぁ-ヶ]"), 0.5),
)
_NO_SIGNS = "‘’“”«»„°²³±µ"  # beside letters in correct texts
_OTHERS = ["cp949", "cp932", "euc_jp", "gb18030", "big5", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874"]
_HIGH = re.compile(rb"[\x80-\xff]+")
_MAX_SAMPLE = 20_000
_MIN_MIXED_SHARE = 0.2  # of the runs of bytes beyond ASCII that are valid UTF-8 beside single bytes that are not
_MIN_VALID_SHARE = 0.95  # of the characters beyond ASCII that are valid, if a file is UTF-8 with a damaged byte


def find_encoding(data: bytes, asked: str | None, file: str, should_stop: Callable[[], bool] | None = None) -> str:
    """Return the name of the codec of Python that decodes a whole file, in lower case.

    Args:
        data: The file.
        asked: The encoding that a person chose.
        file: The name of the file, for messages.
        should_stop: Whether a person wants to stop.

    Raises:
        InputError: If the file is no text, or not in the encoding that was asked for.
    """
    if asked is not None:
        name = _codec_name(asked)
        _check_decodes(data, name, file, should_stop)
        return name
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    name = marked or _wide_encoding(data) or "utf-8"
    if not name.startswith("utf-8"):
        _check_decodes(data, name, file, should_stop)
        return name
    _check_no_nul(data, file)
    if data.isascii():
        is_japanese = (b"\x1b$B" in data or b"\x1b$@" in data) and _decodes(data, "iso2022_jp")
        return "iso2022_jp" if is_japanese else "utf-8"
    try:
        _check_decodes(data, "utf-8", file, should_stop)
    except InputError as error:
        if error.code != "unreadable" or marked or _is_damaged_utf8(data):
            raise
        name = _estimated_encoding(data)
        _check_decodes(data, name, file, should_stop)
    return name


def check_utf8(data: bytes, file: str) -> None:
    """Check that a file is UTF-8 text.

    Raises:
        InputError: If it is not, with the line.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise line_error("unreadable", file, 1, message("the text is UTF-16; save it as UTF-8."))
    _check_no_nul(data, file)
    _check_decodes(data, "utf-8", file, None)


def _check_no_nul(data: bytes, file: str) -> None:
    if (nul := data.find(0)) >= 0:
        problem = message("there is a NUL byte, so this is not a text file; save it as CSV.")
        raise line_error("unreadable", file, _line_at(data, nul), problem)


def _codec_name(asked: str) -> str:
    try:
        io.TextIOWrapper(io.BytesIO(), asked)  # refuses a codec that makes no text
        name = codecs.lookup(asked).name
        if name not in _NO_FILE_ENCODINGS:
            return name
    except (LookupError, ValueError):  # ValueError: a NUL character in the name
        pass
    names = sorted(set(aliases.values()) - _NO_FILE_ENCODINGS)
    problem = message("{name} is not a text encoding; write one such as utf-8, cp949 or latin-1.", name=quote(asked))
    raise InputError("not_a_choice", problem, value=asked, suggestions=tuple(closest_names(asked, names)))


def _check_decodes(data: bytes, name: str, file: str, should_stop: Callable[[], bool] | None) -> None:
    """Raise an error with the line of the first byte that is not in the encoding ``name``."""
    decoder = codecs.getincrementaldecoder(name)()
    for start in range(0, len(data) or 1, _PIECE):
        check_not_stopped(should_stop)
        piece = data[start : start + _PIECE]
        try:
            decoder.decode(piece, final=start + _PIECE >= len(data))
        except UnicodeError as error:
            # The decoder may have kept some bytes of the piece before.
            shift = len(error.object) - len(piece) if isinstance(error, UnicodeDecodeError) else 0
            at = start + (error.start - shift if isinstance(error, UnicodeDecodeError) else 0)
            at = min(max(at, 0), len(data) - 1)
            problem = message(
                "byte {byte} is not {encoding} text; give the right encoding, or save the file as UTF-8.",
                byte=f"0x{data[at]:02x}",
                encoding=name.upper(),
            )
            raise line_error("unreadable", file, _line_at(data, at), problem) from None


def _line_at(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:position])) + 1


def _wide_encoding(data: bytes) -> str | None:
    """Return UTF-16 if many bytes at even or at odd places are 0, as in a text that lacks a byte order mark, or UTF-32.

    In UTF-32, nearly two of four bytes are 0 in all texts.
    """
    start = data[:4096]
    for name, zeros in (("utf-32-le", start[2::4] + start[3::4]), ("utf-32-be", start[::4] + start[1::4])):
        if len(data) > 7 and len(data) % 4 == 0 and zeros.count(0) > 0.9 * len(zeros) and _is_printable(start, name):
            return name
    even, odd, half = start[::2].count(0), start[1::2].count(0), len(start) // 2
    name = "utf-16-le" if odd > even else "utf-16-be"
    if half < 2 or max(even, odd) < 0.2 * half or min(even, odd) > 0.02 * half:
        return None
    return name if _is_printable(start[: 2 * half], name) else None


def _is_printable(start: bytes, name: str) -> bool:
    text = start.decode(name, "replace")
    return sum(c.isprintable() or c in "\t\r\n" for c in text) > 0.95 * len(text)


def _is_damaged_utf8(data: bytes) -> bool:
    """Return whether nearly all characters beyond ASCII are valid UTF-8, so that the others are damage.

    If the others are single bytes, a part of the file is in an encoding of European languages.
    """
    runs = _HIGH.findall(data, 0, 10 * _PIECE)
    texts = [run.decode("utf-8", "replace") for run in runs]
    valid = sum("\ufffd" not in text for text in texts)
    single = sum(len(run) == 1 for run in runs)
    if valid >= _MIN_MIXED_SHARE * len(runs) and valid + single >= _MIN_VALID_SHARE * len(runs):
        return True
    text = "\n".join(texts)
    beyond = sum(not c.isascii() for c in text)
    return text.count("\ufffd") <= (1 - _MIN_VALID_SHARE) * beyond


def _estimated_encoding(data: bytes) -> str:
    """Return the likeliest encoding of a text that is not UTF-8."""
    lines, size = [], 0
    for line in re.finditer(rb"[^\r\n]*[\x80-\xff][^\r\n]*", data[: 10 * _PIECE]):
        lines.append(line[0][:_MAX_SAMPLE])
        size += len(lines[-1])
        if size > _MAX_SAMPLE:
            break
    sample = b"\n".join(lines)
    for name, strict, letters, share in _SCRIPTS:
        text = sample.decode(strict, "replace")
        beyond = sum(not c.isascii() for c in text)
        if len(letters.findall(text)) >= share * beyond and _decodes(data, name):
            return name
    runs = _HIGH.findall(sample)
    if sum(len(run) == 1 for run in runs) >= 0.8 * len(runs):  # single letters with accents between ASCII letters
        return _western_encoding(sample, data)
    import charset_normalizer

    best = charset_normalizer.from_bytes(sample, cp_isolation=[*_OTHERS, "cp1252", "cp1250"]).best()
    name = codecs.lookup(best.encoding).name if best else "cp1252"
    return name if name not in _WESTERN and _decodes(data, name) else _western_encoding(sample, data)


def _western_encoding(sample: bytes, data: bytes) -> str:
    """Return the encoding of European languages that makes the fewest words with signs in them."""

    def odd_signs(name: str) -> int:
        text = sample.decode(name, "replace")
        sign = rf"[^\s\x00-\x7f{_NO_SIGNS}]"
        beside_letter = re.finditer(rf"(?<=[^\W\d_]){sign}|{sign}(?=[^\W\d_])", text)
        return sum(not match[0].isalpha() for match in beside_letter)

    names = [name for name in _WESTERN if _decodes(data, name)]
    return min(names, key=odd_signs) if names else "iso8859-1"


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True
