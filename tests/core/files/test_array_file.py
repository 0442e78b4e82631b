"""Tests of files with arrays: a hostile or damaged file gives one sentence, and nothing in it is run."""

from __future__ import annotations

import io
import pickle
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.files import array_file
from nn_tui.core.files.array_file import read_array_file


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, member in members.items():
            file.writestr(f"{name}.npy", member)
    return content.getvalue()


def npy(shape: str, data: bytes = b"", descr: str = "'<f8'") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + data


def pickled() -> bytes:
    content = io.BytesIO()
    np.savez(content, allow_pickle=True, w1=np.array([{}], dtype=object))
    return content.getvalue()


def test_the_arrays_of_an_archive(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "mine.npz", w1=np.eye(2), b1=np.zeros(2, np.float32))
    arrays = read_array_file(tmp_path / "mine.npz")
    assert list(arrays) == ["w1", "b1"] and np.array_equal(arrays["w1"], np.eye(2))


DAMAGED = "it is damaged, or has something else than arrays; numpy.savez writes an .npz file."
HOSTILE = {
    "text": (b"w1 = 1", "it is not an .npz file; numpy.savez writes one."),
    "empty": (b"", "it is empty."),
    "a single array": (npy("(1,)", bytes(8)), "it has one array, as in an .npy file; numpy.savez writes all arrays to"),
    "a pickle": (pickle.dumps({"w1": 1}), "it is a pickle, which is not read because it could run code; numpy.savez"),
    "cut": (pickled()[:100], DAMAGED),
    "no data": (archive(w1=npy("(4, 3)")), DAMAGED),
    "huge shape": (archive(w1=npy("(99999999999, 99999999999)")), DAMAGED),
    "negative shape": (archive(w1=npy("(-1,)")), DAMAGED),
    "no header": (archive(w1=b"\x93NUMPY\x01\x00\xff\xff{"), DAMAGED),
    "code in the header": (archive(w1=npy("__import__('os').abort()")), DAMAGED),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_archive_of_numbers_is_refused(tmp_path: Path, case: str) -> None:
    content, sentence = HOSTILE[case]
    (tmp_path / "mine.npz").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_array_file(tmp_path / "mine.npz")
    assert caught.value.file.endswith("mine.npz") and caught.value.sentence.startswith(sentence)


@pytest.mark.parametrize("content", [pickled(), archive(w1=npy("(1,)", bytes(8), "'|O'"))])
def test_objects_are_refused_with_advice(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mine.npz").write_bytes(content)
    with pytest.raises(
        InputError, match=r"mine\.npz: w1: it has Python objects, .* numpy\.savez\(FILE, w1=w1, b1=b1\)\.$"
    ):
        read_array_file(tmp_path / "mine.npz")


def test_a_small_archive_of_a_large_array_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_file, "MAX_BYTES", 2**20)
    (tmp_path / "mine.npz").write_bytes(archive(w1=bytes(2**20 + 1)))
    with pytest.raises(InputError, match=r"its arrays are larger than 1 MiB\.$"):
        read_array_file(tmp_path / "mine.npz")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "folder.npz").mkdir()
    for name, sentence in (
        ("gone.npz", "it cannot be read: no such file or directory"),
        ("folder.npz", r"folder\.npz: it is a folder\.$"),
        ("n\0l.npz", "the name contains a NUL character"),
        (".", "none of the endings of files with weights: .npz, .safetensors, .pt, .pth"),
        ("mine.pkl", '"mine.pkl" has none of the endings'),
    ):
        with pytest.raises(InputError, match=sentence):
            read_array_file(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "package", "advice"),
    [
        ("mine.safetensors", "safetensors", "install it with: pip install 'nn-tui[export]'"),
        ("mine.pt", "torch", "and open model.npz; or install it here with: pip install torch"),
    ],
)
def test_a_package_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, package: str, advice: str
) -> None:
    (tmp_path / name).write_bytes(b"")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError) as error:
        read_array_file(tmp_path / name)
    assert str(error.value).endswith(advice)
