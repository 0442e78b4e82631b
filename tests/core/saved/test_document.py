"""Tests of the file format of documents: what was written is read back, and anything else is rejected in a sentence."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.saved.document import (
    MAX_BYTES,
    MAX_TREE_BYTES,
    MAX_TREE_VALUES,
    DocumentInfo,
    read_document,
    read_info,
    write_document,
)
from nn_tui.core.spec import Array
from tests._documents import flip_a_bit, make_archive, make_document, npy, read_entries, with_info


@dataclass(frozen=True, eq=False)
class Tree:
    """A tree with arrays."""

    name: str
    arrays: tuple[Array, ...]


INFO = DocumentInfo("xor", "XOR", 1, 2, 3, "kernels")
VALUES = np.array([[1.0, -0.0, np.nan], [np.inf, 5e-324, -1e308]])
TREE = Tree("a\x1bb", (VALUES, np.zeros((0, 3)), VALUES, VALUES.T))
GOOD = write_document(INFO, TREE)


def rejection(content: bytes) -> str:
    """Return the sentence with which a document is rejected."""
    with pytest.raises(InputError) as caught:
        read_document(content, Tree)
    assert str(caught.value).isprintable() and str(caught.value).endswith(".")
    return str(caught.value)


def test_a_document_is_read_back_to_the_last_bit() -> None:
    again = read_document(GOOD, Tree)
    assert again.name == TREE.name and again.arrays[0] is again.arrays[2], "one array is written once"
    for old, new in zip(TREE.arrays, again.arrays, strict=True):
        assert new.shape == old.shape and new.tobytes() == old.tobytes() and not new.flags.writeable
    assert read_info(BytesIO(GOOD)) == INFO
    assert write_document(INFO, TREE) == GOOD


def test_other_programs_can_read_the_archive(tmp_path: Path) -> None:
    (tmp_path / "a.nntui").write_bytes(GOOD)
    with ZipFile(tmp_path / "a.nntui") as archive:
        assert archive.namelist()[:2] == ["document.json", "session.json"] and archive.testzip() is None
        assert all(entry.compress_type == ZIP_STORED for entry in archive.infolist())
        assert json.loads(archive.read("document.json"))["format"] == "nn-tui-document/2"
    with np.load(tmp_path / "a.nntui", allow_pickle=False) as arrays:
        assert arrays["arrays/0"].tobytes() == VALUES.tobytes()


def with_array(content: bytes) -> bytes:
    """Return a document with another first array."""
    parts = read_entries(GOOD)
    return make_document(replace(parts, arrays=[content, *parts.arrays[1:]]))


def patched(old: bytes, new: bytes, content: bytes = GOOD) -> bytes:
    """Return the content with some other bytes."""
    assert old in content
    return content.replace(old, new)


def with_directory_size(size: int) -> bytes:
    """Return a document that says another size of its list of entries."""
    return GOOD[:-10] + struct.pack("<L", size) + GOOD[-6:]


def overlapping() -> bytes:
    """Return an archive of which two entries are the same bytes of the file."""
    start = GOOD.index(b"PK\x01\x02")
    size, offset = struct.unpack("<2L", GOOD[-10:-2])
    count = struct.unpack("<H", GOOD[-12:-10])[0]
    directory = GOOD[start : start + size] * 50
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50 * count, 50 * count, len(directory), offset, 0)
    return GOOD[:start] + directory + end


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a document"),
        (b"{}\n", "not a document"),
        (b"[" * 100_000, "not a document"),
        (b"\x80\x04\x95K\x00.", "not a document"),
        (b'{"format": "nn-tui-session/2"}\n', "an earlier version"),
        (make_archive({"a.txt": b"hello"}), "not a document"),
        (make_archive({"document.json": b"[]"}), "not a document"),
        (make_archive({"document.json": b"["}), "not a document"),
        (make_archive({"document.json": b"[" * 4000}), "not a document"),
        (make_archive({"document.json": b" " * 5000 + b"{}"}), "not a document"),
        (make_archive({"document.json": b'{"format": "other/1"}'}), "not a document"),
        (make_archive({"document.json": b'{"format": "nn-tui-document/1"}'}), "not a value"),
        (
            with_info(GOOD, format="nn-tui-document/3"),
            "in version 3 of the format; this one reads version 2: update nn-tui.",
        ),
        (with_info(GOOD, format="nn-tui-document/10"), "in version 10"),
        (with_info(GOOD, format="nn-tui-document/0"), "not a document"),
        (with_info(GOOD, format="nn-tui-document/x"), "not a document"),
        (with_info(GOOD, title="\x1b[31m"), "not a value"),
        (with_info(GOOD, update=-1), "not a value"),
        (with_info(GOOD, saved_at=2**60), "not a value"),
        (with_info(GOOD, more=1), "not a value"),
        (b"PK\x03\x04", "damaged"),
        (GOOD[:-1], "damaged"),
        (GOOD[:-40], "damaged"),
        (GOOD[:200], "damaged"),
        (GOOD + b"\0", "damaged"),
        (flip_a_bit(GOOD), "damaged"),
        (patched(b'"title"', b'"titel"'), "damaged"),
        (make_document(read_entries(GOOD), ZIP_DEFLATED), "damaged"),
        (overlapping(), "damaged"),
        (with_directory_size(2**32 - 1), "larger than"),
        (with_directory_size(7), "damaged"),
        (GOOD[:-22] + b"PK\x06\x07" + bytes(16) + GOOD[-22:], "damaged"),
        (patched(b"session.json", b"session.jsom"), "a part is missing"),
        (patched(b"arrays/1.npy", b"arrays/9.npy"), "a part is missing"),
        (with_array(b""), "arrays: "),
        (with_array(b"\x80\x04\x95K\x00."), "arrays: "),
        (with_array(npy(VALUES)[:-1]), "arrays: "),
        (with_array(npy(VALUES) + b"\0"), "arrays: "),
        (with_array(npy(np.zeros((2, 3), "<f4"))), "arrays: "),
        (with_array(npy(VALUES, descr=">f8")), "arrays: "),
        (with_array(npy(VALUES, descr="|O")), "arrays: "),
        (with_array(npy(VALUES, fortran_order=True)), "arrays: "),
        (with_array(npy(VALUES, shape=(10**9, 10**9))), "arrays: "),
        (with_array(npy(VALUES, shape=(-1, 3))), "arrays: "),
        (with_array(npy(VALUES, shape=(-2, -3))), "arrays: "),
        (with_array(patched(b"(2, 3)", b"(2L,3)", npy(VALUES))), "arrays: "),
        (with_array(patched(b"(2, 3)", b"((((((", npy(VALUES))), "arrays: "),
    ],
    ids=range(47),
)
def test_other_files_are_rejected_in_a_sentence(content: bytes, words: str) -> None:
    assert words in rejection(content)


@pytest.mark.parametrize(
    "tree", [b"", b"[" * 200_000, b'{"a":' * 100_000, b"{}", b'{"name": "a", "arrays": [' + b"9" * 5000]
)
def test_a_tree_that_is_no_session_is_rejected(tree: bytes) -> None:
    info = json.dumps(read_entries(GOOD).info).encode()
    assert rejection(make_archive({"document.json": info, "session.json": tree}))


def test_sizes_beyond_the_limits_are_rejected() -> None:
    assert "larger than 128 MiB" in rejection(bytes(MAX_BYTES + 1))
    info = json.dumps(read_entries(GOOD).info).encode()
    assert "larger than" in rejection(make_archive({"document.json": info, "session.json": bytes(MAX_TREE_BYTES + 1)}))
    many = b'{"name": "a", "arrays": [' + b"[]," * MAX_TREE_VALUES + b"]}"
    assert "larger than" in rejection(make_archive({"document.json": info, "session.json": many}))
    write_document(INFO, TREE, len(GOOD))
    for limit in (len(GOOD) - 1, 10):
        with pytest.raises(InputError, match="larger than"):
            write_document(INFO, TREE, limit)


def test_a_cut_document_has_no_description() -> None:
    for content in (GOOD[:-1], GOOD[:200], b"nothing"):
        with pytest.raises(InputError, match=r"damaged|not a document"):
            read_info(BytesIO(content))
