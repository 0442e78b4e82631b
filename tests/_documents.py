"""Reading and making documents entry by entry, for tests of hostile ones."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np


@dataclass(frozen=True)
class Parts:
    """The entries of a document: two trees of JSON, and the files of the arrays."""

    info: dict[str, Any]
    tree: dict[str, Any]
    arrays: list[bytes]


def read_entries(content: bytes) -> Parts:
    """Return the entries of a document."""
    with ZipFile(BytesIO(content)) as archive:
        info, tree = (json.loads(archive.read(f"{name}.json")) for name in ("document", "session"))
        count = len(archive.namelist()) - 2
        return Parts(info, tree, [archive.read(f"arrays/{number}.npy") for number in range(count)])


def make_document(parts: Parts, compression: int = 0) -> bytes:
    """Return a document with these entries, whose checksums are right."""
    return make_archive(
        {
            "document.json": json.dumps(parts.info).encode(),
            "session.json": json.dumps(parts.tree).encode(),
            **{f"arrays/{number}.npy": array for number, array in enumerate(parts.arrays)},
        },
        compression,
    )


def make_archive(entries: dict[str, bytes], compression: int = 0) -> bytes:
    """Return a ZIP archive."""
    stream = BytesIO()
    with ZipFile(stream, "w", compression) as archive:
        for name, content in entries.items():
            info = ZipInfo(name)
            info.compress_type = compression
            archive.writestr(info, content)
    return stream.getvalue()


def npy(array: object, **header: object) -> bytes:
    """Return an array in NumPy's format; ``header`` replaces values of its header."""
    values = np.asarray(array)
    stream = BytesIO()
    described = {**np.lib.format.header_data_from_array_1_0(values), **header}
    np.lib.format.write_array_header_1_0(stream, described)
    return stream.getvalue() + values.tobytes()


def with_info(content: bytes, **fields: object) -> bytes:
    """Return a document with other values in its description."""
    parts = read_entries(content)
    return make_document(replace(parts, info={**parts.info, **fields}))


def flip_a_bit(content: bytes) -> bytes:
    """Return a document with one wrong bit in its last array, which only a checksum finds."""
    place = content.index(b"PK\x01\x02") - 1
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
