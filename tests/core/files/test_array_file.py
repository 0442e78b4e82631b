"""Tests of files with arrays: a hostile or damaged file gives one sentence, and nothing in it is run."""

from __future__ import annotations

import io
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


HOSTILE = {
    "text": b"w1 = 1",
    "empty": b"",
    "a single array": npy("(1,)", bytes(8)),
    "cut": pickled()[:100],
    "no data": archive(w1=npy("(4, 3)")),
    "huge shape": archive(w1=npy("(99999999999, 99999999999)")),
    "negative shape": archive(w1=npy("(-1,)")),
    "no header": archive(w1=b"\x93NUMPY\x01\x00\xff\xff{"),
    "code in the header": archive(w1=npy("__import__('os').abort()")),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_archive_of_numbers_is_refused(tmp_path: Path, case: str) -> None:
    (tmp_path / "mine.npz").write_bytes(HOSTILE[case])
    with pytest.raises(InputError, match=r"mine\.npz: it is not an \.npz file of numbers; numpy\.savez writes one\.$"):
        read_array_file(tmp_path / "mine.npz")


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
    for name, sentence in (
        ("gone.npz", "it cannot be read: no such file or directory"),
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
