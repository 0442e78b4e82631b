"""The packets between a web server and the app: a type, a length and a payload, as Textual has them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

DATA, META = b"D", b"M"
"""Text of a terminal, and a JSON object."""
MAX_PAYLOAD = 8_000_000  # bytes; a full screen has some ten thousands
READY = b"__GANGLION__\n"
"""The line before the first packet of the app."""
_LENGTH_BYTES = 4


def encode_packet(kind: bytes, payload: bytes) -> bytes:
    """Return a packet."""
    return kind + len(payload).to_bytes(_LENGTH_BYTES, "big") + payload


def encode_meta(fields: Mapping[str, object]) -> bytes:
    """Return a packet with a JSON object."""
    return encode_packet(META, json.dumps(fields).encode())


async def read_packet(reader: asyncio.StreamReader) -> tuple[bytes, bytes] | None:
    """Return the type and the payload of the next packet; None at the end, and for anything that is no packet."""
    try:
        head = await reader.readexactly(1 + _LENGTH_BYTES)
        length = int.from_bytes(head[1:], "big")
        if head[:1] not in (DATA, META) or length > MAX_PAYLOAD:
            return None
        return head[:1], await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class PacketParser:
    """Splits a stream of bytes into packets; for the app, which reads in a thread."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Return the type and the payload of each packet that is complete now."""
        self._buffer += data
        packets = []
        while len(self._buffer) > _LENGTH_BYTES:
            end = 1 + _LENGTH_BYTES + int.from_bytes(self._buffer[1 : 1 + _LENGTH_BYTES], "big")
            if len(self._buffer) < end:
                break
            packets.append((bytes(self._buffer[:1]), bytes(self._buffer[1 + _LENGTH_BYTES : end])))
            del self._buffer[:end]
        return packets
