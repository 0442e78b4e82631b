"""Reading files with arrays: of NumPy, safetensors and PyTorch. Nothing in them is run."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.files.packages import check_package
from nn_tui.core.files.text_file import read_bytes
from nn_tui.core.text import quote, shown_path
from nn_tui.core.translation import Message, message

MAX_BYTES = 256 * 2**20  # of a file, and of the arrays in it together
AnyArray = NDArray[Any]


def read_npz(path: Path) -> dict[str, AnyArray]:
    """Return the arrays of an archive of NumPy; objects in it are refused, because reading them would run code.

    Raises:
        InputError: The file cannot be read, is too large, or is no such archive.
    """
    content = read_bytes(path, MAX_BYTES)
    with locate_errors(file=shown_path(path)):
        return _parse_npz(content)


def read_array_file(path: Path) -> dict[str, AnyArray]:
    """Return the arrays in a file, in its order; the ending of its name says in which format it is.

    Raises:
        InputError: The ending is unknown, a package is missing, or the file cannot be read.
    """
    parse = _PARSERS.get(path.suffix.lower())
    if parse is None:
        problem = message(
            "{name} has none of the endings of files with weights: {endings}.",
            name=quote(path.name),
            endings=", ".join(_PARSERS),
        )
        raise InputError("not_a_choice", problem, value=path.name)
    content = read_bytes(path, MAX_BYTES)
    with locate_errors(file=shown_path(path)):
        return parse(content)


def _parse_npz(content: bytes) -> dict[str, AnyArray]:
    if not content.startswith(b"PK"):
        raise InputError("unreadable", _no_archive(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive)
            _check_types(archive)
        with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
            return {name: loaded[name] for name in loaded.files}
    except InputError:
        raise
    except Exception:  # of many classes: zipfile, zlib, struct and NumPy raise their own
        problem = message("it is damaged, or has something else than arrays; numpy.savez writes an .npz file.")
        raise InputError("unreadable", problem) from None


def _no_archive(content: bytes) -> Message:
    """Return the sentence about a file that is no ZIP archive."""
    if not content:
        return message("it is empty.")
    if content.startswith(b"\x93NUMPY"):
        return message("it has one array, as in an .npy file; numpy.savez writes all arrays to an .npz file.")
    if content.startswith(b"\x80") and content.endswith(b"."):
        return message(
            "it is a pickle, which is not read because it could run code; numpy.savez writes the arrays alone."
        )
    return message("it is not an .npz file; numpy.savez writes one.")


def _check_size(archive: zipfile.ZipFile) -> None:
    """Raise InputError if the members of an archive are too large."""
    if sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
        raise InputError("too_large", message("its arrays are larger than {max} MiB.", max=MAX_BYTES >> 20))


def _check_types(archive: zipfile.ZipFile) -> None:
    """Raise InputError if a member of an archive of NumPy has objects, such as a list of arrays of several shapes."""
    for name in archive.namelist():
        with archive.open(name) as member:
            if np.lib.format.read_magic(member) != (1, 0):
                continue  # a header for columns with names
            _, _, dtype = np.lib.format.read_array_header_1_0(member)
        if dtype.hasobject:
            problem = message(
                "it has Python objects, such as a list of arrays, which are not read because they could run code; "
                "write each array under a name of its own, as in numpy.savez(FILE, w1=w1, b1=b1)."
            )
            raise InputError("wrong_type", problem, path=(name.removesuffix(".npy"),))


def _parse_safetensors(content: bytes) -> dict[str, AnyArray]:
    check_package("safetensors")
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
        named = {name: arrays[name] for name in sorted(arrays, key=_natural)}  # the package gives them in any order
        return {**named, **_arrays_in_metadata(content)}
    except (SafetensorError, ValueError, OverflowError, MemoryError):
        raise InputError("unreadable", message("it is not a .safetensors file, or it is damaged.")) from None
    except KeyError:  # a type that NumPy does not have
        problem = message("its numbers are of a type that NumPy does not have; save them as float32 or float64.")
        raise InputError("wrong_type", problem) from None


def _arrays_in_metadata(content: bytes) -> dict[str, AnyArray]:
    """Return the lists of numbers in the metadata of a file of safetensors, as ``nn-tui export`` writes them."""
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    arrays: dict[str, AnyArray] = {}
    for name, text in header.get("__metadata__", {}).items():
        if text.startswith("["):
            with suppress(ValueError, TypeError, RecursionError):  # it means something else
                arrays[name] = np.array(json.loads(text), dtype=np.float64)
    return arrays


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts names by the numbers in them: ``fc2`` before ``fc10``."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]{1,9})", name)]


def _parse_torch(content: bytes) -> dict[str, AnyArray]:
    check_package("torch")
    import torch

    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _check_size(archive)
        loaded = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except InputError:
        raise
    except Exception:  # of many classes: PyTorch documents none
        problem = message(
            "it is not a file of PyTorch with arrays alone; write one with torch.save(model.state_dict(), FILE)."
        )
        raise InputError("unreadable", problem) from None
    tensors = _tensors(loaded, torch.is_tensor)
    if sum(tensor.numel() for tensor in tensors.values()) * 8 > MAX_BYTES:  # a small file may hold a large view
        raise InputError("too_large", message("its arrays are larger than {max} MiB.", max=MAX_BYTES >> 20))
    arrays: dict[str, AnyArray] = {}
    for name, tensor in tensors.items():
        try:
            arrays[name] = tensor.detach().to(torch.float64).numpy()
        except (RuntimeError, TypeError, NotImplementedError):  # sparse, quantized or complex
            raise InputError("wrong_type", message("it must be an array of numbers."), path=(name,)) from None
    return arrays


def _tensors(loaded: object, is_tensor: Callable[[object], bool]) -> dict[str, Any]:
    """Return the tensors of a ``state_dict``, which may be one of several entries of a checkpoint."""
    if not isinstance(loaded, Mapping):
        return {}
    found = {str(name): value for name, value in loaded.items() if is_tensor(value)}
    if found:
        return found
    inner = [_tensors(value, is_tensor) for value in loaded.values() if isinstance(value, Mapping)]
    return next(filter(None, inner), {})


_PARSERS: Mapping[str, Callable[[bytes], dict[str, AnyArray]]] = {
    ".npz": _parse_npz,
    ".safetensors": _parse_safetensors,
    ".pt": _parse_torch,
    ".pth": _parse_torch,
}

WEIGHT_ENDINGS = tuple(_PARSERS)
"""The endings of files with weights."""
