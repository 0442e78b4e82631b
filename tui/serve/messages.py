"""The messages of the page, as packets for the app."""

from __future__ import annotations

from nn_tui.tui.serve.values import terminal_size
from nn_tui.tui.terminal.packets import DATA, encode_meta, encode_packet

_PACKET_BYTES = 1_000  # of input; the app takes packets as fast as it can handle them


def packets_of(content: object) -> bytes:
    """Return the packets for the app from a message of the browser; empty if it has none."""
    match content:
        case ["stdin", str(text)]:
            data = text.encode("utf-8", "replace")
            pieces = (data[start : start + _PACKET_BYTES] for start in range(0, len(data), _PACKET_BYTES))
            return b"".join(encode_packet(DATA, piece) for piece in pieces)
        case ["resize", {"width": int(width), "height": int(height)}]:
            size = terminal_size(width, height)
            return encode_meta({"type": "resize", "width": size[0], "height": size[1]})
        case ["focus" | "blur" as kind]:
            return encode_meta({"type": kind})
        case _:
            return b""
