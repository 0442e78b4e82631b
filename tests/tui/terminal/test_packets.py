"""Tests of the packets between a web server and the app."""

from __future__ import annotations

import asyncio

import pytest

from nn_tui.tui.terminal.packets import DATA, META, PacketParser, encode_meta, encode_packet, read_packet


def test_packets_come_out_as_they_went_in_however_the_bytes_are_cut() -> None:
    packets = [(DATA, b"f"), (DATA, b""), (META, b'{"type": "quit"}'), (DATA, b"x" * 300)]
    stream = b"".join(encode_packet(kind, payload) for kind, payload in packets)
    for size in (1, 3, 1000):
        parser = PacketParser()
        found = [each for start in range(0, len(stream), size) for each in parser.feed(stream[start : start + size])]
        assert found == packets


@pytest.mark.parametrize(
    ("data", "packet"),
    [
        (encode_meta({"type": "exit"}), (META, b'{"type": "exit"}')),
        (b"", None),
        (encode_packet(DATA, b"cut")[:-1], None),
        (b"X\0\0\0\1a", None),
        (DATA + b"\xff\xff\xff\xff", None),
    ],
)
def test_what_is_no_packet_ends_the_stream(data: bytes, packet: tuple[bytes, bytes] | None) -> None:
    async def read() -> tuple[bytes, bytes] | None:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await read_packet(reader)

    assert asyncio.run(read()) == packet
