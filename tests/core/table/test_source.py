"""Check that files are read within their limit, and that files of other kinds are called what they are."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.table.source import check_text, read_bytes

TABLE = b"a,b\n1,2\n3,4\n"


def refusal(source: Path | bytes, name: str = "d.csv", max_bytes: int = 1000) -> str:
    with pytest.raises(InputError) as caught:
        read_bytes(source, name, max_bytes)
    text = str(caught.value)
    assert text.isprintable()
    assert text.endswith((".", "?"))
    return text


def saved_array(save: object) -> bytes:
    stream = io.BytesIO()
    save(stream, np.arange(3.0))  # type: ignore[operator]
    return stream.getvalue()


def zipped(*names: str, content: bytes = TABLE) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return stream.getvalue()


KINDS = [
    (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    (zipped("xl/workbook.xml"), "an Excel workbook; save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "an Excel workbook; save the sheet as CSV"),
    (zipped("[Content_Types].xml", "word/document.xml"), "a Word document"),
    (zipped("mimetype", content=b"application/vnd.oasis.opendocument.spreadsheet"), "a LibreOffice spreadsheet"),
    (zipped("train.csv"), "an archive; unpack it"),
    (b"PK\x05\x06" + bytes(18), "an archive"),
    (b"BZh91AY&SY", "an archive"),
    (b"\xfd7zXZ\0", "an archive"),
    (b"7z\xbc\xaf\x27\x1c\0", "an archive"),
    (b"Rar!\x1a\x07", "an archive"),
    (b"d.csv".ljust(257, b"\0") + b"ustar\x0000", "an archive"),
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"\xff\xd8\xff\xe0", "a picture"),
    (b"GIF89a", "a picture"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "a picture"),
    (b"BM\x36\0\x0c\0\0\0\0\0", "a picture"),
    (saved_array(np.save), "a file of NumPy arrays"),
    (saved_array(np.savez), "a file of NumPy arrays"),
    (pickle.dumps({"a": [1.5]}), "a Python pickle"),
    (pickle.dumps(np.arange(3), protocol=2), "a Python pickle"),
    (zipped("archive/data.pkl"), "a PyTorch file"),
    (b"PAR1\x15\x04", "a Parquet file"),
    (b"ARROW1\0\0", "an Arrow file"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"{\\rtf1\\ansi", "a text document (RTF)"),
    (gzip.compress(b"X\n\0\0\0\2", mtime=0), "an R data file"),
    (gzip.compress(gzip.compress(TABLE, mtime=0), mtime=0), "a gzip file within another one"),
]


def test_bytes_and_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "d.anything"
    path.write_bytes(TABLE)
    assert read_bytes(path, "d") == read_bytes(TABLE, "d") == (TABLE, "")
    path.write_bytes(gzip.compress(TABLE, mtime=0))
    assert read_bytes(path, "d") == (TABLE, "gzip")
    assert read_bytes(gzip.compress(TABLE[:5]) + gzip.compress(TABLE[5:]), "d") == (TABLE, "gzip")


@pytest.mark.parametrize(("data", "words"), KINDS, ids=[words for _, words in KINDS])
def test_a_file_of_another_kind_is_called_what_it_is(data: bytes, words: str) -> None:
    assert f"d.csv: this is {words}" in refusal(data)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!DOCTYPE html>\n<html>", "a web page"),
        ("\ufeff\n <HTML lang=en>", "a web page"),
        ("<?xml version='1.0'?>\n<html xmlns='x'>", "a web page"),
        ("<div class='x'>", "a web page"),
        ("<?xml version='1.0'?>\n<data/>", "an XML file"),
        ('{"a": [1, 2]}', "a JSON file"),
        ('[{"a": 1}]', "a JSON file"),
        ('{"a": 1}\n{"a": 2}\n', "a JSON file"),
        ("[[1, 2], [3, 4]]", "a JSON file"),
        ('[0, 0, "x"]\n[1, 2, "y"]\n', "a JSON file"),
        ("[[1.0 2.0]\n [3.0 4.0]]\n", "a printed NumPy array"),
        ("{1, 2, 3},\n{4, 5, 6},\n", "an array of a program"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "a pointer of Git LFS"),
        (json.dumps({"cells": [{"cell_type": "code"}], "nbformat": 4}, indent=1), "a notebook"),
        ("+1 1:0.7 2:1\n-1 1:0.5\n", "a LIBSVM file"),
    ],
)
def test_a_text_of_another_kind_is_called_what_it_is(text: str, words: str) -> None:
    with pytest.raises(InputError, match=f"d.csv: this is {words}"):
        check_text(text, "d.csv")


@pytest.mark.parametrize("text", ["a,b\n", "<5,1\n>5,2\n", "[m],[s]\n", "{x},y\n", "1:30,2\n", "<a,b\n"])
def test_a_table_is_not_taken_for_another_kind(text: str) -> None:
    check_text(text, "d.csv")


def test_files_that_cannot_be_opened_are_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)
    assert refusal(tmp_path / "sub" / "none.csv") == f"there is no file none.csv in {tmp_path / 'sub'}."
    assert r"\x1b" in refusal(tmp_path / "\x1b[2J.csv")
    assert r"a\x00b" in refusal(tmp_path / "a\x00b.csv")
    assert "cannot be read" in refusal(tmp_path / ("a" * 5000))
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert "not a regular file" in refusal(pipe)


def test_too_large_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(TABLE)
    assert read_bytes(path, "d.csv", len(TABLE)) == (TABLE, "")
    assert "d.csv is larger than" in refusal(path, max_bytes=len(TABLE) - 1)
    assert "d.csv is larger than" in refusal(TABLE, max_bytes=len(TABLE) - 1)


def test_a_compressed_file_is_measured_unpacked_and_not_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(bytes(50 * 2**20))
    tracemalloc.start()
    try:
        assert "larger than 4 MiB" in refusal(bomb, max_bytes=4 * 2**20)
        assert tracemalloc.get_traced_memory()[1] < 12 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "data",
    [gzip.compress(TABLE, mtime=0)[:-12], gzip.compress(TABLE, mtime=0)[:5], b"\x1f\x8b" + bytes(30)],
    ids=["without its end", "a header alone", "zeros"],  # the header has the time, and names of tests must stay
)
def test_a_damaged_compressed_file_is_refused(data: bytes) -> None:
    assert "damaged or incomplete" in refusal(data)


def test_unpacking_can_be_stopped() -> None:
    with pytest.raises(InputError) as caught:
        read_bytes(gzip.compress(TABLE, mtime=0), "d.csv", should_stop=lambda: True)
    assert caught.value.code == "cancelled"
